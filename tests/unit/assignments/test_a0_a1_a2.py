"""What the statements of the first three assignments promise: points, numbers, a bound."""

import contextlib
import io

import numpy as np
import pytest

from coursepkg.checks import QUESTIONS, check
from coursepkg.checks.a1_data import bound_edges, fit, fit_edges
from tests.unit.assignments.solutions import cells, marks, solution


def text(assignment: str) -> str:
    return "\n".join(c.source for c in cells(assignment) if c.cell_type == "markdown")


@pytest.mark.parametrize(("assignment", "points"), [("A0", 3), ("A1", 20), ("A2", 30)])
def test_points_add_up(assignment: str, points: int) -> None:
    assert sum(marks(cell).get("points", 0) for cell in cells(assignment)) == points


NUMBERS = ["cross_entropy", "cross_entropy_backward", "svm_loss", "svm_loss_backward"]


@pytest.mark.parametrize("name", ["softmax", *NUMBERS, "ridge_fit", "logistic"])
def test_the_numbers_of_the_statement_are_those_of_the_example(name: str) -> None:
    question = QUESTIONS[f"A2.{name}"]
    statement = text("A2")
    assert not isinstance(question.subject, tuple)
    for truth in question.truth(question.subject.example):
        for number in np.ravel(truth):
            assert f"{number:.4f}".rstrip("0").rstrip(".") in statement


def test_the_numbers_of_the_perceptron() -> None:
    functions = solution("A1")
    x, y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([-1, 1, 1, 1])
    w, b, mistakes = functions["fit"](x, y, 20)
    assert (w.tolist(), b, mistakes) == ([2, 2], -1, [3, 1, 2, 2, 1, 0])
    w, b, mistakes = functions["fit"](x, y, 1)
    assert (w.tolist(), b, mistakes) == ([1, 1], 1, [3])
    w, b = functions["update"](np.array([1.0, -1]), 0.5, np.array([2.0, 1]), -1, 0.5)
    assert (w.tolist(), b) == ([0, -1.5], 0)
    x, y = np.array([[2.0, 1], [1, 2], [-1, -1], [-2, -1]]), np.array([1, 1, -1, -1])
    assert functions["mistake_bound"](np.array([1.0, 1]), 0, x, y) == pytest.approx(3)
    assert sum(functions["fit"](x, y, 20)[2]) == 1


def test_separable_samples_of_a_check_are_learned_within_the_bound() -> None:
    bound = solution("A1")["mistake_bound"]
    for seed in range(50):
        x, y, epochs = fit_edges(np.random.default_rng(seed))[0].inputs
        w, b, mistakes = fit(x, y, epochs)
        assert mistakes[-1] == 0
        assert len(mistakes) < epochs
        assert sum(mistakes) <= bound(w, b, x, y)


def test_samples_on_both_sides_of_a_line_are_found_for_every_seed() -> None:
    """A line that has the whole grid on one side would be tried for ever."""
    for seed in range(300):
        w, b, x, y = bound_edges(np.random.default_rng(seed))[1].inputs
        assert set(y.tolist()) == {-1, 1}
        assert np.abs(x @ w + b).min() >= 0.5


def test_the_cell_that_fails_on_purpose_fails_as_its_explanation_says() -> None:
    source = next(c.source for c in cells("A0") if "axis=0" in c.source and c.cell_type == "code")
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(source, {"np": np, "check": check, "__name__": "__main__"})
    report = output.getvalue()
    assert "(N = 5, D = 7): wrong shape" in report
    assert "(7,), expected (5,)" in report
