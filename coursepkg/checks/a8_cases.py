"""Images and filters to try a convolution on.

Images are not square and kernels neither, no two sizes are the same, and windows leave rows over:
what holds for square images with a stride of 1 only does not hold here.
"""

from dataclasses import replace

import numpy as np

from coursepkg.checks.data import distinct, transposed_in_memory
from coursepkg.checks.question import Case
from coursepkg.functional.windows import windows_over

SIDE = 101
"""A large image has so many rows and columns, and 100 x 100 windows of 2 x 2."""
LARGE_TITLE = f"an image of {SIDE} x {SIDE} pixels"
Sizes = tuple[int, int, int, int, int, int, int]


def _conv_case(
    rng: np.random.Generator, title: str, sizes: Sizes, stride: int, padding: int
) -> Case:
    """`sizes` are N, C, H, W of the images, then F, KH, KW of the filters."""
    n, c, h, w, f, kh, kw = sizes
    oh, ow = windows_over((h, w), (kh, kw), stride, padding).out
    inputs = (
        rng.standard_normal((n, c, h, w)),
        rng.standard_normal((f, c, kh, kw)),
        rng.standard_normal(f),
    )
    return Case(title, (*inputs, stride, padding), rng.standard_normal((n, f, oh, ow)))


def _conv_sizes(rng: np.random.Generator) -> Sizes:
    n, c, f = distinct(rng, 3, 2, 5)
    h, w = distinct(rng, 2, 6, 9)
    kh, kw = distinct(rng, 2, 2, 4)
    return n, c, h, w, f, kh, kw


def conv_sample(rng: np.random.Generator) -> Case:
    """Return random images and filters, whose sizes the title tells."""
    sizes = _conv_sizes(rng)
    stride, padding = int(rng.integers(1, 4)), int(rng.integers(0, 3))
    case = _conv_case(rng, "random numbers", sizes, stride, padding)
    x, w, *_ = case.inputs
    title = f"random numbers: x {x.shape}, w {w.shape}, stride {stride}, padding {padding}"
    return replace(case, title=title)


def conv_edges(rng: np.random.Generator) -> list[Case]:
    """Return what is easily forgotten; the box filter and transposed arrays come last."""
    n, c, h, w, f, kh, kw = sizes = _conv_sizes(rng)
    turned = _conv_case(rng, "transposed arrays", sizes, 1, 1)
    return [
        _conv_case(rng, "a single image and filter", (1, c, h, w, 1, kh, kw), 1, 0),
        _conv_case(rng, "an even kernel", (n, c, h, w, f, 4, 4), 1, 2),
        _conv_case(rng, "rows left over", (n, c, 8, 10, f, 3, 3), 3, 0),
        _conv_case(rng, "a border and rows left over", (n, c, 6, 8, f, 3, 3), 2, 1),
        _conv_case(rng, "a kernel of one tap", (n, c, h, w, f, 1, 1), 2, 0),
        _conv_case(rng, "a kernel as large as the image", (n, c, kh, kw, f, kh, kw), 1, 0),
        _box_filter(rng),
        Case(turned.title, transposed_in_memory(turned.inputs), turned.dout),
    ]


def _box_filter(rng: np.random.Generator) -> Case:
    """The lecture's image of 90s with a hole and a speck, under a mean of 3 x 3."""
    image = np.zeros((1, 1, 10, 10))
    image[..., 2:7, 3:8] = 90
    image[..., 5, 4] = 0
    image[..., 8, 2] = 90
    inputs = (image, np.full((1, 1, 3, 3), 1 / 9), np.zeros(1), 1, 0)
    return Case("the box filter of the lecture", inputs, rng.standard_normal((1, 1, 8, 8)))


def _large() -> Case:
    rng = np.random.default_rng(0)
    case = _conv_case(rng, "", (1, 1, SIDE, SIDE, 1, 2, 2), 1, 0)
    return Case(LARGE_TITLE, case.inputs, case.dout)


LARGE = _large()
WINDOWS = (SIDE - 1) ** 2
