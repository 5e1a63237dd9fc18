"""Which array library an array belongs to, and where arrays live.

Beside this file only those in `coursepkg.gpu` know that more than NumPy exists.
"""

from contextvars import ContextVar
from types import ModuleType
from typing import Any

import numpy as np

Array = Any
"""A NumPy array, or an array of another library that speaks the Python array API."""

_NUMPY = (np.ndarray, np.generic, int, float, list, tuple)
IN_PLACE_OF_CUPY: ContextVar[Any] = ContextVar("IN_PLACE_OF_CUPY", default=None)
"""The namespace that CuPy's arrays get for a while, see `coursepkg.gpu.cublas.products_by`."""

_PLACES = {"numpy": "cpu", "cupy": "gpu"}
_new: tuple[str, str | None] = ("cpu", None)  # device and dtype of what is made


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
    own = IN_PLACE_OF_CUPY.get() if on_device(x) else None
    own = getattr(x, "array_namespace", None) if own is None else own
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


def on_device(x: Array) -> bool:
    """Whether `x` is an array of CuPy: to look at one of its values is to wait for a GPU.

    Examples
    --------
    >>> on_device(np.ones(3))
    False
    """
    return type(x).__module__.partition(".")[0] == "cupy"


def to_device(x: Array, device: str, dtype: str | None = None) -> Array:
    """Return `x` on the device "cpu" (as a NumPy array) or "gpu" (as one of CuPy).

    Parameters
    ----------
    x : array, or a list of numbers
    device : "cpu" or "gpu"
    dtype : "float32" or "float64", which floating numbers then get; anything else keeps its own

    Raises
    ------
    ValueError
        If there is no such device.
    ImportError, RuntimeError
        If the device is "gpu" and CuPy is missing or finds none; the message says what to do.

    Examples
    --------
    >>> to_device([1.0, 2.0], "cpu", "float32")
    array([1., 2.], dtype=float32)
    """
    if device not in _PLACES.values():
        raise ValueError(f'device must be "cpu" or "gpu", got {device!r}')
    if device == "cpu":
        x = to_numpy(x)
    elif not on_device(x):
        from coursepkg.gpu.device import cupy

        x = cupy().asarray(to_numpy(x))
    return x.astype(dtype, copy=False) if dtype and x.dtype.kind == "f" else x


def use(library: str, dtype: str | None = None) -> None:
    """Choose what new parameters and datasets are made of: "numpy" or "cupy".

    Arrays that exist already stay what they are.

    Parameters
    ----------
    library : "numpy", or "cupy" for arrays on the GPU
    dtype : "float32" or "float64" for floating numbers, None for the one they are drawn in

    Raises
    ------
    ValueError
        If it is another library.
    ImportError, RuntimeError
        If it is "cupy" and there is no GPU to be had.

    Examples
    --------
    >>> from coursepkg.layers import Linear
    >>> use("numpy", dtype="float32")
    >>> Linear(3, 2).w.data.dtype
    dtype('float32')
    >>> use("numpy")
    """
    global _new
    if library not in _PLACES:
        raise ValueError(f'library must be "numpy" or "cupy", got {library!r}')
    to_device(np.zeros(1), _PLACES[library])  # no GPU? better said here than in the first layer
    _new = (_PLACES[library], dtype)


def made(x: Array) -> Array:
    """Return the NumPy array `x`, just made, as what `use` chose; anything else as it is.

    Examples
    --------
    >>> made(np.ones(2))
    array([1., 1.])
    """
    return to_device(x, *_new) if type(x) is np.ndarray and _new != ("cpu", None) else x
