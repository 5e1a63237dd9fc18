"""Every known mistake loses points, every right answer gets all of them.

With the environment variable `ADEQUACY_SEEDS=200` each is tried on so many hidden seeds.
"""

import os

import pytest

from tests.unit.assignments.solutions import ASSIGNMENTS, Functions, answers, graded, solution

SEEDS = [f"seed {number}".encode() for number in range(int(os.environ.get("ADEQUACY_SEEDS", "3")))]


def _rows(kind: str) -> list[tuple[str, str, Functions]]:
    return [
        (question, label, functions)
        for assignment in ASSIGNMENTS
        for question, found in answers(assignment, kind).items()
        for label, functions in found.items()
    ]


def _ids(row: object) -> str:
    return row if isinstance(row, str) else ""


@pytest.mark.parametrize(("question", "label", "functions"), _rows("RIGHT"), ids=_ids)
def test_a_right_answer_gets_everything(question: str, label: str, functions: Functions) -> None:
    names = {**solution(question.split(".")[0]), **functions}
    for seed in SEEDS:
        report = graded(question, names, seed)
        assert report.ok, f"{label}, {seed!r}: {report}"


@pytest.mark.parametrize(("question", "label", "functions"), _rows("WRONG"), ids=_ids)
def test_a_mistake_loses_points(question: str, label: str, functions: Functions) -> None:
    names = {**solution(question.split(".")[0]), **functions}
    for seed in SEEDS:
        assert graded(question, names, seed).share < 1, f"{label}, {seed!r}"
