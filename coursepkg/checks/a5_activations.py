"""Assignment 5, functions that work on one number at a time: leaky ReLU, sigmoid, tanh, ELU."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursepkg import functional as F
from coursepkg.checks.data import distinct, transposed_in_memory
from coursepkg.checks.question import Case, Pair, Question
from coursepkg.checks.worked import gate

KINK_DISTANCE = 0.1
SECTION = "section 6.5, one number at a time"
EXAMPLE = np.array([[-2.0, 0.5, 1.0], [3.0, -0.5, -1.0]])
EXAMPLE_DOUT = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]])


def signed(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Return entries of both signs in random places, away from 0.

    Were all positive, a mask from the wrong array could be right.
    """
    size = int(np.prod(shape))
    signs = rng.permutation(np.resize([1.0, -1.0], size))
    return (signs * rng.uniform(KINK_DISTANCE, 3, size)).reshape(shape)


def elementwise_case(
    rng: np.random.Generator, title: str, shape: tuple[int, ...], *settings: float
) -> Case:
    """A case with input and upstream gradient of that shape, and numbers that set the function."""
    dout = rng.permutation(np.resize([1.0, -1.0], int(np.prod(shape)))).reshape(shape)
    return Case(title, (signed(rng, shape), *settings), dout * rng.uniform(0.5, 2, shape))


def _sample(between: tuple[float, float] | None) -> Callable[[np.random.Generator], Case]:
    def draw(rng: np.random.Generator) -> Case:
        n, d = distinct(rng, 2)
        settings = [float(rng.uniform(*between))] if between else []
        return elementwise_case(rng, f"random numbers (N = {n}, D = {d})", (n, d), *settings)

    return draw


def _edges(*setting: float) -> Callable[[np.random.Generator], list[Case]]:
    def draw(rng: np.random.Generator) -> list[Case]:
        n, d1, d2, d3 = distinct(rng, 4)
        far = elementwise_case(rng, "some entries of +-1000", (n, d1), *setting)
        far.inputs[0][0, :2] = 1000.0, -1000.0
        turned = elementwise_case(rng, "transposed arrays", (n, d1), *setting)
        return [
            elementwise_case(rng, "N = 1", (1, 2 * d1), *setting),
            elementwise_case(rng, "x of shape (N, d1, d2, d3)", (n, d1, d2, d3), *setting),
            far,
            Case(turned.title, transposed_in_memory(turned.inputs), turned.dout),
        ]

    return draw


def _pair(
    name: str,
    reference: Callable[..., tuple[Any, Any]],
    reference_backward: Callable[[Any, Any], Any],
    suggested_cache: Callable[..., Any],
    setting: tuple[float, ...] = (),
    between: tuple[float, float] | None = None,
) -> Pair:
    """The pair of an activation with a `setting`, which samples draw `between` two numbers."""
    return Pair(
        forward=name,
        backward=f"{name}_backward",
        output="out",
        grads=("dx",),
        reference=reference,
        reference_backward=reference_backward,
        suggested_cache=suggested_cache,
        example=Case("the worked example (N = 2, D = 3)", (EXAMPLE, *setting), EXAMPLE_DOUT),
        sample=_sample(between),
        edges=_edges(*setting),
    )


PAIRS = {
    "leaky_relu": _pair(
        "leaky_relu",
        F.leaky_relu,
        F.leaky_relu_backward,
        lambda x, negative_slope: (x, negative_slope),
        (0.1,),
        (0.02, 0.4),
    ),
    "sigmoid": _pair("sigmoid", F.sigmoid, F.sigmoid_backward, lambda x: F.sigmoid(x)[0]),
    "tanh": _pair("tanh", F.tanh, F.tanh_backward, lambda x: F.tanh(x)[0]),
    "elu": _pair("elu", F.elu, F.elu_backward, lambda x, alpha: (x, alpha), (1.0,), (0.5, 2.0)),
}
FORWARD_HINTS = {
    "leaky_relu": "what is positive stays; what is negative is multiplied by negative_slope",
    "sigmoid": "1 / (1 + exp(-x)) overflows far below 0: which form is the same number there?",
    "tanh": "NumPy has it",
    "elu": "below 0: alpha * (exp(x) - 1); take the exponential of nothing large",
}
BACKWARD_HINTS = {
    "leaky_relu": "the sign of x decides, not that of dout; a shut gate lets a little through",
    "sigmoid": "the derivative is s * (1 - s), where s is the output and not the input",
    "tanh": "the derivative is 1 - out**2, where out is the output and not the input",
    "elu": "below 0 the derivative is alpha * exp(x), which is out + alpha",
}
SLOPES: dict[str, Callable[..., float]] = {
    "leaky_relu": lambda x, negative_slope: 1 if x > 0 else negative_slope,
    "sigmoid": lambda x: 1 / (2 + 2 * np.cosh(x)),
    "tanh": lambda x: 1 - np.tanh(x) ** 2,
    "elu": lambda x, alpha: 1 if x > 0 else alpha * np.exp(x),
}


def _questions(name: str, pair: Pair) -> tuple[Question, Question]:
    forward = Question(f"A5.{name}", pair, SECTION, {"out": FORWARD_HINTS[name]})
    backward = Question(
        f"A5.{name}_backward",
        pair,
        SECTION,
        {"dx": BACKWARD_HINTS[name]},
        backward=True,
        operation=f"{name}_backward",
        sums={"dx": gate(SLOPES[name])},
    )
    return forward, backward


QUESTIONS = tuple(question for name in PAIRS for question in _questions(name, PAIRS[name]))
