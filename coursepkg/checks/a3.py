"""Assignment 3, gradients you can trust: a checker, tried on gradients that are right or wrong."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from coursepkg.checks import a3_specimens as specimens
from coursepkg.checks.a3_specimens import RIGHT, Specimen
from coursepkg.checks.a3_verdicts import CHECK_GRADIENT, DIRECTIONAL_CHECK
from coursepkg.checks.question import Question, Trial
from coursepkg.checks.trials import TrialError, Tried
from coursepkg.gradcheck import relative_error

NUMERIC = 1e-7
"""A central difference is far more exact than this, a one-sided one far less."""
EXACT = 1e-9
Run = Callable[[Tried, np.random.Generator], None]


# ---------------------------------------------------------------- numeric_gradient


def _differences(tried: Tried, specimen: Specimen) -> None:
    got = tried.array("numeric_gradient", specimen.f, specimen.x, shape=specimen.x.shape)
    error = relative_error(got, specimen.grad)
    if not error <= NUMERIC:
        raise TrialError(
            f"a relative error of {error:.1e} for the function {specimen.name}: a central "
            f"difference in float64 with h = 1e-5 stays below {NUMERIC:g}"
        )


def _numeric(draw: Callable[[np.random.Generator], Specimen]) -> Run:
    return lambda tried, rng: _differences(tried, draw(rng))


def _worked_differences(tried: Tried, rng: np.random.Generator) -> None:
    cubic = specimens.cubic(np.array([2.0, -1.0]), np.array([1.0, 2.0]))
    got = tried.array("numeric_gradient", cubic.f, cubic.x, 0.1, shape=(2,))
    if not np.allclose(got, [12.01, 6.02], rtol=1e-6):
        raise TrialError(
            f"with h = 0.1 it must be (12.01, 6.02), yours is {tuple(got.round(6).tolist())}"
        )


def _single(rng: np.random.Generator) -> Specimen:
    cubic = specimens.random_cubic(rng)
    return specimens.cubic(cubic.x.astype(np.float32), cubic.parameters[0])


def _put_back(tried: Tried, rng: np.random.Generator) -> None:
    """Entries smaller than the step: adding h and taking it away leaves another number."""
    ridge = specimens.random_ridge(rng)
    _differences(tried, specimens.ridge(1e-7 * ridge.x, *ridge.parameters))
    if tried.mutated:
        raise TrialError("x is not as it was before: put each entry's old value back")


def _down_the_columns(rng: np.random.Generator) -> Specimen:
    network = specimens.random_network(rng)
    return replace(network, x=np.asfortranarray(network.x))


# ---------------------------------------------------------------- relative_error


def _measure(tried: Tried, a: np.ndarray, b: np.ndarray, expected: float, what: str = "") -> None:
    got = float(tried.array("relative_error", a, b, shape=()))
    if abs(got - expected) > EXACT * max(expected, 1e-9):
        raise TrialError(f"{what}it must be {expected:.6g}, yours is {got:.6g}")


def _worked_error(tried: Tried, rng: np.random.Generator) -> None:
    _measure(tried, np.array([3.0, 0.0]), np.array([0.0, 4.0]), 5 / 7)


def _random_error(*shape: int) -> Run:
    def run(tried: Tried, rng: np.random.Generator) -> None:
        a, b = rng.standard_normal((2, *shape))
        _measure(tried, a, b, relative_error(a, b))
        _measure(tried, 1e-6 * a, 1e-6 * b, relative_error(a, b), "a millionth of both arrays: ")

    return run


def _equal(tried: Tried, rng: np.random.Generator) -> None:
    a = rng.standard_normal((3, 4))
    _measure(tried, a, a, 0.0, "of two equal arrays: ")
    _measure(tried, a, -a, 1.0, "of an array and its negative: ")
    _measure(tried, 0 * a, 0 * a, 0.0, "of two arrays of zeros: ")


def _tiny_entry(tried: Tried, rng: np.random.Generator) -> None:
    a = rng.uniform(1, 2, 5)
    b = a.copy()
    a[2], b[2] = 1e-9, 5e-9
    _measure(tried, a, b, relative_error(a, b), "a tiny entry beside large ones: ")


def _other_shapes(tried: Tried, rng: np.random.Generator) -> None:
    a = rng.standard_normal(4)
    _infinite(tried("relative_error", a, a[:, None]), "shapes (4,) and (4, 1)")
    _infinite(tried("relative_error", np.ones((3, 4)), np.ones(4)), "shapes (3, 4) and (4,)")
    _measure(tried, a, 2 * a, 1 / 3)


def _infinite(got: Any, what: str) -> None:
    if not isinstance(got, float | np.floating) or got != np.inf:
        raise TrialError(f"of {what}: it must be infinite, yours is {got!r}")


def _nan(tried: Tried, rng: np.random.Generator) -> None:
    a = rng.standard_normal(4)
    b = a.copy()
    b[1] = np.nan
    got = tried("relative_error", a, b)
    if not isinstance(got, float | np.floating) or got <= 1:
        raise TrialError(f"of arrays with a nan in them it must be nan or infinite, got {got!r}")
    _measure(tried, a, 3 * a, 0.5)


def _wide(tried: Tried, rng: np.random.Generator) -> None:
    a, b = (rng.uniform(1, 2, (2, 5)) * 1e25).astype(np.float32)
    _measure(tried, a, b, relative_error(a, b), "large numbers in float32: ")


QUESTIONS = (
    Question(
        "A3.numeric_gradient",
        (
            Trial("the worked example", _worked_differences),
            Trial("a vector", _numeric(specimens.random_cubic)),
            Trial("a matrix whose entries work together", _numeric(specimens.random_network)),
            Trial("entries close to 0, put back as they were", _put_back),
            Trial("float32", _numeric(_single), hidden=True),
            Trial("whole numbers", _numeric(RIGHT["whole numbers"]), hidden=True),
            Trial("a transposed array", _numeric(_down_the_columns), hidden=True),
        ),
        section="section 3.2, three kinds of differences",
    ),
    Question(
        "A3.relative_error",
        (
            Trial("the worked example", _worked_error),
            Trial("random vectors", _random_error(6)),
            Trial("equal, opposite, zero", _equal),
            Trial("arrays of three dimensions", _random_error(3, 4, 5), hidden=True),
            Trial("a tiny entry beside large ones", _tiny_entry, hidden=True),
            Trial("other shapes", _other_shapes, hidden=True),
            Trial("nan", _nan, hidden=True),
            Trial("large numbers in float32", _wide, hidden=True),
        ),
        section="section 3.3, how far apart are two gradients",
    ),
    Question(
        "A3.check_gradient",
        CHECK_GRADIENT,
        section="section 3.3, how far apart are two gradients",
    ),
    Question(
        "A3.directional_check",
        DIRECTIONAL_CHECK,
        section="section 3.3, how far apart are two gradients",
    ),
)
