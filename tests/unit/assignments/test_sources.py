"""The text of every assignment: cells, points, and the instructor's own solution."""

import contextlib
import io
from typing import Any

import pytest

from coursepkg.checks import QUESTIONS, check
from coursepkg.checks.adequacy import graded
from tests.unit.assignments.solutions import ASSIGNMENTS, cells, marks, solution

ALL = [name for name in QUESTIONS if name.split(".")[0] in ASSIGNMENTS]


def not_written(*args: Any, **kwargs: Any) -> Any:
    raise NotImplementedError("write your solution here")


def test_every_question_belongs_to_an_assignment() -> None:
    assert list(QUESTIONS) == ALL


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_each_question_has_a_test_cell_with_its_points(assignment: str) -> None:
    table = next(cell.source for cell in cells(assignment) if "| points |" in cell.source)
    tests = {
        marks(cell)["grade_id"]: cell
        for cell in cells(assignment)
        if marks(cell).get("grade") and not marks(cell)["solution"]
    }
    questions = [name.split(".")[1] for name in QUESTIONS if name.startswith(f"{assignment}.")]
    assert sorted(questions) == sorted(tests)
    for name, cell in tests.items():
        points = marks(cell)["points"]
        visible, hidden = cell.source.split("### BEGIN HIDDEN TESTS\n")
        assert visible == f'check("{assignment}.{name}")\n'
        assert hidden == f'grade("{assignment}.{name}", points={points})\n### END HIDDEN TESTS'
        row = next(row for row in table.split("\n") if f"`{name}`" in row)
        assert row.endswith(f"| {points} |")


@pytest.mark.parametrize("question", ALL)
def test_the_visible_check_is_satisfied(question: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        source = f"check({question!r})"
        report = eval(source, {**solution(question.split(".")[0]), "check": check})
    assert report.ok, str(report)


@pytest.mark.parametrize("question", ALL)
def test_what_is_not_written_earns_nothing(question: str) -> None:
    names = solution(question.split(".")[0])
    stubs = {name: not_written for name, value in names.items() if callable(value)}
    report = graded(question, {**names, **stubs}, b"first")
    assert report.share == 0
    assert report.status == "error"
