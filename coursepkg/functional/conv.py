"""Convolution (cross-correlation, as everywhere in this field) and its backward pass.

The work is one matrix product, and the art is to lay the image out for it. Padded and flattened,
an image is one long row of pixels, and what a tap of the kernel meets is that row from some offset
on:

    pixels of a 4 x 5 image    0  1  2  3  4 | 5  6  7  8  9 | 10 11 ...
    tap (0, 0) of a 2 x 2      0  1  2  3  4 | 5  6  7  8 ...
    tap (1, 1)                 6  7  8  9 10 | 11 12 ...

So a column matrix (im2col) is K * K copies of contiguous memory. Windows that start in the last
columns wrap around to the next row; they are computed with the rest and cropped. A stride of s is
the same picture on s * s smaller images, the phases: one for every pixel position modulo s.

The loop over taps in `conv_taps` says the same in a dozen lines, and is what this is tested with.
"""

import math
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from coursepkg.backend import Array, as_float, namespace, on_device
from coursepkg.functional import expect
from coursepkg.functional.windows import Pair, Windows, require_images, windows_over

CHUNK = 2**19  # entries: the columns of so many images at a time fit in the processor's cache
GPU_CHUNK = 2**27  # ... and there, what counts is how few operations are launched


class Conv2dCache(NamedTuple):
    x: Array
    w: Array
    windows: Windows
    groups: int


class Conv2dGrads(NamedTuple):
    dx: Array
    dw: Array
    db: Array


def conv2d(
    x: Array,
    w: Array,
    b: Array,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> tuple[Array, Conv2dCache]:
    """Slide filters over images: ``out[n, f] = sum_c x[n, c] (*) w[f, c] + b[f]``.

    ``(x (*) w)[i, j] = sum_kl x[s i + d k - p, s j + d l - p] w[k, l]`` with stride s, dilation d
    and padding p. The sum runs over input channels c; f counts the filters. (The legend of the ANU
    deck calls its K the kernel size; it is the number of input channels.)

    Parameters
    ----------
    x : array (N, C, H, W)
    w : array (F, C / groups, KH, KW)
    b : array (F,)
    stride, padding, dilation : one number, or (vertical, horizontal)
    groups : the channels are dealt into so many groups, each with F / groups filters of its own

    Returns
    -------
    out : array (N, F, OH, OW), see `conv_output_size`
    cache : Conv2dCache

    Raises
    ------
    ValueError
        If shapes do not fit together or the kernel is larger than the padded image.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    >>> conv2d(x, [[[[1.0, 2.0], [3.0, 4.0]]]], [0.0])[0][0, 0]
    array([[37., 47.],
           [67., 77.]])
    """
    x, w, b = as_float(x, "x"), as_float(w, "w"), as_float(b, "b")
    windows = checked_windows(x, w, b, stride, padding, dilation, groups)
    xp = namespace(x)
    out = xp.empty((x.shape[0], w.shape[0], *windows.out), dtype=xp.result_type(x, w, b))
    columns = _Columns(x, windows, groups)
    filters = xp.reshape(w, (groups, w.shape[0] // groups, math.prod(w.shape[1:])))
    for images in columns.chunks:
        grid = columns.grid(xp.matmul(filters, columns.unfold(x[images, ...])))
        out[images, ...] = xp.permute_dims(grid, (1, 0, 2, 3)) + b[:, None, None]
    return out, Conv2dCache(x, w, windows, groups)


def conv2d_backward(dout: Array, cache: Conv2dCache) -> Conv2dGrads:
    """Send a gradient back through `conv2d`.

    ``dw[f, c] = sum_n x[n, c] (*) dout[n, f]``: what every tap met, weighted by the gradients
    there. ``dx`` gets ``w[f, c, k, l] * dout[n, f, i, j]`` added at every pixel that tap (k, l)
    met at (i, j); ``db`` is the sum of `dout` over images and places, to all of which the bias was
    copied.

    Parameters
    ----------
    dout : array (N, F, OH, OW)
    cache : Conv2dCache

    Returns
    -------
    Conv2dGrads
        ``dx`` with the shape of x, ``dw`` with that of w, ``db`` (F,).

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    >>> _, cache = conv2d(x, [[[[1.0, 2.0], [3.0, 4.0]]]], [0.0])
    >>> dx, dw, db = conv2d_backward(np.ones((1, 1, 2, 2)), cache)
    >>> dw[0, 0]
    array([[12., 16.],
           [24., 28.]])
    >>> dx[0, 0]
    array([[ 1.,  3.,  2.],
           [ 4., 10.,  6.],
           [ 3.,  7.,  4.]])
    """
    x, w, windows, groups = cache
    xp = namespace(x)
    expect.same_shape(dout, (x.shape[0], w.shape[0], *windows.out))
    columns = _Columns(x, windows, groups)
    filters = xp.reshape(w, (groups, w.shape[0] // groups, math.prod(w.shape[1:])))
    dx = xp.empty(x.shape, dtype=x.dtype)
    dfilters = xp.zeros((groups, filters.shape[2], filters.shape[1]), dtype=w.dtype)
    for images in columns.chunks:
        dgrid = columns.ungrid(dout[images, ...])
        cols = columns.unfold(x[images, ...])
        dfilters += xp.matmul(cols, xp.permute_dims(dgrid, (0, 2, 1)))  # faster this way round
        columns.fold(xp.matmul(xp.permute_dims(filters, (0, 2, 1)), dgrid), dx[images, ...])
    dw = xp.reshape(xp.permute_dims(dfilters, (0, 2, 1)), w.shape)
    return Conv2dGrads(dx, dw, xp.sum(dout, axis=(0, 2, 3)))


def checked_windows(
    x: Array, w: Array, b: Array, stride: Pair, padding: Pair, dilation: Pair, groups: int
) -> Windows:
    """Return the windows of a convolution, or say what does not fit.

    Examples
    --------
    >>> import numpy as np
    >>> x, w, b = np.ones((1, 3, 8, 8)), np.ones((4, 3, 5, 5)), np.ones(4)
    >>> checked_windows(x, w, b, 1, 0, 1, groups=1).out
    (4, 4)
    """
    require_images(x)
    if w.ndim != 4:
        raise ValueError(f"w must have shape (F, C / groups, KH, KW), got shape {w.shape}")
    channels, filters = x.shape[1], w.shape[0]
    if not isinstance(groups, int) or groups < 1 or channels % groups or filters % groups:
        raise ValueError(
            f"groups must divide C = {channels} channels and F = {filters} filters, got {groups!r}"
        )
    if w.shape[1] != channels // groups:
        raise ValueError(
            f"w must have C / groups = {channels} / {groups} channels for x of shape {x.shape}, "
            f"got shape {w.shape}"
        )
    if b.shape != (filters,):
        raise ValueError(f"b must have shape (F,) = ({filters},), got {b.shape}")
    return windows_over(x.shape[2:], (w.shape[2], w.shape[3]), stride, padding, dilation)


class _Columns:
    """The column matrices of a batch, a chunk of images at a time, in memory used over again.

    Three shapes are met: the phases (C, s, s, n, rows, columns) of n padded images; the columns
    (groups, C / groups * KH * KW, n * grid); the grid (F, n, OH, columns), one entry for every
    start of a window in the rows of a phase, of which the first OW belong to real windows.
    """

    def __init__(self, x: Array, windows: Windows, groups: int):
        self.xp: Any = namespace(x)
        self.windows, self.groups, self.channels = windows, groups, x.shape[1]
        padded = (
            size + 2 * padding for size, padding in zip(windows.image, windows.padding, strict=True)
        )
        rows, self.width = (
            -(-size // stride) for size, stride in zip(padded, windows.stride, strict=True)
        )
        self.rows = rows + 1  # the last tap of the last window may read beyond the image
        entries = x.shape[1] * math.prod(windows.kernel) * windows.out[0] * self.width
        chunk = GPU_CHUNK if on_device(x) else CHUNK
        n = max(1, min(x.shape[0], chunk // max(1, entries)))
        self.chunks = [slice(i, min(i + n, x.shape[0])) for i in range(0, x.shape[0], n)]
        self._columns = self.xp.empty(n * entries, dtype=x.dtype)
        phases = self.channels * math.prod(windows.stride) * n * self.rows * self.width
        self._phases = self.xp.empty(phases, dtype=x.dtype)

    def unfold(self, x: Array) -> Array:
        """Column matrix of a chunk: row (c, k, l) holds what tap (k, l) meets in channel c."""
        n, grid = x.shape[0], self.windows.out[0] * self.width
        phases = self._empty_phases(n)
        for places, pixels in self._phase_pixels():
            phases[places] = self.xp.permute_dims(x[pixels], (1, 0, 2, 3))
        runs = self.xp.reshape(phases, (*phases.shape[:4], -1))
        cols = self._view(self._columns, (self.channels, math.prod(self.windows.kernel), n, grid))
        for t, run in enumerate(self._tap_runs()):
            cols[:, t, :, :] = runs[run]
        return self.xp.reshape(cols, (self.groups, -1, n * grid))

    def fold(self, dcols: Array, dx: Array) -> None:
        """Add every column entry to the pixel it was copied from, and write the sums to `dx`."""
        n, grid = dx.shape[0], self.windows.out[0] * self.width
        dcols = self.xp.reshape(dcols, (self.channels, math.prod(self.windows.kernel), n, grid))
        phases = self._empty_phases(n)
        runs = self.xp.reshape(phases, (*phases.shape[:4], -1))
        for t, run in enumerate(self._tap_runs()):
            runs[run] += dcols[:, t, :, :]
        phases = self.xp.reshape(runs, phases.shape)
        for places, pixels in self._phase_pixels():
            dx[pixels] = self.xp.permute_dims(phases[places], (1, 0, 2, 3))

    def grid(self, result: Array) -> Array:
        """(groups, F / groups, n * grid) as (F, n, OH, OW): the wrapped windows are cropped."""
        height, width = self.windows.out
        filters = result.shape[0] * result.shape[1]
        return self.xp.reshape(result, (filters, -1, height, self.width))[..., :width]

    def ungrid(self, dout: Array) -> Array:
        """(n, F, OH, OW) as (groups, F / groups, n * grid): wrapped windows get gradient 0."""
        n, filters, height, width = dout.shape
        grid = self.xp.zeros((filters, n, height, self.width), dtype=dout.dtype)
        grid[..., :width] = self.xp.permute_dims(dout, (1, 0, 2, 3))
        return self.xp.reshape(grid, (self.groups, filters // self.groups, -1))

    def _tap_runs(self) -> Iterator[tuple[Any, ...]]:
        """For every tap, the phase it reads and the run of flattened pixels it meets there."""
        for tap in self.windows.taps():
            (row, a), (column, b) = (
                divmod(at * dilation, stride)
                for at, dilation, stride in zip(
                    tap, self.windows.dilation, self.windows.stride, strict=True
                )
            )
            start = row * self.width + column
            run = slice(start, start + self.windows.out[0] * self.width)
            yield (slice(None), a, b, slice(None), run)

    def _phase_pixels(self) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
        """For every phase, its places that hold pixels, and which pixels of the image these are."""
        everything = slice(None)
        for a, b in product(range(self.windows.stride[0]), range(self.windows.stride[1])):
            rows, row_pixels = self._phase_axis(0, a)
            columns, column_pixels = self._phase_axis(1, b)
            places = (everything, a, b, everything, rows, columns)
            yield places, (everything, everything, row_pixels, column_pixels)

    def _phase_axis(self, axis: int, phase: int) -> tuple[slice, slice]:
        stride, padding = self.windows.stride[axis], self.windows.padding[axis]
        pixels = range((phase - padding) % stride, self.windows.image[axis], stride)
        first = (pixels.start + padding - phase) // stride
        return slice(first, first + len(pixels)), slice(pixels.start, None, stride)

    def _empty_phases(self, n: int) -> Array:
        shape = (self.channels, *self.windows.stride, n, self.rows, self.width)
        phases = self._view(self._phases, shape)
        phases[...] = 0
        return phases

    def _view(self, memory: Array, shape: tuple[int, ...]) -> Array:
        return self.xp.reshape(memory[: math.prod(shape)], shape)
