"""The training loop: shuffle, take a mini-batch, forward, loss, backward, step; and again."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from coursepkg import functional as F
from coursepkg.backend import Array, namespace
from coursepkg.layers import Layer
from coursepkg.optim import SGD


@dataclass
class History:
    """What happened in training: the loss of every step, the test accuracy after every epoch."""

    loss: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield the numbers 0 .. n-1 in random order, `batch_size` at a time; the last may be fewer.

    Examples
    --------
    >>> sorted(len(rows) for rows in minibatches(10, 4, np.random.default_rng(0)))
    [2, 4, 4]
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    order = rng.permutation(n)
    for start in range(0, n, batch_size):
        yield order[start : start + batch_size]


def accuracy(network: Layer, x: Array, labels: Array) -> float:
    """Return the share of rows whose largest score stands at the label."""
    scores = network.forward(x)
    return float(namespace(scores).mean(scores.argmax(axis=1) == labels))


def fit(
    network: Layer,
    optimizer: SGD,
    x: Array,
    labels: Array,
    *,
    epochs: int,
    batch_size: int = 32,
    test: tuple[Array, Array] | None = None,
    rng: np.random.Generator | int = 0,
) -> History:
    """Train a classifier with softmax cross-entropy.

    Parameters
    ----------
    network : maps x (N, ...) to scores (N, C)
    optimizer : built over ``network.parameters()``
    x, labels : training data, N samples
    epochs : passes over the data
    batch_size : samples a step
    test : (x, labels) to measure the accuracy on after every epoch, optional
    rng : generator of the shuffling, or its seed; the same seed gives the same run

    Raises
    ------
    ValueError
        If x and labels differ in length.
    FloatingPointError
        If the loss is no longer a finite number; the usual cause is a learning rate too large.

    Examples
    --------
    >>> from coursepkg.datasets import load_digits
    >>> from coursepkg.network import mlp
    >>> digits, network = load_digits(), mlp((64, 64, 10))
    >>> history = fit(network, SGD(network.parameters(), lr=0.1, momentum=0.9),
    ...               digits.x_train, digits.y_train, epochs=20)
    >>> accuracy(network, digits.x_test, digits.y_test) >= 0.97
    True
    """
    if len(x) != len(labels):
        raise ValueError(f"x has {len(x)} samples, labels {len(labels)}")
    rng = np.random.default_rng(rng)
    history = History()
    for _ in range(epochs):
        for rows in minibatches(len(x), batch_size, rng):
            history.loss.append(_step(network, optimizer, x[rows], labels[rows]))
        if test is not None:
            history.test_accuracy.append(accuracy(network, *test))
    return history


def _step(network: Layer, optimizer: SGD, x: Array, labels: Array) -> float:
    loss, cache = F.cross_entropy(network.forward(x), labels)
    if not np.isfinite(float(loss)):
        raise FloatingPointError(f"the loss became {loss}; try a smaller learning rate")
    network.backward(F.cross_entropy_backward(1.0, cache))
    optimizer.step()
    return float(loss)
