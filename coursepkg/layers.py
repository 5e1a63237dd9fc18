"""Layers: they hold parameters, call the functional pairs and keep the cache in between."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from coursepkg import functional as F
from coursepkg.backend import Array


class Parameter:
    """An array that is learned, and the gradient of the loss with respect to it."""

    def __init__(self, data: Array):
        self.data = data
        self.grad: Array | None = None


class Layer:
    """A step of a network. `backward` refers to the last `forward`."""

    _cache: Any = None

    def forward(self, x: Array) -> Array:
        raise NotImplementedError

    def backward(self, dout: Array) -> Array:
        raise NotImplementedError

    def parameters(self) -> Iterator[Parameter]:
        yield from ()

    def _last_cache(self) -> Any:
        if self._cache is None:
            raise RuntimeError(f"{type(self).__name__}.backward needs a forward before it")
        return self._cache


class Linear(Layer):
    """``out = x @ w + b``, see `coursepkg.functional.linear`.

    Weights start as N(0, 2 / n_in) (He et al., 2015), which keeps the size of the signal through
    layers with ReLU; biases start at zero.
    """

    def __init__(self, n_in: int, n_out: int, rng: np.random.Generator):
        self.w = Parameter(rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in))
        self.b = Parameter(np.zeros(n_out))

    def forward(self, x: Array) -> Array:
        out, self._cache = F.linear(x, self.w.data, self.b.data)
        return out

    def backward(self, dout: Array) -> Array:
        dx, self.w.grad, self.b.grad = F.linear_backward(dout, self._last_cache())
        return dx

    def parameters(self) -> Iterator[Parameter]:
        yield from (self.w, self.b)


class _Elementwise(Layer):
    """A layer without parameters: nothing but its pair."""

    _pair: tuple[Callable, Callable]

    def forward(self, x: Array) -> Array:
        out, self._cache = self._pair[0](x)
        return out

    def backward(self, dout: Array) -> Array:
        return self._pair[1](dout, self._last_cache())


class ReLU(_Elementwise):
    """``max(x, 0)``, see `coursepkg.functional.relu`."""

    _pair = (F.relu, F.relu_backward)


class Sigmoid(_Elementwise):
    """``1 / (1 + exp(-x))``, see `coursepkg.functional.sigmoid`."""

    _pair = (F.sigmoid, F.sigmoid_backward)
