"""How far signals and gradients get in a fresh network: the frames of W7.1.

Written by ``python -m coursepkg.widgets.signal_runs`` to `signal_runs.json`.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from coursepkg import functional as F
from coursepkg.widgets.frames import frames, write_frames

WIDTH, BATCH = 256, 16
DEPTHS = (2, 5, 10, 20, 50)
STDS = (0.01, 0.04, 0.0625, 0.0884, 0.1, 0.125, 0.25, 1.0)
ACTIVATIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "relu": (F.relu, F.relu_backward),
    "tanh": (F.tanh, F.tanh_backward),
    "sigmoid": (F.sigmoid, F.sigmoid_backward),
}
SCALE, LIFT = 100, 200  # a frame holds 100 (log10 of a number + 200), as three base-36 digits


def propagate(activation: str, std: float, depths: tuple[int, ...] = DEPTHS) -> tuple:
    """Send 16 samples of size 1 through layers of 256 units, and gradients of size 1 back.

    Parameters
    ----------
    activation : "relu", "tanh" or "sigmoid"
    std : standard deviation of the weights, drawn from a normal distribution
    depths : of the networks whose gradients are measured

    Returns
    -------
    stds : standard deviation of the activations after each layer of the deepest network
    blames : for each depth, the standard deviation of the gradient that each layer is sent
    gradients : for each depth, the norm of dW of each of its layers

    Examples
    --------
    >>> stds, _, _ = propagate("relu", 0.01, depths=(10,))
    >>> f"{stds[-1]:.0e}"
    '3e-10'
    """
    forward, backward = ACTIVATIONS[activation]
    x = np.random.default_rng(7).standard_normal((BATCH, WIDTH))
    dout = np.random.default_rng(8).standard_normal((BATCH, WIDTH))
    stds, caches = [], []
    for draws in _weights()[: max(depths)]:
        z, linear = F.linear(x, std * draws, np.zeros(WIDTH))
        x, kept = forward(z)
        stds.append(float(x.std()))
        caches.append((linear, kept))
    blames, gradients = [], []
    for depth in depths:
        blame, sizes, norms = dout, [], []
        for linear, kept in reversed(caches[:depth]):
            sizes.append(float(blame.std()))
            blame, dw, _ = F.linear_backward(backward(blame, kept), linear)
            norms.append(float(np.linalg.norm(dw)))
        blames.append(sizes[::-1])
        gradients.append(norms[::-1])
    return stds, blames, gradients


def recorded(activation: str, std: float, depth: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return log10 of signals, of blames and of the norms of dW, layer by layer.

    To two decimals, as `propagate` found them when the frames were written.

    Examples
    --------
    >>> recorded("relu", 0.0884, 10)[0].shape
    (10,)
    """
    text = frames("signal_runs")[activation][STDS.index(std)]
    numbers = np.array([int(text[at : at + 3], 36) for at in range(0, len(text), 3)])
    logs = numbers / SCALE - LIFT
    blame = max(DEPTHS) + sum(DEPTHS[: DEPTHS.index(depth)])
    gradient = blame + sum(DEPTHS)
    return logs[:depth], logs[blame : blame + depth], logs[gradient : gradient + depth]


def _packed(activation: str, std: float) -> str:
    stds, blames, gradients = propagate(activation, std)
    logs = np.log10(np.concatenate([stds, *blames, *gradients]))
    places = np.round(SCALE * (logs + LIFT)).astype(int)
    return "".join(np.base_repr(place, 36).lower().zfill(3) for place in places)


@cache
def _weights() -> np.ndarray:
    return np.random.default_rng(3).standard_normal((max(DEPTHS), WIDTH, WIDTH))


def _main() -> None:
    write_frames(
        "signal_runs", {name: [_packed(name, std) for std in STDS] for name in ACTIVATIONS}
    )


if __name__ == "__main__":
    _main()
