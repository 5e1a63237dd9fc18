"""Which of the known mistakes did a student make? All are run on the same data and compared.

A mistake is named only if it gives the student's numbers in every tensor that it spoils, in all
cases. So an answer that is right gets no name, and neither does a mistake that nobody has entered:
what can be said of that one is how its numbers relate to the right ones.
"""

import copy
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursepkg.gradpatterns import (
    describe_difference,
    describe_sum,
    first_difference,
    names_of_factor,
    scale_between,
)
from coursepkg.mistakes.registry import Mistake, of
from coursepkg.mistakes.tensors import agree, arrays_in, names_of, tensors_of

AXES = {1: ("N",), 2: ("N", "D"), 3: ("N", "D1", "D2"), 4: ("N", "C", "H", "W")}
AXES_OF_DOUT = {2: ("N", "M"), 4: ("N", "F", "OH", "OW")}


@dataclass(frozen=True)
class Diagnosis:
    """What was found: mistakes by name, and the pattern of what has no name.

    Mistakes that spoil the same tensors cannot be told apart on the data that was given.

    Examples
    --------
    >>> str(Diagnosis((), None))
    'nothing is wrong'
    """

    mistakes: tuple[Mistake, ...]
    pattern: str | None

    def __str__(self) -> str:
        blocks: dict[tuple[str, ...], list[str]] = {}
        for mistake in self.mistakes:
            text = f"{mistake.symptom}\n{mistake.question} (See {mistake.section}.)"
            blocks.setdefault(mistake.affects, []).append(text)
        lines = [f"{', '.join(names)}: " + "\nor: ".join(each) for names, each in blocks.items()]
        if self.pattern is not None:
            lines.append(f"unknown: {self.pattern}")
        return "\n".join(lines) or "nothing is wrong"


@dataclass(frozen=True)
class _Case:
    """One call: its arguments, and the tensors that were returned and should have been."""

    arguments: tuple[Any, ...]
    got: tuple[Any, ...]
    right: tuple[Any, ...]
    size: float

    def same(self, place: int, one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
        known = place < len(one) and place < len(other)
        return known and agree(one[place], other[place], self.size)


def diagnose(
    operation: str,
    arguments: Sequence[tuple[Any, ...]],
    got: Sequence[Any],
    right: Sequence[Any],
) -> Diagnosis:
    """Find out what is wrong with the answers of a function.

    Parameters
    ----------
    operation : name of the right function, such as "linear_backward"
    arguments : those of every call, as they were before it; for a backward pass ``(dout, cache)``
        with the cache of the right forward pass
    got : what was returned for each, a tuple of arrays or one array
    right : what should have been

    Examples
    --------
    >>> from coursepkg import functional as F
    >>> x, w, b, dout = np.ones((4, 3)), np.ones((3, 2)), np.zeros(2), np.ones((4, 2))
    >>> cache = F.linear(x, w, b)[1]
    >>> right = F.linear_backward(dout, cache)
    >>> found = diagnose("linear_backward", [(dout, cache)], [right._replace(db=dout)], [right])
    >>> [mistake.id for mistake in found.mistakes]
    ['LIN4']
    >>> diagnose("linear_backward", [(dout, cache)], [right._replace(dw=4 * right.dw)], [right])
    Diagnosis(mistakes=(), pattern='dw: got = 4 x right everywhere, and 4 is N')
    """
    names = names_of(operation, right[0])
    cases = [
        _Case(given, tensors_of(operation, one), tensors_of(operation, other), _size(given))
        for given, one, other in zip(arguments, got, right, strict=True)
    ]
    counts = {len(case.got) for case in cases}
    if counts != {len(names)}:
        told = " or ".join(map(str, sorted(counts)))
        return Diagnosis((), f"got {told} values, expected {len(names)}: {', '.join(names)}")
    wrong = _differing(cases, [case.got for case in cases], len(names))
    found = {
        mistake.id: (mistake, spoiled)
        for mistake in of(operation)
        if wrong and (spoiled := _explained(mistake, cases, len(names)))
    }
    # What one mistake explains is not also another one that explains a part of it.
    mistakes = tuple(
        mistake
        for mistake, spoiled in found.values()
        if not any(spoiled < other for _, other in found.values())
    )
    unexplained = sorted(wrong - {place for _, spoiled in found.values() for place in spoiled})
    pattern = _pattern(names[unexplained[0]], unexplained[0], cases) if unexplained else None
    return Diagnosis(mistakes, pattern)


def _explained(mistake: Mistake, cases: list[_Case], count: int) -> set[int]:
    """The tensors that the mistake spoils, if `got` agrees in all of them; else none."""
    answers = []
    for case in cases:
        answer = _run(mistake, case.arguments)
        if answer is None:
            return set()
        answers.append(answer)
    spoiled = _differing(cases, answers, count)
    fits = all(
        case.same(place, case.got, answer)
        for case, answer in zip(cases, answers, strict=True)
        for place in spoiled
    )
    return spoiled if fits else set()


def _run(mistake: Mistake, arguments: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """What the wrong function returns, or None if it raises; the arguments stay as they are."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return tensors_of(mistake.operation, mistake.code(*copy.deepcopy(arguments)))
        except Exception:
            return None


def _differing(cases: list[_Case], answers: list[tuple[Any, ...]], count: int) -> set[int]:
    """The places of the tensors in which the answers differ from the right ones somewhere."""
    return {
        place
        for case, answer in zip(cases, answers, strict=True)
        for place in range(count)
        if not case.same(place, answer, case.right)
    }


def _pattern(name: str, place: int, cases: list[_Case]) -> str:
    """What can be said of a tensor that no known mistake explains."""
    wrong = [case for case in cases if not case.same(place, case.got, case.right)]
    got, right = wrong[0].got[place], wrong[0].right[place]
    if got is None:
        return f"{name}: got no array of numbers"
    factor = _factor(place, wrong) or (
        describe_sum(got, wrong[0].arguments[0], "dout")
        if got.shape != right.shape and isinstance(wrong[0].arguments[0], np.ndarray)
        else None
    )
    if factor is not None:
        return f"{name}: {factor}"
    if got.shape == right.shape and not np.isfinite(got).all():
        return f"{name}: {np.sum(~np.isfinite(got))} of {got.size} entries are nan or infinite"
    text = describe_difference(got, right)
    if text is None:
        return f"{name}: got the shape {got.shape} instead of {right.shape}"
    first = first_difference(got, right, name) if got.shape == right.shape else None
    return f"{name}: {text.replace('expected', 'right')}{f' ({first})' if first else ''}"


def _factor(place: int, cases: list[_Case]) -> str | None:
    """The factor that fits in all cases, and what it is in all of them."""
    scales, meanings = [], []
    for case in cases:
        got, right = case.got[place], case.right[place]
        scale = None if got is None else scale_between(got.astype(float), right.astype(float))
        if scale is None:
            return None
        scales.append(scale)
        meanings.append(names_of_factor(scale, _sizes(case.arguments)))
    common = [name for name in meanings[0] if all(name in other for other in meanings)]
    values = " and ".join(dict.fromkeys(f"{scale:.4g}" for scale in scales))
    says_more = common and common[0] != values
    meaning = f", and {values} is {common[0]}" if says_more else ""
    return f"got = {values} x right everywhere{meaning}" if common or " " not in values else None


def _sizes(arguments: tuple[Any, ...]) -> dict[str, float]:
    """The sizes that a factor may be made of, and the options in the cache."""
    sizes: dict[str, float] = {}
    shape = np.shape(arguments[0]) if isinstance(arguments[0], np.ndarray) else ()
    largest = max((array.shape for array in arrays_in(arguments[1:])), key=len, default=())
    axes = ("N", "C") if len(largest) == 2 and not shape else AXES.get(len(largest), ())
    sizes |= zip(axes, largest, strict=False)
    if shape != largest:
        sizes |= zip(AXES_OF_DOUT.get(len(shape), ()), shape, strict=False)
    cache = arguments[-1]
    for name in getattr(cache, "_fields", ()):
        value = getattr(cache, name)
        if isinstance(value, float) and value:
            sizes[name] = value
        elif name == "mask":
            sizes["(1 - p)"] = 1 / float(value.max())
        elif name == "windows":
            sizes |= zip(("KH", "KW"), value.kernel, strict=True)
    return {name: size for name, size in sizes.items() if size not in (0, 1)}


def _size(arguments: tuple[Any, ...]) -> float:
    return max((float(np.abs(array).max(initial=0)) for array in arrays_in(arguments)), default=1)
