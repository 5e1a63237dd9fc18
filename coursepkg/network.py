"""Networks: layers in a row."""

import copy
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from coursepkg.backend import Array
from coursepkg.layers import Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU


class Sequential(Layer):
    """Layers one after another: forward from the first to the last, backward from the last.

    Examples
    --------
    >>> network = Sequential(Linear(2, 3, rng=0), ReLU(), Linear(3, 1, rng=1))
    >>> network.forward(np.ones((5, 2))).shape
    (5, 1)
    >>> list(network.state_dict())
    ['0.w', '0.b', '2.w', '2.b']
    """

    def __init__(self, *layers: Layer):
        self.layers = layers

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def __getitem__(self, place: int) -> Layer:
        return self.layers[place]

    def __len__(self) -> int:
        return len(self.layers)

    def children(self) -> Iterator[tuple[str, Layer]]:
        for place, layer in enumerate(self.layers):
            yield str(place), layer

    def forward(self, x: Array) -> Array:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dout: Array) -> Array:
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout

    def backward_parameters(self, dout: Array) -> None:
        learned = [place for place, layer in enumerate(self.layers) if any(layer.parameters())]
        if not learned:
            return
        for layer in reversed(self.layers[learned[0] + 1 :]):
            dout = layer.backward(dout)
        self.layers[learned[0]].backward_parameters(dout)

    def summary(self, input_shape: Sequence[int]) -> str:
        """Return a table of layers, the shapes they give and their numbers of parameters.

        Parameters
        ----------
        input_shape : shape of one sample, without the batch

        Examples
        --------
        >>> print(mlp((64, 32, 10)).summary((64,)))
        layer   output shape  parameters
        Linear  (N, 32)            2,080
        ReLU    (N, 32)                0
        Linear  (N, 10)              330
        total                      2,410
        """
        x = np.zeros((1, *input_shape))
        rows = [("layer", "output shape", "parameters")]
        spare = copy.deepcopy(self)  # the caches of this network stay as they are
        spare.eval()
        for layer in spare:
            x = layer.forward(x)
            shape = f"({', '.join(['N', *map(str, x.shape[1:])])})"
            rows.append((type(layer).__name__, shape, f"{_count(layer):,}"))
        rows.append(("total", "", f"{_count(self):,}"))
        first, second, third = (max(map(len, column)) for column in zip(*rows, strict=True))
        return "\n".join(f"{a:{first}}  {b:{second}}  {c:>{third}}" for a, b, c in rows)


def mlp(sizes: Sequence[int], rng: np.random.Generator | int | None = 0) -> Sequential:
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


def lenet(rng: np.random.Generator | int | None = 0) -> Sequential:
    """Build a network like LeNet-5 (LeCun et al., 1998) for images (N, 1, 28, 28) of ten classes.

    Two convolutions of 5 x 5 with 6 and 16 filters, each with a ReLU and max pooling, and linear
    layers of 120, 84 and 10 outputs.

    Examples
    --------
    >>> sum(p.data.size for p in lenet().parameters())
    61706
    """
    rng = np.random.default_rng(rng)
    features: list[Layer] = [Conv2d(1, 6, 5, padding=2, rng=rng), ReLU(), MaxPool2d(2)]
    features += [Conv2d(6, 16, 5, rng=rng), ReLU(), MaxPool2d(2), Flatten()]
    return Sequential(*features, *mlp((400, 120, 84, 10), rng))


def _count(layer: Layer) -> int:
    return sum(parameter.data.size for parameter in layer.parameters())
