"""Arguments on which every registered mistake shows, for every operation, from a generator."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursepkg import functional as F
from coursepkg.mistakes import Mistake
from coursepkg.optim import AdaGradState, AdamState, MomentumState, RMSPropState

Arguments = tuple[Any, ...]
Rng = np.random.Generator


def sizes(rng: Rng, count: int) -> list[int]:
    return [int(size) for size in rng.choice(np.arange(3, 10), count, replace=False)]


def away_from_zero(rng: Rng, shape: tuple[int, ...]) -> np.ndarray:
    """Both signs, and no kink near."""
    x = rng.uniform(0.2, 2.0, shape) * rng.choice([-1.0, 1.0], shape)
    x.flat[0], x.flat[1] = 0.7, -0.6
    return x


def labelled(rng: Rng, scale: float = 1.0, n: int | None = None) -> Arguments:
    rows, c = sizes(rng, 2)
    n = rows if n is None else n
    return scale * rng.standard_normal((n, c)), rng.integers(0, c, n)


def linear(rng: Rng) -> list[Arguments]:
    n, d, m, d1, d2 = sizes(rng, 5)
    normal = rng.standard_normal
    flat = normal((n, d)), normal((d, m)), normal(m)
    square = normal((n, d)), normal((d, d)), normal(d)
    images = normal((n, d1, d2)), normal((d1 * d2, m)), normal(m)
    return [flat, square, images]


def backward(forward: Callable[..., Any], calls: list[Arguments], rng: Rng) -> list[Arguments]:
    """(dout, cache) of every call of a forward pass."""
    made = []
    for arguments in calls:
        out, cache = forward(*arguments)
        dout = rng.standard_normal(out.shape) if np.ndim(out) else float(rng.uniform(0.3, 2))
        made.append((dout, cache))
    return made


def elementwise(rng: Rng) -> list[Arguments]:
    n, d = sizes(rng, 2)
    return [(away_from_zero(rng, (n, d)),)]


def losses(rng: Rng) -> list[Arguments]:
    """Ordinary scores, large ones, and rows far apart."""
    ordinary, large, apart = labelled(rng), labelled(rng, 1000.0), labelled(rng)
    return [ordinary, large, (apart[0] - 1000.0 * np.arange(len(apart[0]))[:, None], apart[1])]


def margins(rng: Rng) -> list[Arguments]:
    """Every row has violations, one of them several."""
    scores, labels = labelled(rng)
    scores[0, labels[0]] = scores[0].min() - 2.0
    scores[1, labels[1]] = scores[1].max() + 5.0
    return [(scores, labels)]


def regression(rng: Rng) -> list[Arguments]:
    n, m = sizes(rng, 2)
    return [(rng.standard_normal((n, m)), rng.standard_normal((n, m)))]


def binary(rng: Rng) -> list[Arguments]:
    (n,) = sizes(rng, 1)
    ordinary = rng.standard_normal(n), rng.integers(0, 2, n).astype(float)
    ordinary[1][:2] = 0.0, 1.0
    return [ordinary, (np.array([800.0, -40.0]), np.array([1.0, 0.0]))]


def normalised(rng: Rng) -> list[Arguments]:
    n, c = sizes(rng, 2)
    x = 2.0 + rng.uniform(0.5, 3.0, c) * rng.standard_normal((n, c))
    return [(x, rng.uniform(0.5, 2.0, c), rng.standard_normal(c))]


def inference(rng: Rng) -> list[Arguments]:
    ((x, gamma, beta),) = normalised(rng)
    return [(x, gamma, beta, rng.standard_normal(len(beta)), rng.uniform(0.5, 2.0, len(beta)))]


def dropped(rng: Rng) -> list[Arguments]:
    n, d = sizes(rng, 2)
    seed = int(rng.integers(1000))
    return [(rng.uniform(0.5, 2.0, (n + 5, d + 5)), 0.3, np.random.default_rng(seed))]


def images(rng: Rng, *options: Arguments) -> list[Arguments]:
    calls = []
    for stride, padding, dilation, groups in options:
        n, c, f, h, w = 2, 6, 4, *(size + 6 for size in sizes(rng, 2))
        kernel = rng.standard_normal((f, c // groups, 3, 2))
        x = rng.standard_normal((n, c, h, w))
        calls.append((x, kernel, rng.standard_normal(f), stride, padding, dilation, groups))
    return calls


def convolutions(rng: Rng) -> list[Arguments]:
    return images(rng, (1, 1, 1, 1), (2, 1, 1, 1))


def window_sizes(rng: Rng) -> list[Arguments]:
    return [(7, 3, 2, 1, 1), (8, 3, 2, 0, 1), (10, 2, 3, 1, 2), (9, 4, 3, 2, 1)]


def pooled(rng: Rng) -> list[Arguments]:
    """Windows that overlap on the border, where padding counts, and negative corners."""
    h, w = (size + 4 for size in sizes(rng, 2))
    x = rng.standard_normal((2, 3, h, w))
    x[:, :, :2, :2] = -1.0 - rng.random((2, 3, 2, 2))
    return [(x, 3, 2, 1), (x, (3, 2))]


def averaged(rng: Rng) -> list[Arguments]:
    return [(*pooled(rng)[0], False)]


def norms(rng: Rng) -> list[Arguments]:
    x = pooled(rng)[0][0]
    x[0, 0, 2:8, 2:8] = 0.0
    return [(x, 2)]


def tied(rng: Rng) -> list[Arguments]:
    """Images behind a ReLU: windows of zeros."""
    x = np.maximum(rng.standard_normal((2, 3, 6, 8)), 0.0)
    x[0, 0, :2, :2] = 0.0
    return [(x, rng.standard_normal((2, 3, 3, 4)), 2)]


def steps(rng: Rng, state: Callable[[np.ndarray], Any], *options: Any) -> list[Arguments]:
    """First and later steps, and one with tiny gradients."""
    w, dw, tiny = rng.standard_normal((3, 4)), away_from_zero(rng, (3, 4)), 1e-5
    later = state(rng.uniform(0.5, 2.0, (3, 4)))
    arguments = [(w, dw, None, 0.1), (w, dw, later, 0.1), (w, tiny * dw, None, 0.1)]
    return [(*each, *options) for each in arguments]


def adam_state(v: np.ndarray) -> AdamState:
    return AdamState(0.3 * v, v, 3)


def two_arrays(rng: Rng) -> list[Arguments]:
    """Plain, and broadcast in both ways."""
    n, m = sizes(rng, 2)
    x = away_from_zero(rng, (n, m))
    return [
        (x, away_from_zero(rng, (n, m))),
        (x, away_from_zero(rng, (m,))),
        (away_from_zero(rng, (n, 1)), x),
    ]


def tapes(rng: Rng) -> list[Arguments]:
    """A diamond behind a fork, and a long chain."""
    a, b, c, d, e = (float(number) for number in rng.uniform(0.5, 2.0, 5))
    diamond = [[], [(0, a), (0, b)], [(1, c)], [(1, d)], [(2, e), (3, a)]]
    return [(diamond,), ([[]] + [[(place, 1.0)] for place in range(5000)],)]


def lines(rng: Rng) -> list[Arguments]:
    """Zero weights; a sample on the wrong side, on the right side; class 0 as well."""
    x = rng.uniform(0.5, 2.0, 3)
    return [(w, s * x, y, 0.5) for w in (np.zeros(3), x) for s in (1, -1) for y in (-1, 1)]


def separable(rng: Rng) -> list[Arguments]:
    n = 12
    d = np.arange(n) % 2
    x = rng.standard_normal((n, 2)) + 4.0 * d[:, None] + np.array([3.0, 1.0])
    return [(x, d, 50)]


def functions(rng: Rng) -> list[Arguments]:
    """Weights, integers."""
    a = rng.standard_normal((3, 4))

    def f(x: np.ndarray) -> np.ndarray:
        return np.sin(x) * (1 + (a @ x) @ a)

    return [
        (f, rng.standard_normal(4), rng.standard_normal(4)),
        (f, np.array([1, 2, 0, -1]), rng.standard_normal(4)),
    ]


def errors(rng: Rng) -> list[Arguments]:
    a = rng.standard_normal((3, 4))
    return [(a, a + 1e-3 * rng.standard_normal((3, 4)))]


def classifiers(rng: Rng) -> list[Arguments]:
    n, d, c = sizes(rng, 3)
    normal = rng.standard_normal
    return [(normal((n, d)), rng.integers(0, c, n), normal((d, c)), normal(c), 0.3)]


def networks(rng: Rng) -> list[Arguments]:
    n, d, h, c = sizes(rng, 4)
    normal = rng.standard_normal
    weights = normal((d, h)), normal(h), normal((h, c)), normal(c)
    return [(normal((n, d)), rng.integers(0, c, n), *weights)]


def broadcast(rng: Rng) -> list[Arguments]:
    n, m = sizes(rng, 2)
    return [(rng.standard_normal((n, m)), (m,)), (rng.standard_normal((n, m)), (n, 1))]


def velocities(rng: Rng) -> list[Arguments]:
    w, dw, v = rng.standard_normal((3, 2, 3, 4))
    return [(tuple(w), tuple(dw), tuple(v), 0.1)]


def positive(rng: Rng) -> list[Arguments]:
    n, d = sizes(rng, 2)
    return [(rng.uniform(0.3, 3.0, (n, d)),)]


def matrices(rng: Rng) -> list[Arguments]:
    n, d, m = sizes(rng, 3)
    return [(rng.standard_normal((n, d)), rng.standard_normal((d, m)))]


FORWARD: dict[str, Callable[[Rng], list[Arguments]]] = {
    "relu": elementwise,
    "leaky_relu": lambda rng: [(*elementwise(rng)[0], 0.1)],
    "elu": lambda rng: [(*elementwise(rng)[0], 0.6)],
    "sigmoid": elementwise,
    "tanh": elementwise,
    "linear": linear,
    "flatten": lambda rng: [(linear(rng)[2][0],)],
    "cross_entropy": losses,
    "multiclass_hinge_loss": margins,
    "mse_loss": regression,
    "half_squared_error": regression,
    "binary_cross_entropy_with_logits": binary,
    "l2_penalty": lambda rng: [(rng.standard_normal((3, 4)), 0.3)],
    "softmax": lambda rng: [call[:1] for call in losses(rng)],
    "log_softmax": lambda rng: [labelled(rng)[:1]],
    "batch_norm": normalised,
    "batch_norm_inference": inference,
    "layer_norm": normalised,
    "dropout": dropped,
    "conv2d": convolutions,
    "max_pool2d": pooled,
    "avg_pool2d": averaged,
    "lp_pool2d": norms,
    "add": two_arrays,
    "subtract": two_arrays,
    "multiply": two_arrays,
    "divide": two_arrays,
    "maximum": two_arrays,
    "exp": elementwise,
    "log": positive,
    "power": lambda rng: [(*positive(rng)[0], 3.0)],
    "reciprocal": elementwise,
    "matmul": matrices,
    "sum": lambda rng: [(*matrices(rng)[0][:1], 0)],
    "reshape": lambda rng: [(rng.standard_normal((3, 4)), (6, 2))],
    "transpose": lambda rng: [(rng.standard_normal((3, 4, 5)), (1, 2, 0))],
}
OTHERS: dict[str, Callable[[Rng], list[Arguments]]] = {
    "conv_output_size": window_sizes,
    "max_pool2d_gradient": tied,
    "dropout_inference": dropped,
    "running_average": lambda rng: [(rng.standard_normal(3), rng.standard_normal(3), 0.1)],
    "unbroadcast": broadcast,
    "tape_backward": tapes,
    "tape_backward_twice": tapes,
    "sgd": lambda rng: steps(rng, lambda v: None),
    "momentum": lambda rng: steps(rng, MomentumState),
    "nesterov": lambda rng: steps(rng, MomentumState),
    "adagrad": lambda rng: steps(rng, AdaGradState),
    "rmsprop": lambda rng: steps(rng, RMSPropState),
    "adam": lambda rng: steps(rng, adam_state),
    "adamw": lambda rng: steps(rng, adam_state),
    "momentum_each": velocities,
    "sign_update": lines,
    "rosenblatt_update": lambda rng: [(w, x, max(y, 0), lr) for w, x, y, lr in lines(rng)],
    "step": lambda rng: [(np.array([-1.0, 0.0, 2.0]),)],
    "perceptron_fit": separable,
    "mistake_bound": lambda rng: [(3.0, 0.5)],
    "numerical_gradient": functions,
    "relative_error": errors,
    "softmax_regression": classifiers,
    "ridge_fit": lambda rng: [(*regression(rng)[0], 0.7)],
    "two_layer_net": networks,
    "minibatches": lambda rng: [(10, 4, np.random.default_rng(int(rng.integers(1000))))],
    "he_normal": lambda rng: [((3, 5), 3, 5, int(rng.integers(1000)))],
    "xavier_normal": lambda rng: [((3, 5), 3, 5, int(rng.integers(1000)))],
}


def ordinary(operation: str, rng: Rng) -> list[Arguments]:
    """Arguments of several calls."""
    if operation in FORWARD:
        return FORWARD[operation](rng)
    if operation.endswith("_backward") and operation[:-9] in FORWARD:
        forward = operation[:-9]
        calls = FORWARD[forward](rng)
        return backward(getattr(F, forward), calls, rng)
    return OTHERS[operation](rng)


def conv_gradients(rng: Rng, *options: int) -> list[Arguments]:
    return backward(F.conv2d, images(rng, options), rng)


def flat_samples(rng: Rng) -> list[Arguments]:
    """Samples of shape (1, D): multiplied as they are, an axis is left over."""
    n, d, m = sizes(rng, 3)
    normal = rng.standard_normal
    return [(normal((n, 1, d)), normal((d, m)), normal(m))]


SPECIAL: dict[str, Callable[[Rng], list[Arguments]]] = {
    "CV5": lambda rng: conv_gradients(rng, 1, 0, 1, 1),
    "CV12": lambda rng: conv_gradients(rng, 1, 1, 2, 1),
    "CV13": lambda rng: conv_gradients(rng, 1, 1, 1, 2),
    "LIN15": flat_samples,
}
"""Mistakes that show, or do not raise, only on data of their own."""


def shown(mistake: Mistake, rng: Rng) -> list[Arguments]:
    """Calls on which a mistake shows and returns something."""
    if mistake.id in SPECIAL:
        return SPECIAL[mistake.id](rng)
    calls = ordinary(mistake.operation, rng)
    return calls[1:2] if mistake.id == "LIN2" else calls[:1] if mistake.id == "GR11" else calls
