"""What the pairs of `functional` may call on tensors: array functions that a tape records.

`backend.namespace` finds it, so that a pair runs on tensors as it does on arrays. It serves second
derivatives: then the backward pass of a pair, too, is something to be differentiated.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursepkg import functional as F
from coursepkg.autodiff import Tensor, apply, raw
from coursepkg.backend import namespace


class TensorNamespace:
    """Functions of the array API on tensors; those that are missing say so clearly."""

    float64 = np.float64

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotImplementedError(
            f"it uses `{name}`, which the tape does not record (it writes into arrays or picks "
            "entries)"
        )

    def exp(self, x: Tensor) -> Tensor:
        return apply(F.exp, F.exp_backward, x)

    def log(self, x: Tensor) -> Tensor:
        return apply(F.log, F.log_backward, x)

    def expm1(self, x: Tensor) -> Tensor:
        return self.exp(x) - 1.0

    def log1p(self, x: Tensor) -> Tensor:
        return self.log(x + 1.0)

    def tanh(self, x: Tensor) -> Tensor:
        return apply(F.tanh, F.tanh_backward, x)

    def sqrt(self, x: Tensor) -> Tensor:
        return x**0.5

    def maximum(self, x: Any, y: Any) -> Tensor:
        return apply(F.maximum, F.maximum_backward, x, y)

    def minimum(self, x: Any, y: Any) -> Tensor:
        return -self.maximum(-x, -y)

    def abs(self, x: Tensor) -> Tensor:
        return self.maximum(x, -x)

    def where(self, condition: Any, x: Any, y: Any) -> Tensor:
        chosen = self.astype(condition, raw(x).dtype if hasattr(raw(x), "dtype") else raw(y).dtype)
        return chosen * x + (1 - chosen) * y

    def sum(self, x: Tensor, axis: Any = None, keepdims: bool = False) -> Tensor:
        return apply(F.sum, F.sum_backward, x, axis=axis, keepdims=keepdims)

    def mean(self, x: Tensor, axis: Any = None, keepdims: bool = False) -> Tensor:
        total = self.sum(x, axis=axis, keepdims=keepdims)
        return total * (total.data.size / x.data.size)

    def matmul(self, x: Any, y: Any) -> Tensor:
        return apply(F.matmul, F.matmul_backward, x, y)

    def matrix_transpose(self, x: Tensor) -> Tensor:
        axes = (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2)
        return self.permute_dims(x, axes)

    def permute_dims(self, x: Tensor, axes: Sequence[int]) -> Tensor:
        return apply(F.transpose, F.transpose_backward, x, axes=tuple(axes))

    def reshape(self, x: Tensor, shape: Sequence[int]) -> Tensor:
        return apply(F.reshape, F.reshape_backward, x, shape=tuple(shape))

    def asarray(self, x: Any, dtype: Any = None) -> Any:
        if isinstance(x, Tensor):
            return x
        return namespace(raw(x)).asarray(x, dtype=dtype)

    # What follows does not depend on the entries in a way that has a derivative, or only through
    # the value of the forward pass, which is known: constants.

    def max(self, x: Tensor, axis: Any = None, keepdims: bool = False) -> Any:
        """A constant: `softmax` subtracts it, and its result does not depend on what it is."""
        return namespace(raw(x)).max(raw(x), axis=axis, keepdims=keepdims)

    def min(self, x: Any) -> Any:
        return namespace(raw(x)).min(raw(x))

    def all(self, x: Any) -> bool:
        return bool(namespace(raw(x)).all(raw(x)))

    def argmax(self, x: Tensor, axis: Any = None) -> Any:
        return namespace(raw(x)).argmax(raw(x), axis=axis)

    def take_along_axis(self, x: Any, indices: Any, axis: int) -> Any:
        """A constant: losses use it for their value only, no cache depends on it."""
        return namespace(raw(x)).take_along_axis(raw(x), indices, axis=axis)

    def astype(self, x: Any, dtype: Any) -> Any:
        return namespace(raw(x)).astype(raw(x), dtype)

    def isdtype(self, dtype: Any, kind: Any) -> bool:
        return np.isdtype(dtype, kind)

    def arange(self, n: int, dtype: Any = None) -> Any:
        return np.arange(n, dtype=dtype)

    def zeros(self, shape: Any, dtype: Any = None) -> Any:
        return np.zeros(shape, dtype=dtype)


TENSORS = TensorNamespace()
