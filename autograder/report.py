"""The instructor's page: how the class did, question by question, and who needs attention."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from autograder.course import Course
from autograder.deadlines import in_words as late_by
from autograder.files import write_whole
from autograder.item_analysis import difficulty, discrimination, in_words
from autograder.manifest import Cell, Manifest
from autograder.pages import render
from autograder.rubric import QuestionResult, Status, SubmissionResult
from autograder.scores import Score, scores
from autograder.similarity_groups import similar_groups

BINS = 10


@dataclass(frozen=True)
class QuestionSummary:
    """How the class did on one question; only work that was handed in counts."""

    name: str
    max_points: float
    mean: float
    full: int
    counts: dict[Status, int]
    findings: list[tuple[str, int]]
    difficulty: float
    discrimination: float | None

    @property
    def advice(self) -> str:
        """What to do about it, if anything."""
        return in_words(self.difficulty, self.discrimination) if sum(self.counts.values()) else ""


def write_report(course: Course, assignment: str) -> Path:
    """Write `instructor/<assignment>/report.html`; its path.

    Raises
    ------
    CourseError
        If the assignment is not graded.
    """
    manifest = Manifest.load(course.manifest(assignment))
    everybody = scores(course, assignment)
    graded = [score.result for score in everybody]
    handed_in = [result for result in graded if result.submitted]
    totals = [result.points for result in handed_in]
    most = sum(cell.points for cell in manifest.tests)
    names = {student.id: student.name for student in course.roster}
    text = render(
        "report.html",
        assignment=assignment,
        total=len(graded),
        handed_in=len(handed_in),
        mean=fmean(totals) if totals else 0.0,
        median=median(totals) if totals else 0.0,
        max_points=most,
        bars=_histogram(totals, most),
        questions=[_summary(cell, handed_in) for cell in manifest.tests],
        similar=similar_groups(course, manifest),
        names=names,
        statuses=list(Status),
        attention=[(names[r.student], r, lines) for r in graded if (lines := _attention(r))],
        remarks=[(names[r.student], r) for r in graded if r.submitted and r.remarks],
        to_read=sum(points is None for s in everybody for points in s.by_hand.values()),
        late=[(s, late_by(s.lateness.late)) for s in everybody if s.lateness.late],
        undated=_undated(course, assignment, everybody),
    )
    path = course.private(assignment, "report.html")
    write_whole(path, text)
    return path


def _undated(course: Course, assignment: str, everybody: list[Score]) -> list[Score]:
    """Whose work may be late for all that is known."""
    if course.policy.assignments.get(assignment) is None:
        return []
    return [s for s in everybody if s.result.submitted and s.lateness.at is None]


def _summary(cell: Cell, handed_in: list[SubmissionResult]) -> QuestionSummary:
    mine = [_question(result, cell.name) for result in handed_in]
    heads = Counter(_head(q) for q in mine if q.points < q.max_points)
    return QuestionSummary(
        name=cell.name,
        max_points=cell.points,
        mean=fmean(q.points for q in mine) if mine else 0.0,
        full=sum(q.points >= q.max_points for q in mine),
        counts=dict(Counter(q.status for q in mine)),
        findings=heads.most_common(5),
        difficulty=difficulty(mine) if mine else 0.0,
        discrimination=discrimination(mine, [result.points for result in handed_in]),
    )


def _question(result: SubmissionResult, name: str) -> QuestionResult:
    return next(question for question in result.questions if question.question == name)


def _head(question: QuestionResult) -> str:
    """The first line of a message: what the check found, in short."""
    return question.message.split("\n")[0][:160] or str(question.status)


def _attention(result: SubmissionResult) -> list[str]:
    """What the instructor should look at in one submission, shortest form."""
    odd = [question for question in result.questions if question.status.needs_attention]
    if not result.submitted:
        return [f"{odd[0].status}: {_head(odd[0])}"]
    return [f"{question.question}, {question.status}: {_head(question)}" for question in odd]


def _histogram(totals: list[float], most: float) -> list[tuple[str, int]]:
    """How many submissions lie in each tenth of the points; the last one includes the top."""
    width = most / BINS or 1.0
    counts = Counter(min(int(total / width), BINS - 1) for total in totals)
    return [(f"{i * width:.3g}–{(i + 1) * width:.3g}", counts[i]) for i in range(BINS)]
