"""Right and wrong answers to assignment 6."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursepkg.derivatives import numerical_gradient

Answer = dict[str, Callable[..., Any]]
Rows = dict[str, dict[str, Answer]]


def _normal(std: Callable[[int, int], float]) -> Callable[..., Any]:
    def init(fan_in: int, fan_out: int, seed: int) -> Any:
        return np.random.default_rng(seed).normal(0, std(fan_in, fan_out), (fan_in, fan_out))

    return init


def _uniform(std: Callable[[int, int], float]) -> Callable[..., Any]:
    """Another distribution with the same mean and standard deviation."""

    def init(fan_in: int, fan_out: int, seed: int) -> Any:
        end = 3**0.5 * std(fan_in, fan_out)
        return np.random.default_rng(seed).uniform(-end, end, (fan_in, fan_out))

    return init


def _old_generator(std: Callable[[int, int], float]) -> Callable[..., Any]:
    def init(fan_in: int, fan_out: int, seed: int) -> Any:
        np.random.seed(seed)
        return np.random.randn(fan_in, fan_out) * std(fan_in, fan_out)

    return init


def _number_by_number(std: Callable[[int, int], float]) -> Callable[..., Any]:
    def init(fan_in: int, fan_out: int, seed: int) -> Any:
        rng, w = np.random.default_rng(seed), np.empty((fan_in, fan_out))
        for row in range(fan_in):
            w[row] = rng.standard_normal(fan_out) * std(fan_in, fan_out)
        return w

    return init


def _he(fan_in: int, fan_out: int) -> float:
    return float(np.sqrt(2 / fan_in))


def _xavier(fan_in: int, fan_out: int) -> float:
    return float(np.sqrt(2 / (fan_in + fan_out)))


def _good_inits(name: str, std: Callable[[int, int], float]) -> dict[str, Answer]:
    return {
        "normal": {name: _normal(std)},
        "uniform": {name: _uniform(std)},
        "the old generator": {name: _old_generator(std)},
        "row by row": {name: _number_by_number(std)},
    }


def _bad_inits(name: str, std: Callable[[int, int], float]) -> dict[str, Answer]:
    right = _normal(std)
    return {
        "N(0, 0.01)": {name: _normal(lambda i, o: 0.01)},
        "N(0, 1)": {name: _normal(lambda i, o: 1.0)},
        "the variance in place of the deviation": {name: _normal(lambda i, o: std(i, o) ** 2)},
        "1 / fan_in": {name: _normal(lambda i, o: (1 / i) ** 0.5)},
        "2 / fan_out": {name: _normal(lambda i, o: (2 / o) ** 0.5)},
        "the other method": {name: _normal(_xavier if name == "init_he" else _he)},
        "zeros": {name: lambda i, o, seed: np.zeros((i, o))},
        "all the same": {name: lambda i, o, seed: np.full((i, o), std(i, o))},
        "never negative": {name: lambda i, o, seed: np.abs(right(i, o, seed))},
        "uniform from 0 to 1": {
            name: lambda i, o, seed: np.random.default_rng(seed).random((i, o)) * std(i, o)
        },
        "uniform, half as wide": {
            name: lambda i, o, seed: np.random.default_rng(seed).uniform(
                -std(i, o), std(i, o), (i, o)
            )
        },
        "transposed": {name: lambda i, o, seed: right(i, o, seed).T},
        "seed ignored": {name: lambda i, o, seed: right(i, o, 0)},
        "no seed": {name: lambda i, o, seed: np.random.default_rng().normal(0, std(i, o), (i, o))},
        "one row for all": {
            name: lambda i, o, seed: np.tile(
                np.random.default_rng(seed).normal(0, std(i, o), (1, o)), (i, 1)
            )
        },
    }


def _split_batches(n: int, batch_size: int, seed: int) -> Any:
    rows = np.arange(n)
    np.random.default_rng(seed).shuffle(rows)
    return np.split(rows, range(batch_size, n, batch_size))


def _yielded_batches(n: int, batch_size: int, seed: int) -> Any:
    order = np.argsort(np.random.default_rng(seed).random(n))
    while len(order):
        yield order[:batch_size]
        order = order[batch_size:]


def _popped_batches(n: int, batch_size: int, seed: int) -> Any:
    left, rng = list(range(n)), np.random.default_rng(seed)
    batches: list[list[int]] = []
    while left:
        if not batches or len(batches[-1]) == batch_size:
            batches.append([])
        batches[-1].append(left.pop(int(rng.integers(len(left)))))
    return batches


def _cut(order: Any, size: int, stop: int | None = None) -> Any:
    return [order[start : start + size] for start in range(0, stop or len(order), size)]


def _batches(form: str) -> Callable[..., Any]:
    def minibatches(n: int, size: int, seed: int) -> Any:
        rng = np.random.default_rng(seed)
        order = rng.permutation(n)
        if form == "drops the last":
            return [order[i * size : (i + 1) * size] for i in range(n // size)]
        if form == "not shuffled":
            return _cut(np.arange(n), size)
        if form == "anew":
            return [rng.integers(n, size=size) for _ in range(-(-n // size))]
        if form == "choice":
            return [rng.choice(n, min(size, n), replace=False) for _ in range(-(-n // size))]
        if form == "batches shuffled":
            batches = _cut(np.arange(n), size)
            full = len(batches) - (n % size > 0)
            return [batches[i] for i in rng.permutation(full)] + batches[full:]
        if form == "inside":
            return [rng.permutation(batch) for batch in _cut(np.arange(n), size)]
        if form == "rotated":
            return _cut(np.roll(np.arange(n), int(rng.integers(n))), size)
        if form == "one seed":
            return _cut(np.random.default_rng(0).permutation(n), size)
        if form == "no seed":
            return _cut(np.random.default_rng().permutation(n), size)
        if form == "empty":
            return [order[i * size : (i + 1) * size] for i in range(n // size + 1)]
        if form == "from 1":
            return _cut(order + 1, size)
        if form == "wraps":
            more = np.concatenate([order, order[: -n % size]])
            return _cut(more, size)
        if form == "even sizes":
            return np.array_split(order, -(-n // size))
        if form == "number of batches":
            return np.array_split(order, size)
        if form == "first batch":
            return order[:size]
        if form == "without 0":
            return _cut(order[order > 0], size)
        raise ValueError(form)

    return minibatches


def _grads(*args: Any) -> Any:
    """The loss and the gradients of the network that the notebook gives."""
    x, labels, w1, b1, w2, b2 = args
    n, rows = len(x), np.arange(len(x))
    hidden = np.maximum(x @ w1 + b1, 0)
    scores = hidden @ w2 + b2
    scores = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    p = p / p.sum(axis=1, keepdims=True)
    loss = -np.log(p[rows, labels]).mean()
    p[rows, labels] -= 1
    p /= n
    dz = p @ w2.T * (hidden > 0)
    return loss, x.T @ dz, dz.sum(axis=0), hidden.T @ p, p.sum(axis=0)


def _step_one_by_one(*args: Any) -> Any:
    *inputs, lr = args
    loss, dw1, db1, dw2, db2 = _grads(*inputs)
    w1, b1, w2, b2 = inputs[2:]
    return loss, w1 - lr * dw1, b1 - lr * db1, w2 - lr * dw2, b2 - lr * db2


def _step_on_copies(*args: Any) -> Any:
    *inputs, lr = args
    loss, *grads = _grads(*inputs)
    weights = [w.copy() for w in inputs[2:]]
    for w, dw in zip(weights, grads, strict=True):
        w -= lr * dw
    return (float(loss), *weights)


def _step_adds_the_negative(*args: Any) -> Any:
    *inputs, lr = args
    found = _grads(*inputs)
    steps = [-lr * dw for dw in found[1:]]
    return (found[0], *map(np.add, inputs[2:], steps))


def _step(form: str) -> Callable[..., Any]:
    def train_step(*args: Any) -> Any:
        *inputs, lr = args
        loss, *grads = _grads(*inputs)
        weights = inputs[2:]
        right = [w - lr * dw for w, dw in zip(weights, grads, strict=True)]
        w1, b1, w2, b2 = right
        if form == "ascends":
            return (loss, *(w + lr * dw for w, dw in zip(weights, grads, strict=True)))
        if form == "assigns":
            return (loss, *(-lr * dw for dw in grads))
        if form == "loss after":
            return _grads(*inputs[:2], *right)[0], *right
        if form == "no biases":
            return loss, w1, weights[1], w2, weights[3]
        if form == "first layer only":
            return loss, w1, b1, weights[2], weights[3]
        if form == "last layer only":
            return loss, weights[0], weights[1], w2, b2
        if form == "divides by N":
            n = len(inputs[0])
            return (loss, *(w - lr * dw / n for w, dw in zip(weights, grads, strict=True)))
        if form == "one after another":
            now = list(weights)
            for i in range(4):
                now[i] = now[i] - lr * _grads(*inputs[:2], *now)[1 + i]
            return (loss, *now)
        if form == "in place":
            for w, dw in zip(weights, grads, strict=True):
                w -= lr * dw
            return (loss, *weights)
        if form == "no rate":
            return (loss, *(w - dw for w, dw in zip(weights, grads, strict=True)))
        if form == "no loss":
            return tuple(right)
        if form == "gradients":
            return (loss, *grads)
        if form == "summed loss":
            return (loss * len(inputs[0]), *right)
        if form == "two steps":
            return _step_one_by_one(*inputs[:2], *right, lr)
        if form == "weight decay":
            return (loss, *(w - 0.01 * lr * v for w, v in zip(right, weights, strict=True)))
        if form == "float64":
            return (loss, *(w.astype(np.float64) for w in right))
        if form == "order":
            return loss, w1, w2, b1, b2
        if form == "nothing":
            return (loss, *weights)
        raise ValueError(form)

    return train_step


def _dropout_where(x: Any, p: float, training: bool, seed: int) -> Any:
    """The cache is what was kept, and p; in evaluation nothing."""
    if not training:
        return x.copy(), None
    kept = np.random.default_rng(seed).random(x.shape) < 1 - p
    return np.where(kept, x / (1 - p), 0).astype(x.dtype), (kept, p)


def _dropout_where_backward(dout: Any, cache: Any) -> Any:
    if cache is None:
        return dout.copy()
    if isinstance(cache, np.ndarray):
        return dout * cache
    kept, p = cache
    return np.where(kept, dout / (1 - p), 0).astype(dout.dtype)


def _dropout_binomial(x: Any, p: float, training: bool, seed: int) -> Any:
    """The cache is a dictionary."""
    np.random.seed(seed)
    mask = np.random.binomial(1, 1 - p, x.shape) / (1 - p) if training else np.ones(x.shape)
    mask = mask.astype(x.dtype)
    return mask * x, {"mask": mask}


def _dropout_binomial_backward(dout: Any, cache: Any) -> Any:
    return (cache["mask"] if isinstance(cache, dict) else cache) * dout


def _dropout_in_place_of_a_copy(x: Any, p: float, training: bool, seed: int) -> Any:
    """The cache is the seed of the mask."""
    out = x.copy()
    if training:
        out[np.random.default_rng(seed).random(x.shape) < p] = 0
        out /= 1 - p
    return out, (seed, p if training else 0.0)


def _dropout_in_place_of_a_copy_backward(dout: Any, cache: Any) -> Any:
    if isinstance(cache, np.ndarray):
        return cache * dout
    seed, p = cache
    dx = dout.copy()
    dx[np.random.default_rng(seed).random(dout.shape) < p] = 0
    dx /= 1 - p
    return dx


def _dropout(form: str) -> Callable[..., Any]:
    def dropout(x: Any, p: float, training: bool, seed: int) -> Any:
        rng = np.random.default_rng(0 if form == "one seed" else None if form == "none" else seed)
        if form == "keeps p":
            p = 1 - p
        shape = x.shape
        if form == "rows":
            shape = (len(x),) + (1,) * (x.ndim - 1)
        if form == "columns":
            shape = (1, *x.shape[1:])
        kept = np.broadcast_to(rng.random(shape) >= p, x.shape)
        mask = kept.astype(x.dtype) / (1 - p)
        if form == "in evaluation too":
            return x * mask, mask
        if form == "not rescaled":
            mask = kept.astype(x.dtype)
        if form == "multiplied":
            mask = kept.astype(x.dtype) * (1 - p)
        if form == "scaled by p":
            mask = kept.astype(x.dtype) / p if p else mask
        if form == "exactly":
            order = rng.permutation(x.size).reshape(x.shape)
            mask = (order % 2 >= 1).astype(x.dtype) / (1 - p)
        if form == "noise":
            mask = rng.normal(1, p, x.shape).astype(x.dtype)
        if form == "float64":
            mask = kept / np.float64(1 - p)
        if not training:
            if form == "classic":
                return x * (1 - p), np.full_like(x, 1 - p)
            if form == "scaled in evaluation":
                return x / (1 - p), np.full_like(x, 1 / (1 - p))
            return x, np.ones_like(x)
        if form == "in place":
            x *= mask
            return x, mask
        if form == "classic":
            return x * kept, kept.astype(x.dtype)
        if form == "no cache":
            return x * mask
        return x * mask, mask

    return dropout


def _dropout_backward(form: str) -> Callable[..., Any]:
    def backward(dout: Any, cache: Any) -> Any:
        kept = cache != 0
        if form == "not rescaled":
            return dout * kept
        if form == "another mask":
            return dout * np.random.default_rng().permutation(cache.ravel()).reshape(cache.shape)
        if form == "nothing":
            return dout
        if form == "scaled only":
            return dout * cache.max()
        if form == "divided":
            return np.where(kept, dout / np.where(kept, cache, 1), 0)
        if form == "squared":
            return dout * cache**2
        if form == "the mask":
            return cache
        if form == "in place":
            dout *= cache
            return dout
        if form == "dropped only":
            return dout * ~kept
        if form == "mask by dout":
            return dout * cache * (dout > 0)
        if form == "float64":
            return dout.astype(np.float64) * cache
        raise ValueError(form)

    return backward


def _norm_by_column(x: Any, gamma: Any, beta: Any, eps: float) -> Any:
    """The cache holds the inputs."""
    out = np.empty_like(x)
    for d in range(x.shape[1]):
        column = x[:, d]
        out[:, d] = gamma[d] * (column - np.mean(column)) / (np.var(column) + eps) ** 0.5 + beta[d]
    return out, (x, gamma, eps)


def _norm_staged(x: Any, gamma: Any, beta: Any, eps: float) -> Any:
    """The graph step by step, as CS231n has it."""
    mean = np.mean(x, axis=0)
    centred = x - mean
    var = np.mean(centred**2, axis=0)
    std = np.sqrt(var + eps)
    xhat = centred * (1 / std)
    return xhat * gamma + beta, {"centred": centred, "std": std, "xhat": xhat, "gamma": gamma}


def _norm_staged_backward(dout: Any, cache: Any) -> Any:
    if isinstance(cache, tuple):
        xhat, inv_std, gamma = cache
        std = 1 / inv_std
        centred = xhat * std
    else:
        xhat, std, gamma = cache["xhat"], cache["std"], cache["gamma"]
        centred = cache["centred"]
    n = len(dout)
    dxhat = dout * gamma
    dcentred = dxhat / std
    dstd = -np.sum(dxhat * centred, axis=0) / std**2
    dvar = 0.5 * dstd / std
    dcentred = dcentred + 2 / n * centred * dvar
    dx = dcentred - np.sum(dcentred, axis=0) / n
    return dx, np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)


def _norm_einsum(x: Any, gamma: Any, beta: Any, eps: float) -> Any:
    mean = np.einsum("nd->d", x) / len(x)
    centred = x - mean
    var = np.einsum("nd,nd->d", centred, centred) / len(x)
    xhat = centred / np.sqrt(var + eps)
    return np.einsum("d,nd->nd", gamma, xhat) + beta, (xhat, var + eps, gamma, "einsum")


def _norm_einsum_backward(dout: Any, cache: Any) -> Any:
    xhat, spread, gamma = cache[:3]
    inv_std = np.ravel(1 / np.sqrt(spread) if len(cache) == 4 else spread)
    n = len(dout)
    dgamma = np.einsum("nd,nd->d", dout, xhat)
    dbeta = np.einsum("nd->d", dout)
    dx = gamma * inv_std / n * (n * dout - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta


def _norm_by_column_backward(dout: Any, cache: Any) -> Any:
    """With the Jacobian of each column."""
    x, second, third = cache
    n, width = dout.shape
    dx = np.empty_like(dout)
    dgamma, dbeta = np.zeros(width, dout.dtype), np.zeros(width, dout.dtype)
    for d in range(width):
        if isinstance(third, float):
            gamma, inv = second[d], 1 / np.sqrt(x[:, d].var() + third)
            xhat = (x[:, d] - x[:, d].mean()) * inv
        else:
            gamma, inv, xhat = third[d], second[0, d], x[:, d]
        jacobian = inv * (np.eye(n, dtype=dout.dtype) - 1 / n - np.outer(xhat, xhat) / n)
        dx[:, d] = gamma * (jacobian @ dout[:, d])
        dgamma[d], dbeta[d] = xhat @ dout[:, d], dout[:, d].sum()
    return dx, dgamma, dbeta


def _norm(form: str) -> Callable[..., Any]:
    def batchnorm(x: Any, gamma: Any, beta: Any, eps: float) -> Any:
        mean, var = x.mean(axis=0), x.var(axis=0)
        if form == "ddof=1":
            var = var * len(x) / max(len(x) - 1, 1)
        if form == "rows":
            mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
        if form == "everything":
            mean, var = x.mean(), x.var()
        if form == "difference of squares":
            var = (x**2).mean(axis=0) - mean**2
        inv_std = 1 / np.sqrt(var + eps)
        if form == "eps outside":
            inv_std = 1 / (np.sqrt(var) + eps)
        if form == "no eps":
            inv_std = 1 / np.sqrt(var)
        if form == "eps ignored":
            inv_std = 1 / np.sqrt(var + 1e-5)
        if form == "no root":
            inv_std = 1 / (var + eps)
        if form == "not centred":
            mean = 0 * mean
        if form == "in place":
            x -= mean
            x *= inv_std
            return gamma * x + beta, (x, np.atleast_2d(inv_std), gamma)
        xhat = (x - mean) * inv_std
        cache = (xhat, np.atleast_2d(inv_std), gamma)
        out = gamma * xhat + beta
        if form == "swapped":
            out = beta * xhat + gamma
        if form == "no gamma":
            out = xhat + beta
        if form == "no beta":
            out = gamma * xhat
        if form == "xhat":
            out = xhat
        if form == "gamma on the shift":
            out = gamma * (xhat + beta)
        return (out.astype(np.float64) if form == "float64" else out), cache

    return batchnorm


def _norm_backward(form: str) -> Callable[..., Any]:
    def backward(dout: Any, cache: Any) -> Any:
        xhat, inv_std, gamma = cache
        n = len(dout)
        g = dout * gamma
        if form == "in place":
            dout *= gamma
            g = dout
        if form == "no gamma":
            g = dout
        shared, along = g.mean(axis=0), (g * xhat).mean(axis=0)
        dgamma, dbeta = (dout * xhat).sum(axis=0), dout.sum(axis=0)
        dx = inv_std * (g - shared - xhat * along)
        if form == "constants":
            dx = inv_std * g
        if form == "no var path":
            dx = inv_std * (g - shared)
        if form == "no mean path":
            dx = inv_std * (g - xhat * along)
        if form == "ddof=1":
            dx = inv_std * (g - shared - xhat * along * n / max(n - 1, 1))
        if form == "mean of everything":
            dx = inv_std * (g - g.mean() - xhat * along)
        if form == "summed, not averaged":
            dx = inv_std * (g - g.sum(axis=0) - xhat * (g * xhat).sum(axis=0))
        if form == "no inv_std":
            dx = g - shared - xhat * along
        if form == "var for std":
            dx = inv_std**2 * (g - shared - xhat * along)
        if form == "adds":
            dx = inv_std * (g + shared + xhat * along)
        if form == "divides by N":
            dx = dx / n
        if form == "gamma twice":
            dx = gamma * dx
        if form == "scalar dgamma":
            dgamma = np.sum(dout * xhat)
        if form == "dgamma of x":
            dgamma = (dout * (xhat / inv_std + 1)).sum(axis=0)
        if form == "keepdims":
            dgamma, dbeta = dgamma[None], dbeta[None]
        if form == "means":
            dgamma, dbeta = dgamma / n, dbeta / n
        if form == "dgamma with gamma":
            dgamma = (g * xhat).sum(axis=0)
        if form == "dbeta with gamma":
            dbeta = g.sum(axis=0)
        if form == "order":
            return dx, dbeta, dgamma
        if form == "row sums":
            dgamma, dbeta = (dout * xhat).sum(axis=1), dout.sum(axis=1)
        if form == "float64":
            dx = dx.astype(np.float64)
        if form == "per sample":
            dgamma, dbeta = dout * xhat, dout
        return dx, dgamma, dbeta

    return backward


def _numeric_norm_backward(dout: Any, cache: Any) -> Any:
    """Right numbers, as far as differences go: all points but those for float32."""
    x, gamma, beta, eps = cache
    inputs = [x.astype(np.float64), gamma.astype(np.float64), beta.astype(np.float64)]

    def at(place: int) -> Any:
        def f(value: Any) -> Any:
            given = [*inputs[:place], value, *inputs[place + 1 :]]
            return _norm("right")(*given, eps)[0]

        return numerical_gradient(f, inputs[place], dout.astype(np.float64))

    return at(0), at(1), at(2)


def _running_moves(x: Any, mean: Any, var: Any, momentum: float) -> Any:
    n = len(x)
    unbiased = np.sum((x - x.mean(axis=0)) ** 2, axis=0) / (n - 1)
    return mean + momentum * (x.mean(axis=0) - mean), var + momentum * (unbiased - var)


def _running_by_feature(x: Any, mean: Any, var: Any, momentum: float) -> Any:
    new_mean, new_var = mean.copy(), var.copy()
    for d in range(x.shape[1]):
        new_mean[d] = (1 - momentum) * mean[d] + momentum * np.mean(x[:, d])
        new_var[d] = (1 - momentum) * var[d] + momentum * np.var(x[:, d], ddof=1)
    return new_mean, new_var


def _running_factor(x: Any, mean: Any, var: Any, momentum: float) -> Any:
    factor = len(x) / (len(x) - 1)
    new_var = momentum * factor * x.var(axis=0) + var * (1 - momentum)
    return momentum * x.mean(axis=0) + mean * (1 - momentum), new_var


def _running(form: str) -> Callable[..., Any]:
    def running_statistics(x: Any, mean: Any, var: Any, m: float) -> Any:
        batch_mean, batch_var = x.mean(axis=0), x.var(axis=0, ddof=1)
        if form == "swapped":
            m = 1 - m
        if form == "biased":
            batch_var = x.var(axis=0)
        if form == "std":
            batch_var = x.std(axis=0, ddof=1)
        if form == "rows":
            batch_mean, batch_var = x.mean(axis=1), x.var(axis=1, ddof=1)
        if form == "batch only":
            return batch_mean, batch_var
        if form == "sum":
            return mean + m * batch_mean, var + m * batch_var
        if form == "fixed":
            m = 0.1
        if form == "factor the wrong way":
            batch_var = x.var(axis=0) * (len(x) - 1) / len(x)
        if form == "var on the mean":
            new = (1 - m) * mean + m * batch_mean
            spread = np.sum((x - new) ** 2, axis=0) / (len(x) - 1)
            return new, (1 - m) * var + m * spread
        if form == "in place":
            mean *= 1 - m
            mean += m * batch_mean
            return mean, (1 - m) * var + m * batch_var
        new = (1 - m) * mean + m * batch_mean, (1 - m) * var + m * batch_var
        return new[::-1] if form == "order" else new

    return running_statistics


def _eval_folded(x: Any, gamma: Any, beta: Any, mean: Any, var: Any, eps: float) -> Any:
    """As one linear layer."""
    w = gamma / np.sqrt(var + eps)
    return x * w + (beta - mean * w)


def _eval_by_sample(x: Any, gamma: Any, beta: Any, mean: Any, var: Any, eps: float) -> Any:
    return np.array([gamma * ((row - mean) / (var + eps) ** 0.5) + beta for row in x])


def _eval_einsum(x: Any, gamma: Any, beta: Any, mean: Any, var: Any, eps: float) -> Any:
    return np.einsum("nd,d,d->nd", x - mean, 1 / np.sqrt(var + eps), gamma) + beta


def _eval(form: str) -> Callable[..., Any]:
    def batchnorm_eval(x: Any, gamma: Any, beta: Any, mean: Any, var: Any, eps: float) -> Any:
        if form == "batch":
            mean, var = x.mean(axis=0), x.var(axis=0)
        if form == "batch mean":
            mean = x.mean(axis=0)
        if form == "no root":
            return gamma * (x - mean) / (var + eps) + beta
        if form == "eps outside":
            return gamma * (x - mean) / (np.sqrt(var) + eps) + beta
        if form == "eps forgotten":
            return gamma * (x - mean) / np.sqrt(var) + beta
        if form == "no gamma":
            return (x - mean) / np.sqrt(var + eps) + beta
        if form == "no beta":
            return gamma * (x - mean) / np.sqrt(var + eps)
        if form == "linear only":
            return gamma * x + beta
        if form == "swapped":
            return beta * (x - mean) / np.sqrt(var + eps) + gamma
        if form == "with a cache":
            return gamma * (x - mean) / np.sqrt(var + eps) + beta, None
        return gamma * (x - mean) / np.sqrt(var + eps) + beta

    return batchnorm_eval


RIGHT: Rows = {
    "A6.init_he": _good_inits("init_he", _he),
    "A6.init_xavier": _good_inits("init_xavier", _xavier),
    "A6.minibatches": {
        "split": {"minibatches": _split_batches},
        "a generator": {"minibatches": _yielded_batches},
        "lists of numbers": {"minibatches": _popped_batches},
    },
    "A6.train_step": {
        "one by one": {"train_step": _step_one_by_one},
        "copies, in place": {"train_step": _step_on_copies},
        "adds the negative": {"train_step": _step_adds_the_negative},
    },
    "A6.dropout": {
        "where": {"dropout": _dropout_where},
        "binomial": {"dropout": _dropout_binomial},
        "a copy, in place": {"dropout": _dropout_in_place_of_a_copy},
    },
    "A6.dropout_backward": {
        "where": {"dropout": _dropout_where, "dropout_backward": _dropout_where_backward},
        "binomial": {
            "dropout": _dropout_binomial,
            "dropout_backward": _dropout_binomial_backward,
        },
        "the mask again, of its seed": {
            "dropout": _dropout_in_place_of_a_copy,
            "dropout_backward": _dropout_in_place_of_a_copy_backward,
        },
        "suggested cache after a wrong forward": {"dropout": _dropout("not rescaled")},
        "suggested cache without a forward": {"dropout": lambda *args: 1 / 0},
    },
    "A6.batchnorm": {
        "by column": {"batchnorm": _norm_by_column},
        "staged": {"batchnorm": _norm_staged},
        "einsum": {"batchnorm": _norm_einsum},
    },
    "A6.batchnorm_backward": {
        "Jacobians": {
            "batchnorm": _norm_by_column,
            "batchnorm_backward": _norm_by_column_backward,
        },
        "staged": {"batchnorm": _norm_staged, "batchnorm_backward": _norm_staged_backward},
        "einsum": {"batchnorm": _norm_einsum, "batchnorm_backward": _norm_einsum_backward},
        "suggested cache, staged": {
            "batchnorm": lambda *args: 1 / 0,
            "batchnorm_backward": _norm_staged_backward,
        },
    },
    "A6.running_statistics": {
        "moves by a share": {"running_statistics": _running_moves},
        "feature by feature": {"running_statistics": _running_by_feature},
        "with the factor": {"running_statistics": _running_factor},
    },
    "A6.batchnorm_eval": {
        "folded": {"batchnorm_eval": _eval_folded},
        "sample by sample": {"batchnorm_eval": _eval_by_sample},
        "einsum": {"batchnorm_eval": _eval_einsum},
    },
}


def _table(
    name: str, make: Callable[[str], Callable[..., Any]], forms: dict[str, str]
) -> dict[str, Answer]:
    return {label: {name: make(form)} for label, form in forms.items()}


WRONG: Rows = {
    "A6.init_he": _bad_inits("init_he", _he),
    "A6.init_xavier": _bad_inits("init_xavier", _xavier),
    "A6.minibatches": _table(
        "minibatches",
        _batches,
        {
            "drops_last_batch": "drops the last",
            "no_shuffle": "not shuffled",
            "draws anew for each batch": "anew",
            "draws anew, no sample twice in a batch": "choice",
            "shuffles batches, not samples": "batches shuffled",
            "shuffles inside of batches": "inside",
            "starts somewhere, goes on in order": "rotated",
            "the same order in every epoch": "one seed",
            "no seed": "no seed",
            "an empty batch at the end": "empty",
            "counts from 1": "from 1",
            "fills the last batch up": "wraps",
            "batches of even sizes": "even sizes",
            "batch_size batches": "number of batches",
            "the first batch only": "first batch",
            "forgets sample 0": "without 0",
        },
    ),
    "A6.train_step": _table(
        "train_step",
        _step,
        {
            "OP12 ascends": "ascends",
            "assigns the step": "assigns",
            "the loss after the step": "loss after",
            "biases stay": "no biases",
            "the last layer stays": "first layer only",
            "the first layer stays": "last layer only",
            "divides by N again": "divides by N",
            "gradients of weights that were changed already": "one after another",
            "OP10 in place": "in place",
            "no learning rate": "no rate",
            "no loss": "no loss",
            "returns gradients": "gradients",
            "summed loss": "summed loss",
            "two steps": "two steps",
            "weight decay that nobody asked for": "weight decay",
            "float64": "float64",
            "GEN3 wrong order": "order",
            "no step": "nothing",
        },
    ),
    "A6.dropout": _table(
        "dropout",
        _dropout,
        {
            "dropout_no_rescale": "not rescaled",
            "mask_in_eval": "in evaluation too",
            "DO3 p is the share that is kept": "keeps p",
            "DO4 scaled in evaluation too": "scaled in evaluation",
            "scaled in evaluation in place of training": "classic",
            "multiplied by 1 - p": "multiplied",
            "divided by p": "scaled by p",
            "half of the entries, whatever p is": "exactly",
            "noise in place of a mask": "noise",
            "whole rows": "rows",
            "whole columns": "columns",
            "the same mask in every step": "one seed",
            "no seed": "none",
            "in place": "in place",
            "float64": "float64",
            "no cache": "no cache",
        },
    )
    | {"does nothing": {"dropout": lambda x, p, training, seed: (x, np.ones_like(x))}},
    "A6.dropout_backward": _table(
        "dropout_backward",
        _dropout_backward,
        {
            "DO1 1 / (1 - p) forgotten": "not rescaled",
            "DO2 a new mask": "another mask",
            "dout as it is": "nothing",
            "scaled, not masked": "scaled only",
            "divided by the mask": "divided",
            "the mask twice": "squared",
            "ACT2 upstream dropped": "the mask",
            "GEN2 in place": "in place",
            "the opposite mask": "dropped only",
            "masked by the sign of dout too": "mask by dout",
            "float64": "float64",
        },
    ),
    "A6.batchnorm": _table(
        "batchnorm",
        _norm,
        {
            "ddof1": "ddof=1",
            "LN1 over rows": "rows",
            "over everything": "everything",
            "variance as a difference of squares": "difference of squares",
            "eps outside of the root": "eps outside",
            "no eps": "no eps",
            "eps ignored": "eps ignored",
            "root forgotten": "no root",
            "not centred": "not centred",
            "in place": "in place",
            "gamma and beta swapped": "swapped",
            "gamma forgotten": "no gamma",
            "beta forgotten": "no beta",
            "returns xhat": "xhat",
            "gamma on the shift": "gamma on the shift",
            "float64": "float64",
        },
    ),
    "A6.batchnorm_backward": _table(
        "batchnorm_backward",
        _norm_backward,
        {
            "BN1 mean_var_constant": "constants",
            "BN2 forgot_var_path": "no var path",
            "BN3 forgot_mean_path": "no mean path",
            "BN4 ddof1": "ddof=1",
            "BN5 scalar dgamma": "scalar dgamma",
            "BN6 dgamma_uses_x": "dgamma of x",
            "BN7 keepdims": "keepdims",
            "BN8 mean of everything": "mean of everything",
            "BN9 gamma forgotten in dx": "no gamma",
            "sum_not_mean": "summed, not averaged",
            "inv_std forgotten": "no inv_std",
            "the variance in place of its root": "var for std",
            "paths added": "adds",
            "dx divided by N": "divides by N",
            "gamma twice in dx": "gamma twice",
            "means in dgamma and dbeta": "means",
            "gamma in dgamma": "dgamma with gamma",
            "gamma in dbeta": "dbeta with gamma",
            "GEN3 wrong order": "order",
            "sums of rows": "row sums",
            "no sums": "per sample",
            "GEN2 in place": "in place",
            "float64": "float64",
        },
    )
    | {
        "GEN5 numerical gradient": {
            "batchnorm": lambda *args: (_norm("right")(*args)[0], args),
            "batchnorm_backward": _numeric_norm_backward,
        },
    },
    "A6.running_statistics": _table(
        "running_statistics",
        _running,
        {
            "BN10 roles of momentum swapped": "swapped",
            "biased variance": "biased",
            "deviation in place of variance": "std",
            "over rows": "rows",
            "the batch only": "batch only",
            "a sum": "sum",
            "momentum ignored": "fixed",
            "factor the wrong way": "factor the wrong way",
            "variance around the new mean": "var on the mean",
            "in place": "in place",
            "GEN3 wrong order": "order",
        },
    ),
    "A6.batchnorm_eval": _table(
        "batchnorm_eval",
        _eval,
        {
            "BN11 statistics of the batch": "batch",
            "mean of the batch": "batch mean",
            "root forgotten": "no root",
            "eps outside of the root": "eps outside",
            "eps forgotten": "eps forgotten",
            "gamma forgotten": "no gamma",
            "beta forgotten": "no beta",
            "not normalised": "linear only",
            "gamma and beta swapped": "swapped",
            "returns a cache": "with a cache",
        },
    ),
}
