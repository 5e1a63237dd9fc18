"""Locally connected layers: windows as in a convolution, but every place has filters of its own."""

from typing import NamedTuple

from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect
from coursepkg.functional.windows import Pair, Windows, require_images, windows_over


class LocallyConnected2dCache(NamedTuple):
    x: Array
    w: Array
    windows: Windows


class LocallyConnected2dGrads(NamedTuple):
    dx: Array
    dw: Array
    db: Array


def locally_connected2d(
    x: Array, w: Array, b: Array, stride: Pair = 1, padding: Pair = 0
) -> tuple[Array, LocallyConnected2dCache]:
    """Compute ``out[n, f, i, j] = <w[i, j, f], window (i, j) of x[n]> + b[i, j, f]``.

    A convolution that does not share its weights: useful where images are registered, so that the
    eyes are always in the same place (ANU ENGN6528, L10A).

    Parameters
    ----------
    x : array (N, C, H, W)
    w : array (OH, OW, F, C, KH, KW), a filter bank for every place of the output
    b : array (OH, OW, F)

    Returns
    -------
    out : array (N, F, OH, OW)
    cache : LocallyConnected2dCache

    Raises
    ------
    ValueError
        If shapes do not fit together.

    Examples
    --------
    >>> import numpy as np
    >>> w = np.arange(4.0).reshape(2, 2, 1, 1, 1, 1)
    >>> locally_connected2d(np.ones((1, 1, 2, 2)), w, np.zeros((2, 2, 1)))[0][0, 0]
    array([[0., 1.],
           [2., 3.]])
    """
    x, w, b = as_float(x, "x"), as_float(w, "w"), as_float(b, "b")
    windows = _checked_windows(x, w, b, stride, padding)
    xp = namespace(x)
    out = xp.matmul(_patches(x, windows), xp.matrix_transpose(_rows(w))) + b[:, :, None, :]
    return xp.permute_dims(out, (2, 3, 0, 1)), LocallyConnected2dCache(x, w, windows)


def locally_connected2d_backward(
    dout: Array, cache: LocallyConnected2dCache, need_dx: bool = True
) -> LocallyConnected2dGrads:
    """Send a gradient back: at every place a linear layer, and windows that overlap add in dx.

    Without `need_dx`, dx is None and costs nothing.

    Examples
    --------
    >>> import numpy as np
    >>> w = np.arange(4.0).reshape(2, 2, 1, 1, 1, 1)
    >>> _, cache = locally_connected2d(np.ones((1, 1, 2, 2)), w, np.zeros((2, 2, 1)))
    >>> locally_connected2d_backward(np.ones((1, 1, 2, 2)), cache).dx[0, 0]
    array([[0., 1.],
           [2., 3.]])
    """
    x, w, windows = cache
    xp = namespace(x)
    expect.same_shape(dout, (x.shape[0], w.shape[2], *windows.out))
    d = xp.permute_dims(dout, (2, 3, 0, 1))  # (OH, OW, N, F)
    dw = xp.matmul(xp.matrix_transpose(d), _patches(x, windows))
    dx = _gathered(xp.matmul(d, _rows(w)), x, w, windows) if need_dx else None
    return LocallyConnected2dGrads(dx, xp.reshape(dw, w.shape), xp.sum(d, axis=2))


def _gathered(dpatches: Array, x: Array, w: Array, windows: Windows) -> Array:
    """What all windows return to their pixels, added."""
    xp, dpadded = namespace(x), namespace(x).zeros_like(windows.pad(x))
    dpatches = xp.reshape(dpatches, (*dpatches.shape[:3], *w.shape[3:]))
    for tap in windows.taps():
        returned = xp.permute_dims(dpatches[..., *tap], (2, 3, 0, 1))
        dpadded[..., *windows.seen_by(tap)] += returned
    return windows.crop(dpadded)


def _patches(x: Array, windows: Windows) -> Array:
    """What every window sees, (OH, OW, N, C * KH * KW)."""
    xp, padded = namespace(x), windows.pad(x)
    seen = [padded[..., *windows.seen_by(tap)] for tap in windows.taps()]
    patches = xp.permute_dims(xp.stack(seen, axis=2), (3, 4, 0, 1, 2))
    return xp.reshape(patches, (*windows.out, x.shape[0], x.shape[1] * len(seen)))


def _rows(w: Array) -> Array:
    """Every filter as one row, (OH, OW, F, C * KH * KW)."""
    return namespace(w).reshape(w, (*w.shape[:3], w.shape[3] * w.shape[4] * w.shape[5]))


def _checked_windows(x: Array, w: Array, b: Array, stride: Pair, padding: Pair) -> Windows:
    require_images(x)
    if w.ndim != 6 or w.shape[3] != x.shape[1]:
        raise ValueError(
            f"w must have shape (OH, OW, F, C, KH, KW) with C = {x.shape[1]}, got {w.shape}"
        )
    windows = windows_over(x.shape[2:], (w.shape[4], w.shape[5]), stride, padding)
    if w.shape[:2] != windows.out:
        raise ValueError(f"w must have filters for OH, OW = {windows.out}, got {w.shape[:2]}")
    if b.shape != w.shape[:3]:
        raise ValueError(f"b must have shape (OH, OW, F) = {w.shape[:3]}, got {b.shape}")
    return windows
