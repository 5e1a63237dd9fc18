"""What is timed: every case once with coursepkg, and with what it moves and computes.

A case of your own is one more function below, decorated with its name and what it costs, and one
of the same name in `torch_cases`, if there is to be a ratio.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursepkg import functional as F
from coursepkg.autodiff import Tensor, apply
from coursepkg.network import Sequential, lenet, mlp
from coursepkg.optim import SGD

Call = Callable[[], Any]
LR = 0.01
MLP = (784, 512, 10)


@dataclass(frozen=True)
class Case:
    """A piece of work.

    Attributes
    ----------
    name : by which results and links find it
    title : what it is, for a reader
    kind : which function below, and in `torch_cases`, makes it
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


def mlp_case(batch: int, dtype: str) -> Case:
    """A step of SGD; nobody asks for the gradient of the images."""
    (d, h, c), item = MLP, np.dtype(dtype).itemsize
    flops = 2 * batch * (2 * d * h + 3 * h * c)
    weights = d * h + h + h * c + c
    moved = 6 * weights + batch * (2 * d + 8 * h + 4 * c)
    bits = dtype.removeprefix("float")
    title = f"MLP 784-512-10, step of SGD, batch {batch}, {dtype}"
    return Case(f"mlp-{batch}-f{bits}", title, "mlp", dtype, {"batch": batch}, flops, item * moved)


def conv_case(letter: str, x: tuple[int, ...], w: tuple[int, ...], padding: int) -> Case:
    """Forward and backward with respect to images and filters, float32."""
    (n, c, height, width), (f, _, k, _) = x, w
    out = n * f * (height + 2 * padding - k + 1) * (width + 2 * padding - k + 1)
    flops = 3 * 2 * out * c * k * k
    moved = 3 * n * c * height * width + 3 * f * c * k * k + 2 * out
    title = f"conv2d, {n} × {c} × {height} × {width} to {f} channels, {k} × {k}, both ways, float32"
    size = {"x": x, "w": w, "padding": padding}
    return Case(f"conv-{letter}", title, "conv", "float32", size, flops, 4 * moved)


def relu_case(n: int, d: int) -> Case:
    title = f"ReLU on {n} × {d} numbers, both ways, float32"
    return Case("relu", title, "relu", "float32", {"shape": (n, d)}, 2 * n * d, 4 * 5 * n * d)


def lenet_case(batch: int) -> Case:
    """A step of SGD; convolutions and linear layers counted, what lies between them moved."""
    forward = 6 * 784 * 25 + 16 * 100 * 150 + 400 * 120 + 120 * 84 + 84 * 10
    flops = 2 * batch * (3 * forward - 6 * 784 * 25)
    moved = 6 * 61_706 + batch * (2 * 784 + 11 * 6 * 784 + 11 * 16 * 100 + 8 * (400 + 120 + 84))
    title = f"LeNet on 28 × 28 images, step of SGD, batch {batch}, float32"
    return Case(f"lenet-{batch}", title, "lenet", "float32", {"batch": batch}, flops, 4 * moved)


CASES = [
    relu_case(1024, 1024),
    mlp_case(64, "float32"),
    mlp_case(256, "float32"),
    mlp_case(256, "float64"),
    conv_case("a", (64, 1, 28, 28), (6, 1, 5, 5), 2),
    conv_case("b", (64, 6, 14, 14), (16, 6, 5, 5), 0),
    conv_case("c", (32, 16, 32, 32), (32, 16, 3, 3), 1),
    lenet_case(64),
]


def numbers(*shape: int, dtype: str, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def labels(batch: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 10, batch)


def network(case: Case) -> Sequential:
    """The network of a case, with the weights that every contender starts from."""
    made = lenet(0) if case.kind == "lenet" else mlp(MLP, 0)
    for parameter in made.parameters():
        parameter.data = parameter.data.astype(case.dtype)
    return made


def images(case: Case) -> np.ndarray:
    shape = (1, 28, 28) if case.kind == "lenet" else (784,)
    return numbers(case.size["batch"], *shape, dtype=case.dtype)


def relu(case: Case) -> Call:
    x, dout = (numbers(*case.size["shape"], dtype=case.dtype, seed=seed) for seed in (0, 1))

    def call() -> Any:
        _, cache = F.relu(x)
        return F.relu_backward(dout, cache)

    return call


def conv(case: Case) -> Call:
    x, w = numbers(*case.size["x"], dtype=case.dtype), numbers(*case.size["w"], dtype=case.dtype)
    b, padding = np.zeros(len(w), case.dtype), case.size["padding"]
    dout = np.ones_like(F.conv2d(x, w, b, padding=padding)[0])

    def call() -> Any:
        _, cache = F.conv2d(x, w, b, padding=padding)
        return F.conv2d_backward(dout, cache).dw

    return call


def step(case: Case) -> Call:
    """A step as chapters 4 to 11 take it: the layers know the way back."""
    net, x, y = network(case), images(case), labels(case.size["batch"])
    optimizer = SGD(net.parameters(), lr=LR)

    def call() -> Any:
        loss, cache = F.cross_entropy(net.forward(x), y)
        net.backward(F.cross_entropy_backward(1.0, cache))
        optimizer.step()
        return loss

    return call


def tape_step(case: Case) -> Call:
    """The same step of the MLP, written forward only; a tape finds the way back."""
    x, y = images(case), labels(case.size["batch"])
    w = [Tensor(p.data, requires_grad=True) for p in network(case).parameters()]

    def call() -> Any:
        scores = (x @ w[0] + w[1]).relu() @ w[2] + w[3]
        loss = apply(F.cross_entropy, F.cross_entropy_backward, scores, y)
        loss.backward()
        for one in w:
            one.data = one.data - LR * np.asarray(one.grad)
        return loss.data

    return call


MAKERS: dict[str, Callable[[Case], Call]] = {
    "relu": relu,
    "conv": conv,
    "mlp": step,
    "lenet": step,
}


def contenders(case: Case) -> dict[str, Call]:
    """Our ways to do the work of a case, by name."""
    found = {"coursepkg": MAKERS[case.kind](case)}
    return found | ({"tape": tape_step(case)} if case.kind == "mlp" else {})
