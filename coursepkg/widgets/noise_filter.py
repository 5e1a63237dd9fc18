"""W8.4: what momentum, Adam and a falling rate do to noise in the gradient (rows 49, 97)."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import traitlets

from coursepkg.optim import MomentumState, adam, cosine_decay, momentum, sgd
from coursepkg.widgets.base import BookWidget

STEPS = 400
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
RHOS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
BATCHES = (1, 4, 16, 64)
SCHEDULES = ("constant", "halves", "cosine")
SLOPE, START, SIGMA = 1.0, 3.0, 2.0  # the slope to find, the slope to begin with, noise of one


@cache
def noise_of(batch: int) -> np.ndarray:
    """Return the noise of 400 gradients, each the mean over a batch, nearly normal.

    Examples
    --------
    >>> bool(abs(noise_of(1).std() - 2) < 0.2), bool(abs(noise_of(64).std() - 0.25) < 0.03)
    (True, True)
    """
    state, found = 3, []
    for _ in range(STEPS):
        total = 0.0
        for _ in range(batch):
            drawn = 0
            for _ in range(12):  # the sum of twelve uniform numbers has variance 1
                state = (state * 48271) % 2147483647  # a generator that a browser has as well
                drawn += state
            total += drawn / 2147483647 - 6
        found.append(SIGMA * total / batch)
    return np.array(found)


def schedule_of(kind: str, rate: float) -> Callable[[int], float]:
    """Return the rate as a function of the step: constant, half of it after half of the steps and
    so on, or half a cosine.

    Examples
    --------
    >>> [schedule_of("halves", 1.0)(t) for t in (0, 199, 200, 300, 399)]
    [1.0, 1.0, 0.5, 0.25, 0.00390625]
    """
    if kind == "halves":
        return lambda t: rate / 2 ** next(k for k in range(20) if t < STEPS * (1 - 0.5 ** (k + 1)))
    return cosine_decay(rate, STEPS) if kind == "cosine" else lambda t: rate


def slopes(
    name: str, rate: float, rho: float, batch: int, schedule: str = "constant"
) -> np.ndarray:
    """Return the slope after every step, 401 numbers.

    Momentum gets the rate times 1 - rho, so that all three go equally far along a steady gradient.

    Examples
    --------
    >>> slopes("sgd", 0.1, 0.9, 64)[0].tolist()
    3.0
    """
    at, w = schedule_of(schedule, rate), START
    state: Any = None
    path = [w]
    for t, noise in enumerate(noise_of(batch)):
        g = (w - SLOPE) + noise
        if name == "sgd":
            w, state = sgd(w, g, state, at(t))
        elif name == "momentum":
            before = MomentumState(0.0) if state is None else state
            w, state = momentum(w, g, before, at(t) * (1 - rho), rho)
        else:
            w, state = adam(w, g, state, at(t), (rho, 0.999))
        path.append(w)
    return np.array(path)


def expected(rate: float, rho: float, batch: int) -> float:
    """Return how far SGD with momentum, at a constant rate, stays from the minimum in the end.

    ``lr sigma^2 (1 + rho) / (2 (1 + rho) - lr (1 - rho))``, the root of it; `rate` as in `slopes`.

    Examples
    --------
    >>> round(expected(0.1, 0.0, 1), 4), round(expected(0.1, 0.9, 1), 4)
    (0.4588, 0.4478)
    """
    lr = rate * SIGMA**2 / batch
    return float(np.sqrt(lr * (1 + rho) / (2 * (1 + rho) - rate * (1 - rho))))


class NoiseFilter(BookWidget):
    """The slope of a line, learnt from gradients that are mostly noise.

    Parameters
    ----------
    rate : learning rate, 0.01 to 1; momentum gets it times 1 - rho
    rho : momentum, and beta1 of Adam: 0, 0.5, 0.8, 0.9, 0.95 or 0.99
    batch : samples in a mini-batch: 1, 4, 16 or 64
    schedule : "constant", "halves" or "cosine"

    Examples
    --------
    >>> NoiseFilter(batch=4).state()
    {'batch': 4, 'rate': 0.2, 'rho': 0.9, 'schedule': 'constant'}
    """

    script = "noise_filter.js"
    number = "W8.4"
    title = "Who removes the noise?"
    alt = (
        "The slope of a line over 400 steps, from 3 towards 1, learnt from noisy gradients by SGD, "
        "momentum and Adam. Momentum's curve is much smoother than that of SGD, and yet as far "
        "from 1 on average: 0.63 against 0.67 in theory. Only a larger batch or a falling rate "
        "brings the curves to 1."
    )

    rate = traitlets.Enum(RATES, 0.2).tag(sync=True)
    rho = traitlets.Enum(RHOS, 0.9).tag(sync=True)
    batch = traitlets.Enum(BATCHES, 1).tag(sync=True)
    schedule = traitlets.Enum(SCHEDULES, "constant").tag(sync=True)

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every rate and every momentum, all batches and all schedules."""
        states: list[dict[str, Any]] = [
            {"rate": rate, "rho": rho, "batch": BATCHES[(i + j) % 4], "schedule": kind}
            for i, rate in enumerate(RATES)
            for j, (rho, kind) in enumerate(
                zip(RHOS[i % 2 :: 2], SCHEDULES[i % 3 :] + SCHEDULES[: i % 3], strict=True)
            )
        ]
        states.append(cls().state())
        return [(state, _numbers(**state)) for state in states]


def _numbers(rate: float, rho: float, batch: int, schedule: str) -> dict[str, Any]:
    """What the browser must find."""
    names = ("sgd", "momentum", "adam")
    paths = [slopes(name, rate, rho, batch, schedule) for name in names]
    return {
        "paths": [path.tolist() for path in paths],
        "far": [distance(path) for path in paths],
        "rough": [roughness(path) for path in paths],
        "expected": [expected(rate, 0.0, batch), expected(rate, rho, batch)],
    }


def distance(path: np.ndarray) -> float:
    """Return the distance from the right slope over the last hundred steps, root mean square.

    Examples
    --------
    >>> distance(np.full(401, 1.5))
    0.5
    """
    return float(np.sqrt(np.mean((path[-100:] - SLOPE) ** 2)))


def roughness(path: np.ndarray) -> float:
    """Return the length of a step over the last hundred, root mean square.

    Examples
    --------
    >>> roughness(np.arange(401.0))
    1.0
    """
    return float(np.sqrt(np.mean(np.diff(path[-101:]) ** 2)))
