"""Assignment 6, make it train: first weights, minibatches, a training step, dropout."""

import numpy as np

from coursepkg.checks import a6_batchnorm
from coursepkg.checks.a6_dropout import DROPOUT, DROPOUT_BACKWARD
from coursepkg.checks.a6_sampling import HE, MINIBATCHES, XAVIER
from coursepkg.checks.data import distinct, transposed_in_memory
from coursepkg.checks.question import Case, Question, Single
from coursepkg.mistakes.right import two_layer_net

Arrays = tuple[np.ndarray, ...]
INIT, FIRST_LOSS = "section 7.2, initialisation", "section 7.3, the first loss"
REGULARISATION = "section 7.5, regularisation"


def train_step(x: np.ndarray, labels: np.ndarray, *weights_and_rate: np.ndarray) -> Arrays:
    """Return the loss of linear, ReLU, linear, cross-entropy, and the weights one step later."""
    *weights, lr = weights_and_rate
    loss, *grads = two_layer_net(x, labels, *weights)
    return loss, *(w - lr * dw for w, dw in zip(weights, grads, strict=True))


def _step_case(
    rng: np.random.Generator,
    title: str,
    sizes: tuple[int, int, int, int],
    lr: float,
    last: float = 1.0,
) -> Case:
    """Weights after He; those of the last layer times `last`."""
    n, d, h, c = sizes
    labels = np.append(rng.integers(0, c, n - 1), c - 1)
    w1 = rng.standard_normal((d, h)) * (2 / d) ** 0.5
    w2 = last * rng.standard_normal((h, c)) * (2 / h) ** 0.5
    b1, b2 = 0.1 * rng.standard_normal(h), last * rng.standard_normal(c)
    return Case(title, (rng.standard_normal((n, d)), labels, w1, b1, w2, b2, lr))


def _step_sample(rng: np.random.Generator) -> Case:
    n, d, h, c = distinct(rng, 4)
    title = f"random numbers (N = {n}, D = {d}, H = {h}, C = {c})"
    return _step_case(rng, title, (n, d, h, c), float(rng.uniform(0.2, 0.8)))


def _step_edges(rng: np.random.Generator) -> list[Case]:
    n, d, h, c = distinct(rng, 4)
    turned = _step_case(rng, "transposed arrays", (n, d, h, c), 0.3)
    return [
        _step_case(rng, "N = 1", (1, d, h, c), 0.5),
        _step_case(rng, "a fresh network, loss about ln 10", (32, d, 24, 10), 0.5, last=0.01),
        _step_case(rng, "lr = 3", (n, d, h, c), 3.0),
        Case(turned.title, transposed_in_memory(turned.inputs)),
    ]


TRAIN_STEP = Single(
    function="train_step",
    outputs=("loss", "new_w1", "new_b1", "new_w2", "new_b2"),
    reference=train_step,
    example=Case(
        "the worked example (N = 2, D = 2, H = 2, C = 2)",
        (
            np.array([[1.0, 2.0], [-2.0, 1.0]]),
            np.array([0, 1]),
            np.array([[1.0, -1.0], [1.0, 2.0]]),
            np.array([0.0, -1.0]),
            np.array([[1.0, 0.0], [0.0, 1.0]]),
            np.array([0.0, 1.0]),
            0.5,
        ),
    ),
    sample=_step_sample,
    edges=_step_edges,
)
WEIGHTS_HINT = "the weights get smaller by lr times their own gradient, all four of them"
QUESTIONS = (
    Question("A6.init_he", HE, INIT),
    Question("A6.init_xavier", XAVIER, INIT),
    Question("A6.minibatches", MINIBATCHES, FIRST_LOSS),
    Question(
        "A6.train_step",
        TRAIN_STEP,
        FIRST_LOSS,
        {
            "loss": "the loss of the weights that you were given, before the step",
            "new_w1": WEIGHTS_HINT,
            "new_b1": WEIGHTS_HINT,
            "new_w2": WEIGHTS_HINT,
            "new_b2": WEIGHTS_HINT,
        },
    ),
    Question("A6.dropout", DROPOUT, REGULARISATION, operation="dropout"),
    Question("A6.dropout_backward", DROPOUT_BACKWARD, REGULARISATION, operation="dropout_backward"),
    *a6_batchnorm.QUESTIONS,
)
