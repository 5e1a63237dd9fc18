"""Networks: layers in a row."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from coursepkg.backend import Array
from coursepkg.layers import Layer, Linear, Parameter, ReLU


class Sequential(Layer):
    """Layers one after another: forward from the first to the last, backward from the last."""

    def __init__(self, *layers: Layer):
        self.layers = layers

    def forward(self, x: Array) -> Array:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dout: Array) -> Array:
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout

    def parameters(self) -> Iterator[Parameter]:
        for layer in self.layers:
            yield from layer.parameters()


def mlp(sizes: Sequence[int], rng: np.random.Generator | int = 0) -> Sequential:
    """Build a multilayer perceptron: linear layers with a ReLU between each two.

    Parameters
    ----------
    sizes : widths from input to output; (64, 64, 10) has one hidden layer of 64 units
    rng : generator of the initial weights, or its seed

    Raises
    ------
    ValueError
        If there are fewer than two sizes, or one is not positive.

    Examples
    --------
    >>> sum(p.data.size for p in mlp((784, 512, 10)).parameters())
    407050
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes must be two or more positive widths, got {tuple(sizes)}")
    rng = np.random.default_rng(rng)
    layers: list[Layer] = []
    for n_in, n_out in pairwise(sizes):
        layers += [Linear(n_in, n_out, rng), ReLU()]
    return Sequential(*layers[:-1])
