"""Answers to the first layers of A5: linear, ReLU, softmax and cross-entropy."""

from collections.abc import Callable
from typing import Any

import numpy as np

Answers = dict[str, dict[str, dict[str, Callable[..., Any]]]]


def linear_einsum(x: Any, w: Any, b: Any) -> Any:
    rows = x.reshape(x.shape[0], -1)
    return np.einsum("nd,dm->nm", rows, w) + b[None], (rows, w, x.shape)


def linear_einsum_backward(dout: Any, cache: Any) -> Any:
    rows, w, shape = cache
    dx = np.einsum("nm,dm->nd", dout, w).reshape(shape)
    return dx, np.einsum("nd,nm->dm", rows, dout), np.einsum("nm->m", dout)


def linear_loop(x: Any, w: Any, b: Any) -> Any:
    out = np.zeros((len(x), len(b)), x.dtype)
    for n in range(len(x)):
        out[n] = x[n].ravel() @ w + b
    return out, {"x": x, "w": w, "b": b}


def linear_loop_backward(dout: Any, cache: Any) -> Any:
    x, w, b = cache["x"], cache["w"], cache["b"]
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for n in range(len(x)):
        dx[n] = (w @ dout[n]).reshape(x[n].shape)
        dw += np.outer(x[n], dout[n])
        db += dout[n]
    return dx, dw, db


def linear_bias_row(x: Any, w: Any, b: Any) -> Any:
    """The bias as one more row of weights, for an input that is always 1."""
    ones = np.ones((len(x), 1), x.dtype)
    rows = np.hstack([x.reshape(len(x), -1), ones])
    return rows @ np.vstack([w, b]), (rows, w, x.shape)


def linear_bias_row_backward(dout: Any, cache: Any) -> Any:
    rows, w, shape = cache
    both = rows.T @ dout
    return (dout @ w.T).reshape(shape), both[:-1], both[-1]


def relu_where(x: Any) -> Any:
    return np.where(x > 0, x, 0).astype(x.dtype), x > 0


def relu_where_backward(dout: Any, cache: Any) -> Any:
    return np.where(cache, dout, 0).astype(dout.dtype)


def relu_product(x: Any) -> Any:
    return x * (x > 0), x


def relu_product_backward(dout: Any, cache: Any) -> Any:
    return dout * (cache > 0)


def relu_absolute(x: Any) -> Any:
    return (x + np.abs(x)) / 2, np.sign(x)


def relu_absolute_backward(dout: Any, cache: Any) -> Any:
    return dout * np.maximum(cache, 0)


def ce_log_sum_exp(scores: Any, labels: Any) -> Any:
    top = scores.max(axis=1, keepdims=True)
    lse = top[:, 0] + np.log(np.exp(scores - top).sum(axis=1))
    losses = lse - scores[np.arange(len(scores)), labels]
    return losses.mean(), (scores, labels)


def ce_log_sum_exp_backward(dout: Any, cache: Any) -> Any:
    scores, labels = cache
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(p)), labels] -= 1
    return p * scores.dtype.type(dout) / len(p)


def ce_one_hot(scores: Any, labels: Any) -> Any:
    targets = np.eye(scores.shape[1], dtype=scores.dtype)[labels]
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.sum(targets * log_p) / len(scores), (log_p, targets)


def ce_one_hot_backward(dout: Any, cache: Any) -> Any:
    log_p, targets = cache
    return (np.exp(log_p) - targets) * log_p.dtype.type(dout) / len(targets)


def ce_loop(scores: Any, labels: Any) -> Any:
    total, p = scores.dtype.type(0), np.zeros_like(scores)
    for n, label in enumerate(labels):
        shifted = scores[n] - scores[n].max()
        powers = np.exp(shifted)
        p[n] = powers / powers.sum()
        total += np.log(powers.sum()) - shifted[label]
    return total / scores.dtype.type(len(scores)), (p, labels)


def ce_loop_backward(dout: Any, cache: Any) -> Any:
    p, labels = cache
    dscores = p.copy()
    for n, label in enumerate(labels):
        dscores[n, label] -= 1
    return dscores / len(p) * p.dtype.type(dout)


def _both(name: str, forward: Any, backward: Any) -> dict[str, Callable[..., Any]]:
    return {name: forward, f"{name}_backward": backward}


LAYERS = {
    "linear": {
        "einsum": _both("linear", linear_einsum, linear_einsum_backward),
        "sample by sample": _both("linear", linear_loop, linear_loop_backward),
        "bias as a row": _both("linear", linear_bias_row, linear_bias_row_backward),
    },
    "relu": {
        "where": _both("relu", relu_where, relu_where_backward),
        "product": _both("relu", relu_product, relu_product_backward),
        "absolute value": _both("relu", relu_absolute, relu_absolute_backward),
    },
    "softmax_ce": {
        "log-sum-exp": _both("softmax_ce", ce_log_sum_exp, ce_log_sum_exp_backward),
        "one-hot": _both("softmax_ce", ce_one_hot, ce_one_hot_backward),
        "sample by sample": _both("softmax_ce", ce_loop, ce_loop_backward),
    },
}
RIGHT: Answers = {
    f"A5.{name}{end}": found for name, found in LAYERS.items() for end in ("", "_backward")
}
WRONG: Answers = {
    "A5.linear": {
        "bias forgotten": {"linear": lambda x, w, b: (x.reshape(len(x), -1) @ w, (x, w, b))},
        "bias per sample": {
            "linear": lambda x, w, b: (x.reshape(len(x), -1) @ w + b[:, None], (x, w, b))
        },
        "images not flattened": {"linear": lambda x, w, b: (x @ w + b, (x, w, b))},
        "always float64": {
            "linear": lambda x, w, b: (
                x.reshape(len(x), -1).astype(float) @ w + b,
                (x, w, b),
            )
        },
    },
    "A5.relu": {
        "absolute": {"relu": lambda x: (np.abs(x), x)},
        "leaks": {"relu": lambda x: (np.maximum(x, 0.01 * x), x)},
        "stops at one": {"relu": lambda x: (np.clip(x, 0, 1), x)},
        "writes into x": {"relu": lambda x: (np.maximum(x, 0, out=x), x)},
    },
    "A5.softmax_ce": {
        "a sum, no mean": {
            "softmax_ce": lambda s, y: (ce_log_sum_exp(s, y)[0] * len(s), (s, y)),
        },
        "sign": {"softmax_ce": lambda s, y: (-ce_log_sum_exp(s, y)[0], (s, y))},
        "softmax over the samples": {
            "softmax_ce": lambda s, y: (
                ce_log_sum_exp(s.T, np.resize(np.arange(len(s)), s.shape[1]))[0],
                (s, y),
            )
        },
        "not stable": {
            "softmax_ce": lambda s, y: (
                -np.mean(np.log((np.exp(s) / np.exp(s).sum(1, keepdims=True))[range(len(s)), y])),
                (s, y),
            )
        },
    },
}
