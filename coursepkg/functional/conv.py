"""Convolution (cross-correlation, as everywhere in this field) and its backward pass.

The work is done by matrix products; `lowering` lays the images out for them. The loop over taps in
`conv_taps` says the same in a dozen lines, and is what this is tested with.
"""

import math
from typing import NamedTuple

from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect
from coursepkg.functional.lowering import chunks, give_back, layout_of, lower
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
    xp, images, taps = namespace(x), _in_groups(x, 1, groups), _taps(w, groups)
    bias = xp.reshape(b, (groups, b.shape[0] // groups, 1))
    shape = (x.shape[0], *bias.shape[:2], math.prod(windows.out))
    out, layout = xp.empty(shape, dtype=xp.result_type(x, w, b)), layout_of(windows)
    for chunk in chunks(images, math.prod(shape[1:]), layout):
        lowered = lower(images[chunk, ...], layout)
        total = xp.matmul(taps[0], lowered[..., layout.runs[0]])
        for tap, run in zip(taps[1:], layout.runs[1:], strict=True):
            total += xp.matmul(tap, lowered[..., run])
        out[chunk, ...] = total + bias
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
    need_dx : whether anybody asks for ``dx``; if not, it is None and costs nothing

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
    expect.same_shape(dout, (x.shape[0], w.shape[0], *windows.out))
    xp, images, taps = namespace(x), _in_groups(x, 1, groups), _taps(w, groups)
    grads = _in_groups(xp.reshape(dout, (*dout.shape[:2], math.prod(windows.out))), 1, groups)
    dx, layout = xp.zeros_like(images) if need_dx else None, layout_of(windows)
    dtaps = [xp.zeros_like(xp.matrix_transpose(tap)) for tap in taps]
    for chunk in chunks(images, math.prod(dout.shape[1:]), layout):
        lowered, given = lower(images[chunk, ...], layout), grads[chunk, ...]
        for dtap, run in zip(dtaps, layout.runs, strict=True):
            dtap += xp.sum(xp.matmul(lowered[..., run], xp.matrix_transpose(given)), axis=0)
        if dx is not None:
            owed = xp.zeros_like(lowered)
            for tap, run in zip(taps, layout.runs, strict=True):
                owed[..., run] += xp.matmul(xp.matrix_transpose(tap), given)
            give_back(owed, dx[chunk, ...], layout)
    dw = xp.reshape(xp.stack(dtaps), (len(taps), groups, w.shape[3], w.shape[1], taps[0].shape[1]))
    dw = xp.reshape(xp.permute_dims(dw, (1, 4, 3, 0, 2)), w.shape)
    dx = dx if dx is None else xp.reshape(dx, x.shape)
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


def _in_groups(array: Array, axis: int, groups: int) -> Array:
    """The array with axis split in two, (groups, entries of a group)."""
    shape = array.shape
    parts = (groups, shape[axis] // groups)
    return namespace(array).reshape(array, (*shape[:axis], *parts, *shape[axis + 1 :]))


def _taps(w: Array, groups: int) -> list[Array]:
    """For every vertical tap, its weights as they meet lowered images: (groups, F, KW * C)."""
    xp, filters = namespace(w), _in_groups(w, 0, groups)
    taps = xp.permute_dims(filters, (3, 0, 1, 4, 2))
    height, _, number, width, channels = taps.shape
    taps = xp.reshape(taps, (height, groups, number, width * channels))
    return [taps[k, ...] for k in range(height)]
