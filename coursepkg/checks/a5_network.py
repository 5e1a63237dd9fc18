"""Assignment 5, the parts put together: a network of two layers, and the homework of the deck."""

import numpy as np

from coursepkg import functional as F
from coursepkg.checks.data import distinct, transposed_in_memory
from coursepkg.checks.question import Case, Question, Single
from coursepkg.mistakes.right import two_layer_net

Arrays = tuple[np.ndarray, ...]


def two_layer_loss(
    x: np.ndarray,
    labels: np.ndarray,
    w1: np.ndarray,
    b1: np.ndarray,
    w2: np.ndarray,
    b2: np.ndarray,
    lam: float,
) -> Arrays:
    """Return the loss of linear, ReLU, linear, softmax cross-entropy with a penalty; gradients."""
    loss, dw1, db1, dw2, db2 = two_layer_net(x, labels, w1, b1, w2, b2)
    penalty1, cache1 = F.l2_penalty(w1, lam)
    penalty2, cache2 = F.l2_penalty(w2, lam)
    dw1 = dw1 + F.l2_penalty_backward(1.0, cache1)
    dw2 = dw2 + F.l2_penalty_backward(1.0, cache2)
    return loss + penalty1 + penalty2, dw1, db1, dw2, db2


def squared_output(x: np.ndarray, w1: np.ndarray, w2: np.ndarray) -> Arrays:
    """Return ``sum(out**2)`` for ``out = relu(x @ w1) @ w2``, and its gradients."""
    z = x @ w1
    hidden = np.maximum(z, 0)
    out = hidden @ w2
    return np.sum(out**2), x.T @ (2 * out @ w2.T * (z > 0)), hidden.T @ (2 * out)


def _network_case(
    rng: np.random.Generator, title: str, n: int, lam: float, sizes: tuple[int, int, int]
) -> Case:
    d, h, c = sizes
    labels = np.append(rng.integers(0, c, n - 1), c - 1)
    inputs = (
        rng.standard_normal((n, d)),
        labels,
        rng.standard_normal((d, h)),
        rng.standard_normal(h),
        rng.standard_normal((h, c)),
        rng.standard_normal(c),
        lam,
    )
    return Case(title, inputs)


def _network_sample(rng: np.random.Generator) -> Case:
    n, d, h, c = distinct(rng, 4)
    title = f"random numbers (N = {n}, D = {d}, H = {h}, C = {c})"
    return _network_case(rng, title, n, float(rng.uniform(0.1, 0.5)), (d, h, c))


def _network_edges(rng: np.random.Generator) -> list[Case]:
    n, d, h, c = distinct(rng, 4)
    turned = _network_case(rng, "transposed arrays", n, 0.1, (d, h, c))
    shut = _network_case(rng, "hidden units that are all shut", n, 0.1, (d, h, c))
    shut.inputs[3][:2] = -100.0
    return [
        _network_case(rng, "N = 1", 1, 0.2, (d, h, c)),
        _network_case(rng, "lam = 0", n, 0.0, (d, h, c)),
        shut,
        Case(turned.title, transposed_in_memory(turned.inputs)),
    ]


def _homework_case(rng: np.random.Generator, title: str, n: int, d: int, h: int, c: int) -> Case:
    shapes = ((n, d), (d, h), (h, c))
    return Case(title, tuple(rng.standard_normal(shape) for shape in shapes))


def _homework_sample(rng: np.random.Generator) -> Case:
    n, d, h, c = distinct(rng, 4)
    return _homework_case(rng, f"random numbers (N = {n}, D = {d}, H = {h}, C = {c})", n, d, h, c)


def _homework_edges(rng: np.random.Generator) -> list[Case]:
    n, d, h, c = distinct(rng, 4)
    turned = _homework_case(rng, "transposed arrays", n, d, h, c)
    return [
        _homework_case(rng, "N = 1", 1, d, h, c),
        _homework_case(rng, "one output", n, d, h, 1),
        Case(turned.title, transposed_in_memory(turned.inputs)),
    ]


NETWORK = Single(
    function="two_layer_loss",
    outputs=("loss", "dw1", "db1", "dw2", "db2"),
    reference=two_layer_loss,
    example=Case(
        "the worked example (N = 2, D = 2, H = 2, C = 2)",
        (
            np.array([[1.0, 2.0], [-2.0, 1.0]]),
            np.array([0, 1]),
            np.array([[1.0, -1.0], [1.0, 2.0]]),
            np.array([0.0, -1.0]),
            np.array([[1.0, 0.0], [0.0, 1.0]]),
            np.array([0.0, 1.0]),
            0.1,
        ),
    ),
    sample=_network_sample,
    edges=_network_edges,
)
HOMEWORK = Single(
    function="squared_output",
    outputs=("loss", "dw1", "dw2"),
    reference=squared_output,
    example=Case(
        "the worked example (N = 2, D = 2, H = 2, C = 1)",
        (
            np.array([[1.0, 2.0], [-2.0, 1.0]]),
            np.array([[1.0, -1.0], [1.0, 1.0]]),
            np.array([[1.0], [2.0]]),
        ),
    ),
    sample=_homework_sample,
    edges=_homework_edges,
)
QUESTIONS = (
    Question(
        "A5.two_layer_loss",
        NETWORK,
        "section 6.8, a listing audited",
        {
            "loss": "cross-entropy, a mean over the batch, plus lam / 2 times the squared weights",
            "dw1": "back through linear, ReLU and linear with this call's caches; then lam * w1",
            "db1": "the biases are not penalised",
            "dw2": "the second layer read the hidden units, not x; and the penalty adds lam * w2",
            "db2": "the biases are not penalised",
        },
    ),
    Question(
        "A5.squared_output",
        HOMEWORK,
        "section 6.7, the homework",
        {
            "loss": "the sum of all squared entries",
            "dw1": "dL/dout is 2 out; go back through w2, then through the gate, then through w1",
            "dw2": "what w2 multiplied on the way forward, transposed, times 2 out",
        },
    ),
)
