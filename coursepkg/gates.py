"""Gates of a computational graph: each is a pair of `functional` that remembers its cache.

``forward(*inputs)`` returns the output, ``backward(dout)`` the gradient of its input, or a tuple of
them where there are two. Numbers and arrays alike.
"""

from collections.abc import Callable, Sequence
from typing import Any

from coursepkg import functional as F
from coursepkg.backend import Array


class Gate:
    """What every gate does; a kind of gate names its pair, its symbol and its inputs.

    Examples
    --------
    >>> gate = MultiplyGate()
    >>> float(gate.forward(3.0, 4.0))
    12.0
    >>> dx, dy = gate.backward(2.0)
    >>> float(dx), float(dy)
    (8.0, 6.0)
    """

    symbol = "?"
    inputs = 1
    pair: tuple[Callable[..., tuple[Array, Any]], Callable[[Array, Any], Any]]
    _cache: Any = None

    def __init__(self, **options: Any):
        self.options = options

    def forward(self, *inputs: Array) -> Array:
        """Compute the output.

        Raises
        ------
        TypeError
            If the number of inputs is another than the gate has.
        """
        if len(inputs) != self.inputs:
            name = type(self).__name__
            raise TypeError(f"{name} takes {self.inputs} inputs, got {len(inputs)}")
        out, self._cache = self.pair[0](*inputs, **self.options)
        return out

    def backward(self, dout: Array) -> Any:
        """Return upstream gradient times local gradient, for every input.

        Raises
        ------
        RuntimeError
            If there was no forward before.
        """
        if self._cache is None:
            raise RuntimeError(f"{type(self).__name__}.backward needs a forward before it")
        grads = self.pair[1](dout, self._cache)
        return tuple(grads) if isinstance(grads, tuple) else grads


class AddGate(Gate):
    """``x + y``; backward a distributor: both get the upstream gradient."""

    symbol, inputs, pair = "+", 2, (F.add, F.add_backward)


class SubtractGate(Gate):
    """``x - y``; backward: x gets the upstream gradient, y its negative."""

    symbol, inputs, pair = "−", 2, (F.subtract, F.subtract_backward)


class MultiplyGate(Gate):
    """``x * y``; backward a swap multiplier: each gets upstream times the other.

    The CS231n deck calls it a gradient switcher.
    """

    symbol, inputs, pair = "×", 2, (F.multiply, F.multiply_backward)


class DivideGate(Gate):
    """``x / y``."""

    symbol, inputs, pair = "÷", 2, (F.divide, F.divide_backward)


class MaxGate(Gate):
    """``max(x, y)``; backward a router: the larger gets all, x if they are equal."""

    symbol, inputs, pair = "max", 2, (F.maximum, F.maximum_backward)


class MatmulGate(Gate):
    """``x @ y`` of matrices."""

    symbol, inputs, pair = "@", 2, (F.matmul, F.matmul_backward)


class ExpGate(Gate):
    """``e^x``."""

    symbol, pair = "exp", (F.exp, F.exp_backward)


class LogGate(Gate):
    """``ln x``."""

    symbol, pair = "ln", (F.log, F.log_backward)


class ReciprocalGate(Gate):
    """``1 / x``."""

    symbol, pair = "1/x", (F.reciprocal, F.reciprocal_backward)


class PowerGate(Gate):
    """``x^exponent``."""

    pair = (F.power, F.power_backward)

    def __init__(self, exponent: float):
        super().__init__(exponent=exponent)
        self.symbol = {2: "x²", 3: "x³", 0.5: "√x"}.get(exponent, f"x^{exponent:g}")


class SumGate(Gate):
    """The sum of all entries of an array."""

    symbol, pair = "Σ", (F.sum, F.sum_backward)


class ReluGate(Gate):
    """``max(x, 0)``."""

    symbol, pair = "relu", (F.relu, F.relu_backward)


class SigmoidGate(Gate):
    """``1 / (1 + e^-x)`` in one gate; its local gradient is ``out * (1 - out)``."""

    symbol, pair = "σ", (F.sigmoid, F.sigmoid_backward)


class TanhGate(Gate):
    """The hyperbolic tangent."""

    symbol, pair = "tanh", (F.tanh, F.tanh_backward)


class CopyGate:
    """One input, n equal outputs; backward an adder: gradients add at branches.

    A graph needs none: using a node twice is the same.

    Examples
    --------
    >>> gate = CopyGate(3)
    >>> gate.forward(7.0)
    (7.0, 7.0, 7.0)
    >>> gate.backward((1.0, 2.0, 3.0))
    6.0
    """

    def __init__(self, n: int = 2):
        if n < 1:
            raise ValueError(f"n must be at least 1 copy, got {n}")
        self.n = n

    def forward(self, x: Array) -> tuple[Array, ...]:
        """Return x as often as there are outputs."""
        return (x,) * self.n

    def backward(self, dout: Sequence[Array]) -> Array:
        """Return the sum of the gradients of all copies.

        Raises
        ------
        ValueError
            If their number is another than that of the copies.
        """
        if len(dout) != self.n:
            raise ValueError(f"dout must hold {self.n} gradients, one a copy, got {len(dout)}")
        total = dout[0]
        for grad in dout[1:]:
            total = total + grad
        return total
