"""The trials of `backward` in assignment 4, on graphs that are put together by hand.

Such a graph needs none of the student's operations: a mistake there is not counted twice.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coursepkg.checks.a4_values import compare, truth
from coursepkg.checks.expressions import random_expression
from coursepkg.checks.question import Trial
from coursepkg.checks.trials import Tried

CHAIN = 1500
"""Values in a row: more than Python lets functions call each other."""

Wiring = list[tuple[float, list[tuple[int, float]]]]
"""A graph by hand: of each node its number, and its inputs with the local derivatives."""
Run = Callable[[Tried, np.random.Generator], None]


def _wire(tried: Tried, wiring: Wiring) -> list[Any]:
    nodes: list[Any] = []
    for data, edges in wiring:
        inputs = tuple(nodes[place] for place, _ in edges)
        local = tuple(slope for _, slope in edges)
        nodes.append(tried("Value", data, inputs, local))
    return nodes


def _gradients(wiring: Wiring, out: int) -> dict[int, float]:
    """What `backward` has to leave in the node `out` and in all nodes below it."""
    grads = {out: 1.0}
    for place in range(out, -1, -1):
        for source, slope in wiring[place][1] if place in grads else ():
            grads[source] = grads.get(source, 0.0) + slope * grads[place]
    return grads


def _look_back(what: str, nodes: Sequence[Any], wiring: Wiring, out: int = -1) -> None:
    """Call `backward` of the node `out` and look at all that lies below."""
    out %= len(wiring)
    nodes[out].backward()
    for place, expected in sorted(_gradients(wiring, out).items()):
        which = "the output itself" if place == out else f"value number {place + 1}"
        compare(f"{what}: grad of {which}", nodes[place].grad, expected)


def _by_hand(what: str, *wirings: Wiring) -> Run:
    def run(tried: Tried, rng: np.random.Generator) -> None:
        for wiring in wirings:
            _look_back(what, _wire(tried, wiring), wiring)

    return run


WORKED: Wiring = [
    (-2.0, []),
    (5.0, []),
    (-4.0, []),
    (3.0, [(0, 1.0), (1, 1.0)]),
    (-12.0, [(3, -4.0), (2, 3.0)]),
]
SQUARE: Wiring = [(3.0, []), (9.0, [(0, 3.0), (0, 3.0)])]
# One path is longer than the other: who goes through the short one first comes too early. Which
# of the inputs comes first must not matter.
DIAMOND: Wiring = [
    (2.0, []),
    (4.0, [(0, 3.0)]),
    (5.0, [(1, 0.5)]),
    (7.0, [(1, -2.0), (2, 4.0)]),
]
TURNED: Wiring = [*DIAMOND[:3], (7.0, [(2, 4.0), (1, -2.0)])]


def _random_wiring(rng: np.random.Generator, count: int) -> Wiring:
    """Each node is made of earlier ones, the last of all that nobody else uses."""
    wiring: Wiring = [(float(rng.uniform(-2, 2)), []) for _ in range(3)]
    unused = {0, 1, 2}
    while len(wiring) < count:
        sources = [int(rng.integers(len(wiring))), len(wiring) - 1 - int(rng.integers(3))]
        unused = unused - set(sources) | {len(wiring)}
        wiring.append((float(rng.uniform(-2, 2)), _edges(rng, sources)))
    wiring.append((1.0, _edges(rng, [int(place) for place in rng.permutation(sorted(unused))])))
    return wiring


def _edges(rng: np.random.Generator, sources: list[int]) -> list[tuple[int, float]]:
    slopes = rng.uniform(0.5, 1.5, len(sources)) * rng.choice([-1.0, 1.0], len(sources))
    return list(zip(sources, map(float, slopes), strict=True))


def _random_graphs(tried: Tried, rng: np.random.Generator) -> None:
    for count in (8, 12):
        wiring = _random_wiring(rng, count)
        _look_back("a random graph", _wire(tried, wiring), wiring)


def _twice(tried: Tried, rng: np.random.Generator) -> None:
    nodes = _wire(tried, WORKED)
    nodes[-1].backward()
    _look_back("when backward is called a second time", nodes, WORKED)


def _two_outputs(tried: Tried, rng: np.random.Generator) -> None:
    slopes = [float(slope) for slope in rng.uniform(1.5, 4, 5)]
    wiring: Wiring = [
        (1.0, []),
        (2.0, [(0, slopes[0])]),
        (3.0, [(1, slopes[1]), (0, slopes[2])]),
        (4.0, [(1, slopes[3]), (0, slopes[4])]),
    ]
    nodes = _wire(tried, wiring)
    nodes[2].backward()
    _look_back("two outputs, backward of one and then of the other", nodes, wiring)


def _from_the_middle(tried: Tried, rng: np.random.Generator) -> None:
    nodes = _wire(tried, WORKED)
    _look_back("backward of q = x + y, which is not the last value", nodes, WORKED, out=3)


def _ladder(tried: Tried, rng: np.random.Generator) -> None:
    rungs: Wiring = [(1.0, [(place, 1.0), (place, 1.0)]) for place in range(12)]
    wiring: Wiring = [(1.0, []), *rungs]
    _look_back("twelve times y = y + y", _wire(tried, wiring), wiring)


def _chain(tried: Tried, rng: np.random.Generator) -> None:
    first = last = tried("Value", 1.0)
    for number in range(CHAIN):
        last = tried("Value", 1.0, (last,), (0.5 if number % 2 else 2.0,))
    last.backward()
    compare(f"grad of the first of {CHAIN} values in a row", first.grad, 1.0)


def _own_parts(tried: Tried, rng: np.random.Generator) -> None:
    """Operations and `backward`, both the student's."""
    expression = random_expression(rng, leaves=3, steps=8)
    _, slopes = truth(expression.run, expression.at)
    leaves = [tried("Value", number) for number in expression.at]
    expression.run(*leaves).backward()
    for leaf, number, slope in zip(leaves, expression.at, slopes, strict=True):
        compare(f"a formula of eight operations: grad of the leaf {number:.4g}", leaf.grad, slope)


BACKWARD = (
    Trial("the worked example", _by_hand("(x + y) z", WORKED)),
    Trial("a value used twice", _by_hand("x * x at 3", SQUARE)),
    Trial("two ways that meet again", _by_hand("a diamond", DIAMOND, TURNED)),
    Trial("called a second time", _twice),
    Trial("random graphs", _random_graphs, hidden=True),
    Trial("two outputs", _two_outputs, hidden=True),
    Trial("from the middle", _from_the_middle, hidden=True),
    Trial("a ladder", _ladder, hidden=True),
    Trial(f"{CHAIN} values in a row", _chain, hidden=True),
    Trial("with your own operations", _own_parts, hidden=True),
)
