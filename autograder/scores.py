"""What a submission is worth: points by tests and by hand, less what lateness takes off.

Raw points stay in the results and in the gradebook. Everything that shows a score takes it from
here, so a page, a table and an export never differ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from autograder.by_hand import ByHand, by_hand
from autograder.course import Course, Student
from autograder.deadlines import lateness
from autograder.manifest import Manifest
from autograder.policy import Lateness
from autograder.results import results
from autograder.rubric import SubmissionResult


@dataclass(frozen=True)
class Score:
    """One student's score in one assignment.

    Attributes
    ----------
    by_hand : dict
        Points given by hand, extra credit among them, by question; None where they are still to
        be given.
    comments : dict of str
        What was written for the student, by cell.
    """

    student: Student
    result: SubmissionResult
    by_hand: dict[str, float | None]
    max_points: float
    lateness: Lateness = field(default_factory=Lateness)
    comments: dict[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> float:
        """All points that are given so far, before anything is taken off."""
        given = {name: points for name, points in self.by_hand.items() if points is not None}
        return math.fsum((self._by_test() | given).values())

    @property
    def points(self) -> float:
        """What counts."""
        return self.lateness.applied_to(self.raw)

    @property
    def is_open(self) -> bool:
        """Whether somebody has yet to read an answer."""
        return None in self.by_hand.values()

    def _by_test(self) -> dict[str, float]:
        return {question.question: question.points for question in self.result.questions}


def scores(course: Course, assignment: str) -> list[Score]:
    """Everybody's score, in the order of the roster.

    Raises
    ------
    CourseError
        If the assignment is not graded, or `course.yml` cannot be followed.
    """
    manifest = Manifest.load(course.manifest(assignment))
    late, given = lateness(course, assignment), by_hand(course, assignment)
    pairs = zip(course.roster, results(course, assignment), strict=True)
    return [
        score(student, result, manifest, given[student.id], late[student.id])
        for student, result in pairs
    ]


def score(
    student: Student,
    result: SubmissionResult,
    manifest: Manifest,
    given: ByHand,
    late: Lateness,
) -> Score:
    """One student's score."""
    unread = None if result.submitted else 0.0
    points = {cell.name: unread for cell in manifest.manual} | given.points
    tested = {question.question: question.points for question in result.questions}
    for name, extra in given.extra.items():
        before = points.get(name, tested.get(name))
        points[name] = None if before is None else before + extra
    most = math.fsum(cell.points for cell in manifest.tests + manifest.manual)
    late = late if result.submitted else Lateness(due=late.due)
    return Score(student, result, points, most, late, given.comments)
