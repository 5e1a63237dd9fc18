"""What grading measures beside the points: how long it took, and how close a verdict was.

It lies apart from the results, which are the same bytes for the same work on any machine.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.errors import CourseError
from autograder.rubric import SubmissionResult
from coursepkg.checks import Finding
from coursepkg.gradjudge import COARSE, TOLERANCE


@dataclass(frozen=True)
class Measured:
    """Of one question of one student; see `QuestionResult` for what the numbers are."""

    seconds: float
    nearest: float | None = None


def note(course: Course, result: SubmissionResult) -> None:
    """Add what was measured of one submission to `instructor/<assignment>/measured.jsonl`.

    Lines are only ever added, which costs next to nothing; the last one holds.

    Raises
    ------
    CourseError
        If the file cannot be written.
    """
    found = {
        q.question: [round(q.seconds, 4), q.nearest and float(f"{q.nearest:.3g}")]
        for q in result.questions
        if q.seconds
    }
    path = _path(course, result.assignment)
    line = json.dumps({"student": result.student, "questions": found})
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{line}")  # in front: what a killed run wrote half costs its line only
    except OSError as error:
        raise CourseError(f"cannot write {path} ({error.strerror})") from None


def measured(course: Course, assignment: str) -> dict[tuple[str, str], Measured]:
    """What is known, by student and question; a damaged line counts as none."""
    path, found = _path(course, assignment), {}
    for line in path.read_bytes().splitlines() if path.is_file() else ():
        try:
            entry = json.loads(line)
            for question, numbers in entry["questions"].items():
                found[entry["student"], question] = Measured(*numbers)
        except (ValueError, TypeError, KeyError):
            continue
    return found


def nearest_to_tolerance(findings: Iterable[Finding]) -> float | None:
    """The error that came nearest to its tolerance, as a multiple of it; None if there is none.

    Examples
    --------
    >>> from coursepkg.gradcheck import TensorReport
    >>> def finding(error):
    ...     detail = TensorReport("dx", "", (3,), (3,), "float64", "float64", error)
    ...     return Finding("seeds", "", "dx", error < TOLERANCE, detail=detail)
    >>> nearest_to_tolerance([finding(0.0), finding(1e-12), finding(0.5), finding(2e-6)])
    2.0
    """
    errors = [
        detail.error / COARSE.get(detail.got_dtype or "", TOLERANCE)
        for detail in (finding.detail for finding in findings)
        if detail and detail.error and math.isfinite(detail.error)
    ]
    return min(errors, key=lambda error: abs(math.log(error)), default=None)


def _path(course: Course, assignment: str) -> Path:
    return course.private(assignment, "measured.jsonl")
