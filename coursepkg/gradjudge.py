"""The judge of the gradient check: derivatives along directions, and the hunt for what is wrong."""

import functools
import math
from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

import numpy as np

from coursepkg.backend import Array, to_numpy
from coursepkg.derivatives import (
    STEP,
    ArrayFunction,
    directional_derivative,
    numerical_gradient,
    projection,
)
from coursepkg.gradpatterns import describe_difference
from coursepkg.gradreport import FirstDifference

DIRECTIONS = 5
TOLERANCE = 1e-6
COARSE = {"float32": 1e-4, "float16": 1e-2}  # what the rounding of shorter floats allows
# Tried one after another where the first disagrees: shorter past a kink and where the function
# bends much, longer where rounding drowns the difference.
STEPS = (1.0, 0.1, 10.0, 0.01, 0.001, 0.0001)
# A wrong tensor of at most so many entries is compared with its whole numerical gradient;
# of a larger one so many entries are looked at, at most so many of them in one line.
ENTRYWISE_LIMIT, SAMPLE, LINE = 4096, 256, 32


dtype_name = functools.cache(str)
"""The name of a dtype, such as "float64"; NumPy puts it together anew each time."""


class Judgement(NamedTuple):
    """`agrees` is None where the function has no derivative to compare with.

    `error` is the largest disagreement along a direction, relative to the norm of the gradient.
    """

    agrees: bool | None
    error: float


def judge(
    grad: np.ndarray,
    f: ArrayFunction,
    x: np.ndarray,
    dout: Array | None,
    rng: np.random.Generator,
) -> Judgement:
    """Compare ``<grad, v>`` with the derivative of ``sum(dout * f(x))`` along Gaussian v.

    Examples
    --------
    >>> x, rng = np.array([1.0, 2.0]), np.random.default_rng(0)
    >>> judge(3 * x**2, lambda x: x**3, x, None, rng).agrees
    True
    """
    compare = _comparison(grad, f, x, dout)
    error = 0.0
    for _ in range(DIRECTIONS):
        seen = compare(rng.standard_normal(x.shape))
        error = max(error, seen.error)
        if not seen.agrees:
            return Judgement(seen.agrees, error)
    return Judgement(True, error)


def first_wrong(
    grad: np.ndarray,
    f: ArrayFunction,
    x: np.ndarray,
    dout: Array | None,
    rng: np.random.Generator,
) -> tuple[FirstDifference, str | None]:
    """Find the first wrong entry of a gradient that was judged wrong, and the pattern in words.

    Examples
    --------
    >>> x, rng = np.array([1.0, 2.0]), np.random.default_rng(0)
    >>> first_wrong(6 * x**2, lambda x: x**3, x, None, rng)[1]
    'got = 2 x expected everywhere'
    """
    if x.size <= ENTRYWISE_LIMIT:
        truth = numerical_gradient(f, x, dout)
        off = np.abs(grad - truth).ravel()
        clear = off > 1e-4 * np.abs(truth).max()
        place = unravel(int(clear.argmax() if clear.any() else off.argmax()), x.shape)
    else:
        place = _bisect(_comparison(grad, f, x, dout), x.shape, rng)
        truth = sampled_gradient(f, x, dout, place, rng)
    found = FirstDifference(place, float(grad[place]), float(truth[place]))
    return found, describe_difference(grad, truth)


def sampled_gradient(
    f: ArrayFunction,
    x: np.ndarray,
    dout: Array | None,
    place: tuple[int, ...],
    rng: np.random.Generator,
) -> np.ndarray:
    """Return the numerical gradient where somebody looked, nan elsewhere.

    All entries of a small tensor are looked at; of a large one `place`, entries in line with it
    along every axis (a wrong row shows there), and others at random.

    Examples
    --------
    >>> sampled_gradient(lambda x: 2 * x, np.ones(3), None, (0,), np.random.default_rng(0))
    array([2., 2., 2.])
    """
    if x.size <= ENTRYWISE_LIMIT:
        return numerical_gradient(f, x, dout)
    places = {place}
    for axis, size in enumerate(x.shape):
        line = rng.choice(size, min(size, LINE), replace=False)
        places |= {(*place[:axis], int(i), *place[axis + 1 :]) for i in line}
    others = rng.choice(x.size, SAMPLE, replace=False)[: max(SAMPLE - len(places), SAMPLE // 4)]
    places |= {unravel(int(i), x.shape) for i in others}
    truth = np.full(x.shape, np.nan)
    for index in places:
        truth[index] = derivative_at(index, f, x, dout)
    return truth


def derivative_at(
    index: tuple[int, ...], f: ArrayFunction, x: np.ndarray, dout: Array | None
) -> float:
    """Differentiate ``sum(dout * f(x))`` with respect to one entry of x.

    Examples
    --------
    >>> round(derivative_at((1,), lambda x: x**3, np.array([1.0, 2.0]), None), 6)
    12.0
    """
    unit = np.zeros(x.shape)
    unit[index] = 1.0
    return directional_derivative(f, x, unit, dout)


def unravel(position: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the index of an entry from its number in row-major order, in plain integers.

    Examples
    --------
    >>> unravel(5, (2, 3))
    (1, 2)
    """
    return tuple(map(int, np.unravel_index(position, shape)))


class _Measurement(NamedTuple):
    step: float
    slope: float
    gap: float
    bend: float


def _comparison(
    grad: np.ndarray, f: ArrayFunction, x: np.ndarray, dout: Array | None
) -> Callable[[np.ndarray], Judgement]:
    """Return the function that compares ``<grad, v>`` with the difference quotient along `v`.

    Where they disagree, the quotient may be to blame: between two points on different sides of a
    kink it means nothing. So other steps are tried. The gradient is right if it agrees with one
    of them, and wrong if two of them agree with one another, saw no kink and contradict it.
    """
    project, norm = projection(f, dout), float(np.linalg.norm(grad))
    tolerance = COARSE.get(dtype_name(grad.dtype), TOLERANCE) * norm
    terms = projection(lambda x: np.abs(to_numpy(f(x))), None if dout is None else np.abs(dout))
    noise = 8 * np.finfo(np.float64).eps * (terms(x) + norm * float(np.abs(x).max(initial=0.0)))

    def compare(v: np.ndarray) -> Judgement:
        claimed = float(np.vdot(grad, v))
        seen: dict[float, _Measurement] = {}
        for factor in STEPS:
            step = factor * STEP / np.sqrt(max(x.size, 1))
            try:
                with np.errstate(all="ignore"):
                    above, below = project(x + step * v), project(x - step * v)
            except (ValueError, ArithmeticError):
                continue  # out of the domain, of a logarithm for example
            slope = (above - below) / (2 * step)
            gap = abs(slope - claimed)
            if gap <= tolerance:
                return Judgement(True, _quotient(gap, norm))
            if factor == 1 and gap <= tolerance + noise / step:
                return Judgement(True, _quotient(gap - noise / step, norm))
            bend = abs(above - 2 * project(x) + below)
            seen[factor] = _Measurement(step, slope, gap, bend)
        if _drowned(seen):
            return Judgement(True, 0.0)
        wrong = any(_agree(*pair) for pair in combinations(filter(_smooth, seen.values()), 2))
        return Judgement(
            False if wrong else None,
            _quotient(max((m.gap for m in seen.values()), default=0.0), norm),
        )

    return compare


def _drowned(seen: dict[float, _Measurement]) -> bool:
    """Rounding: it grows as the step shrinks; what a kink or a mistake does, does not."""
    gaps = [seen[factor].gap for factor in (10.0, 1.0, 0.1) if factor in seen]
    return len(gaps) == 3 and gaps[0] < 0.2 * max(gaps)


def _smooth(seen: _Measurement) -> bool:
    """No kink between the two points: at one, f bends as much as the disagreement is large."""
    return seen.bend < seen.gap * seen.step / 2


def _agree(one: _Measurement, other: _Measurement) -> bool:
    return abs(one.slope - other.slope) <= 0.1 * min(one.gap, other.gap)


def _quotient(gap: float, norm: float) -> float:
    """``gap / norm``, at most 1; a zero gradient is either exact or all wrong."""
    return float(min(gap / norm, 1.0) if norm else gap > 0)


def _bisect(
    compare: Callable[[np.ndarray], Judgement], shape: tuple[int, ...], rng: np.random.Generator
) -> tuple[int, ...]:
    """Find the first wrong entry with about 2 log2(n) directions: is it in the first half?"""
    low, high = 0, math.prod(shape)
    while high - low > 1:
        middle = (low + high) // 2
        v = np.zeros(shape)
        v.flat[low:middle] = rng.standard_normal(middle - low)
        low, high = (low, middle) if compare(v).agrees is False else (middle, high)
    return unravel(low, shape)
