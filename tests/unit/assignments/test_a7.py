"""Assignment 7: the numbers that its statement quotes."""

import re
from typing import Any

import numpy as np
import pytest

from tests.unit.assignments.solutions import cells, marks, solution

RULES = {"sgd": "", "momentum": "v", "nesterov": "v", "adagrad": "s", "rmsprop": "s", "adam": "mvt"}


def _statement(rule: str) -> str:
    """The text above a rule."""
    place = next(
        i for i, cell in enumerate(cells("A7")) if marks(cell).get("grade_id") == f"{rule}_solution"
    )
    return str(cells("A7")[place - 1].source)


def _quoted(text: str, symbol: str) -> list[float]:
    row = re.search(rf"^\| \${symbol}\$ \| (.*) \|$", text, re.MULTILINE)
    assert row, symbol
    return [float(number) for number in row[1].split(" | ")]


@pytest.mark.parametrize(("rule", "parts"), RULES.items())
def test_the_table_of_each_rule_is_what_it_does(rule: str, parts: str) -> None:
    w, state, seen = np.array([1.0]), None, []
    for _ in range(3):
        w, state = solution("A7")[rule](w, w, state, 0.1)
        kept: tuple[Any, ...] = state if len(parts) > 1 else (state,) * len(parts)
        seen.append([w, *kept])
    text = _statement(rule)
    for symbol, found in zip("w" + parts, zip(*seen, strict=True), strict=True):
        np.testing.assert_allclose(_quoted(text, symbol), np.ravel(found), atol=6e-7)


def test_the_slide_climbs_and_a_minus_mends_it() -> None:
    text = cells("A7")[0].source
    curvature = np.array([1.0, 10.0])
    for sign, quoted in ((1, r"6.8\cdot10^{21}"), (-1, "0.0011")):
        x = np.ones(2)
        for _ in range(60):
            x = x + sign * 0.05 * curvature * x
        assert quoted in text
        value = float(quoted.replace(r"\cdot10^{", "e").rstrip("}"))
        assert np.sum(curvature * x**2) / 2 == pytest.approx(value, rel=0.04)


def test_the_longest_step_of_adam_without_correction() -> None:
    steps = [(1 - 0.9**t) / (1 - 0.999**t) ** 0.5 for t in range(1, 100)]
    assert f"{max(steps):.2f} learning rates in step {np.argmax(steps) + 1}" in _statement("adam")


def test_all_points_together() -> None:
    assert sum(marks(cell).get("points", 0) for cell in cells("A7")) == 25
