"""What a question is made of. Questions themselves are declared in one file per assignment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

Part = Literal["shape", "example", "seeds", "edges", "contract"]

PART_TITLES: Mapping[Part, str] = {
    "shape": "shape and dtype",
    "example": "worked example",
    "seeds": "random numbers",
    "edges": "edge cases",
    "contract": "contract",
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


@dataclass(frozen=True)
class Case:
    """One input on which a pair of functions is tried, with the upstream gradient to go with it."""

    title: str
    inputs: tuple[Any, ...]
    dout: Any


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

    def out(self, case: Case) -> np.ndarray:
        """Return what the forward function has to return for this case."""
        return np.asarray(self.reference(*case.inputs)[0])

    def gradients(self, case: Case) -> tuple[np.ndarray, ...]:
        """Return what the backward function has to return for this case, as a tuple."""
        grads = self.reference_backward(case.dout, self.reference(*case.inputs)[1])
        return tuple(grads) if len(self.grads) > 1 else (grads,)


@dataclass(frozen=True)
class Question:
    """One graded function.

    `hints` has one nudge for each tensor the function returns; `section` says where in the
    book it is explained.
    """

    name: str
    pair: Pair
    backward: bool
    hints: Mapping[str, str]
    section: str

    @property
    def function(self) -> str:
        return self.pair.backward if self.backward else self.pair.forward

    @property
    def tensors(self) -> tuple[str, ...]:
        return self.pair.grads if self.backward else (self.pair.output,)

    @property
    def rubric(self) -> Mapping[Part, Fraction]:
        return BACKWARD_RUBRIC if self.backward else FORWARD_RUBRIC

    def truth(self, case: Case) -> tuple[np.ndarray, ...]:
        """Return the right value of each tensor for this case."""
        return self.pair.gradients(case) if self.backward else (self.pair.out(case),)
