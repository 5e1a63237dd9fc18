"""A run says how far it is, in the way that was asked for, and leaves a log for each submission."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from autograder.cli import app
from autograder.course import Course
from autograder.intake import collect
from autograder.progress import Show, log, shown, summary
from autograder.rubric import QuestionResult, Status, SubmissionResult

HandIn = Callable[..., Path]


def _result(*questions: tuple[float, Status]) -> SubmissionResult:
    made = [
        QuestionResult(f"q{n}", p, 2.0, s, "a\x1b[2Jb", "out") for n, (p, s) in enumerate(questions)
    ]
    return SubmissionResult("ann", "T1", "", made, {}, ["moved a cell"])


@pytest.mark.parametrize(
    ("questions", "word"),
    [
        ([(2, Status.GRADED)], "right"),
        ([(2, Status.GRADED), (1, Status.GRADED)], "partly right"),
        ([(0, Status.WRONG), (0, Status.ERROR)], "wrong"),
        ([(2, Status.GRADED), (0, Status.TIMEOUT)], "timeout"),
        ([(0, Status.MISSING)], "missing"),
    ],
)
def test_a_submission_in_a_word(questions: list[tuple[float, Status]], word: str) -> None:
    assert summary(_result(*questions)) == word


def test_the_bar_counts_kinds_of_results() -> None:
    text = StringIO()
    with shown(Show.BAR, Console(file=text, force_terminal=True, width=120)) as tell:
        tell(0, 3, None)
        for done in (1, 2):
            tell(done, 3, _result((2, Status.GRADED)))
        tell(3, 3, _result((0, Status.WRONG)))
    assert "3/3" in text.getvalue()
    assert "2 right, 1 wrong" in text.getvalue()


def test_a_log_tells_the_story_and_cannot_rewrite_the_terminal() -> None:
    text = log(_result((2, Status.GRADED), (0, Status.TIMEOUT)))
    assert "q1: timeout, 0 of 2" in text
    assert "remark: moved a cell" in text
    assert "\x1b" not in text


@pytest.mark.jail
@pytest.mark.usefixtures("one_jail")
def test_lines_of_json_and_logs(toy: Course, hand_in: HandIn) -> None:
    hand_in("ann")
    collect(toy, "T1", toy.root / "inbox")
    command = ["--course", str(toy.root), "grade", "T1", "-j1", "--progress", "json"]
    told = [json.loads(line) for line in CliRunner().invoke(app, command).stdout.splitlines()]
    assert told[0] == {"done": 0, "total": 4}
    assert told[-1]["done"] == told[-1]["total"] == 4
    ann = next(line for line in told if line.get("student") == "ann")
    assert ann["points"] == 5
    assert ann["statuses"] == {"double": "graded", "total": "graded"}
    logs = sorted(path.name for path in toy.private("T1", "logs").iterdir())
    assert logs == ["ann.log", "ben.log", "cay.log", "dee.log"]
    again = CliRunner().invoke(app, [*command[:-1], "quiet"])
    assert (again.exit_code, again.output) == (0, "")


@pytest.mark.jail
def test_ctrl_c_stops_and_the_next_run_goes_on(toy: Course, hand_in: HandIn) -> None:
    for student in ("ann", "ben"):
        hand_in(student)
    hand_in("cay", "# %% double_solution\nwhile True: pass\n")
    collect(toy, "T1", toy.root / "inbox")
    command = [sys.executable, "-m", "autograder", "--course", str(toy.root), "grade", "T1", "-j1"]
    command += ["--progress", "json"]
    slow = [*command, "--seconds", "60"]
    with subprocess.Popen(slow, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout
        while json.loads(run.stdout.readline())["done"] < 2:
            pass
        run.send_signal(signal.SIGINT)
        _, words = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "The same command goes on from here" in " ".join(words.split())
    assert "Traceback" not in words
    rest = subprocess.run([*command, "--seconds", "1"], capture_output=True, text=True, check=True)
    assert json.loads(rest.stdout.splitlines()[0]) == {"done": 2, "total": 4}
