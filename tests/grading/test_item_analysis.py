"""How hard a question is and whether it separates, on classes made so that it is known."""

import pytest

from autograder.item_analysis import ENOUGH, discrimination
from autograder.rubric import QuestionResult, Status


def answers(points: list[float]) -> list[QuestionResult]:
    return [QuestionResult("q", number, 2, Status.GRADED) for number in points]


def test_a_question_that_only_strong_work_has_separates() -> None:
    halves = answers([2.0] * 5 + [0.0] * 5)
    strong_first = [10.0] * 5 + [1.0] * 5  # in all questions: 8 and 1 in the others
    assert discrimination(halves, strong_first) == pytest.approx(1)
    assert discrimination(halves, [3.0] * 5 + [9.0] * 5) == pytest.approx(-1)


def test_its_own_points_do_not_count() -> None:
    halves = answers([2.0] * 5 + [0.0] * 5)
    assert discrimination(
        halves, [a.points + n % 5 for n, a in enumerate(halves)]
    ) == pytest.approx(0)


@pytest.mark.parametrize(
    ("points", "totals"),
    [
        ([2.0, 0.0] * (ENOUGH // 2 - 1), list(range(ENOUGH - 2))),
        ([2.0] * ENOUGH, list(range(ENOUGH))),
        ([2.0, 0.0] * (ENOUGH // 2), [5.0, 3.0] * (ENOUGH // 2)),
    ],
    ids=["few", "all have it", "the rest is the same"],
)
def test_where_it_says_nothing(points: list[float], totals: list[float]) -> None:
    assert discrimination(answers(points), totals) is None
