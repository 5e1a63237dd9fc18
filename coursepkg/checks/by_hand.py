"""One entry of a worked example, term by term: the sum that somebody would write on paper."""

import re
from collections.abc import Iterator, Mapping

import numpy as np

ENTRY = re.compile(r"(\w+)\[([\w, ]+)\]")
LONGEST = 8
"""Terms that are still read."""


def by_hand(rule: str, index: tuple[int, ...], arrays: Mapping[str, np.ndarray]) -> str | None:
    """Write one entry as a sum of products, in numbers.

    Parameters
    ----------
    rule : such as "out[n, m] = x[n, d] w[d, m] + b[m]"; letters that are not on the left are
        summed over
    index : of the entry
    arrays : those that the rule names

    Returns
    -------
    str or None
        None if there are too many terms to read.

    Examples
    --------
    >>> x, w, b = np.array([[1.0, 2.0]]), np.array([[3.0], [-4.0]]), np.array([0.5])
    >>> by_hand("out[n, m] = x[n, d] w[d, m] + b[m]", (0, 0), {"x": x, "w": w, "b": b})
    'out[0, 0] = 1 * 3 + 2 * (-4) + 0.5 = -4.5'
    """
    left, right = rule.split(" = ")
    ((name, letters),) = ENTRY.findall(left)
    at = dict(zip(letters.split(", "), index, strict=True))
    terms = [term for summand in right.split(" + ") for term in _terms(summand, at, arrays)]
    if len(terms) > LONGEST:
        return None
    sums = " + ".join(" * ".join(map(_number, term)) for term in terms)
    total = sum(float(np.prod(term)) for term in terms)
    return f"{name}[{', '.join(map(str, index))}] = {sums} = {total:.6g}"


def _terms(
    summand: str, at: Mapping[str, int], arrays: Mapping[str, np.ndarray]
) -> Iterator[list[float]]:
    """The factors of each term of a sum over the letters that `at` does not settle."""
    factors = [(arrays[name], letters.split(", ")) for name, letters in ENTRY.findall(summand)]
    sizes = {k: n for array, keys in factors for k, n in zip(keys, array.shape, strict=True)}
    free = [letter for letter in sizes if letter not in at]
    for places in np.ndindex(*(sizes[letter] for letter in free)):
        here = {**at, **dict(zip(free, places, strict=True))}
        yield [float(array[tuple(here[key] for key in keys)]) for array, keys in factors]


def _number(value: float) -> str:
    return f"({value:.6g})" if value < 0 else f"{value:.6g}"
