"""Softmax and its logarithm: scores become probabilities along one axis."""

from numbers import Integral
from typing import NamedTuple

from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect


class SoftmaxCache(NamedTuple):
    out: Array
    axis: int


def softmax(x: Array, axis: int = -1) -> tuple[Array, SoftmaxCache]:
    """Compute ``out_i = exp(x_i) / sum_j exp(x_j)`` along `axis`.

    The largest entry of each row is subtracted first: it changes nothing in the quotient and
    keeps every exponential at or below 1. The largest of each row, not of the batch: below that
    one whole rows would underflow (UVA CS6501 takes it).

    Raises
    ------
    ValueError
        If there is no entry along `axis`.
    TypeError
        If `axis` is no integer.

    Examples
    --------
    >>> softmax([1.0, 2.0, 3.0])[0].round(4)
    array([0.09  , 0.2447, 0.6652])
    """
    exps, totals, _ = exponentials(as_float(x, "x"), axis)
    out = exps / totals
    return out, SoftmaxCache(out, axis)


def softmax_backward(dout: Array, cache: SoftmaxCache) -> Array:
    """Return ``dx = out * (dout - <dout, out>)``, the product with the Jacobian
    ``diag(p) - p p^T`` of each row without ever building it.

    Examples
    --------
    >>> import numpy as np
    >>> softmax_backward(np.array([1.0, 1.0]), softmax([0.3, 0.9])[1]).round(12)
    array([0., 0.])
    """
    out, axis = cache
    expect.same_shape(dout, out.shape)
    return out * (dout - namespace(out).sum(dout * out, axis=axis, keepdims=True))


def log_softmax(x: Array, axis: int = -1) -> tuple[Array, SoftmaxCache]:
    """Compute ``out_i = x_i - log sum_j exp(x_j)`` along `axis`.

    The logarithm of `softmax`, finite even where the probability itself underflows to 0. It raises
    what `softmax` raises.

    Examples
    --------
    >>> log_softmax([0.0, 1000.0])[0]
    array([-1000.,     0.])
    """
    x = as_float(x, "x")
    _, totals, shifted = exponentials(x, axis)
    out = shifted - namespace(x).log(totals)
    return out, SoftmaxCache(out, axis)


def log_softmax_backward(dout: Array, cache: SoftmaxCache) -> Array:
    """Return ``dx = dout - exp(out) * sum(dout)`` along the axis of the forward pass.

    Examples
    --------
    >>> import numpy as np
    >>> log_softmax_backward(np.array([1.0, 0.0]), log_softmax([0.0, 0.0])[1]).round(12)
    array([ 0.5, -0.5])
    """
    out, axis = cache
    expect.same_shape(dout, out.shape)
    xp = namespace(out)
    return dout - xp.exp(out) * xp.sum(dout, axis=axis, keepdims=True)


def exponentials(x: Array, axis: int) -> tuple[Array, Array, Array]:
    """Return ``exp(x - max)``, its sums along `axis`, and ``x - max``.

    Examples
    --------
    >>> import numpy as np
    >>> exponentials(np.array([700.0, 700.0]), 0)[0]
    array([1., 1.])
    """
    if not isinstance(axis, Integral):
        raise TypeError(f"axis must be an integer, got {axis!r}")
    if not -x.ndim <= axis < x.ndim or x.shape[axis] == 0:
        raise ValueError(f"x needs an axis {axis} with entries to share among, got shape {x.shape}")
    xp = namespace(x)
    shifted = x - xp.max(x, axis=axis, keepdims=True)
    exps = xp.exp(shifted)
    return exps, xp.sum(exps, axis=axis, keepdims=True), shifted
