"""Answers to assignment 10: right in several styles, and wrong in the ways that occur."""

from collections.abc import Callable
from typing import Any

import numpy as np


def unbroadcast(grad: Any, shape: Any) -> Any:
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    ones = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=ones, keepdims=True)


def unbroadcast_loop(grad: Any, shape: Any) -> Any:
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


def unbroadcast_reshape(grad: Any, shape: Any) -> Any:
    padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    axes = tuple(a for a in range(grad.ndim) if padded[a] == 1 and grad.shape[a] != 1)
    return np.asarray(np.sum(grad, axis=axes)).reshape(shape)


def unbroadcast_add_at(grad: Any, shape: Any) -> Any:
    out = np.zeros(shape, grad.dtype)
    places = np.broadcast_to(np.arange(out.size).reshape(shape), grad.shape)
    np.add.at(out.reshape(-1), places.ravel(), grad.ravel())
    return out


def matmul_products(dout: Any, cache: Any) -> Any:
    x, w = cache
    dx = dout @ np.swapaxes(w, -1, -2)
    dw = np.swapaxes(x, -1, -2) @ dout
    return unbroadcast_loop(dx, x.shape), unbroadcast_loop(dw, w.shape)


def matmul_einsum(dout: Any, cache: Any) -> Any:
    x, w = cache
    dx = np.einsum("...nm,...dm->...nd", dout, w)
    dw = np.einsum("...nd,...nm->...dm", x, dout)
    return unbroadcast_reshape(dx, x.shape), unbroadcast_reshape(dw, w.shape)


def matmul_loop(dout: Any, cache: Any) -> Any:
    x, w = cache
    stack = dout.shape[:-2]
    wide_x = np.broadcast_to(x, stack + x.shape[-2:])
    wide_w = np.broadcast_to(w, stack + w.shape[-2:])
    dx, dw = np.zeros(wide_x.shape, x.dtype), np.zeros(wide_w.shape, w.dtype)
    for place in np.ndindex(stack):
        dx[place] = dout[place] @ wide_w[place].T
        dw[place] = wide_x[place].T @ dout[place]
    return unbroadcast(dx, x.shape), unbroadcast(dw, w.shape)


def _kept(shape: Any, axis: Any) -> Any:
    axes = {a % len(shape) for a in (axis if isinstance(axis, tuple) else (axis,))}
    return tuple(1 if a in axes else size for a, size in enumerate(shape))


def sum_ones(dout: Any, cache: Any) -> Any:
    shape, axis, _ = cache
    return dout.reshape(_kept(shape, axis)) * np.ones(shape, dout.dtype)


def sum_expand(dout: Any, cache: Any) -> Any:
    shape, axis, keepdims = cache
    dout = dout if keepdims else np.expand_dims(dout, axis)
    return np.zeros(shape, dout.dtype) + dout


def sum_copies(dout: Any, cache: Any) -> Any:
    shape, axis, _ = cache
    dx = np.empty(shape, dout.dtype)
    dx[...] = dout.reshape(_kept(shape, axis))
    return dx


def reshape_ravel(dout: Any, cache: Any) -> Any:
    return np.ravel(dout).reshape(cache)


def reshape_function(dout: Any, cache: Any) -> Any:
    return np.reshape(dout, cache)


def reshape_fill(dout: Any, cache: Any) -> Any:
    dx = np.empty(cache, dout.dtype)
    dx.reshape(-1)[:] = dout.ravel()
    return dx


def max_mask(dout: Any, cache: Any) -> Any:
    x, axis = cache
    return np.expand_dims(dout, axis) * (x == x.max(axis=axis, keepdims=True))


def max_put(dout: Any, cache: Any) -> Any:
    x, axis = cache
    dx = np.zeros_like(x)
    winner = np.expand_dims(x.argmax(axis=axis), axis)
    np.put_along_axis(dx, winner, np.expand_dims(dout, axis), axis)
    return dx


def max_moved(dout: Any, cache: Any) -> Any:
    x, axis = cache
    rows = np.moveaxis(x, axis, -1)
    dx = np.where(rows == rows.max(axis=-1, keepdims=True), dout[..., None], x.dtype.type(0))
    return np.moveaxis(dx, -1, axis)


def norm_mean(x: Any, gamma: Any, beta: Any, eps: Any) -> Any:
    xp = x.__array_namespace__()
    centred = x - xp.mean(x, axis=-1, keepdims=True)
    var = xp.mean(centred * centred, axis=-1, keepdims=True)
    return gamma * (centred / (var + eps) ** 0.5) + beta


def norm_var(x: Any, gamma: Any, beta: Any, eps: Any) -> Any:
    xp = x.__array_namespace__()
    mean, var = xp.mean(x, axis=1, keepdims=True), xp.var(x, axis=1, keepdims=True)
    return (x - mean) / xp.sqrt(var + eps) * gamma + beta


def norm_sum(x: Any, gamma: Any, beta: Any, eps: Any) -> Any:
    xp, d = x.__array_namespace__(), x.shape[-1]
    mean = xp.sum(x, axis=-1, keepdims=True) / d
    var = xp.sum(xp.square(x - mean), axis=-1, keepdims=True) / d
    return gamma * (x - mean) / xp.sqrt(var + eps) + beta


def norm_numpy(x: Any, gamma: Any, beta: Any, eps: Any) -> Any:
    mean = np.mean(x, axis=-1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(np.mean((x - mean) ** 2, -1, keepdims=True) + eps) + beta


def norm_over_samples(x: Any, gamma: Any, beta: Any, eps: Any) -> Any:
    xp = x.__array_namespace__()
    mean, var = xp.mean(x, axis=0, keepdims=True), xp.var(x, axis=0, keepdims=True)
    return gamma * (x - mean) / xp.sqrt(var + eps) + beta


def norm_eps_outside(x: Any, gamma: Any, beta: Any, eps: Any) -> Any:
    xp = x.__array_namespace__()
    mean, var = xp.mean(x, axis=-1, keepdims=True), xp.var(x, axis=-1, keepdims=True)
    return gamma * (x - mean) / (xp.sqrt(var) + eps) + beta


def norm_double(x: Any, gamma: Any, beta: Any, eps: Any) -> Any:
    xp = x.__array_namespace__()
    x = xp.asarray(x, dtype=xp.float64)
    return norm_mean(x, gamma, beta, eps)


def _named(name: str, **functions: Any) -> dict[str, dict[str, Callable[..., Any]]]:
    return {label: {name: function} for label, function in functions.items()}


RIGHT: dict[str, dict[str, dict[str, Callable[..., Any]]]] = {
    "A10.unbroadcast": _named(
        "unbroadcast", loop=unbroadcast_loop, reshape=unbroadcast_reshape, add_at=unbroadcast_add_at
    ),
    "A10.matmul_backward": _named(
        "matmul_backward", products=matmul_products, einsum=matmul_einsum, loop=matmul_loop
    ),
    "A10.sum_backward": _named("sum_backward", ones=sum_ones, expand=sum_expand, copies=sum_copies),
    "A10.reshape_backward": _named(
        "reshape_backward", ravel=reshape_ravel, function=reshape_function, fill=reshape_fill
    ),
    "A10.max_backward": _named("max_backward", mask=max_mask, put=max_put, moved=max_moved),
    "A10.layer_norm": _named("layer_norm", mean=norm_mean, var=norm_var, sum=norm_sum),
}
WRONG: dict[str, dict[str, dict[str, Callable[..., Any]]]] = {
    "A10.unbroadcast": _named(
        "unbroadcast",
        unbroadcast_keepdims=lambda grad, shape: grad.sum(
            axis=tuple(range(grad.ndim - len(shape))), keepdims=True
        ),
        only_missing_axes=lambda grad, shape: grad.sum(axis=tuple(range(grad.ndim - len(shape)))),
        first_entry=lambda grad, shape: np.resize(grad, shape),
        mean=lambda grad, shape: unbroadcast(grad, shape) * np.prod(shape) / grad.size,
        as_it_is=lambda grad, shape: grad,
    ),
    "A10.matmul_backward": _named(
        "matmul_backward",
        T_of_the_whole_stack=lambda dout, cache: (dout @ cache[1].T, cache[0].T @ dout),
        not_summed=lambda dout, cache: (
            dout @ cache[1].swapaxes(-1, -2),
            cache[0].swapaxes(-1, -2) @ dout,
        ),
        order=lambda dout, cache: matmul_products(dout, cache)[::-1],
        mean_over_the_stack=lambda dout, cache: (
            matmul_products(dout, cache)[0],
            matmul_products(dout, cache)[1] / len(dout),
        ),
    ),
    "A10.sum_backward": _named(
        "sum_backward",
        sum_no_expand=lambda dout, cache: np.broadcast_to(dout, cache[0]).copy(),
        always_first=lambda dout, cache: np.zeros(cache[0]) + dout[None],
        divided=lambda dout, cache: sum_ones(dout, cache) * dout.size / np.prod(cache[0]),
        ones=lambda dout, cache: np.ones(cache[0]),
    ),
    "A10.reshape_backward": _named(
        "reshape_backward",
        transposed=lambda dout, cache: dout.T.reshape(cache),
        as_it_is=lambda dout, cache: dout,
        fortran=lambda dout, cache: dout.reshape(cache, order="F"),
    ),
    "A10.max_backward": _named(
        "max_backward",
        upstream_dropped=lambda dout, cache: (
            1.0 * (cache[0] == cache[0].max(axis=cache[1], keepdims=True))
        ),
        to_everybody=lambda dout, cache: np.zeros_like(cache[0]) + np.expand_dims(dout, cache[1]),
        largest_of_all=lambda dout, cache: (
            np.expand_dims(dout, cache[1]) * (cache[0] == cache[0].max())
        ),
        last_axis=lambda dout, cache: dout[..., None] * (cache[0] == cache[0].max(-1)[..., None]),
        times_value=lambda dout, cache: max_mask(dout, cache) * cache[0],
    ),
    "A10.layer_norm": _named(
        "layer_norm",
        np_hardcoded=norm_numpy,
        over_samples=norm_over_samples,
        eps_outside=norm_eps_outside,
        double=norm_double,
    ),
}
