"""W3.3: gradients of mini-batches around that of all samples (deck row 49)."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.widgets.base import BookWidget

BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
PLACES = (0.0, 0.5, 0.8, 0.95, 1.0)
SAMPLES, DRAWS, BINS = 256, 150, 12
FAR = np.array([[2.0], [-1.5]])  # where the walk begins


def _samples() -> tuple[np.ndarray, np.ndarray]:
    """Inputs (256, 2) and noisy targets (256, 1), rounded so that they are short to ship."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal((SAMPLES, 2)) @ np.array([[1.0, 0.3], [0.0, 0.8]])
    t = x @ np.array([[-0.5], [1.0]]) + rng.standard_normal((SAMPLES, 1))
    return x.round(2), t.round(2)


X, T = _samples()
BEST = np.linalg.lstsq(X, T, rcond=None)[0].round(6)


def gradient(rows: Iterable[int], place: float) -> np.ndarray:
    """Return the gradient (2,) of half the mean squared error over some rows.

    Parameters
    ----------
    rows : numbers of samples, 0 to 255
    place : where on the way from the start, 0, to the minimum, 1

    Examples
    --------
    >>> bool(np.linalg.norm(gradient(range(256), 1.0)) < 1e-5)
    True
    """
    w = FAR + place * (BEST - FAR)
    rows = list(rows)
    out, linear = F.linear(X[rows], w, np.zeros(1))
    _, squares = F.half_squared_error(out, T[rows])
    return F.linear_backward(F.half_squared_error_backward(1.0, squares), linear).dw[:, 0]


def draws(batch: int, seed: int, replace: str) -> list[list[int]]:
    """Draw 150 mini-batches with a generator that a browser has as well.

    Examples
    --------
    >>> [sorted(draws(256, 0, "without")[0])[k] for k in (0, 1, 255)]
    [0, 1, 255]
    """
    state, found = 2 * seed + 1, []
    for _ in range(DRAWS):
        order, rows = list(range(SAMPLES)), []
        for i in range(batch):
            state = (state * 48271) % 2147483647
            if replace == "with":
                rows.append(state % SAMPLES)
                continue
            j = i + state % (SAMPLES - i)
            order[i], order[j] = order[j], order[i]
            rows.append(order[i])
        found.append(rows)
    return found


def spread_of_one(place: float) -> float:
    """Return how far the gradient of one sample lies from that of all, root mean square.

    Examples
    --------
    >>> spread_of_one(0.0) > spread_of_one(1.0)
    True
    """
    full = gradient(range(SAMPLES), place)
    one = np.array([gradient([n], place) for n in range(SAMPLES)])
    return float(np.sqrt(np.mean(np.sum((one - full) ** 2, axis=1))))


def expected_spread(batch: int, place: float, replace: str) -> float:
    """Return the spread of mini-batches: ``spread_of_one / sqrt(batch)``, less without replacement.

    Examples
    --------
    >>> expected_spread(256, 0.0, "without")
    0.0
    """
    left = 1.0 if replace == "with" else (SAMPLES - batch) / (SAMPLES - 1)
    return spread_of_one(place) * float(np.sqrt(left / batch))


class MinibatchCloud(BookWidget):
    """150 mini-batch gradients of a model with two weights, and the gradient of all 256 samples.

    Parameters
    ----------
    batch : samples in a mini-batch: 1, 2, 4, ... 256
    place : how much of the way to the minimum is done: 0, 0.5, 0.8, 0.95 or 1
    replace : "with" or "without", how the samples of a mini-batch are drawn
    seed : another 150 draws, 0 to 9

    Examples
    --------
    >>> MinibatchCloud(batch=64).state()
    {'batch': 64, 'place': 0.8, 'replace': 'with', 'seed': 0}
    """

    script = "minibatch_cloud.js"
    number = "W3.3"
    title = "What a handful of samples says about all of them"
    alt = (
        "150 gradients of mini-batches of 4 samples as dots in the plane of two weights, around "
        "the gradient of all 256. The dots fill a disc wider than the true gradient is long, and "
        "some point uphill. A second picture shows their spread against the batch size: a line "
        "that falls by half where the batch grows fourfold."
    )

    batch = traitlets.Enum(BATCHES, 4).tag(sync=True)
    place = traitlets.Enum(PLACES, 0.8).tag(sync=True)
    replace = traitlets.Enum(("with", "without"), "with").tag(sync=True)
    seed = traitlets.Int(0, min=0, max=9).tag(sync=True)

    @traitlets.default("_data")
    def _ship_samples(self) -> dict[str, Any]:
        return {
            "x": X.tolist(),
            "t": T[:, 0].tolist(),
            "far": FAR[:, 0].tolist(),
            "best": BEST[:, 0].tolist(),
        }

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every batch size, both ways of drawing, every place."""
        states: list[dict[str, Any]] = [
            {
                "batch": batch,
                "place": PLACES[(i + 2 * j) % len(PLACES)],
                "replace": ("with", "without")[j % 2],
                "seed": (3 * i + j) % 10,
            }
            for i, batch in enumerate(BATCHES)
            for j in range(3)
        ]
        return [(state, _numbers(**state)) for state in states]


def _numbers(batch: int, place: float, replace: str, seed: int) -> dict[str, Any]:
    """What the browser must find."""
    full = gradient(range(SAMPLES), place)
    cloud = np.array([gradient(rows, place) for rows in draws(batch, seed, replace)])
    return {
        "full": full.tolist(),
        "cloud": cloud.tolist(),
        "spread": float(np.sqrt(np.mean(np.sum((cloud - full) ** 2, axis=1)))),
        "expected": expected_spread(batch, place, replace),
        "uphill": int(np.sum(cloud @ full < 0)),
    }
