"""What a wrong gradient looks like, in words: a factor, a transpose, a mask, a missing sum.

Each pattern is a small function of two arrays of one shape; the first that fits is told.
"""

from collections.abc import Callable
from itertools import product

import numpy as np

Pattern = Callable[[np.ndarray, np.ndarray], str | None]
RTOL = 1e-4


def describe_difference(got: np.ndarray, expected: np.ndarray) -> str | None:
    """Say how `got` relates to `expected`, or None if their shapes have nothing in common.

    Examples
    --------
    >>> describe_difference(np.array([2.0, 4.0]), np.array([1.0, 2.0]))
    'got = 2 x expected everywhere'
    >>> describe_difference(np.ones((5, 3)), np.full(3, 5.0))
    'summed over axis 0, got equals expected'
    """
    if got.shape != expected.shape:
        return _of_shapes(got, expected)
    found = (pattern(got, expected) for pattern in PATTERNS)
    return next((text for text in found if text), None) or _count(got, expected)


def _zero(got: np.ndarray, expected: np.ndarray) -> str | None:
    return None if got.any() else "got is zero everywhere"


def _factor(got: np.ndarray, expected: np.ndarray) -> str | None:
    square = np.vdot(expected, expected)
    scale = float(np.vdot(expected, got) / square) if square else 0.0
    fits = scale and _close(got, scale * expected)
    return f"got = {scale:.4g} x expected everywhere" if fits else None


def _transpose(got: np.ndarray, expected: np.ndarray) -> str | None:
    fits = got.ndim == 2 and _close(got, expected.T)
    return "got is the transpose of expected" if fits else None


def _rotated(got: np.ndarray, expected: np.ndarray) -> str | None:
    if got.ndim >= 3 and _close(got, expected[..., ::-1, ::-1]):
        return "got is expected rotated by 180 degrees in its last two axes"
    return None


def _swapped_axes(got: np.ndarray, expected: np.ndarray) -> str | None:
    for one in range(got.ndim):
        for other in range(one + 1, got.ndim):
            swapped = np.swapaxes(expected, one, other)
            if got.ndim > 2 and _close(got, swapped):
                return f"got is expected with axes {one} and {other} swapped"
    return None


def _shifted(got: np.ndarray, expected: np.ndarray) -> str | None:
    """Right but some pixels off: padding cut off at the wrong end."""
    if got.ndim < 3:
        return None
    steps = sorted(product(range(-3, 4), repeat=2), key=lambda step: max(map(abs, step)))
    for down, right in steps:
        if (down, right) == (0, 0) or max(abs(down), abs(right)) >= min(got.shape[-2:]):
            continue
        a = got[..., max(down, 0) : min(down, 0) or None, max(right, 0) : min(right, 0) or None]
        b = expected[
            ..., max(-down, 0) : min(-down, 0) or None, max(-right, 0) : min(-right, 0) or None
        ]
        if a.any() and _close(a, b):
            return f"got is expected shifted by ({down}, {right}) in its last two axes"
    return None


def _masked(got: np.ndarray, expected: np.ndarray) -> str | None:
    """Right or zero: something stopped a part of the gradient, or let too much through."""
    right = np.isclose(got, expected, rtol=RTOL, atol=_atol(expected))
    stopped, passed = ~right & (got == 0), ~right & (np.abs(expected) <= _atol(expected))
    if not right.any() or not (right & (expected != 0)).any():
        return None
    if (right | stopped).all():
        return f"got is 0 in {stopped.sum()} of {got.size} entries, and right in the others"
    if (right | passed).all():
        return (
            f"got should be 0 in {passed.sum()} of {got.size} entries, and is right in the others"
        )
    return None


def _factor_along(got: np.ndarray, expected: np.ndarray) -> str | None:
    """One factor for every row or column: a scale was forgotten."""
    for axis in range(got.ndim):
        others = tuple(a for a in range(got.ndim) if a != axis)
        square = np.sum(expected * expected, axis=others, keepdims=True)
        scale = np.sum(expected * got, axis=others, keepdims=True) / np.where(square, square, 1)
        enough = got.size > 2 * got.shape[axis]
        if enough and _close(got, scale * expected):
            return f"got = expected x one factor for every index of axis {axis}"
    return None


def _offset_along(got: np.ndarray, expected: np.ndarray) -> str | None:
    """One number added in every row or column: the part that a mean shares is missing."""
    for axis in range(got.ndim):
        gap = got - expected
        mean = gap.mean(axis=axis, keepdims=True)
        enough = got.shape[axis] > 2 and got.ndim > 1
        if enough and np.linalg.norm(gap - mean) <= RTOL * np.linalg.norm(gap):
            return f"got = expected + a number that does not change along axis {axis}"
    return None


def _permuted(got: np.ndarray, expected: np.ndarray) -> str | None:
    fits = got.size > 2 and _close(np.sort(got, axis=None), np.sort(expected, axis=None))
    return "got has the right numbers in wrong places" if fits else None


PATTERNS: tuple[Pattern, ...] = (
    _zero,
    _factor,
    _transpose,
    _rotated,
    _swapped_axes,
    _masked,
    _shifted,
    _factor_along,
    _offset_along,
    _permuted,
)


def _count(got: np.ndarray, expected: np.ndarray) -> str:
    wrong = ~np.isclose(got, expected, rtol=RTOL, atol=_atol(expected))
    return f"{wrong.sum()} of {wrong.size} entries differ"


def _of_shapes(got: np.ndarray, expected: np.ndarray) -> str | None:
    if _close(got.T, expected):
        return "got is the transpose of expected"
    if got.size == expected.size and _close(got.reshape(expected.shape), expected):
        return "the values are right, only the shape is not"
    for axis in range(got.ndim):
        if _close(got.sum(axis=axis), expected):
            return f"summed over axis {axis}, got equals expected"
    for axes in product(range(got.ndim), repeat=2):
        if axes[0] < axes[1] and _close(got.sum(axis=axes), expected):
            return f"summed over axes {axes}, got equals expected"
    if got.ndim > expected.ndim and _close(got.sum(axis=(0, *range(2, got.ndim))), expected):
        return "summed over all axes but 1, got equals expected"
    if got.ndim == 0 and np.isclose(got, expected.sum(), rtol=RTOL):
        return "got is the sum of all expected entries"
    return _cropped(got, expected)


def _cropped(got: np.ndarray, expected: np.ndarray) -> str | None:
    """The border that padding added was left on."""
    if got.ndim != expected.ndim or any(
        g < e for g, e in zip(got.shape, expected.shape, strict=True)
    ):
        return None
    middle = tuple(
        slice((g - e) // 2, (g - e) // 2 + e)
        for g, e in zip(got.shape, expected.shape, strict=True)
    )
    return "got has a border around expected" if _close(got[middle], expected) else None


def _atol(expected: np.ndarray) -> float:
    return RTOL * float(np.abs(expected).max(initial=0.0))


def _close(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and bool(np.linalg.norm(a - b) <= RTOL * np.linalg.norm(b))
