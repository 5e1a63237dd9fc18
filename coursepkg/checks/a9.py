"""Assignment 9, the capstone: a small convolutional network's loss, training, occlusion."""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursepkg.checks.a9_data import (
    CLASSES,
    Params,
    digits,
    images,
    loss_and_gradients,
    random_params,
    scores_of,
)
from coursepkg.checks.question import Question, Trial
from coursepkg.checks.trials import TrialError, Tried, numbers
from coursepkg.gradcheck import check_values

EPOCHS = 8
BANDS = (70, 85, 92)
"""Per cent of unseen digits, one training each."""
HINTS = {
    "loss": "cross-entropy, a mean over the batch, plus lam / 2 times the sum of squares of w1, w2",
    "w1": "back through linear, pooling, ReLU and convolution with this call's caches; + lam * w1",
    "b1": "what conv2d_backward says; the biases are not penalised",
    "w2": "the linear layer read the pooled images, flattened; and the penalty adds lam * w2",
    "b2": "the sum of dscores over the batch; the biases are not penalised",
}
Run = Callable[[Tried, np.random.Generator], None]


def _network(tried: Tried, params: Params) -> Any:
    """The student's network, with these parameters."""
    net = tried("SmallConvNet", 0, len(params["b1"]))
    net.params = {name: array.copy() for name, array in params.items()}
    return net


def _agree(what: str, got: Any, expected: np.ndarray, hint: str = "") -> None:
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
    _agree("scores(x)", _network(tried, params).scores(x), scores_of(params, x), hint)


def _predict(tried: Tried, rng: np.random.Generator) -> None:
    params, (x, _) = random_params(rng, 5), images(rng, 12)
    expected = scores_of(params, x).argmax(axis=1)
    got = numbers(_network(tried, params).predict(x), "predict returned", (12,))
    if not np.array_equal(got, expected):
        raise TrialError(f"predict returned {got.tolist()}, expected {expected.tolist()}")


def _loss(part: str, n: int = 6, lam: float = 0.3) -> Run:
    """A trial of the loss, or of the gradient of one parameter."""

    def run(tried: Tried, rng: np.random.Generator) -> None:
        params, (x, labels) = random_params(rng, 5), images(rng, n)
        loss, grads = _result(_network(tried, params).loss(x, labels, lam))
        true_loss, true_grads = loss_and_gradients(params, x, labels, lam)
        if part == "loss":
            _agree("loss", loss, np.asarray(true_loss), HINTS["loss"])
            return
        _agree(f"d{part}", _entry(grads, part), true_grads[part], HINTS[part])

    return run


def _all_parts(n: int, lam: float) -> Run:
    def run(tried: Tried, rng: np.random.Generator) -> None:
        for part in HINTS:
            _loss(part, n, lam)(tried, rng)

    return run


def _leaves_no_trace(tried: Tried, rng: np.random.Generator) -> None:
    params, (x, labels) = random_params(rng, 5), images(rng, 6)
    net = _network(tried, params)
    first = _result(net.loss(x, labels, 0.3))
    net.loss(x[:2], labels[:2], 0.0)
    second = _result(net.loss(x, labels, 0.3))
    for name, array in params.items():
        _agree(f"params[{name!r}] after three calls of loss", net.params[name], array)
        _agree(f"d{name} the second time", second[1][name], np.asarray(first[1][name]))


def _band(percent: int) -> Run:
    def run(tried: Tried, rng: np.random.Generator) -> None:
        reached = 0.0
        for _ in range(2):  # the better of two: one unlucky start is nobody's mistake
            reached = max(reached, _accuracy(tried, rng))
            if 100 * reached >= percent:
                return
        raise TrialError(
            f"your network reads {100 * reached:.0f} % of digits it has not seen, {percent} % were "
            f"asked for. The digits come sorted by class, and which class is called what differs "
            f"each time: shuffle in every epoch, and learn from the arrays you are given"
        )

    return run


def _accuracy(tried: Tried, rng: np.random.Generator) -> float:
    """The share of unseen digits that a network reads, trained once by the student's function."""
    x, labels, x_new, labels_new = digits(rng)
    net = tried("train", x, labels, EPOCHS, int(rng.integers(1000)))
    guess = numbers(net.predict(x_new), "predict returned", labels_new.shape)
    again = [np.asarray(net.predict(x_new[i : i + 1])).item() for i in range(8)]
    if not np.array_equal(guess[:8], again):
        raise TrialError(
            "predict answers otherwise when it sees a digit a second time, alone: what is random "
            "or depends on the batch belongs into training"
        )
    return float((guess == labels_new).mean())


def _same_seed(tried: Tried, rng: np.random.Generator) -> None:
    """Also asks that something was learned, so that an untrained network earns nothing."""
    x, labels, *_ = digits(rng)
    nets = [tried("train", x, labels, 2, 7) for _ in range(2)]
    first, second = (numbers(net.scores(x[::50]), "scores returned", (20, CLASSES)) for net in nets)
    _agree("scores after training with the same seed again", second, first)
    right = (numbers(nets[0].predict(x), "predict returned", labels.shape) == labels).mean()
    if right < 0.15:
        raise TrialError(f"after 2 epochs it reads {100 * right:.0f} % of what it was trained on")


def _worked(size: int) -> Run:
    """The example of the statement: two pixels in one window of the pooling layer."""

    def run(tried: Tried, rng: np.random.Generator) -> None:
        params = {name: np.zeros_like(a) for name, a in random_params(rng, 1).items()}
        params["w1"][0, 0, 1, 1] = 1.0
        params["w2"][:, 7] = 1.0
        image = np.zeros((1, 8, 8))
        image[0, 2, 2:4] = 0.5, 1.0
        _occlude(tried, params, image, 7, size)

    return run


def _random_occlusion(size: int) -> Run:
    def run(tried: Tried, rng: np.random.Generator) -> None:
        params, (x, labels) = random_params(rng, 4), images(rng, 1)
        _occlude(tried, params, x[0] + 0.1, (int(labels[0]) + 3) % CLASSES, size)

    return run


def _occlude(tried: Tried, params: Params, image: np.ndarray, label: int, size: int) -> None:
    """Compare with a map made from the student's own scores: a wrong network costs nothing here."""
    net, side = _network(tried, params), 8 - size + 1
    covered = np.repeat(image[None], side**2 + 1, axis=0)
    for number, (i, j) in enumerate(np.ndindex(side, side), start=1):
        covered[number, :, i : i + size, j : j + size] = 0
    scores = numbers(net.scores(covered), "scores returned", (len(covered), CLASSES))[:, label]
    heat = tried("occlusion_map", net, image, label, size)
    hint = "how much the score of this label falls when this patch is 0 and all others are not"
    _agree("the map", heat, (scores[0] - scores[1:]).reshape(side, side), hint)


QUESTIONS = (
    Question(
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
    ),
    Question(
        "A9.train",
        (
            *(Trial(f"{percent} % of unseen digits", _band(percent)) for percent in BANDS),
            Trial("the same seed, the same network", _same_seed),
        ),
        "section 11.3, a training log",
    ),
    Question(
        "A9.occlusion_map",
        (
            Trial("the worked example, one pixel at a time", _worked(1)),
            Trial("the worked example, 2 x 2", _worked(2)),
            Trial("a digit, 3 x 3", _random_occlusion(3), hidden=True),
            Trial("a patch as large as the image", _random_occlusion(8), hidden=True),
        ),
        "section 11.4, looking inside",
    ),
)
