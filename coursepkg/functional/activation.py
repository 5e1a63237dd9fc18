"""Activations: the same function of one number, applied to every entry of an array."""

from typing import NamedTuple

from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect


class ReluCache(NamedTuple):
    x: Array


class SigmoidCache(NamedTuple):
    out: Array


class TanhCache(NamedTuple):
    out: Array


class LeakyReluCache(NamedTuple):
    x: Array
    negative_slope: float


class EluCache(NamedTuple):
    out: Array
    alpha: float


def step(x: Array) -> Array:
    """Compute 1 where x > 0 and 0 elsewhere, the activation of the perceptron.

    Its derivative is 0 wherever there is one, so there is nothing to send back: no cache, no
    backward. The decks agree on 0 at 0 (UVA CS6501; ANU ENGN6528).

    Examples
    --------
    >>> step([-1.0, 0.0, 0.5])
    array([0., 0., 1.])
    """
    x = as_float(x, "x")
    return namespace(x).astype(x > 0, x.dtype)


def relu(x: Array) -> tuple[Array, ReluCache]:
    """Compute ``out = max(x, 0)`` for every entry of an array of any shape (all five decks).

    Examples
    --------
    >>> relu([-1.5, 0.0, 2.0])[0]
    array([0., 0., 2.])
    """
    x = as_float(x, "x")
    return namespace(x).maximum(x, 0), ReluCache(x)


def relu_backward(dout: Array, cache: ReluCache) -> Array:
    """Return ``dx = dout`` where x > 0 and 0 elsewhere; the derivative at 0 is taken as 0.

    The decks differ at 0: UVA CS6501 lets the gradient pass there, the others stop it.

    Examples
    --------
    >>> import numpy as np
    >>> relu_backward(np.array([3.0, 3.0, 3.0]), relu([-1.5, 0.0, 2.0])[1])
    array([0., 0., 3.])
    """
    expect.same_shape(dout, cache.x.shape)
    return dout * _as_numbers(cache.x > 0, cache.x)


def leaky_relu(x: Array, negative_slope: float = 0.01) -> tuple[Array, LeakyReluCache]:
    """Compute ``out = x`` where x > 0 and ``negative_slope * x`` elsewhere.

    No unit dies: even a negative input gets some gradient. The decks use the slope 0.1 (CS231n,
    lecture 4; Maas et al., 2013, use 0.01).

    Raises
    ------
    TypeError, ValueError
        If negative_slope is no finite number.

    Examples
    --------
    >>> leaky_relu([-1.5, 0.0, 2.0], negative_slope=0.1)[0].round(12)
    array([-0.15,  0.  ,  2.  ])
    """
    x, negative_slope = as_float(x, "x"), expect.number(negative_slope, "negative_slope")
    return namespace(x).where(x > 0, x, negative_slope * x), LeakyReluCache(x, negative_slope)


def leaky_relu_backward(dout: Array, cache: LeakyReluCache) -> Array:
    """Return ``dx = dout`` where x > 0 and ``negative_slope * dout`` elsewhere.

    Examples
    --------
    >>> import numpy as np
    >>> leaky_relu_backward(np.array([3.0, 3.0]), leaky_relu([-1.5, 2.0], 0.5)[1])
    array([1.5, 3. ])
    """
    expect.same_shape(dout, cache.x.shape)
    return namespace(cache.x).where(cache.x > 0, dout, cache.negative_slope * dout)


def elu(x: Array, alpha: float = 1.0) -> tuple[Array, EluCache]:
    """Compute ``out = x`` where x > 0 and ``alpha * (exp(x) - 1)`` elsewhere.

    Clevert, Unterthiner and Hochreiter, 2016; CS231n, lecture 4. The exponential sees negative
    entries only, so it never overflows.

    Raises
    ------
    ValueError
        If alpha is not positive: the output could not tell the two sides apart.

    Examples
    --------
    >>> elu([-1e4, 0.0, 2.0])[0]
    array([-1.,  0.,  2.])
    """
    x, alpha = as_float(x, "x"), expect.number(alpha, "alpha")
    if alpha <= 0:
        raise ValueError(f"alpha must be positive, got {alpha}")
    xp = namespace(x)
    out = xp.where(x > 0, x, alpha * xp.expm1(xp.minimum(x, 0)))
    return out, EluCache(out, alpha)


def elu_backward(dout: Array, cache: EluCache) -> Array:
    """Return ``dx = dout`` where out > 0 and ``dout * (out + alpha)`` elsewhere.

    ``alpha * exp(x)`` is ``out + alpha``: the output is all that has to be kept.

    Examples
    --------
    >>> import numpy as np
    >>> elu_backward(np.array([3.0, 3.0]), elu([-1e4, 2.0])[1])
    array([0., 3.])
    """
    expect.same_shape(dout, cache.out.shape)
    return namespace(cache.out).where(cache.out > 0, dout, dout * (cache.out + cache.alpha))


def sigmoid(x: Array) -> tuple[Array, SigmoidCache]:
    """Compute ``out = 1 / (1 + exp(-x))`` for every entry.

    Written as ``(1 + tanh(x / 2)) / 2``, the same function; the exponential in the listing of
    CS231n, lecture 4, overflows below -709. Its values lie strictly between 0 and 1; the closed
    interval that UBC CPSC 425 prints is what rounding makes of it, from about x = 37 on in float64.

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0, 1000.0])[0]
    array([0. , 0.5, 1. ])
    """
    x = as_float(x, "x")
    out = 0.5 * (namespace(x).tanh(0.5 * x) + 1)
    return out, SigmoidCache(out)


def sigmoid_backward(dout: Array, cache: SigmoidCache) -> Array:
    """Return ``dx = dout * out * (1 - out)``; the output alone is enough.

    Examples
    --------
    >>> import numpy as np
    >>> sigmoid_backward(np.array([4.0]), sigmoid([0.0])[1])
    array([1.])
    """
    expect.same_shape(dout, cache.out.shape)
    return dout * cache.out * (1 - cache.out)


def tanh(x: Array) -> tuple[Array, TanhCache]:
    """Compute ``out = (exp(x) - exp(-x)) / (exp(x) + exp(-x))``: a sigmoid centred at zero.

    ``tanh(x) = 2 sigmoid(2x) - 1`` (ANU ENGN6528; CS231n, lecture 4).

    Examples
    --------
    >>> tanh([-1000.0, 0.0, 1000.0])[0]
    array([-1.,  0.,  1.])
    """
    x = as_float(x, "x")
    out = namespace(x).tanh(x)
    return out, TanhCache(out)


def tanh_backward(dout: Array, cache: TanhCache) -> Array:
    """Return ``dx = dout * (1 - out^2)``.

    Examples
    --------
    >>> import numpy as np
    >>> tanh_backward(np.array([2.0]), tanh([0.0])[1])
    array([2.])
    """
    expect.same_shape(dout, cache.out.shape)
    return dout * (1 - cache.out * cache.out)


def _as_numbers(mask: Array, like: Array) -> Array:
    """A mask as 0 and 1 of the dtype of `like`: the standard does not multiply booleans."""
    return namespace(like).astype(mask, like.dtype)
