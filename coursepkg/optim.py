"""Update rules, pure: ``(w, dw, state) -> (new_w, new_state)``; and optimizers over them."""

from collections.abc import Iterable
from typing import NamedTuple

from coursepkg.backend import Array
from coursepkg.layers import Parameter


class MomentumState(NamedTuple):
    v: Array


def sgd(w: Array, dw: Array, state: None, lr: float) -> tuple[Array, None]:
    """Step downhill: ``w - lr * dw``.

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
    state : MomentumState, or None before the first step (v = 0)

    Examples
    --------
    >>> w, state = momentum(1.0, 1.0, None, lr=0.1)
    >>> w, state = momentum(w, w, state, lr=0.1)
    >>> round(w, 4)
    0.72
    """
    v = dw if state is None else momentum * state.v + dw
    return w - lr * v, MomentumState(v)


class SGD:
    """Stochastic gradient descent over parameters, with momentum if `momentum` > 0."""

    def __init__(self, parameters: Iterable[Parameter], lr: float, momentum: float = 0.0):
        if lr <= 0 or not 0 <= momentum < 1:
            raise ValueError(f"need lr > 0 and 0 <= momentum < 1, got {lr} and {momentum}")
        self.parameters = list(parameters)
        self.lr = lr
        self.momentum = momentum
        self._states: list[MomentumState | None] = [None] * len(self.parameters)

    def step(self) -> None:
        for i, parameter in enumerate(self.parameters):
            w, dw, state = parameter.data, parameter.grad, self._states[i]
            if dw is None:
                raise ValueError("call backward before step: a parameter has no gradient yet")
            if self.momentum:
                parameter.data, self._states[i] = momentum(w, dw, state, self.lr, self.momentum)
            else:
                parameter.data, _ = sgd(w, dw, None, self.lr)

    def zero_grad(self) -> None:
        for parameter in self.parameters:
            parameter.grad = None
