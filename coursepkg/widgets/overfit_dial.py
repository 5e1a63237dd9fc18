"""W7.3: fit and generalisation over samples, width, penalty and noise (deck row 24)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.widgets.base import BookWidget

LAMBDAS = (*(float(f"{a}e-{b}") for b in range(6, 0, -1) for a in (1, 3)), 1.0)
WIDTHS = (1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 32)
NOISES = (0.0, 0.1, 0.2, 0.3, 0.5)
MOST = 60
GRID = np.linspace(-1, 1, 61)
KINKS = np.array([2 * int(f"{k:06b}"[::-1], 2) / 64 - 1 for k in range(max(WIDTHS))])
_rng = np.random.default_rng(5)
PLACES = _rng.uniform(-1, 1, MOST).round(3)  # of the samples
DRAWS = _rng.standard_normal(MOST).round(3)  # of the noise, to be multiplied by its size


def truth(x: np.ndarray) -> np.ndarray:
    """The curve that the samples are taken from."""
    return np.sin(4 * x)


def hidden(x: np.ndarray, width: int) -> np.ndarray:
    """ReLUs with kinks spread over the axis, looking right and left in turn; a one for the bias.

    Examples
    --------
    >>> hidden(np.array([0.5]), 2).tolist()
    [[1.5, 0.0, 1.0]]
    """
    sides = np.where(np.arange(width) % 2, -1.0, 1.0)
    units = F.relu(sides * (x[:, None] - KINKS[:width]))[0]
    return np.concatenate([units, np.ones((len(x), 1))], axis=1)


def fit(n: int, width: int, lam: float, noise: float) -> tuple[np.ndarray, float, float]:
    """Find the output weights with the least ``mean squared error + lam * ||w||^2``.

    Parameters
    ----------
    n : samples to learn from, the first of 60
    width : hidden units
    lam : weight of the penalty; the bias is free of it
    noise : standard deviation of the noise in the samples

    Returns
    -------
    curve : array (61,), what is predicted on the grid
    train : mean squared error on the samples
    test : mean squared error on new samples on the grid, with the noise expected there

    Examples
    --------
    >>> curve, train, test = fit(14, 14, 1e-6, 0.3)  # learned by heart
    >>> curve.shape, train < 0.001, test > 0.3
    ((61,), True, True)
    """
    x = PLACES[:n]
    t = truth(x) + noise * DRAWS[:n]
    inputs = hidden(x, width)
    penalty = np.sqrt(n * lam) * np.eye(width, width + 1)
    left, right = np.vstack([inputs, penalty]), np.concatenate([t, np.zeros(width)])
    w = np.linalg.lstsq(left, right, rcond=None)[0]
    curve = hidden(GRID, width) @ w
    train = float(np.mean((inputs @ w - t) ** 2))
    return curve, train, float(np.mean((curve - truth(GRID)) ** 2)) + noise**2


class OverfitDial(BookWidget):
    """A network of one hidden layer fitted to a few noisy samples of a curve.

    Parameters
    ----------
    n : samples, 6 to 60
    width : hidden units: 1, 2, 4, ... 16, 20, 24 or 32
    lam : weight of the penalty: 1e-6, 3e-6, 1e-5, ... 1
    noise : standard deviation of the noise: 0, 0.1, 0.2, 0.3 or 0.5

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> OverfitDial(n=30).state()
    {'lam': 1e-06, 'n': 30, 'noise': 0.3, 'width': 14}
    """

    script = "overfit_dial.js"
    number = "W7.3"
    title = "Learned, or learned by heart?"
    alt = (
        "Fourteen noisy samples of a sine, and a curve of 14 hidden units that passes through "
        "nearly all of them and swings wildly between. Below, errors over the penalty: on the "
        "samples the error only grows with it, on new ones it has its least value in between, "
        "0.12 against 0.38 at the smallest penalty. More units lower only the first of the two."
    )

    n = traitlets.Int(14, min=6, max=MOST).tag(sync=True)
    width = traitlets.Enum(WIDTHS, 14).tag(sync=True)
    lam = traitlets.Enum(LAMBDAS, 1e-6).tag(sync=True)
    noise = traitlets.Enum(NOISES, 0.3).tag(sync=True)

    @traitlets.default("_data")
    def _ship_samples(self) -> dict[str, Any]:
        return {"places": PLACES.tolist(), "draws": DRAWS.tolist()}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Few and many samples and units, every size of noise, penalties from least to most."""
        states: list[dict[str, Any]] = [
            {"n": n, "width": width, "lam": LAMBDAS[(5 * i + 3 * j) % 13], "noise": NOISES[j % 5]}
            for i, n in enumerate((6, 14, 33, MOST))
            for j, width in enumerate((1, 6, 14, 16, 24, 32))
        ]
        states.append({"n": 14, "width": 14, "lam": 1e-6, "noise": 0.3})
        return [(state, _numbers(**state)) for state in states]


def _numbers(n: int, width: int, lam: float, noise: float) -> dict[str, Any]:
    """What the browser must find."""
    curve, train, test = fit(n, width, lam, noise)
    over_lam = [fit(n, width, each, noise)[1:] for each in LAMBDAS]
    over_width = [fit(n, each, lam, noise)[1:] for each in WIDTHS]
    return {
        "curve": curve.tolist(),
        "train": train,
        "test": test,
        "over_lam": over_lam,
        "over_width": over_width,
        "best_lam": LAMBDAS[int(np.argmin([pair[1] for pair in over_lam]))],
    }
