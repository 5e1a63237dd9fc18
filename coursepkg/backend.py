"""Which array library an array belongs to. No other file knows that more than NumPy exists."""

from types import ModuleType
from typing import Any

import numpy as np

Array = Any
"""A NumPy array, or an array of another library that speaks the Python array API."""


def namespace(x: Array) -> ModuleType:
    """Return the array library of `x`: `numpy` for NumPy arrays, numbers and lists.

    For any other array `array_api_compat` is imported then and there; it costs NumPy users
    nothing.

    Raises
    ------
    ImportError
        If `x` is not NumPy's and the package `array-api-compat` is not installed.

    Examples
    --------
    >>> namespace(np.ones(3)).__name__
    'numpy'
    """
    if isinstance(x, np.ndarray | np.generic | int | float | list | tuple):
        return np
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
        If `x` holds something else than real numbers.
    """
    xp = namespace(x)
    x = xp.asarray(x)
    if xp is np and x.dtype.kind in "biu":
        return x.astype(np.float64)
    if xp is not np and not xp.isdtype(x.dtype, "real floating"):
        return xp.astype(x, xp.float64)
    if xp is np and x.dtype.kind != "f":
        raise TypeError(f"{name} must hold real numbers, got dtype {x.dtype}")
    return x


def to_numpy(x: Array) -> np.ndarray:
    """Copy `x` to the host if it lives on a device; a NumPy array is returned as it is."""
    if hasattr(x, "__cuda_array_interface__"):
        return x.get()
    return np.asarray(x)
