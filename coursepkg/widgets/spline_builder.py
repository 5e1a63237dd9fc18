"""W4.2: a curve out of ReLUs, kink by kink (deck rows 65, 66)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.widgets.base import BookWidget

MOST = 20
TARGETS = ("wave", "absolute value", "hat", "parabola", "jump")
WEIGHTS = ("fitted", "by hand")
SAMPLES = np.array([(i - 40) / 40 for i in range(81)])  # where the fit looks
ROUNDING = 1e-9  # a bend smaller than this is none

HAND = {
    "kinks": [round(-1 + 0.1 * i, 2) for i in range(MOST)],
    "slopes": [1.0, -2.0, 2.0] + [0.0] * (MOST - 3),
    "start": [-0.5],
}


class SplineBuilder(BookWidget):
    """A network with one hidden layer of ReLUs, one input and one output, built kink by kink.

    The output is ``start + sum of slopes[i] * relu(x - kinks[i])`` over the first `n` units.

    Parameters
    ----------
    n : hidden units, 1 to 20
    target : "wave", "absolute value", "hat", "parabola" or "jump", on -1 to 1
    weights : "fitted": kinks evenly spaced, the rest by least squares; or "by hand"
    unit : which unit is shown, counted from 1
    hand : kinks (20, each from -1 to 0.95), slopes (20) and start (1), used "by hand"

    Raises
    ------
    traitlets.TraitError
        If a value is out of its bounds, or `hand` lacks a part or has one of another length.

    Examples
    --------
    >>> SplineBuilder(n=4).weights
    'fitted'
    """

    script = "spline_builder.js"
    number = "W4.2"
    title = "How many ReLUs does a curve need?"
    alt = (
        "A wave on the interval from −1 to 1 and the best a network of 4 hidden ReLUs with evenly "
        "spaced kinks makes of it: a broken line with 4 kinks and 5 pieces, off by 0.073 in the "
        "root mean square. With 8 units the error is 0.017, with 20 it is 0.003."
    )

    n = traitlets.Int(4, min=1, max=MOST).tag(sync=True)
    target = traitlets.Enum(TARGETS, "wave").tag(sync=True)
    weights = traitlets.Enum(WEIGHTS, "fitted").tag(sync=True)
    unit = traitlets.Int(2, min=1, max=MOST).tag(sync=True)
    hand = traitlets.Dict(default_value=HAND).tag(sync=True)

    @traitlets.validate("hand")
    def _fit_hand(self, proposal: dict[str, Any]) -> dict[str, list[float]]:
        value, found = proposal["value"], {}
        if set(value) != set(HAND):
            raise traitlets.TraitError(f"hand takes {', '.join(HAND)}, got {', '.join(value)}")
        for name, like in HAND.items():
            numbers = np.asarray(value[name], dtype=float)
            if numbers.shape != (len(like),) or not np.isfinite(numbers).all():
                raise traitlets.TraitError(
                    f"hand: {name} must be {len(like)} finite numbers, got shape {numbers.shape}"
                )
            found[name] = numbers.tolist()
        if min(found["kinks"]) < -1 or max(found["kinks"]) > 0.95:
            raise traitlets.TraitError("hand: kinks must lie between -1 and 0.95")
        return found

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """The sizes of the deck on every target, fitted; then weights by hand."""
        states: list[dict[str, Any]] = [
            {"n": n, "target": target, "weights": "fitted", "unit": 1, "hand": HAND}
            for n in (1, 3, 4, 6, 8, 20)
            for target in TARGETS
        ]
        rng = np.random.default_rng(4)
        for n in (2, 5, 20):
            own = {
                "kinks": rng.permutation(HAND["kinks"]).tolist(),
                "slopes": rng.normal(size=MOST).round(2).tolist(),
                "start": [0.25],
            }
            states.append({"n": n, "target": "wave", "weights": "by hand", "unit": 1, "hand": own})
        return [(state, _numbers(**state)) for state in states]


def target_curve(name: str, x: np.ndarray) -> np.ndarray:
    """What the network is to imitate, on -1 to 1.

    Examples
    --------
    >>> target_curve("hat", np.array([-0.5, 0.0, 0.25]))
    array([0. , 1. , 0.5])
    """
    return {
        "wave": np.sin(3 * x + 0.5),
        "absolute value": np.abs(x),
        "hat": np.maximum(0, 1 - np.abs(2 * x)),
        "parabola": x * x,
        "jump": np.where(x > 0, 1.0, 0.0),
    }[name]


def fitted(n: int, target: str, kinks: Any = None) -> dict[str, list[float]]:
    """Kinks (evenly spaced if none are given), slopes and start with the least squared error."""
    kinks = np.array([-1 + 2 * i / n for i in range(n)] if kinks is None else kinks)
    hidden = F.relu(F.linear(SAMPLES[:, None], np.ones((1, n)), -kinks)[0])[0]
    features = np.column_stack([np.ones(len(SAMPLES)), hidden])
    found = np.linalg.lstsq(features, target_curve(target, SAMPLES), rcond=None)[0]
    return {"kinks": kinks.tolist(), "slopes": found[1:].tolist(), "start": [float(found[0])]}


def network(x: np.ndarray, kinks: Any, slopes: Any, start: Any) -> np.ndarray:
    """Outputs of the network for inputs x: linear 1-n, ReLU, linear n-1.

    Examples
    --------
    >>> network(np.array([-1.0, 0.5]), [0.0], [2.0], [1.0])
    array([1., 2.])
    """
    w1, w2 = np.ones((1, len(kinks))), np.reshape(slopes, (-1, 1))
    hidden = F.relu(F.linear(x[:, None], w1, -np.asarray(kinks))[0])[0]
    return F.linear(hidden, w2, np.asarray(start))[0][:, 0]


def _numbers(n: int, target: str, weights: str, unit: int, hand: dict[str, Any]) -> dict[str, Any]:
    first = {name: value[: n if name != "start" else 1] for name, value in hand.items()}
    net = fitted(n, target) if weights == "fitted" else first
    out = network(SAMPLES, **net)
    corners = {kink for kink in net["kinks"] if abs(_bend(net, kink)) > ROUNDING}
    wanted = target_curve(target, SAMPLES)
    return {
        "out": out.tolist(),
        "slopes": net["slopes"],
        "rms": float(np.sqrt(np.mean((out - wanted) ** 2))),
        "largest": float(np.abs(out - wanted).max()),
        "pieces": len(corners) + 1,
    }


def _bend(net: dict[str, Any], kink: float) -> float:
    pairs = zip(net["kinks"], net["slopes"], strict=True)
    return sum(slope for place, slope in pairs if place == kink)
