"""W1.2: a line, its normal, and the samples projected onto it (decks row 21)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.widgets.base import BookWidget

PER_CLASS = 24
UNIT = 8  # samples stand on a grid of eighths, so that scores are exact and no line is a near miss


def _cloud(rng: np.random.Generator, centre: list[float], spread: list[list[float]]) -> np.ndarray:
    x = rng.normal(size=(PER_CLASS, 2)) @ np.array(spread) + centre
    return np.clip(np.round(UNIT * x) / UNIT, [-5, -4], [5, 4])


def _ring(rng: np.random.Generator, radius: float) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, PER_CLASS, endpoint=False)
    around = radius * np.column_stack([np.cos(angle), np.sin(angle)])
    return _cloud(rng, [0, 0], [[0.25, 0], [0, 0.25]]) + np.round(UNIT * around) / UNIT


def _clouds() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(21)
    slanted, round_ = [[1.5, 1.1], [0.2, -0.3]], [[0.8, 0], [0, 0.8]]
    pairs = {
        "slanted": (_cloud(rng, [1.1, 0], slanted), _cloud(rng, [-1.1, 0], slanted)),
        "apart": (_cloud(rng, [2.5, 1.5], round_), _cloud(rng, [-1, -1], round_)),
        "around": (_ring(rng, 3.2), _cloud(rng, [0, 0], [[0.5, 0], [0, 0.5]])),
    }
    return {name: np.concatenate(pair) for name, pair in pairs.items()}


CLOUDS = _clouds()
LABELS = np.repeat([1, -1], PER_CLASS)


class Hyperplane(BookWidget):
    """Classification as a threshold on one number: the sample's place along w.

    Parameters
    ----------
    cloud : "slanted", "apart" or "around"
    w : the normal (w1, w2), not beyond 5 and 4
    b : the bias, -12 to 12
    sample : the sample that is looked at, 0 to 47; the first 24 are of class +1

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> Hyperplane(w=[1, 2], b=-1).state()
    {'b': -1.0, 'cloud': 'slanted', 'sample': 6, 'w': [1.0, 2.0]}
    """

    script = "hyperplane.js"
    number = "W1.2"
    title = "Every sample is one number"
    alt = (
        "Two long slanted clouds of 24 samples each, a line, and its normal w = (2, 0). Beside it "
        "every sample as one number, its place along w: two heaps, blue more to the right and "
        "orange more to the left, which overlap. The line is a threshold between them; with "
        "b = 0.5 it puts 15 of 48 samples on the wrong side, and the best threshold 11. With "
        "w = (1.5, −2), across the clouds, the heaps part and 0 remain. Doubling w and b changes "
        "neither the line nor the heaps."
    )

    cloud = traitlets.Enum(sorted(CLOUDS), "slanted").tag(sync=True)
    w = traitlets.List([2.0, 0.0]).tag(sync=True)
    b = traitlets.Float(0.5, min=-12, max=12).tag(sync=True)
    sample = traitlets.Int(6, min=0, max=2 * PER_CLASS - 1).tag(sync=True)

    @traitlets.validate("w")
    def _fit_w(self, proposal: dict[str, Any]) -> list[float]:
        try:
            w1, w2 = map(float, proposal["value"])
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(f"w must be two numbers (w1, w2); {error}") from None
        if not (abs(w1) <= 5 and abs(w2) <= 4):
            raise traitlets.TraitError(f"w must be within 5 and 4, got ({w1:g}, {w2:g})")
        return [w1, w2]

    @traitlets.default("_data")
    def _ship_clouds(self) -> dict[str, Any]:
        return {"clouds": {name: x.tolist() for name, x in CLOUDS.items()}}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every cloud with some lines, one of them without direction."""
        lines = [([2.0, 0.0], 0.5), ([1.5, -2.0], -1.25), ([-0.5, 0.125], 3.0), ([0.0, 0.0], 1.0)]
        lines += [([-3.0, -4.0], -7.5), ([0.0, 4.0], 12.0), ([3.5, -2.0], 1.0)]
        states: list[dict[str, Any]] = [
            {"cloud": cloud, "w": w, "b": b, "sample": 5 * i}
            for cloud in CLOUDS
            for i, (w, b) in enumerate(lines)
        ]
        return [(state, _numbers(**state)) for state in states]


def fewest_errors(along: np.ndarray, labels: np.ndarray) -> int:
    """Return the errors of the best threshold on one number a sample, +1 from it upwards."""
    thresholds = np.append(np.unique(along), np.inf)
    guesses = np.where(along >= thresholds[:, None], 1, -1)
    return int((guesses != labels).sum(axis=1).min())


def _numbers(cloud: str, w: list[float], b: float, sample: int) -> dict[str, Any]:
    scores = F.linear(CLOUDS[cloud], np.array(w)[:, None], np.array([b]))[0][:, 0]
    length = float(np.linalg.norm(w))
    return {
        "scores": scores.tolist(),
        "length": length,
        "score": float(scores[sample]),
        "distance": float(scores[sample]) / length if length else None,
        "threshold": -b / length if length else None,
        "errors": int(np.sum(np.where(scores >= 0, 1, -1) != LABELS)),
        "fewest": fewest_errors(scores - b, LABELS),
    }
