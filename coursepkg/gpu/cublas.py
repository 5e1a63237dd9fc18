"""Matrix products that can be recorded in a CUDA graph.

CuPy refuses its own while a stream is captured ("calling cuBLAS API during stream capture is
currently unsupported", CuPy 14.2). cuBLAS itself allows it as long as the results stay on the
device, so here it is called directly, through ctypes, with a handle of our own.

cuBLAS counts by columns. Read so, a row-major matrix is its transpose, and ``out = a @ b`` becomes
``out.T = b.T @ a.T``: the arguments change places, and nothing is copied.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

from coursepkg.backend import IN_PLACE_OF_CUPY, Array, namespace
from coursepkg.gpu.device import cupy

KEPT, TRANSPOSED = 0, 1  # CUBLAS_OP_N, CUBLAS_OP_T
TF32 = 3  # CUBLAS_TF32_TENSOR_OP_MATH
KINDS = {"float32": ("S", ctypes.c_float), "float64": ("D", ctypes.c_double)}


@contextmanager
def products_by_cublas() -> Iterator[None]:
    """For a while, and in this thread, let `matmul` make the products of CuPy's arrays.

    Examples
    --------
    >>> with products_by_cublas():  # doctest: +SKIP
    ...     F.linear(x, w, b)
    """
    xp = namespace(cupy().empty(0))
    mark = IN_PLACE_OF_CUPY.set(_Recordable(xp))
    try:
        yield
    finally:
        IN_PLACE_OF_CUPY.reset(mark)


class _Recordable:
    """The namespace of CuPy's arrays with `matmul` below."""

    def __init__(self, xp: ModuleType):
        self._xp = xp

    def __getattr__(self, name: str) -> Any:
        return matmul if name == "matmul" else getattr(self._xp, name)


def matmul(a: Array, b: Array) -> Array:
    """Compute ``out = a @ b`` on the current stream.

    Parameters
    ----------
    a, b : arrays (..., N, K) and (..., K, M) of CuPy, both float32 or both float64
        At most one axis stands before the matrices; it may be missing or 1 in one of them.

    Raises
    ------
    TypeError
        If the dtypes are others, or differ.
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> matmul(cupy().ones((2, 3)), cupy().ones((3, 4))).shape  # doctest: +SKIP
    (2, 4)
    """
    if a.dtype != b.dtype or a.dtype.name not in KINDS:
        raise TypeError(f"need two arrays of float32, or of float64, got {a.dtype} and {b.dtype}")
    if not {a.ndim, b.ndim} <= {2, 3} or a.shape[-1] != b.shape[-2]:
        raise ValueError(f"shapes {a.shape} and {b.shape} do not fit: need (N, K) and (K, M)")
    stacks = {x.shape[0] for x in (a, b) if x.ndim == 3} - {1} or {1}
    if len(stacks) > 1:
        raise ValueError(f"stacks of {a.shape[0]} and {b.shape[0]} matrices do not fit")
    shape = (*([max(stacks)] if 3 in (a.ndim, b.ndim) else []), a.shape[-2], b.shape[-1])
    out = (cupy().empty if a.shape[-1] else cupy().zeros)(shape, a.dtype)
    if out.size and a.shape[-1]:
        _multiply(_Operand(a), _Operand(b), _Operand(out), a.shape[-1], max(stacks))
    return out


class _Operand:
    """How cuBLAS finds a matrix in memory: by rows, or by columns, else in a copy by rows."""

    def __init__(self, x: Array):
        item = x.dtype.itemsize
        ways = [(KEPT, x.shape[-1], x.strides[-2:]), (TRANSPOSED, x.shape[-2], x.strides[:-3:-1])]
        fit = [
            (operation, across // item)
            for operation, length, (across, along) in ways
            if along == item and across >= length * item
        ]
        if not fit:
            x, fit = x.copy(order="C"), [(KEPT, x.shape[-1])]
        self.array = x  # lives as long as it is needed
        self.operation, self.leading = fit[0]
        stacked = x.ndim == 3 and x.shape[0] > 1
        place = ctypes.c_void_p(x.data.ptr)
        apart = ctypes.c_longlong(x.strides[0] // item if stacked else 0)
        self.arguments = place, ctypes.c_int(self.leading), apart


def _multiply(a: _Operand, b: _Operand, out: _Operand, inner: int, count: int) -> None:
    letter, number = KINDS[out.array.dtype.name]
    rows, columns = out.array.shape[-2:]
    one, zero = ctypes.byref(number(1)), ctypes.byref(number(0))
    stream = cupy().cuda.get_current_stream()
    handle = _handle(cupy().cuda.runtime.getDevice())
    _call("cublasSetStream_v2", handle, ctypes.c_void_p(stream.ptr))
    sizes = b.operation, a.operation, columns, rows, inner
    factors = *b.arguments, *a.arguments
    _call(
        f"cublas{letter}gemmStridedBatched",
        handle,
        *sizes,
        one,
        *factors,
        zero,
        *out.arguments,
        count,
    )


@cache
def _handle(device: int) -> ctypes.c_void_p:
    handle = ctypes.c_void_p()
    _call("cublasCreate_v2", ctypes.byref(handle))
    if tf32():
        _call("cublasSetMathMode", handle, TF32)
    return handle


def tf32() -> bool:
    """Whether products of float32 may round their factors to TF32: CuPy's variable CUPY_TF32.

    Faster on a GPU with tensor cores, and good for three digits. CuPy looks when it is imported.

    Examples
    --------
    >>> tf32() == (os.environ.get("CUPY_TF32", "0") != "0")
    True
    """
    return os.environ.get("CUPY_TF32", "0") != "0"


def _call(name: str, *arguments: Any) -> None:
    status = getattr(_library(), name)(*arguments)
    if status:
        raise RuntimeError(f"{name} failed with the status {status} of cuBLAS")


@cache
def _library() -> Any:
    from cuda.pathfinder import load_nvidia_dynamic_lib  # comes with CuPy

    return ctypes.CDLL(load_nvidia_dynamic_lib("cublas").abs_path)
