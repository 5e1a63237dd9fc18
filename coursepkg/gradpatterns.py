"""What a wrong gradient looks like, in words: a factor, a transpose, a mask, a missing sum.

Each pattern is a small function of two arrays; the first that fits is told. Where `expected` is
nan nobody looked: of a large tensor a sample of entries is enough.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, permutations, product

import numpy as np

Pattern = Callable[[np.ndarray, np.ndarray], str | None]
RTOL = 1e-4  # what differs by less may be the error of the numerical derivative
MOST_AXES = 6  # a search through all subsets and orders of the axes stays short
MOST_SIZES = 3  # a factor such as 1/(N*H*W) is a product of so many sizes
FARTHEST = 3  # so many pixels is a picture shifted at most


def describe_difference(got: np.ndarray, expected: np.ndarray) -> str | None:
    """Say how `got` relates to `expected`, or None if their shapes have nothing in common.

    None, too, if one of them has more than six axes, the most an array of this library has:
    what a student returns may have sixty.

    Parameters
    ----------
    got : array
    expected : array
        An entry that is nan was not looked at.

    Examples
    --------
    >>> describe_difference(np.array([2.0, 4.0]), np.array([1.0, 2.0]))
    'got = 2 x expected everywhere'
    >>> describe_difference(np.ones((5, 3)), np.full(3, 5.0))
    'summed over axis 0, got equals expected'
    """
    got, expected = np.asarray(got, np.float64), np.asarray(expected, np.float64)
    if max(got.ndim, expected.ndim) > MOST_AXES:
        return None
    patterns = PATTERNS if got.shape == expected.shape else PATTERNS_OF_SHAPE
    text = next((text for pattern in patterns if (text := pattern(got, expected))), None)
    looked_at = int(_known(expected).sum())
    if text is None or looked_at == expected.size:
        return text
    return f"in {looked_at} entries looked at: {text}"


def scale_between(got: np.ndarray, expected: np.ndarray) -> float | None:
    """Return the one number that `got` is times `expected`, or None if there is none.

    Examples
    --------
    >>> scale_between(np.array([2.0, 4.0]), np.array([1.0, 2.0]))
    2.0
    """
    if got.shape != expected.shape:
        return None
    got, expected = got[_known(expected)], expected[_known(expected)]
    square = np.vdot(expected, expected)
    scale = float(np.vdot(expected, got) / square) if square else 0.0
    return scale if scale and _close(got, scale * expected) else None


def names_of_factor(factor: float, sizes: Mapping[str, float]) -> list[str]:
    """Return what a factor may be, made of the numbers in `sizes`, the simplest first.

    Examples
    --------
    >>> names_of_factor(0.25, {"N": 4, "C": 3})
    ['1/N']
    >>> names_of_factor(-0.75, {"N": 4, "C": 3})
    ['-C/N']
    """
    found = []
    for count in range(min(len(sizes), MOST_SIZES) + 1):
        for names in combinations(sizes, count):
            for above in product((True, False), repeat=count):
                value, text = 1.0, ["", ""]
                for name, up in zip(names, above, strict=True):
                    value *= sizes[name] if up else 1 / sizes[name]
                    text[not up] += f"*{name}" if text[not up] else name
                found += [
                    _fraction(constant, *text)
                    for constant in (1.0, -1.0, 2.0, 0.5, -2.0, -0.5)
                    if math.isclose(constant * value, factor, rel_tol=RTOL)
                ]
    return found


def _fraction(constant: float, above: str, below: str) -> str:
    """A product as one writes it: ``-2*N/C``."""
    number = {1.0: "", 2.0: "2", 0.5: ""}[abs(constant)]
    above = "*".join(part for part in (number, above) if part) or "1"
    halved = ["2"] if abs(constant) == 0.5 else []
    under = "*".join([*halved, *([below] if below else [])])
    if "*" in under:
        under = f"({under})"
    return f"{'-' if constant < 0 else ''}{above}{'/' + under if under else ''}"


def describe_sum(got: np.ndarray, source: np.ndarray, name: str) -> str | None:
    """Say along which axes `got` is the sum or the mean of `source`, or None.

    Examples
    --------
    >>> describe_sum(np.full(2, 3.0), np.ones((2, 3)), "dout")
    'got is dout summed over axis 1'
    """
    if not 0 < source.ndim <= MOST_AXES:
        return None
    for axes in _subsets(source.ndim):
        total = source.sum(axis=axes)
        if _close(got, total):
            return f"got is {name} summed over {_axes(axes)}"
        if _close(got, source.mean(axis=axes)):
            return f"got is the mean of {name} over {_axes(axes)}"
    return None


def first_difference(got: np.ndarray, expected: np.ndarray, name: str) -> str | None:
    """Show the first wrong entry, and what lies between it and the right one.

    Examples
    --------
    >>> first_difference(np.array([1.0, 6.0]), np.array([1.0, 2.0]), "dx")
    'dx[1] is 6, right is 2: 3 times, or 4 more'
    """
    if got.shape != expected.shape or not (wrong := _wrong(got, expected)).any():
        return None
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    a, b = float(got[index]), float(expected[index])
    place = f"[{', '.join(map(str, index))}]" if index else ""
    gap = f"{abs(a - b):.4g} {'more' if a > b else 'less'}"
    between = f"{a / b:.4g} times, or {gap}" if a and b else gap
    return f"{name}{place} is {a:.4g}, right is {b:.4g}: {between}"


def _zero(got: np.ndarray, expected: np.ndarray) -> str | None:
    return None if got.any() else "got is zero everywhere"


def _slight(got: np.ndarray, expected: np.ndarray) -> str | None:
    if _wrong(got, expected).any():
        return None
    return f"no entry differs by more than {RTOL:g} of the largest: a matter of precision?"


def _factor(got: np.ndarray, expected: np.ndarray) -> str | None:
    scale = scale_between(got, expected)
    return None if scale is None else f"got = {scale:.4g} x expected everywhere"


def _other_order(got: np.ndarray, expected: np.ndarray) -> str | None:
    """The axes in another order: a transpose, for a matrix."""
    if got.ndim == 2:
        return "got is the transpose of expected" if _close(got.T, expected) else None
    for axes in permutations(range(got.ndim)):
        if sorted(axes) != list(axes) and _close(np.transpose(got, axes), expected):
            moved = [axis for axis in range(got.ndim) if axes[axis] != axis]
            how = "swapped" if len(moved) == 2 else "in another order"
            return f"got is expected with axes {_listed(moved)} {how}"
    return None


def _flipped(got: np.ndarray, expected: np.ndarray) -> str | None:
    for axes in _subsets(got.ndim):
        if _close(np.flip(got, axes), expected):
            if got.ndim > 2 and axes == (got.ndim - 2, got.ndim - 1):
                return "got is expected rotated by 180 degrees in its last two axes"
            return f"got is expected reversed along {_axes(axes)}"
    return None


def _masked(got: np.ndarray, expected: np.ndarray) -> str | None:
    """Right or zero: something stopped a part of the gradient, or let too much through."""
    wrong = _wrong(got, expected)
    known, count = _known(expected), int(wrong.sum())
    if not (expected[known & ~wrong] != 0).any():
        return None
    where, total = _place(wrong), int(known.sum())
    if (got[wrong] == 0).all():
        return f"got is 0 in {count} of {total} entries{where}, and right in the others"
    if (np.abs(expected[wrong]) <= _atol(expected)).all():
        return f"got should be 0 in {count} of {total} entries{where}, and is right in the others"
    return None


def _signs(got: np.ndarray, expected: np.ndarray) -> str | None:
    wrong, total = _wrong(got, expected), _known(expected).sum()
    if not _close(np.abs(got), np.abs(expected)):
        return None
    return f"got has the wrong sign in {wrong.sum()} of {total} entries{_place(wrong)}"


def _shifted(got: np.ndarray, expected: np.ndarray) -> str | None:
    """Right but some pixels off: padding cut off at the wrong end."""
    if got.ndim < 3:
        return None
    steps = range(-FARTHEST, FARTHEST + 1)
    for down, right in sorted(product(steps, repeat=2), key=lambda s: abs(s[0]) + abs(s[1])):
        if (down, right) == (0, 0) or max(abs(down), abs(right)) >= min(got.shape[-2:]):
            continue
        a = got[..., max(down, 0) : min(down, 0) or None, max(right, 0) : min(right, 0) or None]
        b = expected[
            ..., max(-down, 0) : min(-down, 0) or None, max(-right, 0) : min(-right, 0) or None
        ]
        if 2 * b.size >= got.size and _close(a, b):
            return f"got is expected shifted by ({down}, {right}) in its last two axes"
    return None


def _factor_along(got: np.ndarray, expected: np.ndarray) -> str | None:
    """One factor for every row or column: a scale was forgotten."""
    known = _known(expected)
    got, expected = np.where(known, got, 0), np.where(known, expected, 0)
    for axis in range(got.ndim):
        others = tuple(a for a in range(got.ndim) if a != axis)
        square = np.sum(expected * expected, axis=others, keepdims=True)
        scale = np.sum(expected * got, axis=others, keepdims=True) / np.where(square, square, 1)
        off = np.abs(scale - 1) > RTOL
        enough = known.sum() > 2 * got.shape[axis] and (off & (square > 0)).sum() > 1
        if enough and _close(got, scale * expected):
            return f"got = expected x one factor for every index of axis {axis}"
    return None


def _offset_along(got: np.ndarray, expected: np.ndarray) -> str | None:
    """One number added in every row or column: the part that a mean shares is missing."""
    known = _known(expected)
    gap = np.where(known, got - expected, 0)
    for axis in range(got.ndim):
        count = known.sum(axis=axis, keepdims=True)
        mean = gap.sum(axis=axis, keepdims=True) / np.maximum(count, 1)
        several = (np.abs(mean) > _atol(expected)).sum() > 1
        enough = known.sum() - (count > 0).sum() >= 4 and several
        if enough and np.linalg.norm((gap - mean)[known]) <= RTOL * np.linalg.norm(gap):
            return f"got = expected + a number that does not change along axis {axis}"
    return None


def _misplaced(got: np.ndarray, expected: np.ndarray) -> str | None:
    everything = got.size > 2 and _known(expected).all()
    fits = everything and _close(np.sort(got, axis=None), np.sort(expected, axis=None))
    return "got has the right numbers in wrong places" if fits else None


def _count(got: np.ndarray, expected: np.ndarray) -> str:
    wrong, total = _wrong(got, expected), _known(expected).sum()
    differ = "differs" if wrong.sum() == 1 else "differ"
    return f"{wrong.sum()} of {total} entries {differ}{_place(wrong)}"


PATTERNS: tuple[Pattern, ...] = (
    _zero,
    _slight,
    _factor,
    _other_order,
    _flipped,
    _signs,
    _masked,
    _shifted,
    _factor_along,
    _offset_along,
    _misplaced,
    _count,
)


def _reshaped(got: np.ndarray, expected: np.ndarray) -> str | None:
    if got.size == expected.size and _close(got.reshape(expected.shape), expected):
        return "the values are right, only the shape is not"
    return None


def _not_summed(got: np.ndarray, expected: np.ndarray) -> str | None:
    """The sum over the batch, or over all places that share the number, was forgotten."""
    for axes in _subsets(got.ndim):
        if _close(got.sum(axis=axes), expected):
            if got.ndim > 2 and axes == (0, *range(2, got.ndim)):
                return "summed over all axes but 1, got equals expected"
            return f"summed over {_axes(axes)}, got equals expected"
    return None


def _summed(got: np.ndarray, expected: np.ndarray) -> str | None:
    for axes in _subsets(expected.ndim):
        if _close(expected.sum(axis=axes), got):
            if got.ndim == 0:
                return "got is the sum of all expected entries"
            return f"got is expected summed over {_axes(axes)}"
    return None


def _bordered(got: np.ndarray, expected: np.ndarray) -> str | None:
    """The border that padding added was left on."""
    if got.ndim != expected.ndim:
        return None
    spare = [g - e for g, e in zip(got.shape, expected.shape, strict=True)]
    if min(spare) < 0:
        return None
    middle = tuple(slice(s // 2, s // 2 + e) for s, e in zip(spare, expected.shape, strict=True))
    return "got has a border around expected" if _close(got[middle], expected) else None


PATTERNS_OF_SHAPE: tuple[Pattern, ...] = (
    _other_order,
    _reshaped,
    _not_summed,
    _summed,
    _bordered,
)


def _place(wrong: np.ndarray) -> str:
    """Where the wrong entries lie, if there is a short way to say it."""
    if wrong.sum() < 2:
        return ""
    for axis in range(wrong.ndim if wrong.ndim > 1 else 0):
        others = tuple(a for a in range(wrong.ndim) if a != axis)
        indices = np.flatnonzero(wrong.any(axis=others))
        if len(indices) == 1 and wrong.shape[axis] > 1:
            return f", all at index {indices[0]} of axis {axis}"
    inside = wrong[..., 1:-1, 1:-1] if wrong.ndim > 2 else wrong
    return "" if inside.any() or not inside.size else ", all on the border of the last two axes"


def _wrong(got: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Entries that were looked at and differ."""
    right = np.isclose(got, expected, rtol=RTOL, atol=_atol(expected))
    return ~right & _known(expected)


def _atol(expected: np.ndarray) -> float:
    return RTOL * float(np.abs(expected[_known(expected)]).max(initial=0.0))


def _known(expected: np.ndarray) -> np.ndarray:
    return ~np.isnan(expected)


def _close(got: np.ndarray, expected: np.ndarray) -> bool:
    """Are the entries that were looked at the same, as a vector?"""
    if got.shape != expected.shape:
        return False
    gap, sizes = (got - expected)[_known(expected)], expected[_known(expected)]
    return bool(sizes.any() and np.linalg.norm(gap) <= RTOL * np.linalg.norm(sizes))


def _subsets(ndim: int) -> Iterator[tuple[int, ...]]:
    for size in range(1, ndim + 1):
        yield from combinations(range(ndim), size)


def _axes(axes: tuple[int, ...]) -> str:
    return f"axis {axes[0]}" if len(axes) == 1 else f"axes {_listed(axes)}"


def _listed(numbers: tuple[int, ...] | list[int]) -> str:
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}" if first else last
