"""A jail, and a toy question whose answer the attacks below do not have."""

import tempfile
from collections.abc import Callable, Iterator

import numpy as np
import pyseccomp
import pytest

from autograder import sandbox
from autograder.examine import examine
from autograder.intake import Submission
from autograder.manifest import Cell, Manifest
from autograder.rubric import QuestionResult
from autograder.sandbox import Jail

SECRET = "4711"
SECONDS = 3.0


def _cell(name: str, kind: str, source: str, original: str = "", points: float = 0) -> Cell:
    return Cell(name, kind, "code", points, source, original or source, {})  # type: ignore[arg-type]


MANIFEST = Manifest(
    "T1",
    [
        _cell("imports", "given", "import numpy as np"),
        _cell("f_solution", "solution", "def f(x): ...", "def f(x):\n    return 7 * x"),
        _cell(
            "f",
            "test",
            "",
            f"x = {SECRET} + np.arange(3.0)\n"
            "y = f(x)\n"
            "np.testing.assert_allclose(y, 7 * x)\n"
            "5.0 * bool(np.array_equal(y, 7 * x))",
            points=5,
        ),
    ],
)
PROBE = """
import ctypes, fcntl, os, signal, socket, sys, threading
def fails(call, *arguments):
    try:
        call(*arguments)
    except OSError:
        return True
def raw(number, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return "done"
def got():
    {code}
try:
    print("GOT", str(got())[:200])
except BaseException as error:
    print("BLOCKED", type(error).__name__)
def f(x):
    return 7 * x
"""
Attack = Callable[..., QuestionResult]


@pytest.fixture(scope="session")
def jail() -> Iterator[Jail]:
    with Jail() as open_jail:
        yield open_jail


@pytest.fixture
def attack(jail: Jail) -> Attack:
    """Grade a solution cell, given as text."""

    def run(source: str, seconds: float = SECONDS) -> QuestionResult:
        submission = Submission("mallory", {"f_solution": source})
        return examine(submission, MANIFEST, jail, b"key", seconds).questions[0]

    return run


@pytest.fixture
def probe(attack: Attack) -> Attack:
    """Hand in a right answer that first tries `code`, and prints what it got."""
    return lambda code: attack(PROBE.format(code=code))


@pytest.fixture
def open_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jails without a filter of system calls: what the layers behind it say."""
    everything = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    with tempfile.TemporaryFile() as file:
        everything.export_bpf(file)
        file.seek(0)
        program = np.frombuffer(file.read(), np.uint8)
    monkeypatch.setattr(sandbox, "_seccomp_program", lambda: program)


@pytest.fixture
def probe_text() -> str:
    """The text of a probe, with a place for `code`."""
    return PROBE
