"""W3.2: gradient descent on a valley, one axis flat and one steep (deck rows 47 and 50)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg.optim import sgd
from coursepkg.widgets.base import BookWidget

KAPPAS = (1, 3, 10, 30, 100, 1000)
MOST_STEPS = 100
SHARES = tuple(round(0.05 * k, 2) for k in range(1, 23))  # of the edge, 2 / kappa
REACH = 2.0  # the start lies in a square with sides from -REACH to REACH


def descend(
    start: tuple[float, float] | list[float], kappa: float, lr: float, steps: int
) -> np.ndarray:
    """Return the path (steps + 1, 2) of gradient descent on ``(x^2 + kappa y^2) / 2``.

    Examples
    --------
    >>> descend([1.0, 1.0], kappa=10, lr=0.1, steps=1).tolist()
    [[1.0, 1.0], [0.9, 0.0]]
    """
    curvature = np.array([1.0, kappa])
    path = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        point, _ = sgd(path[-1], curvature * path[-1], None, lr)
        path.append(point)
    return np.array(path)


def height(path: np.ndarray, kappa: float) -> np.ndarray:
    """Return the loss along a path (T, 2).

    Examples
    --------
    >>> height(np.array([[1.0, 1.0]]), 10).tolist()
    [5.5]
    """
    return (path**2 @ np.array([1.0, kappa])) / 2


def steps_needed(kappa: float, lr: float, share: float = 1e-6) -> float:
    """Return after how many steps the loss is a millionth, at worst; infinity if never.

    Examples
    --------
    >>> [int(steps_needed(kappa, 2 / (1 + kappa))) for kappa in (1, 10, 100, 1000)]
    [1, 35, 346, 3454]
    """
    factor = max(abs(1 - lr), abs(1 - lr * kappa))
    if factor >= 1 - 1e-12:
        return float("inf")
    if factor < 1e-12:
        return 1.0
    return float(np.ceil(np.log(share) / (2 * np.log(factor)) - 1e-9))


class Valley(BookWidget):
    """Steps of gradient descent on a bowl that is `kappa` times as steep across as along.

    Parameters
    ----------
    kappa : condition number: 1, 3, 10, 30, 100 or 1000
    share : learning rate as a share of the edge, 2 / kappa: 0.05, 0.1, ... 1.1
    steps : steps taken, 0 to 100
    start : the two coordinates of the start, each from -2 to 2

    Examples
    --------
    >>> Valley(kappa=100).state()
    {'kappa': 100, 'share': 0.95, 'start': [-1.8, 0.6], 'steps': 30}
    """

    script = "valley.js"
    number = "W3.2"
    title = "One rate for two slopes"
    alt = (
        "Contours of a valley ten times steeper across than along, and thirty steps of gradient "
        "descent at 95 % of the largest stable rate. The path zigzags across the floor while it "
        "creeps along it. Beside it the factors by which one step shrinks each axis: they cross at "
        "2/11, the best rate, and the steep one passes 1 at 0.2, the edge."
    )

    kappa = traitlets.Enum(KAPPAS, 10).tag(sync=True)
    share = traitlets.Enum(SHARES, 0.95).tag(sync=True)
    steps = traitlets.Int(30, min=0, max=MOST_STEPS).tag(sync=True)
    start = traitlets.List(traitlets.Float(), [-1.8, 0.6], minlen=2, maxlen=2).tag(sync=True)

    @traitlets.validate("start")
    def _inside(self, proposal: Any) -> list[float]:
        start = proposal["value"]
        if any(abs(each) > REACH for each in start):
            raise traitlets.TraitError(f"start must lie between -2 and 2, got {start}")
        return start

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every valley at four rates, a few starts, the number of steps from 0 to all."""
        starts = ([-1.8, 0.6], [1.0, 1.0], [0.0, -2.0], [2.0, 0.0])
        states: list[dict[str, Any]] = [
            {
                "kappa": kappa,
                "share": SHARES[(7 * j + 3 * i) % len(SHARES)],
                "steps": (0, 12, 30, MOST_STEPS)[(i + j) % 4],
                "start": starts[j],
            }
            for i, kappa in enumerate(KAPPAS)
            for j in range(4)
        ]
        states.append({"kappa": 10, "share": 1.0, "steps": 30, "start": [-1.8, 0.6]})
        return [(state, _numbers(**state)) for state in states]


def _numbers(kappa: int, share: float, steps: int, start: list[float]) -> dict[str, Any]:
    """What the browser must find; a rate at the edge needs infinitely many steps: None."""
    lr = share * 2 / kappa
    path = descend(start, kappa, lr, steps)
    needed, best = steps_needed(kappa, lr), steps_needed(kappa, 2 / (1 + kappa))
    return {
        "lr": lr,
        "path": path.tolist(),
        "losses": height(path, kappa).tolist(),
        "factors": [1 - lr, 1 - lr * kappa],
        "needed": needed if np.isfinite(needed) else None,
        "needed_at_best": best,
    }
