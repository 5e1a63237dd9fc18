"""The replays themselves, in the worker's process: the student's functions beside the reference's.

A replay is a generator of plain data: first what is shown while it runs, at last a `Replay`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from coursepkg.checks.calling import without_warnings
from coursepkg.datasets import load_digits, make_xor
from coursepkg.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from coursepkg.network import Sequential, mlp
from coursepkg.student.milestones.side_by_side import Data, Plan, labels_of, train
from coursepkg.student.milestones.standing_in import Function, Functions, ReplayError, reference
from coursepkg.student.milestones.unlocking import MILESTONES

PICTURES = 4


@dataclass
class Replay:
    """What came of a replay, as JSON has it.

    `curve` names what `yours` and `reference` are the values of; `pictures` are pairs of a caption
    and an image (8, 8) in 0 .. 9, `maps` pairs of a title and rows of 0 and 1.
    """

    curve: str
    yours: list[float]
    reference: list[float]
    facts: list[str] = field(default_factory=list)
    pictures: list[tuple[str, list[list[int]]]] = field(default_factory=list)
    maps: list[tuple[str, list[list[int]]]] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)


Results = Iterator[dict[str, Any] | Replay]
"""What is shown on the way, and what came of it."""


def replay(year: int, functions: Mapping[str, Function]) -> Iterator[dict[str, Any]]:
    """Run a milestone on a student's functions; yield what happens, and at last what came of it.

    Parameters
    ----------
    year : of the milestone
    functions : the student's, by name; the reference's are lent for those that are not there
    """
    theirs = reference(MILESTONES[year].questions)
    mine = Functions({**theirs, **functions})
    with without_warnings():
        try:
            for told in REPLAYS[year](mine, Functions(theirs)):
                if isinstance(told, Replay):
                    told.calls = {name: mine.calls[name] for name in functions}
                    yield {"end": asdict(told)}
                else:
                    yield told
        except ReplayError as error:
            yield {"stopped": str(error)}
        except FloatingPointError:
            yield {"stopped": "the loss is no finite number any more"}


def _perceptron(mine: Functions, theirs: Functions) -> Results:
    data = _digits(of=(3, 8))
    sides = np.where(data.labels == 3, -1, 1)
    w, b, mistakes = mine["fit"](data.x, sides, 60)
    _, _, expected = theirs["fit"](data.x, sides, 60)
    read = np.where(mine["predict"](w, b, data.x_test) > 0, 8, 3)
    bound = float(mine["mistake_bound"](w, b, data.x, sides))
    yield Replay(
        "mistakes in each epoch",
        [int(count) for count in mistakes],
        list(expected),
        [
            f"It made {sum(mistakes)} mistakes with {len(sides)} digits in {len(mistakes)} epochs, "
            "and none in the last.",
            f"Your mistake_bound says that it can be at most {bound:,.0f}.",
            _reads(read, data.labels_test),
        ],
        _pictures(data, read),
    )


def _exclusive_or(mine: Functions, theirs: Functions) -> Results:
    x, labels = make_xor(200, noise=0.12, rng=1969)
    sides = 2 * labels - 1
    w, b, mistakes = mine["fit"](x, sides, 20)
    data = Data(x, labels, *make_xor(200, noise=0.12, rng=1970))
    right = np.mean((mine["predict"](w, b, x) > 0) == labels)
    yield {
        "fact": f"One neuron: still {mistakes[-1]} mistakes in epoch {len(mistakes)}, and "
        f"{right:.0%} of the points right. It would never end."
    }
    plan = Plan(lambda: mlp((2, 8, 2), rng=1969), data, epochs=12, lr=0.05)
    network, losses, expected = yield from train(plan, mine, theirs)
    right = np.mean(labels_of(network, x) == labels)
    yield Replay(
        "loss",
        losses,
        expected,
        [f"The hidden layer has {right:.0%} of the points right."],
        maps=[
            ("one neuron", _map(lambda at: mine["predict"](w, b, at) > 0)),
            ("a hidden layer", _map(lambda at: labels_of(network, at))),
        ],
    )


def _hidden_layer(mine: Functions, theirs: Functions) -> Results:
    plan = Plan(lambda: mlp((64, 32, 10), rng=1986), _digits(), epochs=10, lr=0.05)
    yield from _digits_read(plan, mine, theirs)


def _convolutions(mine: Functions, theirs: Functions) -> Results:
    digits = _digits()
    images, images_test = (x.reshape(-1, 1, 8, 8) for x in (digits.x, digits.x_test))
    data = Data(images, digits.labels, images_test, digits.labels_test)
    yield from _digits_read(Plan(small_lenet, data, epochs=6, lr=0.05), mine, theirs)


REPLAYS: dict[int, Callable[[Functions, Functions], Results]] = {
    1958: _perceptron,
    1969: _exclusive_or,
    1986: _hidden_layer,
    1998: _convolutions,
}


def small_lenet() -> Sequential:
    """Build two convolutions with pooling and a linear layer, for images (N, 1, 8, 8).

    Examples
    --------
    >>> sum(p.data.size for p in small_lenet().parameters())
    1590
    """
    rng = np.random.default_rng(1998)
    first = [Conv2d(1, 6, 3, padding=1, rng=rng), ReLU(), MaxPool2d(2, stride=2)]
    second = [Conv2d(6, 16, 3, padding=1, rng=rng), ReLU(), MaxPool2d(2, stride=2)]
    return Sequential(*first, *second, Flatten(), Linear(64, 10, rng=rng))


def _digits_read(plan: Plan, mine: Functions, theirs: Functions) -> Results:
    """Train on digits, and read some that were not in the training."""
    network, losses, expected = yield from train(plan, mine, theirs)
    read = labels_of(network, plan.data.x_test)
    weights = sum(parameter.data.size for parameter in network.parameters())
    moved = f"Each of its {weights:,} weights moved {len(losses)} times, down gradients of yours."
    facts = [_reads(read, plan.data.labels_test), moved]
    yield Replay("loss", losses, expected, facts, _pictures(plan.data, read))


def _digits(of: tuple[int, ...] = tuple(range(10))) -> Data:
    """The digits that come along, as rows of 64 numbers; or those of a few classes."""
    x, labels, x_test, labels_test = load_digits()
    train, test = np.isin(labels, of), np.isin(labels_test, of)
    return Data(
        x[train].reshape(-1, 64), labels[train], x_test[test].reshape(-1, 64), labels_test[test]
    )


def _reads(read: np.ndarray, labels: np.ndarray) -> str:
    right = int(np.sum(read == labels[: len(read)]))
    return f"It reads {right} of {len(read)} digits that it has never seen."


def _pictures(data: Data, read: np.ndarray) -> list[tuple[str, list[list[int]]]]:
    """The first digits that were read well, and in the last place one that was not, if any."""
    well = read == data.labels_test[: len(read)]
    shown = [*np.flatnonzero(well)[:PICTURES]]
    shown[PICTURES - 1 :] = [*np.flatnonzero(~well), *shown[PICTURES - 1 :]][:1]
    return [
        (
            f"reads {read[n]}" + ("" if well[n] else f", it is a {data.labels_test[n]}"),
            np.rint(9 * data.x_test[n].reshape(8, 8)).astype(int).tolist(),
        )
        for n in shown
    ]


def _map(labels: Callable[[np.ndarray], np.ndarray]) -> list[list[int]]:
    """What is said at the points of a grid over the square, from its upper left corner."""
    across, down = np.linspace(-0.4, 1.4, 25), np.linspace(1.4, -0.4, 13)
    points = np.stack(np.meshgrid(across, down), axis=-1)
    return labels(points.reshape(-1, 2)).astype(int).reshape(points.shape[:2]).tolist()
