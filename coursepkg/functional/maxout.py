"""Maxout: the largest of several linear functions, an activation that is learned."""

from typing import NamedTuple

from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect


class MaxoutCache(NamedTuple):
    x: Array
    w: Array
    winner: Array


class MaxoutGrads(NamedTuple):
    dx: Array
    dw: Array
    db: Array


def maxout(x: Array, w: Array, b: Array) -> tuple[Array, MaxoutCache]:
    """Compute ``out = max_k (x @ w_k + b_k)`` (Goodfellow et al., 2013; CS231n, lecture 4).

    Parameters
    ----------
    x : array (N, D)
    w : array (K, D, M), the weights of K linear pieces
    b : array (K, M)

    Returns
    -------
    out : array (N, M)
    cache : MaxoutCache
        With the number of the winning piece at every output; the first wins a tie.

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    Two pieces, x and -x, make the absolute value:

    >>> maxout([[-3.0], [2.0]], [[[1.0]], [[-1.0]]], [[0.0], [0.0]])[0]
    array([[3.],
           [2.]])
    """
    x, w, b = as_float(x, "x"), as_float(w, "w"), as_float(b, "b")
    if w.ndim != 3 or w.shape[0] == 0:
        raise ValueError(f"w must have shape (K, D, M) with K >= 1, got {w.shape}")
    if x.ndim != 2 or x.shape[1] != w.shape[1]:
        raise ValueError(f"x must have shape (N, D) with D = {w.shape[1]}, got {x.shape}")
    if b.shape != (w.shape[0], w.shape[2]):
        raise ValueError(f"b must have shape (K, M) = {(w.shape[0], w.shape[2])}, got {b.shape}")
    xp = namespace(x)
    pieces = xp.matmul(x, w) + b[:, None, :]
    return xp.max(pieces, axis=0), MaxoutCache(x, w, xp.argmax(pieces, axis=0))


def maxout_backward(dout: Array, cache: MaxoutCache, need_dx: bool = True) -> MaxoutGrads:
    """Send every gradient through the piece that won, as through a linear layer.

    With ``d_k = dout`` where piece k won and 0 elsewhere: ``dx = sum_k d_k @ w_k.T``,
    ``dw_k = x.T @ d_k``, ``db_k = sum of the rows of d_k``.
    Without `need_dx`, dx is None and costs nothing.

    Examples
    --------
    >>> import numpy as np
    >>> _, cache = maxout([[-3.0]], [[[1.0]], [[-1.0]]], [[0.0], [0.0]])
    >>> maxout_backward(np.array([[1.0]]), cache).dx
    array([[-1.]])
    """
    x, w, winner = cache
    xp = namespace(x)
    expect.same_shape(dout, winner.shape)
    pieces = xp.arange(w.shape[0], dtype=winner.dtype)[:, None, None]
    d = dout * xp.astype(winner == pieces, dout.dtype)
    dx = xp.sum(xp.matmul(d, xp.permute_dims(w, (0, 2, 1))), axis=0) if need_dx else None
    return MaxoutGrads(dx, xp.matmul(x.T, d), xp.sum(d, axis=1))
