"""A student's functions in the place of the library's, in networks that the library builds.

The seam is the `pair` of a layer: `Linear` calls ``pair[0]`` forwards and ``pair[1]`` backwards and
does no arithmetic of its own. `stand_in` gives the layers of *one* network another pair, and
`momentum_over` gives an optimizer another rule; the library itself stays as it is, so a network
with the reference's pairs can be trained beside it. First weights, the order of the samples and the
training loop are the library's, the same for both: equal functions give equal curves.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from coursepkg import optim
from coursepkg.checks import QUESTIONS
from coursepkg.checks.calling import describe
from coursepkg.checks.question import Pair, Single
from coursepkg.layers import Conv2d, Layer, Linear, MaxPool2d, ReLU
from coursepkg.layers.base import Stateless, Weighted
from coursepkg.network import Sequential

Function = Callable[..., Any]
MOMENTUM = 0.9
PAIRS: dict[type[Layer], tuple[str, tuple[str, ...]]] = {
    Linear: ("linear", ()),
    ReLU: ("relu", ()),
    Conv2d: ("conv2d", ("stride", "padding")),
    MaxPool2d: ("max_pool", ("kernel_size", "stride")),
}
"""What the assignments call a layer's forward function, and the options that it takes."""


class ReplayError(Exception):
    """A student's function stopped a replay; the text says which and how."""


class Functions:
    """Functions by name, whose calls are counted and whose exceptions carry their name.

    Examples
    --------
    >>> functions = Functions({"double": lambda x: 2 * x})
    >>> functions["double"](4), functions["double"](5), dict(functions.calls)
    (8, 10, {'double': 2})
    """

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self._functions = functions
        self.calls: Counter[str] = Counter()

    def __getitem__(self, name: str) -> Function:
        """Return a function that does what the one of this name does, and counts."""
        function = self._functions[name]

        def counted(*args: Any) -> Any:
            self.calls[name] += 1
            try:
                return function(*args)
            except (Exception, SystemExit) as error:
                raise ReplayError(describe(error, name, function)) from error

        return counted


def reference(questions: Iterable[str]) -> dict[str, Function]:
    """Return what `check` compares the functions of these questions with, by their names.

    Examples
    --------
    >>> sorted(reference(["A5.relu", "A1.predict"]))
    ['predict', 'relu', 'relu_backward']
    """
    found: dict[str, Function] = {}
    for name in questions:
        subject = QUESTIONS[name].subject
        if isinstance(subject, Pair):
            found[subject.forward] = subject.reference
            found[subject.backward] = subject.reference_backward
        elif isinstance(subject, Single):
            found[subject.function] = subject.reference
        else:
            found[QUESTIONS[name].short_name] = getattr(optim, QUESTIONS[name].operation)
    return found


def stand_in(network: Sequential, functions: Functions) -> Sequential:
    """Let these functions do the arithmetic of a network; return it.

    Parameters
    ----------
    network : with layers of the kinds in `PAIRS`; others, such as Flatten, keep the library's pair
    functions : forward and backward of each of them, called as the assignments define them
    """
    for layer in network:
        if type(layer) in PAIRS:
            assert isinstance(layer, Stateless | Weighted)
            name, options = PAIRS[type(layer)]
            forward = _with_options(functions[name], options)
            layer.pair = (forward, _all_gradients(functions[f"{name}_backward"]))
    return network


def momentum_over(network: Layer, lr: float, functions: Functions) -> optim.Optimizer:
    """Return an optimizer that steps with ``momentum`` of these functions."""
    rule = functions["momentum"]

    def step(w: Any, dw: Any, state: Any, lr: float) -> Any:
        return rule(w, dw, state, lr, MOMENTUM)

    return optim.Optimizer(network.parameters(), lr, step)


def _with_options(function: Function, options: tuple[str, ...]) -> Function:
    """A forward function as layers call it; students' take their options by place."""

    def forward(*arrays: Any, **given: Any) -> Any:
        return function(*arrays, *(given[option] for option in options))

    return forward


def _all_gradients(function: Function) -> Function:
    """A backward function as layers call it; students' know no way to leave out dx."""

    def backward(dout: Any, cache: Any, need_dx: bool = True) -> Any:
        return function(dout, cache)

    return backward
