"""The network behind the widgets of chapter 11: how it was trained, and what was kept of it.

``python -m coursepkg.widgets.digit_reader`` trains it on the shipped digits and writes
`digit_reader.json` beside this file: the weights, rounded to one byte each, and the filters of the
first layer after every epoch of three runs. A layer of 8 filters and one of 16 read 8 x 8 pixels.
"""

import base64
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from coursepkg import functional as F
from coursepkg.datasets import load_digits
from coursepkg.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from coursepkg.network import Sequential
from coursepkg.optim import Adam
from coursepkg.training import accuracy, fit

FILE = Path(__file__).with_name("digit_reader.json")
RUNS = ("learned", "frozen", "shuffled")
"""All weights learned; the first layer left as it began; labels dealt out at random."""
EPOCHS = 30
BATCH, RATE = 32, 6e-3
LAYERS = {"conv1": 0, "conv2": 3, "linear": 7}
STAGES = ("conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flat", "scores")
SEED = 11


def untrained() -> Sequential:
    """Return the network before its first step.

    Examples
    --------
    >>> print(untrained().summary((1, 8, 8)))
    layer      output shape   parameters
    Conv2d     (N, 8, 8, 8)           80
    ReLU       (N, 8, 8, 8)            0
    MaxPool2d  (N, 8, 4, 4)            0
    Conv2d     (N, 16, 4, 4)       1,168
    ReLU       (N, 16, 4, 4)           0
    MaxPool2d  (N, 16, 2, 2)           0
    Flatten    (N, 64)                 0
    Linear     (N, 10)               650
    total                          1,898
    """
    rng = np.random.default_rng(SEED)
    first = [Conv2d(1, 8, 3, padding=1, rng=rng), ReLU(), MaxPool2d(2)]
    second = [Conv2d(8, 16, 3, padding=1, rng=rng), ReLU(), MaxPool2d(2)]
    return Sequential(*first, *second, Flatten(), Linear(64, 10, rng=rng))


def training_run(run: str, epochs: int = EPOCHS) -> Iterator[tuple[Sequential, float, float]]:
    """Train, and yield the network, its mean loss and its test accuracy after epochs 0, 1, ...

    Every epoch sees the digits turned, stretched, moved and darkened a little, otherwise each time.

    Parameters
    ----------
    run : one of `RUNS`
    epochs : how many
    """
    digits, rng, network = load_digits(), np.random.default_rng(SEED), untrained()
    labels = rng.permutation(digits.y_train) if run == "shuffled" else digits.y_train
    learning = [layer for place, layer in enumerate(network) if run != "frozen" or place > 0]
    steps = EPOCHS * -(-len(labels) // BATCH)

    def rate(step: int) -> float:
        return RATE * max(0.02, 1 - step / steps)

    optimizer = Adam([p for layer in learning for p in layer.parameters()], lr=rate)
    loss = float(F.cross_entropy(network.forward(digits.x_train), labels)[0])
    yield network, loss, accuracy(network, digits.x_test, digits.y_test)
    for _ in range(epochs):
        x = warped(digits.x_train, rng)
        history = fit(network, optimizer, x, labels, epochs=1, batch_size=BATCH, rng=rng)
        test = accuracy(network, digits.x_test, digits.y_test)
        yield network, float(np.mean(history.loss)), test


def warped(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turn, shear, stretch, move and darken every image a little, each in its own way.

    Parameters
    ----------
    images : array (N, 1, H, W)

    Examples
    --------
    >>> warped(np.ones((3, 1, 8, 8)), np.random.default_rng(0)).shape
    (3, 1, 8, 8)
    """
    n, _, height, width = images.shape
    matrix = np.eye(2) + rng.uniform(-0.25, 0.25, (n, 2, 2))
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    rows, columns = np.indices((height, width))
    grid = np.stack([rows.ravel(), columns.ravel()], axis=1) - centre
    places = grid @ matrix + centre + rng.uniform(-0.5, 0.5, (n, 1, 2))  # (N, HW, 2)
    corner = np.floor(places).astype(int)
    rest = places - corner
    out = np.zeros((n, height * width))
    padded = np.pad(images[:, 0], ((0, 0), (2, 2), (2, 2)))
    for i, j in np.ndindex(2, 2):
        row = np.clip(corner[..., 0] + i + 2, 0, height + 3)
        column = np.clip(corner[..., 1] + j + 2, 0, width + 3)
        share = np.abs(1 - i - rest[..., 0]) * np.abs(1 - j - rest[..., 1])
        out += share * padded[np.arange(n)[:, None], row, column]
    ink = rng.uniform(0.9, 1.4, (n, 1))
    return np.minimum(ink * out, 1).reshape(images.shape)


def rounded(array: np.ndarray) -> dict[str, Any]:
    """Pack an array into one byte a number, the largest as 127, in the letters of base 64."""
    scale = float(np.abs(array).max()) / 127 or 1.0
    return {"scale": scale, "bytes": _letters(np.rint(array / scale))}


def unpacked(packed: dict[str, Any], shape: tuple[int, ...]) -> np.ndarray:
    """Return the array that `rounded` packed, without what the rounding took.

    Examples
    --------
    >>> unpacked(rounded(np.array([1.0, -0.5, 0.0])), (3,)).round(2)
    array([ 1. , -0.5,  0. ])
    """
    raw = np.frombuffer(base64.b64decode(packed["bytes"]), np.int8)
    return raw.reshape(shape) * packed["scale"]


@cache
def stored() -> dict[str, Any]:
    """Return what is in the file: "trained", "untrained", and "runs"."""
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


def reader(weights: str = "trained") -> Sequential:
    """Return the network with the stored weights.

    Parameters
    ----------
    weights : "trained" or "untrained"

    Examples
    --------
    >>> digits = load_digits()
    >>> accuracy(reader(), digits.x_test, digits.y_test) > 0.95
    True
    """
    network = untrained()
    for name, place in LAYERS.items():
        for part in "wb":
            parameter = getattr(network[place], part)
            packed = stored()[weights][f"{name}.{part}"]
            parameter.data = unpacked(packed, parameter.data.shape)
    return network


def stages(network: Sequential, image: np.ndarray) -> dict[str, np.ndarray]:
    """Return what every layer says about an image (8, 8), by the names of `STAGES`."""
    x, found = np.asarray(image, dtype=float).reshape(1, 1, 8, 8), {}
    for name, layer in zip(STAGES, network, strict=True):
        x = layer.forward(x)
        found[name] = x[0]
    return found


@cache
def shown() -> tuple[np.ndarray, np.ndarray]:
    """Return test digits (12, 8, 8) and labels (12,): one of each class, and two it misreads.

    Examples
    --------
    >>> images, labels = shown()
    >>> images.shape, labels[:10].tolist()
    ((12, 8, 8), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    digits = load_digits()
    right = reader().forward(digits.x_test).argmax(axis=1) == digits.y_test
    chosen = [int(np.flatnonzero(right & (digits.y_test == c))[0]) for c in range(10)]
    chosen += np.flatnonzero(~right)[:2].tolist()
    return digits.x_test[chosen, 0], digits.y_test[chosen]


def shown_letters() -> dict[str, Any]:
    """Return what `shown` does, a letter for each pixel: A is paper, Q is ink."""
    images, labels = shown()
    rows = ["".join(chr(65 + round(16 * ink)) for ink in image.ravel()) for image in images]
    return {"images": rows, "labels": labels.tolist()}


def first_filters(run: str, epoch: int) -> tuple[np.ndarray, np.ndarray]:
    """Return filters (8, 1, 3, 3) and biases (8,) of the first layer after an epoch of a run."""
    kept = stored()["runs"][run]
    w, b = unpacked(kept["w"], (-1, 8, 1, 3, 3)), unpacked(kept["b"], (-1, 8))
    return w[epoch], b[epoch]


def packed_network(network: Sequential) -> dict[str, Any]:
    """Return all parameters, packed, by names such as "conv1.w"."""
    return {
        f"{name}.{part}": rounded(getattr(network[place], part).data)
        for name, place in LAYERS.items()
        for part in "wb"
    }


def packed_run(run: str, epochs: int = EPOCHS) -> tuple[dict[str, Any], Sequential]:
    """Train, and return what is kept of it, and the network at the end."""
    kept: dict[str, Any] = {"loss": [], "test": []}
    w, b = [], []
    for network, loss, test in training_run(run, epochs):
        first = network[0]
        assert isinstance(first, Conv2d)
        w.append(first.w.data)
        b.append(first.b.data)
        kept["loss"].append(round(loss, 4))
        kept["test"].append(round(test, 4))
    return kept | {"w": rounded(np.stack(w)), "b": rounded(np.stack(b))}, network


def _letters(numbers: np.ndarray) -> str:
    return base64.b64encode(numbers.astype(np.int8).tobytes()).decode()


def main() -> None:
    """Train all runs and write the file."""
    content: dict[str, Any] = {"untrained": packed_network(untrained()), "runs": {}}
    for run in RUNS:
        content["runs"][run], network = packed_run(run)
        print(run, content["runs"][run]["test"][-1])
        if run == "learned":
            content["trained"] = packed_network(network)
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
