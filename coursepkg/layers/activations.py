"""Layers without weights: activations, dropout, flattening."""

import numpy as np

from coursepkg import functional as F
from coursepkg.backend import Array
from coursepkg.layers.base import Layer, Stateless


class ReLU(Stateless):
    """``max(x, 0)``, see `coursepkg.functional.relu`."""

    pair = (F.relu, F.relu_backward)

    def __init__(self) -> None:
        super().__init__()


class Sigmoid(Stateless):
    """``1 / (1 + exp(-x))``, see `coursepkg.functional.sigmoid`."""

    pair = (F.sigmoid, F.sigmoid_backward)

    def __init__(self) -> None:
        super().__init__()


class Tanh(Stateless):
    """The hyperbolic tangent, see `coursepkg.functional.tanh`."""

    pair = (F.tanh, F.tanh_backward)

    def __init__(self) -> None:
        super().__init__()


class LeakyReLU(Stateless):
    """x, or a small share of it where x is negative, see `coursepkg.functional.leaky_relu`."""

    pair = (F.leaky_relu, F.leaky_relu_backward)

    def __init__(self, negative_slope: float = 0.01):
        super().__init__(negative_slope=negative_slope)


class ELU(Stateless):
    """x, or an exponential where x is negative, see `coursepkg.functional.elu`."""

    pair = (F.elu, F.elu_backward)

    def __init__(self, alpha: float = 1.0):
        super().__init__(alpha=alpha)


class Flatten(Stateless):
    """Every sample as one row, see `coursepkg.functional.flatten`."""

    pair = (F.flatten, F.flatten_backward)

    def __init__(self) -> None:
        super().__init__()


class Dropout(Layer):
    """In training, entries are left out with probability p, see `coursepkg.functional.dropout`.

    Parameters
    ----------
    p : probability of being dropped
    rng : generator of the masks, or its seed
    """

    def __init__(self, p: float = 0.5, rng: np.random.Generator | int | None = None):
        if not 0 <= p < 1:
            raise ValueError(f"p must be a probability of dropping with 0 <= p < 1, got {p}")
        self.p, self.rng = p, np.random.default_rng(rng)

    def forward(self, x: Array) -> Array:
        out, self._cache = F.dropout(x, self.p if self.training else 0.0, self.rng)
        return out

    def backward(self, dout: Array) -> Array:
        return F.dropout_backward(dout, self._last_cache())
