"""Assignment 4: the expressions it draws, and the numbers of its text."""

import math
from typing import Any

import numpy as np
import pytest

from coursepkg.autodiff import Tensor
from coursepkg.checks.a4_values import truth
from coursepkg.checks.adequacy import graded
from coursepkg.checks.expressions import LARGEST, evaluate, random_expression
from coursepkg.gradcheck import numerical_gradient, relative_error
from tests.unit.assignments.solutions import cells, marks, solution


@pytest.mark.parametrize("seed", range(20))
def test_a_random_expression_has_the_derivatives_of_its_numbers(seed: int) -> None:
    expression = random_expression(np.random.default_rng(seed), leaves=3, steps=8)

    def f(x: np.ndarray) -> float:
        return float(expression.run(*map(Tensor, x)).data)

    _, slopes = truth(expression.run, expression.at)
    assert relative_error(slopes, numerical_gradient(f, np.array(expression.at))) < 1e-6
    values = evaluate([Tensor(number) for number in expression.at], expression.steps)
    assert max(abs(float(value.data)) for value in values) < LARGEST


def grads(run: Any, *numbers: float) -> tuple[Any, list[float]]:
    leaves = [solution("A4")["Value"](number) for number in numbers]
    out = run(*leaves)
    out.backward()
    return out, [round(leaf.grad, 4) for leaf in leaves]


def test_the_numbers_of_the_text() -> None:
    names = solution("A4")
    out, slopes = grads(names["first_circuit"], -2, 5, -4)
    assert (out.data, slopes, out.local) == (-12, [-4, -4, 3], (-4, 3))
    out, slopes = grads(names["neuron"], 2, -1, -3, -2, -3)
    assert round(out.data, 4) == 0.7311
    assert slopes == [-0.1966, 0.3932, -0.3932, -0.5898, 0.1966]
    out, slopes = grads(names["network_loss"], 1, 1, 3, 1, 2, -5)
    assert (out.data, slopes) == (4, [24, -4, 8, 8, 16, 4])
    assert grads(lambda x: x * x, 3.0)[1] == [6]
    assert grads(lambda a: 4 * (0.5 * (3 * a)) - 2 * (3 * a), 7.0)[1] == [0]
    out, slopes = grads(lambda x: x.sigmoid(), 1.0)
    assert (round(out.data, 4), slopes) == (0.7311, [0.1966])
    assert round(1 - 0.7311, 4) == 0.2689


def test_a_chain_far_deeper_than_python_calls() -> None:
    assert grads(lambda x: math_chain(x, 20_000), 1.0)[1] == [1]


def math_chain(x: Any, count: int) -> Any:
    for _ in range(count):
        x = x + 1
    return x


def test_operations_do_not_need_backward_and_backward_not_the_operations() -> None:
    names = solution("A4")

    def missing(*args: Any) -> Any:
        raise NotImplementedError

    without = {**names, "Value": type("Value", (names["Value"],), {"backward": missing})}
    assert graded("A4.arithmetic", without, b"a seed").ok
    assert graded("A4.functions", without, b"a seed").ok
    wrong = dict.fromkeys(("__add__", "__mul__", "__pow__", "exp", "sigmoid"), missing)
    without = {**names, "Value": type("Value", (names["Value"],), wrong)}
    report = graded("A4.backward", without, b"a seed")
    assert report.passed >= len(report.findings) - 1


def test_the_points_are_those_of_the_course() -> None:
    points = [marks(cell)["points"] for cell in cells("A4") if marks(cell).get("grade")]
    assert points == [6, 6, 8, 5]
    assert math.fsum(points) == 25
