"""The sample class: its lists fit together, and its points are what the engine gives.

Only submissions that are safe to run in this process are run here.
"""

import contextlib
import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.sample import read_work
from coursepkg.checks import grade, hidden_seed

FOLDER = Path(__file__).parents[2] / "assignments" / "sample_class"
SAFE = ("ada", "boris", "chiara", "dmitri", "emeka", "jamal", "kofi", "noor")


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_everybody_on_the_roster_is_expected_with_every_question(
    a5_points: dict[str, float],
) -> None:
    students = [row["id"] for row in rows("roster.csv")]
    expected = [(row["student"], row["question"]) for row in rows("expected.csv")]
    assert expected == [(student, question) for student in students for question in a5_points]


def test_only_the_missing_student_has_no_file() -> None:
    missing = {row["student"] for row in rows("expected.csv") if row["status"] == "missing"}
    files = {path.stem for path in (FOLDER / "A5").glob("*.py")}
    assert files == {row["id"] for row in rows("roster.csv")} - missing
    assert len(missing) == 1


def test_every_way_in_which_grading_can_end_occurs() -> None:
    assert {row["status"] for row in rows("expected.csv")} == {
        *("graded", "wrong", "error", "timeout", "crashed", "unreadable", "missing")
    }


@pytest.mark.parametrize("student", SAFE)
@pytest.mark.parametrize("seed", [b"one", b"two"])
def test_expected_points_are_those_of_the_engine(
    student: str, seed: bytes, a5_points: dict[str, float]
) -> None:
    cells = read_work(FOLDER / "A5" / f"{student}.py").cells
    namespace: dict[str, Any] = {"np": np, "grade": grade}
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        hidden_seed(seed),
    ):
        for name, source in cells.items():
            if name.endswith("_solution"):
                exec(source, namespace)
        got = {q: eval(f"grade('A5.{q}', points={p})", namespace) for q, p in a5_points.items()}
    expected = [row for row in rows("expected.csv") if row["student"] == student]
    assert {q: float(score) for q, score in got.items()} == {
        row["question"]: float(row["points"]) for row in expected
    }
    assert {q: score.report.status for q, score in got.items()} == {
        row["question"]: row["status"] for row in expected
    }
