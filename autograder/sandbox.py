"""The jail around student code: bubblewrap outside, fresh namespaces and seccomp inside.

`Jail` starts one warm zygote (`worker.py`) that sees system libraries, Python, NumPy, Matplotlib
and the parts of `coursepkg` that hold no answer. `Jail.worker` forks a locked-up process from it.
Nothing here trusts what comes back.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.errors import NoJailError
from autograder.mounts import HOUSE, MIB, PACKAGES, bubblewrap
from autograder.wire import Channel, WireError, encode
from autograder.worker import START, STOP

START_SECONDS, STOP_SECONDS = 60.0, 10.0
TRIES = 3
KILLED = (-9, 128 + 9)  # how bubblewrap ends when it, or what it runs, is killed
LIMITS = {
    "RLIMIT_AS": 2048 * MIB,
    "RLIMIT_CPU": 120,
    "RLIMIT_FSIZE": 32 * MIB,
    "RLIMIT_CORE": 0,
    "RLIMIT_NOFILE": 64,
    "RLIMIT_NPROC": 1,
}
BOOT = (
    "import sys; sys.path.insert(0, sys.argv[2]); "
    "from autograder.worker import main; main(int(sys.argv[1]))"
)
# What NumPy, Matplotlib and plain Python need once they are imported. Everything else, fork, exec,
# socket, ptrace, mount, prctl, kill among it, answers "Operation not permitted".
SYSCALLS = """
    access arch_prctl brk chdir clock_getres clock_gettime clock_nanosleep close dup dup2 dup3 exit
    exit_group faccessat faccessat2 fadvise64 fdatasync fstat fstatfs fsync ftruncate futex
    getcwd getdents64 getegid geteuid getgid getgroups getpid getppid getrandom getrlimit getrusage
    gettid gettimeofday getuid lseek lstat madvise mkdir mkdirat mmap mprotect mremap munmap
    nanosleep newfstatat open openat pipe2 poll ppoll pread64 pselect6 pwrite64 read readlink
    readlinkat readv recvfrom rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction
    rt_sigprocmask rt_sigreturn sched_getaffinity sched_yield select sendto set_robust_list
    sigaltstack stat statfs statx sysinfo time times umask uname unlink unlinkat write writev
"""
IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # terminal queries, FIO* flags
# Copy a descriptor, read and set its flags. Not the rest: a lock or a lease on a library's file
# is seen by every other worker, and would be a line from one submission to another.
FCNTLS = (0, 1, 2, 3, 4, 1030)


class JailDiedError(NoJailError):
    """Somebody, such as a machine out of memory, killed the zygote: no fault of a student's."""


class Worker:
    """The trusted end of one locked-up process: a channel with a deadline."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.exit_code: int | None = None

    def give(self, seconds: float) -> None:
        """Let it have so much time from now on."""
        self.channel.deadline = time.monotonic() + seconds

    def ask(self, order: str, **request: Any) -> Any:
        """Send a request, wait for its answer."""
        return self.exchange(encode({"order": order, **request}))

    def exchange(self, frame: bytes) -> Any:
        """Send a message that is encoded already, wait for the answer."""
        self.channel.send_frame(frame)
        return self.channel.receive()


class Jail:
    """A warm zygote that forks locked-up workers; a context manager.

    Parameters
    ----------
    jailed : bool
        False runs student code as an ordinary subprocess: only for `--unsafe-no-sandbox`.

    Raises
    ------
    NoJailError
        On entering, when the operating system gives no jail.
    """

    def __init__(self, jailed: bool = True) -> None:
        self.jailed = jailed

    def __enter__(self) -> Jail:
        self.log = tempfile.TemporaryFile()
        try:
            self._start()
        except BaseException:
            self.log.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self.log.close()

    def _start(self) -> None:
        for _ in range(TRIES - 1):
            with contextlib.suppress(JailDiedError):
                return self._start_once()
        return self._start_once()

    def _start_once(self) -> None:
        self.control, theirs = socket.socketpair()
        command = _python(theirs.fileno(), self.jailed)
        if self.jailed:
            command = [*bubblewrap(_find_bubblewrap()), *command]
        self.process = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.log,
            env=_environment(),
            cwd="/",
        )
        theirs.close()
        try:
            self._greet()
        except BaseException:
            self._end()
            raise

    def _end(self) -> None:
        self.control.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _greet(self) -> None:
        settings = {"jailed": self.jailed, "limits": LIMITS}
        if self.jailed:
            settings["filter"] = _seccomp_program()
        channel = Channel(self.control, time.monotonic() + START_SECONDS)
        try:
            channel.send(settings)
            answer = channel.receive()
        except (OSError, EOFError, WireError):
            answer = None
        if answer != "ready":
            with contextlib.suppress(subprocess.TimeoutExpired):
                if self.process.wait(5) in KILLED:
                    raise JailDiedError("the jail was killed while it started; run this again")
            self.log.seek(0)
            said = self.log.read().decode(errors="replace").strip().split("\n")[-1]
            raise NoJailError(f"the jail did not start ({said or 'no word from it'}). {advice()}")

    @contextlib.contextmanager
    def worker(self, seconds: float) -> Iterator[Worker]:
        """A fresh worker that must be done within `seconds`; killed at the end whatever it does.

        The time to lock it up is not the student's: the clock starts when it is ready.

        Raises
        ------
        JailDiedError
            At the end, if the zygote died: then nothing that the worker seemed to do counts.
        """
        if self.process.poll() is not None:
            self._end()
            self._start()
        ours, theirs = socket.socketpair()
        with ours:
            worker = Worker(Channel(ours, time.monotonic() + START_SECONDS))
            refusal = self._start_worker(worker.channel, theirs)
            try:
                if not refusal:
                    worker.give(seconds)
                    yield worker
            finally:
                worker.exit_code = self._stop_worker()
        if worker.exit_code is None:
            raise JailDiedError("the jail was killed while it graded; run this again")
        if refusal:
            raise NoJailError(f"{refusal}. {advice()}")

    def _start_worker(self, channel: Channel, theirs: socket.socket) -> str:
        """Have the zygote fork a worker; why there is none, or nothing."""
        try:
            with theirs:
                socket.send_fds(self.control, [START], [theirs.fileno()])
            answer = channel.receive()
        except TimeoutError:
            return f"no jail: the worker was not ready within {START_SECONDS:g} seconds"
        except (EOFError, OSError):
            return "no jail: the worker died at once"
        return "" if answer == "ready" else str(answer)

    def _stop_worker(self) -> int | None:
        """Kill the worker; its exit code, or None where the zygote does not answer any more."""
        channel = Channel(self.control, time.monotonic() + STOP_SECONDS)
        try:
            self.control.sendall(STOP)
            return int(channel.receive())
        except (OSError, EOFError):
            self.process.kill()  # the next worker gets a new zygote
            self.process.wait()
            return None


def advice() -> str:
    """What to do where no jail can be had."""
    return (
        "Student code runs only in a jail: it needs Linux, bubblewrap and user namespaces. "
        "Run `autograder doctor` to see which layer is missing "
        "(Debian/Ubuntu: `sudo apt install bubblewrap libseccomp2`; where user namespaces are off: "
        "`sudo sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000`)."
    )


def _find_bubblewrap() -> str:
    program = shutil.which("bwrap")
    if sys.platform != "linux" or program is None:
        raise NoJailError(f"no bubblewrap here. {advice()}")
    return program


def _environment() -> dict[str, str]:
    return {
        "LANG": "C.UTF-8",
        "HOME": "/scratch",
        "MPLCONFIGDIR": "/scratch",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OPENBLAS_NUM_THREADS": "1",  # a forked child has no helper threads
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _python(control_fd: int, jailed: bool) -> list[str]:
    """The zygote's command line: inside, an interpreter that knows no site-packages."""
    if jailed:
        inside = os.path.realpath(sys.executable)
        return [inside, "-S", "-E", "-s", "-P", "-c", BOOT, str(control_fd), PACKAGES]
    return [sys.executable, "-P", "-c", BOOT, str(control_fd), str(HOUSE.parent)]


def _seccomp_program() -> np.ndarray:
    """The allowlist as a compiled filter; compiled here, so that the jail needs no compiler."""
    try:
        import pyseccomp
    except (ImportError, RuntimeError) as error:
        raise NoJailError(f"no seccomp here ({error}). {advice()}") from None
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(1))
    for name in SYSCALLS.split():
        if pyseccomp.resolve_syscall(pyseccomp.system_arch(), name) >= 0:
            rules.add_rule(pyseccomp.ALLOW, name)
    for request in IOCTLS:
        rules.add_rule(pyseccomp.ALLOW, "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, request))
    for command in FCNTLS:
        rules.add_rule(pyseccomp.ALLOW, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, command))
    rules.add_rule(pyseccomp.ALLOW, "prlimit64", pyseccomp.Arg(2, pyseccomp.EQ, 0))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return np.frombuffer(file.read(), np.uint8)
