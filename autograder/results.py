"""The results of grading, a JSON file for each student: what everything after grading reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from autograder.course import Course
from autograder.errors import CourseError
from autograder.files import write_whole
from autograder.measured import note
from autograder.progress import log
from autograder.rubric import SubmissionResult


def store(course: Course, result: SubmissionResult) -> None:
    """Write a result and its log; from then on it counts as done."""
    path = course.private(result.assignment, "logs", f"{result.student}.log")
    write_whole(path, log(result))
    note(course, result)
    path = _path(course, result.assignment, result.student)
    write_whole(path, json.dumps(result.to_json(), indent=1))


def results(course: Course, assignment: str) -> Iterator[SubmissionResult]:
    """The stored results of everybody on the roster, in its order.

    Raises
    ------
    CourseError
        If somebody has none, or a damaged one.
    """
    for student in course.roster:
        result = stored_result(course, assignment, student.id)
        if result is None:
            command = f"autograder grade {assignment}"
            raise CourseError(f"{student.id} has no result for {assignment}: run `{command}`")
        yield result


def stored_results(course: Course, assignment: str) -> Iterator[SubmissionResult]:
    """The results that there are, for whoever on the roster has one."""
    found = (stored_result(course, assignment, student.id) for student in course.roster)
    yield from (result for result in found if result)


def stored_result(course: Course, assignment: str, student: str) -> SubmissionResult | None:
    """The result of one student; None without one, or with a damaged one: it can be made again."""
    try:
        text = _path(course, assignment, student).read_text(encoding="utf-8")
        return SubmissionResult.from_json(json.loads(text))
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def _path(course: Course, assignment: str, student: str) -> Path:
    return course.private(assignment, "results", f"{student}.json")
