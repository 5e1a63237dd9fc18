"""How `conv2d` lays out images for its matrix products.

The usual column matrix (im2col) holds every pixel KH * KW times, once for each tap that meets it.
Here a pixel is copied for the horizontal taps only:

    lowered[l, c, i, j] = x[c, i, j + l]

With the rows i and the windows j of a row one behind the other in memory, what a vertical tap k
meets is the same memory, begun k rows later, so for the vertical taps nothing is copied:

    out[f, (i, j)] = sum over k of  (weights of tap k)[f, (l, c)] @ lowered[(l, c), (i + k, j)]

(after Cho and Brand, 2017, "MEC: memory-efficient convolution"). Every product is a plain matrix
product that BLAS takes as it lies, and gives an image of `out` as it shall lie. The way back is
the same picture with the sum turned round: the product of tap k is added k rows later.

A stride of s makes s pictures of the rows, the phases: rows 0, s, 2s ..., rows 1, s + 1, ... and so
on; the rows that a tap meets are then neighbours again, in one of them. Horizontally stride and
dilation are slices of the image.
"""

import math
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from coursepkg.backend import Array, namespace
from coursepkg.functional.windows import Windows

ENTRIES = 2**19  # so many at a time, 2 MB in float32, stay in the processor's cache
DEVICE_ENTRIES = 2**26  # a device wants much work at a time


class Layout(NamedTuple):
    """The lowered form of images: what `lower` returns is (n, groups, KW * C, entries).

    rows : for every phase, which rows of the image it holds
    columns : for every horizontal tap, which columns of the image the windows of a row meet
    runs : for every vertical tap, the entries that it meets
    image : (H, W)
    """

    rows: tuple[range, ...]
    columns: tuple[range, ...]
    runs: tuple[slice, ...]
    image: tuple[int, int]


def layout_of(windows: Windows) -> Layout:
    """Return the layout for a convolution over these windows.

    Examples
    --------
    >>> from coursepkg.functional.windows import windows_over
    >>> layout = layout_of(windows_over((5, 4), (3, 2), stride=(2, 1)))
    >>> layout.rows, layout.columns
    ((range(0, 6, 2), range(1, 7, 2)), (range(0, 3), range(1, 4)))
    >>> layout.runs
    (slice(0, 6, None), slice(9, 15, None), slice(3, 9, None))
    """
    (height, width), (stride, step) = windows.out, windows.stride
    starts = [divmod(tap * windows.dilation[0], stride) for tap in range(windows.kernel[0])]
    phases = sorted({phase for _, phase in starts})
    number = starts[-1][0] + height
    rows = tuple(_positions(phase - windows.padding[0], stride, number) for phase in phases)
    columns = tuple(
        _positions(tap * windows.dilation[1] - windows.padding[1], step, width)
        for tap in range(windows.kernel[1])
    )
    firsts = [(phases.index(phase) * number + row) * width for row, phase in starts]
    runs = tuple(slice(first, first + height * width) for first in firsts)
    return Layout(rows, columns, runs, windows.image)


def chunks(x: Array, out_entries: int, layout: Layout) -> list[slice]:
    """Return which images to take at a time: what belongs to them is one step's working memory.

    Parameters
    ----------
    x : array (N, groups, C, H, W)
    out_entries : number of entries of one image of the output
    layout : Layout

    Examples
    --------
    >>> from coursepkg.functional.windows import windows_over
    >>> chunks(np.ones((3, 1, 2, 500, 500)), 250_000, layout_of(windows_over((500, 500), 1)))
    [slice(0, 1, None), slice(1, 2, None), slice(2, 3, None)]
    """
    n, most = x.shape[0], ENTRIES if namespace(x) is np else DEVICE_ENTRIES
    lowered = x.shape[1] * x.shape[2] * math.prod(_sizes(layout))
    some = max(1, most // max(1, lowered + 2 * out_entries))  # a product, and the sum so far
    return [slice(i, min(i + some, n)) for i in range(0, n, some)]


def lower(x: Array, layout: Layout) -> Array:
    """Copy images (n, groups, C, H, W) for every horizontal tap: (n, groups, KW * C, entries).

    Examples
    --------
    >>> from coursepkg.functional.windows import windows_over
    >>> x = np.arange(6.0).reshape(1, 1, 1, 2, 3)
    >>> lower(x, layout_of(windows_over((2, 3), (1, 2))))[0, 0]
    array([[0., 1., 3., 4.],
           [1., 2., 4., 5.]])
    """
    n, groups, channels = x.shape[:3]
    taps, *sizes = _sizes(layout)
    lowered = namespace(x).zeros((n, groups, taps, channels, *sizes), dtype=x.dtype)
    for places, pixels in _meetings(layout):
        lowered[places] = x[pixels]
    return namespace(x).reshape(lowered, (n, groups, taps * channels, math.prod(sizes)))


def give_back(owed: Array, dx: Array, layout: Layout) -> None:
    """Add what `lower` would have copied from a pixel to its place in `dx` (n, groups, C, H, W).

    Examples
    --------
    >>> from coursepkg.functional.windows import windows_over
    >>> dx = np.zeros((1, 1, 1, 1, 3))
    >>> give_back(np.ones((1, 1, 2, 2)), dx, layout_of(windows_over((1, 3), (1, 2))))
    >>> dx[0, 0, 0]
    array([[1., 2., 1.]])
    """
    n, groups, channels = dx.shape[:3]
    taps, *sizes = _sizes(layout)
    owed = namespace(owed).reshape(owed, (n, groups, taps, channels, *sizes))
    for places, pixels in _meetings(layout):
        dx[pixels] += owed[places]


Index = tuple[Any, ...]


def _meetings(layout: Layout) -> Iterator[tuple[Index, Index]]:
    """For every horizontal tap and phase, places in the lowered form and the pixels they hold."""
    everything = slice(None)
    for (tap, columns), (phase, rows) in product(enumerate(layout.columns), enumerate(layout.rows)):
        at_rows, row_pixels = _inside(rows, layout.image[0])
        at_columns, column_pixels = _inside(columns, layout.image[1])
        places = (everything, everything, tap, everything, phase, at_rows, at_columns)
        yield places, (everything, everything, everything, row_pixels, column_pixels)


def _sizes(layout: Layout) -> tuple[int, int, int, int]:
    """Horizontal taps, phases, rows of a phase, windows of a row."""
    return len(layout.columns), len(layout.rows), len(layout.rows[0]), len(layout.columns[0])


def _positions(start: int, step: int, number: int) -> range:
    return range(start, start + step * number, step)


def _inside(positions: range, size: int) -> tuple[slice, slice]:
    """Which of the positions lie in 0 .. size - 1, by number; and these positions."""
    first = max(0, -(positions.start // positions.step))
    stop = min(len(positions), -((positions.start - size) // positions.step))
    if stop <= first:
        return slice(0, 0), slice(0, 0)
    inside = positions[first:stop]
    return slice(first, stop), slice(inside[0], inside[-1] + 1, inside.step)
