"""Twelve training runs, each with one planted mistake, and one without: the cases of the clinic.

They take some ten seconds, so what they logged is kept in `clinic_runs.json`, written by
``python -m coursepkg.widgets.clinic_runs``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from coursepkg import functional as F
from coursepkg.datasets import load_digits
from coursepkg.derivatives import numerical_gradient
from coursepkg.layers import Linear, ReLU
from coursepkg.network import Sequential, mlp
from coursepkg.optim import SGD
from coursepkg.training import CROSS_ENTROPY, Loss, minibatches
from coursepkg.widgets.frames import frames, write_frames

STEPS, BATCH, LR = 200, 64, 0.3
POINTS = 50  # of a curve
END = 1e12  # a larger loss ends the run
EIGHT = 8  # samples to learn by heart

Rows = Iterator[np.ndarray]


def shuffled(n: int, rng: np.random.Generator) -> Rows:
    """Mini-batches of epoch after epoch, each in an order of its own."""
    while True:
        yield from minibatches(n, BATCH, rng)


def in_order(n: int, rng: np.random.Generator) -> Rows:
    """The same mini-batches in the same order, for ever."""
    while True:
        yield from np.array_split(np.arange(n), range(BATCH, n, BATCH))


def probabilities_as_scores(scores: Any, labels: Any) -> tuple[Any, Any]:
    """Cross-entropy after a softmax that the network had applied already."""
    p, first = F.softmax(scores)
    loss, second = F.cross_entropy(p, labels)
    return loss, (first, second)


def probabilities_as_scores_backward(dout: Any, kept: Any) -> Any:
    return F.softmax_backward(F.cross_entropy_backward(dout, kept[1]), kept[0])


@dataclass(frozen=True)
class Setup:
    """A training run on the digits; a mistake is one field that is not what it should be."""

    sizes: tuple[int, ...] = (64, 32, 10)
    steps: int = STEPS
    lr: float = LR
    init: float | None = None  # standard deviation of all first weights; None is He's
    scale: float = 1.0  # pixels are multiplied by this
    count: int | None = None  # so many training samples only
    wrong_labels: bool = False
    by_class: bool = False  # all zeros first, then all ones, and so on
    batches: Callable[[int, np.random.Generator], Rows] = shuffled
    loss: Loss = CROSS_ENTROPY
    factor: float = 1.0  # the gradient is multiplied by this
    test_is_train: bool = False


class Run(NamedTuple):
    """What was logged, fifty points at most, and what the tests say."""

    train: np.ndarray
    test: np.ndarray
    first: float  # loss before the first step
    guess: float  # loss of guessing
    accuracy: float  # in percent, on digits nobody trained on
    eight: float  # loss on eight samples after so many steps on them alone
    ratio: float  # the gradient in use over the one measured, along that one
    dead: float  # percent of hidden units that are off for every training sample, at the end


CASES: dict[str, Setup] = {
    "healthy": Setup(),
    "labels": Setup(wrong_labels=True),
    "lr_high": Setup(lr=1.5),
    "plus": Setup(factor=-1.0),
    "twice": Setup(loss=(probabilities_as_scores, probabilities_as_scores_backward), steps=2000),
    "leak": Setup(count=60, test_is_train=True),
    "tiny_init": Setup(sizes=(64, 32, 32, 32, 32, 10), init=0.01),
    "no_shuffle": Setup(by_class=True, batches=in_order),
    "undivided": Setup(factor=BATCH),
    "lr_low": Setup(lr=0.003),
    "overfit": Setup(count=60),
    "unscaled": Setup(scale=255.0),
}
DECK = "replaced"  # the twenty lines of the lecture, with its "-=" lost
NAMES = (*list(CASES)[1:7], DECK, *list(CASES)[7:])  # the twelve, in the order of the clinic


@cache
def run(name: str) -> Run:
    """Return the log and the tests of a case of the clinic by its name.

    Examples
    --------
    >>> round(run("healthy").first, 1), round(run("healthy").guess, 4)
    (2.7, 2.3026)
    """
    return _deck() if name == DECK else _train(CASES[name])


def recorded(name: str) -> Run:
    """Return what `run(name)` logged when it was last run, to four digits.

    Examples
    --------
    >>> float(recorded("undivided").ratio)
    64.0
    """
    kept: dict[str, Any] = frames("clinic_runs")[name]
    numbers: dict[str, Any] = {part: np.array(kept[part], float)[()] for part in kept}
    return Run(**numbers)  # where there is none, nan


def _train(setup: Setup) -> Run:
    x, labels, x_test, labels_test = _data(setup)
    held_out = (x, labels) if setup.test_is_train else (x_test, labels_test)
    network = _network(setup)
    first = _loss(setup, network, x, labels)
    ratio = _ratio(setup, network, x[:BATCH], labels[:BATCH])
    train, test = [], []
    batches = setup.batches(len(x), np.random.default_rng(0))
    for step in range(setup.steps):
        rows = next(batches)
        loss = _step(setup, network, x[rows], labels[rows])
        if step % (setup.steps // POINTS) == 0:
            train.append(loss)
            test.append(_loss(setup, network, *held_out))
        if loss > END:
            break
    guesses = network.forward(x_test).argmax(axis=1)
    return Run(
        train=np.array(train),
        test=np.array(test),
        first=first,
        guess=float(np.log(10)),
        accuracy=100 * float(np.mean(guesses == labels_test)),
        eight=_eight(setup, x[:EIGHT], labels[:EIGHT]),
        ratio=ratio,
        dead=100 * _dead(network, x),
    )


def _eight(setup: Setup, x: np.ndarray, labels: np.ndarray) -> float:
    """The loss after as many steps on eight samples alone: a network can learn them by heart."""
    network, loss = _network(setup), 0.0
    for _ in range(setup.steps):
        loss = _step(setup, network, x, labels)
        if loss > END:
            break
    return loss


def _data(setup: Setup) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    digits = load_digits()
    x, x_test = (part.reshape(-1, 64) * setup.scale for part in (digits.x_train, digits.x_test))
    labels = digits.y_train
    if setup.count is not None:
        x, labels = x[: setup.count], labels[: setup.count]
    if setup.by_class:
        order = np.argsort(labels, kind="stable")
        x, labels = x[order], labels[order]
    if setup.wrong_labels:
        labels = np.random.default_rng(1).permutation(labels)
    return x, labels, x_test, digits.y_test


def _network(setup: Setup) -> Sequential:
    network = mlp(setup.sizes, rng=1)
    if setup.init is not None:
        rng = np.random.default_rng(1)
        for layer in network:
            if isinstance(layer, Linear):
                layer.w.data = setup.init * rng.standard_normal(layer.w.data.shape)
    return network


def _loss(setup: Setup, network: Sequential, x: np.ndarray, labels: np.ndarray) -> float:
    return float(setup.loss[0](network.forward(x), labels)[0])


def _step(setup: Setup, network: Sequential, x: np.ndarray, labels: np.ndarray) -> float:
    loss, kept = setup.loss[0](network.forward(x), labels)
    network.backward(setup.loss[1](setup.factor, kept))
    SGD(network.parameters(), setup.lr).step()
    return float(loss)


def _ratio(setup: Setup, network: Sequential, x: np.ndarray, labels: np.ndarray) -> float:
    """One directional check: along the gradient in use, how much larger is it than the true one?"""
    parameters = list(network.parameters())
    _, kept = setup.loss[0](network.forward(x), labels)
    network.backward(setup.loss[1](setup.factor, kept))
    held, used = [p.data for p in parameters], [np.asarray(p.grad) for p in parameters]

    def along(t: np.ndarray) -> float:
        for parameter, value, direction in zip(parameters, held, used, strict=True):
            parameter.data = value + float(t) * direction / size
        return _loss(setup, network, x, labels)

    size = np.sqrt(sum(np.sum(g**2) for g in used))
    measured = float(numerical_gradient(along, np.zeros(())))
    along(np.zeros(()))
    return float(size / measured)


def _dead(network: Sequential, x: np.ndarray) -> float:
    """Share of the hidden units that are off for every sample."""
    off = []
    for layer in network:
        x = layer.forward(x)
        if isinstance(layer, ReLU):
            off.append((x == 0).all(axis=0))
    return float(np.concatenate(off).mean())


def _deck() -> Run:
    """64-1000-100-10 with a sigmoid and the sum of squares; weights are replaced, not moved."""
    randn = np.random.default_rng(0).standard_normal
    x, y, w1, w2 = randn((64, 1000)), randn((64, 10)), randn((1000, 100)), randn((100, 10))
    losses = []
    for _ in range(50):
        hidden, kept1 = F.linear(x, w1, np.zeros(100))
        hidden, kept = F.sigmoid(hidden)
        out, kept2 = F.linear(hidden, w2, np.zeros(10))
        losses.append(float(np.sum((out - y) ** 2)))
        dhidden, dw2, _ = F.linear_backward(2 * (out - y), kept2)
        dw1 = F.linear_backward(F.sigmoid_backward(dhidden, kept), kept1).dw
        w1, w2 = 1e-4 * dw1, 1e-4 * dw2
    train = np.array(losses)
    guess = float(np.sum(y**2))
    return Run(train, train, losses[0], guess, np.nan, np.nan, 1.0, 0.0)


def _main() -> None:
    """Run them all and keep what they logged."""
    write_frames("clinic_runs", {name: run(name)._asdict() for name in ("healthy", *NAMES)})


if __name__ == "__main__":
    _main()
