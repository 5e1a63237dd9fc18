"""Assignment 9, the capstone: a small convolutional network, its training, what it looks at."""

import numpy as np

from coursepkg.checks.a9_data import (
    CLASSES,
    Params,
    digits,
    images,
    random_params,
)
from coursepkg.checks.a9_network import NETWORK, Run, agree, network
from coursepkg.checks.question import Question, Trial
from coursepkg.checks.trials import TrialError, Tried, numbers

EPOCHS = 8
BANDS = (70, 85, 92)
"""Per cent of unseen digits, one training each."""


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
    agree("scores after training with the same seed again", second, first)
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
    net, side = network(tried, params), 8 - size + 1
    covered = np.repeat(image[None], side**2 + 1, axis=0)
    for number, (i, j) in enumerate(np.ndindex(side, side), start=1):
        covered[number, :, i : i + size, j : j + size] = 0
    scores = numbers(net.scores(covered), "scores returned", (len(covered), CLASSES))[:, label]
    heat = tried("occlusion_map", net, image, label, size)
    hint = "how much the score of this label falls when this patch is 0 and all others are not"
    agree("the map", heat, (scores[0] - scores[1:]).reshape(side, side), hint)


QUESTIONS = (
    NETWORK,
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
