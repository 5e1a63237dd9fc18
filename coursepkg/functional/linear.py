"""The fully connected layer: every output is a weighted sum of every input, plus a bias."""

from typing import NamedTuple

from coursepkg.backend import Array, as_float


class LinearCache(NamedTuple):
    x: Array
    w: Array


class LinearGrads(NamedTuple):
    dx: Array
    dw: Array
    db: Array


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
    if x.ndim < 2:
        raise ValueError(f"x must have one row per sample, shape (N, D), got shape {x.shape}")
    rows = x.reshape(x.shape[0], -1) if x.shape[0] else x.reshape(0, w.shape[0])
    if rows.shape[1] != w.shape[0]:
        raise ValueError(
            f"x has {rows.shape[1]} features a row (shape {x.shape}), "
            f"but w takes D = {w.shape[0]} (shape {w.shape})"
        )
    if b.shape != (w.shape[1],):
        raise ValueError(f"b must have shape (M,) = ({w.shape[1]},), got {b.shape}")
    return rows @ w + b, LinearCache(x, w)


def linear_backward(dout: Array, cache: LinearCache) -> LinearGrads:
    """Send the gradient of the loss back through ``out = x @ w + b``.

    ``dx = dout @ w.T``, ``dw = x.T @ dout``, ``db = sum of the rows of dout``: the bias is copied
    to every row of the batch, and gradients add where a value was copied.

    Parameters
    ----------
    dout : array (N, M)
        Gradient of the loss with respect to `out`.
    cache : LinearCache

    Returns
    -------
    LinearGrads
        ``dx`` with the shape of x, ``dw`` (D, M), ``db`` (M,).

    Raises
    ------
    ValueError
        If `dout` does not have the shape of `out`.
    """
    x, w = cache
    if dout.shape != (x.shape[0], w.shape[1]):
        raise ValueError(
            f"dout must have the shape of out, {(x.shape[0], w.shape[1])}, got {dout.shape}"
        )
    rows = x.reshape(x.shape[0], w.shape[0])
    return LinearGrads((dout @ w.T).reshape(x.shape), rows.T @ dout, dout.sum(axis=0))
