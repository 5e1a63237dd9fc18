"""Right and wrong answers to assignment 7."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

Answer = dict[str, Callable[..., Any]]
Rows = dict[str, dict[str, Answer]]


def _by_entry(rule: Callable[..., Any]) -> Callable[..., Any]:
    """The same rule, written as a loop over entries; its state is an array or None."""

    def looped(w: Any, dw: Any, state: Any, *options: Any) -> Any:
        new, kept = np.empty_like(w), np.empty_like(w)
        for place in np.ndindex(*w.shape):
            old = None if state is None else state[place]
            new[place], kept[place] = rule(w[place], dw[place], old, *options)
        return new, kept

    return looped


def _sgd_by_entry(w: Any, dw: Any, state: Any, lr: float) -> Any:
    new = w.copy()
    for place in np.ndindex(*w.shape):
        new[place] -= lr * dw[place]
    return new, None


def _sgd_in_place_of_a_copy(w: Any, dw: Any, state: Any, lr: float) -> Any:
    w = np.array(w)
    w -= lr * dw
    return w, state


def _momentum(v: Any, dw: Any, rho: float) -> Any:
    return dw.copy() if v is None else rho * v + dw


def _momentum_from_zeros(w: Any, dw: Any, state: Any, lr: float, momentum: float = 0.9) -> Any:
    v = np.zeros_like(w) if state is None else state.copy()
    v *= momentum
    v += dw
    return w - lr * v, v


def _momentum_of_the_step(w: Any, dw: Any, state: Any, lr: float, momentum: float = 0.9) -> Any:
    v = _momentum(state, dw, momentum)
    step = -lr * v
    return np.add(w, step), v


def _nesterov_two_steps(w: Any, dw: Any, state: Any, lr: float, momentum: float = 0.9) -> Any:
    v = _momentum(state, dw, momentum)
    return w - lr * dw - lr * momentum * v, v


def _nesterov_difference(w: Any, dw: Any, state: Any, lr: float, momentum: float = 0.9) -> Any:
    old = np.zeros_like(w) if state is None else state
    v = momentum * old + dw
    return w - lr * ((1 + momentum) * v - momentum * old), v


def _nesterov_from_zeros(w: Any, dw: Any, state: Any, lr: float, momentum: float = 0.9) -> Any:
    old = state if state is not None else w * 0
    v = old * momentum + dw
    return w - lr * dw - lr * momentum**2 * old - lr * momentum * dw, v


def _adagrad_sqrt(w: Any, dw: Any, state: Any, lr: float, eps: float = 1e-8) -> Any:
    s = (0 if state is None else state) + dw * dw
    return w - (lr / (np.sqrt(s) + eps)) * dw, s


def _adagrad_power(w: Any, dw: Any, state: Any, lr: float, eps: float = 1e-8) -> Any:
    s = np.power(dw, 2) if state is None else np.add(state, np.square(dw))
    return np.subtract(w, lr * np.divide(dw, np.sqrt(s) + eps)), s


def _rmsprop_sqrt(
    w: Any, dw: Any, state: Any, lr: float, decay: float = 0.9, eps: float = 1e-8
) -> Any:
    s = np.zeros_like(dw) if state is None else state
    s = decay * s + (1.0 - decay) * np.square(dw)
    return w - lr / (np.sqrt(s) + eps) * dw, s


def _rmsprop_moves(
    w: Any, dw: Any, state: Any, lr: float, decay: float = 0.9, eps: float = 1e-8
) -> Any:
    s = 0 * w if state is None else state
    s = s + (1 - decay) * (dw**2 - s)
    return w - lr * dw / (np.sqrt(s) + eps), s


def _adam(
    w: Any,
    dw: Any,
    state: Any,
    lr: float,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    *,
    corrected: bool = True,
    first: int = 1,
    inside: bool = False,
    root: float = 0.5,
    square: float = 2,
) -> Any:
    b1, b2 = betas
    m, v, t = state if state is not None else (np.zeros_like(w), np.zeros_like(w), first - 1)
    t = t + 1
    m, v = b1 * m + (1 - b1) * dw, b2 * v + (1 - b2) * dw**square
    mean, size = (m / (1 - b1**t), v / (1 - b2**t)) if corrected else (m, v)
    if inside:
        return w - lr * mean / (size + eps) ** 0.5, (m, v, t)
    return w - lr * mean / (size**root + eps), (m, v, t)


def _adam_by_entry(
    w: Any, dw: Any, state: Any, lr: float, betas: Any = (0.9, 0.999), eps: float = 1e-8
) -> Any:
    m = np.zeros_like(w) if state is None else state[0].copy()
    v = np.zeros_like(w) if state is None else state[1].copy()
    t = 1 if state is None else state[2] + 1
    new = np.empty_like(w)
    for i in np.ndindex(*w.shape):
        m[i] = betas[0] * m[i] + (1 - betas[0]) * dw[i]
        v[i] = betas[1] * v[i] + (1 - betas[1]) * dw[i] ** 2
        mean, size = m[i] / (1 - betas[0] ** t), v[i] / (1 - betas[1] ** t)
        new[i] = w[i] - lr * mean / (np.sqrt(size) + eps)
    return new, (m, v, t)


def _adam_moves(
    w: Any, dw: Any, state: Any, lr: float, betas: Any = (0.9, 0.999), eps: float = 1e-8
) -> Any:
    """The state is a list, and the means move by a share of what they lack."""
    m, v, t = state if state is not None else (0 * w, 0 * w, 0)
    m = m + (1 - betas[0]) * (dw - m)
    v = v + (1 - betas[1]) * (np.square(dw) - v)
    t += 1
    rate = lr / (1 - betas[0] ** t)
    return w - rate * m / (np.sqrt(v / (1 - betas[1] ** t)) + eps), [m, v, t]


def _adam_in_place_of_copies(
    w: Any, dw: Any, state: Any, lr: float, betas: Any = (0.9, 0.999), eps: float = 1e-8
) -> Any:
    m, v, t = (np.array(part) for part in state) if state else (np.zeros_like(w),) * 2 + (0,)
    m, v = m.copy(), v.copy()
    m *= betas[0]
    m += (1 - betas[0]) * dw
    v *= betas[1]
    v += (1 - betas[1]) * dw * dw
    t = int(t) + 1
    size = np.sqrt(v / (1 - betas[1] ** t)) + eps
    return w - lr * (m / (1 - betas[0] ** t)) / size, (m, v, t)


RIGHT: Rows = {
    "A7.sgd": {
        "by entry": {"sgd": _sgd_by_entry},
        "a copy, in place": {"sgd": _sgd_in_place_of_a_copy},
        "adds the negative": {"sgd": lambda w, dw, state, lr: (w + (-lr) * dw, None)},
    },
    "A7.momentum": {
        "from zeros, in place": {"momentum": _momentum_from_zeros},
        "step with a sign": {"momentum": _momentum_of_the_step},
        "by entry": {"momentum": _by_entry(_momentum_of_the_step)},
    },
    "A7.nesterov": {
        "two steps": {"nesterov": _nesterov_two_steps},
        "from the difference of velocities": {"nesterov": _nesterov_difference},
        "written out": {"nesterov": _nesterov_from_zeros},
        "by entry": {"nesterov": _by_entry(_nesterov_two_steps)},
    },
    "A7.adagrad": {
        "a rate for each entry": {"adagrad": _adagrad_sqrt},
        "functions of NumPy": {"adagrad": _adagrad_power},
        "by entry": {"adagrad": _by_entry(_adagrad_sqrt)},
    },
    "A7.rmsprop": {
        "from zeros": {"rmsprop": _rmsprop_sqrt},
        "moves by a share": {"rmsprop": _rmsprop_moves},
        "by entry": {"rmsprop": _by_entry(_rmsprop_sqrt)},
    },
    "A7.adam": {
        "from zeros": {"adam": _adam},
        "by entry": {"adam": _adam_by_entry},
        "moves by a share, state is a list": {"adam": _adam_moves},
        "copies, in place": {"adam": _adam_in_place_of_copies},
    },
}


_memory: dict[str, Any] = {}


def _remembering(name: str, rule: Callable[..., Any]) -> Callable[..., Any]:
    """One state in a global variable for all parameters; the state that is handed in is ignored."""

    def shared(w: Any, dw: Any, state: Any, *options: Any) -> Any:
        old = _memory.get(name)
        if state is None and (old is None or old[0] != w.shape):
            old = (w.shape, None)
        new_w, new = rule(w, dw, old[1] if old and old[0] == w.shape else None, *options)
        _memory[name] = (w.shape, new)
        return new_w, new

    return shared


def _in_place(rule: Callable[..., Any]) -> Callable[..., Any]:
    def changing(w: Any, *rest: Any) -> Any:
        new, state = rule(w, *rest)
        w[...] = new
        return w, state

    return changing


def _in_float64(rule: Callable[..., Any]) -> Callable[..., Any]:
    def longer(w: Any, dw: Any, *rest: Any) -> Any:
        return rule(w.astype(np.float64), dw.astype(np.float64), *rest)

    return longer


def _does_nothing(w: Any, dw: Any, state: Any, *options: Any) -> Any:
    return w, state


def _velocity(form: str) -> Callable[..., Any]:
    """Momentum with one thing wrong."""

    def momentum(w: Any, dw: Any, state: Any, lr: float, momentum: float = 0.9) -> Any:
        old = np.zeros_like(w) if state is None else state
        v = momentum * old + dw
        if form == "ascends":
            return w + lr * v, v
        if form == "mean":
            v = momentum * old + (1 - momentum) * dw
            return w - lr * v, v
        if form == "rate inside":
            v = momentum * old + lr * dw
            return w - v, v
        if form == "sign":
            v = momentum * old - lr * dw
            return w - v, v
        if form == "negative velocity":
            v = momentum * old - lr * dw
            return w + v, v
        if form == "old velocity":
            return w - lr * old, v
        if form == "roles swapped":
            v = old + momentum * dw
            return w - lr * v, v
        if form == "forgets":
            return w - lr * dw, v
        if form == "state changed":
            old *= momentum
            old += dw
            return w - lr * old, old
        raise ValueError(form)

    return momentum


def _lookahead(form: str) -> Callable[..., Any]:
    """Nesterov's momentum with one thing wrong."""

    def nesterov(w: Any, dw: Any, state: Any, lr: float, momentum: float = 0.9) -> Any:
        old = np.zeros_like(w) if state is None else state
        v = momentum * old + dw
        if form == "momentum":
            return w - lr * v, v
        if form == "old velocity":
            return w - lr * (dw + momentum * old), v
        if form == "no gradient":
            return w - lr * momentum * v, v
        if form == "adds v":
            return w - lr * (dw + v), v
        if form == "twice":
            return w - lr * (v + momentum * v), v
        if form == "ascends":
            return w + lr * (dw + momentum * v), v
        if form == "keeps the step":
            step = dw + momentum * v
            return w - lr * step, step
        if form == "CS231n":
            v = momentum * old - lr * dw
            return w - momentum * old + (1 + momentum) * v, v
        raise ValueError(form)

    return nesterov


def _squares(form: str, decaying: bool) -> Callable[..., Any]:
    """AdaGrad, or RMSProp if `decaying`, with one thing wrong."""

    def rule(w: Any, dw: Any, state: Any, lr: float, *options: float) -> Any:
        decay, eps = options if decaying else (1.0, options[0])
        share = 1 - decay if decaying else 1.0
        old = np.zeros_like(w) if state is None else state
        s = decay * old + share * dw**2
        if form == "inside":
            return w - lr * dw / np.sqrt(s + eps), s
        if form == "no root":
            return w - lr * dw / (s + eps), s
        if form == "no eps":
            return w - lr * dw / np.sqrt(s), s
        if form == "no square":
            s = decay * old + share * dw
            return w - lr * dw / (np.sqrt(s) + eps), s
        if form == "old s":
            return w - lr * dw / (np.sqrt(old) + eps), s
        if form == "norm":
            s = decay * old + share * np.sum(dw**2)
            return w - lr * dw / (np.sqrt(s) + eps), s
        if form == "ascends":
            return w + lr * dw / (np.sqrt(s) + eps), s
        if form == "never adds":
            s = dw**2
            return w - lr * dw / (np.sqrt(s) + eps), s
        if form == "forgets":
            s = 0.9 * old + 0.1 * dw**2
            return w - lr * dw / (np.sqrt(s) + eps), s
        if form == "no share":
            s = decay * old + dw**2
            return w - lr * dw / (np.sqrt(s) + eps), s
        if form == "roles swapped":
            s = (1 - decay) * old + decay * dw**2
            return w - lr * dw / (np.sqrt(s) + eps), s
        if form == "corrected":
            full = s if state is not None else s / share
            return w - lr * dw / (np.sqrt(full) + eps), s
        if form == "AdaGrad":
            s = old + dw**2
            return w - lr * dw / (np.sqrt(s) + eps), s
        if form == "fixed options":
            s = 0.9 * old + 0.1 * dw**2
            return w - lr * dw / (np.sqrt(s) + 1e-8), s
        raise ValueError(form)

    return rule


def _adam_like(form: str) -> Callable[..., Any]:
    """Adam with one thing wrong that is more than an option of `_adam`."""

    def adam(
        w: Any, dw: Any, state: Any, lr: float, betas: Any = (0.9, 0.999), eps: float = 1e-8
    ) -> Any:
        b1, b2 = betas
        m, v, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
        if form == "swapped":
            b1, b2 = b2, b1
        t = t + 1
        m, v = b1 * m + (1 - b1) * dw, b2 * v + (1 - b2) * dw**2
        mean, size = m / (1 - b1**t), v / (1 - b2**t)
        if form == "keeps the corrected":
            return w - lr * mean / (np.sqrt(size) + eps), (mean, size, t)
        if form == "first moment only":
            return w - lr * mean / (np.sqrt(v) + eps), (m, v, t)
        if form == "second moment only":
            return w - lr * m / (np.sqrt(size) + eps), (m, v, t)
        if form == "t times":
            return w - lr * m / (1 - b1 * t) / (np.sqrt(v / (1 - b2 * t)) + eps), (m, v, t)
        if form == "t stays 1":
            return w - lr * mean / (np.sqrt(size) + eps), (m, v, 0)
        if form == "eps before the correction":
            rate = lr * (1 - b2**t) ** 0.5 / (1 - b1**t)
            return w - rate * m / (np.sqrt(v) + eps), (m, v, t)
        if form == "gradient":
            return w - lr * dw / (np.sqrt(size) + eps), (m, v, t)
        if form == "sums":
            m, v = b1 * (m - (1 - b1) * dw) / b1 + dw, v
            return w - lr * m / (1 - b1**t) / (np.sqrt(size) + eps), (m, v, t)
        if form == "double precision":
            rate = np.sqrt(np.float64(1.0)) * lr
            return w - rate * mean / (np.sqrt(size) + eps), (m, v, t)
        if form == "swapped":
            return w - lr * mean / (np.sqrt(size) + eps), (m, v, t)
        if form == "ascends":
            return w + lr * mean / (np.sqrt(size) + eps), (m, v, t)
        if form == "only t":
            return w - lr * mean / (np.sqrt(size) + eps), (t,)
        raise ValueError(form)

    return adam


def _adam_state_changed(
    w: Any, dw: Any, state: Any, lr: float, betas: Any = (0.9, 0.999), eps: float = 1e-8
) -> Any:
    m, v, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    m *= betas[0]
    m += (1 - betas[0]) * dw
    v *= betas[1]
    v += (1 - betas[1]) * dw**2
    t += 1
    size = v / (1 - betas[1] ** t)
    return w - lr * m / (1 - betas[0] ** t) / (np.sqrt(size) + eps), (m, v, t)


def _sgd(w: Any, dw: Any, state: Any, lr: float) -> Any:
    return w - lr * dw, None


_ONLY_ADAGRAD = {
    "RMSProp in its place": "forgets",
}
_ONLY_RMSPROP = {
    "OP9 1 - decay missing": "no share",
    "roles of decay swapped": "roles swapped",
    "first step corrected": "corrected",
    "AdaGrad in its place": "AdaGrad",
    "options ignored": "fixed options",
}
_BOTH = {
    "OP3 eps inside the root": "inside",
    "OP4 root forgotten": "no root",
    "no eps: 0 / 0": "no eps",
    "OP8 gradient not squared": "no square",
    "the old s in the quotient": "old s",
    "one size for all entries": "norm",
    "OP12 ascends": "ascends",
    "remembers the last square only": "never adds",
}

WRONG: Rows = {
    "A7.sgd": {
        "OP12 sgd_plus, ascends": {"sgd": lambda w, dw, state, lr: (w + lr * dw, None)},
        "OP10 in place": {"sgd": _in_place(_sgd)},
        "assigns the step": {"sgd": lambda w, dw, state, lr: (-lr * dw, None)},
        "no learning rate": {"sgd": lambda w, dw, state, lr: (w - dw, None)},
        "weights in place of the gradient": {
            "sgd": lambda w, dw, state, lr: (w - lr * w, None),
        },
        "divides by the number of rows": {
            "sgd": lambda w, dw, state, lr: (w - lr * dw / len(dw), None),
        },
        "float64": {"sgd": _in_float64(_sgd)},
        "one value": {"sgd": lambda w, dw, state, lr: w - lr * dw},
        "swapped": {"sgd": lambda w, dw, state, lr: (None, w - lr * dw)},
        "state is the gradient": {"sgd": lambda w, dw, state, lr: (w - lr * dw, dw)},
        "does nothing": {"sgd": _does_nothing},
    },
    "A7.momentum": {
        "mom_plus, ascends": {"momentum": _velocity("ascends")},
        "ema_vs_sum, a mean": {"momentum": _velocity("mean")},
        "OP5 two signs": {"momentum": _velocity("sign")},
        "OP6 learning rate in v": {"momentum": _velocity("rate inside")},
        "OP6 learning rate in v, negative": {"momentum": _velocity("negative velocity")},
        "steps by the old v": {"momentum": _velocity("old velocity")},
        "momentum on the gradient": {"momentum": _velocity("roles swapped")},
        "v computed and not used": {"momentum": _velocity("forgets")},
        "state changed in place": {"momentum": _velocity("state changed")},
        "OP10 in place": {"momentum": _in_place(_momentum_from_zeros)},
        "OP11 shared state": {"momentum": _remembering("momentum", _momentum_from_zeros)},
        "float64": {"momentum": _in_float64(_momentum_from_zeros)},
        "Nesterov in its place": {"momentum": _nesterov_two_steps},
        "does nothing": {"momentum": _does_nothing},
    },
    "A7.nesterov": {
        "OP7 nesterov_is_momentum": {"nesterov": _lookahead("momentum")},
        "the old v": {"nesterov": _lookahead("old velocity")},
        "gradient dropped": {"nesterov": _lookahead("no gradient")},
        "v without momentum": {"nesterov": _lookahead("adds v")},
        "looks ahead twice": {"nesterov": _lookahead("twice")},
        "OP12 ascends": {"nesterov": _lookahead("ascends")},
        "keeps the step in place of v": {"nesterov": _lookahead("keeps the step")},
        "OP6 learning rate in v": {"nesterov": _lookahead("CS231n")},
        "OP10 in place": {"nesterov": _in_place(_nesterov_two_steps)},
        "OP11 shared state": {"nesterov": _remembering("nesterov", _nesterov_two_steps)},
        "float64": {"nesterov": _in_float64(_nesterov_two_steps)},
        "does nothing": {"nesterov": _does_nothing},
    },
    "A7.adagrad": {
        **{
            label: {"adagrad": _squares(form, decaying=False)}
            for label, form in (_BOTH | _ONLY_ADAGRAD).items()
        },
        "OP10 in place": {"adagrad": _in_place(_adagrad_sqrt)},
        "OP11 shared state": {"adagrad": _remembering("adagrad", _adagrad_sqrt)},
        "float64": {"adagrad": _in_float64(_adagrad_sqrt)},
        "does nothing": {"adagrad": _does_nothing},
    },
    "A7.rmsprop": {
        **{
            label: {"rmsprop": _squares(form, decaying=True)}
            for label, form in (_BOTH | _ONLY_RMSPROP).items()
        },
        "OP10 in place": {"rmsprop": _in_place(_rmsprop_sqrt)},
        "OP11 shared state": {"rmsprop": _remembering("rmsprop", _rmsprop_sqrt)},
        "float64": {"rmsprop": _in_float64(_rmsprop_sqrt)},
        "does nothing": {"rmsprop": _does_nothing},
    },
    "A7.adam": {
        "OP1 adam_no_correction": {"adam": partial(_adam, corrected=False)},
        "OP2 adam_t0": {"adam": partial(_adam, first=0)},
        "t starts at 2": {"adam": partial(_adam, first=2)},
        "OP3 eps_inside_sqrt": {"adam": partial(_adam, inside=True)},
        "OP4 root forgotten": {"adam": partial(_adam, root=1)},
        "OP8 gradient not squared": {"adam": partial(_adam, square=1)},
        "OP10 in place": {"adam": _in_place(_adam)},
        "OP11 shared_state": {"adam": _remembering("adam", _adam)},
        "OP12 ascends": {"adam": _adam_like("ascends")},
        "keeps the corrected means": {"adam": _adam_like("keeps the corrected")},
        "corrects the first mean only": {"adam": _adam_like("first moment only")},
        "corrects the second mean only": {"adam": _adam_like("second moment only")},
        "beta times t": {"adam": _adam_like("t times")},
        "t never grows": {"adam": _adam_like("t stays 1")},
        "eps before the correction": {"adam": _adam_like("eps before the correction")},
        "gradient in place of the mean": {"adam": _adam_like("gradient")},
        "ema_vs_sum, a sum": {"adam": _adam_like("sums")},
        "betas swapped": {"adam": _adam_like("swapped")},
        "float64 by a root": {"adam": _adam_like("double precision")},
        "state without means": {"adam": _adam_like("only t")},
        "state changed in place": {"adam": _adam_state_changed},
        "does nothing": {"adam": _does_nothing},
    },
}
