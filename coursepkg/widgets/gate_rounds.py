"""Ten questions about gates for W5.2; the wrong answers are mistakes people make."""

from collections.abc import Callable
from typing import NamedTuple

from coursepkg.gates import AddGate, CopyGate, Gate, MaxGate, MultiplyGate

Pair = tuple[float, float]


class Round(NamedTuple):
    """A gate, what stands on its wires, the gradient asked for, and named wrong answers."""

    gate: str
    inputs: Pair
    upstream: Pair
    asked: str
    wrong: tuple[tuple[float, str], ...]
    place: int  # of the right answer among the options

    def right(self) -> float:
        """The gradient that is asked for."""
        if self.gate == "copy":
            return float(CopyGate(2).backward(self.upstream))
        gates: dict[str, Callable[[], Gate]] = {
            "add": AddGate,
            "mul": MultiplyGate,
            "max": MaxGate,
        }
        one = gates[self.gate]()
        one.forward(*self.inputs)
        return float(one.backward(self.upstream[0])["xy".index(self.asked)])

    def options(self) -> list[tuple[float, str]]:
        """Values to choose from, each with what it would be called; the right one with ""."""
        found = list(self.wrong)
        found.insert(self.place, (self.right(), ""))
        return found

    def answer(self) -> int:
        """The number of the right option."""
        return self.place


DROPPED = "Upstream dropped: that is the local gradient, still to be multiplied by what arrives."
NOT_SWAPPED = "Not swapped: each input gets the value of the other, not its own."
HALVES = "Shared out: a gradient is no cake, all of it goes to every input of a sum."
BOTH = "To both: the smaller input does not move the output, so it gets nothing."
LAST = "Overwritten: only the last gradient to arrive was kept."
PRODUCT_HABIT = "The habit of a product: a sum does not look at its inputs."
PASSED_ON = "Passed on as it is: that is the habit of a sum."
ROUTED = "Shared out: a router sends all of it one way."
OWN_VALUE = "Its own value: what stands on this wire says nothing about its own slope."
MULTIPLIED = "Multiplied: what comes back by two ways adds up."
SIGN_LOST = "Sign lost: blame has a direction."
FIRST = "The first only: the second gradient counts as well."
ADDED = "Added: that is the habit of a copy. A sum sends the same to each input."
MEAN = "Averaged: two gradients that arrive are two effects, and effects add up."
LARGER_SIZE = "The larger in size: max compares −1 and −3 with their signs, and −1 is larger."

ROUNDS = (
    Round("mul", (3, -4), (2, 0), "x", ((6, NOT_SWAPPED), (-4, DROPPED), (2, PASSED_ON)), 2),
    Round("add", (3, -4), (-3, 0), "y", ((1, DROPPED), (-1.5, HALVES), (-9, PRODUCT_HABIT)), 0),
    Round("max", (2, -1), (2, 0), "y", ((2, BOTH), (1, ROUTED), (-2, OWN_VALUE)), 1),
    Round("copy", (5, 0), (4, 2), "x", ((2, LAST), (3, MEAN), (8, MULTIPLIED)), 3),
    Round("mul", (0, 5), (3, 0), "x", ((0, NOT_SWAPPED), (5, DROPPED), (3, PASSED_ON)), 1),
    Round("mul", (0, 5), (3, 0), "y", ((15, NOT_SWAPPED), (3, PASSED_ON), (5, OWN_VALUE)), 0),
    Round("max", (-3, -1), (-4, 0), "y", ((0, LARGER_SIZE), (1, DROPPED), (4, SIGN_LOST)), 2),
    Round("copy", (2, 0), (3, -3), "x", ((-3, LAST), (6, SIGN_LOST), (3, FIRST)), 1),
    Round("add", (1, 1), (5, 0), "x", ((1, DROPPED), (2.5, HALVES), (10, ADDED)), 3),
    Round("mul", (-2, -3), (-1, 0), "x", ((2, NOT_SWAPPED), (-3, DROPPED), (-1, PASSED_ON)), 0),
)
