"""The page of similar work, and the groups for the instructor's report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.files import write_whole
from autograder.intake import submissions
from autograder.manifest import Manifest
from autograder.pages import render
from autograder.similarity import LEAST, SHARE, Pair, clusters, few_of, similar_pairs
from autograder.similarity_groups import digest
from autograder.similarity_text import Range

SHOWN = 40  # pairs with their code; a page of thousands helps nobody
Parts = list[tuple[str, bool]]


@dataclass(frozen=True)
class Shown:
    """A pair with the cells in which something agrees: text in parts, and whether it does."""

    students: tuple[str, str]
    share: float
    cells: list[tuple[str, list[Parts]]]


def write_similarity(course: Course, assignment: str) -> tuple[Path, list[list[str]]]:
    """Write `instructor/<assignment>/similarity.html`; its path and the groups.

    Raises
    ------
    CourseError
        If the assignment is not released, or nothing is collected.
    """
    manifest = Manifest.load(course.manifest(assignment))
    works = submissions(course, manifest)
    handed_in = [work for work in works if work.answers]
    pairs = list(similar_pairs(manifest, works))
    groups = clusters(pairs)
    answers = {work.student: work.answers or {} for work in works}
    text = render(
        "similarity.html",
        assignment=assignment,
        total=len(handed_in),
        clusters=groups,
        pairs=[_shown(pair, answers) for pair in pairs[:SHOWN]],
        more=max(len(pairs) - SHOWN, 0),
        names={student.id: student.name for student in course.roster},
        share=round(100 * SHARE),
        least=LEAST,
        few=few_of(len(handed_in)),
    )
    path = course.private(assignment, "similarity.html")
    write_whole(path, text)
    found = {"work": digest(works), "groups": groups}
    write_whole(path.with_suffix(".json"), json.dumps(found, indent=1))
    return path, groups


def _shown(pair: Pair, answers: dict[str, dict[str, str]]) -> Shown:
    names = [
        name for name in answers[pair.students[0]] if any(name in side for side in pair.marked)
    ]
    cells = [
        (
            name,
            [
                list(_parts(answers[student].get(name, ""), side.get(name, [])))
                for student, side in zip(pair.students, pair.marked, strict=True)
            ],
        )
        for name in names
    ]
    return Shown(pair.students, pair.share, cells)


def _parts(text: str, ranges: list[Range]) -> Iterator[tuple[str, bool]]:
    """A text cut where what agrees begins and ends."""
    at = 0
    for start, end in sorted(ranges):
        if end <= at:
            continue
        yield text[at:start], False
        yield text[max(start, at) : end], True
        at = end
    yield text[at:], False
