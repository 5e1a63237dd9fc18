"""Assignment 6, what is drawn: first weights and minibatches.

No trial knows the numbers that a right answer draws. Exact claims are made where there are any,
such as that each sample comes once. Where a spread or a share is measured, here and for dropout,
the bounds lie at least eight standard deviations away from what is right.
"""

from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any

import numpy as np

from coursepkg import functional as F
from coursepkg.checks.question import Trial
from coursepkg.checks.trials import TrialError, Tried, numbers

Run = Callable[[Tried, np.random.Generator], None]
LAYERS, WIDTH, CLASSES = 10, 128, 10


def draw_seed(rng: np.random.Generator) -> int:
    """Return a seed to hand to a student's function."""
    return int(rng.integers(1, 10**6))


def _weights(
    name: str, tried: Tried, rng: np.random.Generator, fan_in: int, fan_out: int
) -> np.ndarray:
    w = tried.array(name, fan_in, fan_out, draw_seed(rng), shape=(fan_in, fan_out))
    if w.dtype.kind != "f" or w.std() == 0:
        raise TrialError(f"{name} returned weights that are all the same, or whole numbers")
    return w


def _spread(name: str, sizes: Callable[[np.random.Generator], tuple[int, int]]) -> Run:
    def run(tried: Tried, rng: np.random.Generator) -> None:
        fan_in, fan_out = sizes(rng)
        got = _weights(name, tried, rng, fan_in, fan_out).std()
        fan = fan_in if name == "init_he" else (fan_in + fan_out)
        wanted = (2 / fan) ** 0.5
        # At least 25,000 entries: 0.04 is nine standard deviations of the measurement.
        if abs(got / wanted - 1) > 0.04:
            raise TrialError(
                f"with {fan_in} inputs and {fan_out} outputs the standard deviation is "
                f"{got:.4f}, expected about {wanted:.4f}"
            )

    return run


def _centre(name: str) -> Run:
    def run(tried: Tried, rng: np.random.Generator) -> None:
        w = _weights(name, tried, rng, 300, 200)
        # The mean of 60,000 entries has a standard deviation of 0.004 of theirs.
        if abs(w.mean()) > 0.05 * w.std():
            raise TrialError(f"the mean of the weights is {w.mean():.4f}, expected about 0")

    return run


def _seeds(name: str) -> Run:
    def run(tried: Tried, rng: np.random.Generator) -> None:
        seed = draw_seed(rng)
        first, again, other = (
            tried.array(name, 40, 30, number, shape=(40, 30)) for number in (seed, seed, seed + 1)
        )
        if not np.array_equal(first, again):
            raise TrialError("the same seed gave other weights the second time")
        if np.array_equal(first, other):
            raise TrialError("two seeds gave the same weights: is the seed used?")

    return run


def _ten_relu_layers(tried: Tried, rng: np.random.Generator) -> None:
    out = rng.standard_normal((100, WIDTH))
    for _ in range(LAYERS):
        out = np.maximum(out @ _weights("init_he", tried, rng, WIDTH, WIDTH), 0)
    if not 0.1 < out.std() < 10:
        raise TrialError(
            f"after ten layers with ReLU the standard deviation is {out.std():.1e}, "
            "expected between 0.1 and 10"
        )


def _ten_tanh_layers(tried: Tried, rng: np.random.Generator) -> None:
    out = rng.standard_normal((100, WIDTH))
    for _ in range(LAYERS):
        out = np.tanh(out @ _weights("init_xavier", tried, rng, WIDTH, WIDTH))
    if not 0.1 < out.std() < 0.6:
        raise TrialError(
            f"after ten layers with tanh the standard deviation is {out.std():.1e}, "
            "expected between 0.1 and 0.6"
        )


def _first_loss(tried: Tried, rng: np.random.Generator) -> None:
    x, labels = rng.standard_normal((200, 64)), rng.integers(0, CLASSES, 200)
    hidden = np.maximum(x @ _weights("init_he", tried, rng, 64, 100), 0)
    scores = hidden @ (0.01 * _weights("init_he", tried, rng, 100, CLASSES))
    loss = float(F.cross_entropy(scores, labels)[0])
    if not 0.5 < hidden.std() < 1.5 or abs(loss - np.log(CLASSES)) > 0.02:
        raise TrialError(
            f"a fresh network with ten classes and a last layer 100 times smaller has the loss "
            f"{loss:.3f}, and hidden units of standard deviation {hidden.std():.2f}; expected are "
            f"about ln 10 = {np.log(CLASSES):.3f} and 0.83"
        )


def _wide(rng: np.random.Generator) -> tuple[int, int]:
    return int(rng.integers(300, 400)), int(rng.integers(100, 150))


def _narrow(rng: np.random.Generator) -> tuple[int, int]:
    return _wide(rng)[::-1]


def _initialisation(name: str, deep: Trial, *more: Trial) -> tuple[Trial, ...]:
    return (
        Trial("256 inputs, 256 outputs", _spread(name, lambda rng: (256, 256))),
        Trial("more inputs than outputs", _spread(name, _wide)),
        Trial("the mean", _centre(name)),
        Trial("seeds", _seeds(name)),
        deep,
        Trial("more outputs than inputs", _spread(name, _narrow), hidden=True),
        *more,
    )


HE = _initialisation(
    "init_he",
    Trial("ten layers with ReLU", _ten_relu_layers),
    Trial("the loss of a fresh network", _first_loss, hidden=True),
)
XAVIER = _initialisation("init_xavier", Trial("ten layers with tanh", _ten_tanh_layers))


def _batches(tried: Tried, n: int, size: int, seed: int) -> list[np.ndarray]:
    return [
        numbers(batch if isinstance(batch, np.ndarray) else _each(batch), "one of the batches is")
        for batch in _each(tried("minibatches", n, size, seed))
    ]


def _each(value: Any) -> list[Any]:
    """The items of a list, or of a generator, which may be one in another process."""
    try:
        return list(chain(value))  # `list` alone would ask a generator for its length
    except TypeError:
        kind = type(value).__name__
        raise TrialError(f"minibatches returned {kind}, not a list of integer arrays") from None


def _once(n: int, batches: list[np.ndarray]) -> np.ndarray:
    """All row numbers in the order of the batches; each has to be there once."""
    if any(batch.ndim != 1 or batch.dtype.kind not in "iu" for batch in batches):
        raise TrialError("each batch must be an array (B,) of whole numbers, the rows it takes")
    rows = np.concatenate([np.zeros(0, int), *batches])
    counts = np.bincount(rows[(rows >= 0) & (rows < n)].astype(int), minlength=n)
    if len(rows) != n or (counts != 1).any():
        raise TrialError(
            f"of {n} samples {np.sum(counts == 0)} are never used and {np.sum(counts > 1)} more "
            "than once; each must be used once"
        )
    return rows


def _each_once(n: int, size: int, tried: Tried, rng: np.random.Generator) -> None:
    batches = _batches(tried, n, size, draw_seed(rng))
    _once(n, batches)
    wanted = [size] * (n // size) + [n % size] * (n % size > 0)
    if [len(batch) for batch in batches] != wanted:
        got = [len(batch) for batch in batches]
        raise TrialError(f"the batches have sizes {got}, expected {wanted}")


def _shuffled(tried: Tried, rng: np.random.Generator) -> None:
    n, size = 200, 20
    rows = _once(n, _batches(tried, n, size, draw_seed(rng)))
    # Of a random order, about one neighbour follows its neighbour; twenty do with chance 1e-18.
    if np.sum(np.diff(rows) == 1) > 20:
        raise TrialError("many samples come right after the one before them: shuffle the samples")
    spans = [np.ptp(rows[start : start + size]) for start in range(0, n, size)]
    if max(spans) < 2 * size:
        raise TrialError("each batch holds neighbours only: shuffle all samples, then cut")


def _another_order(tried: Tried, rng: np.random.Generator) -> None:
    seed = draw_seed(rng)
    first, again, other = (_once(50, _batches(tried, 50, 8, s)) for s in (seed, seed, seed + 1))
    if not np.array_equal(first, again):
        raise TrialError("the same seed gave another order the second time")
    if np.array_equal(first, other):
        raise TrialError("two seeds gave the same order: then every epoch is the same")


def _evenly(tried: Tried, rng: np.random.Generator) -> None:
    """Over many seeds, every sample comes early about as often as late."""
    n, seed, tries = 30, draw_seed(rng), 40
    places = np.zeros(n)
    for number in range(tries):
        places[_once(n, _batches(tried, n, 4, seed + number))] += np.arange(n)
    mean, deviation = (n - 1) / 2, ((n * n - 1) / 12 / tries) ** 0.5
    if np.abs(places / tries - mean).max() > 8 * deviation:
        raise TrialError("over many seeds, some samples come early much more often than others")


MINIBATCHES = (
    Trial("10 samples, batches of 4", partial(_each_once, 10, 4)),
    Trial("the samples are shuffled", _shuffled),
    Trial("seeds", _another_order),
    Trial("12 samples, batches of 4", partial(_each_once, 12, 4)),
    Trial("57 samples, batches of 8", partial(_each_once, 57, 8), hidden=True),
    Trial("fewer samples than a batch has", partial(_each_once, 5, 8), hidden=True),
    Trial("batches of one", partial(_each_once, 7, 1), hidden=True),
    Trial("no place is preferred", _evenly, hidden=True),
)
