"""How a forked child gives up every privilege before it runs student code.

Runs inside the jail, in two steps: `fork_into_namespaces`, and `lock_up` in the child. What a
process has given up here it cannot take back.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from typing import Any

import numpy as np

from autograder.wire import Plain

CLONE_NEW = 0x20000000 | 0x10000000 | 0x00020000 | 0x08000000  # PID, USER, NS (mounts), IPC
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 22, 24, 38
SYS_CLONE = {"x86_64": 56, "aarch64": 220}
# PyDLL keeps Python's lock during a call: two processes must not both go on without it.
LIBC = ctypes.PyDLL(None, use_errno=True)


def fork_into_namespaces() -> int:
    """Fork a child into user, process, mount and IPC namespaces of its own; 0 in the child.

    As `os.fork`, with flags: to call `unshare` first would take a second fork, and each copies
    the page tables of all that the zygote has imported. In the child `lock_up` has to follow.

    Raises
    ------
    OSError
        If the kernel gives none.
    """
    number = SYS_CLONE.get(os.uname().machine)
    if number is None:
        raise OSError(f"no clone() known for {os.uname().machine}")
    flags = ctypes.c_ulong(CLONE_NEW | signal.SIGCHLD)
    ctypes.pythonapi.PyOS_BeforeFork()
    child = LIBC.syscall(ctypes.c_long(number), flags, *[ctypes.c_ulong(0)] * 4)
    if child != 0:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
        return _checked("clone", child)
    ctypes.pythonapi.PyOS_AfterFork_Child()
    return 0


def lock_up(keep: int, settings: Plain) -> None:
    """Leave this process one socket, one small scratch folder and the right to compute.

    Parameters
    ----------
    keep : int
        The descriptor of that socket.
    settings : dict
        `limits` by name; `jailed`, and then the seccomp `filter` and the `ids` of the zygote.

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
        _become_somebody(*settings["ids"])
        _hide_files()
        _drop_capabilities()
    for name, value in settings["limits"].items():
        hard = resource.getrlimit(getattr(resource, name))[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(getattr(resource, name), (allowed, allowed))
    if settings["jailed"]:
        _prctl(PR_SET_NO_NEW_PRIVS, 1)
        _install_filter(settings["filter"])


def _become_somebody(uid: int, gid: int) -> None:
    """Be the same user inside the new user namespace, and no other."""
    _write("/proc/self/oom_score_adj", "1000")  # where memory runs out, this one goes first
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")


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
    _checked(name, getattr(LIBC, name)(*arguments))


def _checked(name: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)
