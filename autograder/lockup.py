"""How a forked child gives up every privilege before it runs student code.

Runs inside the jail, in two steps: `enter_namespaces` before the fork, `lock_up` after it. What a
process has given up here it cannot take back.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from typing import Any

import numpy as np

from autograder.wire import Plain

CLONE_NEW = 0x20000000 | 0x10000000 | 0x00020000 | 0x08000000  # PID, USER, NS (mounts), IPC
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 22, 24, 36, 38


def enter_namespaces() -> None:
    """Let the next child start in user, process, mount and IPC namespaces of its own.

    Raises
    ------
    OSError
        If the kernel gives none.
    """
    _write("/proc/self/oom_score_adj", "1000")  # where memory runs out, this one goes first
    uid, gid = os.getuid(), os.getgid()
    _libc("unshare", CLONE_NEW)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")


def adopt_orphans() -> None:
    """Become the parent of workers whose own parent, the short-lived one, has ended."""
    if sys.platform == "linux":
        _prctl(PR_SET_CHILD_SUBREAPER, 1)


def lock_up(keep: int, settings: Plain) -> None:
    """Leave this process one socket, one small scratch folder and the right to compute.

    Parameters
    ----------
    keep : int
        The descriptor of that socket.
    settings : dict
        `limits` by name; `jailed`, and then the seccomp `filter`.

    Raises
    ------
    OSError
        If the kernel refuses a layer: then no student code may run here.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, keep)
    os.closerange(keep + 1, 256)
    if settings["jailed"]:
        _hide_files()
        _drop_capabilities()
    for name, value in settings["limits"].items():
        hard = resource.getrlimit(getattr(resource, name))[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(getattr(resource, name), (allowed, allowed))
    if settings["jailed"]:
        _prctl(PR_SET_NO_NEW_PRIVS, 1)
        _install_filter(settings["filter"])


def _hide_files() -> None:
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    _mount("none", "/", None, MS_REC | MS_PRIVATE, "")
    _mount("tmpfs", "/scratch", "tmpfs", flags, "size=32m,nr_inodes=1024")
    for hidden in ("/proc", "/dev/pts"):
        _mount("tmpfs", hidden, "tmpfs", flags | MS_RDONLY, "size=4k")
    os.chdir("/scratch")


def _drop_capabilities() -> None:
    for capability in range(41):
        _prctl(PR_CAPBSET_DROP, capability)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    _libc("capset", header, (ctypes.c_uint32 * 6)())


def _install_filter(program: np.ndarray) -> None:
    """Load the seccomp program (8 bytes an instruction) which the grading process compiled."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    code = program.tobytes()
    buffer = ctypes.create_string_buffer(code, len(code))
    loaded = Program(len(code) // 8, ctypes.addressof(buffer))
    _prctl(PR_SET_SECCOMP, 2, ctypes.byref(loaded))


def _mount(source: str, target: str, kind: str | None, flags: int, options: str) -> None:
    arguments = (source.encode(), target.encode(), kind.encode() if kind else None)
    _libc("mount", *arguments, ctypes.c_ulong(flags), options.encode())


def _prctl(option: int, value: Any, *rest: Any) -> None:
    arguments = [ctypes.c_ulong(v) if isinstance(v, int) else v for v in (value, *rest)]
    arguments += [ctypes.c_ulong(0)] * (4 - len(arguments))
    _libc("prctl", option, *arguments)


def _libc(name: str, *arguments: Any) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)
