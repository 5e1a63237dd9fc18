"""W2.4: four losses over one margin, and where their slopes lead (deck rows 28, 31, 33, 36)."""

from collections.abc import Callable
from typing import Any

import traitlets

from coursepkg import functional as F
from coursepkg.widgets.base import BookWidget

RATE = 0.1
Judge = Callable[[float], tuple[float, float]]


class LossShapes(BookWidget):
    """Squared error, logistic loss, hinge and 0-1 loss of one score whose target is 1.

    The margin is the score of the right answer, measured so that positive is right.

    Parameters
    ----------
    margin : -4 to 6
    steps : steps of gradient descent on the margin, 0 to 60, each 0.1 times the slope
    picture : "loss" or "slope"

    Raises
    ------
    traitlets.TraitError
        If a value lies outside.

    Examples
    --------
    >>> LossShapes(steps=20).state()
    {'margin': 5.0, 'picture': 'loss', 'steps': 20}
    """

    script = "loss_shapes.js"
    number = "W2.4"
    title = "Can an answer be too right?"
    alt = (
        "Four losses over the margin of one score. At margin 5, which is right by far, the squared "
        "error is 16 with slope 8, the logistic loss 0.0067, the hinge and the 0-1 loss 0. "
        "Gradient descent on the squared error pulls the score back to 1; the hinge leaves it "
        "where it is."
    )

    margin = traitlets.Float(5.0, min=-4, max=6).tag(sync=True)
    steps = traitlets.Int(0, min=0, max=60).tag(sync=True)
    picture = traitlets.Enum(["loss", "slope"], "loss").tag(sync=True)

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Margins on all sides of the kinks, each with a few steps and with many."""
        return [
            ({"margin": margin, "steps": steps}, _numbers(margin, steps))
            for margin in (-4.0, -1.0, -0.3, 0.0, 0.5, 1.0, 1.1, 2.0, 5.0, 6.0)
            for steps in (0, 7, 60)
        ]


def squared(margin: float) -> tuple[float, float]:
    """Squared error with target 1, and its slope."""
    loss, cache = F.mse_loss([margin], [1.0])
    return float(loss), float(F.mse_loss_backward(1.0, cache)[0])


def logistic(margin: float) -> tuple[float, float]:
    """Logistic loss with target 1, and its slope."""
    loss, cache = F.binary_cross_entropy_with_logits([margin], [1.0])
    return float(loss), float(F.binary_cross_entropy_with_logits_backward(1.0, cache)[0])


def hinge(margin: float) -> tuple[float, float]:
    """Hinge loss of the scores (margin, 0) with label 0, and its slope."""
    loss, cache = F.multiclass_hinge_loss([[margin, 0.0]], [0])
    return float(loss), float(F.multiclass_hinge_loss_backward(1.0, cache)[0, 0])


def zero_one(margin: float) -> tuple[float, float]:
    """1 if the answer is wrong, and the slope of that: 0 wherever there is one."""
    return float(margin < 0), 0.0


LOSSES: dict[str, Judge] = {
    "squared": squared,
    "logistic": logistic,
    "hinge": hinge,
    "zero_one": zero_one,
}


def descend(judge: Judge, margin: float, steps: int) -> float:
    """Where gradient descent on the margin ends.

    Examples
    --------
    >>> round(descend(hinge, 0.75, 60), 6), round(descend(squared, 5.0, 60), 6)
    (1.05, 1.000006)
    """
    for _ in range(steps):
        margin = margin - RATE * judge(margin)[1]
    return margin


def _numbers(margin: float, steps: int) -> dict[str, Any]:
    return {name: [*judge(margin), descend(judge, margin, steps)] for name, judge in LOSSES.items()}
