"""What grading measures beside the points: how long it took, and how close a verdict was.

It lies apart from the results, which are the same bytes for the same work on any machine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.errors import CourseError
from autograder.rubric import SubmissionResult


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


def _path(course: Course, assignment: str) -> Path:
    return course.private(assignment, "measured.jsonl")
