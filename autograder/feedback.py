"""One page per student: points, what was compared, what differed first, and their own code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path

from markupsafe import Markup

from autograder.book_links import Link, next_step
from autograder.course import Course
from autograder.course_yml import Policy
from autograder.deadlines import in_words
from autograder.files import write_whole
from autograder.manifest import Cell, Manifest
from autograder.pages import from_markdown, render
from autograder.policy import Lateness
from autograder.rubric import QuestionResult, Status, SubmissionResult
from autograder.scores import Score, scores
from autograder.standings import notes

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
    """One question on the page: its result, the code that was graded, and what a person says."""

    result: QuestionResult
    code: str
    comments: list[Markup]
    read_next: Link | None

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
    comments: list[Markup]


def write_feedback(course: Course, assignment: str) -> list[Path]:
    """Write everybody's page; the paths, in the order of the roster.

    A page holds its student's own work and what the checks said about it, never a hidden test.

    Raises
    ------
    CourseError
        If the assignment is not graded.
    """
    manifest = Manifest.load(course.manifest(assignment))
    paths, changed = [], notes(course, assignment)
    for score in scores(course, assignment):
        path = course.feedback(assignment, score.student.id)
        told = changed.get(score.student.id, [])
        write_whole(path, page(score, manifest, course.policy, told))
        paths.append(path)
    return paths


def page(score: Score, manifest: Manifest, policy: Policy, changed: Sequence[str] = ()) -> str:
    """One student's page; `changed` says how the score came about."""
    result = score.result
    readings = [
        Reading(
            cell.name,
            cell.points,
            score.by_hand.get(cell.name),
            from_markdown(result.answers[cell.name][:CODE_CAP]),
            _comments(score, [cell]),
        )
        for cell in manifest.manual
        if cell.name in result.answers
    ]
    return render(
        "feedback.html",
        student=score.student,
        result=result,
        sections=[
            Section(
                _by_hand(question, score),
                _code(test, result, manifest),
                _comments(score, manifest.solutions_of(test)),
                next_step(question.message, policy.book),
            )
            for test, question in zip(manifest.tests, result.questions, strict=True)
        ],
        readings=readings,
        score=score,
        pending=sum(reading.max_points for reading in readings if reading.points is None),
        timing=timing(score.lateness, policy.zone),
        changed=changed,
    )


def timing(lateness: Lateness, zone: tzinfo | None) -> list[str]:
    """When it was handed in, what lateness costs and why, in sentences for the student.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> due = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
    >>> late = Lateness(due + timedelta(minutes=90), due, timedelta(minutes=90), 0, 10)
    >>> print(*timing(late, UTC), sep="\\n")
    Handed in 2026-11-21 01:29 UTC, 1 h 30 min after the deadline, 2026-11-20 23:59 UTC.
    The penalty for this is 10 % of the points.
    """
    if lateness.at is None or lateness.due is None:
        return []
    at, due = (f"{t.astimezone(zone):%Y-%m-%d %H:%M %Z}" for t in (lateness.at, lateness.due))
    if not lateness.late:
        return [f"Handed in {at}, in time for the deadline, {due}."]
    sentences = [f"Handed in {at}, {in_words(lateness.late)} after the deadline, {due}."]
    if lateness.slip_days:
        sentences.append(f"Slip days spent on it: {lateness.slip_days}.")
    if lateness.percent:
        sentences.append(f"The penalty for this is {lateness.percent:g} % of the points.")
    else:
        sentences.append("This costs no points.")
    return sentences


def _by_hand(question: QuestionResult, score: Score) -> QuestionResult:
    """The question with the points that count: somebody may have changed those of a test."""
    points = score.by_hand.get(question.question)
    return question if points is None else replace(question, points=points)


def _code(test: Cell, result: SubmissionResult, manifest: Manifest) -> str:
    names = [cell.name for cell in manifest.solutions_of(test)]
    return "\n\n".join(result.answers[n] for n in names if n in result.answers)[:CODE_CAP]


def _comments(score: Score, cells: list[Cell]) -> list[Markup]:
    """What somebody wrote below these cells in formgrader."""
    return [from_markdown(score.comments[c.name]) for c in cells if c.name in score.comments]
