"""Pairs of pure functions: ``out, cache = f(...)`` and ``grads = f_backward(dout, cache)``.

Inputs are never changed, the dtype is kept, and a gradient has exactly the shape of what it
belongs to.
"""

from coursepkg.functional.activation import (
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    softmax,
    softmax_backward,
)
from coursepkg.functional.linear import linear, linear_backward
from coursepkg.functional.loss import cross_entropy, cross_entropy_backward

__all__ = [
    "cross_entropy",
    "cross_entropy_backward",
    "linear",
    "linear_backward",
    "relu",
    "relu_backward",
    "sigmoid",
    "sigmoid_backward",
    "softmax",
    "softmax_backward",
]
