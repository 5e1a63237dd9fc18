"""The command: helpful in one line when something is missing, and honest in its exit code."""

import io
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from autograder.cli import app
from autograder.commands.grading import _table
from autograder.course import Course
from autograder.rubric import QuestionResult, Status, SubmissionResult

run = CliRunner()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "T1"], "autograder collect T1"),
        (["grade", "T2"], "autograder release T2"),
        (["feedback", "T1"], "autograder grade T1"),
        (["collect", "T1"], "no inbox"),
        (["release", "../T1"], "cannot be the name"),
    ],
)
def test_what_is_missing_is_named(toy: Course, arguments: list[str], words: str) -> None:
    result = run.invoke(app, ["--course", str(toy.root), *arguments])
    assert result.exit_code == 1
    assert words in " ".join(result.stderr.split())
    assert "Traceback" not in result.output


def test_no_course(tmp_path: Path) -> None:
    result = run.invoke(app, ["--course", str(tmp_path), "grade", "A5"])
    assert result.exit_code == 1
    assert "autograder sample DIR" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("roster", "words"),
    [
        ("id\nann\nann\n", "line 3: the id 'ann' occurs twice"),
        ("id\n../ann\n", "line 2: '../ann' cannot be a student id"),
        ('id\n""\n', "line 2: '' cannot be a student id"),
        ("name\nann\n", "no column `id`"),
        ("id;first_name\nann;Ann\n", "no column `id`"),
        ('id,first_name\nann,"Ann\n', "cannot be read as CSV in UTF-8"),
        ("id,first_name\n", "names nobody"),
        ("", "no column `id`"),
    ],
)
def test_a_bad_roster(toy: Course, roster: str, words: str) -> None:
    (toy.root / "roster.csv").write_text(roster)
    (toy.root / "inbox").mkdir()
    result = run.invoke(app, ["--course", str(toy.root), "collect", "T1"])
    assert result.exit_code == 1
    assert words in " ".join(result.stderr.split())


def test_a_sample_is_never_made_over_a_course(toy: Course) -> None:
    result = run.invoke(app, ["sample", str(toy.root)])
    assert result.exit_code == 1
    assert "already holds a course" in " ".join(result.stderr.split())


@pytest.mark.jail
@pytest.mark.usefixtures("one_jail")
def test_all_steps(toy: Course, hand_in: object) -> None:
    hand_in("ann")  # type: ignore[operator]
    result = run.invoke(app, ["--course", str(toy.root), "all", "T1", "-j", "1"])
    assert result.exit_code == 0, result.output
    assert "own solution: 5" in result.output
    assert "report.html" in result.output


@pytest.mark.jail
def test_doctor_finds_the_jail_sound() -> None:
    result = run.invoke(app, ["doctor"])
    assert result.exit_code == 0, result.output
    assert "missing" not in result.output


def test_doctor_names_a_missing_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    result = run.invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "apt install bubblewrap" in " ".join(result.output.replace("│", " ").split())


@pytest.mark.parametrize("in_columns", [True, False])
def test_points_of_a_class_in_a_wide_and_in_a_narrow_terminal(in_columns: bool) -> None:
    questions = [
        QuestionResult("linear", 3, 3, Status.GRADED),
        QuestionResult("linear_backward", 3.5, 5, Status.GRADED),
        QuestionResult("relu", 0, 1, Status.TIMEOUT),
    ]
    result = SubmissionResult("ada", "A5", "", questions)
    console = Console(width=100, file=io.StringIO(), record=True)
    console.print(_table("A5", [result], {"ada": {"explain": None}}, in_columns))
    rows = [line.split() for line in console.export_text().splitlines()]
    points = ["3", "3.5", "T"] if in_columns else ["✓~T"]
    assert ["ada", *points, "6.5", "open"] in rows
