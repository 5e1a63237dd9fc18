"""W4.4: how a hidden layer of two units makes XOR separable (deck rows 54, 57)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.widgets.base import BookWidget

POINTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
LABELS = np.array([0, 1, 1, 0])
ACTIVATIONS = ("relu", "none", "step", "sigmoid", "tanh")

PRESETS: dict[str, dict[str, Any]] = {
    "solved": {"W1": [[1, 1], [1, 1]], "b1": [0, -1], "w2": [1, -2], "b2": [0]},
    "mirror": {"W1": [[1, -1], [-1, 1]], "b1": [0, 0], "w2": [1, 1], "b2": [0]},
    "gates": {"W1": [[1, 1], [1, 1]], "b1": [-0.5, -1.5], "w2": [1, -1], "b2": [0]},
    "twins": {"W1": [[1, 1], [1, 1]], "b1": [-0.5, -0.5], "w2": [1, 1], "b2": [0]},
}
LARGEST = 5.0


class XorFolding(BookWidget):
    """Two inputs, two hidden units, one output: the plane, and what the hidden layer makes of it.

    Parameters
    ----------
    preset : "solved", "mirror", "gates" (OR and AND), "twins" (equal units), or "mine"
    activation : "relu", "none", "step", "sigmoid" or "tanh", of the hidden units
    fold : 0 shows the input plane, 100 the hidden plane, and numbers between the way there
    mine : W1 (2, 2) with a column for each hidden unit, b1 (2), w2 (2), b2 (1), from -5 to 5

    Raises
    ------
    traitlets.TraitError
        If `mine` lacks a part, or one has another shape or a number out of bounds.

    Examples
    --------
    >>> XorFolding(preset="mirror").fold
    100
    """

    script = "xor_folding.js"
    number = "W4.4"
    title = "The plane, folded until one line is enough"
    alt = (
        "Left the unit square with XOR on its corners: no single line parts (0, 1) and (1, 0) from "
        "(0, 0) and (1, 1). Right the same four points after h1 = relu(x1 + x2) and "
        "h2 = relu(x1 + x2 − 1): (0, 0), twice (1, 0) and (2, 1). There the line h1 − 2 h2 = 1/2 "
        "parts them."
    )

    preset = traitlets.Enum([*PRESETS, "mine"], "solved").tag(sync=True)
    activation = traitlets.Enum(ACTIVATIONS, "relu").tag(sync=True)
    fold = traitlets.Int(100, min=0, max=100).tag(sync=True)
    mine = traitlets.Dict(default_value=PRESETS["solved"]).tag(sync=True)

    @traitlets.default("_data")
    def _ship_presets(self) -> dict[str, Any]:
        return {"presets": PRESETS}

    @traitlets.validate("mine")
    def _fit_mine(self, proposal: dict[str, Any]) -> dict[str, Any]:
        value, found = proposal["value"], {}
        for name, like in PRESETS["solved"].items():
            numbers = np.asarray(value.get(name, []), dtype=float)
            if numbers.shape != np.shape(like) or not (np.abs(numbers) <= LARGEST).all():
                raise traitlets.TraitError(
                    f"mine: {name} must have shape {np.shape(like)} and numbers from -5 to 5, "
                    f"got shape {numbers.shape}"
                )
            found[name] = numbers.tolist()
        return found

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every set of weights with every activation, and two of no particular kind."""
        own = {"W1": [[0.8, -1.3], [-0.6, 0.9]], "b1": [0.3, -0.2], "w2": [1.1, 0.7], "b2": [-0.1]}
        states: list[dict[str, Any]] = [
            {"preset": preset, "activation": activation, "fold": 100, "mine": own}
            for preset in [*PRESETS, "mine"]
            for activation in ACTIVATIONS
        ]
        return [(state, _numbers(**state)) for state in states]


def forward(net: dict[str, Any], activation: str) -> tuple[np.ndarray, np.ndarray]:
    """Hidden layer (4, 2) and outputs (4,) of the four points of the square.

    Examples
    --------
    >>> forward(PRESETS["solved"], "relu")[1]
    array([0., 1., 1., 0.])
    """
    z = F.linear(POINTS, net["W1"], net["b1"])[0]
    if activation == "step":
        hidden = F.step(z)
    else:
        hidden = z if activation == "none" else getattr(F, activation)(z)[0]
    return hidden, F.linear(hidden, np.reshape(net["w2"], (2, 1)), net["b2"])[0][:, 0]


def street(hidden: np.ndarray) -> float:
    """Width of the widest street between the two classes, 0 if no line can part them.

    Each class has two points, so this is the distance between two segments.

    Examples
    --------
    >>> street(POINTS)
    0.0
    """
    (a, b), (c, d) = hidden[LABELS == 0], hidden[LABELS == 1]
    if _crossing(a, b, c, d):
        return 0.0
    pairs = [(a, c, d), (b, c, d), (c, a, b), (d, a, b)]
    return min(_to_segment(*one) for one in pairs)


def _crossing(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> bool:
    def side(p: np.ndarray, q: np.ndarray, r: np.ndarray) -> float:
        return float((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def _to_segment(p: np.ndarray, a: np.ndarray, b: np.ndarray) -> float:
    along = b - a
    share = np.clip((p - a) @ along / ((along @ along) or 1.0), 0, 1)
    return float(np.linalg.norm(p - a - share * along))


def _numbers(preset: str, activation: str, fold: int, mine: dict[str, Any]) -> dict[str, Any]:
    hidden, y = forward(mine if preset == "mine" else PRESETS[preset], activation)
    return {
        "hidden": hidden.tolist(),
        "y": y.tolist(),
        "correct": int(np.sum((y > 0.5) == LABELS)),
        "gap": street(hidden),
    }
