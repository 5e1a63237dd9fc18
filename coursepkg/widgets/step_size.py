"""W3.1: which step should a difference quotient take? (deck row 44)"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import traitlets

from coursepkg.widgets.base import BookWidget

METHODS = ("forward", "central", "complex")
PRECISIONS = ("float64", "float32")
EXPONENTS = tuple(-k / 2 for k in range(33))  # of h: 0, -0.5, ..., -16
DIGITS = 10  # significant ones of an error, so that many curves are short to ship


class Example(NamedTuple):
    """A function, its derivative, and where they are compared."""

    f: Callable[[Any], Any]
    derivative: Callable[[float], float]
    x: float
    text: str


EXAMPLES = {
    "deck": Example(
        lambda x: np.exp(np.sin(x)),
        lambda x: float(np.exp(np.sin(x)) * np.cos(x)),
        1.3,
        "np.exp(np.sin(x))",
    ),
    "cube": Example(lambda x: x * x * x, lambda x: 3 * x * x, 2.0, "x * x * x"),
    "wiggle": Example(
        lambda x: np.sin(50 * x), lambda x: float(50 * np.cos(50 * x)), 1.3, "np.sin(50 * x)"
    ),
    "tall": Example(
        lambda x: 1e6 + np.exp(np.sin(x)),
        lambda x: float(np.exp(np.sin(x)) * np.cos(x)),
        1.3,
        "1e6 + np.exp(np.sin(x))",
    ),
    "kink": Example(np.abs, lambda x: float(np.sign(x)), 0.001, "np.abs(x)"),
}


def quotient(example: str, h: float, method: str, precision: str = "float64") -> float | None:
    """Approximate the derivative of an example, everything in one precision.

    Returns None where the complex step cannot go: ``abs`` drops it on the way.

    Examples
    --------
    >>> f"{quotient('cube', 0.1, 'forward'):.2f} {quotient('cube', 0.1, 'central'):.2f}"
    '12.61 12.01'
    """
    f, number = EXAMPLES[example].f, np.dtype(precision).type
    x, step = number(EXAMPLES[example].x), number(h)
    if method == "complex":
        pair = np.result_type(number, np.complex64).type
        out = f(pair(complex(x, step)))
        return float(out.imag / step) if np.iscomplexobj(out) else None
    if method == "forward":
        return float((f(x + step) - f(x)) / step)
    return float((f(x + step) - f(x - step)) / (2 * step))


def error_of(example: str, exponent: float, method: str, precision: str) -> float | None:
    """Return the relative error of a quotient with h = 10^exponent, to ten digits.

    Examples
    --------
    >>> f"{error_of('deck', -5, 'forward', 'float64'):.1e}"
    '1.7e-05'
    """
    got = quotient(example, 10.0**exponent, method, precision)
    if got is None:
        return None
    # The rounding of x itself is nobody's fault: the truth is taken at the x that was used.
    true = EXAMPLES[example].derivative(float(np.dtype(precision).type(EXAMPLES[example].x)))
    return float(f"{abs(got - true) / abs(true):.{DIGITS}g}")


@cache
def curves() -> dict[str, Any]:
    """Errors of all examples, precisions and methods for every step; and f and its slope."""
    errors = {
        example: {
            precision: {
                method: [error_of(example, e, method, precision) for e in EXPONENTS]
                for method in METHODS
            }
            for precision in PRECISIONS
        }
        for example in EXAMPLES
    }
    facts = {name: [float(e.f(e.x)), e.derivative(e.x)] for name, e in EXAMPLES.items()}
    return {"errors": errors, "facts": facts}


class StepSize(BookWidget):
    """The error of a difference quotient against its step: a valley with two different walls.

    Parameters
    ----------
    example : "deck" (e^sin x at 1.3), "cube", "wiggle", "tall" or "kink"
    precision : "float64" or "float32"
    method : "forward", "central" or "complex"
    exponent : the step is 10^exponent; 0, -0.5, ... -16

    Examples
    --------
    >>> StepSize(example="kink").state()
    {'example': 'kink', 'exponent': -5.0, 'method': 'forward', 'precision': 'float64'}
    """

    script = "step_size.js"
    number = "W3.1"
    title = "How small a step is small enough?"
    alt = (
        "Relative error of three difference quotients of exp(sin x) at 1.3 against the step, both "
        "axes logarithmic. The forward difference has a valley near h = 1e-8, the central one a "
        "deeper valley near 1e-5, where their errors are 1.7e-5 and 7.8e-11. For smaller steps "
        "both rise to 1. The complex step stays at 1e-16."
    )

    example = traitlets.Enum(tuple(EXAMPLES), "deck").tag(sync=True)
    precision = traitlets.Enum(PRECISIONS, "float64").tag(sync=True)
    method = traitlets.Enum(METHODS, "forward").tag(sync=True)
    exponent = traitlets.Float(-5.0, min=-16.0, max=0.0).tag(sync=True)

    @traitlets.validate("exponent")
    def _on_the_grid(self, proposal: Any) -> float:
        value = proposal["value"]
        if not -16 <= value <= 0 or value % 0.5:
            raise traitlets.TraitError(f"exponent must be 0, -0.5, ... or -16, got {value}")
        return float(value)

    @traitlets.default("_data")
    def _ship_curves(self) -> dict[str, Any]:
        return curves()

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every curve at one step each, and the numbers of the deck."""
        states: list[dict[str, Any]] = [
            {"example": e, "precision": p, "method": m, "exponent": -float((3 * i + 4 * j) % 17)}
            for i, e in enumerate(EXAMPLES)
            for p in PRECISIONS
            for j, m in enumerate(METHODS)
        ]
        deck = {"example": "deck", "precision": "float64", "exponent": -5.0}
        states += [deck | {"method": m} for m in METHODS]
        return [(state, _numbers(**state)) for state in states]


def _numbers(example: str, precision: str, method: str, exponent: float) -> dict[str, Any]:
    """What the browser must find."""
    errors = [error_of(example, e, method, precision) for e in EXPONENTS]
    known = [e for e in errors if e is not None]
    best = errors.index(min(known)) if known else None
    return {
        "h": 10.0**exponent,
        "error": error_of(example, exponent, method, precision),
        "best_exponent": None if best is None else EXPONENTS[best],
        "best_error": None if best is None else errors[best],
        "lost": lost_digits(example, precision, method, exponent),
    }


def lost_digits(example: str, precision: str, method: str, exponent: float) -> float:
    """Return how many leading decimal digits the two values share that are subtracted.

    Examples
    --------
    >>> round(lost_digits("deck", "float64", "central", -5), 1)
    5.3
    """
    if method == "complex":
        return 0.0
    value, slope = curves()["facts"][example]
    span = 10.0**exponent * (2 if method == "central" else 1)
    most = -np.log10(float(np.finfo(precision).eps))
    return float(np.clip(np.log10(abs(value) / (span * abs(slope))), 0, most))
