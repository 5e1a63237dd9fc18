"""Assignment 9, the network: its parameters, scores, loss and gradients."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursepkg.checks.a9_data import Params, images, loss_and_gradients, random_params, scores_of
from coursepkg.checks.question import Question, Trial
from coursepkg.checks.trials import TrialError, Tried, numbers
from coursepkg.gradcheck import check_values

Run = Callable[[Tried, np.random.Generator], None]
HINTS = {
    "loss": "cross-entropy, a mean over the batch, plus lam / 2 times the sum of squares of w1, w2",
    "w1": "back through linear, pooling, ReLU and convolution with this call's caches; + lam * w1",
    "b1": "what conv2d_backward says; the biases are not penalised",
    "w2": "the linear layer read the pooled images, flattened; and the penalty adds lam * w2",
    "b2": "the sum of dscores over the batch; the biases are not penalised",
}


def network(tried: Tried, params: Params) -> Any:
    """The student's network, with these parameters."""
    net = tried("SmallConvNet", 0, len(params["b1"]))
    net.params = {name: array.copy() for name, array in params.items()}
    return net


def agree(what: str, got: Any, expected: np.ndarray, hint: str = "") -> None:
    """Raise TrialError, with the first wrong entry, unless the numbers are the same."""
    array = numbers(got, f"{what} is").astype(np.float64)
    report = check_values(what, array, np.asarray(expected, dtype=np.float64))
    if not report.ok:
        raise TrialError(f"{report}\n  hint: {hint}" if hint else str(report))


def _start(tried: Tried, rng: np.random.Generator) -> None:
    net = tried("SmallConvNet", 3, 5)
    again, other = tried("SmallConvNet", 3, 5), tried("SmallConvNet", 4, 5)
    shapes = {name: array.shape for name, array in random_params(rng, 5).items()}
    for name, shape in shapes.items():
        first = numbers(_entry(net.params, name), f"params[{name!r}] is", shape)
        if not np.array_equal(first, numbers(again.params[name], name, shape)):
            raise TrialError(f"two networks with the same seed differ in {name}")
    w1 = np.asarray(net.params["w1"]).reshape(5, -1)
    if len(np.unique(w1.round(12), axis=0)) < 5:
        raise TrialError("two filters start with the same weights, and will stay the same for ever")
    if np.array_equal(net.params["w1"], other.params["w1"]):
        raise TrialError("two networks with different seeds start with the same filters")
    x, labels = images(rng, 40)
    loss = float(numbers(_result(net.loss(x, labels, 0.0))[0], "loss is", ()))
    if not loss < 6:
        raise TrialError(
            f"the loss at the start is {loss:.3g}; guessing gives ln 10 = 2.303: are the first "
            f"weights too large?"
        )


def _entry(mapping: Any, name: str) -> Any:
    """Look up one array; the dictionary itself may have stayed in the student's process."""
    try:
        return mapping[name]
    except Exception as error:
        raise TrialError(
            f"expected a dictionary with the keys w1, b1, w2, b2; {name} is not there"
        ) from error


def _result(answer: Any) -> tuple[Any, Any]:
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise TrialError("loss must return two things: the loss and a dictionary of gradients")
    return answer


def _scores(tried: Tried, rng: np.random.Generator) -> None:
    params, (x, _) = random_params(rng, 5), images(rng, 4)
    hint = "convolution with a border of 1, ReLU, the largest of 2 x 2, and a linear layer"
    agree("scores(x)", network(tried, params).scores(x), scores_of(params, x), hint)


def _predict(tried: Tried, rng: np.random.Generator) -> None:
    params, (x, _) = random_params(rng, 5), images(rng, 12)
    expected = scores_of(params, x).argmax(axis=1)
    got = numbers(network(tried, params).predict(x), "predict returned", (12,))
    if not np.array_equal(got, expected):
        raise TrialError(f"predict returned {got.tolist()}, expected {expected.tolist()}")


def _loss(part: str, n: int = 6, lam: float = 0.3) -> Run:
    """A trial of the loss, or of the gradient of one parameter."""

    def run(tried: Tried, rng: np.random.Generator) -> None:
        params, (x, labels) = random_params(rng, 5), images(rng, n)
        loss, grads = _result(network(tried, params).loss(x, labels, lam))
        true_loss, true_grads = loss_and_gradients(params, x, labels, lam)
        if part == "loss":
            agree("loss", loss, np.asarray(true_loss), HINTS["loss"])
            return
        agree(f"d{part}", _entry(grads, part), true_grads[part], HINTS[part])

    return run


def _all_parts(n: int, lam: float) -> Run:
    def run(tried: Tried, rng: np.random.Generator) -> None:
        for part in HINTS:
            _loss(part, n, lam)(tried, rng)

    return run


def _leaves_no_trace(tried: Tried, rng: np.random.Generator) -> None:
    params, (x, labels) = random_params(rng, 5), images(rng, 6)
    net = network(tried, params)
    first = _result(net.loss(x, labels, 0.3))
    net.loss(x[:2], labels[:2], 0.0)
    second = _result(net.loss(x, labels, 0.3))
    for name, array in params.items():
        agree(f"params[{name!r}] after three calls of loss", net.params[name], array)
        agree(f"d{name} the second time", second[1][name], np.asarray(first[1][name]))


NETWORK = Question(
    "A9.small_conv_net",
    (
        Trial("the parameters at the start", _start),
        Trial("scores", _scores),
        Trial("predict", _predict),
        Trial("the loss", _loss("loss")),
        Trial("the gradient of w1", _loss("w1")),
        Trial("the gradient of b1", _loss("b1")),
        Trial("the gradient of w2", _loss("w2")),
        Trial("the gradient of b2", _loss("b2")),
        Trial("no penalty, other numbers", _all_parts(9, 0.0), hidden=True),
        Trial("a strong penalty", _all_parts(5, 2.0), hidden=True),
        Trial("one image", _all_parts(1, 0.1), hidden=True),
        Trial("a call leaves no trace", _leaves_no_trace, hidden=True),
    ),
    "section 11.2, our network",
)
