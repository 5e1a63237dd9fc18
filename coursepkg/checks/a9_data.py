"""What assignment 9 is tried on: digits, parameters, and the right network."""

from functools import cache
from typing import Any

import numpy as np

from coursepkg import functional as F
from coursepkg.datasets import load_digits

CLASSES = 10
TRAINED_ON = 1000
Params = dict[str, np.ndarray]


@cache
def _all_digits() -> tuple[np.ndarray, np.ndarray]:
    split = load_digits()
    x = np.concatenate([split.x_train, split.x_test])
    return x, np.concatenate([split.y_train, split.y_test])


def digits(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return digits to train on, sorted by class, and the others; classes are named anew each time.

    So a network that was trained beforehand, on whatever digits, knows nothing here.

    Examples
    --------
    >>> x, labels, x_new, labels_new = digits(np.random.default_rng(0))
    >>> x.shape, x_new.shape, bool((np.diff(labels) >= 0).all())
    ((1000, 1, 8, 8), (797, 1, 8, 8), True)
    """
    x, labels = _all_digits()
    labels, order = rng.permutation(CLASSES)[labels], rng.permutation(len(x))
    known, new = order[:TRAINED_ON], order[TRAINED_ON:]
    known = known[np.argsort(labels[known], kind="stable")]
    return x[known], labels[known], x[new], labels[new]


def images(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return some digits and their labels, the last class among them."""
    x, labels = _all_digits()
    chosen = rng.choice(len(x), n, replace=False)
    chosen[-1] = rng.choice(np.flatnonzero(labels == CLASSES - 1))
    return x[chosen], labels[chosen]


def random_params(rng: np.random.Generator, filters: int) -> Params:
    """Return parameters of a network with so many filters; biases are not zero."""
    return {
        "w1": rng.standard_normal((filters, 1, 3, 3)) / 2,
        "b1": rng.standard_normal(filters) / 4,
        "w2": rng.standard_normal((filters * 16, CLASSES)) / 4,
        "b2": rng.standard_normal(CLASSES),
    }


def scores_of(params: Params, x: np.ndarray) -> np.ndarray:
    """Return the scores, (N, 10)."""
    return np.asarray(_forward(params, x)[0])


def loss_and_gradients(
    params: Params, x: np.ndarray, labels: np.ndarray, lam: float
) -> tuple[float, Params]:
    """Return the loss with its penalty, and the gradient of every parameter."""
    scores, (first, gate, pooled, last) = _forward(params, x)
    loss, cache = F.cross_entropy(scores, labels)
    dpooled, dw2, db2 = F.linear_backward(F.cross_entropy_backward(1.0, cache), last)
    dhidden = F.relu_backward(F.max_pool2d_backward(dpooled, pooled), gate)
    _, dw1, db1 = F.conv2d_backward(dhidden, first)
    squares = np.sum(params["w1"] ** 2) + np.sum(params["w2"] ** 2)
    grads = {"w1": dw1 + lam * params["w1"], "b1": db1, "w2": dw2 + lam * params["w2"], "b2": db2}
    return float(loss + lam / 2 * squares), grads


def _forward(params: Params, x: np.ndarray) -> tuple[np.ndarray, tuple[Any, ...]]:
    z, first = F.conv2d(x, params["w1"], params["b1"], 1, 1)
    hidden, gate = F.relu(z)
    small, pooled = F.max_pool2d(hidden, 2)
    scores, last = F.linear(small, params["w2"], params["b2"])
    return scores, (first, gate, pooled, last)
