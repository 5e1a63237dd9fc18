"""W2.5: four linear models on three clouds that can be moved (deck rows 8, 22, 28, 30)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg.linear_models import (
    GradientClassifier,
    MulticlassSVM,
    OneHotRidge,
    SoftmaxRegression,
)
from coursepkg.perceptron import MulticlassPerceptron
from coursepkg.widgets.base import BookWidget

MASKED = [[-2.75, -0.75], [0.0, 0.0], [2.5, 0.75], [1.0, 1.0]]
PENALTIES = (0.01, 0.03, 0.1, 0.3, 1)
EDGE = 4.0
# Offsets of the five points of a cloud; on a grid of powers of two, where sums are exact.
CLOUD = np.array([[0.5, 0.25], [-0.625, 0.125], [0.125, -0.5], [-0.25, 0.625], [0.75, -0.375]])
SVM_STEPS, EPOCHS = 400, 50


class DecisionRegions(BookWidget):
    """Least squares to one-hot targets, softmax, SVM and perceptron on the same points.

    Three clouds of five points each, and a stray sixth point of class 1.

    Parameters
    ----------
    places : middles of the three clouds, and the stray point: pairs from -4 to 4
    spread : size of the clouds: 0.5, 1 or 2
    lam : penalty of softmax and SVM, 0.01 to 1

    Raises
    ------
    traitlets.TraitError
        If a place is no pair inside the picture, or a value is not one of these.

    Examples
    --------
    >>> DecisionRegions(spread=2).state()["places"][1]
    [0.0, 0.0]
    """

    script = "decision_regions.js"
    number = "W2.5"
    title = "Four models, the same points"
    alt = (
        "Three clouds of points almost on a line, and the regions that four linear models give "
        "their classes. Least squares to one-hot targets gets five of the six points of the middle "
        "class wrong; softmax, the SVM and the perceptron give it a strip in the middle and make "
        "no mistake."
    )

    places = traitlets.List(MASKED).tag(sync=True)
    spread = traitlets.Enum([0.5, 1, 2], 1).tag(sync=True)
    lam = traitlets.Enum(PENALTIES, 0.01).tag(sync=True)

    @traitlets.validate("places")
    def _inside(self, proposal: dict[str, Any]) -> list[list[float]]:
        try:
            found = np.asarray(proposal["value"], dtype=float)
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(f"places must be pairs of numbers; {error}") from None
        if found.shape != (4, 2) or not np.all(np.abs(found) <= EDGE):
            raise traitlets.TraitError(
                f"places must be four pairs from {-EDGE} to {EDGE}, got {found.tolist()}"
            )
        return found.tolist()

    @traitlets.default("_data")
    def _ship_cloud(self) -> dict[str, Any]:
        return {"cloud": CLOUD.tolist()}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Clouds on a line, in a triangle and with a stray point far out, and each penalty."""
        triangle = [[-2.0, -1.5], [0.0, 2.0], [2.0, -1.5], [0.0, 1.0]]
        stray = [[-2.0, -1.5], [0.0, 2.0], [2.0, -1.5], [3.5, -3.5]]
        states: list[dict[str, Any]] = [
            {"places": places, "spread": spread, "lam": 0.03}
            for places in (MASKED, triangle, stray)
            for spread in (0.5, 1, 2)
        ]
        states += [
            {"places": places, "spread": 1, "lam": lam}
            for places in (MASKED, stray, triangle)
            for lam in PENALTIES
        ]
        return [(state, numbers(**state)) for state in states]


def points(places: list[list[float]], spread: float) -> tuple[np.ndarray, np.ndarray]:
    """The points (16, 2) and their labels.

    Examples
    --------
    >>> x, labels = points(MASKED, 1)
    >>> x.shape, labels.tolist().count(1)
    ((16, 2), 6)
    """
    middles, stray = np.array(places[:3]), np.array(places[3:])
    x = np.concatenate([*(middle + spread * CLOUD for middle in middles), stray])
    return x, np.append(np.repeat([0, 1, 2], len(CLOUD)), 1)


def models(lam: float) -> dict[str, OneHotRidge | GradientClassifier | MulticlassPerceptron]:
    """The four models, not yet fitted."""
    return {
        "one_hot": OneHotRidge(lam=0.01),
        "softmax": SoftmaxRegression(lam=lam, tol=1e-12),
        "svm": MulticlassSVM(lam=lam, max_iter=SVM_STEPS),
        "perceptron": MulticlassPerceptron(epochs=EPOCHS),
    }


def numbers(places: list[list[float]], spread: float, lam: float) -> dict[str, Any]:
    """Weights, biases and mistakes of each model: [[w0, w1, w2], [..], [b0, b1, b2], [wrong] * 3].

    Examples
    --------
    >>> found = numbers(MASKED, 1, 0.01)
    >>> [found[name][3][0] for name in ("one_hot", "softmax")]
    [5.0, 0.0]
    """
    x, labels = points(places, spread)
    found = {}
    for name, model in models(lam).items():
        model.fit(x, labels)
        wrong = float(np.sum(model.predict(x) != labels))
        found[name] = [*model.coef_.tolist(), model.intercept_.tolist(), [wrong] * 3]
    return found
