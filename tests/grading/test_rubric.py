"""What plain nbgrader turns into full marks or a lost batch is a fair number here."""

import numpy as np
import pytest

from autograder.rubric import QuestionResult, Status, SubmissionResult, read_points


@pytest.mark.parametrize(
    ("value", "points"),
    [
        (7.5, 7.5),
        (np.float64(7.5), 7.5),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3.0),
        (-1, 0.0),
        (10.5, 10.0),
        (0, 0.0),
    ],
)
def test_points_are_plain_floats_in_range(value: object, points: float) -> None:
    got = read_points(value, 10)
    assert got == points
    assert type(got) is float


@pytest.mark.parametrize("value", [None, "7.5", float("nan"), float("inf"), True, [1], 1j])
def test_no_number_is_an_error_not_full_marks(value: object) -> None:
    with pytest.raises(ValueError, match="must end in its points"):
        read_points(value, 10)


def test_a_result_survives_json() -> None:
    question = QuestionResult("q", 1.5, 2.0, Status.GRADED, "text", "output")
    result = SubmissionResult("ann", "T1", "abc", [question], {"q_solution": "x"}, ["remark"])
    assert SubmissionResult.from_json(result.to_json()) == result
