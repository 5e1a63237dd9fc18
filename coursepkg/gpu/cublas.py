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
from operator import mul
from types import ModuleType
from typing import Any

import numpy as np

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
        The axes before the matrices broadcast.

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
    if min(a.ndim, b.ndim) < 2 or a.shape[-1] != b.shape[-2]:
        raise ValueError(f"shapes {a.shape} and {b.shape} do not fit: need (N, K) and (K, M)")
    stacks = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    shape = (*stacks, a.shape[-2], b.shape[-1])
    out = (cupy().empty if a.shape[-1] else cupy().zeros)(shape, a.dtype)
    if out.size and a.shape[-1]:
        _multiply(_Operand(a, stacks), _Operand(b, stacks), _Operand(out, stacks), stacks)
    return out


class _Operand:
    """How cuBLAS finds a stack of matrices: by rows, or by columns, else in a copy by rows."""

    def __init__(self, x: Array, stacks: tuple[int, ...]):
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
        missing = (0,) * (len(stacks) - x.ndim + 2)
        own = zip(x.shape[:-2], x.strides[:-2], strict=True)
        self.steps = (*missing, *(0 if size == 1 else step for size, step in own))

    def at(self, place: tuple[int, ...], along: int) -> tuple[Any, ...]:
        """Address of the matrix at a place of the stack, leading dimension, way to the next one."""
        address = self.array.data.ptr + sum(map(mul, place, self.steps))
        apart = self.steps[along] // self.array.dtype.itemsize if self.steps else 0
        return ctypes.c_void_p(address), ctypes.c_int(self.leading), ctypes.c_longlong(apart)


def _multiply(a: _Operand, b: _Operand, out: _Operand, stacks: tuple[int, ...]) -> None:
    """One call for the longest axis of the stack, so many calls as the others have places."""
    letter, number = KINDS[out.array.dtype.name]
    rows, columns = out.array.shape[-2:]
    inner = a.array.shape[-1]
    one, zero = ctypes.byref(number(1)), ctypes.byref(number(0))
    handle = _handle(cupy().cuda.runtime.getDevice())
    stream = cupy().cuda.get_current_stream()
    _call("cublasSetStream_v2", handle, ctypes.c_void_p(stream.ptr))
    sizes = b.operation, a.operation, columns, rows, inner
    count = max(stacks, default=1)
    along = stacks.index(count) if stacks else 0
    for place in np.ndindex(*(1 if axis == along else n for axis, n in enumerate(stacks))):
        factors = *b.at(place, along), *a.at(place, along)
        target = out.at(place, along)
        name = f"cublas{letter}gemmStridedBatched"
        _call(name, handle, *sizes, one, *factors, zero, *target, count)


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
