"""What a submission can ask of the kernel: sums, memory, its own scratch files."""

from collections.abc import Callable

import pyseccomp
import pytest

from autograder.rubric import QuestionResult, Status
from autograder.sandbox import SYSCALLS, Jail

pytestmark = pytest.mark.jail
Attack = Callable[..., QuestionResult]

BLOCKED = {
    "own memory as a file": "return open('/proc/self/mem', 'rb+')",
    "own descriptors as files": "return os.listdir('/proc/self/fd')",
    "the root of the first process": "return os.listdir('/proc/1/root')",
    "the memory of the machine": "return open('/dev/core', 'rb')",
    "a terminal": "return os.open('/dev/ptmx', os.O_RDWR)",
    "the terminal of the grader": "return os.open('/dev/tty', os.O_RDWR)",
    "a hard link": "open('a', 'w').close(); os.link('a', 'b'); return 'linked'",
    "a hard link to a library": "os.link('/packages/numpy/__init__.py', 'b'); return 'linked'",
    "a symbolic link": "os.symlink('/packages', 'b'); return 'linked'",
    "a pipe with a name": "os.mkfifo('pipe'); return 'made'",
    "a device": "os.mknod('disk', 0o60666, os.makedev(254, 0)); return 'made'",
    "executable scratch": "open('a', 'w').close(); os.chmod('a', 0o4755); return 'changed'",
    "a program from scratch": "import _ctypes; "
    "open('a.so', 'wb').write(open(_ctypes.__file__, 'rb').read()); return ctypes.CDLL('./a.so')",
    "a file in memory": "return os.memfd_create('a')",
    "a lock that others see": "fcntl.lockf(open('/packages/numpy/__init__.py'), fcntl.LOCK_SH); "
    "return 'locked'",
    "a lease that others see": "return fcntl.fcntl("
    "os.open('/packages/numpy/__init__.py', 0), fcntl.F_SETLEASE, 0)",
    "news of a folder": "return fcntl.fcntl(os.open('/packages', 0), fcntl.F_NOTIFY, 1)",
    "signals to others": "return fcntl.fcntl(0, fcntl.F_SETOWN, 1)",
    "type into a terminal": "return fcntl.ioctl(0, 0x5412, b'x')",
    "type, with a number in disguise": "return raw(16, 0, 0x100005412, b'x')",
    "an alarm": "signal.setitimer(signal.ITIMER_REAL, 0.1); return 'set'",
    "priority": "return os.nice(-5)",
    "another processor": "os.sched_setaffinity(0, [0]); return 'set'",
    "a handle on a process": "return os.pidfd_open(1)",
}


@pytest.mark.parametrize("code", BLOCKED.values(), ids=BLOCKED.keys())
def test_out_of_reach(probe: Attack, code: str) -> None:
    result = probe(code)
    assert result.output.startswith("BLOCKED"), result.output
    assert (result.points, result.status) == (5, Status.GRADED)


# By number, as machine code would ask; the kernel's answer to each has to be EPERM.
EVERY_CALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for number in {numbers}:
    ctypes.set_errno(0)
    if libc.syscall(number, -1, -1, -1, -1, -1, -1) != -1 or ctypes.get_errno() != 1:
        print(number, ctypes.get_errno())
print("tried")
"""
ALLOWED_IN_PART = ("fcntl", "ioctl", "prlimit64")
PROBES_OF_THE_KERNEL = {335, 336}  # uretprobe, uprobe: no filter sees them; they kill who calls


def test_the_filter_allows_what_is_named_and_nothing_else(attack: Attack) -> None:
    system = pyseccomp.system_arch()
    names = (*SYSCALLS.split(), *ALLOWED_IN_PART)
    allowed = {pyseccomp.resolve_syscall(system, name) for name in names} | PROBES_OF_THE_KERNEL
    numbers = [number for number in range(1024) if number not in allowed]
    assert attack(EVERY_CALL.format(numbers=numbers)).output == "tried\n"


def test_no_dangerous_call_is_named() -> None:
    dangerous = """
        add_key bpf chroot clone clone3 execve execveat fanotify_init fork init_module
        io_uring_enter io_uring_setup kcmp kexec_load keyctl kill link linkat memfd_create mount
        move_mount msgget name_to_handle_at open_by_handle_at open_tree perf_event_open
        pidfd_getfd pidfd_open pivot_root prctl process_madvise process_vm_readv
        process_vm_writev ptrace reboot recvmsg request_key seccomp semget sendmsg setns setuid
        shmget socket socketpair swapon symlink symlinkat tgkill timer_create tkill umount2
        unshare userfaultfd vfork
    """
    assert not set(SYSCALLS.split()) & set(dangerous.split())


OTHER_DOORS = {
    "x32, getpid": "libc.syscall(0x40000000 + 39)",
    "x32, ptrace": "libc.syscall(0x40000000 + 521, 0, 0, 0, 0)",
    "x32, execve": "libc.syscall(0x40000000 + 520, b'/bin/sh', 0, 0)",
    "32 bit, getpid": "machine(b'\\xb8\\x14\\0\\0\\0\\xcd\\x80\\xc3')",
    "32 bit, fork": "machine(b'\\xb8\\x02\\0\\0\\0\\xcd\\x80\\xc3')",
}
MACHINE = """
import ctypes, mmap
libc = ctypes.CDLL(None)
def machine(code):
    page = mmap.mmap(-1, 4096, prot=7)
    page.write(code)
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
"""


@pytest.mark.skipif(pyseccomp.system_arch() != pyseccomp.Arch.X86_64, reason="doors of x86-64")
@pytest.mark.parametrize("code", OTHER_DOORS.values(), ids=OTHER_DOORS.keys())
def test_older_tables_of_system_calls_are_shut(attack: Attack, code: str) -> None:
    result = attack(f"{MACHINE}\ndef f(x):\n    {code}\n    return 7 * x")
    assert (result.points, result.status) == (0, Status.CRASHED)
    assert "signal 31" in result.message  # bad system call


def test_machine_code_runs_at_all(attack: Attack) -> None:
    code = "machine(b'\\xb8\\x07\\0\\0\\0\\xc3')"  # return 7
    assert attack(f"{MACHINE}\ndef f(x):\n    return {code} * x").points == 5


# Behind the filter: what the kernel itself says to a process without a single privilege.
WITHOUT_FILTER = {
    "chroot": "os.chroot('/scratch')",
    "root of the first process": "os.listdir('/proc/1/root')",
    "pivot_root": "raw(155, b'/scratch', b'/scratch')",
    "open_by_handle_at": "raw(304, 0, b'\\x08' + bytes(40), 0)",
    "another user": "os.setresuid(0, 0, 0)",
    "a group": "os.setgroups([0])",
    "a raw socket": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "a device": "os.mknod('disk', 0o60666, os.makedev(254, 0))",
    "the clock": "raw(227, 0, bytes(16))",
    "the name of the machine": "socket.sethostname('x')",
    "unmount": "raw(166, b'/proc', 2)",
    "write into a library": "open('/packages/numpy/__init__.py', 'a')",
}


def test_the_kernel_says_no_without_the_filter(open_filter: None, probe_text: str) -> None:
    with Jail() as jail, jail.worker(20) as worker:
        for name, code in WITHOUT_FILTER.items():
            cell = {"name": name, "source": probe_text.format(code=f"return {code}")}
            assert worker.ask("run", cells=[cell])[0]["output"].startswith("BLOCKED"), name
