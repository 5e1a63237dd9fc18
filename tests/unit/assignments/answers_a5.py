"""Right and wrong answers to A5, with those of `answers_a5_layers`."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursepkg import functional as F
from tests.unit.assignments import answers_a5_layers as layers

Answers = dict[str, dict[str, dict[str, Callable[..., Any]]]]


Function = Callable[..., Any]


def _pair(name: str, forward: Function, backward: Function | None = None) -> dict[str, Function]:
    return {name: forward} if backward is None else {name: forward, f"{name}_backward": backward}


def _looped(slope: Callable[..., float], value: Callable[..., float]) -> tuple[Any, Any]:
    """An activation and its backward pass, one entry at a time."""

    def forward(x: Any, *settings: float) -> Any:
        out = np.zeros_like(x)
        for index in np.ndindex(x.shape):
            out[index] = value(float(x[index]), *settings)
        return out, (x, settings)

    def backward(dout: Any, cache: Any) -> Any:
        x, settings = cache
        dx = np.zeros_like(x)
        for index in np.ndindex(x.shape):
            dx[index] = dout[index] * slope(float(x[index]), *settings)
        return dx

    return forward, backward


def _masked_elu(x: Any, alpha: float) -> Any:
    out = x.copy()
    out[x <= 0] = alpha * (np.exp(x[x <= 0]) - 1)
    return out, (out, alpha)


def _masked_elu_backward(dout: Any, cache: Any) -> Any:
    out, alpha = cache
    dx = dout.copy()
    dx[out <= 0] *= out[out <= 0] + alpha
    return dx


def _masked_sigmoid(x: Any) -> Any:
    out = np.empty_like(x)
    out[x >= 0] = 1 / (1 + np.exp(-x[x >= 0]))
    low = np.exp(x[x < 0])
    out[x < 0] = low / (1 + low)
    return out, (x, out)


def _logistic(x: float) -> float:
    return 1 / (1 + np.exp(-x)) if x > -700 else 0.0


ACTIVATIONS: dict[str, dict[str, dict[str, Callable[..., Any]]]] = {
    "leaky_relu": {
        "a maximum and a minimum": _pair(
            "leaky_relu",
            lambda x, s: (np.maximum(x, 0) + s * np.minimum(x, 0), (x > 0, s)),
            lambda dout, c: dout * c[0] + c[1] * dout * ~c[0],
        ),
        "a table of slopes": _pair(
            "leaky_relu",
            lambda x, s: (np.choose(x > 0, (s, 1)).astype(x.dtype) * x, (x, s)),
            lambda dout, c: dout * np.choose(c[0] > 0, (c[1], 1)).astype(dout.dtype),
        ),
        "a loop": _pair(
            "leaky_relu",
            *_looped(lambda x, s: 1 if x > 0 else s, lambda x, s: x if x > 0 else s * x),
        ),
    },
    "sigmoid": {
        "half a tanh": _pair(
            "sigmoid",
            lambda x: ((1 + np.tanh(x / 2)) / 2, x),
            lambda dout, x: dout * (1 - np.tanh(x / 2) ** 2) / 4,
        ),
        "masks": _pair(
            "sigmoid", _masked_sigmoid, lambda dout, c: dout * c[1] - dout * c[1] * c[1]
        ),
        "a loop": _pair(
            "sigmoid", *_looped(lambda x: _logistic(x) * (1 - _logistic(x)), _logistic)
        ),
    },
    "tanh": {
        "two sigmoids": _pair(
            "tanh",
            lambda x: (2 * F.sigmoid(2 * x)[0] - 1, 2 * F.sigmoid(2 * x)[0] - 1),
            lambda dout, out: dout * (1 - out) * (1 + out),
        ),
        "the input as cache": _pair(
            "tanh", lambda x: (np.tanh(x), x), lambda dout, x: dout - dout * np.tanh(x) ** 2
        ),
        "a loop": _pair("tanh", *_looped(lambda x: 1 - np.tanh(x) ** 2, np.tanh)),
    },
    "elu": {
        "masks": _pair("elu", _masked_elu, _masked_elu_backward),
        "a sum of two parts": _pair(
            "elu",
            lambda x, a: (np.maximum(x, 0) + a * np.expm1(np.minimum(x, 0)), (x, a)),
            lambda dout, c: dout * ((c[0] > 0) + c[1] * np.exp(np.minimum(c[0], 0)) * (c[0] <= 0)),
        ),
        "a loop": _pair(
            "elu",
            *_looped(
                lambda x, a: 1 if x > 0 else a * np.exp(x),
                lambda x, a: x if x > 0 else a * (np.exp(x) - 1),
            ),
        ),
    },
}


def _network(**changed: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """A network written out by hand, in which some steps are `changed`."""
    steps: dict[str, Callable[..., Any]] = {
        "activation": lambda z: np.maximum(z, 0),
        "read_by_second": lambda x, hidden: hidden,
        "gate": lambda dhidden, z, x: dhidden * (z > 0),
        "penalty": lambda w, lam: lam / 2 * (w**2).sum(),
        "with_penalty": lambda dw, w, lam: dw + lam * w,
        "db": lambda dout, b, lam: dout.sum(axis=0),
        "mean": lambda dscores: dscores / len(dscores),
        **changed,
    }

    def loss(x: Any, labels: Any, w1: Any, b1: Any, w2: Any, b2: Any, lam: float) -> Any:
        z = x @ w1 + b1
        hidden = steps["activation"](z)
        value, cache = F.cross_entropy(hidden @ w2 + b2, labels)
        onehot = np.eye(w2.shape[1], dtype=x.dtype)[labels]
        dscores = steps["mean"](cache.probabilities - onehot)
        dz = steps["gate"](dscores @ w2.T, z, x)
        return (
            value + steps["penalty"](w1, lam) + steps["penalty"](w2, lam),
            steps["with_penalty"](x.T @ dz, w1, lam),
            steps["db"](dz, b1, lam),
            steps["with_penalty"](steps["read_by_second"](x, hidden).T @ dscores, w2, lam),
            steps["db"](dscores, b2, lam),
        )

    return {"two_layer_loss": loss}


def _einsum_network(x: Any, labels: Any, w1: Any, b1: Any, w2: Any, b2: Any, lam: float) -> Any:
    z = np.einsum("nd,dh->nh", x, w1) + b1
    hidden = z.clip(0)
    scores = np.einsum("nh,hc->nc", hidden, w2) + b2
    scores = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    rows = np.arange(len(x))
    value = -np.log(p[rows, labels]).sum() / len(x) + lam / 2 * sum((w**2).sum() for w in (w1, w2))
    p[rows, labels] -= 1
    dz = np.where(z > 0, np.einsum("nc,hc->nh", p, w2), 0)
    grads = np.einsum("nd,nh->dh", x, dz), dz.sum(0), np.einsum("nh,nc->hc", hidden, p), p.sum(0)
    dw1, db1, dw2, db2 = (g / len(x) for g in grads)
    return value, dw1 + lam * w1, db1, dw2 + lam * w2, db2


def _stale() -> dict[str, Callable[..., Any]]:
    right = _network()["two_layer_loss"]
    kept: list[Any] = []

    def loss(*inputs: Any) -> Any:
        kept.append(inputs)
        old = kept[max(len(kept) - 2, 0)]
        same = old[0].shape == inputs[0].shape and old[2].shape == inputs[2].shape
        return (right(*inputs)[0], *right(*(old if same else inputs))[1:])

    return {"two_layer_loss": loss}


def _homework(dw1: Callable[..., Any], dw2: Callable[..., Any], **more: Any) -> dict[str, Any]:
    total = more.get("total", lambda out: (out**2).sum())

    def squared_output(x: Any, w1: Any, w2: Any) -> Any:
        z = x @ w1
        hidden = np.maximum(z, 0)
        out = hidden @ w2
        return total(out), dw1(x, z, out, w2), dw2(x, hidden, out)

    return {"squared_output": squared_output}


def _right_dw1(x: Any, z: Any, out: Any, w2: Any) -> Any:
    return np.einsum("nd,nc,hc,nh->dh", x, 2 * out, w2, (z > 0).astype(x.dtype))


def _right_dw2(x: Any, hidden: Any, out: Any) -> Any:
    return 2 * np.einsum("nh,nc->hc", hidden, out)


def _by_samples(x: Any, w1: Any, w2: Any) -> Any:
    total, dw1, dw2 = x.dtype.type(0), np.zeros_like(w1), np.zeros_like(w2)
    for row in x:
        hidden = np.maximum(row @ w1, 0)
        out = hidden @ w2
        total += out @ out
        dw1 += np.outer(row, (w2 @ (2 * out)) * (hidden > 0))
        dw2 += np.outer(hidden, 2 * out)
    return total, dw1, dw2


RIGHT: Answers = {
    **layers.RIGHT,
    **{
        f"A5.{name}{end}": found for name, found in ACTIVATIONS.items() for end in ("", "_backward")
    },
    "A5.two_layer_loss": {
        "written out": _network(),
        "einsum": {"two_layer_loss": _einsum_network},
        "penalty by norms": _network(penalty=lambda w, lam: lam * np.linalg.norm(w) ** 2 / 2),
    },
    "A5.squared_output": {
        "einsum": _homework(_right_dw1, _right_dw2),
        "sample by sample": {"squared_output": _by_samples},
        "the Frobenius norm": _homework(
            _right_dw1, _right_dw2, total=lambda out: np.linalg.norm(out) ** 2
        ),
    },
}
WRONG: Answers = {
    **layers.WRONG,
    "A5.leaky_relu": {
        "slope on the positive side": _pair(
            "leaky_relu", lambda x, s: (np.where(x > 0, s * x, x), None), None
        ),
        "fixed slope": _pair("leaky_relu", lambda x, s: (np.where(x > 0, x, 0.01 * x), None)),
    },
    "A5.sigmoid": {
        "overflows to nan": _pair("sigmoid", lambda x: (np.exp(x) / (1 + np.exp(x)), None)),
        "sign": _pair("sigmoid", lambda x: (F.sigmoid(-x)[0], None)),
    },
    "A5.tanh": {
        "overflows to nan": _pair(
            "tanh",
            lambda x: ((np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)), None),
        ),
        "a sigmoid": _pair("tanh", lambda x: (F.sigmoid(x)[0], None)),
    },
    "A5.elu": {
        "without minus one": _pair(
            "elu", lambda x, a: (np.where(x > 0, x, a * np.exp(np.minimum(x, 0))), None), None
        ),
        "alpha forgotten": _pair(
            "elu", lambda x, a: (np.where(x > 0, x, np.expm1(np.minimum(x, 0))), None), None
        ),
    },
    "A5.elu_backward": {
        "alpha forgotten": {
            "elu_backward": lambda dout, c: (
                dout * np.where(c[0] > 0, 1, np.exp(np.minimum(c[0], 0)))
            )
        },
        "upstream dropped": {
            "elu_backward": lambda dout, c: np.where(
                c[0] > 0, 1, c[1] * np.exp(np.minimum(c[0], 0))
            )
        },
    },
    "A5.two_layer_loss": {
        "layer2_reads_x: no hidden activation forwards": _network(activation=lambda z: z),
        "no_hidden_activation backwards": _network(gate=lambda dhidden, z, x: dhidden),
        "assign_update: the penalty replaces the gradient": _network(
            with_penalty=lambda dw, w, lam: lam * w
        ),
        "no penalty in the gradient (REG3)": _network(with_penalty=lambda dw, w, lam: dw),
        "twice the penalty in the gradient (REG2)": _network(
            with_penalty=lambda dw, w, lam: dw + 2 * lam * w
        ),
        "penalty without the half (REG1)": _network(penalty=lambda w, lam: lam * (w**2).sum()),
        "biases penalised (REG5)": _network(db=lambda dout, b, lam: dout.sum(axis=0) + lam * b),
        "not divided by N (CE1)": _network(mean=lambda dscores: dscores),
        "stale_cache": _stale(),
    },
    "A5.squared_output": {
        "2 forgotten": _homework(lambda *a: _right_dw1(*a) / 2, lambda *a: _right_dw2(*a) / 2),
        "mask forgotten": _homework(lambda x, z, out, w2: x.T @ (2 * out @ w2.T), _right_dw2),
        "the spectral norm (E-A7)": _homework(
            _right_dw1, _right_dw2, total=lambda out: np.linalg.norm(out, 2) ** 2
        ),
        "dw2 of x": _homework(_right_dw1, lambda x, hidden, out: 2 * hidden.T @ np.ones_like(out)),
    },
}
