"""Neurons that compute Boolean functions: any line that separates the corners is right."""

from collections.abc import Callable

import numpy as np

from coursepkg.checks.question import Trial
from coursepkg.checks.trials import TrialError, Tried, numbers

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TRUTH = {
    "AND": (0, 0, 0, 1),
    "OR": (0, 1, 1, 1),
    "NAND": (1, 1, 1, 0),
    "NOR": (1, 0, 0, 0),
    "AND NOT": (0, 0, 1, 0),
}
"""What each gate says at the four corners."""
CLEAR = 1e-9
"""A score below this may be a rounded 0."""


def _computes(tried: Tried, name: str) -> None:
    value = tried("gate_weights", name)
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TrialError(f"gate_weights({name!r}) must return w, b")
    w = numbers(value[0], "w is", shape=(2,))
    b = numbers(value[1], "b is", shape=())
    for (x1, x2), score, says in zip(CORNERS, CORNERS @ w + b, TRUTH[name], strict=True):
        corner = f"the inputs ({x1:g}, {x2:g})"
        if abs(score) < CLEAR:
            raise TrialError(f"{corner} lie exactly on the line: put it between the corners")
        if (score > 0) != says:
            raise TrialError(f"{corner} have the score {score:g}, but {name} is {says} there")


def _gate(name: str) -> Callable[[Tried, np.random.Generator], None]:
    return lambda tried, rng: _computes(tried, name)


def _no_line(tried: Tried, rng: np.random.Generator) -> None:
    _computes(tried, "AND")  # else a function that never returns anything would be right
    if tried("gate_weights", "XOR") is not None:
        raise TrialError("no line computes XOR: return None")


GATE_TRIALS = (
    *(Trial(name, _gate(name)) for name in ("AND", "OR", "NAND", "NOR")),
    Trial("AND NOT", _gate("AND NOT"), hidden=True),
    Trial("XOR", _no_line, hidden=True),
)
