"""Every known mistake loses points, every right answer gets all of them.

With the environment variable `ADEQUACY_SEEDS=200` each is tried on so many hidden seeds.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest

from coursepkg.checks import QUESTIONS
from coursepkg.checks.question import Pair
from coursepkg.mistakes import of
from tests.unit.assignments.solutions import ASSIGNMENTS, Functions, answers, graded, solution

SEEDS = [f"seed {number}".encode() for number in range(int(os.environ.get("ADEQUACY_SEEDS", "3")))]

# No mistakes where they stand: another subgradient at the kink, and what A8 leaves out (dilation,
# windows that count their padding only in part).
ACCEPTED = {"ACT4", "CV12", "PL8"}


def _rows(kind: str) -> list[tuple[str, str, Functions]]:
    return [
        (question, label, functions)
        for assignment in ASSIGNMENTS
        for question, found in answers(assignment, kind).items()
        for label, functions in found.items()
    ]


def _registered() -> list[tuple[str, str, Functions]]:
    """The register's mistakes in the function of a pair, on top of the right forward pass."""
    return [
        (
            name,
            mistake.id,
            {question.pair.forward: question.pair.reference, question.function: mistake.code},
        )
        for name, question in QUESTIONS.items()
        if isinstance(question.subject, Pair)
        for mistake in of(question.operation)
        if mistake.id not in ACCEPTED
    ]


def _on_top(pair: Pair, name: str, code: Callable[..., Any]) -> Functions:
    return {pair.forward: pair.reference, name: code}


def _ids(row: object) -> str:
    return row if isinstance(row, str) else ""


@pytest.mark.parametrize(("question", "label", "functions"), _rows("RIGHT"), ids=_ids)
def test_a_right_answer_gets_everything(question: str, label: str, functions: Functions) -> None:
    names = {**solution(question.split(".")[0]), **functions}
    for seed in SEEDS:
        report = graded(question, names, seed)
        assert report.ok, f"{label}, {seed!r}: {report}"


@pytest.mark.parametrize(
    ("question", "label", "functions"), [*_rows("WRONG"), *_registered()], ids=_ids
)
def test_a_mistake_loses_points(question: str, label: str, functions: Functions) -> None:
    names = {**solution(question.split(".")[0]), **functions}
    for seed in SEEDS:
        assert graded(question, names, seed).share < 1, f"{label}, {seed!r}"
