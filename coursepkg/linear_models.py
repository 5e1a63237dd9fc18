"""Linear classifiers: one-hot ridge regression, logistic, softmax, multiclass SVM.

All score with ``x @ coef_ + intercept_`` and differ in the loss. Each has `fit`, `predict` and
`score`, as in scikit-learn. `lam` weighs the penalty ``lam / 2 * |W|^2`` against a loss that is a
mean over the samples; the bias is not penalised, so shifting the data changes nothing.
"""

import warnings
from collections.abc import Callable
from typing import Any, Self

import numpy as np

from coursepkg import functional as F
from coursepkg.backend import Array
from coursepkg.optim import adam, cosine_decay
from coursepkg.perceptron import checked_samples, require_fitted


class LinearClassifier:
    """What the models share: scores, and the class with the largest one.

    Attributes
    ----------
    classes_ : labels (C,), sorted
    coef_, intercept_ : weights (D, C) and biases (C,)
    """

    classes_: np.ndarray
    coef_: np.ndarray
    intercept_: np.ndarray

    def __init__(self, lam: float):
        if not lam >= 0:
            raise ValueError(f"lam must not be negative, got {lam}")
        self.lam = lam

    def decision_function(self, x: Array) -> np.ndarray:
        """Return the scores, (N, C).

        Raises
        ------
        RuntimeError
            If there was no `fit`.
        ValueError
            If x has another number of features.
        """
        require_fitted(self)
        return F.linear(x, self.coef_, self.intercept_)[0]

    def predict(self, x: Array) -> np.ndarray:
        """Return the label of the largest score for every row of x (N, D)."""
        best = np.argmax(self.decision_function(x), axis=1)
        return self.classes_[best]

    def score(self, x: Array, y: Array) -> float:
        """Return the share of right labels."""
        return float(np.mean(self.predict(x) == np.asarray(y)))

    def _read(self, x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
        """Samples, and labels as numbers 0 .. C-1."""
        x, y = checked_samples(x, y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"y must hold two classes or more, got only {self.classes_.tolist()}")
        return x, labels


class OneHotRidge(LinearClassifier):
    """Least squares to one-hot targets, ``|XW + b - T|^2 + lam * |W|^2``, in closed form.

    ``W = (X^T X + lam I)^-1 X^T T`` of centred X and T (UBC CPSC 425). Here `lam` stands against a
    sum of squares, as the deck has it.

    Examples
    --------
    >>> model = OneHotRidge(lam=0.1).fit([[0.0], [1.0], [5.0], [6.0]], ["cat", "cat", "dog", "dog"])
    >>> model.predict([[2.0], [4.0]])
    array(['cat', 'dog'], dtype='<U3')
    """

    def __init__(self, lam: float = 1.0):
        super().__init__(lam)

    def fit(self, x: Array, y: Array) -> Self:
        """Solve for the weights; with lam = 0 the shortest of all solutions."""
        x, labels = self._read(x, y)
        targets = np.eye(len(self.classes_))[labels]
        centre, mean = x.mean(axis=0), targets.mean(axis=0)
        a, t = x - centre, targets - mean
        if self.lam:
            self.coef_ = np.linalg.solve(a.T @ a + self.lam * np.eye(a.shape[1]), a.T @ t)
        else:
            self.coef_ = np.linalg.lstsq(a, t, rcond=None)[0]
        self.intercept_ = mean - centre @ self.coef_
        return self


class GradientClassifier(LinearClassifier):
    """A model whose objective is minimised step by step; the same data give the same weights.

    Parameters
    ----------
    lam : weight of the penalty
    tol : the fit ends when no entry of the gradient is larger
    max_iter : steps after which it ends anyway, with a warning

    Attributes
    ----------
    converged_, n_iter_ : whether the gradient became that small, and the steps it took
    """

    pair: tuple[Callable[..., Any], Callable[..., Any]]
    curvature: float  # largest second derivative of the loss of a sample in its scores

    def __init__(self, lam: float = 1e-3, tol: float = 1e-8, max_iter: int = 20_000):
        super().__init__(lam)
        self.tol, self.max_iter = tol, max_iter

    def fit(self, x: Array, y: Array) -> Self:
        """Minimise the mean loss plus the penalty, always from weights of zero."""
        x, labels = self._read(x, y)
        targets, outputs = self._targets(labels)
        wb = self._minimise(x, targets, np.zeros((x.shape[1] + 1, outputs)))
        self.coef_, self.intercept_ = wb[:-1], wb[-1]
        return self

    def objective(self, x: np.ndarray, targets: np.ndarray, wb: np.ndarray) -> tuple[float, Any]:
        """Return objective and gradient; the last row of `wb` (D + 1, C) holds the biases."""
        scores, linear_cache = F.linear(x, wb[:-1], wb[-1])
        loss, loss_cache = self.pair[0](scores, targets)
        penalty, penalty_cache = F.l2_penalty(wb[:-1], self.lam)
        _, dw, db = F.linear_backward(self.pair[1](1.0, loss_cache), linear_cache)
        dw = dw + F.l2_penalty_backward(1.0, penalty_cache)
        return float(loss + penalty), np.concatenate([dw, db[None]])

    def _targets(self, labels: np.ndarray) -> tuple[np.ndarray, int]:
        """Targets of the loss, and how many scores it takes."""
        return labels, len(self.classes_)

    def _minimise(self, x: np.ndarray, targets: np.ndarray, start: np.ndarray) -> np.ndarray:
        """Nesterov's accelerated gradient descent (1983).

        Steps are 1 / L long, L being the largest curvature there can be; momentum is dropped where
        it leads uphill (O'Donoghue and Candes, 2015).
        """
        extended = np.column_stack([x, np.ones(len(x))])
        lr = 1 / (self.curvature * np.linalg.norm(extended, 2) ** 2 / len(x) + self.lam)
        now = ahead = start
        t = 1.0
        self.n_iter_ = 0
        while self.n_iter_ < self.max_iter:
            self.n_iter_ += 1
            gradient = self.objective(x, targets, ahead)[1]
            self.converged_ = bool(np.abs(gradient).max() <= self.tol)
            if self.converged_:
                return ahead
            after = ahead - lr * gradient
            if np.vdot(gradient, after - now) > 0:
                t = 1.0
            t, before = (1 + (1 + 4 * t * t) ** 0.5) / 2, t
            ahead, now = after + (before - 1) / t * (after - now), after
        warnings.warn(
            f"{type(self).__name__} stopped after {self.max_iter} steps with a gradient above "
            f"tol = {self.tol}; scale the features, raise lam or max_iter",
            stacklevel=3,
        )
        return ahead


class SoftmaxRegression(GradientClassifier):
    """Softmax cross-entropy of linear scores, for two classes or more.

    Examples
    --------
    >>> x, y = np.array([[0.0], [1.0], [4.0], [5.0], [8.0], [9.0]]), np.array([0, 0, 1, 1, 2, 2])
    >>> SoftmaxRegression(lam=1e-2).fit(x, y).score(x, y)
    1.0
    """

    pair, curvature = (F.cross_entropy, F.cross_entropy_backward), 0.5

    def predict_proba(self, x: Array) -> np.ndarray:
        """Return the probabilities (N, C)."""
        return F.softmax(self.decision_function(x))[0]


class LogisticRegression(GradientClassifier):
    """One score for two classes: ``p(second class) = sigmoid(x @ coef_ + intercept_)``.

    `coef_` has shape (D, 1); the model predicts the second class where its p >= 0.5 (ANU ENGN6528).

    Examples
    --------
    >>> model = LogisticRegression(lam=0.1).fit([[0.0], [1.0], [3.0], [4.0]], [0, 0, 1, 1])
    >>> model.predict([[0.5], [3.5]])
    array([0, 1])
    """

    pair = (F.binary_cross_entropy_with_logits, F.binary_cross_entropy_with_logits_backward)
    curvature = 0.25

    def predict_proba(self, x: Array) -> np.ndarray:
        """Return the probabilities (N, 2) of both classes."""
        p = F.sigmoid(self.decision_function(x))[0]
        return np.hstack([1 - p, p])

    def predict(self, x: Array) -> np.ndarray:
        """Return the second class where its probability is at least one half."""
        second = self.decision_function(x)[:, 0] >= 0
        return self.classes_[second.astype(int)]

    def _targets(self, labels: np.ndarray) -> tuple[np.ndarray, int]:
        if len(self.classes_) != 2:
            raise ValueError(
                f"LogisticRegression tells two classes apart, got {len(self.classes_)}; "
                "SoftmaxRegression takes more"
            )
        return labels[:, None].astype(float), 1


class MulticlassSVM(GradientClassifier):
    """The multiclass hinge loss of linear scores (CS231n, lecture 3).

    The hinge has kinks, near which no gradient becomes small: so Adam takes `max_iter` steps that
    become shorter and shorter, and the best weights on the way are kept.

    Examples
    --------
    >>> x, y = np.array([[0.0], [1.0], [4.0], [5.0], [8.0], [9.0]]), np.array([0, 0, 1, 1, 2, 2])
    >>> MulticlassSVM(lam=1e-2).fit(x, y).score(x, y)
    1.0
    """

    pair = (F.multiclass_hinge_loss, F.multiclass_hinge_loss_backward)

    def __init__(self, lam: float = 1e-3, lr: float = 0.1, max_iter: int = 2000):
        super().__init__(lam, max_iter=max_iter)
        self.lr = lr

    def _minimise(self, x: np.ndarray, targets: np.ndarray, start: np.ndarray) -> np.ndarray:
        schedule, state = cosine_decay(self.lr, self.max_iter), None
        wb = best = start
        smallest = np.inf
        for t in range(self.max_iter):
            value, gradient = self.objective(x, targets, wb)
            if value < smallest:
                best, smallest = wb, value
            wb, state = adam(wb, gradient, state, schedule(t))
        self.n_iter_ = self.max_iter
        return best
