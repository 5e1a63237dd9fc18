"""W9.1: a kernel slid over an image, every output as the sum of products it is (rows 103, 106)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.datasets import load_digits
from coursepkg.widgets.base import BookWidget
from coursepkg.widgets.matrices import require_matrix

LECTURE = [[4, 5, 7, 6, 6], [3, 2, 8, 0, 7], [6, 7, 7, 1, 5], [3, 0, 1, 1, 1], [4, 3, 2, 1, 7]]
KERNELS: dict[str, tuple[list[list[float]], float]] = {  # weights, and what divides them
    "two sides": ([[0, 0, 0], [1, 0, 1], [0, 0, 0]], 1),
    "box": ([[1, 1, 1], [1, 1, 1], [1, 1, 1]], 9),
    "Sobel x": ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], 1),
    "Sobel y": ([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], 1),
    "sharpen": ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], 1),
    "shift": ([[0, 0, 0], [1, 0, 0], [0, 0, 0]], 1),
}
RULES = ("correlation", "convolution")
LARGEST_BORDER = 2


def square_of_nineties() -> list[list[int]]:
    """The 10 x 10 image of the box filter: a square with a hole, and a lonely pixel.

    >>> sum(map(sum, square_of_nineties()))
    2250
    """
    image = np.zeros((10, 10), dtype=int)
    image[2:7, 3:8] = 90
    image[5, 4] = 0
    image[8, 2] = 90
    return image.tolist()


def start_images() -> dict[str, list[list[int]]]:
    """The images by name, as rows of whole numbers.

    >>> {name: len(rows) for name, rows in start_images().items()}
    {'lecture': 5, 'square': 10, 'four': 8, 'mine': 8}
    """
    four = np.round(9 * load_digits().x_train[1, 0]).astype(int)
    step = 9 * np.tri(8, dtype=int)
    return {
        "lecture": LECTURE,
        "square": square_of_nineties(),
        "four": four.tolist(),
        "mine": step.tolist(),
    }


class SlidingWindow(BookWidget):
    """An image, a 3 x 3 kernel and what comes out; every number can be changed or asked.

    Parameters
    ----------
    image : "lecture", "square", "four" or "mine"
    pixels : the images by these names; their sizes stay
    kernel : "two sides", "box", "Sobel x", "Sobel y", "sharpen", "shift" or "mine"
    mine : the kernel of that name, {"weights": 3 x 3 numbers, "divide": a number from 1}
    rule : "correlation" slides the kernel as it is, "convolution" turned by 180 degrees
    border : rows of zeros around the image, 0 to 2
    side : what `at` names, an "output" or a "pixel"
    at : its row and column
    pen : what touching a pixel does: "type", "bright" or "black"

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these, or has another shape.

    Examples
    --------
    >>> SlidingWindow(kernel="Sobel x", rule="convolution").border
    0
    """

    script = "sliding_window.js"
    number = "W9.1"
    title = "One window, nine products, one number"
    alt = (
        "The image of 5 × 5 numbers from a lecture, a kernel of 3 × 3 with a 1 left and right of "
        "its middle, and the output: 11, 2, 15 / 13, 8, 12 / 4, 1, 2. The window over the top left "
        "corner is lit: its two pixels that count are 3 and 8, and 3 + 8 = 11."
    )

    image = traitlets.Enum(["lecture", "square", "four", "mine"], "lecture").tag(sync=True)
    pixels = traitlets.Dict().tag(sync=True)
    kernel = traitlets.Enum([*KERNELS, "mine"], "two sides").tag(sync=True)
    mine = traitlets.Dict().tag(sync=True)
    rule = traitlets.Enum(RULES, "correlation").tag(sync=True)
    border = traitlets.Int(0, min=0, max=LARGEST_BORDER).tag(sync=True)
    side = traitlets.Enum(["output", "pixel"], "output").tag(sync=True)
    at = traitlets.List(traitlets.Int(min=0), [0, 0], minlen=2, maxlen=2).tag(sync=True)
    pen = traitlets.Enum(["type", "bright", "black"], "type").tag(sync=True)

    @traitlets.default("pixels")
    def _start_with_images(self) -> dict[str, Any]:
        return start_images()

    @traitlets.default("mine")
    def _start_with_a_kernel(self) -> dict[str, Any]:
        return {"weights": KERNELS["two sides"][0], "divide": 1}

    @traitlets.default("_data")
    def _ship_kernels(self) -> dict[str, Any]:
        return {name: {"weights": w, "divide": d} for name, (w, d) in KERNELS.items()}

    @traitlets.validate("pixels")
    def _keep_sizes(self, proposal: dict[str, Any]) -> dict[str, Any]:
        expected = {name: np.shape(rows) for name, rows in start_images().items()}
        given = proposal["value"]
        if given.keys() != expected.keys():
            raise traitlets.TraitError(f"pixels takes {', '.join(expected)}, got {list(given)}")
        return {
            name: require_matrix(given[name], f"pixels: {name}", expected[name]) for name in given
        }

    @traitlets.validate("mine")
    def _fit_kernel(self, proposal: dict[str, Any]) -> dict[str, Any]:
        given = proposal["value"]
        if given.keys() != {"weights", "divide"}:
            raise traitlets.TraitError(f"mine takes weights and divide, got {list(given)}")
        if not isinstance(given["divide"], int | float) or not given["divide"] >= 1:
            raise traitlets.TraitError(f"mine: divide must be 1 or more, got {given['divide']!r}")
        return given | {"weights": require_matrix(given["weights"], "mine: weights", (3, 3))}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """All kernels and rules on the lecture's image; other images, borders and kernels."""
        states: list[dict[str, Any]] = [
            {"kernel": kernel, "rule": rule, "at": [2, 1], "side": "output"}
            for kernel in KERNELS
            for rule in RULES
        ]
        states += [
            {"image": image, "kernel": "Sobel x", "border": border, "side": side, "at": [4, 7]}
            for image in ("square", "four", "mine")
            for border, side in ((0, "output"), (1, "pixel"), (2, "output"))
        ]
        rng = np.random.default_rng(9)
        pixels = {name: rng.normal(size=np.shape(m)).tolist() for name, m in start_images().items()}
        odd = {"weights": rng.normal(size=(3, 3)).tolist(), "divide": 7}
        states += [
            {
                "pixels": pixels,
                "kernel": "mine",
                "mine": odd,
                "rule": rule,
                "at": at,
                "side": "pixel",
            }
            for rule in RULES
            for at in ([0, 0], [2, 2], [99, 1])
        ]
        start = {name: getattr(cls(), name) for name in cls._state_names()}
        return [(start | state, _numbers(**start | state)) for state in states]


def _numbers(**state: Any) -> dict[str, Any]:
    """What the browser must find: the output, one window of it, and where one pixel goes."""
    image = np.array(state["pixels"][state["image"]], dtype=float)
    mine = (state["mine"]["weights"], state["mine"]["divide"])
    weights, divide = mine if state["kernel"] == "mine" else KERNELS[state["kernel"]]
    kernel = np.array(weights) / divide
    if state["rule"] == "convolution":
        kernel = kernel[::-1, ::-1]
    border = state["border"]

    def slide(x: np.ndarray) -> np.ndarray:
        out, _ = F.conv2d(x[None, None], kernel[None, None], np.zeros(1), padding=border)
        return np.asarray(out[0, 0])

    out = slide(image)
    i, j = np.minimum(state["at"], np.array(out.shape) - 1)
    window = np.pad(image, border)[i : i + 3, j : j + 3]
    pixel = np.zeros_like(image)
    pixel[tuple(np.minimum(state["at"], np.array(image.shape) - 1))] = 1
    return {
        "kernel": kernel.tolist(),
        "out": out.tolist(),
        "window": window.tolist(),
        "products": (window * kernel).tolist(),
        "total": float((window * kernel).sum()),
        "shares": slide(pixel).tolist(),
    }
