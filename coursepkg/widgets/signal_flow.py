"""W7.1: how far a signal gets in a fresh network, and how far the blame gets back (E-U14)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg.widgets.base import BookWidget
from coursepkg.widgets.frames import frames
from coursepkg.widgets.signal_runs import ACTIVATIONS, DEPTHS, STDS, WIDTH, recorded


class SignalFlow(BookWidget):
    """Sizes of activations and gradients through a fresh network of 256 units a layer.

    Parameters
    ----------
    activation : "relu", "tanh" or "sigmoid"
    std : standard deviation of the first weights: 0.01, 0.04, 0.0625 (Xavier's), 0.0884 (He's),
        0.1, 0.125, 0.25 or 1
    depth : layers: 2, 5, 10, 20 or 50

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> SignalFlow(std=0.0884).state()
    {'activation': 'relu', 'depth': 10, 'std': 0.0884}
    """

    script = "signal_flow.js"
    number = "W7.1"
    title = "How far does a signal get?"
    alt = (
        "Two charts over the layers of a fresh network of ten layers with 256 ReLUs each, both on "
        "logarithmic axes. With weights of standard deviation 0.01 the signal falls in a straight "
        "line from 1 to 3e-10, a factor of 0.11 a layer; the gradient falls as fast the other way, "
        "and so every layer gets the same tiny step. With 0.0884, He's, all lines are flat."
    )

    activation = traitlets.Enum(list(ACTIVATIONS), "relu").tag(sync=True)
    std = traitlets.Enum(STDS, 0.01).tag(sync=True)
    depth = traitlets.Enum(DEPTHS, 10).tag(sync=True)

    @traitlets.default("_data")
    def _ship_frames(self) -> dict[str, Any]:
        return frames("signal_runs")

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every activation with every spread, at depths in turn."""
        states: list[dict[str, Any]] = [
            {"activation": name, "std": std, "depth": DEPTHS[(i + j) % len(DEPTHS)]}
            for i, name in enumerate(ACTIVATIONS)
            for j, std in enumerate(STDS)
        ]
        return [(state, _numbers(**state)) for state in states]


def factors(activation: str, std: float) -> float:
    """Return what a layer makes of a small signal: by how much its size is multiplied.

    Examples
    --------
    >>> round(factors("relu", 0.01), 3)
    0.113
    """
    slope = {"relu": np.sqrt(0.5), "tanh": 1.0, "sigmoid": 0.25}[activation]
    return float(slope * std * np.sqrt(WIDTH))


def _numbers(activation: str, std: float, depth: int) -> dict[str, Any]:
    """What the browser must find."""
    signal, blame, gradient = (10**logs for logs in recorded(activation, std, depth))
    steps = depth - 1
    return {
        "signal": np.log10(signal).tolist(),
        "blame": np.log10(blame).tolist(),
        "gradient": np.log10(gradient).tolist(),
        "forward": float((signal[-1] / signal[0]) ** (1 / steps)),
        "back": float((blame[0] / blame[-1]) ** (1 / steps)),
        "expected": factors(activation, std),
    }
