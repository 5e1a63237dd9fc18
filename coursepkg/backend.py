"""Which array library an array belongs to. No other file knows that more than NumPy exists."""

from types import ModuleType
from typing import Any

import numpy as np

Array = Any
"""A NumPy array, or an array of another library that speaks the Python array API."""

_NUMPY = (np.ndarray, np.generic, int, float, list, tuple)


def namespace(x: Array) -> ModuleType:
    """Return the array library of `x`: `numpy` for NumPy arrays, numbers and lists.

    A type that brings a namespace of its own in `array_namespace` (the tensors of
    `coursepkg.autodiff`) is asked for it. For any other array `array_api_compat` is imported then
    and there; it costs NumPy users nothing.

    Raises
    ------
    TypeError
        If `x` is no array.
    ImportError
        If `x` is not NumPy's and the package `array-api-compat` is not installed.

    Examples
    --------
    >>> namespace(np.ones(3)).__name__
    'numpy'
    """
    if isinstance(x, _NUMPY):
        return np
    own = getattr(x, "array_namespace", None)
    if own is not None:
        return own
    if not hasattr(x, "shape"):
        raise TypeError(f"{type(x).__name__} is no type of arrays")
    try:
        from array_api_compat import array_namespace
    except ImportError as error:
        raise ImportError(
            f"arrays of type {type(x).__module__}.{type(x).__name__} need the package "
            "array-api-compat: pip install 'coursepkg[gpu]'"
        ) from error
    return array_namespace(x)


def as_float(x: Array, name: str) -> Array:
    """Return `x` as an array of a real floating dtype; float32 and float64 are kept as they are.

    Integers and booleans become float64, so that no gradient is ever cut to whole numbers.

    Raises
    ------
    TypeError
        If `x` is no array or holds something else than real numbers.
    ValueError
        If `x` is a list of rows that differ in length.

    Examples
    --------
    >>> as_float([1, 2], "x")
    array([1., 2.])
    """
    if type(x) is np.ndarray and x.dtype.kind == "f":  # asked millions of times: the quick way
        return x
    try:
        xp = namespace(x)
        x = xp.asarray(x)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name} must be an array of real numbers: {error}") from error
    if xp is np:
        if x.dtype.kind == "f":
            return x
        numbers = x.dtype.kind in "biu"
    else:
        if xp.isdtype(x.dtype, "real floating"):
            return x
        numbers = xp.isdtype(x.dtype, ("bool", "integral"))
    if not numbers:
        raise TypeError(f"{name} must hold real numbers, got dtype {x.dtype}")
    return xp.astype(x, xp.float64)


def to_numpy(x: Array) -> np.ndarray:
    """Return `x` on the host: a NumPy array as it is, a device array copied.

    Examples
    --------
    >>> to_numpy([1.0, 2.0])
    array([1., 2.])
    """
    if type(x) is np.ndarray:
        return x
    if hasattr(x, "__cuda_array_interface__"):
        return x.get()
    if hasattr(x, "__dlpack__") and not isinstance(x, np.ndarray | np.generic):
        return np.from_dlpack(x)
    return np.asarray(x)
