"""Assignment 5, backpropagation with matrices: a linear layer, ReLU, softmax cross-entropy.

Sizes differ in every dimension, so that a transposed gradient has a wrong shape, and inputs of
ReLU keep away from its kink, where a difference quotient has no say.
"""

import numpy as np

from coursepkg import functional as F
from coursepkg.checks import a5_activations, a5_network, worked
from coursepkg.checks.a5_activations import elementwise_case
from coursepkg.checks.data import distinct, transposed_in_memory
from coursepkg.checks.question import Case, Pair, Question


def _linear_case(
    rng: np.random.Generator, title: str, x_shape: tuple[int, ...], outputs: int
) -> Case:
    features = int(np.prod(x_shape[1:]))
    inputs = (
        rng.standard_normal(x_shape),
        rng.standard_normal((features, outputs)),
        rng.standard_normal(outputs),
    )
    return Case(title, inputs, rng.standard_normal((x_shape[0], outputs)))


def _linear_sample(rng: np.random.Generator) -> Case:
    n, d, m = distinct(rng, 3)
    return _linear_case(rng, f"random numbers (N = {n}, D = {d}, M = {m})", (n, d), m)


def _linear_edges(rng: np.random.Generator) -> list[Case]:
    n, d1, d2, m = distinct(rng, 4)
    zeros = _linear_case(rng, "a sample that is all zeros", (n, d1), m)
    x, _, _ = zeros.inputs
    x[1] = 0
    turned = _linear_case(rng, "transposed arrays", (n, d1), m)
    return [
        _linear_case(rng, "N = 1", (1, d1), m),
        _linear_case(rng, "one feature, one output", (n, 1), 1),
        _linear_case(rng, "x of shape (N, d1, d2)", (n, d1, d2), m),
        zeros,
        Case(turned.title, transposed_in_memory(turned.inputs), turned.dout),
    ]


def _relu_sample(rng: np.random.Generator) -> Case:
    n, d = distinct(rng, 2)
    return elementwise_case(rng, f"random numbers (N = {n}, D = {d})", (n, d))


def _relu_edges(rng: np.random.Generator) -> list[Case]:
    n, d1, d2, d3 = distinct(rng, 4)
    turned = elementwise_case(rng, "transposed arrays", (n, d1))
    large = elementwise_case(rng, "entries of 1e4 and more", (n, d1))
    return [
        elementwise_case(rng, "N = 1", (1, 2 * d1)),
        elementwise_case(rng, "x of shape (N, d1, d2, d3)", (n, d1, d2, d3)),
        Case(large.title, (1e5 * large.inputs[0],), large.dout),
        Case(turned.title, transposed_in_memory(turned.inputs), turned.dout),
    ]


def _loss_case(rng: np.random.Generator, title: str, scores: np.ndarray) -> Case:
    """`dout` is not 1, so an upstream gradient that is ignored shows."""
    n, c = scores.shape
    labels = np.append(rng.integers(0, c, n - 1), c - 1)
    return Case(title, (scores, labels), float(rng.uniform(1.5, 3)))


def _loss_sample(rng: np.random.Generator) -> Case:
    n, c = distinct(rng, 2)
    title = f"random numbers (N = {n}, C = {c})"
    return _loss_case(rng, title, 2 * rng.standard_normal((n, c)))


def _loss_edges(rng: np.random.Generator) -> list[Case]:
    n, c = distinct(rng, 2)
    large = rng.permuted(np.resize(np.array([1e4, -1e4, 0.0]), (n, c)), axis=1)
    apart = rng.standard_normal((n, c)) - 1000.0 * np.arange(n)[:, None]
    turned = _loss_case(rng, "transposed arrays", rng.standard_normal((n, c)))
    far = _loss_case(rng, "scores of +-1e4", large + rng.standard_normal((n, c)))
    scores, labels = far.inputs
    labels[0] = scores[0].argmin()  # were all labels at the largest, the gradient were only noise
    return [
        _loss_case(rng, "N = 1", rng.standard_normal((1, c))),
        far,
        _loss_case(rng, "rows that lie 1000 apart", apart),
        _loss_case(rng, "equal scores", np.full((n, c), rng.standard_normal())),
        Case(turned.title, transposed_in_memory(turned.inputs), turned.dout),
    ]


LINEAR = Pair(
    forward="linear",
    backward="linear_backward",
    output="out",
    grads=("dx", "dw", "db"),
    reference=F.linear,
    reference_backward=F.linear_backward,
    suggested_cache=lambda x, w, b: (x, w, b),
    example=Case(
        "the worked example (N = 3, D = 2, M = 2)",
        (
            np.array([[1.0, 2.0], [0.0, 1.0], [2.0, 0.0]]),
            np.array([[1.0, -1.0], [2.0, 0.0]]),
            np.array([1.0, -1.0]),
        ),
        np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
    ),
    sample=_linear_sample,
    edges=_linear_edges,
)

RELU = Pair(
    forward="relu",
    backward="relu_backward",
    output="out",
    grads=("dx",),
    reference=F.relu,
    reference_backward=F.relu_backward,
    suggested_cache=lambda x: x,
    example=Case(
        "the worked example (N = 2, D = 3)",
        (np.array([[-2.0, 3.0, 0.5], [1.0, -1.0, -4.0]]),),
        np.array([[5.0, -7.0, 1.0], [2.0, 4.0, -3.0]]),
    ),
    sample=_relu_sample,
    edges=_relu_edges,
)

SOFTMAX_CE = Pair(
    forward="softmax_ce",
    backward="softmax_ce_backward",
    output="loss",
    grads=("dscores",),
    reference=F.cross_entropy,
    reference_backward=F.cross_entropy_backward,
    suggested_cache=lambda scores, labels: (F.softmax(scores)[0], labels),
    example=Case(
        "the worked example (N = 2, C = 3)",
        (np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]), np.array([0, 2])),
        1.0,
    ),
    sample=_loss_sample,
    edges=_loss_edges,
)

QUESTIONS = (
    Question(
        "A5.linear",
        LINEAR,
        backward=False,
        hints={"out": "row n of out is row n of x times w, plus b; flatten what x has beyond rows"},
        section="section 6.4, the linear layer",
        sums={"out": "out[n, m] = x[n, d] w[d, m] + b[m]"},
    ),
    Question(
        "A5.linear_backward",
        LINEAR,
        backward=True,
        operation="linear_backward",
        hints={
            "dx": "x[n, d] feeds every out[n, m], with weight w[d, m]; dx has the shape of x",
            "dw": "w[d, m] is used by every sample: its gradient is a sum over n",
            "db": "every sample adds the same b: what do gradients do where a value is copied?",
        },
        section="section 6.4, the linear layer",
        sums={
            "dx": "dx[n, d] = dout[n, m] w[d, m]",
            "dw": "dw[d, m] = x[n, d] dout[n, m]",
            "db": "db[m] = dout[n, m]",
        },
    ),
    Question(
        "A5.relu",
        RELU,
        backward=False,
        hints={"out": "entry by entry: what is positive stays, the rest becomes 0"},
        section="section 6.5, one number at a time",
        sums={"out": worked.relu},
    ),
    Question(
        "A5.relu_backward",
        RELU,
        backward=True,
        operation="relu_backward",
        sums={"dx": worked.gate(lambda x: x > 0)},
        hints={"dx": "the gate was set on the way forward: by the sign of x, not by that of dout"},
        section="section 6.5, one number at a time",
    ),
    Question(
        "A5.softmax_ce",
        SOFTMAX_CE,
        backward=False,
        hints={
            "loss": "log-sum-exp of a row minus its score at the label, averaged over the rows; "
            "take the largest score of each row out of the exponentials"
        },
        section="section 6.6, softmax and cross-entropy, fused",
        sums={"loss": worked.cross_entropy},
    ),
    Question(
        "A5.softmax_ce_backward",
        SOFTMAX_CE,
        backward=True,
        operation="cross_entropy_backward",
        sums={"dscores": worked.cross_entropy_backward},
        hints={
            "dscores": "in each row the entries add up to 0; and the loss was a mean over N rows, "
            "so what does that do to its gradient?"
        },
        section="section 6.6, softmax and cross-entropy, fused",
    ),
    *a5_activations.QUESTIONS,
    *a5_network.QUESTIONS,
)
