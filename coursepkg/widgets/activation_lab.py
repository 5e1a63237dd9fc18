"""W4.1: what an activation does to numbers, and to their gradients (deck rows 52, 53)."""

from statistics import NormalDist
from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.widgets.base import BookWidget

FUNCTIONS = ("step", "sigmoid", "tanh", "relu", "leaky_relu", "elu")
STDS = (0.1, 0.3, 1, 2, 4, 6, 8)
LEAKS = (0.01, 0.1, 0.3, 1)
FLAT = 0.01  # a slope below this lets next to nothing back
BINS = 20

# 200 numbers spread like a standard normal distribution; an even number, so that none of them is 0.
Z = np.array([round(NormalDist().inv_cdf((i + 0.5) / 200), 4) for i in range(200)])


class ActivationLab(BookWidget):
    """An activation, the 200 numbers that go into it, what comes out, and how steep it was there.

    Parameters
    ----------
    function : "step", "sigmoid", "tanh", "relu", "leaky_relu" or "elu"
    mean : mean of the inputs, -8 to 8
    std : their standard deviation: 0.1, 0.3, 1, 2, 4, 6 or 8
    leak : negative slope of leaky ReLU, alpha of ELU: 0.01, 0.1, 0.3 or 1

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> ActivationLab(function="relu", std=1).state()
    {'function': 'relu', 'leak': 0.1, 'mean': 0, 'std': 1}
    """

    script = "activation_lab.js"
    number = "W4.1"
    title = "What goes in, what comes out, how steep it was"
    alt = (
        "The sigmoid with 200 inputs of mean 0 and standard deviation 6 on its axis. Histograms "
        "below: the outputs crowd at 0 and 1, and 44 % of the inputs meet a slope below 0.01. The "
        "mean slope is 0.064 where the sigmoid's best is 0.25."
    )

    function = traitlets.Enum(FUNCTIONS, "sigmoid").tag(sync=True)
    mean = traitlets.Int(0, min=-8, max=8).tag(sync=True)
    std = traitlets.Enum(STDS, 6).tag(sync=True)
    leak = traitlets.Enum(LEAKS, 0.1).tag(sync=True)

    @traitlets.default("_data")
    def _ship_inputs(self) -> dict[str, Any]:
        return {"z": Z.tolist()}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every function on narrow, wide and shifted inputs, and the leaks."""
        inputs = [(0, 1), (0, 6), (-3, 0.3), (2, 2)]
        states: list[dict[str, Any]] = [
            {"function": function, "mean": mean, "std": std, "leak": 0.1}
            for function in FUNCTIONS
            for mean, std in inputs
        ]
        states += [
            {"function": function, "mean": -1, "std": 4, "leak": leak}
            for function in ("leaky_relu", "elu")
            for leak in LEAKS
        ]
        return [(state, _numbers(**state)) for state in states]


def activate(function: str, x: np.ndarray, leak: float) -> tuple[np.ndarray, np.ndarray]:
    """Outputs of an activation, and its slope at every input: the backward pass of ones.

    Examples
    --------
    >>> activate("relu", np.array([-1.0, 2.0]), 0.1)
    (array([0., 2.]), array([0., 1.]))
    """
    if function == "step":
        return F.step(x), np.zeros_like(x)
    options = (leak,) if function in ("leaky_relu", "elu") else ()
    out, cache = getattr(F, function)(x, *options)
    return out, getattr(F, f"{function}_backward")(np.ones_like(x), cache)


def span(function: str) -> tuple[float, float]:
    """Ends of the histogram of outputs; what lies outside is counted at the ends."""
    return {"step": (0, 1), "sigmoid": (0, 1), "tanh": (-1, 1)}.get(function, (-2, 8))


def histogram(values: np.ndarray, low: float, high: float) -> list[int]:
    """How many values fall into each of 20 bins."""
    bins = ((values - low) / (high - low) * BINS).astype(int)
    return np.bincount(np.clip(bins, 0, BINS - 1), minlength=BINS).tolist()


def _numbers(function: str, mean: float, std: float, leak: float) -> dict[str, Any]:
    out, slope = activate(function, mean + std * Z, leak)
    mean_slope = float(slope.mean())
    return {
        "out": out.tolist(),
        "slope": slope.tolist(),
        "mean_out": float(out.mean()),
        "mean_slope": mean_slope,
        "flat": float(np.mean(slope < FLAT)),
        "after_ten": mean_slope**10,
        "out_bins": histogram(out, *span(function)),
        "slope_bins": histogram(slope, 0, 1),
    }
