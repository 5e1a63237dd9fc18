"""W9.4: move the image, then the layer; or the layer, then move its map (deck row 110)."""

from itertools import cycle, product
from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.datasets import load_digits
from coursepkg.widgets.base import BookWidget

SIDE, PATCH, REACH = 16, 8, 8
LAYERS = ("conv", "conv / 2", "max pool", "average pool", "max pool / 1", "unshared", "largest")
KERNELS = {
    "edges": np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "blur": np.array([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16,
    "none": np.array([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]]),
}
BORDERS = ("zeros", "wrap")
STRIDE = {"conv / 2": 2, "max pool": 2, "average pool": 2}
DIGIT = 13  # a three


def _pictures() -> dict[str, np.ndarray]:
    """Whole numbers, 8 x 8: products and sums of them are exact, so that 0 means 0."""
    stripes = np.tile([16.0, 0], (PATCH, PATCH // 2))
    dot = np.zeros((PATCH, PATCH))
    dot[4, 4] = 16
    digits = load_digits()
    three = np.concatenate([digits.x_train, digits.x_test])[DIGIT].reshape(PATCH, PATCH)
    return {"digit": np.round(three * 16 / three.max()), "stripes": stripes, "dot": dot}


PICTURES = _pictures()


class Equivariance(BookWidget):
    """Does it matter whether an image moves before a layer, or its map behind it?

    Parameters
    ----------
    picture : "digit", "stripes" or "dot"
    layer : "conv" (3 x 3), "conv / 2" (with stride 2), conv and then "max pool" or "average pool"
        (2 x 2, stride 2), "max pool / 1" (3 x 3, stride 1) or the "largest" of the whole map;
        "unshared" is a kernel of its own at every place
    kernel : "edges", "blur" or "none" (the image itself)
    border : "zeros" come in from outside, or the image is a "wrap"
    right, down : how far the image is moved, -8 to 8 pixels each

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> Equivariance(right=1).state()["layer"]
    'max pool'
    """

    script = "equivariance.js"
    number = "W9.4"
    title = "Move first, or look first?"
    alt = (
        "A handwritten three, moved to the right by one pixel, in a field of 16 x 16; a Sobel "
        "kernel and 2 x 2 max pooling with stride 2 make a map of 8 x 8. The map of the moved "
        "image and the map of the image differ in 20 of 64 cells, by up to 39: an error of 77 %. "
        "A chart of the error against the shift jumps between exactly 0 for even shifts and about "
        "77 % for odd ones."
    )

    picture = traitlets.Enum(tuple(PICTURES), "digit").tag(sync=True)
    layer = traitlets.Enum(LAYERS, "max pool").tag(sync=True)
    kernel = traitlets.Enum(tuple(KERNELS), "edges").tag(sync=True)
    border = traitlets.Enum(BORDERS, "zeros").tag(sync=True)
    right = traitlets.Int(1, min=-REACH, max=REACH).tag(sync=True)
    down = traitlets.Int(0, min=-REACH, max=REACH).tag(sync=True)

    @traitlets.default("_data")
    def _ship_pictures(self) -> dict[str, Any]:
        return {
            "pictures": {name: picture.tolist() for name, picture in PICTURES.items()},
            "kernels": {name: kernel.tolist() for name, kernel in KERNELS.items()},
        }

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every layer with every picture and border; kernels and shifts, near and far, in turn."""
        kernels, shifts = cycle(KERNELS), cycle([(1, 0), (2, -2), (-3, 1), (7, 8), (0, 0)])
        states: list[dict[str, Any]] = [
            {"picture": picture, "layer": layer, "kernel": next(kernels), "border": border}
            | dict(zip(("right", "down"), next(shifts), strict=True))
            for layer, border, picture in product(LAYERS, BORDERS, PICTURES)
        ]
        return [(state, commuting(**state)) for state in states]


def commuting(
    picture: str, layer: str, kernel: str, border: str, right: int, down: int
) -> dict[str, Any]:
    """Return both maps, the moved image's and the image's moved, and how far they are apart.

    With a stride of 2 a shift of the image by 3 pixels would be one of the map by 1.5. There is no
    such shift; the better one of 1 and 2 is taken.

    Examples
    --------
    >>> still = {"picture": "digit", "kernel": "edges", "border": "zeros", "down": 0}
    >>> commuting(layer="conv", right=3, **still)["relative"]
    0.0
    >>> commuting(layer="max pool", right=3, **still)["relative"] > 0.4
    True
    """
    image = np.pad(PICTURES[picture], (SIDE - PATCH) // 2)
    home = respond(image, layer, kernel, border)

    def both(right: int, down: int) -> dict[str, Any]:
        moved = shift(image, (down, right), border)
        first = respond(moved, layer, kernel, border)
        choices = [_whole(pixels, layer) for pixels in (down, right)]
        candidates = [(steps, shift(home, steps, border)) for steps in product(*choices)]
        steps, then = min(candidates, key=lambda one: float(np.sum((one[1] - first) ** 2)))
        gap = np.abs(first - then)
        return {
            "moved": moved.tolist(),
            "first": first.tolist(),
            "then": then.tolist(),
            "steps": list(steps),
            "differ": int(np.count_nonzero(gap)),
            "largest": float(gap.max()),
            "relative": relative_error(first, then),
        }

    sweep = [both(across, down)["relative"] for across in range(-REACH, REACH + 1)]
    return both(right, down) | {"sweep": sweep}


def relative_error(one: np.ndarray, other: np.ndarray) -> float:
    """Norm of the difference over the larger norm; 0 if both are zero."""
    size = max(float(np.sum(one**2)), float(np.sum(other**2)))
    return float(np.sqrt(np.sum((one - other) ** 2) / size)) if size else 0.0


def respond(image: np.ndarray, layer: str, kernel: str, border: str) -> np.ndarray:
    """Return the map (H, W) of an image (16, 16)."""
    x = np.pad(image, 1, mode="wrap" if border == "wrap" else "constant")[None, None]
    if layer == "unshared":
        w = unshared(KERNELS[kernel])
        return F.locally_connected2d(x, w, np.zeros(w.shape[:3]))[0][0, 0]
    stride = 2 if layer == "conv / 2" else 1
    out = F.conv2d(x, KERNELS[kernel][None, None], np.zeros(1), stride=stride)[0]
    if layer == "max pool":
        out = F.max_pool2d(out, 2)[0]
    elif layer == "average pool":
        out = F.avg_pool2d(out, 2)[0]
    elif layer == "max pool / 1":
        out = np.pad(out[0, 0], 1, mode="wrap" if border == "wrap" else "constant")[None, None]
        out = F.max_pool2d(out, 3, stride=1)[0]
    elif layer == "largest":
        out = F.max_pool2d(out, SIDE)[0]
    return out[0, 0]


def unshared(kernel: np.ndarray) -> np.ndarray:
    """Weights (16, 16, 1, 1, 3, 3): the kernel times -1, 0 or 1, drawn anew at every place."""
    i, j = np.indices((SIDE, SIDE))
    signs = (7 * i * i + 5 * j * j + 3 * i * j + i + 2 * j) % 101 % 3 - 1.0
    return signs[:, :, None, None, None, None] * kernel


def shift(image: np.ndarray, steps: tuple[int, ...], border: str) -> np.ndarray:
    """Move an image by whole pixels (down, right); zeros come in, or what left on the other side.

    Examples
    --------
    >>> shift(np.array([[1, 2, 3]]), (0, 1), "zeros")
    array([[0, 1, 2]])
    >>> shift(np.array([[1, 2, 3]]), (0, 1), "wrap")
    array([[3, 1, 2]])
    """
    out = np.roll(image, steps, axis=(0, 1))
    if border == "wrap":
        return out
    for axis, step in enumerate(steps):
        came_in = np.arange(image.shape[axis]) - step
        outside = (came_in < 0) | (came_in >= image.shape[axis])
        out = np.where(np.expand_dims(outside, 1 - axis), 0, out)
    return out


def _whole(pixels: int, layer: str) -> list[int]:
    """Whole steps of the map next to a shift of the image."""
    if layer == "largest":
        return [0]
    stride = STRIDE.get(layer, 1)
    return sorted({pixels // stride, -(-pixels // stride)})
