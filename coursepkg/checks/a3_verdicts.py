"""The verdicts of a student's checker in assignment 3, on gradients that are right or wrong."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from coursepkg.checks import a3_specimens as specimens
from coursepkg.checks.a3_specimens import RIGHT, WRONG, Specimen
from coursepkg.checks.question import Trial
from coursepkg.checks.trials import TrialError, Tried

OPEN = {"the sign turned", "gates of ReLU left open", "a thousandth too large"}
OPEN |= {"float32", "whole numbers"}
"""Gradients that the visible check shows to a student's checker already."""
Run = Callable[[Tried, np.random.Generator], None]


def _verdict(tried: Tried, name: str, specimen: Specimen, grad: Any, *more: Any) -> bool:
    verdict = tried(name, specimen.f, specimen.x, grad, *more)
    if not isinstance(verdict, bool | np.bool_):
        raise TrialError(f"{name} must return True or False, got {type(verdict).__name__}")
    return bool(verdict)


def _both(
    tried: Tried, name: str, specimen: Specimen, wrong: np.ndarray, first: bool, *more: Any
) -> None:
    """Show the right gradient and a wrong one, in an order that nobody can guess.

    A checker that always says the same has checked nothing.
    """
    for right in (first, not first):
        grad = specimen.grad if right else wrong
        if _verdict(tried, name, specimen, grad, *more) is not right:
            said = "a right gradient is called wrong" if right else "a wrong gradient goes through"
            raise TrialError(f"{said} (the function {specimen.name}, {specimen.x.dtype})")


def _coin(rng: np.random.Generator) -> bool:
    return bool(rng.random() < 0.5)


def _spoilt(specimen: Specimen, rng: np.random.Generator) -> np.ndarray:
    """A gradient that is wrong in every entry, so that any checker can see it."""
    size = float(np.abs(specimen.grad).max()) or 1.0
    noise = rng.uniform(0.5, 1, specimen.grad.shape) * rng.choice([-1, 1], specimen.grad.shape)
    return (specimen.grad + size * noise).astype(specimen.grad.dtype)


def _catch(title: str) -> Run:
    def run(tried: Tried, rng: np.random.Generator) -> None:
        specimen, wrong = WRONG[title](rng)
        _both(tried, "check_gradient", specimen, wrong, _coin(rng))

    return run


def _clear(title: str) -> Run:
    def run(tried: Tried, rng: np.random.Generator) -> None:
        specimen = RIGHT[title](rng)
        _both(tried, "check_gradient", specimen, _spoilt(specimen, rng), _coin(rng))

    return run


# ---------------------------------------------------------------- directional_check


def _worked_direction(tried: Tried, rng: np.random.Generator) -> None:
    name = "directional_check"
    specimen = specimens.squares(np.array([1.0, 2.0]), np.array([1.0, 3.0]))
    wrong = np.array([1.0, 5.0])
    _both(tried, name, specimen, wrong, True, np.array([[1.0, 1.0]]))
    if not _verdict(tried, name, specimen, wrong, np.array([[1.0, 0.0]])):
        raise TrialError("along (1, 0) both gradients say 1, and so does the function: accept it")


def _along(draw: Callable[[np.random.Generator], Specimen], count: int = 3) -> Run:
    """Random directions."""

    def run(tried: Tried, rng: np.random.Generator) -> None:
        specimen = draw(rng)
        directions = rng.standard_normal((count, *specimen.x.shape))
        wrong = _spoilt(specimen, rng)
        _both(tried, "directional_check", specimen, wrong, _coin(rng), directions)

    return run


def _unchanged(tried: Tried, rng: np.random.Generator) -> None:
    _along(specimens.random_network)(tried, rng)
    if tried.mutated:
        raise TrialError("directional_check changes an array that it is given")


def _last_direction(tried: Tried, rng: np.random.Generator) -> None:
    """What is wrong with the gradient stands at right angles to all directions but the last."""
    specimen = specimens.random_cubic(rng, 6)
    directions = np.linalg.qr(rng.standard_normal((6, 6)))[0][:4]
    wrong = specimen.grad + directions[-1] * rng.choice([-1, 1])
    _both(tried, "directional_check", specimen, wrong, _coin(rng), directions)


def _level(tried: Tried, rng: np.random.Generator) -> None:
    """A direction in which a right gradient says 0, and a difference nearly so."""
    bend = 0.0
    while abs(bend) < 1:  # what the function does there beyond its slope
        specimen = specimens.random_cubic(rng)
        unit = specimen.grad / np.linalg.norm(specimen.grad)
        direction = rng.standard_normal(specimen.x.shape)
        direction -= (direction @ unit) * unit
        bend = float(specimen.parameters[0] @ direction**3)
    wrong = specimen.grad + direction
    _both(tried, "directional_check", specimen, wrong, _coin(rng), direction[None])


def _few_calls(tried: Tried, rng: np.random.Generator) -> None:
    specimen = replace(specimens.random_cubic(rng, 40, 25), most_calls=12)
    directions = rng.standard_normal((3, 40, 25))
    wrong = _spoilt(specimen, rng)
    _both(tried, "directional_check", specimen, wrong, _coin(rng), directions)


def _no_gradient(tried: Tried, rng: np.random.Generator) -> None:
    specimen = specimens.random_logistic(rng)
    directions = rng.standard_normal((3, *specimen.x.shape))
    broken = specimen.grad.copy()
    broken[0] = np.nan
    for wrong in (broken, specimen.grad[:, None]):
        _both(tried, "directional_check", specimen, wrong, _coin(rng), directions)


def _tiny(rng: np.random.Generator) -> Specimen:
    return specimens.scaled(specimens.random_cubic(rng), 1e-9)


CHECK_GRADIENT = (
    *(Trial(f"wrong: {t}", _catch(t), hidden=t not in OPEN) for t in WRONG),
    *(Trial(f"right: {t}", _clear(t), hidden=t not in OPEN) for t in RIGHT),
)

DIRECTIONAL_CHECK = (
    Trial("the worked example", _worked_direction),
    Trial("a matrix, three directions, nothing changed", _unchanged),
    Trial("wrong along the last direction only", _last_direction, hidden=True),
    Trial("a direction at right angles to the gradient", _level, hidden=True),
    Trial("two calls of f a direction", _few_calls, hidden=True),
    Trial("float32", _along(RIGHT["float32"]), hidden=True),
    Trial("nan, and a dimension too many", _no_gradient, hidden=True),
    Trial("tiny gradients", _along(_tiny), hidden=True),
)
