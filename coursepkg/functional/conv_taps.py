"""Convolution as a loop over the taps of the kernel: the version to read.

Each tap multiplies all the pixels it meets by its weights and adds; on the way back it returns to
each of them what it owes. `conv2d` computes the same faster.
"""

from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect
from coursepkg.functional.conv import Conv2dCache, Conv2dGrads, checked_windows
from coursepkg.functional.windows import Pair


def conv2d_taps(
    x: Array,
    w: Array,
    b: Array,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> tuple[Array, Conv2dCache]:
    """Compute what `conv2d` computes, with the same arguments, one tap after another.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    >>> conv2d_taps(x, [[[[1.0, 2.0], [3.0, 4.0]]]], [0.0])[0][0, 0]
    array([[37., 47.],
           [67., 77.]])
    """
    x, w, b = as_float(x, "x"), as_float(w, "w"), as_float(b, "b")
    windows = checked_windows(x, w, b, stride, padding, dilation, groups)
    xp, padded = namespace(x), windows.pad(x)
    out = xp.zeros((groups, x.shape[0], w.shape[0] // groups, _count(windows.out)), dtype=x.dtype)
    for tap in windows.taps():
        met = _grouped(padded[..., *windows.seen_by(tap)], groups)
        out += xp.matmul(_tap_weights(w, tap, groups), met)
    return _ungrouped(out, windows.out) + b[:, None, None], Conv2dCache(x, w, windows, groups)


def conv2d_taps_backward(dout: Array, cache: Conv2dCache) -> Conv2dGrads:
    """Send a gradient back through `conv2d_taps` (or `conv2d`: the cache is the same).

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    >>> _, cache = conv2d_taps(x, [[[[1.0, 2.0], [3.0, 4.0]]]], [0.0])
    >>> conv2d_taps_backward(np.ones((1, 1, 2, 2)), cache).dw[0, 0]
    array([[12., 16.],
           [24., 28.]])
    """
    x, w, windows, groups = cache
    expect.same_shape(dout, (x.shape[0], w.shape[0], *windows.out))
    xp, padded = namespace(x), windows.pad(x)
    dpadded, dw = xp.zeros_like(padded), xp.empty_like(w)
    grid = _grouped(dout, groups)
    for tap in windows.taps():
        met = _grouped(padded[..., *windows.seen_by(tap)], groups)
        owed = xp.sum(xp.matmul(grid, xp.matrix_transpose(met)), axis=1)
        dw[:, :, *tap] = xp.reshape(owed, w.shape[:2])
        returned = xp.matmul(xp.matrix_transpose(_tap_weights(w, tap, groups)), grid)
        dpadded[..., *windows.seen_by(tap)] += _ungrouped(returned, windows.out)
    return Conv2dGrads(windows.crop(dpadded), dw, xp.sum(dout, axis=(0, 2, 3)))


def _tap_weights(w: Array, tap: tuple[int, int], groups: int) -> Array:
    """Weights of one tap, (groups, 1, F / groups, C / groups)."""
    return namespace(w).reshape(w[:, :, *tap], (groups, 1, w.shape[0] // groups, w.shape[1]))


def _grouped(images: Array, groups: int) -> Array:
    """(N, C, H, W) as (groups, N, C / groups, H * W)."""
    n, channels, height, width = images.shape
    xp = namespace(images)
    split = xp.reshape(images, (n, groups, channels // groups, height * width))
    return xp.permute_dims(split, (1, 0, 2, 3))


def _ungrouped(rows: Array, size: tuple[int, int]) -> Array:
    """(groups, N, C / groups, H * W) as (N, C, H, W)."""
    groups, n, channels, _ = rows.shape
    xp = namespace(rows)
    return xp.reshape(xp.permute_dims(rows, (1, 0, 2, 3)), (n, groups * channels, *size))


def _count(size: tuple[int, int]) -> int:
    return size[0] * size[1]
