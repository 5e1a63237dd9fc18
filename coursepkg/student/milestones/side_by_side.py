"""Two trainings side by side: the student's functions and the reference's, from the same start."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursepkg.network import Sequential
from coursepkg.student.milestones.standing_in import Functions, momentum_over, stand_in
from coursepkg.training import fit, scores_of

BATCH = 32
BUDGET = 30.0
"""Seconds for the student's part; slower functions get fewer samples."""
LONG = 10.0
"""Seconds after which a reader wants to know beforehand."""


@dataclass(frozen=True)
class Data:
    """Samples to learn from, and others to be tried on."""

    x: np.ndarray
    labels: np.ndarray
    x_test: np.ndarray
    labels_test: np.ndarray

    def first(self, share: float) -> "Data":
        """The first part of everything, at least a batch."""
        train, test = (max(BATCH, int(share * len(y))) for y in (self.labels, self.labels_test))
        return Data(
            self.x[:train], self.labels[:train], self.x_test[:test], self.labels_test[:test]
        )


@dataclass(frozen=True)
class Plan:
    """How a network is trained."""

    build: Callable[[], Sequential]
    data: Data
    epochs: int
    lr: float


Trained = tuple[Sequential, list[float], list[float]]
"""The student's network, and the losses of its steps and of the reference's."""
Told = Generator[dict[str, Any], None, Trained]


def train(plan: Plan, mine: Functions, theirs: Functions) -> Told:
    """Train a network of each; yield how far they are after every epoch, return the student's.

    Parameters
    ----------
    plan : what is trained, and for how long
    mine, theirs : the functions of the student, and of the reference
    """
    seconds = _rehearsed(plan, mine)
    data = plan.data.first(min(1.0, BUDGET / seconds))
    if seconds > LONG:
        yield {
            "seconds": min(seconds, BUDGET),
            "samples": len(data.labels),
            "of": len(plan.data.labels),
        }
    losses: list[float] = []
    expected: list[float] = []
    network = stand_in(plan.build(), mine)
    both = zip(
        _epochs(plan, data, network, mine),
        _epochs(plan, data, stand_in(plan.build(), theirs), theirs),
        strict=True,
    )
    for number, ((own, right), (other, other_right)) in enumerate(both, start=1):
        losses += own
        expected += other
        yield {
            "epoch": number,
            "yours": [float(np.mean(own)), right],
            "reference": [float(np.mean(other)), other_right],
        }
    return network, losses, expected


def labels_of(network: Sequential, x: np.ndarray) -> np.ndarray:
    """Return the class with the largest score for every sample."""
    return np.argmax(scores_of(network, x), axis=1)


def _epochs(
    plan: Plan, data: Data, network: Sequential, functions: Functions
) -> Iterator[tuple[list[float], float]]:
    """Train; yield the losses of an epoch's steps and the share of the test that is right."""
    optimizer = momentum_over(network, plan.lr, functions)
    loss = functions["softmax_ce"], functions["softmax_ce_backward"]
    rng = np.random.default_rng(0)
    for _ in range(plan.epochs):
        history = fit(
            network, optimizer, data.x, data.labels, epochs=1, batch_size=BATCH, rng=rng, loss=loss
        )
        right = labels_of(network, data.x_test) == data.labels_test
        yield history.loss, float(np.mean(right))


def _rehearsed(plan: Plan, functions: Functions) -> float:
    """Seconds that the whole training will take, after one batch; its calls do not count."""
    calls = functions.calls.copy()
    batch = Data(*(array[:BATCH] for array in vars(plan.data).values()))
    for _ in range(2):  # the first time is longer, for anybody
        start = time.perf_counter()
        next(_epochs(plan, batch, stand_in(plan.build(), functions), functions))
        seconds = time.perf_counter() - start
    functions.calls = calls
    return seconds * plan.epochs * len(plan.data.labels) / BATCH
