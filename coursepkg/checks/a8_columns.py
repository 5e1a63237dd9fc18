"""Assignment 8, windows as columns: `im2col`, and its adjoint `col2im`."""

from typing import Any

import numpy as np

from coursepkg.checks.a8_cases import LARGE, WINDOWS, conv_edges, conv_sample
from coursepkg.checks.data import transposed_in_memory
from coursepkg.checks.question import Case, Large, Question, Single
from coursepkg.functional.windows import Windows, windows_over


def im2col(x: np.ndarray, kh: int, kw: int, stride: int, padding: int) -> np.ndarray:
    """Return what each tap meets, (N, C * KH * KW, OH * OW): a column for each window."""
    windows = windows_over(x.shape[2:], (kh, kw), stride, padding)
    padded = windows.pad(x)
    met = [padded[..., *windows.seen_by(tap)] for tap in windows.taps()]
    return np.stack(met, axis=2).reshape(len(x), -1, windows.out[0] * windows.out[1])


def col2im(
    cols: np.ndarray, shape: tuple[int, int, int, int], kh: int, kw: int, stride: int, padding: int
) -> np.ndarray:
    """Return an image of `shape` in which every entry of `cols` is added to its pixel."""
    windows = windows_over(shape[2:], (kh, kw), stride, padding)
    padded = windows.pad(np.zeros(shape, cols.dtype))
    for tap, owed in zip(windows.taps(), _taps_first(cols, shape, windows), strict=True):
        padded[..., *windows.seen_by(tap)] += owed
    return windows.crop(padded)


def _taps_first(cols: np.ndarray, shape: tuple[int, int, int, int], windows: Windows) -> np.ndarray:
    split = cols.reshape(*shape[:2], -1, *windows.out)
    return np.moveaxis(split, 2, 0)


def _columns_inputs(case: Case) -> tuple[Any, ...]:
    x, w, _, stride, padding = case.inputs
    return x, *w.shape[2:], stride, padding


def _unfolded(case: Case) -> Case:
    return Case(case.title, _columns_inputs(case))


def _folded(rng: np.random.Generator, case: Case) -> Case:
    x, *setting = _columns_inputs(case)
    cols = rng.standard_normal(im2col(x, *setting).shape)
    return Case(case.title, (cols, x.shape, *setting))


def _turned(case: Case) -> Case:
    return Case("transposed arrays", transposed_in_memory(case.inputs))


def _im2col_edges(rng: np.random.Generator) -> list[Case]:
    cases = [_unfolded(case) for case in conv_edges(rng)[:-2]]
    return [*cases, _turned(_unfolded(conv_sample(rng)))]


def _col2im_edges(rng: np.random.Generator) -> list[Case]:
    cases = [_folded(rng, case) for case in conv_edges(rng)[:-2]]
    return [*cases, _turned(_folded(rng, conv_sample(rng)))]


SMALL_IMAGE = np.arange(1.0, 7.0).reshape(1, 1, 2, 3)

IM2COL = Single(
    function="im2col",
    outputs=("cols",),
    reference=im2col,
    example=Case("the worked example (x 1 x 1 x 2 x 3, kernel 2 x 2)", (SMALL_IMAGE, 2, 2, 1, 0)),
    sample=lambda rng: _unfolded(conv_sample(rng)),
    edges=_im2col_edges,
    large=Large(_unfolded(LARGE), WINDOWS),
)
COL2IM = Single(
    function="col2im",
    outputs=("x",),
    reference=col2im,
    example=Case(
        "the worked example (x 1 x 1 x 2 x 3, kernel 2 x 2)",
        (np.arange(1.0, 9.0).reshape(1, 4, 2), (1, 1, 2, 3), 2, 2, 1, 0),
    ),
    sample=lambda rng: _folded(rng, conv_sample(rng)),
    edges=_col2im_edges,
    large=Large(_folded(np.random.default_rng(0), LARGE), WINDOWS),
)
QUESTIONS = (
    Question(
        "A8.im2col",
        IM2COL,
        "section 10.5, im2col and col2im",
        {
            "cols": "row (c, k, m) is what tap (k, m) meets in channel c, and column (i, j) is a "
            "window, in row-major order: channels, taps and windows must not change places"
        },
    ),
    Question(
        "A8.col2im",
        COL2IM,
        "section 10.5, im2col and col2im",
        {
            "x": "every entry goes back to the pixel that im2col took it from; where windows "
            "overlap they add; what was in the border is cut off"
        },
    ),
)
