"""What a question is made of. Questions themselves are declared in one file per assignment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from coursepkg.checks.trials import Tried

Part = Literal["shape", "example", "seeds", "edges", "behaviour", "contract", "speed"]

PART_TITLES: Mapping[Part, str] = {
    "shape": "shape and dtype",
    "example": "worked example",
    "seeds": "random numbers",
    "edges": "edge cases",
    "behaviour": "behaviour",
    "contract": "contract",
    "speed": "speed",
}
FORWARD_RUBRIC: Mapping[Part, Fraction] = {
    "shape": Fraction(10, 100),
    "example": Fraction(25, 100),
    "seeds": Fraction(40, 100),
    "edges": Fraction(15, 100),
    "contract": Fraction(10, 100),
}
BACKWARD_RUBRIC: Mapping[Part, Fraction] = {
    "shape": Fraction(10, 100),
    "example": Fraction(15, 100),
    "seeds": Fraction(50, 100),
    "edges": Fraction(15, 100),
    "contract": Fraction(10, 100),
}
TRIALS_RUBRIC: Mapping[Part, Fraction] = {"behaviour": Fraction(1)}
SPEED = Fraction(10, 100)
"""The share of speed, where it counts; the random numbers give it away."""


@dataclass(frozen=True)
class Case:
    """One input on which functions are tried; for a backward pass, the upstream gradient too."""

    title: str
    inputs: tuple[Any, ...]
    dout: Any = None


Worked = Callable[[tuple[int, ...], Case], str | None]
"""From an index and a case, the line of numbers that leads to that entry."""


@dataclass(frozen=True)
class Large:
    """A case so large that a loop in Python over its windows shows in the time it takes."""

    case: Case
    windows: int


@dataclass(frozen=True)
class Pair:
    """A forward and its backward function, with the reference and the data to try them on.

    `grads` name the gradients of the first inputs, in order; an input without a gradient
    (labels) comes last. `suggested_cache` builds the cache that the statement documents.
    """

    forward: str
    backward: str
    output: str
    grads: tuple[str, ...]
    reference: Callable[..., tuple[Any, Any]]
    reference_backward: Callable[[Any, Any], Any]
    suggested_cache: Callable[..., Any]
    example: Case
    sample: Callable[[np.random.Generator], Case]
    edges: Callable[[np.random.Generator], list[Case]]
    large: Large | None = None

    def arrays(self, case: Case) -> dict[str, Any]:
        """Return the inputs of a case, and its upstream gradient, by name."""
        names = (grad.removeprefix("d") for grad in self.grads)
        return {**dict(zip(names, case.inputs, strict=False)), "dout": case.dout}

    def out(self, case: Case) -> np.ndarray:
        """Return what the forward function has to return for this case."""
        return np.asarray(self.reference(*case.inputs)[0])

    def gradients(self, case: Case) -> tuple[np.ndarray, ...]:
        """Return what the backward function has to return for this case, as a tuple."""
        grads = self.reference_backward(case.dout, self.reference(*case.inputs)[1])
        return tuple(grads) if len(self.grads) > 1 else (grads,)


@dataclass(frozen=True)
class Single:
    """A function without a backward pass, with the reference and the data to try it on.

    `outputs` name what it returns: several are a tuple. `keeps_dtype` is false where the answer
    is no array of the kind that went in, such as a size or labels.
    """

    function: str
    outputs: tuple[str, ...]
    reference: Callable[..., Any]
    example: Case
    sample: Callable[[np.random.Generator], Case]
    edges: Callable[[np.random.Generator], list[Case]]
    keeps_dtype: bool = True
    large: Large | None = None

    def values(self, case: Case) -> tuple[np.ndarray, ...]:
        """Return what the function has to return for this case, as a tuple."""
        values = self.reference(*case.inputs)
        return tuple(map(np.asarray, values if len(self.outputs) > 1 else (values,)))


@dataclass(frozen=True)
class Trial:
    """Something that is tried with the student's functions and either works or not.

    `run` uses them through `Tried`, and raises `TrialError` with words for the student where what
    comes back is not right. `hidden` ones are for grading only.
    """

    title: str
    run: Callable[["Tried", np.random.Generator], None]
    hidden: bool = False


@dataclass(frozen=True)
class Question:
    """One graded function.

    `hints` has one nudge for each tensor the function returns; `section` says where in the
    book it is explained. `operation` is what the library calls the function, under which its
    known mistakes are found. `sums` say how an entry of the worked example comes about by hand: a
    rule for `by_hand`, or a function that writes the line.
    """

    name: str
    subject: Pair | Single | tuple[Trial, ...]
    section: str
    hints: Mapping[str, str] = field(default_factory=dict)
    backward: bool = False
    operation: str = ""
    sums: Mapping[str, str | Worked] = field(default_factory=dict)

    @property
    def pair(self) -> Pair:
        """The pair of functions that a question about one of them is about."""
        assert isinstance(self.subject, Pair)
        return self.subject

    @property
    def function(self) -> str:
        if isinstance(self.subject, Pair):
            return self.subject.backward if self.backward else self.subject.forward
        return self.subject.function if isinstance(self.subject, Single) else self.short_name

    @property
    def short_name(self) -> str:
        """The name without that of its assignment."""
        return self.name.split(".")[1]

    @property
    def tensors(self) -> tuple[str, ...]:
        if isinstance(self.subject, Pair):
            return self.subject.grads if self.backward else (self.subject.output,)
        return self.subject.outputs if isinstance(self.subject, Single) else ()

    @property
    def rubric(self) -> Mapping[Part, Fraction]:
        if isinstance(self.subject, tuple):
            return TRIALS_RUBRIC
        rubric = BACKWARD_RUBRIC if self.backward else FORWARD_RUBRIC
        if self.subject.large is None:
            return rubric
        return {**rubric, "seeds": rubric["seeds"] - SPEED, "speed": SPEED}

    def truth(self, case: Case) -> tuple[np.ndarray, ...]:
        """Return the right value of each tensor for this case."""
        if isinstance(self.subject, Single):
            return self.subject.values(case)
        return self.pair.gradients(case) if self.backward else (self.pair.out(case),)
