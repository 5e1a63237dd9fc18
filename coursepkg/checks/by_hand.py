"""One entry of a worked example, term by term: the sum that somebody would write on paper."""

import re
from collections.abc import Iterator, Mapping

import numpy as np

ENTRY = re.compile(r"(\w+)\[([\w, +-]+)\]")
SUMMANDS = re.compile(r" \+ (?![^\[]*\])")  # a plus within brackets belongs to a place
SIGNED = re.compile(r"([+-]?) ?(\w)")
LONGEST = 8
"""Terms that are still read."""


def by_hand(rule: str, index: tuple[int, ...], arrays: Mapping[str, np.ndarray]) -> str | None:
    """Write one entry as a sum of products, in numbers.

    Parameters
    ----------
    rule : such as "out[n, m] = x[n, d] w[d, m] + b[m]"; letters that are not on the left are
        summed over. A place may be a sum, "x[i + k]" or "w[a - i]"; what lies outside is no term
    index : of the entry
    arrays : those that the rule names

    Returns
    -------
    str or None
        None if there are too many terms to read, even without those that are 0.

    Examples
    --------
    >>> x, w, b = np.array([[1.0, 2.0]]), np.array([[3.0], [-4.0]]), np.array([0.5])
    >>> by_hand("out[n, m] = x[n, d] w[d, m] + b[m]", (0, 0), {"x": x, "w": w, "b": b})
    'out[0, 0] = 1 * 3 + 2 * (-4) + 0.5 = -4.5'
    >>> x, w = np.array([1.0, 2.0, 5.0]), np.array([3.0, 4.0])
    >>> by_hand("out[i] = x[i + k] w[k]", (1,), {"x": x, "w": w})
    'out[1] = 2 * 3 + 5 * 4 = 26'
    """
    left, right = rule.split(" = ")
    ((name, letters),) = ENTRY.findall(left)
    at = dict(zip(letters.split(", "), index, strict=True))
    terms = [term for summand in SUMMANDS.split(right) for term in _terms(summand, at, arrays)]
    remark = ""
    if len(terms) > LONGEST:
        terms = [term for term in terms if np.prod(term)]
        remark = " (without terms that are 0)"
    if len(terms) > LONGEST:
        return None
    sums = " + ".join(" * ".join(map(number, term)) for term in terms) or "0"
    total = sum(float(np.prod(term)) for term in terms)
    return f"{entry(name, index)} = {sums} = {total:.6g}{remark}"


def entry(name: str, index: tuple[int, ...]) -> str:
    """Name an entry.

    >>> entry("dx", (0, 2)), entry("loss", ())
    ('dx[0, 2]', 'loss')
    """
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def number(value: float) -> str:
    """A number that can stand behind any sign.

    >>> number(2.0), number(-0.25)
    ('2', '(-0.25)')
    """
    return f"({value:.6g})" if value < 0 else f"{value:.6g}"


def _terms(
    summand: str, at: Mapping[str, int], arrays: Mapping[str, np.ndarray]
) -> Iterator[list[float]]:
    """The factors of each term of a sum over the letters that `at` does not settle."""
    factors = [(arrays[name], letters.split(", ")) for name, letters in ENTRY.findall(summand)]
    pairs = [pair for array, keys in factors for pair in zip(keys, array.shape, strict=True)]
    free = {key: size for key, size in pairs if len(key) == 1 and key not in at}
    for places in np.ndindex(*free.values()):
        here = {**at, **dict(zip(free, places, strict=True))}
        found = [(array, [_place(key, here) for key in keys]) for array, keys in factors]
        if all(0 <= i < n for array, at in found for i, n in zip(at, array.shape, strict=True)):
            yield [float(array[tuple(at)]) for array, at in found]


def _place(key: str, here: Mapping[str, int]) -> int:
    """What "i + k" or "a - i" is."""
    return sum(-here[k] if sign == "-" else here[k] for sign, k in SIGNED.findall(key))
