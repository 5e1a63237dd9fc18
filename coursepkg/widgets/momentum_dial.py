"""W8.2: rate and momentum as a plane, coloured by how fast they converge (deck rows 96, 97)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg.optim import MomentumState, momentum
from coursepkg.widgets.base import BookWidget

KAPPAS = (1, 3, 10, 30, 100)
MOST_STEPS = 150
REACH = 4.0  # the plane shows lr * kappa from 0.05 to 4, and rho from 0 to 0.99


def roots(lr: float, rho: float, curvature: float) -> np.ndarray:
    """Return the two complex factors of a step with momentum along one curvature.

    They solve ``z^2 - (1 + rho - lr * curvature) z + rho = 0``.

    Examples
    --------
    >>> roots(0.1, 0.0, 1.0).real.tolist()
    [0.9, 0.0]
    """
    middle = 1 + rho - lr * curvature
    root = np.sqrt(complex(middle * middle - 4 * rho))
    pair = np.array([middle + root, middle - root]) / 2
    return pair[np.argsort(-np.abs(pair), kind="stable")]


def radius(lr: float, rho: float, curvature: float) -> float:
    """Return what a step leaves in the long run: the size of the larger factor.

    Examples
    --------
    >>> radius(0.1, 0.81, 1.0), round(radius(0.1, 0.0, 1.0), 12)
    (0.9, 0.9)
    """
    middle = abs(1 + rho - lr * curvature)
    inside = middle * middle - 4 * rho
    return float(np.sqrt(rho)) if inside < 0 else float(middle + np.sqrt(inside)) / 2


def best(kappa: float) -> tuple[float, float]:
    """Return the rate and the momentum that are best for curvatures from 1 to `kappa` (Polyak).

    Examples
    --------
    >>> [round(value, 6) for value in best(9)]
    [0.25, 0.25]
    """
    root = kappa**0.5
    return (2 / (1 + root)) ** 2, ((root - 1) / (root + 1)) ** 2


def roll(lr: float, rho: float, kappa: float, steps: int) -> np.ndarray:
    """Return the path (steps + 1, 2) of momentum on ``(x^2 + kappa y^2) / 2`` from (-2, 1).

    Examples
    --------
    >>> roll(0.1, 0.9, 1, 2)[:, 0].round(6).tolist()
    [-2.0, -1.8, -1.44]
    """
    w, state = np.array([-2.0, 1.0]), MomentumState(np.zeros(2))
    path = [w]
    for _ in range(steps):
        w, state = momentum(w, np.array([1.0, kappa]) * w, state, lr, rho)
        path.append(w)
    return np.array(path)


class MomentumDial(BookWidget):
    """Momentum on a valley: choose the rate and the share of the velocity that is kept.

    Parameters
    ----------
    kappa : condition number: 1, 3, 10, 30 or 100
    rate : learning rate times kappa, 0.05 to 4; beyond 2 (1 + rho) nothing converges
    rho : momentum, 0 to 0.99
    steps : steps taken, 0 to 150

    Examples
    --------
    >>> MomentumDial(rho=0.5).state()
    {'kappa': 30, 'rate': 1.9, 'rho': 0.5, 'steps': 60}
    """

    script = "momentum_dial.js"
    number = "W8.2"
    title = "How much of the past to keep"
    alt = (
        "A plane of learning rate and momentum, darker where fewer steps are needed. The dark "
        "spot is the top of a ridge: with momentum 0.48 and the best rate each step leaves 69 % "
        "of the distance, without momentum 94 % at best. Below the ridge both directions creep, "
        "above it they swing."
    )

    kappa = traitlets.Enum(KAPPAS, 30).tag(sync=True)
    rate = traitlets.Float(1.9, min=0.05, max=REACH).tag(sync=True)
    rho = traitlets.Float(0.9, min=0.0, max=0.99).tag(sync=True)
    steps = traitlets.Int(60, min=0, max=MOST_STEPS).tag(sync=True)

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every valley, below the ridge, on it, above it and over the edge."""
        points = ((1.9, 0.0), (1.9, 0.9), (0.5, 0.25), (3.2, 0.5), (0.05, 0.99))
        states: list[dict[str, Any]] = [
            {"kappa": kappa, "rate": rate, "rho": rho, "steps": (60, 20, 0, 40, 5)[(i + j) % 5]}
            for i, kappa in enumerate(KAPPAS)
            for j, (rate, rho) in enumerate(points)
        ]
        return [(state, _numbers(**state)) for state in states]


def _numbers(kappa: int, rate: float, rho: float, steps: int) -> dict[str, Any]:
    """What the browser must find."""
    lr = rate / kappa
    leaves = [radius(lr, rho, curvature) for curvature in (1, kappa)]
    top = best(kappa)
    return {
        "lr": lr,
        "path": roll(lr, rho, kappa, steps).tolist(),
        "leaves": leaves,
        "best": list(top),
        "best_leaves": top[1] ** 0.5,
        "plain_leaves": (kappa - 1) / (kappa + 1),
    }
