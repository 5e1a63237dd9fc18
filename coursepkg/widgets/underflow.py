"""W2.2: where softmax and cross-entropy lose their digits (deck row 38, E-U6 and E-U7)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.widgets.base import BookWidget

GAPS = (
    0, 1, 2, 5, 10, 20, 50, 80, 86, 88, 90, 95, 100, 103, 104, 105, 110, 200, 400, 600,
    700, 708, 710, 720, 735, 740, 744, 746, 750, 800,
)  # fmt: skip
PRECISIONS = ("float32", "float64")
SIDES = ("right", "wrong")


class Underflow(BookWidget):
    """A batch of two rows, and its loss by three programs that are the same on paper.

    Row 0 has the scores (gap, 0), row 1 has (0, 1). The listing of UVA CS6501 subtracts the
    largest score of the batch, so row 1 underflows; its logarithm of a rounded probability fails
    where row 0 is labelled with the class that is far behind. Log-sum-exp has neither weakness.

    Parameters
    ----------
    gap : how far the scores of row 0 lie apart, 0 to 800
    precision : "float32" or "float64"
    first_row : whether the label of row 0 is the class with the large score, "right" or "wrong"

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> Underflow(gap=110).state()
    {'first_row': 'right', 'gap': 110, 'precision': 'float32'}
    """

    script = "underflow.js"
    number = "W2.2"
    title = "Underflow under the microscope"
    alt = (
        "The scores (100, 0) and (0, 1) in float32, both rows classified rightly; the loss should "
        "be 0.157. With the maximum of the whole batch subtracted, both exponentials of the second "
        "row fall below the smallest normal number, one over their sum is infinite, and the loss "
        "is minus infinity. With a maximum for each row, and with log-sum-exp, it is 0.157."
    )

    gap = traitlets.Enum(GAPS, 100).tag(sync=True)
    precision = traitlets.Enum(PRECISIONS, "float32").tag(sync=True)
    first_row = traitlets.Enum(SIDES, "right").tag(sync=True)

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every gap in both precisions, half of them with the label on the far class."""
        states: list[dict[str, Any]] = [
            {"gap": gap, "precision": precision, "first_row": SIDES[i % 2]}
            for i, gap in enumerate(GAPS)
            for precision in PRECISIONS
        ]
        states += [
            {"gap": gap, "precision": precision, "first_row": side}
            for gap in (100, 104, 746)
            for precision in PRECISIONS
            for side in SIDES
        ]
        return [(state, losses(**state)) for state in states]


def losses(gap: float, precision: str, first_row: str) -> dict[str, Any]:
    """Losses of both rows by each program, every step rounded to the precision.

    Examples
    --------
    >>> losses(746, "float64", "wrong")["row_max"][0], losses(746, "float64", "wrong")["lse"][0]
    (inf, 746.0)
    """
    dtype = np.dtype(precision).type
    scores = np.array([[gap, 0.0], [0.0, 1.0]])
    labels = np.array([0 if first_row == "right" else 1, 1])
    truth = [float(F.cross_entropy(scores[i : i + 1], labels[i : i + 1])[0]) for i in range(2)]
    return {
        "global_max": _by_probability(scores, labels, scores.max(), dtype),
        "row_max": _by_probability(scores, labels, scores.max(axis=1, keepdims=True), dtype),
        "lse": _log_sum_exp(scores, labels, dtype),
        "truth": truth,
    }


def _by_probability(scores: np.ndarray, labels: np.ndarray, top: Any, dtype: type) -> list[float]:
    """The listing's steps: exp, one over the sum, their product, minus its logarithm."""
    with np.errstate(all="ignore"):
        e = dtype(np.exp(scores - top))
        inverse = dtype(1) / (e[:, 0] + e[:, 1])
        p = e[[0, 1], labels] * inverse
        return [float(value) for value in -dtype(np.log(p.astype(float)))]


def _log_sum_exp(scores: np.ndarray, labels: np.ndarray, dtype: type) -> list[float]:
    z = scores - scores.max(axis=1, keepdims=True)
    e = dtype(np.exp(z))
    log = dtype(np.log((e[:, 0] + e[:, 1]).astype(float)))
    return [float(value) for value in log - dtype(z[[0, 1], labels])]
