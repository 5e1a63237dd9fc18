"""W9.2: how many windows fit on a row of pixels, and which pixels nobody reads (row 114)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.mistakes import MISTAKES
from coursepkg.widgets.base import BookWidget

LARGEST = 256
WRONG = ("CV14", "CV22", "CV23", "CV25")  # rounded up, first forgotten, one side, a fraction


class SizeCalculator(BookWidget):
    """A row of pixels, windows laid over it, and the formula that counts them.

    Parameters
    ----------
    size : pixels I, 1 to 256
    kernel : taps K, 1 to 11
    stride : pixels S from window to window, 1 to 5
    padding : zeros P at each end, 0 to 5
    dilation : pixels D from tap to tap, 1 to 4

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> SizeCalculator(size=227, kernel=11, stride=4).padding
    0
    """

    script = "size_calculator.js"
    number = "W9.2"
    title = "How many windows fit?"
    alt = (
        "A row of 7 pixels under a kernel of 3 that moves by 3: two windows fit, over pixels 0 to "
        "2 and 3 to 5. The formula gives (7 − 3) / 3 + 1 = 2.33. A third window would hang over "
        "the edge, and the last pixel is read by nobody."
    )

    size = traitlets.Int(7, min=1, max=LARGEST).tag(sync=True)
    kernel = traitlets.Int(3, min=1, max=11).tag(sync=True)
    stride = traitlets.Int(3, min=1, max=5).tag(sync=True)
    padding = traitlets.Int(0, min=0, max=5).tag(sync=True)
    dilation = traitlets.Int(1, min=1, max=4).tag(sync=True)

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """The sizes of the lectures and of AlexNet, what does not fit, and a grid of small ones."""
        sizes = [(7, 3, s, 0, 1) for s in (1, 2, 3)]
        sizes += [(227, 11, 4, 0, 1), (224, 11, 4, 0, 1), (224, 11, 4, 2, 1), (32, 5, 1, 0, 1)]
        sizes += [(1, 3, 1, 0, 1), (4, 3, 1, 0, 2), (1, 1, 1, 0, 1), (3, 2, 5, 1, 1)]
        sizes += [(13, k, s, p, d) for k in (3, 4) for s in (1, 4) for p in (0, 2) for d in (1, 3)]
        names = ("size", "kernel", "stride", "padding", "dilation")
        states = [dict(zip(names, each, strict=True)) for each in sizes]
        return [(state, _numbers(**state)) for state in states]


def _numbers(size: int, kernel: int, stride: int, padding: int, dilation: int) -> dict[str, Any]:
    """What the browser must find; how often each pixel is read, from a backward pass of ones."""
    given = (size, kernel, stride, padding, dilation)
    reach = dilation * (kernel - 1) + 1
    found: dict[str, Any] = {
        "reach": reach,
        "exact": (size + 2 * padding - reach) / stride + 1,
        "wrong": [MISTAKES[name].code(*given) for name in WRONG],
    }
    if reach > size + 2 * padding:
        return found | {"out": None, "reads": [0] * size}
    ones = np.ones((1, 1, 1, kernel))
    pairs = ((1, stride), (0, padding), (1, dilation))
    out, cache = F.conv2d(np.zeros((1, 1, 1, size)), ones, np.zeros(1), *pairs)
    reads = F.conv2d_backward(np.ones_like(out), cache).dx[0, 0, 0]
    return found | {"out": F.conv_output_size(*given), "reads": reads.tolist()}
