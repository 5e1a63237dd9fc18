"""Random expressions: the same formula for a student's numbers and for the library's tensors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursepkg.autodiff import Tensor

LARGEST = 20.0
Step = Callable[[Any, Any], Any]
# With each operation goes where it may be used: away from poles, kinks and large numbers.
OPERATIONS: dict[str, tuple[Step, Callable[[float, float], bool]]] = {
    "+": (lambda a, b: a + b, lambda a, b: True),
    "-": (lambda a, b: a - b, lambda a, b: True),
    "*": (lambda a, b: a * b, lambda a, b: True),
    "/": (lambda a, b: a / b, lambda a, b: abs(b) > 0.5),
    "square": (lambda a, b: a**2, lambda a, b: True),
    "times a number": (lambda a, b: 1.5 * a - 0.5, lambda a, b: True),
    "relu": (lambda a, b: a.relu(), lambda a, b: a > 0.1),
    "exp": (lambda a, b: a.exp(), lambda a, b: a < 2),
    "log": (lambda a, b: a.log(), lambda a, b: a > 0.5),
    "sigmoid": (lambda a, b: a.sigmoid(), lambda a, b: True),
}


@dataclass(frozen=True)
class Expression:
    """A formula of several leaves, and numbers at which it is well behaved.

    `steps` are operations and the places of their two operands among leaves and earlier steps.
    """

    at: tuple[float, ...]
    steps: tuple[tuple[str, int, int], ...]

    def run(self, *leaves: Any) -> Any:
        """The value of the formula: the sum of the leaves and all steps."""
        values = evaluate(leaves, self.steps)
        total = values[0]
        for value in values[1:]:
            total = total + value
        return total


def evaluate(leaves: Sequence[Any], steps: Sequence[tuple[str, int, int]]) -> list[Any]:
    """The leaves, and after them what each step makes."""
    values = list(leaves)
    for name, one, other in steps:
        values.append(OPERATIONS[name][0](values[one], values[other]))
    return values


def random_expression(rng: np.random.Generator, leaves: int, steps: int) -> Expression:
    """Draw a formula in which nearly everything is used more than once.

    Examples
    --------
    >>> expression = random_expression(np.random.default_rng(0), leaves=2, steps=4)
    >>> len(expression.at), len(expression.steps)
    (2, 4)
    """
    at = tuple(float(number) for number in rng.uniform(0.6, 1.6, leaves))
    values = [Tensor(number) for number in at]
    chosen: list[tuple[str, int, int]] = []
    while len(chosen) < steps:
        name = str(rng.choice(list(OPERATIONS)))
        one, other = int(rng.integers(len(values))), int(rng.integers(len(values)))
        operation, allowed = OPERATIONS[name]
        if not allowed(float(values[one].data), float(values[other].data)):
            continue
        value = operation(values[one], values[other])
        if abs(float(value.data)) < LARGEST:
            chosen.append((name, one, other))
            values.append(value)
    return Expression(at, tuple(chosen))
