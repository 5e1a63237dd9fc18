"""What is timed: every piece of work, with what it computes and what it has to move.

A case of your own is a line in `CASES`; how coursepkg, PyTorch and the others do it stands in
`ours`, `torch_eager` and `peers`, in a function for each kind of work.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from coursepkg.network import Sequential, lenet, mlp

Call = Callable[[], Any]
LR = 0.01
MLP = (784, 512, 10)
SMALL = (2, 16, 16, 1)  # what an engine of single numbers can still train
DECKS = (1000, 100, 10)  # of the training run that fits on a slide


@dataclass(frozen=True)
class Case:
    """A piece of work.

    Attributes
    ----------
    name : by which results and links find it
    title : what it is, for a reader
    kind : which function of a contender makes it
    dtype : "float32" or "float64"
    size : what that function takes
    flops, bytes : additions and multiplications it needs, and bytes it has to move at least,
        every array read or written once
    """

    name: str
    title: str
    kind: str
    dtype: str
    size: dict[str, Any]
    flops: int
    bytes: int


def mlp_case(batch: int, dtype: str = "float32", optimizer: str = "SGD") -> Case:
    """A training step; nobody asks for the gradient of the images."""
    (d, h, c), item = MLP, np.dtype(dtype).itemsize
    weights = d * h + h + h * c + c
    passes, own = {"SGD": (6, 0), "Adam": (10, 12)}[optimizer]
    flops = 2 * batch * (2 * d * h + 3 * h * c) + own * weights
    moved = passes * weights + batch * (2 * d + 8 * h + 4 * c)
    kind, bits = ("mlp" if optimizer == "SGD" else "adam"), dtype.removeprefix("float")
    title = f"MLP 784-512-10, step of {optimizer}, batch {batch}, {dtype}"
    return Case(
        f"{kind}-{batch}-f{bits}", title, kind, dtype, {"batch": batch}, flops, item * moved
    )


def conv_case(
    letter: str,
    x: tuple[int, ...],
    w: tuple[int, ...],
    padding: int = 0,
    stride: int = 1,
    dilation: int = 1,
) -> Case:
    """Forward and backward with respect to images, filters and biases, float32."""
    (n, c, height, width), (f, _, k, _) = x, w
    high, wide = (
        (size + 2 * padding - dilation * (k - 1) - 1) // stride + 1 for size in (height, width)
    )
    out = n * f * high * wide
    moved = 3 * n * c * height * width + 3 * f * c * k * k + 2 * out
    how = f"{k} × {k}{', stride 2' * (stride == 2)}{', dilation 2' * (dilation == 2)}"
    title = f"conv2d, {n} × {c} × {height} × {width} to {f} channels, {how}, both ways, float32"
    size = {"x": x, "w": w, "padding": padding, "stride": stride, "dilation": dilation}
    return Case(f"conv-{letter}", title, "conv", "float32", size, 6 * out * c * k * k, 4 * moved)


def whole_case(name: str, what: str, shape: tuple[int, ...], flops: int, passes: int) -> Case:
    """Something that looks at each number by itself, or at few at a time, both ways."""
    numbers, words = int(np.prod(shape)), " × ".join(map(str, shape))
    title = f"{what} on {words} numbers, both ways, float32"
    size = {"shape": shape}
    return Case(name, title, name, "float32", size, flops * numbers, 4 * passes * numbers)


def wide_case(width: int, batch: int = 128) -> Case:
    """A linear layer as wide as its input, for `growth`."""
    shape = {"batch": batch, "width": width}
    title = f"linear, {batch} × {width} by {width} × {width}, both ways, float32"
    flops, moved = 6 * batch * width**2, 3 * width**2 + 5 * batch * width
    return Case("wide", title, "wide", "float32", shape, flops, 4 * moved)


def lenet_case(batch: int) -> Case:
    """A step of SGD; convolutions and linear layers counted, what lies between them moved."""
    forward = 6 * 784 * 25 + 16 * 100 * 150 + 400 * 120 + 120 * 84 + 84 * 10
    flops = 2 * batch * (3 * forward - 6 * 784 * 25)
    moved = 6 * 61_706 + batch * (2 * 784 + 11 * 6 * 784 + 11 * 16 * 100 + 8 * (400 + 120 + 84))
    title = f"LeNet on 28 × 28 images, step of SGD, batch {batch}, float32"
    return Case(f"lenet-{batch}", title, "lenet", "float32", {"batch": batch}, flops, 4 * moved)


def decks_case(batch: int = 64) -> Case:
    """A step of the whole training run that ANU's lecture and CS231n print on one slide."""
    d, h, c = DECKS
    moved = 3 * (d * h + h * c) + batch * (2 * d + 6 * h + 4 * c)
    title = "The training run of the slides, 1000-100-10, one step, batch 64, float64"
    flops = 2 * batch * (2 * d * h + 3 * h * c)
    return Case("slides", title, "slides", "float64", {"batch": batch}, flops, 8 * moved)


def small_case(batch: int = 16) -> Case:
    """A network so small that calls are all there is to it."""
    weights = sum(a * b + b for a, b in pairwise(SMALL))
    title = "MLP 2-16-16-1, step of SGD, batch 16, float64"
    return Case(
        "small", title, "small", "float64", {"batch": batch}, 6 * batch * weights, 48 * weights
    )


CASES = [
    whole_case("relu", "ReLU", (1024, 1024), 2, 5),
    mlp_case(64),
    mlp_case(256),
    mlp_case(1024),
    mlp_case(256, "float64"),
    mlp_case(64, optimizer="Adam"),
    mlp_case(256, optimizer="Adam"),
    mlp_case(1024, optimizer="Adam"),
    conv_case("a", (64, 1, 28, 28), (6, 1, 5, 5), padding=2),
    conv_case("b", (64, 6, 14, 14), (16, 6, 5, 5)),
    conv_case("c", (32, 16, 32, 32), (32, 16, 3, 3), padding=1),
    conv_case("d", (16, 64, 28, 28), (128, 64, 3, 3), padding=1),
    conv_case("e", (16, 64, 28, 28), (128, 64, 3, 3), padding=1, stride=2),
    conv_case("f", (32, 64, 28, 28), (128, 64, 1, 1)),
    conv_case("g", (32, 16, 32, 32), (32, 16, 3, 3), padding=2, dilation=2),
    whole_case("max-pool", "Max pooling 2 × 2", (64, 16, 28, 28), 2, 3),
    whole_case("avg-pool", "Average pooling 2 × 2", (64, 16, 28, 28), 2, 3),
    whole_case("batch-norm", "BatchNorm", (64, 16, 28, 28), 16, 7),
    whole_case("layer-norm", "LayerNorm", (1024, 512), 16, 7),
    whole_case("cross-entropy", "Softmax cross-entropy", (1024, 100), 8, 4),
    lenet_case(64),
    decks_case(),
    small_case(),
]


def numbers(*shape: int, dtype: str, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def upstream(like: np.ndarray) -> np.ndarray:
    """The gradient that comes from above: not ones, whose way back is often zero."""
    return numbers(*like.shape, dtype=str(like.dtype), seed=2)


def labels(batch: int, classes: int = 10) -> np.ndarray:
    return np.random.default_rng(1).integers(0, classes, batch)


def network(case: Case) -> Sequential:
    """The network of a case, with the weights that every contender starts from."""
    made = lenet(0) if case.kind == "lenet" else mlp(SMALL if case.kind == "small" else MLP, 0)
    for parameter in made.parameters():
        parameter.data = parameter.data.astype(case.dtype)
    return made


def weights(case: Case) -> list[np.ndarray]:
    """The weights of that network, each a copy: w, b, w, b, ..."""
    return [parameter.data.copy() for parameter in network(case).parameters()]


def inputs(case: Case) -> np.ndarray:
    """What the network of a case is shown."""
    shape = {"lenet": (1, 28, 28), "small": (2,)}.get(case.kind, (784,))
    return numbers(case.size["batch"], *shape, dtype=case.dtype)


def slides(case: Case) -> list[np.ndarray]:
    """x, y, w1, w2 of the run on the slides."""
    (d, h, c), n = DECKS, case.size["batch"]
    shapes = (n, d), (n, c), (d, h), (h, c)
    return [numbers(*shape, dtype=case.dtype, seed=i) for i, shape in enumerate(shapes)]
