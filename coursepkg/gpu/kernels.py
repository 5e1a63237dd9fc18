"""Formulas of the library once more, each as a single operation of the GPU.

On a GPU the small operations of a formula cost more than their arithmetic: each is launched from
Python, and each reads and writes its arrays anew. Adam takes a dozen. Here it is one, and so are
the two passes of the softmax cross-entropy. The readable forms are `coursepkg.optim.rules.adam` and
`coursepkg.functional.cross_entropy`; they define what these compute, and the tests hold the texts
below against them, without a GPU too: the first and the last read the same in Python.

CuPy compiles a kernel when it is first called. `T` is the dtype of the numbers; `i` counts entries.
"""

from functools import cache
from typing import Any

from coursepkg.backend import Array

MOST_CLASSES = 128  # one thread goes along a row of scores; longer rows are better shared by many

ADAM = """
new_m = b1 * m + a1 * dw;
new_v = b2 * v + a2 * dw * dw;
new_w = w - lr * (new_m / c1) / (sqrt(new_v / c2) + eps)
"""

CROSS_ENTROPY = """
const ptrdiff_t first = i * classes;
T largest = scores[first];
for (int j = 1; j < classes; ++j)
    largest = scores[first + j] > largest ? scores[first + j] : largest;
T total = 0;
for (int j = 0; j < classes; ++j) total += exp(scores[first + j] - largest);
for (int j = 0; j < classes; ++j) p[first + j] = exp(scores[first + j] - largest) / total;
loss = log(total) - (scores[first + (label >= 0 && label < classes ? label : 0)] - largest);
if (label < 0 || label >= classes) loss = nan("")
"""

CROSS_ENTROPY_BACKWARD = "dscores = (p - (label == i % classes)) * share"


def adam(
    w: Array, dw: Array, m: Array, v: Array, lr: Array, b1: float, b2: float,
    c1: Array, c2: Array, eps: float,
) -> tuple[Array, Array, Array]:  # fmt: skip
    """Return weights, m and v after a step of `coursepkg.optim.rules.adam`; c = 1 - b^t.

    ``1 - b`` is taken in float64 here: in float32 it would be off in the fifth digit.

    Examples
    --------
    >>> w, m, v = adam(w, dw, m, v, 0.001, 0.9, 0.999, 0.1, 0.001, 1e-8)  # doctest: +SKIP
    """
    scalars = "T lr, T b1, T a1, T b2, T a2, T c1, T c2, T eps"
    kernel = _kernel("T w, T dw, T m, T v, " + scalars, "T new_w, T new_m, T new_v", ADAM, "adam")
    return kernel(w, dw, m, v, lr, b1, 1 - b1, b2, 1 - b2, c1, c2, eps)


def cross_entropy(scores: Array, labels: Array) -> tuple[Array, Array]:
    """Return the loss of every row (NaN at a label that is no class), and the probabilities.

    Parameters
    ----------
    scores : array (N, C)
    labels : array (N,) of int64

    Examples
    --------
    >>> losses, p = cross_entropy(scores, labels)  # doctest: +SKIP
    """
    import cupy

    parameters = "raw T scores, int64 label, int32 classes"
    kernel = _kernel(parameters, "T loss, raw T p", CROSS_ENTROPY, "softmax_cross_entropy")
    losses, p = cupy.empty(labels.shape, scores.dtype), cupy.empty(scores.shape, scores.dtype)
    kernel(scores, labels, scores.shape[1], losses, p)
    return losses, p


def cross_entropy_backward(p: Array, labels: Array, share: Array) -> Array:
    """Return ``(p - onehot(labels)) * share``, the gradient of (N, C) scores.

    Examples
    --------
    >>> dscores = cross_entropy_backward(p, labels, 1 / len(labels))  # doctest: +SKIP
    """
    parameters = "T p, int64 label, int32 classes, T share"
    name = "softmax_cross_entropy_backward"
    kernel = _kernel(parameters, "T dscores", CROSS_ENTROPY_BACKWARD, name)
    return kernel(p, labels[:, None], p.shape[1], share)


@cache
def _kernel(inputs: str, outputs: str, text: str, name: str) -> Any:
    import cupy

    return cupy.ElementwiseKernel(inputs, outputs, text, name)
