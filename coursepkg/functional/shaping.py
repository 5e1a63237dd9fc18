"""Matrix products, sums, and the same entries in another shape."""

import math
from typing import NamedTuple

from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect
from coursepkg.functional.arithmetic import BinaryCache, BinaryGrads, unbroadcast


class ShapeCache(NamedTuple):
    """Shapes of x and of the result."""

    shape: tuple[int, ...]
    out_shape: tuple[int, ...]


class SumCache(NamedTuple):
    """Shapes of x, of the result, and of the result with the summed axes kept."""

    shape: tuple[int, ...]
    out_shape: tuple[int, ...]
    kept_shape: tuple[int, ...]


class TransposeCache(NamedTuple):
    axes: tuple[int, ...]
    shape: tuple[int, ...]


def matmul(x: Array, y: Array) -> tuple[Array, BinaryCache]:
    """Compute ``out = x @ y`` of matrices, or of stacks of matrices that broadcast.

    Parameters
    ----------
    x : array (..., N, D)
    y : array (..., D, M)

    Raises
    ------
    ValueError
        If one is no matrix or the sizes do not fit.

    Examples
    --------
    >>> matmul([[1.0, 2.0]], [[3.0], [4.0]])[0]
    array([[11.]])
    """
    x, y = as_float(x, "x"), as_float(y, "y")
    if x.ndim < 2 or y.ndim < 2 or x.shape[-1] != y.shape[-2]:
        raise ValueError(
            f"x and y must be matrices (..., N, D) and (..., D, M), got {x.shape} and {y.shape}"
        )
    out = namespace(x).matmul(x, y)
    return out, BinaryCache(x, y, out.shape)


def matmul_backward(dout: Array, cache: BinaryCache) -> BinaryGrads:
    """Return ``dx = dout @ y^T`` and ``dy = x^T @ dout``.

    Examples
    --------
    >>> import numpy as np
    >>> matmul_backward(np.ones((1, 1)), matmul([[1.0, 2.0]], [[3.0], [4.0]])[1]).dx
    array([[3., 4.]])
    """
    x, y, shape = cache
    expect.same_shape(dout, shape)
    xp = namespace(x)
    dx = xp.matmul(dout, xp.matrix_transpose(y))
    dy = xp.matmul(xp.matrix_transpose(x), dout)
    return BinaryGrads(unbroadcast(dx, x.shape), unbroadcast(dy, y.shape))


def sum(
    x: Array, axis: int | tuple[int, ...] | None = None, keepdims: bool = False
) -> tuple[Array, SumCache]:
    """Add up all entries, or those along `axis`.

    Examples
    --------
    >>> sum([[1.0, 2.0], [3.0, 4.0]], axis=0)[0]
    array([4., 6.])
    """
    x = as_float(x, "x")
    axes = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    if any(not -x.ndim <= a < x.ndim for a in axes):
        raise ValueError(f"axis {axis} does not exist in x of shape {x.shape}")
    places = {a % x.ndim for a in axes}
    kept = tuple(1 if place in places else size for place, size in enumerate(x.shape))
    out = namespace(x).sum(x, axis=tuple(places), keepdims=keepdims)
    return out, SumCache(x.shape, out.shape, kept)


def sum_backward(dout: Array, cache: SumCache) -> Array:
    """Send `dout` to every entry that was added.

    Examples
    --------
    >>> import numpy as np
    >>> sum_backward(np.array([5.0, 6.0]), sum(np.ones((2, 2)), axis=0)[1])
    array([[5., 6.],
           [5., 6.]])
    """
    shape, out_shape, kept_shape = cache
    expect.same_shape(dout, out_shape)
    xp = namespace(dout)
    dout = xp.asarray(dout)
    return xp.reshape(dout, kept_shape) + xp.zeros(shape, dtype=dout.dtype)


def reshape(x: Array, shape: tuple[int, ...]) -> tuple[Array, ShapeCache]:
    """Give the same entries, in the same order, another shape.

    Examples
    --------
    >>> reshape([[1.0, 2.0]], (2, 1))[0].shape
    (2, 1)
    """
    x = as_float(x, "x")
    if -1 not in shape and math.prod(shape) != math.prod(x.shape):
        raise ValueError(f"x of shape {x.shape} has no {math.prod(shape)} entries for {shape}")
    out = namespace(x).reshape(x, shape)
    return out, ShapeCache(x.shape, out.shape)


def reshape_backward(dout: Array, cache: ShapeCache) -> Array:
    """Give `dout` the shape that x had.

    Examples
    --------
    >>> import numpy as np
    >>> reshape_backward(np.ones((2, 1)), reshape([[1.0, 2.0]], (2, 1))[1]).shape
    (1, 2)
    """
    expect.same_shape(dout, cache.out_shape)
    return namespace(dout).reshape(dout, cache.shape)


def transpose(x: Array, axes: tuple[int, ...] | None = None) -> tuple[Array, TransposeCache]:
    """Put the axes in another order; without `axes` in the opposite one.

    Examples
    --------
    >>> import numpy as np
    >>> transpose(np.ones((2, 3, 4)), (0, 2, 1))[0].shape
    (2, 4, 3)
    """
    x = as_float(x, "x")
    axes = tuple(range(x.ndim))[::-1] if axes is None else tuple(axes)
    if sorted(axes) != list(range(x.ndim)):
        raise ValueError(f"axes must name each of the {x.ndim} axes of x once, got {axes}")
    out = namespace(x).permute_dims(x, axes)
    return out, TransposeCache(axes, out.shape)


def transpose_backward(dout: Array, cache: TransposeCache) -> Array:
    """Put the axes of `dout` back where they were.

    Examples
    --------
    >>> import numpy as np
    >>> transpose_backward(np.ones((2, 4, 3)), transpose(np.ones((2, 3, 4)), (0, 2, 1))[1]).shape
    (2, 3, 4)
    """
    expect.same_shape(dout, cache.shape)
    back = tuple(cache.axes.index(axis) for axis in range(len(cache.axes)))
    return namespace(dout).permute_dims(dout, back)
