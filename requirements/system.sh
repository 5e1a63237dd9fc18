#!/bin/sh
# The programs that Python packages cannot bring: the jail of the grader and the browser of the tests.
# Installs what is missing where that is allowed (root, apt-get), and otherwise says what to install.

missing=""
command -v bwrap >/dev/null || missing="$missing bubblewrap"
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || missing="$missing chromium"
ldconfig -p 2>/dev/null | grep -q libseccomp.so.2 || missing="$missing libseccomp2"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # Without windows Chromium opens a page in half the time; not every distribution has it apart.
    apt-cache show chromium-headless-shell >/dev/null 2>&1 &&
        missing=$(echo "$missing" | sed 's/ chromium/ chromium-headless-shell/')
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing
else
    echo "Missing system packages:$missing"
    echo "Debian, Ubuntu: sudo apt-get install$missing      Fedora: sudo dnf install$missing"
    echo "Without bubblewrap the grader refuses to run; without chromium the browser tests are skipped."
fi
