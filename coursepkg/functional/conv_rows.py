"""The engine of `conv2d`: one matrix product for every row of windows.

The usual column matrix (im2col) holds every pixel KH * KW times, once for each tap that meets it.
Here a pixel is copied for the horizontal taps only:

    lowered[i, l, c, n, j] = x[n, c, i, j + l]

With i the slowest index, the lines i, i + 1, ... i + KH - 1 lie one behind the other in memory,
and as a matrix of KH * KW * C rows they are the columns of row i of windows, ready for BLAS:

    out[f, i, (n, j)] = sum over (k, l, c) of w[f, c, k, l] * lowered[i + k, l, c, (n, j)]

Row i + 1 is the same memory, one line further on: neighbours share what they have in common
(Cho and Brand, 2017, "MEC: memory-efficient convolution"). The way back is the same picture. What
pixel row i owes to all vertical taps is one product with the lines i - KH + 1, ... i of `dout`, and
only the horizontal taps are added one by one.

A vertical stride s skips lines. A vertical dilation d takes the windows in turns: those whose taps
fall on lines 0, d, 2d ..., then those on lines 1, d + 1, ...; on its own lines each set is not
dilated. Horizontally both are slices of the image.
"""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from coursepkg.backend import Array, namespace
from coursepkg.functional.windows import Windows

COLUMNS = 200  # of a matrix for NumPy: it then stays in the cache, and BLAS is at its fastest
ENTRIES = 2**26  # of all matrices together for a device, which wants much work at a time


class Lines(NamedTuple):
    """Image rows ``start + step * m``; windows of `height` of them begin every `stride` lines."""

    start: int
    step: int
    stride: int
    height: int
    windows: int
    out: slice
    """Which rows of the output these windows are."""

    def phases(self) -> Iterator["Lines"]:
        """Lines a, a + stride, ... for every a that some tap meets, and the windows they owe to.

        Line a + stride * q was met by as many rows of windows as there are taps a, a + stride, ...:
        row q and those before it. At both ends some of them do not exist.
        """
        for a in range(min(self.stride, self.height)):
            height = len(range(a, self.height, self.stride))
            start, step = self.start + self.step * a, self.step * self.stride
            yield Lines(start, step, 1, height, self.windows + height - 1, self.out)


def lines_of(windows: Windows) -> Iterator[Lines]:
    """Yield sets of image rows on each of which the windows are not dilated.

    Examples
    --------
    >>> from coursepkg.functional.windows import windows_over
    >>> [lines.start for lines in lines_of(windows_over((9, 9), 3, dilation=2))]
    [0, 1]
    """
    stride, dilation = windows.stride[0], windows.dilation[0]
    common = math.gcd(stride, dilation)
    sets = dilation // common
    for first in range(min(sets, windows.out[0])):
        out = slice(first, windows.out[0], sets)
        number = len(range(windows.out[0])[out])
        start = stride * first - windows.padding[0]
        yield Lines(start, dilation, stride // common, windows.kernel[0], number, out)


def chunks(x: Array, windows: Windows) -> list[slice]:
    """Return which images to take at a time.

    Examples
    --------
    >>> from coursepkg.functional.windows import windows_over
    >>> chunks(np.ones((5, 1, 1, 102)), windows_over((1, 102), (1, 3)))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    n, entries = x.shape[0], x.shape[1] * math.prod(windows.kernel) * math.prod(windows.out)
    most = COLUMNS // windows.out[1] if namespace(x) is np else ENTRIES // entries
    return [slice(i, min(i + max(1, most), n)) for i in range(0, n, max(1, most))]


def lower(x: Array, lines: Lines, windows: Windows) -> Array:
    """Copy (n, groups, C, H, W) for every horizontal tap: (groups, lines, KW * C, n * OW).

    Examples
    --------
    >>> from coursepkg.functional.windows import windows_over
    >>> windows = windows_over((1, 4), (1, 2))
    >>> lower(np.arange(4.0).reshape(1, 1, 1, 1, 4), next(lines_of(windows)), windows)[0, 0]
    array([[0., 1., 2.],
           [1., 2., 3.]])
    """
    xp = namespace(x)
    n, groups, channels = x.shape[:3]
    number = lines.stride * (lines.windows - 1) + lines.height
    shape = (groups, number, windows.kernel[1], channels, n, windows.out[1])
    lowered = (xp.zeros if any(windows.padding) else xp.empty)(shape, dtype=x.dtype)
    for tap, rows, row_pixels, columns, column_pixels in _met(lines, number, windows):
        seen = xp.permute_dims(x[..., row_pixels, column_pixels], (1, 3, 2, 0, 4))
        lowered[:, rows, tap, :, :, columns] = seen
    return xp.reshape(lowered, (groups, number, shape[2] * channels, n * shape[5]))


def give_back(owed: Array, dx: Array, lines: Lines, windows: Windows) -> None:
    """Add what `lower` copied from a pixel to its place in `dx` (n, groups, C, H, W)."""
    xp = namespace(owed)
    n, groups, channels = dx.shape[:3]
    number = owed.shape[1]
    owed = xp.reshape(owed, (groups, number, windows.kernel[1], channels, n, windows.out[1]))
    for tap, rows, row_pixels, columns, column_pixels in _met(lines, number, windows):
        returned = xp.permute_dims(owed[:, rows, tap, :, :, columns], (3, 0, 2, 1, 4))
        dx[..., row_pixels, column_pixels] += returned


def slabs(matrix: Array, lines: Lines) -> Array:
    """Return the matrix of every row of windows, (groups, windows, height * R, columns).

    `matrix` is (groups, lines, R, columns). NumPy is shown the same memory again and again, other
    libraries get copies.

    Examples
    --------
    >>> line = Lines(0, 1, 1, 2, 2, slice(0, 2))
    >>> slabs(np.arange(3.0).reshape(1, 3, 1, 1), line)[0, :, :, 0]
    array([[0., 1.],
           [1., 2.]])
    """
    groups, _, rows, columns = matrix.shape
    shape = (groups, lines.windows, lines.height * rows, columns)
    if isinstance(matrix, np.ndarray):
        group, line, row, column = matrix.strides
        strides = (group, line * lines.stride, row, column)
        return np.lib.stride_tricks.as_strided(matrix, shape, strides, writeable=False)
    firsts = range(0, lines.stride * lines.windows, lines.stride)
    parts = [matrix[:, first : first + lines.height, ...] for first in firsts]
    return namespace(matrix).reshape(namespace(matrix).stack(parts, axis=1), shape)


def _met(lines: Lines, number: int, windows: Windows) -> Iterator[tuple[Any, ...]]:
    """For every horizontal tap: lines and windows inside the image, and the pixels they meet."""
    rows = _inside(lines.start, lines.step, number, windows.image[0])
    for tap in range(windows.kernel[1]):
        start = windows.dilation[1] * tap - windows.padding[1]
        columns = _inside(start, windows.stride[1], windows.out[1], windows.image[1])
        yield tap, *rows, *columns


def _inside(start: int, step: int, number: int, size: int) -> tuple[slice, slice]:
    """Which of the positions ``start + step * i`` lie in 0 .. size - 1: these i, and positions."""
    first = max(0, -(start // step))
    places = range(first, max(first, min(number, -((start - size) // step))))
    pixels = slice(start + step * places.start, start + step * places.stop, step)
    return slice(places.start, places.stop), pixels if places else slice(0, 0)
