"""Pooling: what is left of a window is one number, its largest, its mean, or its norm."""

import math
from typing import NamedTuple

from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect
from coursepkg.functional.windows import Pair, Windows, pair, require_images, windows_over


class MaxPool2dCache(NamedTuple):
    """`winner` is the number of the tap, in row-major order, whose pixel was the largest."""

    winner: Array
    windows: Windows


class AvgPool2dCache(NamedTuple):
    """`share` is the weight of a pixel in each mean: one number, or one for every window."""

    share: Array | float
    shape: tuple[int, ...]
    windows: Windows


class LpPool2dCache(NamedTuple):
    x: Array
    out: Array
    norm_type: float
    windows: Windows


class FeatureLpPoolCache(NamedTuple):
    pooled: LpPool2dCache
    shape: tuple[int, ...]


def max_pool2d(
    x: Array, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0
) -> tuple[Array, MaxPool2dCache]:
    """Keep the largest entry of every window; the first in row-major order wins a tie.

    Parameters
    ----------
    x : array (N, C, H, W)
    kernel_size, stride, padding : one number, or (vertical, horizontal)
        The stride is the kernel size if not given. The padding, at most half the kernel, counts as
        minus infinity: it never wins.

    Returns
    -------
    out : array (N, C, OH, OW), see `conv_output_size`
    cache : MaxPool2dCache

    Raises
    ------
    ValueError
        If no window fits or the padding is too wide.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])
    >>> max_pool2d(x[None, None], 2)[0][0, 0]
    array([[6., 8.],
           [3., 4.]])
    """
    x = as_float(x, "x")
    windows = _pooling_windows(x, kernel_size, stride, padding)
    xp, padded = namespace(x), windows.pad(x, -math.inf)
    small = xp.uint8 if math.prod(windows.kernel) <= 256 else xp.int32
    out = winner = None
    for number, tap in enumerate(windows.taps()):
        seen = padded[..., *windows.seen_by(tap)]
        if out is None:
            out, winner = xp.asarray(seen, copy=True), xp.zeros(seen.shape, dtype=small)
            continue
        # Taps come in rising order, so the last that beat all before it is the largest number.
        beaten = xp.astype(seen > out, small) * number
        winner = xp.maximum(winner, beaten)
        out = xp.maximum(out, seen)
    return out, MaxPool2dCache(winner, windows)


def max_pool2d_backward(dout: Array, cache: MaxPool2dCache) -> Array:
    """Send every gradient to the one entry that won; windows that share it add.

    Examples
    --------
    >>> import numpy as np
    >>> _, cache = max_pool2d(np.array([[1.0, 3.0], [2.0, 3.0]])[None, None], 2)
    >>> max_pool2d_backward(np.array([[[[5.0]]]]), cache)[0, 0]
    array([[0., 5.],
           [0., 0.]])
    """
    winner, windows = cache
    xp = namespace(dout)
    expect.same_shape(dout, winner.shape)
    dpadded = _zeros(dout, windows)
    apart = all(s >= k for s, k in zip(windows.stride, windows.kernel, strict=True))
    for number, tap in enumerate(windows.taps()):
        returned = dout * xp.astype(winner == number, dout.dtype)
        if apart:  # no pixel is in two windows, and there is nothing to add to
            dpadded[..., *windows.seen_by(tap)] = returned
        else:
            dpadded[..., *windows.seen_by(tap)] += returned
    return windows.crop(dpadded)


def avg_pool2d(
    x: Array,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    count_include_pad: bool = True,
) -> tuple[Array, AvgPool2dCache]:
    """Keep the mean of every window.

    The divisor is the number of entries of the window (the ANU deck's K, which is neither the side
    of the kernel nor the number of channels).

    Parameters
    ----------
    x : array (N, C, H, W)
    kernel_size, stride, padding : as for `max_pool2d`, but the padding counts as zeros
    count_include_pad : whether padding counts as entries of a window

    Examples
    --------
    >>> import numpy as np
    >>> avg_pool2d(np.array([[[[1.0, 2.0], [3.0, 6.0]]]]), 2)[0]
    array([[[[3.]]]])
    """
    x = as_float(x, "x")
    windows = _pooling_windows(x, kernel_size, stride, padding)
    share: Array | float = 1 / math.prod(windows.kernel)
    if not count_include_pad:
        ones = namespace(x).ones((1, 1, *windows.image), dtype=x.dtype)
        share = 1 / _sum_of_windows(windows.pad(ones), windows)
    out = _sum_of_windows(windows.pad(x), windows) * share
    return out, AvgPool2dCache(share, x.shape, windows)


def avg_pool2d_backward(dout: Array, cache: AvgPool2dCache) -> Array:
    """Share every gradient evenly among the entries of its window.

    Examples
    --------
    >>> import numpy as np
    >>> _, cache = avg_pool2d(np.ones((1, 1, 2, 2)), 2)
    >>> avg_pool2d_backward(np.array([[[[8.0]]]]), cache)[0, 0]
    array([[2., 2.],
           [2., 2.]])
    """
    share, shape, windows = cache
    expect.same_shape(dout, (*shape[:2], *windows.out))
    dpadded, part = _zeros(dout, windows), dout * share
    for tap in windows.taps():
        dpadded[..., *windows.seen_by(tap)] += part
    return windows.crop(dpadded)


def lp_pool2d(
    x: Array,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    norm_type: float = 2,
) -> tuple[Array, LpPool2dCache]:
    """Keep the norm of every window, ``(sum |x|^p)^(1/p)``.

    With p = 2 the L2 pooling of the ANU deck; with a large p nearly the largest size. Entries are
    divided by the largest of their window first, so that no power over- or underflows.

    Parameters
    ----------
    x : array (N, C, H, W)
    kernel_size, stride, padding : as for `max_pool2d`, but the padding counts as zeros
    norm_type : the p of the norm, at least 1

    Examples
    --------
    >>> import numpy as np
    >>> lp_pool2d(np.array([[[[3.0, 0.0], [0.0, -4.0]]]]), 2)[0]
    array([[[[5.]]]])
    """
    if not norm_type >= 1:
        raise ValueError(f"norm_type must be at least 1, got {norm_type}")
    x = as_float(x, "x")
    windows = _pooling_windows(x, kernel_size, stride, padding)
    xp, padded = namespace(x), windows.pad(namespace(x).abs(x))
    seen = [padded[..., *windows.seen_by(tap)] for tap in windows.taps()]
    largest = seen[0]
    for entries in seen[1:]:
        largest = xp.maximum(largest, entries)
    unit = _nonzero(largest)
    total = xp.zeros_like(largest)
    for entries in seen:
        total += (entries / unit) ** norm_type
    out = largest * total ** (1 / norm_type)
    return out, LpPool2dCache(x, out, norm_type, windows)


def lp_pool2d_backward(dout: Array, cache: LpPool2dCache) -> Array:
    """Return ``dx = dout * sign(x) * (|x| / out)^(p - 1)``, added where windows overlap.

    In a window of zeros the norm has a kink, like the absolute value at 0; the gradient is 0.

    Examples
    --------
    >>> import numpy as np
    >>> _, cache = lp_pool2d(np.array([[[[3.0, 0.0], [0.0, -4.0]]]]), 2)
    >>> lp_pool2d_backward(np.array([[[[10.0]]]]), cache)[0, 0]
    array([[ 6.,  0.],
           [ 0., -8.]])
    """
    x, out, norm_type, windows = cache
    expect.same_shape(dout, out.shape)
    xp, padded = namespace(x), windows.pad(x)
    dpadded, size = _zeros(dout, windows), _nonzero(out)
    for tap in windows.taps():
        seen = padded[..., *windows.seen_by(tap)]
        slope = xp.sign(seen) * xp.abs(seen / size) ** (norm_type - 1)
        dpadded[..., *windows.seen_by(tap)] += dout * slope
    return windows.crop(dpadded)


def feature_lp_pool(
    x: Array, kernel_size: int, stride: int | None = None, padding: int = 0, norm_type: float = 2
) -> tuple[Array, FeatureLpPoolCache]:
    """Keep, at every place, the norm of windows of channels: `lp_pool2d` across features.

    ``out[n, j] = sqrt(sum_k x[n, k]^2)`` over the channels k of window j (ANU ENGN6528, L10A): a
    response that does not depend on which of several similar filters fired.

    Parameters
    ----------
    x : array (N, C) or (N, C, H, W)
    kernel_size, stride, padding : in channels; the stride is the kernel size if not given
    norm_type : the p of the norm, at least 1

    Examples
    --------
    >>> feature_lp_pool([[3.0, 4.0, 0.0, 2.0]], 2)[0]
    array([[5., 2.]])
    """
    x = as_float(x, "x")
    if x.ndim < 2:
        raise ValueError(f"x must have channels, shape (N, C, ...), got shape {x.shape}")
    stride = kernel_size if stride is None else stride
    channels_first = namespace(x).reshape(x, _channels_as_height(x.shape))
    out, cache = lp_pool2d(channels_first, (kernel_size, 1), (stride, 1), (padding, 0), norm_type)
    shape = (x.shape[0], out.shape[2], *x.shape[2:])
    return namespace(x).reshape(out, shape), FeatureLpPoolCache(cache, x.shape)


def feature_lp_pool_backward(dout: Array, cache: FeatureLpPoolCache) -> Array:
    """Send a gradient back as `lp_pool2d_backward` does, across channels.

    Examples
    --------
    >>> import numpy as np
    >>> feature_lp_pool_backward(np.array([[10.0]]), feature_lp_pool([[3.0, 4.0]], 2)[1])
    array([[6., 8.]])
    """
    pooled, shape = cache
    xp = namespace(dout)
    expect.same_shape(dout, (shape[0], pooled.out.shape[2], *shape[2:]))
    return xp.reshape(lp_pool2d_backward(xp.reshape(dout, pooled.out.shape), pooled), shape)


def _pooling_windows(x: Array, kernel_size: Pair, stride: Pair | None, padding: Pair) -> Windows:
    require_images(x)
    windows = windows_over(
        x.shape[2:], kernel_size, kernel_size if stride is None else stride, padding
    )
    if any(2 * p > k for p, k in zip(windows.padding, windows.kernel, strict=True)):
        raise ValueError(
            f"padding must be at most half of kernel_size {windows.kernel}, so that every window "
            f"meets the image, got {pair(padding, 'padding', least=0)}"
        )
    return windows


def _sum_of_windows(padded: Array, windows: Windows) -> Array:
    total = namespace(padded).zeros((*padded.shape[:2], *windows.out), dtype=padded.dtype)
    for tap in windows.taps():
        total += padded[..., *windows.seen_by(tap)]
    return total


def _zeros(dout: Array, windows: Windows) -> Array:
    """Zeros of the size of the padded images that `dout` came from."""
    size = [i + 2 * p for i, p in zip(windows.image, windows.padding, strict=True)]
    return namespace(dout).zeros((*dout.shape[:2], *size), dtype=dout.dtype)


def _nonzero(size: Array) -> Array:
    """`size`, and 1 where it is 0, so that 0 / 0 becomes 0."""
    return size + namespace(size).astype(size == 0, size.dtype)


def _channels_as_height(shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    return shape[0], 1, shape[1], math.prod(shape[2:])
