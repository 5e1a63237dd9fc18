"""W8.1: six optimizers on one surface, each with a learning rate of its own (deck rows 48, 102)."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import traitlets

from coursepkg.optim import adagrad, adam, momentum, nesterov, rmsprop, sgd
from coursepkg.widgets.base import BookWidget

RULES: dict[str, Callable[..., tuple[Any, Any]]] = {
    "SGD": sgd,
    "Momentum": momentum,
    "Nesterov": nesterov,
    "AdaGrad": adagrad,
    "RMSProp": rmsprop,
    "Adam": adam,
}
RATES = tuple(float(f"{10 ** (k / 8 - 3):.2g}") for k in range(33))  # 0.001 to 10
SURFACES = ("valley", "turned", "banana", "saddle", "wells")
KAPPAS = (1, 10, 30, 100)
NOISES = (0.0, 0.3, 1.0, 3.0)
MOST_STEPS = 150
LAST = 10  # a score is the mean loss of so many steps: nobody wins by a lucky last one
REACH = 2.4  # half the side of the map
FAR = 10.0  # who gets so far has flown off
WORST = 1e6  # and that is his loss
TURN = np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2)  # rows: along and across the turned valley
RIDGE = np.array([[-3.0, 1.0], [1.0, 3.0]]) / np.sqrt(10)  # rows: into the saddle, out of it
TILT = 0.1
DEEP = float(np.roots([1.0, 0.0, -1.0, TILT]).real.min())  # x of the deeper of the two minima


def _well(x: Any) -> Any:
    return (x * x - 1) ** 2 / 4 + TILT * x


def height(surface: str, kappa: float, w: np.ndarray) -> np.ndarray:
    """Return the loss at points (..., 2), measured from the lowest there is.

    Examples
    --------
    >>> float(height("valley", 10, np.array([1.0, 1.0])))
    5.5
    >>> float(height("banana", 100, np.array([-1.0, 1.0])))
    4.0
    """
    x, y = _sides(surface, w)
    if surface in ("valley", "turned"):
        return (x * x + kappa * y * y) / 2
    if surface == "banana":
        return (1 - x) ** 2 + kappa * (y - x * x) ** 2
    if surface == "saddle":
        return (kappa * x * x - y * y) / 2 + y**4 / 4 + 0.25
    return _well(x) - _well(DEEP) + kappa * y * y / 2


def slope(surface: str, kappa: float, w: np.ndarray) -> np.ndarray:
    """Return the gradient (..., 2) at points (..., 2).

    Examples
    --------
    >>> slope("valley", 10, np.array([1.0, 1.0])).tolist()
    [1.0, 10.0]
    """
    x, y = _sides(surface, w)
    if surface in ("valley", "turned"):
        sides = x, kappa * y
    elif surface == "banana":
        sides = -2 * (1 - x) - 4 * kappa * x * (y - x * x), 2 * kappa * (y - x * x)
    elif surface == "saddle":
        sides = kappa * x, y**3 - y
    else:
        sides = x**3 - x + TILT, kappa * y
    g, axes = np.stack(sides, axis=-1), {"turned": TURN, "saddle": RIDGE}.get(surface)
    return g if axes is None else g @ axes


def _sides(surface: str, w: np.ndarray) -> tuple[Any, Any]:
    """The coordinates in which a surface is simple."""
    axes = {"turned": TURN, "saddle": RIDGE}.get(surface)
    turned = w if axes is None else w @ axes.T
    return turned[..., 0], turned[..., 1]


def noise_of(steps: int) -> np.ndarray:
    """Return noise (steps, 2), nearly normal, from a generator that a browser has as well.

    Examples
    --------
    >>> noise = noise_of(1000)
    >>> bool(abs(noise.mean()) < 0.05), bool(abs(noise.std() - 1) < 0.05)
    (True, True)
    """
    state, found = 8, []
    for _ in range(2 * steps):
        total = 0
        for _ in range(12):  # the sum of twelve uniform numbers has variance 1
            state = (state * 48271) % 2147483647
            total += state
        found.append(total / 2147483647 - 6)
    return np.array(found).reshape(steps, 2)


def run(
    name: str,
    rates: Sequence[float],
    surface: str,
    kappa: float = 10,
    start: Sequence[float] = (-1.8, 0.65),
    steps: int = 60,
    noise: float = 0.0,
) -> np.ndarray:
    """Let one optimizer run once with each of the rates; nan where it has flown off.

    Returns
    -------
    paths : array (R, steps + 1, 2)

    Examples
    --------
    >>> run("SGD", [0.1], "valley", start=(1.0, 1.0), steps=1)[0].tolist()
    [[1.0, 1.0], [0.9, 0.0]]
    """
    lr, state = np.array(rates)[:, None], None
    path = [np.tile(np.array(start, dtype=float), (len(rates), 1))]
    with np.errstate(all="ignore"):
        for push in noise * noise_of(steps):
            gradient = slope(surface, kappa, path[-1]) + push
            w, state = RULES[name](path[-1], gradient, state, lr)
            path.append(np.where(np.all(np.abs(w) < FAR, axis=1, keepdims=True), w, np.nan))
    return np.stack(path, axis=1)


def losses_of(paths: np.ndarray, surface: str, kappa: float) -> np.ndarray:
    """Return the loss along paths (..., 2); a million for who has flown off."""
    loss = height(surface, kappa, paths)
    return np.where(np.isnan(loss), WORST, np.minimum(np.nan_to_num(loss), WORST))


def score(losses: np.ndarray) -> np.ndarray:
    """Return the mean of the last ten losses along the last axis.

    Examples
    --------
    >>> float(score(np.arange(100.0)))
    94.5
    """
    return losses[..., -LAST:].mean(axis=-1)


def sweep(surface: str, kappa: float = 10, **how: Any) -> dict[str, np.ndarray]:
    """Return the scores of every optimizer at all the rates in `RATES`.

    Examples
    --------
    >>> scores = sweep("valley", kappa=1, steps=20)
    >>> RATES[int(np.argmin(scores["SGD"]))]
    1.0
    """
    return {
        name: score(losses_of(run(name, RATES, surface, kappa, **how), surface, kappa))
        for name in RULES
    }


class Race(BookWidget):
    """SGD, momentum, Nesterov, AdaGrad, RMSProp and Adam from one start.

    Parameters
    ----------
    surface : "valley", "turned" (by 45 degrees), "banana" (Rosenbrock's), "saddle" or "wells"
    kappa : how much steeper across than along: 1, 10, 30 or 100
    noise : standard deviation of what is added to each gradient: 0, 0.3, 1 or 3
    steps : steps taken, 0 to 150
    start : the two coordinates of the start, each from -2.4 to 2.4
    rates : six learning rates, each from 0.001 to 10
    shown : six times whether an optimizer is drawn

    Examples
    --------
    >>> Race(surface="banana", kappa=100).rates
    [0.1, 0.1, 0.1, 0.1, 0.1, 0.1]
    """

    script = "race.js"
    number = "W8.1"
    title = "Who is first? Ask for the learning rate"
    alt = (
        "A valley thirty times steeper across than along, turned by 45 degrees, and the trails of "
        "six optimizers after sixty steps at one rate, 0.1. SGD and Nesterov have flown off, "
        "RMSProp is first with a loss of 0.011. Beside it the loss of each against its learning "
        "rate: six curves like a U with their lowest points at different rates. The lowest of all "
        "is Nesterov's, 0.000027 at 0.042."
    )

    surface = traitlets.Enum(SURFACES, "turned").tag(sync=True)
    kappa = traitlets.Enum(KAPPAS, 30).tag(sync=True)
    noise = traitlets.Enum(NOISES, 0.0).tag(sync=True)
    steps = traitlets.Int(60, min=0, max=MOST_STEPS).tag(sync=True)
    start = traitlets.List(traitlets.Float(), [-1.8, 0.65], minlen=2, maxlen=2).tag(sync=True)
    rates = traitlets.List(
        traitlets.Float(min=RATES[0], max=RATES[-1]), [0.1] * 6, minlen=6, maxlen=6
    ).tag(sync=True)
    shown = traitlets.List(traitlets.Bool(), [True] * 6, minlen=6, maxlen=6).tag(sync=True)

    @traitlets.default("_data")
    def _ship(self) -> dict[str, Any]:
        return {"rates": list(RATES), "deep": DEEP, "names": list(RULES)}

    @traitlets.validate("start")
    def _inside(self, proposal: Any) -> list[float]:
        start = proposal["value"]
        if any(abs(each) > REACH for each in start):
            raise traitlets.TraitError(f"start must lie between -2.4 and 2.4, got {start}")
        return start

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every surface, steepness and noise; short runs, in which rounding cannot grow."""
        starts = ([-1.8, 0.65], [1.0, 1.0], [2.0, -0.4])
        tables = ([0.1] * 6, [0.01, 0.018, 0.0032, 1.0, 0.032, 0.56], [0.001] * 6)
        states: list[dict[str, Any]] = [
            {
                "surface": surface,
                "kappa": kappa,
                "noise": NOISES[(i + j) % 4],
                "steps": (40, 0, 5, 25)[(i + 3 * j) % 4],
                "start": starts[(i + j) % 3],
                "rates": tables[(2 * i + j) % 3],
            }
            for i, surface in enumerate(SURFACES)
            for j, kappa in enumerate(KAPPAS)
        ]
        states.append(cls().state() | {"steps": 50})
        for state in states:
            state.pop("shown", None)
        return [(state, _numbers(**state)) for state in states]


def _numbers(rates: Sequence[float], **how: Any) -> dict[str, Any]:
    """What the browser must find."""
    surface, kappa = how["surface"], how["kappa"]
    paths = [run(name, [rate], **how)[0] for name, rate in zip(RULES, rates, strict=True)]
    losses = np.array([losses_of(path, surface, kappa) for path in paths])
    scores = list(sweep(**how).values())
    return {
        "paths": [path.tolist() for path in paths],
        "losses": losses.tolist(),
        "scores": score(losses).tolist(),
        "curves": [each.tolist() for each in scores],
        "best": [RATES[int(np.argmin(each))] for each in scores],
    }
