"""Points, first weights and runs of the playground: what its browser half must agree with."""

import re
from functools import cache
from itertools import pairwise, product
from typing import Any

import numpy as np

from coursepkg import functional as F
from coursepkg.datasets import make_circles, make_moons, make_spirals, make_xor
from coursepkg.derivatives import numerical_gradient
from coursepkg.layers import Layer, Linear, ReLU, Sigmoid, Tanh
from coursepkg.network import Sequential
from coursepkg.optim import SGD

DATA = ("xor", "circle", "moons", "spiral")
ACTIVATIONS: dict[str, type[Layer] | None] = {
    "tanh": Tanh,
    "relu": ReLU,
    "sigmoid": Sigmoid,
    "none": None,
}
SHARE, TEST = 64, 32  # points to train with and to test with
EDGE = 1.6  # the plane that is drawn reaches from -EDGE to EDGE
CORNERS = np.array(list(product((-EDGE, EDGE), repeat=2)))


def points(data: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Points of a data set by name: x (64, 2), labels t (64, 1), and (32, 2), (32, 1) for the test.

    >>> x, t, x_test, t_test = points("spiral")
    >>> x.shape, t[:4].ravel().tolist(), bool(abs(x).max() < 1.6)
    ((64, 2), [0.0, 1.0, 0.0, 1.0], True)
    """
    x = _hundredths(data) / 100
    t = (np.arange(len(x)) % 2).astype(float)[:, None]
    return x[:SHARE], t[:SHARE], x[SHARE:], t[SHARE:]


def network(layers: str, activation: str, seed: int) -> Sequential:
    """Network of the given sizes, such as "2-4-1"; its one output is the score of label 1.

    The weights are drawn evenly from -r to r with r² = 6 / (n_in + n_out) (Glorot and Bengio,
    2010). A weight that a smaller network has as well comes from the same draw there.

    >>> [type(layer).__name__ for layer in network("2-4-1", "tanh", seed=0)]
    ['Linear', 'Tanh', 'Linear']
    """
    draws, function = _draws(seed).reshape(4, 8, 8), ACTIVATIONS[activation]
    parts: list[Layer] = []
    for place, (n_in, n_out) in enumerate(pairwise(map(int, layers.split("-")))):
        if place and function:
            parts.append(function())
        linear = Linear(n_in, n_out, rng=0)
        reach = np.sqrt(6 / (n_in + n_out))
        linear.w.data = reach * (2 * draws[place, :n_in, :n_out] - 1)
        parts.append(linear)
    return Sequential(*parts)


def packed(data: str) -> str:
    """All points of a data set in few characters: hundredths above -1.8, two base-36 digits each.

    >>> len(packed("xor"))
    384
    """
    numbers = _hundredths(data).astype(int).ravel() + 180
    return "".join(np.base_repr(number, 36).lower().zfill(2) for number in numbers)


def numbers_of(
    data: str,
    layers: str,
    activation: str,
    lr: float,
    lam: float,
    seed: int,
    steps: int,
    frozen: bool,
    sample: int,
    cell: str,
) -> dict[str, Any]:
    """What the browser must find for a state of the widget."""
    x, t, x_test, t_test = points(data)
    net = network(layers, activation, seed)
    optimizer = SGD(net.parameters(), lr=lr)
    for _ in range(steps):
        _objective(net, x, t, lam)
        optimizer.step()
    rows = slice(sample, sample + 1) if frozen and sample >= 0 else slice(None)
    numbers = _pass_shown(net, x[rows], t[rows])
    numbers |= {"loss": _objective(net, x, t, 0), "test_loss": _objective(net, x_test, t_test, 0)}
    numbers |= _central_difference(net, x, t, lam, cell)
    _objective(net, x, t, lam)
    parameters = list(net.parameters())
    numbers["weights"] = np.concatenate([p.data.ravel() for p in parameters]).tolist()
    gradients = [np.asarray(p.grad).ravel() for p in parameters]
    numbers["gradient"] = np.concatenate(gradients).tolist()
    return numbers | {"corners": net.forward(CORNERS).ravel().tolist()}


def _objective(net: Sequential, x: np.ndarray, t: np.ndarray, lam: float) -> float:
    """Mean loss and penalty together; their gradients go to the parameters."""
    loss, kept = F.binary_cross_entropy_with_logits(net.forward(x), t)
    net.backward(F.binary_cross_entropy_with_logits_backward(1.0, kept))
    for layer in net:
        if isinstance(layer, Linear):
            price, kept_w = F.l2_penalty(layer.w.data, lam)
            loss, layer.w.grad = loss + price, layer.w.grad + F.l2_penalty_backward(1.0, kept_w)
    return float(loss)


def _pass_shown(net: Sequential, x: np.ndarray, t: np.ndarray) -> dict[str, Any]:
    """Forward, the mean of every hidden unit; backward, the blame of every sum; over the rows."""
    entering: list[np.ndarray] = []
    blame: list[np.ndarray] = []
    for layer in net:
        if isinstance(layer, Linear):
            entering.append(x.mean(axis=0))
        x = layer.forward(x)
    _, kept = F.binary_cross_entropy_with_logits(x, t)
    dout = F.binary_cross_entropy_with_logits_backward(1.0, kept)
    for layer in reversed(net.layers):
        if isinstance(layer, Linear):
            blame.insert(0, dout.sum(axis=0))
        dout = layer.backward(dout)
    hidden = np.concatenate(entering)[2:]  # the first two are the inputs
    return {"values": hidden.tolist(), "blame": np.concatenate(blame).tolist()}


def _central_difference(
    net: Sequential, x: np.ndarray, t: np.ndarray, lam: float, cell: str
) -> dict[str, float]:
    """The slope of the objective along one weight, if the cell is one."""
    named = re.fullmatch(r"W(\d)\[(\d),(\d)\]", cell)
    if not named:
        return {}
    place, i, j = map(int, named.groups())
    w = [layer for layer in net if isinstance(layer, Linear)][place - 1].w
    held = w.data

    def objective(value: np.ndarray) -> float:
        w.data = held.copy()
        w.data[i, j] = value
        return _objective(net, x, t, lam)

    slope = float(numerical_gradient(objective, held[i, j]))
    w.data = held
    return {"numeric": slope}


@cache
def _hundredths(data: str) -> np.ndarray:
    """The points in whole hundredths, the two labels in turn."""
    n = 128
    x, labels = {
        "xor": lambda: make_xor(n, noise=0.15, rng=4),
        "circle": lambda: make_circles(n, noise=0.08, factor=0.45, rng=4),
        "moons": lambda: make_moons(n, noise=0.12, rng=4),
        "spiral": lambda: make_spirals(n, classes=2, turns=1.0, rng=4),
    }[data]()
    middle, scale = {"xor": (0.5, 2), "circle": (0, 1.2), "moons": ([0.5, 0.25], 1)}.get(
        data, (0, 1.4)
    )
    turns = np.stack([x[labels == 0], x[labels == 1]], axis=1).reshape(n, 2)
    return np.round(100 * scale * (turns[: SHARE + TEST] - middle)).clip(-155, 155)


def _draws(seed: int) -> np.ndarray:
    """256 numbers from 0 to 1 of Lehmer's generator, whose products JavaScript too has exactly."""
    state, states = 7919 * seed + 1, []
    for _ in range(266):  # the first ten of neighbouring seeds are alike
        state = state * 48271 % (2**31 - 1)
        states.append(state / (2**31 - 1))
    return np.array(states[10:])
