"""W3.4: twelve gradients that are wrong, and what a check says about each (deck row 44)."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import traitlets

from coursepkg import functional as F
from coursepkg.derivatives import numerical_gradient, relative_error
from coursepkg.gradcheck import check_gradient
from coursepkg.mistakes import MISTAKES, Mistake, of
from coursepkg.widgets.base import BookWidget

VIEWS = ("got", "expected", "difference", "ratio")
CASES = (
    "CE1", "LIN1", "ACT10", "LIN3", "CE7", "ACT1", "MSE1", "LIN4", "CE4", "LIN9", "ACT5", "CE3",
)  # fmt: skip
LETTERS = tuple("ABCDEFGHIJKL")
CHOICES = 3
SEEN = 2e-6  # less is rounding
PLACES = 6  # digits after the point that are shipped


class Suspect(NamedTuple):
    """A gradient, and what is needed to judge it: f, where, and the upstream gradient."""

    mistake: Mistake
    tensor: str
    got: np.ndarray
    f: Callable[[np.ndarray], Any]
    x: np.ndarray
    dout: np.ndarray | None


@cache
def suspect(letter: str) -> Suspect:
    """Return the wrong gradient of that letter, A to L.

    Examples
    --------
    >>> suspect("A").tensor, suspect("A").got.shape
    ('dscores', (5, 4))
    """
    return _returned(MISTAKES[CASES[LETTERS.index(letter)]], LETTERS.index(letter))


def _returned(mistake: Mistake, seed: int) -> Suspect:
    """What the wrong function returns on the numbers of that seed."""
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape).round(1)

    name = mistake.operation.removesuffix("_backward")
    if name == "linear":
        return _linear(mistake, draw)
    if name == "cross_entropy":
        x, labels = draw(5, 4), rng.integers(0, 4, 5)
        return Suspect(
            mistake, "dscores", mistake.code(1.0, F.cross_entropy(x, labels)[1]),
            lambda scores: F.cross_entropy(scores, labels)[0], x, None,
        )  # fmt: skip
    if name == "mse_loss":
        x, targets = draw(5, 4), draw(5, 4)
        return Suspect(
            mistake, "dpredictions", mistake.code(1.0, F.mse_loss(x, targets)[1]),
            lambda predictions: F.mse_loss(predictions, targets)[0], x, None,
        )  # fmt: skip
    x, dout, forward = _off_zero(draw(5, 4)), _off_zero(draw(5, 4)), getattr(F, name)
    got = mistake.code(dout, forward(x)[1])
    return Suspect(mistake, "dx", got, lambda x: forward(x)[0], x, dout)


def _linear(mistake: Mistake, draw: Callable[..., np.ndarray]) -> Suspect:
    x, w, b, dout = draw(5, 4), draw(4, 4), draw(4), draw(5, 4)
    places = {
        "dx": (0, lambda x: x @ w + b, x),
        "dw": (1, lambda w: x @ w + b, w),
        "db": (2, lambda b: x @ w + b, b),
    }
    (tensor,) = mistake.affects
    place, f, at = places[tensor]
    return Suspect(mistake, tensor, mistake.code(dout, F.linear(x, w, b)[1])[place], f, at, dout)


def _off_zero(x: np.ndarray) -> np.ndarray:
    """Move what lies at a kink."""
    return np.where(x == 0, 0.3, x)


def choices(letter: str) -> list[str]:
    """Return ids of mistakes that this one may be taken for, and its own among them.

    What returns the same numbers is no other mistake: ``maximum(0, dout)`` is a mask from dout.

    Examples
    --------
    >>> "CE1" in choices("A") and len(choices("A"))
    3
    """
    place = LETTERS.index(letter)
    own = suspect(letter).mistake
    others = [
        one
        for one in of(own.operation)
        if one.affects == own.affects
        and not np.array_equal(_returned(one, place).got, suspect(letter).got)
    ]
    found = [others[(place + k) % len(others)].id for k in range(CHOICES - 1)]
    among = (2 * place + place // CHOICES) % CHOICES
    return [*found[:among], own.id, *found[among:]]


@cache
def numbers_of(letter: str) -> dict[str, Any]:
    """Return got, expected and the errors; None where shapes do not let them be compared.

    Examples
    --------
    >>> numbers_of("A")["error"].__round__(3)
    0.667
    """
    name = suspect(letter)
    got, expected = np.atleast_2d(name.got), np.atleast_2d(numerical_gradient(*name[3:]))
    got, expected = got.round(PLACES), expected.round(PLACES)
    same = got.shape == expected.shape
    return {
        "got": got.tolist(),
        "expected": expected.tolist(),
        "error": relative_error(got, expected) if same else None,
        "wrong": int(np.sum(np.abs(got - expected) > SEEN)) if same else None,
    }


@cache
def story(letter: str) -> dict[str, Any]:
    """Return what the widget ships about a case: arrays, verdict, choices, and their texts."""
    name = suspect(letter)
    report = check_gradient(name.tensor, *name[2:], np.random.default_rng(0))
    options = [MISTAKES[each] for each in choices(letter)]
    numbers = numbers_of(letter)
    return {
        "name": f"{name.tensor} of {name.mistake.operation.removesuffix('_backward')}",
        "got": numbers["got"],
        "expected": numbers["expected"],
        "verdict": report.verdict,
        "pattern": report.pattern or "",
        "options": [one.symptom for one in options],
        "right": options.index(name.mistake),
        "question": name.mistake.question,
        "section": name.mistake.section,
        "hidden": name.mistake.hidden_when,
    }


class LiarsGradient(BookWidget):
    """Twelve wrong gradients beside the numbers of the check; the reader says what was done.

    Parameters
    ----------
    case : "A" to "L"
    view : "got", "expected", "difference" or "ratio"
    answer : the number of a case and of the choice made there; [-1, -1] before any

    Examples
    --------
    >>> LiarsGradient(case="B").state()
    {'answer': [-1, -1], 'case': 'B', 'view': 'ratio'}
    """

    script = "liars_gradient.js"
    number = "W3.4"
    title = "A liar's gradient"
    alt = (
        "A table of 5 by 4 numbers: a gradient of a cross-entropy divided, entry by entry, by its "
        "numerical derivative. Every quotient is 5, the size of the batch, so the mean of the loss "
        "is missing in the way back. Eleven more wrong gradients can be chosen, from a transposed "
        "one to a mask taken from the wrong tensor, each with three explanations to choose from."
    )

    case = traitlets.Enum(LETTERS, "A").tag(sync=True)
    view = traitlets.Enum(VIEWS, "ratio").tag(sync=True)
    answer = traitlets.List(traitlets.Int(), [-1, -1], minlen=2, maxlen=2).tag(sync=True)

    @traitlets.default("_data")
    def _ship_stories(self) -> dict[str, Any]:
        return {letter: story(letter) for letter in LETTERS}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every case in two views."""
        return [
            ({"case": letter, "view": view}, numbers_of(letter))
            for letter in LETTERS
            for view in ("got", "difference")
        ]
