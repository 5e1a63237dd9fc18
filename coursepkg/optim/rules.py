"""Update rules, pure: ``(w, dw, state) -> (new_w, new_state)``.

The state is None before the first step, or a named tuple built by hand. Nothing is changed in
place; a float32 weight stays float32 where the rate is a plain number, as an `Optimizer` makes it.
"""

from typing import NamedTuple

from coursepkg.backend import Array, on_device
from coursepkg.gpu import kernels


class MomentumState(NamedTuple):
    v: Array


class AdaGradState(NamedTuple):
    s: Array


class RMSPropState(NamedTuple):
    s: Array


class AdamState(NamedTuple):
    """`m` and `v` are the decaying means of gradient and squared gradient, `t` the steps taken."""

    m: Array
    v: Array
    t: Array  # a plain int, but in a `CapturedStep`


def sgd(w: Array, dw: Array, state: None, lr: float) -> tuple[Array, None]:
    """Step downhill: ``w - lr * dw``.

    The listing of the UBC deck adds the step, and climbs.

    Examples
    --------
    >>> sgd(1.0, 0.5, None, lr=0.1)
    (0.95, None)
    """
    return w - lr * dw, state


def momentum(
    w: Array, dw: Array, state: MomentumState | None, lr: float, momentum: float = 0.9
) -> tuple[Array, MomentumState]:
    """Step along a decaying sum of gradients: ``v = momentum * v + dw``, ``w - lr * v``.

    The UBC deck calls v a running mean; it is a sum, with gain 1 / (1 - momentum).

    Parameters
    ----------
    w, dw : arrays of one shape
    state : MomentumState, or None before the first step (v = 0)
    lr : learning rate
    momentum : share of v that is kept; 1 - momentum is the friction

    Examples
    --------
    >>> w, state = momentum(1.0, 1.0, None, lr=0.1)
    >>> w, state = momentum(w, w, state, lr=0.1)
    >>> round(w, 4)
    0.72
    """
    v = dw if state is None else momentum * state.v + dw
    return w - lr * v, MomentumState(v)


def nesterov(
    w: Array, dw: Array, state: MomentumState | None, lr: float, momentum: float = 0.9
) -> tuple[Array, MomentumState]:
    """Step with momentum, looking ahead: ``v = momentum * v + dw``, ``w - lr (dw + momentum * v)``.

    Nesterov's gradient is that of the point where momentum alone would lead; written for the
    point itself (Sutskever et al., 2013), this is what remains of it.

    Examples
    --------
    >>> w, state = nesterov(1.0, 1.0, None, lr=0.1)
    >>> round(w, 4)
    0.81
    """
    v = dw if state is None else momentum * state.v + dw
    return w - lr * (dw + momentum * v), MomentumState(v)


def adagrad(
    w: Array, dw: Array, state: AdaGradState | None, lr: float, eps: float = 1e-10
) -> tuple[Array, AdaGradState]:
    """Divide every step by the size of all gradients so far (Duchi et al., 2011).

    ``s = s + dw^2``, ``w - lr * dw / (sqrt(s) + eps)``: the steps can only become shorter.

    Examples
    --------
    >>> w, state = adagrad(1.0, 1.0, None, lr=0.1)
    >>> w, state = adagrad(w, w, state, lr=0.1)
    >>> round(w, 4)
    0.8331
    """
    s = dw * dw if state is None else state.s + dw * dw
    return w - lr * dw / (s**0.5 + eps), AdaGradState(s)


def rmsprop(
    w: Array,
    dw: Array,
    state: RMSPropState | None,
    lr: float,
    decay: float = 0.99,
    eps: float = 1e-8,
) -> tuple[Array, RMSPropState]:
    """Divide every step by the size of recent gradients (Hinton, 2012).

    ``s = decay * s + (1 - decay) * dw^2``, ``w - lr * dw / (sqrt(s) + eps)``. As s starts at 0,
    the first step is 1 / sqrt(1 - decay) learning rates long.

    Examples
    --------
    >>> w, state = rmsprop(1.0, 5.0, None, lr=0.01)
    >>> round(w, 4)
    0.9
    """
    s = (1 - decay) * dw * dw
    if state is not None:
        s = decay * state.s + s
    return w - lr * dw / (s**0.5 + eps), RMSPropState(s)


def adam(
    w: Array,
    dw: Array,
    state: AdamState | None,
    lr: float,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    bias_correction: bool = True,
) -> tuple[Array, AdamState]:
    """Momentum over the size of recent gradients, both as means (Kingma and Ba, 2015).

    ``m = b1 m + (1 - b1) dw``, ``v = b2 v + (1 - b2) dw^2``; both start at 0 and are divided by
    ``1 - b^t``, t = 1 in the first step, which makes them means of the t gradients seen;
    ``w - lr * m / (sqrt(v) + eps)``.

    Parameters
    ----------
    w, dw : arrays of one shape
    state : AdamState, or None before the first step
    lr : learning rate, the length of the first step whatever the gradient
    betas : (b1, b2), shares of m and v that are kept
    eps : added outside the square root
    bias_correction : False is the deck's "Adam (almost)", whose first step is 3.162 times as long

    Examples
    --------
    >>> w, state = adam(1.0, 5.0, None, lr=0.1)
    >>> round(w, 6), state.t
    (0.9, 1)
    """
    b1, b2 = betas
    before = AdamState(0.0, 0.0, 0) if state is None else state
    t = before.t + 1
    c1, c2 = (1 - b1**t, 1 - b2**t) if bias_correction else (1.0, 1.0)
    if on_device(w) and state is not None:
        w, m, v = kernels.adam(w, dw, state.m, state.v, lr, b1, b2, c1, c2, eps)
        return w, AdamState(m, v, t)
    m = b1 * before.m + (1 - b1) * dw
    v = b2 * before.v + (1 - b2) * dw * dw
    # Nothing in between gets a name, so NumPy need not keep it and reuses its memory.
    return w - m / c1 * lr / ((v / c2) ** 0.5 + eps), AdamState(m, v, t)


def adamw(
    w: Array,
    dw: Array,
    state: AdamState | None,
    lr: float,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[Array, AdamState]:
    """Adam, and beside it the weights shrink: ``w - lr * weight_decay * w``.

    Loshchilov and Hutter, 2019.

    An L2 penalty in the loss would go through Adam's division, and shrink most what has the
    smallest gradients; decay that stays outside shrinks all weights alike.

    Examples
    --------
    >>> w, state = adamw(1.0, 5.0, None, lr=0.1, weight_decay=0.5)
    >>> round(w, 6)
    0.85
    """
    return adam(w - lr * weight_decay * w, dw, state, lr, betas, eps)
