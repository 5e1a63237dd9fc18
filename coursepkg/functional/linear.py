"""The fully connected layer: every output is a weighted sum of every input, plus a bias."""

import math
from typing import NamedTuple

from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect


class LinearCache(NamedTuple):
    x: Array
    w: Array


class LinearGrads(NamedTuple):
    dx: Array
    dw: Array
    db: Array


class FlattenCache(NamedTuple):
    shape: tuple[int, ...]


def linear(x: Array, w: Array, b: Array) -> tuple[Array, LinearCache]:
    """Compute ``out = x @ w + b``, one row per sample.

    Parameters
    ----------
    x : array (N, D) or (N, d1, ..., dk) with D = d1 * ... * dk
    w : array (D, M)
    b : array (M,)

    Returns
    -------
    out : array (N, M)
    cache : LinearCache

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Notes
    -----
    The decks write ``Wx + b`` for one column (CS231n, lecture 4) or ``w x^T + b^T`` (UVA CS6501);
    here samples are rows throughout.

    Examples
    --------
    >>> out, cache = linear([[1.0, 2.0]], [[1.0, 0.0, -1.0], [0.5, 1.0, 0.0]], [0.0, 0.0, 10.0])
    >>> out
    array([[2., 2., 9.]])
    """
    x, w, b = as_float(x, "x"), as_float(w, "w"), as_float(b, "b")
    if w.ndim != 2:
        raise ValueError(f"w must have shape (D, M), got shape {w.shape}")
    rows, _ = flatten(x)
    if rows.shape[1] != w.shape[0]:
        raise ValueError(
            f"x has {rows.shape[1]} features a row (shape {x.shape}), "
            f"but w takes D = {w.shape[0]} (shape {w.shape})"
        )
    if b.shape != (w.shape[1],):
        raise ValueError(f"b must have shape (M,) = ({w.shape[1]},), got {b.shape}")
    return namespace(x).matmul(rows, w) + b, LinearCache(x, w)


def linear_backward(dout: Array, cache: LinearCache, need_dx: bool = True) -> LinearGrads:
    """Send the gradient of the loss back through ``out = x @ w + b``.

    ``dx = dout @ w.T``, ``dw = x.T @ dout``, ``db = sum of the rows of dout``: the bias is copied
    to every row of the batch, and gradients add where a value was copied.

    Parameters
    ----------
    dout : array (N, M)
        Gradient of the loss with respect to `out`.
    cache : LinearCache
    need_dx : whether anybody asks for ``dx``; if not, it is None and costs nothing

    Returns
    -------
    LinearGrads
        ``dx`` with the shape of x, ``dw`` (D, M), ``db`` (M,).

    Raises
    ------
    ValueError
        If `dout` does not have the shape of `out`.

    Examples
    --------
    >>> import numpy as np
    >>> _, cache = linear([[1.0, 2.0]], [[3.0], [4.0]], [0.0])
    >>> linear_backward(np.array([[1.0]]), cache).dx
    array([[3., 4.]])
    """
    x, w = cache
    xp = namespace(x)
    expect.same_shape(dout, (x.shape[0], w.shape[1]))
    rows, shape = flatten(x)
    dx = flatten_backward(xp.matmul(dout, w.T), shape) if need_dx else None
    return LinearGrads(dx, xp.matmul(rows.T, dout), xp.sum(dout, axis=0))


def flatten(x: Array) -> tuple[Array, FlattenCache]:
    """Lay every sample out as one row: (N, d1, ..., dk) becomes (N, d1 * ... * dk).

    Raises
    ------
    ValueError
        If `x` has no axis behind the batch.

    Examples
    --------
    >>> import numpy as np
    >>> flatten(np.ones((2, 3, 4)))[0].shape
    (2, 12)
    """
    x = as_float(x, "x")
    if x.ndim < 2:
        raise ValueError(f"x must have one row per sample, shape (N, D), got shape {x.shape}")
    rows = namespace(x).reshape(x, (x.shape[0], math.prod(x.shape[1:])))
    return rows, FlattenCache(x.shape)


def flatten_backward(dout: Array, cache: FlattenCache) -> Array:
    """Return `dout` in the shape that x had.

    Examples
    --------
    >>> import numpy as np
    >>> flatten_backward(np.ones((2, 12)), flatten(np.ones((2, 3, 4)))[1]).shape
    (2, 3, 4)
    """
    expect.same_shape(dout, (cache.shape[0], math.prod(cache.shape[1:])))
    return namespace(dout).reshape(dout, cache.shape)
