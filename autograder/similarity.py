"""Whose work agrees with whose beyond what the task explains: a question, never a verdict.

Everything stays on this machine, and students' code is read as text only.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from copydetect.utils import get_copied_slices, hashed_kgrams
from numpy.typing import NDArray

from autograder.intake import Submission
from autograder.manifest import Manifest
from autograder.similarity_text import Range, normalised

LENGTH = 20  # characters that must agree in one piece, names and blanks not counted
LEAST = 150  # characters that must agree in all: some four lines
SHARE = 0.6  # of what each of the two wrote
CELLS = 3  # questions in which something agrees; in one or two it may be chance
FEW, FEW_OF = 3, 0.02  # code in more submissions than this, or this part of the class, is common
MANY = 12  # and in more than this in any class: pairs grow with the square
LONGEST = 10_000  # characters of one cell that are read
GAP = "\n"  # which no normalised text holds


@dataclass(frozen=True)
class Work:
    """One student's answers in one text, and the pieces of it that are looked for in others.

    Attributes
    ----------
    cells : dict of str
        The answers, which make up the text.
    places : array (N, 2)
        Where each character of the normalised text comes from: begin and end in the text.
    hashes, starts : arrays (P,)
        Of each piece of `LENGTH` characters: a name, and where in the normalised text it begins.
    length : int
        How many characters are the student's own.
    """

    student: str
    cells: dict[str, str]
    places: NDArray[np.int64]
    hashes: NDArray[np.int64]
    starts: NDArray[np.int64]
    length: int = 0


@dataclass(frozen=True)
class Pair:
    """Two students, how much of their own code agrees, and where, by cell."""

    students: tuple[str, str]
    share: float
    marked: tuple[dict[str, list[Range]], dict[str, list[Range]]]


def similar_pairs(manifest: Manifest, submissions: list[Submission]) -> Iterator[Pair]:
    """Pairs whose own code agrees for the greater part, the most alike first.

    What was given, what the instructor's solution has and what more than a few students have is
    common, not own: everybody writes short functions alike. A name counts as a name, whichever;
    comments, docstrings, blanks and the order of functions do not count.

    Parameters
    ----------
    manifest : Manifest
        Of the released assignment; with solutions.
    submissions : list of Submission
        The whole class.
    """
    works = _without_common(
        manifest, [_work(s.student, _answers(manifest, s)) for s in submissions if s.answers]
    )
    index: dict[int, list[int]] = {}
    for number, work in enumerate(works):
        for value in np.unique(work.hashes).tolist():
            index.setdefault(value, []).append(number)
    shared = Counter(two for have in index.values() for two in itertools.combinations(have, 2))
    enough = LEAST - LENGTH  # so many pieces start in LEAST characters in a row, and more else
    found = [_compared(works[a], works[b]) for (a, b), n in shared.items() if n >= enough // 2]
    yield from sorted((p for p in found if p), key=lambda pair: (-pair.share, pair.students))


def clusters(pairs: list[Pair]) -> list[list[str]]:
    """Students who are connected through pairs, the largest groups first.

    Examples
    --------
    >>> pairs = [Pair(two, 1.0, ({}, {})) for two in (("a", "b"), ("d", "c"), ("b", "e"))]
    >>> clusters(pairs)
    [['a', 'b', 'e'], ['c', 'd']]
    """
    groups: list[set[str]] = []
    for pair in pairs:
        touched = [group for group in groups if group & set(pair.students)]
        groups = [group for group in groups if group not in touched]
        groups.append(set(pair.students).union(*touched))
    return sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group))


def few_of(many: int) -> int:
    """How many of so many submissions may share code before it counts as common.

    Examples
    --------
    >>> few_of(20), few_of(300), few_of(5000)
    (3, 6, 12)
    """
    return min(max(FEW, int(FEW_OF * many)), MANY)


def _answers(manifest: Manifest, submission: Submission) -> dict[str, str]:
    """The cells in which this student wrote code."""
    answers = submission.answers or {}
    return {
        cell.name: answers[cell.name]
        for cell in manifest.cells
        if cell.kind == "solution" and answers.get(cell.name, cell.source) != cell.source
    }


def _work(student: str, cells: dict[str, str]) -> Work:
    texts: list[str] = []
    places = [np.empty((0, 2), np.int64)]
    offset = 0
    for cell in cells.values():
        text, own = normalised(cell[:LONGEST])
        texts.append(text)
        places.append(np.array([*own, (len(cell), len(cell))]) + offset)
        offset += len(cell)
    whole = GAP.join(texts)
    hashes = hashed_kgrams(whole, LENGTH).astype(np.int64)
    of_one_cell = [GAP not in whole[start : start + LENGTH] for start in range(len(hashes))]
    starts = np.flatnonzero(of_one_cell)  # a piece of two cells is nobody's
    return Work(student, cells, np.concatenate(places), hashes[starts], starts)


def _without_common(manifest: Manifest, works: list[Work]) -> list[Work]:
    """The works without what many have, what was given, and what the solution has.

    What nobody else has counts in the length of a student's own code, and is not looked for after
    that.
    """
    mine = [np.empty(0, np.int64), *(np.unique(work.hashes) for work in works)]
    values, counts = np.unique(np.concatenate(mine), return_counts=True)
    given = [
        hashed_kgrams(normalised(text)[0], LENGTH)
        for cell in manifest.cells
        if cell.cell_type == "code"
        for text in (cell.source, cell.original)
    ]
    common = np.concatenate([values[counts > few_of(len(works))], *given])
    found = []
    for work in works:
        own = ~np.isin(work.hashes, common)
        length = int(np.diff(_slices(work.starts[own]), axis=0).sum())
        own &= np.isin(work.hashes, values[counts > 1])
        found.append(replace(work, hashes=work.hashes[own], starts=work.starts[own], length=length))
    return found


def _slices(starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Begins and ends (2, S) of what pieces that begin at `starts` cover."""
    return get_copied_slices(starts, LENGTH).astype(np.int64)


def _compared(one: Work, other: Work) -> Pair | None:
    """The pair, if enough agrees."""
    slices = (
        _slices(one.starts[np.isin(one.hashes, other.hashes)]),
        _slices(other.starts[np.isin(other.hashes, one.hashes)]),
    )
    lengths = [int(np.diff(part, axis=0).sum()) for part in slices]
    share = min(1.0, lengths[0] / one.length, lengths[1] / other.length)
    if lengths[0] < LEAST or share < SHARE:
        return None
    first, second = _marked(one, slices[0]), _marked(other, slices[1])
    if max(len(first), len(second)) < min(CELLS, len(one.cells), len(other.cells)):
        return None
    return Pair((one.student, other.student), share, (first, second))


def _marked(work: Work, slices: NDArray[np.int64]) -> dict[str, list[Range]]:
    """Where in the text of each cell the slices of the normalised text are."""
    found: dict[str, list[Range]] = {}
    starts, ends = slices
    ranges = [
        (int(work.places[a][0]), int(work.places[min(b, len(work.places)) - 1][1]))
        for a, b in zip(starts, ends, strict=True)
    ]
    offset = 0
    for name, text in work.cells.items():
        inside = [(max(a - offset, 0), min(b - offset, len(text))) for a, b in ranges]
        found[name] = [(a, b) for a, b in inside if a < b]
        offset += len(text)
    return {name: parts for name, parts in found.items() if parts}
