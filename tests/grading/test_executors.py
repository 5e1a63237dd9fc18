"""One submission may cost its own process, but never another one's grade."""

import pytest

from autograder.errors import NoJailError
from autograder.executors.base import Executor, Job
from autograder.executors.processes import in_processes
from autograder.executors.serial import one_by_one
from autograder.intake import Submission
from autograder.manifest import Cell, Manifest
from autograder.rubric import Status

pytestmark = pytest.mark.jail

TEST = """
import os
answer = f()
if answer == "poison":
    os._exit(9)
if answer == "no points":
    answer = None
answer
"""
MANIFEST = Manifest(
    "T1",
    [
        Cell("f_solution", "solution", "code", 0, "", "def f(): return 5", {}),
        Cell("f", "test", "code", 5, "", TEST, {}),
    ],
)
JOB = Job(MANIFEST, b"key", seconds=10)


def _submission(student: str, answer: object) -> Submission:
    return Submission(student, {"f_solution": f"def f(): return {answer!r}"})


@pytest.mark.parametrize("executor", [one_by_one, in_processes(2)], ids=["serial", "processes"])
def test_a_test_cell_at_fault_costs_its_own_row(executor: Executor) -> None:
    work = [_submission("ann", 5), _submission("ben", "no points"), _submission("cay", 4)]
    found = {result.student: result for result in executor(work, JOB)}
    assert {student: r.points for student, r in found.items()} == {"ann": 5, "ben": 0, "cay": 4}
    assert found["ben"].questions[0].status is Status.CRASHED
    assert "look at this by hand" in found["ben"].questions[0].message


def test_a_process_that_dies_costs_its_own_row() -> None:
    work = [_submission("ann", 5), _submission("ben", "poison"), _submission("cay", 4)]
    found = {result.student: result for result in in_processes(2)(work, JOB)}
    assert {student: r.points for student, r in found.items()} == {"ann": 5, "ben": 0, "cay": 4}
    assert "died 3 times" in found["ben"].questions[0].message


@pytest.mark.parametrize("executor", [one_by_one, in_processes(2)], ids=["serial", "processes"])
def test_without_a_jail_nothing_is_graded(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    work = [_submission("ann", 5), _submission("ben", 5)]
    with pytest.raises(NoJailError, match="autograder doctor"):
        list(executor(work, JOB))
