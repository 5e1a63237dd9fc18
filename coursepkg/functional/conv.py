"""Convolution (cross-correlation, as everywhere in this field) and its backward pass.

The work is done by matrix products; `conv_rows` lays the images out for them. The loop over taps in
`conv_taps` says the same in a dozen lines, and is what this is tested with.
"""

import math
from itertools import product
from typing import NamedTuple

from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect
from coursepkg.functional.conv_rows import chunks, give_back, lines_of, lower, slabs
from coursepkg.functional.windows import Pair, Windows, require_images, windows_over


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
    xp, images, filters = namespace(x), _in_groups(x, 1, groups), _in_groups(w, 0, groups)
    bias = xp.reshape(b, (*filters.shape[:2], 1, 1))
    taps = xp.permute_dims(filters, (0, 1, 3, 4, 2))  # in the order of the lines of a slab
    taps = xp.reshape(taps, (groups, 1, filters.shape[1], math.prod(w.shape[1:])))
    shape = (x.shape[0], *filters.shape[:2], *windows.out)
    out = xp.empty(shape, dtype=xp.result_type(x, w, b))
    for chunk, lines in product(chunks(x, windows), lines_of(windows)):
        some = images[chunk, ...]
        rows = xp.matmul(taps, slabs(lower(some, lines, windows), lines))
        rows = xp.reshape(rows, (*rows.shape[:3], some.shape[0], windows.out[1]))
        out[chunk, :, :, lines.out, :] = xp.permute_dims(rows, (3, 0, 2, 1, 4)) + bias
    out = xp.reshape(out, (x.shape[0], w.shape[0], *windows.out))
    return out, Conv2dCache(x, w, windows, groups)


def conv2d_backward(dout: Array, cache: Conv2dCache, need_dx: bool = True) -> Conv2dGrads:
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
    xp, images, filters = namespace(x), _in_groups(x, 1, groups), _in_groups(w, 0, groups)
    expect.same_shape(dout, (x.shape[0], w.shape[0], *windows.out))
    grads = _in_groups(dout, 1, groups)
    dx, all_lines = xp.zeros(images.shape, dtype=x.dtype), list(lines_of(windows))
    dtaps = xp.zeros((groups, math.prod(w.shape[1:]), filters.shape[1]), dtype=w.dtype)
    turned = _turned(filters, all_lines[0].stride)
    edge = turned[0].shape[-1] // filters.shape[1] - 1
    for chunk, lines in product(chunks(x, windows), all_lines):
        given = _rows_of(grads[chunk, :, :, lines.out, :], edge)
        columns = slabs(lower(images[chunk, ...], lines, windows), lines)
        for i in range(lines.windows):  # so dtaps stays in the cache
            dtaps += xp.matmul(columns[:, i, ...], xp.matrix_transpose(given[:, edge + i, ...]))
        if need_dx:
            for phase, weights in zip(lines.phases(), turned, strict=True):
                meeting = slabs(given[:, edge + 1 - phase.height :, ...], phase)
                give_back(xp.matmul(weights, meeting), dx[chunk, ...], phase, windows)
    dw = xp.reshape(dtaps, (groups, *w.shape[2:], filters.shape[2], filters.shape[1]))
    dw = xp.reshape(xp.permute_dims(dw, (0, 4, 3, 1, 2)), w.shape)
    return Conv2dGrads(xp.reshape(dx, x.shape), dw, xp.sum(dout, axis=(0, 2, 3)))


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


def _in_groups(array: Array, axis: int, groups: int) -> Array:
    """The array with axis split in two, (groups, entries of a group)."""
    shape = array.shape
    parts = (groups, shape[axis] // groups)
    return namespace(array).reshape(array, (*shape[:axis], *parts, *shape[axis + 1 :]))


def _turned(filters: Array, stride: int) -> list[Array]:
    """For every phase, the filters that send gradients back: last tap first, F and C swapped."""
    xp, turned = namespace(filters), []
    for a in range(min(stride, filters.shape[3])):
        taps = xp.permute_dims(xp.flip(filters[..., a::stride, :], axis=3), (0, 4, 2, 3, 1))
        groups, width, channels, height, number = taps.shape
        turned.append(xp.reshape(taps, (groups, 1, width * channels, height * number)))
    return turned


def _rows_of(dout: Array, edge: int) -> Array:
    """(n, groups, F, OH, OW) as (groups, OH, F, n * OW), between `edge` rows of zeros."""
    n, groups, filters, height, width = dout.shape
    xp = namespace(dout)
    rows = xp.zeros((groups, height + 2 * edge, filters, n, width), dtype=dout.dtype)
    rows[:, edge : edge + height, ...] = xp.permute_dims(dout, (1, 3, 2, 0, 4))
    return xp.reshape(rows, (*rows.shape[:3], n * width))
