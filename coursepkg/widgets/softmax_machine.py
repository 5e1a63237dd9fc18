"""W2.1: scores become probabilities, and probabilities a gradient (deck rows 25 to 27, 29)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.widgets.base import BookWidget

CLASSES = ("cat", "dog", "ship")
TEMPERATURES = (0.1, 0.2, 0.5, 1, 2, 5, 10)
OFFSETS = (-800, -745, -100, -5, 0, 5, 100, 700, 705, 710, 800)
PROGRAMS = ("stable", "naive")
HIGHEST = 6.0


class SoftmaxMachine(BookWidget):
    """Three scores, their softmax, the cross-entropy of a label, and the gradient p - t.

    Parameters
    ----------
    scores : three numbers from -6 to 6
    temperature : what the scores are divided by
    offset : what is added to all three
    label : the right class, "cat", "dog" or "ship"
    program : "stable" takes the largest score out first, "naive" does not

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> SoftmaxMachine(scores=[1, 2, 3]).state()["scores"]
    [1.0, 2.0, 3.0]
    """

    script = "softmax_machine.js"
    number = "W2.1"
    title = "From three scores to a gradient"
    alt = (
        "Three scores, cat 3.2, dog 5.1 and ship −1.7, become the probabilities 0.130, 0.869 and "
        "0.001. The right class is cat, so the cross-entropy is 2.042 and the gradient is −0.870 "
        "for cat, 0.869 for dog and 0.001 for ship. Adding 800 to all scores changes none of this "
        "in the stable program; the naive one answers nan."
    )

    scores = traitlets.List([3.2, 5.1, -1.7]).tag(sync=True)
    temperature = traitlets.Enum(TEMPERATURES, 1).tag(sync=True)
    offset = traitlets.Enum(OFFSETS, 0).tag(sync=True)
    label = traitlets.Enum(CLASSES, "cat").tag(sync=True)
    program = traitlets.Enum(PROGRAMS, "stable").tag(sync=True)

    @traitlets.validate("scores")
    def _three_numbers(self, proposal: dict[str, Any]) -> list[float]:
        try:
            found = [float(value) for value in proposal["value"]]
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(f"scores must be numbers; {error}") from None
        if len(found) != len(CLASSES) or not all(abs(value) <= HIGHEST for value in found):
            raise traitlets.TraitError(
                f"scores must be three numbers from {-HIGHEST} to {HIGHEST}, got {found}"
            )
        return found

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every temperature, every offset with both programs, every label."""
        start: dict[str, Any] = {"scores": [3.2, 5.1, -1.7], "temperature": 1, "offset": 0}
        start |= {"label": "cat", "program": "stable"}
        changes: list[dict[str, Any]] = [{"temperature": t} for t in TEMPERATURES]
        changes += [{"label": label, "scores": [1.0, 2.0, 3.0]} for label in CLASSES]
        changes += [{"offset": c, "program": program} for c in OFFSETS for program in PROGRAMS]
        return [(start | change, _numbers(**(start | change))) for change in changes]


def _numbers(
    scores: list[float], temperature: float, offset: float, label: str, program: str
) -> dict[str, Any]:
    z = (np.array([scores]) + offset) / temperature
    p, loss = naive(z, CLASSES.index(label)) if program == "naive" else _stable(z, label)
    t = np.eye(len(CLASSES))[CLASSES.index(label)]
    return {"p": p[0].tolist(), "loss": loss, "gradient": ((p[0] - t) / temperature).tolist()}


def _stable(z: np.ndarray, label: str) -> tuple[np.ndarray, float]:
    loss, cache = F.cross_entropy(z, np.array([CLASSES.index(label)]))
    return cache.probabilities, float(loss)


def naive(z: np.ndarray, label: int) -> tuple[np.ndarray, float]:
    """Softmax and loss (of row 0) as they stand in a book: what overflows overflows.

    Examples
    --------
    >>> naive(np.array([[0.0, 800.0]]), 1)[1]
    nan
    """
    with np.errstate(all="ignore"):
        e = np.exp(z)
        p = e / e.sum(axis=1, keepdims=True)
        return p, float(-np.log(p[0, label]))
