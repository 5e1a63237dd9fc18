"""One page per student: points, what was compared, what differed first, and their own code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from autograder.course import Course, Student
from autograder.files import write_whole
from autograder.grade import results
from autograder.gradebook import manual_grades
from autograder.manifest import Cell, Manifest
from autograder.pages import from_markdown, render
from autograder.rubric import QuestionResult, Status, SubmissionResult

CODE_CAP = 20_000
WORDS = {
    Status.GRADED: "partly right",
    Status.WRONG: "not right yet",
    Status.ERROR: "stopped with an error",
    Status.TIMEOUT: "took too long",
    Status.CRASHED: "ended early",
    Status.UNREADABLE: "could not be read",
    Status.MISSING: "not handed in",
}


@dataclass(frozen=True)
class Section:
    """One question on the page: its result and the code that was graded."""

    result: QuestionResult
    code: str

    @property
    def is_full(self) -> bool:
        return self.result.points >= self.result.max_points

    @property
    def words(self) -> str:
        """The status in words for a student."""
        return "right" if self.is_full else WORDS[self.result.status]

    @property
    def tone(self) -> str:
        """The CSS class: good, part, bad or odd."""
        if self.is_full or self.result.points > 0:
            return "good" if self.is_full else "part"
        return "odd" if self.result.status.needs_attention else "bad"


@dataclass(frozen=True)
class Reading:
    """A question that the instructor reads: the answer, and the points once they are given."""

    name: str
    max_points: float
    points: float | None
    answer: Markup


def write_feedback(course: Course, assignment: str) -> list[Path]:
    """Write everybody's page; the paths, in the order of the roster.

    A page holds its student's own work and what the checks said about it, never a hidden test.

    Raises
    ------
    CourseError
        If the assignment is not graded.
    """
    manifest = Manifest.load(course.manifest(assignment))
    by_hand = manual_grades(course, assignment)
    paths = []
    for student, result in zip(course.roster, results(course, assignment), strict=True):
        scores = {q: score for (who, q), score in by_hand.items() if who == student.id}
        path = course.feedback(assignment, student.id)
        write_whole(path, page(student, result, manifest, scores))
        paths.append(path)
    return paths


def page(
    student: Student,
    result: SubmissionResult,
    manifest: Manifest,
    by_hand: dict[str, float | None],
) -> str:
    """One student's page.

    Parameters
    ----------
    by_hand : dict
        Points of the questions that the instructor reads; None where they are still to be given.
    """
    readings = [
        Reading(
            cell.name,
            cell.points,
            by_hand.get(cell.name),
            from_markdown(result.answers[cell.name][:CODE_CAP]),
        )
        for cell in manifest.manual
        if cell.name in result.answers
    ]
    given = [reading.points for reading in readings if reading.points is not None]
    return render(
        "feedback.html",
        student=student,
        result=result,
        sections=[
            Section(question, _code(test, result, manifest))
            for test, question in zip(manifest.tests, result.questions, strict=True)
        ],
        readings=readings,
        points=result.points + sum(given),
        max_points=sum(cell.points for cell in manifest.tests + manifest.manual),
        pending=sum(reading.max_points for reading in readings if reading.points is None),
    )


def _code(test: Cell, result: SubmissionResult, manifest: Manifest) -> str:
    names = [cell.name for cell in manifest.solutions_of(test)]
    return "\n\n".join(result.answers[n] for n in names if n in result.answers)[:CODE_CAP]
