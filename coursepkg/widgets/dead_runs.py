"""Hidden units that go out for good during training: the frames of W7.4.

Written by ``python -m coursepkg.widgets.dead_runs`` to `dead_runs.json`.
"""

import numpy as np

from coursepkg.datasets import load_digits
from coursepkg.layers import LeakyReLU, Linear, ReLU
from coursepkg.network import Sequential
from coursepkg.optim import SGD
from coursepkg.training import CROSS_ENTROPY, minibatches
from coursepkg.widgets.frames import frames, write_frames

UNITS, BATCH, EVERY, FRAMES = 32, 64, 10, 21
RATES = (0.03, 0.1, 0.3, 1.0, 1.5, 2.0, 4.0)
SPREADS = (0.1, 1.0, 3.0)  # of the first weights, in units of He's
KINDS = {"relu": ReLU, "leaky": LeakyReLU}
TOP = 1e4  # larger losses are cut off


def train(lr: float, spread: float, kind: str = "relu") -> tuple[np.ndarray, np.ndarray]:
    """Train 64-32-10 on the digits for 200 steps and look at its hidden units every ten.

    Parameters
    ----------
    lr : learning rate
    spread : standard deviation of the first weights, as a multiple of He's
    kind : "relu" or "leaky"

    Returns
    -------
    off : array (21, 32) of bools: the unit is off for every training sample
    losses : array (21,), on all training samples

    Examples
    --------
    >>> off, losses = train(lr=0.1, spread=1.0)
    >>> off.shape, int(off[-1].sum())
    ((21, 32), 2)
    """
    digits, rng = load_digits(), np.random.default_rng(0)
    x, labels = digits.x_train.reshape(-1, 64), digits.y_train
    network = Sequential(Linear(64, UNITS, rng), KINDS[kind](), Linear(UNITS, 10, rng))
    for layer in network:
        if isinstance(layer, Linear):
            layer.w.data = spread * layer.w.data
    optimizer = SGD(network.parameters(), lr)
    batches = (rows for _ in range(10) for rows in minibatches(len(x), BATCH, rng))
    off, losses = [], []
    for step in range((FRAMES - 1) * EVERY + 1):
        if step % EVERY == 0:
            scores = network.forward(x)
            off.append((network[0].forward(x) <= 0).all(axis=0))
            losses.append(min(float(CROSS_ENTROPY[0](scores, labels)[0]), TOP))
        rows = next(batches)
        _, kept = CROSS_ENTROPY[0](network.forward(x[rows]), labels[rows])
        network.backward(CROSS_ENTROPY[1](1.0, kept))
        optimizer.step()
    return np.array(off), np.array(losses)


def recorded(lr: float, spread: float, kind: str = "relu") -> tuple[np.ndarray, np.ndarray]:
    """Return what `train` found when the frames were written, losses to four digits."""
    off, losses = frames("dead_runs")[kind][SPREADS.index(spread)][RATES.index(lr)]
    bits = [[int(bit) for bit in f"{int(mask, 36):0{UNITS}b}"] for mask in off.split()]
    return np.array(bits, dtype=bool), np.array(losses)


def _packed(lr: float, spread: float, kind: str) -> tuple[str, np.ndarray]:
    off, losses = train(lr, spread, kind)
    masks = [int("".join("01"[bit] for bit in row.astype(int)), 2) for row in off]
    return " ".join(np.base_repr(mask, 36).lower() for mask in masks), losses


def _main() -> None:
    runs = {
        kind: [[_packed(lr, spread, kind) for lr in RATES] for spread in SPREADS] for kind in KINDS
    }
    write_frames("dead_runs", runs)


if __name__ == "__main__":
    _main()
