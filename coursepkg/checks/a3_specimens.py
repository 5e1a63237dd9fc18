"""Functions with known gradients, right and wrong, on which assignment 3 tries a checker.

A student's checker runs in another process, where no function of ours can be handed in. So the
notebook defines a few functions, and `f` is told there by a name, the most calls it allows and its
parameters. Gradients are computed here, from formulas: nothing in the student's process knows
which of them are wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coursepkg.checks.data import distinct

MANY = 20_000
"""More calls than any check by differences of so few entries makes."""
KINK_DISTANCE = 0.05


@dataclass(frozen=True)
class Specimen:
    """A function in words for the notebook, a point, and the gradient there."""

    name: str
    x: np.ndarray
    grad: np.ndarray
    parameters: tuple[Any, ...]
    most_calls: int = MANY

    @property
    def f(self) -> tuple[Any, ...]:
        """What `takes_function` in the notebook makes a function of."""
        return self.name, self.most_calls, *self.parameters


def cubic(x: np.ndarray, a: np.ndarray) -> Specimen:
    """``sum(a * x**3)``: its curvature shows one-sided differences."""
    return Specimen("cubic", x, 3 * a * x.astype(np.float64) ** 2, (a,))


def squares(x: np.ndarray, a: np.ndarray) -> Specimen:
    """``sum(a * x**2) / 2``."""
    return Specimen("squares", x, a * x.astype(np.float64), (a,))


def absolute(x: np.ndarray, a: np.ndarray) -> Specimen:
    """``sum(a * abs(x))``, with a kink wherever an entry is 0."""
    return Specimen("absolute", x, a * np.sign(x), (a,))


def logistic(w: np.ndarray, rows: np.ndarray, signs: np.ndarray) -> Specimen:
    """The logistic loss of weights `w`, labels +1 and -1, mean over the rows."""
    wide = w.astype(np.float64)
    slope = -signs / (1 + np.exp(signs * (rows @ wide)))
    return Specimen("logistic", w, rows.T @ slope / len(rows), (rows, signs))


def ridge(w: np.ndarray, rows: np.ndarray, targets: np.ndarray, strength: float) -> Specimen:
    """Half the mean squared error of a linear model, and half a penalty on its weights."""
    grad = rows.T @ (rows @ w - targets) / len(rows) + strength * w
    return Specimen("ridge", w, grad, (rows, targets, strength))


def network(w: np.ndarray, rows: np.ndarray, targets: np.ndarray) -> Specimen:
    """Half the mean squared error of one layer with ReLU."""
    z = rows @ w
    grad = rows.T @ ((np.maximum(z, 0) - targets) * (z > 0)) / len(rows)
    return Specimen("network", w, grad, (rows, targets))


# ---------------------------------------------------------------- at random


def random_cubic(rng: np.random.Generator, *shape: int) -> Specimen:
    """Entries of either sign and of similar size."""
    shape = shape or (distinct(rng, 1)[0],)
    x, a = (rng.uniform(0.5, 1.5, shape) * rng.choice([-1, 1], shape) for _ in range(2))
    return cubic(x, a)


def random_logistic(rng: np.random.Generator) -> Specimen:
    n, d = distinct(rng, 2)
    rows = rng.standard_normal((n, d))
    return logistic(rng.standard_normal(d), rows, np.where(rng.random(n) < 0.5, -1.0, 1.0))


def random_ridge(rng: np.random.Generator) -> Specimen:
    n, d = distinct(rng, 2)
    w = rng.uniform(0.5, 1.5, d) * rng.choice([-1, 1], d)
    return ridge(w, rng.standard_normal((n, d)), rng.standard_normal(n), float(rng.uniform(0.5, 1)))


def random_network(rng: np.random.Generator) -> Specimen:
    """Units on and off in every column, and none near its kink."""
    n, d, m = distinct(rng, 3, least=4)
    while True:
        rows, w = rng.standard_normal((n, d)), rng.standard_normal((d, m))
        z = rows @ w
        on = (z > 0).any(axis=0) & (z < 0).any(axis=0)
        if on.all() and np.abs(z).min() > KINK_DISTANCE:
            return network(w, rows, 3 + rng.random((n, m)))


def random_matrix(rng: np.random.Generator) -> Specimen:
    """A square one, whose gradient is not symmetric."""
    size = distinct(rng, 1)[0]
    x = rng.standard_normal((size, size))
    return squares(x, rng.uniform(0.5, 2, (size, size)))


def scaled(specimen: Specimen, factor: float) -> Specimen:
    """The same with its first parameter, and so its gradient, so many times as large."""
    first, *others = specimen.parameters
    return replace(specimen, grad=factor * specimen.grad, parameters=(factor * first, *others))


# ---------------------------------------------------------------- wrong gradients

Wrong = tuple[Specimen, np.ndarray]


def _changed(
    draw: Callable[[np.random.Generator], Specimen], change: Callable[[Specimen], np.ndarray]
) -> Callable[[np.random.Generator], Wrong]:
    def make(rng: np.random.Generator) -> Wrong:
        specimen = draw(rng)
        return specimen, change(specimen)

    return make


def _last_forgotten(specimen: Specimen) -> np.ndarray:
    grad = specimen.grad.copy()
    grad[(-1,) * grad.ndim] = 0
    return grad


def _not_a_number(specimen: Specimen) -> np.ndarray:
    grad = specimen.grad.copy()
    grad[0] = np.nan
    return grad


def _gates_open(specimen: Specimen) -> np.ndarray:
    rows, targets = specimen.parameters
    return rows.T @ (np.maximum(rows @ specimen.x, 0) - targets) / len(rows)


WRONG: dict[str, Callable[[np.random.Generator], Wrong]] = {
    "the sign turned": _changed(random_logistic, lambda s: -s.grad),
    "divided by N once more": _changed(random_logistic, lambda s: s.grad / len(s.parameters[0])),
    "gates of ReLU left open": _changed(random_network, _gates_open),
    "a forgotten penalty": _changed(random_ridge, lambda s: s.grad - s.parameters[2] * s.x),
    "transposed": _changed(random_matrix, lambda s: s.grad.T.copy()),
    "a dimension too many": _changed(random_logistic, lambda s: s.grad[:, None]),
    "one entry forgotten": _changed(random_cubic, _last_forgotten),
    "entries in another order": _changed(random_cubic, lambda s: np.roll(s.grad, 1)),
    "nan in one entry": _changed(random_ridge, _not_a_number),
    "a thousandth too large": _changed(random_ridge, lambda s: 1.001 * s.grad),
    "zero everywhere": _changed(random_network, lambda s: 0 * s.grad),
    "tiny, and twice too large": _changed(
        lambda rng: scaled(random_cubic(rng), 1e-9), lambda s: 2 * s.grad
    ),
}


# ---------------------------------------------------------------- right gradients


def _single(rng: np.random.Generator) -> Specimen:
    n, d = distinct(rng, 2)
    w = rng.standard_normal(d).astype(np.float32)
    right = logistic(w, rng.standard_normal((n, d)), np.where(rng.random(n) < 0.5, -1.0, 1.0))
    return replace(right, grad=right.grad.astype(np.float32))


def _whole(rng: np.random.Generator) -> Specimen:
    x = rng.permutation([-3, -2, -1, 1, 2, 3, 4])
    return cubic(x, rng.uniform(0.5, 1.5, x.shape))


def _near_a_kink(rng: np.random.Generator) -> Specimen:
    size = distinct(rng, 1)[0]
    x = rng.uniform(0.5, 1.5, size) * rng.choice([-1, 1], size)
    x[rng.integers(size)] = rng.uniform(2e-6, 5e-6)
    return absolute(x, rng.uniform(1, 2, size))


def _large_beside_tiny(rng: np.random.Generator) -> Specimen:
    a = rng.permutation(np.geomspace(1e-8, 1e4, 7))
    return squares(rng.uniform(0.5, 1.5, 7), a)


def _flat(rng: np.random.Generator) -> Specimen:
    """All units off, and targets that are 0: the loss is 0 all around."""
    n, d, m = distinct(rng, 3)
    return network(-rng.uniform(1, 2, (d, m)), rng.uniform(1, 2, (n, d)), np.zeros((n, m)))


RIGHT: dict[str, Callable[[np.random.Generator], Specimen]] = {
    "float32": _single,
    "whole numbers": _whole,
    "a kink nearby": _near_a_kink,
    "a large entry beside tiny ones": _large_beside_tiny,
    "zero, and rightly so": _flat,
    "huge numbers": lambda rng: scaled(random_cubic(rng), 1e7),
}
