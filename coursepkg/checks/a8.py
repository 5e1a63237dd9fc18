"""Assignment 8, convolution: how many windows fit, and the layer both ways."""

from dataclasses import replace

import numpy as np

from coursepkg import functional as F
from coursepkg.checks import a8_columns, a8_pooling
from coursepkg.checks.a8_cases import LARGE, WINDOWS, conv_edges, conv_sample
from coursepkg.checks.question import Case, Large, Pair, Question, Single


def _output_size(size: int, kernel: int, stride: int, padding: int) -> int:
    return F.conv_output_size(size, kernel, stride, padding)


def _size_case(title: str, size: int, kernel: int, stride: int, padding: int) -> Case:
    return Case(title, (size, kernel, stride, padding))


def _size_sample(rng: np.random.Generator) -> Case:
    kernel, stride, padding = (int(rng.integers(*span)) for span in ((2, 6), (1, 4), (0, 3)))
    size = int(rng.integers(8, 33))
    title = f"size {size}, kernel {kernel}, stride {stride}, padding {padding}"
    return _size_case(title, size, kernel, stride, padding)


def _size_edges(rng: np.random.Generator) -> list[Case]:
    size = int(rng.integers(9, 30))
    return [
        _size_case("a kernel as large as the image", size, size, 2, 0),
        _size_case("one column left over", 3 * size + 4, 3, 3, 0),
        _size_case("two columns left over", 3 * size + 5, 3, 3, 0),
        _size_case("an even kernel with a border", 2 * size + 1, 4, 2, 1),
        _size_case("a larger border", size, 4, 1, 2),
        _size_case("the first layer of AlexNet", 227, 11, 4, 0),
    ]


CONV = Pair(
    forward="conv2d",
    backward="conv2d_backward",
    output="out",
    grads=("dx", "dw", "db"),
    reference=F.conv2d,
    reference_backward=F.conv2d_backward,
    suggested_cache=lambda x, w, b, stride, padding: (x, w, b, stride, padding),
    example=Case(
        "the worked example (x 1 x 1 x 3 x 3, w 1 x 1 x 2 x 2)",
        (
            np.arange(1.0, 10.0).reshape(1, 1, 3, 3),
            np.array([[[[1.0, 2.0], [3.0, 4.0]]]]),
            np.zeros(1),
            1,
            0,
        ),
        np.ones((1, 1, 2, 2)),
    ),
    sample=conv_sample,
    edges=conv_edges,
    large=Large(LARGE, WINDOWS),
)
LECTURE = Case(
    "the worked example of the lecture (x 1 x 1 x 5 x 5, w 1 x 1 x 3 x 3)",
    (
        np.array(
            [
                [4.0, 5.0, 7.0, 6.0, 6.0],
                [3.0, 2.0, 8.0, 0.0, 7.0],
                [6.0, 7.0, 7.0, 1.0, 5.0],
                [3.0, 0.0, 1.0, 1.0, 1.0],
                [4.0, 3.0, 2.0, 1.0, 7.0],
            ]
        ).reshape(1, 1, 5, 5),
        np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 1.0], [0.0, 0.0, 0.0]]).reshape(1, 1, 3, 3),
        np.zeros(1),
        1,
        0,
    ),
)
OUTPUT_SIZE = Single(
    function="conv_out_size",
    outputs=("size",),
    reference=_output_size,
    example=_size_case("the worked example (7, 3, 2, 0)", 7, 3, 2, 0),
    sample=_size_sample,
    edges=_size_edges,
    keeps_dtype=False,
)

QUESTIONS = (
    Question(
        "A8.conv_out_size",
        OUTPUT_SIZE,
        "section 9.5, stride, padding, dilation",
        {
            "size": "the first window starts at 0, the next ones at stride, 2 stride, ...: where "
            "may the last one start? Padding is on both sides, and // rounds down"
        },
    ),
    Question(
        "A8.conv2d",
        replace(CONV, example=LECTURE),
        "section 10.2, four loops and then two",
        {
            "out": "out[n, f, i, j] is a sum over channels and taps of "
            "x[n, c, s i + k - p, s j + m - p] * w[f, c, k, m], plus b[f]; the kernel is not turned"
        },
        sums={"out": "out[n, f, i, j] = x[n, c, i + k, j + m] w[f, c, k, m] + b[f]"},
    ),
    Question(
        "A8.conv2d_backward",
        CONV,
        "section 10.3, backward as scatter and add",
        {
            "dx": "a pixel lies in several windows and gets w[f, c, k, m] * dout[n, f, i, j] from "
            "each: add, and cut the border off at the end, p rows on each side",
            "dw": "w[f, c, k, m] met every pixel x[n, c, s i + k - p, s j + m - p]: a sum over "
            "images and windows of what it met times dout there; the border counts as zeros",
            "db": "b[f] is added in every image and at every place: where a value is copied, "
            "gradients add up",
        },
        backward=True,
        operation="conv2d_backward",
        sums={
            "dx": "dx[n, c, a, b] = dout[n, f, i, j] w[f, c, a - i, b - j]",
            "dw": "dw[f, c, k, m] = x[n, c, i + k, j + m] dout[n, f, i, j]",
            "db": "db[f] = dout[n, f, i, j]",
        },
    ),
    *a8_columns.QUESTIONS,
    *a8_pooling.QUESTIONS,
)
