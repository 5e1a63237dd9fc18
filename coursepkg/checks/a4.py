"""Assignment 4, backpropagation on a graph: numbers that remember how they were made."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursepkg.checks.a4_backward import BACKWARD
from coursepkg.checks.a4_values import compare, expression, truth
from coursepkg.checks.question import Question, Trial
from coursepkg.checks.trials import TrialError, Tried

Run = Callable[[Tried, np.random.Generator], None]


def _product(tried: Tried, rng: np.random.Generator) -> None:
    expression("(x + y) * z", lambda x, y, z: (x + y) * z)(tried, -2.0, 5.0, -4.0)


def _powers(tried: Tried, rng: np.random.Generator) -> None:
    expression("x ** 3", lambda x: x**3)(tried, -float(rng.uniform(1.1, 2)))
    expression("x ** -1", lambda x: x**-1)(tried, float(rng.uniform(1.1, 2)))
    expression("x ** 0.5", lambda x: x**0.5)(tried, float(rng.uniform(1.1, 2)))


def _differences(tried: Tried, rng: np.random.Generator) -> None:
    x, y = map(float, rng.uniform(1.1, 3, 2))
    expression("x - y", lambda x, y: x - y)(tried, x, -y)
    expression("x / y", lambda x, y: x / y)(tried, -x, y)


def _plain_numbers(tried: Tried, rng: np.random.Generator) -> None:
    x = float(rng.uniform(1.1, 3))
    expression("x + 2", lambda x: x + 2)(tried, x)
    expression("3.5 * x", lambda x: 3.5 * x)(tried, -x)
    expression("1 - x", lambda x: 1 - x)(tried, x)


def _with_itself(tried: Tried, rng: np.random.Generator) -> None:
    x = float(rng.uniform(1.1, 3))
    expression("x * x", lambda x: x * x)(tried, x)
    expression("x + x", lambda x: x + x)(tried, -x)


def _far_out(tried: Tried, rng: np.random.Generator) -> None:
    run = expression("sigmoid", lambda x: x.sigmoid())
    run(tried, 800.0)
    run(tried, -800.0)


def _nested(tried: Tried, rng: np.random.Generator) -> None:
    run = expression("x.exp().sigmoid().log()", lambda x: x.exp().sigmoid().log())
    run(tried, float(rng.uniform(-1, 1)))


def _function(name: str, low: float, high: float) -> Run:
    """A trial of one method at two numbers, of either sign where its domain allows it."""
    attempt = expression(name, lambda x: getattr(x, name)())

    def run(tried: Tried, rng: np.random.Generator) -> None:
        attempt(tried, float(rng.uniform(0.3, high)))
        attempt(tried, float(rng.uniform(low, -0.3) if low < 0 else rng.uniform(low, 0.9)))

    return run


def _first_circuit(x: Any, y: Any, z: Any) -> Any:
    return (x + y) * z


def _neuron(w0: Any, x0: Any, w1: Any, x1: Any, w2: Any) -> Any:
    return (w0 * x0 + w1 * x1 + w2).sigmoid()


def _network_loss(x: Any, t: Any, w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
    return (w2 * (w1 * x + b1).relu() + b2 - t) ** 2


def _circuit(name: str, run: Callable[..., Any], names: str) -> Callable[..., None]:
    def attempt(tried: Tried, *at: float) -> None:
        value, slopes = truth(run, at)
        leaves = [tried("Value", number) for number in at]
        out = tried(name, *leaves)
        if not hasattr(out, "backward"):
            raise TrialError(f"{name} must return a Value, got {type(out).__name__}")
        compare(f"the data of {name}", out.data, value)
        out.backward()
        for leaf, which, slope in zip(leaves, names.split(), slopes, strict=True):
            compare(f"{name}: grad of {which}", leaf.grad, slope)

    return attempt


CIRCUITS: dict[str, tuple[Callable[..., None], tuple[float, ...]]] = {
    "first_circuit": (
        _circuit("first_circuit", _first_circuit, "x y z"),
        (-2.0, 5.0, -4.0),
    ),
    "neuron": (
        _circuit("neuron", _neuron, "w0 x0 w1 x1 w2"),
        (2.0, -1.0, -3.0, -2.0, -3.0),
    ),
    "network_loss": (
        _circuit("network_loss", _network_loss, "x t w1 b1 w2 b2"),
        (1.0, 1.0, 3.0, 1.0, 2.0, -5.0),
    ),
}


def _as_worked(name: str) -> Run:
    attempt, at = CIRCUITS[name]
    return lambda tried, rng: attempt(tried, *at)


def _elsewhere(name: str) -> Run:
    attempt, at = CIRCUITS[name]

    def run(tried: Tried, rng: np.random.Generator) -> None:
        attempt(tried, *map(float, rng.uniform(0.5, 1.5, len(at))))

    return run


def _shut(tried: Tried, rng: np.random.Generator) -> None:
    """The hidden unit of the network is off."""
    x, t, w1, b1, w2, b2 = map(float, rng.uniform(0.5, 1.5, 6))
    CIRCUITS["network_loss"][0](tried, x, t, w1, -b1 - 3 * x * w1, w2, -b2)


QUESTIONS = (
    Question(
        "A4.arithmetic",
        (
            Trial("the worked example", _product),
            Trial("powers", _powers),
            Trial("minus and divided by", _differences, hidden=True),
            Trial("plain numbers on either side", _plain_numbers, hidden=True),
            Trial("a value with itself", _with_itself, hidden=True),
        ),
        section="section 5.4, gates",
    ),
    Question(
        "A4.functions",
        (
            Trial("relu on both sides of 0", _function("relu", -2, 2)),
            Trial("exp", _function("exp", -2, 2)),
            Trial("log", _function("log", 0.3, 3)),
            Trial("sigmoid", _function("sigmoid", -3, 3)),
            Trial("sigmoid far from 0", _far_out, hidden=True),
            Trial("one function after another", _nested, hidden=True),
        ),
        section="section 5.3, a neuron as a graph",
    ),
    Question(
        "A4.backward",
        BACKWARD,
        section="section 5.7, forward and backward",
    ),
    Question(
        "A4.circuits",
        (
            *(Trial(f"{name} with the numbers of the text", _as_worked(name)) for name in CIRCUITS),
            *(
                Trial(f"{name} with other numbers", _elsewhere(name), hidden=True)
                for name in CIRCUITS
            ),
            Trial("network_loss with a unit that is off", _shut, hidden=True),
        ),
        section="section 5.6, a network with one hidden unit",
    ),
)
