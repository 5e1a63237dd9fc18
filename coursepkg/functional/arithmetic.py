"""Sums, products, powers of arrays of different shapes: the gates of a computational graph.

Where an input was broadcast, one value was copied to many places, and its gradient is the sum of
what comes back from all of them: `unbroadcast`.
"""

from typing import NamedTuple

from coursepkg.backend import Array, as_float, namespace, on_device
from coursepkg.functional import expect


class BinaryCache(NamedTuple):
    x: Array
    y: Array
    shape: tuple[int, ...]


class BinaryGrads(NamedTuple):
    dx: Array
    dy: Array


class ExpCache(NamedTuple):
    out: Array


class LogCache(NamedTuple):
    x: Array


class ReciprocalCache(NamedTuple):
    out: Array


class PowerCache(NamedTuple):
    x: Array
    exponent: float


def unbroadcast(grad: Array, shape: tuple[int, ...]) -> Array:
    """Sum `grad` over the axes along which an array of `shape` was broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> unbroadcast(np.ones((5, 3)), (3,))
    array([5., 5., 5.])
    >>> unbroadcast(np.ones((5, 3)), (5, 1)).shape
    (5, 1)
    """
    if expect.shape_of(grad) == tuple(shape):
        return grad
    xp, new = namespace(grad), len(grad.shape) - len(shape)
    stretched = [new + i for i, size in enumerate(shape) if size == 1]
    total = xp.sum(grad, axis=(*range(new), *stretched))
    return xp.reshape(total, shape)


def add(x: Array, y: Array) -> tuple[Array, BinaryCache]:
    """Compute ``out = x + y``; shapes broadcast. On the way back a distributor.

    Raises
    ------
    ValueError
        If the shapes cannot be broadcast together, here and in the other operations on two arrays.

    Examples
    --------
    >>> float(add(3.0, 4.0)[0])
    7.0
    """
    x, y = _both(x, y)
    out = x + y
    return out, BinaryCache(x, y, out.shape)


def add_backward(dout: Array, cache: BinaryCache) -> BinaryGrads:
    """Return ``dx = dout`` and ``dy = dout``, each summed to its shape.

    Examples
    --------
    >>> import numpy as np
    >>> add_backward(np.ones(3), add(np.ones(3), 1.0)[1]).dy
    np.float64(3.0)
    """
    expect.same_shape(dout, cache.shape)
    return _summed(dout, dout, cache)


def subtract(x: Array, y: Array) -> tuple[Array, BinaryCache]:
    """Compute ``out = x - y``.

    Examples
    --------
    >>> float(subtract(3.0, 4.0)[0])
    -1.0
    """
    x, y = _both(x, y)
    out = x - y
    return out, BinaryCache(x, y, out.shape)


def subtract_backward(dout: Array, cache: BinaryCache) -> BinaryGrads:
    """Return ``dx = dout`` and ``dy = -dout``.

    Examples
    --------
    >>> float(subtract_backward(1.0, subtract(3.0, 4.0)[1]).dy)
    -1.0
    """
    expect.same_shape(dout, cache.shape)
    return _summed(dout, -dout, cache)


def multiply(x: Array, y: Array) -> tuple[Array, BinaryCache]:
    """Compute ``out = x * y``. On the way back a swap multiplier.

    Examples
    --------
    >>> float(multiply(3.0, 4.0)[0])
    12.0
    """
    x, y = _both(x, y)
    out = x * y
    return out, BinaryCache(x, y, out.shape)


def multiply_backward(dout: Array, cache: BinaryCache) -> BinaryGrads:
    """Return ``dx = dout * y`` and ``dy = dout * x``: each gets the other.

    Examples
    --------
    >>> dx, dy = multiply_backward(1.0, multiply(3.0, 4.0)[1])
    >>> float(dx), float(dy)
    (4.0, 3.0)
    """
    expect.same_shape(dout, cache.shape)
    return _summed(dout * cache.y, dout * cache.x, cache)


def divide(x: Array, y: Array) -> tuple[Array, BinaryCache]:
    """Compute ``out = x / y``.

    Examples
    --------
    >>> float(divide(3.0, 4.0)[0])
    0.75
    """
    x, y = _both(x, y)
    out = x / y
    return out, BinaryCache(x, y, out.shape)


def divide_backward(dout: Array, cache: BinaryCache) -> BinaryGrads:
    """Return ``dx = dout / y`` and ``dy = -dout * x / y^2``.

    Examples
    --------
    >>> float(divide_backward(1.0, divide(3.0, 2.0)[1]).dy)
    -0.75
    """
    expect.same_shape(dout, cache.shape)
    dx = dout / cache.y
    return _summed(dx, -dx * cache.x / cache.y, cache)


def maximum(x: Array, y: Array) -> tuple[Array, BinaryCache]:
    """Compute ``out = max(x, y)``. On the way back a router.

    Examples
    --------
    >>> float(maximum(3.0, 4.0)[0])
    4.0
    """
    x, y = _both(x, y)
    out = namespace(x).maximum(x, y)
    return out, BinaryCache(x, y, out.shape)


def maximum_backward(dout: Array, cache: BinaryCache) -> BinaryGrads:
    """Send `dout` to the larger of the two, to x where they are equal.

    Examples
    --------
    >>> dx, dy = maximum_backward(2.0, maximum(3.0, 4.0)[1])
    >>> float(dx), float(dy)
    (0.0, 2.0)
    """
    expect.same_shape(dout, cache.shape)
    xp = namespace(cache.x)
    first = xp.astype(cache.x >= cache.y, cache.x.dtype)
    return _summed(dout * first, dout * (1 - first), cache)


def exp(x: Array) -> tuple[Array, ExpCache]:
    """Compute ``out = e^x``.

    Examples
    --------
    >>> float(exp(0.0)[0])
    1.0
    """
    x = as_float(x, "x")
    out = namespace(x).exp(x)
    return out, ExpCache(out)


def exp_backward(dout: Array, cache: ExpCache) -> Array:
    """Return ``dx = dout * out``: the exponential is its own derivative.

    Examples
    --------
    >>> float(exp_backward(3.0, exp(0.0)[1]))
    3.0
    """
    expect.same_shape(dout, cache.out.shape)
    return dout * cache.out


def log(x: Array) -> tuple[Array, LogCache]:
    """Compute ``out = ln x``.

    Raises
    ------
    ValueError
        If an entry is not positive.

    Examples
    --------
    >>> float(log(1.0)[0])
    0.0
    """
    x = as_float(x, "x")
    xp = namespace(x)
    if not on_device(x) and not xp.all(x > 0):  # on a GPU this would wait
        raise ValueError(f"x must be positive to have a logarithm, got {xp.min(x)}")
    return xp.log(x), LogCache(x)


def log_backward(dout: Array, cache: LogCache) -> Array:
    """Return ``dx = dout / x``.

    Examples
    --------
    >>> float(log_backward(3.0, log(2.0)[1]))
    1.5
    """
    expect.same_shape(dout, cache.x.shape)
    return dout / cache.x


def reciprocal(x: Array) -> tuple[Array, ReciprocalCache]:
    """Compute ``out = 1 / x``.

    Examples
    --------
    >>> float(reciprocal(4.0)[0])
    0.25
    """
    out = 1 / as_float(x, "x")
    return out, ReciprocalCache(out)


def reciprocal_backward(dout: Array, cache: ReciprocalCache) -> Array:
    """Return ``dx = -dout / x^2``.

    Examples
    --------
    >>> float(reciprocal_backward(1.0, reciprocal(2.0)[1]))
    -0.25
    """
    expect.same_shape(dout, cache.out.shape)
    return -dout * cache.out * cache.out


def power(x: Array, exponent: float) -> tuple[Array, PowerCache]:
    """Compute ``out = x^exponent`` for an exponent that is a constant.

    Raises
    ------
    TypeError
        If the exponent is no number.

    Examples
    --------
    >>> float(power(3.0, 2)[0])
    9.0
    """
    if not isinstance(exponent, int | float):
        raise TypeError(f"exponent must be a number, got {type(exponent).__name__}")
    x = as_float(x, "x")
    return x**exponent, PowerCache(x, exponent)


def power_backward(dout: Array, cache: PowerCache) -> Array:
    """Return ``dx = dout * exponent * x^(exponent - 1)``.

    Examples
    --------
    >>> float(power_backward(1.0, power(3.0, 2)[1]))
    6.0
    """
    x, exponent = cache
    expect.same_shape(dout, x.shape)
    if exponent == 0:
        return dout * 0
    return dout * (exponent * x ** (exponent - 1))


def _both(x: Array, y: Array) -> tuple[Array, Array]:
    """Two arrays of one library; a plain number takes the dtype of the other."""
    if isinstance(y, int | float) and not isinstance(x, int | float):
        x = as_float(x, "x")
        y = namespace(x).asarray(y, dtype=x.dtype)
    elif isinstance(x, int | float):
        y = as_float(y, "y")
        x = namespace(y).asarray(x, dtype=y.dtype)
    x, y = as_float(x, "x"), as_float(y, "y")
    sizes = zip(reversed(x.shape), reversed(y.shape), strict=False)
    if any(a != b and 1 not in (a, b) for a, b in sizes):
        raise ValueError(f"x and y of shapes {x.shape} and {y.shape} do not broadcast together")
    return x, y


def _summed(dx: Array, dy: Array, cache: BinaryCache) -> BinaryGrads:
    return BinaryGrads(unbroadcast(dx, cache.x.shape), unbroadcast(dy, cache.y.shape))
