"""The specimens of assignment 3: what is called right is right, what is called wrong is wrong."""

import re
from typing import Any

import numpy as np
import pytest

from coursepkg.checks import QUESTIONS, a3_specimens
from coursepkg.checks.a3_specimens import RIGHT, WRONG, Specimen
from coursepkg.checks.adequacy import graded
from coursepkg.gradcheck import check_gradient
from tests.unit.assignments.solutions import cells, marks, solution

SEEDS = range(5)


def judged(specimen: Specimen, grad: np.ndarray) -> bool:
    f: Any = solution("A3")["function_of"](*specimen.f)
    return check_gradient("grad", grad, f, specimen.x.astype(np.float64)).ok


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("title", RIGHT)
def test_right_gradients_are_right(title: str, seed: int) -> None:
    specimen = RIGHT[title](np.random.default_rng(seed))
    assert judged(specimen, specimen.grad.astype(np.float64))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("title", WRONG)
def test_wrong_gradients_are_wrong_and_have_a_right_one_beside_them(title: str, seed: int) -> None:
    specimen, wrong = WRONG[title](np.random.default_rng(seed))
    assert judged(specimen, specimen.grad)
    assert not judged(specimen, wrong)


def test_there_are_twelve_wrong_and_six_right() -> None:
    assert (len(WRONG), len(RIGHT)) == (12, 6)
    trials = QUESTIONS["A3.check_gradient"].subject
    assert isinstance(trials, tuple)
    assert len(trials) == 18
    assert 0 < sum(not trial.hidden for trial in trials) < 9


@pytest.mark.parametrize("verdict", [True, False])
def test_who_always_says_the_same_earns_nothing(verdict: bool) -> None:
    function = solution("A3")["takes_function"](lambda f, x, grad, *more: verdict)
    for name in ("check_gradient", "directional_check"):
        assert graded(f"A3.{name}", {name: function}, b"a seed").share == 0


def test_a_function_allows_so_many_calls() -> None:
    f: Any = solution("A3")["function_of"]("squares", 2, np.ones(2))
    assert [f(np.ones(2)), f(np.ones(2))] == [1.0, 1.0]
    with pytest.raises(RuntimeError, match="more than 2 times"):
        f(np.ones(2))


def test_the_numbers_of_the_text() -> None:
    names = solution("A3")
    x = np.array([2.0, -1.0])
    f: Any = lambda x: x[0] ** 3 + 2 * x[1] ** 3  # noqa: E731
    assert names["numeric_gradient"](f, x, 0.1).round(9).tolist() == [12.01, 6.02]
    assert round((f(np.array([2.1, -1.0])) - f(x)) / 0.1, 9) == 12.61
    assert round(names["relative_error"](np.array([3, 0]), np.array([0, 4])), 4) == 0.7143
    near, h = np.array([3e-6]), 1e-5
    assert names["numeric_gradient"](lambda x: abs(x[0]), near, h).round(9) == [0.3]
    assert names["numeric_gradient"](lambda x: abs(x[0]), near, h / 10).round(9) == [1.0]
    assert 784 * 512 + 512 + 512 * 10 + 10 == 407_050
    step = np.float32(1) + np.float32(1e-5) - np.float32(1)
    assert abs(step / 1e-5 - 1) > 1e-3


def test_the_points_are_those_of_the_course() -> None:
    points = [marks(cell)["points"] for cell in cells("A3") if marks(cell).get("grade")]
    assert points == [6, 4, 6, 4]


def test_the_text_names_no_function_that_is_not_there() -> None:
    text = "\n".join(cell.source for cell in cells("A3"))
    used = set(re.findall(r'^    "(\w+)": ', text, re.MULTILINE))
    drawn = {name for name in vars(a3_specimens) if name in used}
    assert drawn == used
