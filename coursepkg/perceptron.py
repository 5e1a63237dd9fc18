"""The perceptron: one neuron that decides, and the rule by which it learns from its mistakes.

The decks print the rule twice. With outputs and labels 0 and 1 (Software Project 2021):
``w + lr * (d - y) * x``. With -1 and +1 (UBC CPSC 425): ``w + lr * y * x`` after a mistake. The
steps are the same, but for points on the line itself: the first calls them 0, the second a mistake
of either class. Mixed up, nothing is learned from wrong negatives, since those add 0 * x.
"""

from typing import Any, Self

import numpy as np

from coursepkg.backend import Array, as_float
from coursepkg.functional import step

GATES = {
    "AND": ((1.0, 1.0), -1.5),
    "OR": ((1.0, 1.0), -0.5),
    "NAND": ((-1.0, -1.0), 1.5),
    "NOR": ((-1.0, -1.0), 0.5),
    "AND NOT": ((1.0, -1.0), -0.5),
    "NOT": ((-1.0,), 0.5),
}
"""Weights and bias of the neurons that compute Boolean functions of inputs 0 and 1."""


def rosenblatt_update(w: np.ndarray, x: np.ndarray, d: float, lr: float = 1.0) -> np.ndarray:
    """Return ``w + lr * (d - y) * x`` with ``y = 1 if w @ x > 0 else 0``; d is 0 or 1.

    Without a 1 in x, for the bias, only lines through the origin can be learned.

    Examples
    --------
    >>> rosenblatt_update(np.zeros(2), np.array([1.0, 2.0]), 1)
    array([1., 2.])
    """
    return w + lr * (d - step(w @ x)) * x


def sign_update(w: np.ndarray, x: np.ndarray, y: float, lr: float = 1.0) -> np.ndarray:
    """Return ``w + lr * y * x`` if ``y * (w @ x) <= 0``, else w; y is -1 or +1.

    A point exactly on the line counts as a mistake: it is on neither side.

    Examples
    --------
    >>> sign_update(np.zeros(2), np.array([1.0, 2.0]), -1)
    array([-1., -2.])
    """
    return w + lr * y * x if y * (w @ x) <= 0 else w


def mistake_bound(radius: float, margin: float) -> float:
    """Return ``(R / gamma)^2``, which bounds the mistakes of the rule (Novikoff, 1962).

    Parameters
    ----------
    radius : largest length R of a sample
    margin : distance gamma > 0 of the nearest sample to a plane that separates the classes

    Examples
    --------
    >>> round(mistake_bound(5**0.5, 2**0.5), 6)
    2.5
    """
    if not radius >= 0 or not margin > 0:
        raise ValueError(f"need radius >= 0 and margin > 0, got {radius} and {margin}")
    return (radius / margin) ** 2


def radius_and_margin(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> tuple[float, float]:
    """Return the largest length of a row of x, and ``min_n y_n (w @ x_n) / |w|``.

    Parameters
    ----------
    x : array (N, D), with a column of ones if w has a bias
    y : array (N,) of -1 and +1
    w : array (D,)

    Examples
    --------
    >>> radius_and_margin(np.array([[3.0, 4.0], [-1.0, 0.0]]), np.array([1, -1]), np.ones(2))
    (5.0, 0.7071067811865475)
    """
    distances = np.asarray(y) * (x @ w) / np.linalg.norm(w)
    return float(np.linalg.norm(x, axis=1).max()), float(distances.min())


def gate(name: str, *inputs: int) -> int:
    """Return what the neuron `GATES[name]` says to inputs of 0 and 1.

    Examples
    --------
    >>> [gate("AND", a, b) for a in (0, 1) for b in (0, 1)]
    [0, 0, 0, 1]
    """
    if name not in GATES:
        raise ValueError(f"name must be one of {sorted(GATES)}, got {name!r}")
    weights, bias = GATES[name]
    if len(inputs) != len(weights):
        raise ValueError(f"{name} takes {len(weights)} inputs, got {len(inputs)}")
    return int(step(np.dot(weights, inputs) + bias))


def xor(a: int, b: int) -> int:
    """Return exclusive or, which no single neuron computes: (a OR b) AND (a NAND b).

    Examples
    --------
    >>> [xor(a, b) for a in (0, 1) for b in (0, 1)]
    [0, 1, 1, 0]
    """
    return gate("AND", gate("OR", a, b), gate("NAND", a, b))


class Perceptron:
    """A neuron that learns to tell two classes apart, if a plane between them exists.

    Labels are 0 and 1, or -1 and +1; which of them `fit` sees decides on the form of the rule.
    Samples are met in their order.

    Parameters
    ----------
    epochs : passes over the data after which `fit` gives up
    lr : factor of the update; from zero weights it changes their scale and nothing else
    fit_intercept : whether there is a bias

    Attributes
    ----------
    coef_, intercept_ : weights (D,) and bias
    mistakes_ : number of mistakes in every epoch; the last is 0 if the rule converged
    n_mistakes_, converged_ : their sum, and whether an epoch went without any

    Examples
    --------
    >>> x, d = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 0, 0, 1])
    >>> model = Perceptron().fit(x, d)
    >>> model.coef_, model.intercept_, model.mistakes_
    (array([2., 1.]), -2.0, [1, 3, 3, 2, 1, 0])
    """

    def __init__(self, epochs: int = 100, lr: float = 1.0, fit_intercept: bool = True):
        if epochs < 1 or not lr > 0:
            raise ValueError(f"need epochs >= 1 and lr > 0, got {epochs} and {lr}")
        self.epochs, self.lr, self.fit_intercept = epochs, lr, fit_intercept

    def fit(self, x: Array, y: Array) -> Self:
        """Learn from samples x (N, D) and labels y (N,).

        Raises
        ------
        ValueError
            If shapes do not fit or the labels are neither 0 and 1 nor -1 and +1.
        """
        x, y = checked_samples(x, y)
        kinds = set(np.unique(y).tolist())
        if not (kinds <= {0, 1} or kinds <= {-1, 1}):
            raise ValueError(f"labels must be 0 and 1, or -1 and +1, got {sorted(kinds)}")
        self._low = -1 if -1 in kinds else 0
        rule = sign_update if self._low else rosenblatt_update
        rows = np.column_stack([x, np.ones(len(x))]) if self.fit_intercept else x
        w = np.zeros(rows.shape[1])
        self.mistakes_: list[int] = []
        while len(self.mistakes_) < self.epochs and (not self.mistakes_ or self.mistakes_[-1]):
            mistakes = 0
            for row, label in zip(rows, y, strict=True):
                new = rule(w, row, label, self.lr)
                mistakes += bool((new != w).any())
                w = new
            self.mistakes_.append(mistakes)
        self.n_mistakes_, self.converged_ = sum(self.mistakes_), self.mistakes_[-1] == 0
        self.coef_ = w[:-1] if self.fit_intercept else w
        self.intercept_ = float(w[-1]) if self.fit_intercept else 0.0
        return self

    def decision_function(self, x: Array) -> np.ndarray:
        """Return the scores ``x @ coef_ + intercept_``."""
        require_fitted(self)
        return as_float(x, "x") @ self.coef_ + self.intercept_

    def predict(self, x: Array) -> np.ndarray:
        """Return labels as `fit` saw them; a score of exactly 0 means +1, or 0 among 0 and 1."""
        scores = self.decision_function(x)
        return np.where(scores >= 0, 1, -1) if self._low else step(scores).astype(int)

    def score(self, x: Array, y: Array) -> float:
        """Return the share of right labels."""
        return float(np.mean(self.predict(x) == np.asarray(y)))


class MulticlassPerceptron:
    """One neuron a class; the largest score wins, and mistakes move the two that are concerned.

    ``W - lr * x (h - t)^T`` with h the one-hot guess and t the one-hot label (UBC CPSC 425): the
    class that won wrongly loses x, the one that should have won gets it. The deck prints
    ``(h - t) x^T``, the transpose.

    Attributes
    ----------
    classes_, coef_, intercept_ : labels (C,), weights (D, C), biases (C,)
    mistakes_, n_mistakes_, converged_ : as for `Perceptron`

    Examples
    --------
    >>> x = np.array([[2.0, 0.0], [0.0, 2.0], [-2.0, -2.0]])
    >>> MulticlassPerceptron().fit(x, ["right", "up", "down"]).predict(x)
    array(['right', 'up', 'down'], dtype='<U5')
    """

    def __init__(self, epochs: int = 100, lr: float = 1.0):
        if epochs < 1 or not lr > 0:
            raise ValueError(f"need epochs >= 1 and lr > 0, got {epochs} and {lr}")
        self.epochs, self.lr = epochs, lr

    def fit(self, x: Array, y: Array) -> Self:
        """Learn from samples x (N, D) and labels y (N,) of any kind."""
        x, y = checked_samples(x, y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        rows = np.column_stack([x, np.ones(len(x))])
        w, one_hot = np.zeros((rows.shape[1], len(self.classes_))), np.eye(len(self.classes_))
        self.mistakes_: list[int] = []
        while len(self.mistakes_) < self.epochs and (not self.mistakes_ or self.mistakes_[-1]):
            mistakes = 0
            for row, label in zip(rows, labels, strict=True):
                guess = np.argmax(row @ w)
                mistakes += int(guess != label)
                w = w - self.lr * np.outer(row, one_hot[guess] - one_hot[label])
            self.mistakes_.append(mistakes)
        self.n_mistakes_, self.converged_ = sum(self.mistakes_), self.mistakes_[-1] == 0
        self.coef_, self.intercept_ = w[:-1], w[-1]
        return self

    def decision_function(self, x: Array) -> np.ndarray:
        """Return the scores (N, C)."""
        require_fitted(self)
        return as_float(x, "x") @ self.coef_ + self.intercept_

    def predict(self, x: Array) -> np.ndarray:
        """Return the label with the largest score, the first of equal ones."""
        best = np.argmax(self.decision_function(x), axis=1)
        return self.classes_[best]

    def score(self, x: Array, y: Array) -> float:
        """Return the share of right labels."""
        return float(np.mean(self.predict(x) == np.asarray(y)))


def checked_samples(x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return x (N, D) as floats and y (N,), or say what is wrong with them.

    Examples
    --------
    >>> checked_samples([[1, 2]], [0])[0]
    array([[1., 2.]])
    """
    x, y = as_float(x, "x"), np.asarray(y)
    if x.ndim != 2 or len(x) == 0:
        raise ValueError(f"x must have shape (N, D) with N >= 1, got {x.shape}")
    if y.shape != (len(x),):
        raise ValueError(f"y must have shape (N,) = ({len(x)},), one label a row, got {y.shape}")
    if not np.isfinite(x).all():
        raise ValueError("x holds nan or infinity; replace or drop those samples first")
    return x, y


def require_fitted(model: Any) -> None:
    """Raise RuntimeError if `model` has learned nothing yet.

    Examples
    --------
    >>> require_fitted(Perceptron())
    Traceback (most recent call last):
        ...
    RuntimeError: call fit before asking this Perceptron for anything
    """
    if not hasattr(model, "coef_"):
        raise RuntimeError(f"call fit before asking this {type(model).__name__} for anything")
