"""The right functions: those of the library, and a few that it has in another form."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from coursepkg import derivatives, initialisation, optim, perceptron
from coursepkg import functional as F
from coursepkg.backend import Array

Tape = Sequence[Sequence[tuple[int, float]]]
"""For every node its parents, as (place, local derivative); parents stand before it."""


def right_function(operation: str) -> Callable[..., Any]:
    """Return the right implementation of an operation.

    Raises
    ------
    ValueError
        If there is none of that name.

    Examples
    --------
    >>> right_function("mistake_bound")(2.0, 1.0)
    4.0
    """
    from coursepkg import training  # not needed to import the mistakes, and slow

    homes: list[Any] = [F, optim, perceptron, derivatives, initialisation, training]
    for home in homes:
        if callable(function := getattr(home, operation, None)):
            return function
    if operation not in OWN:
        raise ValueError(f"there is no right function {operation!r}")
    return OWN[operation]


def running_average(average: Array, new: Array, momentum: float = 0.1) -> Array:
    """Return ``(1 - momentum) * average + momentum * new``, as `layers.BatchNorm` keeps it.

    Examples
    --------
    >>> running_average(0.0, 10.0)
    1.0
    """
    return (1 - momentum) * average + momentum * new


def dropout_inference(x: Array, p: float, rng: np.random.Generator) -> Array:
    """Return x: at test time inverted dropout does nothing.

    Examples
    --------
    >>> dropout_inference(2.0, 0.5, np.random.default_rng(0))
    2.0
    """
    return x


def max_pool2d_gradient(
    x: Array, dout: Array, kernel_size: int, stride: int | None = None, padding: int = 0
) -> Array:
    """Return dx of `max_pool2d`, from x itself instead of from a cache.

    Examples
    --------
    >>> x, dout = np.array([[[[1.0, 3.0], [2.0, 3.0]]]]), np.array([[[[5.0]]]])
    >>> max_pool2d_gradient(x, dout, 2)[0, 0]
    array([[0., 5.],
           [0., 0.]])
    """
    return F.max_pool2d_backward(dout, F.max_pool2d(x, kernel_size, stride, padding)[1])


def tape_backward(tape: Tape) -> np.ndarray:
    """Return the derivative of the last node with respect to every node of a tape.

    Examples
    --------
    The square of x, for x = 3: the node is used twice.

    >>> tape_backward([[], [(0, 3.0), (0, 3.0)]])
    array([6., 1.])
    """
    grads = np.zeros(len(tape))
    grads[-1] = 1.0
    for place in reversed(range(len(tape))):
        for parent, local in tape[place]:
            grads[parent] += local * grads[place]
    return grads


def tape_backward_twice(tape: Tape) -> np.ndarray:
    """Return what a second call of backward leaves, the same as the first.

    Examples
    --------
    >>> tape_backward_twice([[], [(0, 2.0)]])
    array([2., 1.])
    """
    return tape_backward(tape)


def perceptron_fit(x: np.ndarray, d: np.ndarray, epochs: int = 100) -> np.ndarray:
    """Learn weights and, last, the bias by Rosenblatt's rule, until an epoch without a mistake.

    Examples
    --------
    >>> x, d = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 0, 0, 1])
    >>> perceptron_fit(x, d)
    array([ 2.,  1., -2.])
    """
    model = perceptron.Perceptron(epochs).fit(x, d)
    return np.append(model.coef_, model.intercept_)


def momentum_each(
    weights: Sequence[Array],
    gradients: Sequence[Array],
    velocities: Sequence[Array],
    lr: float,
    momentum: float = 0.9,
) -> tuple[Array, ...]:
    """Step with momentum, every parameter with a velocity of its own.

    Examples
    --------
    >>> momentum_each([1.0, 1.0], [1.0, 2.0], [0.0, 0.0], lr=0.5)
    (0.5, 0.0)
    """
    each: Iterable[tuple[Array, Array, Array]] = zip(weights, gradients, velocities, strict=True)
    return tuple(
        optim.momentum(w, dw, optim.MomentumState(v), lr, momentum)[0] for w, dw, v in each
    )


def softmax_regression(
    x: Array, labels: Array, w: Array, b: Array, lam: float
) -> tuple[Array, Array, Array]:
    """Return loss, dw and db of a linear softmax classifier with a penalty on w.

    Examples
    --------
    >>> x, labels = np.ones((2, 3)), np.array([0, 1])
    >>> round(float(softmax_regression(x, labels, np.zeros((3, 2)), np.zeros(2), 0.1)[0]), 4)
    0.6931
    """
    scores, linear = F.linear(x, w, b)
    loss, cache = F.cross_entropy(scores, labels)
    penalty, punished = F.l2_penalty(w, lam)
    _, dw, db = F.linear_backward(F.cross_entropy_backward(1.0, cache), linear)
    return loss + penalty, dw + F.l2_penalty_backward(1.0, punished), db


def ridge_fit(x: Array, t: Array, lam: float) -> Array:
    """Solve ``(x.T x + lam I) w = x.T t``.

    Examples
    --------
    >>> ridge_fit(np.array([[1.0], [1.0]]), np.array([[2.0], [4.0]]), lam=1.0)
    array([[2.]])
    """
    return np.linalg.solve(x.T @ x + lam * np.eye(x.shape[1]), x.T @ t)


def two_layer_net(
    x: Array, labels: Array, w1: Array, b1: Array, w2: Array, b2: Array
) -> tuple[Array, ...]:
    """Return loss, dw1, db1, dw2, db2 of linear, ReLU, linear, softmax cross-entropy.

    Examples
    --------
    >>> x, labels = np.ones((2, 3)), np.array([0, 1])
    >>> weights = np.ones((3, 4)), np.zeros(4), np.ones((4, 2)), np.zeros(2)
    >>> round(float(two_layer_net(x, labels, *weights)[0]), 4)
    0.6931
    """
    z, first = F.linear(x, w1, b1)
    h, gate = F.relu(z)
    scores, second = F.linear(h, w2, b2)
    loss, cache = F.cross_entropy(scores, labels)
    dh, dw2, db2 = F.linear_backward(F.cross_entropy_backward(1.0, cache), second)
    _, dw1, db1 = F.linear_backward(F.relu_backward(dh, gate), first)
    return loss, dw1, db1, dw2, db2


OWN: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        running_average,
        dropout_inference,
        max_pool2d_gradient,
        tape_backward,
        tape_backward_twice,
        perceptron_fit,
        momentum_each,
        softmax_regression,
        ridge_fit,
        two_layer_net,
    )
}
