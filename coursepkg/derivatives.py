"""Derivatives by differences: they need nothing but the function itself, so they can judge."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from coursepkg.backend import Array, as_float, to_numpy

STEP = 1e-5

ArrayFunction = Callable[[np.ndarray], Any]


def numerical_gradient(
    f: ArrayFunction, x: Array, dout: Array | None = None, h: float = STEP
) -> np.ndarray:
    """Differentiate ``sum(dout * f(x))`` by central differences, one entry of `x` after another.

    ``(f(x + h e_i) - f(x - h e_i)) / 2h`` errs by order h^2 from truncation and by order
    1e-16 / h from rounding; `h` = 1e-5 sits near the bottom of that valley.

    Parameters
    ----------
    f : function of one array that returns a scalar or an array
    x : array of any shape; it is not changed
    dout : array with the shape of ``f(x)``, optional
        Upstream gradient; ones by default.
    h : step

    Returns
    -------
    array with the shape of x, float64

    Raises
    ------
    ValueError
        If `dout` has not the shape of ``f(x)``, or `h` is not positive.

    Source: CS231n, lecture 3, with differences on both sides.

    Examples
    --------
    >>> numerical_gradient(lambda x: x**3, np.array([2.0])).round(6)
    array([12.])
    """
    project = projection(f, dout)
    x, h = exact(x, "x"), _positive(h)
    grad = np.empty_like(x)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += h
        below[index] -= h
        grad[index] = (project(above) - project(below)) / (2 * h)
    return grad


def directional_derivative(
    f: ArrayFunction, x: Array, v: Array, dout: Array | None = None, h: float = STEP
) -> float:
    """Differentiate ``sum(dout * f(x))`` along `v`: two calls of `f`, however large `x` is.

    Parameters
    ----------
    f : function of one array that returns a scalar or an array
    x, v : arrays of one shape
    dout : array with the shape of ``f(x)``, optional
        Upstream gradient; ones by default.
    h : step, in lengths of `v`

    Raises
    ------
    ValueError
        If a shape does not fit, or `h` is not positive.

    Examples
    --------
    >>> slope = directional_derivative(lambda x: x @ x, [1.0, 2.0], [0.0, 1.0])
    >>> round(slope, 6)
    4.0
    """
    project, x, v, h = projection(f, dout), exact(x, "x"), exact(v, "v"), _positive(h)
    if v.shape != x.shape:
        raise ValueError(f"v must have the shape of x, {x.shape}, got {v.shape}")
    return (project(x + h * v) - project(x - h * v)) / (2 * h)


def complex_step_gradient(
    f: ArrayFunction, x: Array, dout: Array | None = None, h: float = 1e-20
) -> np.ndarray:
    """Differentiate ``sum(dout * f(x))`` by a step into the complex plane, entry by entry.

    ``imag(f(x + i h e_k)) / h``: nothing is subtracted, so nothing cancels, however small the step;
    the result is exact to rounding (Squire and Trapp, 1998). `f` must be written in operations that
    go on to complex numbers: sums, products, powers, exp, sin, tanh ... and not abs or a norm.

    Parameters
    ----------
    f : function of one array that returns a scalar or an array
    x : array of any shape; it is not changed
    dout : array with the shape of ``f(x)``, optional
        Upstream gradient; ones by default.
    h : step

    Returns
    -------
    array with the shape of x, float64

    Raises
    ------
    TypeError
        If `f` does not take complex numbers, or returns real ones for them.
    ValueError
        If `dout` has not the shape of ``f(x)``, or `h` is not positive.

    Examples
    --------
    >>> complex_step_gradient(lambda x: x**3, np.array([2.0]))
    array([12.])
    """
    x, h = exact(x, "x"), _positive(h)
    weights = None if dout is None else exact(dout, "dout")
    grad = np.empty_like(x)
    for index in np.ndindex(x.shape):
        shifted = x.astype(complex)
        shifted[index] += 1j * h
        try:
            out = np.asarray(f(shifted))
        except TypeError as error:
            raise TypeError(f"f does not take complex numbers: {error}") from error
        if out.dtype.kind != "c":
            raise TypeError(
                "f returned real numbers for complex ones, so it lost the step on the way; abs, "
                "norms and comparisons do that. Use numerical_gradient"
            )
        grad[index] = np.sum(_weights(weights, out) * out).imag / h
    return grad


def relative_error(a: Array, b: Array) -> float:
    """Return ``|a - b| / (|a| + |b|)`` with Euclidean norms: 0 for equal arrays, at most 1.

    Raises
    ------
    ValueError
        If the shapes differ: broadcasting would hide a forgotten sum.

    Examples
    --------
    >>> relative_error([3.0, 4.0], [3.0, 4.0])
    0.0
    >>> relative_error([1.0], [-1.0])
    1.0
    """
    a, b = exact(a, "a"), exact(b, "b")
    if a.shape != b.shape:
        raise ValueError(f"cannot compare arrays of shapes {a.shape} and {b.shape}")
    largest = max(np.abs(a).max(initial=0.0), np.abs(b).max(initial=0.0))
    if not largest:
        return 0.0
    a, b = a / largest, b / largest  # squares of tiny numbers would vanish, those of huge overflow
    return _length(a - b) / (_length(a) + _length(b))


def projection(f: ArrayFunction, dout: Array | None) -> Callable[[np.ndarray], float]:
    """Return ``x -> sum(dout * f(x))``, the scalar whose gradient a backward pass computes.

    Examples
    --------
    >>> projection(lambda x: x**2, np.array([1.0, 10.0]))(np.array([2.0, 3.0]))
    94.0
    """

    weights = None if dout is None else exact(dout, "dout")

    def project(x: np.ndarray) -> float:
        out = to_numpy(f(x))
        return float(np.sum(_weights(weights, out) * out))

    return project


def exact(x: Array, name: str) -> np.ndarray:
    """Return `x` on the host and in float64.

    Raises
    ------
    TypeError
        If `x` holds something else than real numbers.

    Examples
    --------
    >>> exact([1, 2], "x")
    array([1., 2.])
    """
    return as_float(to_numpy(x), name).astype(np.float64)


def _weights(dout: np.ndarray | None, out: np.ndarray) -> np.ndarray | float:
    if dout is None:
        return 1.0
    if dout.shape != out.shape:
        raise ValueError(f"dout must have the shape of f(x), {out.shape}, got {dout.shape}")
    return dout


def _length(x: np.ndarray) -> float:
    return math.sqrt(np.vdot(x, x))


def _positive(h: float) -> float:
    if not h > 0:
        raise ValueError(f"h must be positive, got {h}")
    return h
