"""How coursepkg does the work of each case; and the matrix products in it alone, its floor."""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.cases import (
    LR,
    MLP,
    Call,
    Case,
    inputs,
    labels,
    network,
    numbers,
    slides,
    upstream,
    weights,
)
from coursepkg import functional as F
from coursepkg.autodiff import Tensor, apply
from coursepkg.functional.windows import conv_output_size
from coursepkg.optim import SGD, Adam

CACHED = 2**19  # numbers of a column matrix that stays near the processor
Pair = tuple[Callable[..., Any], Callable[..., Any]]


def both_ways(pair: Pair, inputs: tuple[Any, ...], options: dict[str, Any], of: str = "") -> Call:
    """Forward and backward; gives one of the gradients."""
    forward, backward = pair
    dout = upstream(forward(*inputs, **options)[0])

    def call() -> Any:
        _, cache = forward(*inputs, **options)
        grads = backward(dout, cache)
        return getattr(grads, of) if of else grads

    return call


def relu(case: Case) -> Call:
    x = numbers(*case.size["shape"], dtype=case.dtype)
    return both_ways((F.relu, F.relu_backward), (x,), {})


def conv(case: Case) -> Call:
    x, w = numbers(*case.size["x"], dtype=case.dtype), numbers(*case.size["w"], dtype=case.dtype)
    options = {name: case.size[name] for name in ("stride", "padding", "dilation")}
    arrays = x, w, np.zeros(len(w), case.dtype)
    return both_ways((F.conv2d, F.conv2d_backward), arrays, options, "dw")


def linear(case: Case) -> Call:
    n, width = case.size["batch"], case.size["width"]
    arrays = (numbers(*shape, dtype=case.dtype) for shape in ((n, width), (width, width), (width,)))
    return both_ways((F.linear, F.linear_backward), tuple(arrays), {}, "dw")


def max_pool(case: Case) -> Call:
    x = numbers(*case.size["shape"], dtype=case.dtype)
    return both_ways((F.max_pool2d, F.max_pool2d_backward), (x, 2), {})


def avg_pool(case: Case) -> Call:
    x = numbers(*case.size["shape"], dtype=case.dtype)
    return both_ways((F.avg_pool2d, F.avg_pool2d_backward), (x, 2), {})


def norm(case: Case) -> Call:
    shape = case.size["shape"]
    x, gamma, beta = (numbers(*s, dtype=case.dtype) for s in (shape, shape[1:2], shape[1:2]))
    pairs: dict[str, Pair] = {
        "batch-norm": (F.batch_norm, F.batch_norm_backward),
        "layer-norm": (F.layer_norm, F.layer_norm_backward),
    }
    return both_ways(pairs[case.kind], (x, gamma, beta), {}, "dgamma")


def cross_entropy(case: Case) -> Call:
    n, c = case.size["shape"]
    scores, y = numbers(n, c, dtype=case.dtype), labels(n, c)

    def call() -> Any:
        _, cache = F.cross_entropy(scores, y)
        return F.cross_entropy_backward(1.0, cache)

    return call


def step(case: Case) -> Call:
    """A step as chapters 4 to 11 take it: the layers know the way back."""
    net, x, y = network(case), inputs(case), labels(case.size["batch"])
    loss_of: Pair = (F.cross_entropy, F.cross_entropy_backward)
    if case.kind == "small":  # its task is the product of its two inputs
        y, loss_of = x[:, :1] * x[:, 1:], (F.mse_loss, F.mse_loss_backward)
    optimizer = (Adam if case.kind == "adam" else SGD)(net.parameters(), lr=LR)

    def call() -> Any:
        loss, cache = loss_of[0](net.forward(x), y)
        net.backward_parameters(loss_of[1](1.0, cache))
        optimizer.step()
        return loss

    return call


def tape_step(case: Case) -> Call:
    """The same step of the MLP, written forward only; a tape finds the way back."""
    x, y = inputs(case), labels(case.size["batch"])
    w = [Tensor(each, requires_grad=True) for each in weights(case)]

    def call() -> Any:
        scores = (x @ w[0] + w[1]).relu() @ w[2] + w[3]
        loss = apply(F.cross_entropy, F.cross_entropy_backward, scores, y)
        loss.backward()
        for one in w:
            one.data = one.data - LR * np.asarray(one.grad)
        return loss.data

    return call


def slides_step(case: Case) -> Call:
    """A step as section 6.9 prints it."""
    x, y, w1, w2 = slides(case)

    def call() -> Any:
        h = 1 / (1 + np.exp(-x.dot(w1)))
        out = h.dot(w2)
        loss = np.square(out - y).sum()
        dout = 2.0 * (out - y)
        dw2, dh = h.T.dot(dout), dout.dot(w2.T)
        dw1 = x.T.dot(dh * h * (1 - h))
        w1[:] -= 1e-4 * dw1
        w2[:] -= 1e-4 * dw2
        return loss

    return call


def mlp_floor(case: Case) -> Call:
    """The five matrix products of a step, into memory that is there."""
    (d, h, c), n = MLP, case.size["batch"]
    x, hidden, scores = (numbers(n, width, dtype=case.dtype) for width in (d, h, c))
    w1, w2 = numbers(d, h, dtype=case.dtype), numbers(h, c, dtype=case.dtype)
    factors = [(x, w1), (hidden, w2), (hidden.T, scores), (scores, w2.T), (x.T, hidden)]
    return _products(factors)


def conv_floor(case: Case) -> Call:
    """The three products of filters, columns and gradients, a few images at a time.

    The columns are there, and the same memory serves all images: no copy, no miss of a cache.
    """
    (n, c, height, width), (f, _, k, _) = case.size["x"], case.size["w"]
    options = [case.size[name] for name in ("stride", "padding", "dilation")]
    places = conv_output_size(height, k, *options) * conv_output_size(width, k, *options)
    images = max(1, min(n, CACHED // (c * k * k * places)))
    w, dtype = numbers(f, c * k * k, dtype=case.dtype), case.dtype
    columns, grads = (np.ones((rows, images * places), dtype) for rows in (c * k * k, f))
    return _products([(w, columns), (columns, grads.T), (w.T, grads)], times=-(-n // images))


def _products(factors: list[tuple[np.ndarray, np.ndarray]], times: int = 1) -> Call:
    into = [np.empty((a.shape[0], b.shape[1]), a.dtype) for a, b in factors]

    def call() -> Any:
        for _ in range(times):
            for (a, b), out in zip(factors, into, strict=True):
                np.matmul(a, b, out=out)

    return call


MAKERS: dict[str, Callable[[Case], Call]] = {
    "relu": relu,
    "conv": conv,
    "wide": linear,
    "max-pool": max_pool,
    "avg-pool": avg_pool,
    "batch-norm": norm,
    "layer-norm": norm,
    "cross-entropy": cross_entropy,
    "mlp": step,
    "adam": step,
    "lenet": step,
    "slides": slides_step,
    "small": step,
}
TAPE = {"mlp": tape_step}
FLOOR = {"mlp": mlp_floor, "adam": mlp_floor, "conv": conv_floor}
