"""The instructor's page: how the class did, question by question, and who needs attention."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean, median

from autograder.check_quality import CheckQuality, quality, wavering
from autograder.course import Course
from autograder.deadlines import in_words as late_by
from autograder.files import write_whole
from autograder.findings import head
from autograder.item_analysis import QuestionSummary, summary
from autograder.manifest import Manifest
from autograder.measured import measured
from autograder.pages import render
from autograder.rubric import Status, SubmissionResult
from autograder.scores import Score, scores
from autograder.similarity_groups import similar_groups

BINS = 10
FEW = 10  # names that are shown without a click
COMMON = 12  # misconceptions of the whole assignment that are listed


def write_report(course: Course, assignment: str) -> Path:
    """Write `instructor/<assignment>/report.html`; its path.

    Raises
    ------
    CourseError
        If the assignment is not graded, or the audit trail is damaged.
    """
    manifest = Manifest.load(course.manifest(assignment))
    everybody = scores(course, assignment)
    graded = [score.result for score in everybody]
    handed_in = [result for result in graded if result.submitted]
    totals = [result.points for result in handed_in]
    most = sum(cell.points for cell in manifest.tests)
    questions, checks = _analysis(course, manifest, handed_in)
    text = render(
        "report.html",
        assignment=assignment,
        total=len(graded),
        handed_in=len(handed_in),
        mean=fmean(totals) if totals else 0.0,
        median=median(totals) if totals else 0.0,
        max_points=most,
        bars=_histogram(totals, most),
        questions=questions,
        misconceptions=_misconceptions(questions),
        checks=checks,
        parts=list(dict.fromkeys(part for check in checks for part in check.tried)),
        similar=similar_groups(course, manifest),
        names={student.id: student.name for student in course.roster},
        statuses=[s for s in Status if any(s in q.counts for q in questions)],
        attention=_attention(graded),
        few=FEW,
        remarks=[result for result in graded if result.submitted and result.remarks],
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


def _analysis(
    course: Course, manifest: Manifest, handed_in: list[SubmissionResult]
) -> tuple[list[QuestionSummary], list[CheckQuality]]:
    """How the class did on each question, and how the checks of it did."""
    numbers = measured(course, manifest.assignment)
    wavered = wavering(course, manifest.assignment)
    totals = {result.student: result.points for result in handed_in}
    questions, checks = [], []
    for cell in manifest.tests:
        answers = {r.student: q for r in handed_in for q in r.questions if q.question == cell.name}
        if answers:  # none has one where the question is new
            questions.append(summary(answers, totals, numbers))
            checks.append(quality(answers, numbers, wavered[cell.name]))
    return questions, checks


def _misconceptions(questions: list[QuestionSummary]) -> list[tuple[int, str, str]]:
    """The known mistakes that most people made: how many, in which question, and what."""
    found = [(count, q.name, text) for q in questions for text, count in q.misconceptions]
    return sorted(found, key=lambda each: -each[0])[:COMMON]


def _attention(
    graded: list[SubmissionResult],
) -> dict[Status, list[tuple[SubmissionResult, dict[str, list[str]]]]]:
    """What to look at, by kind: whose work, and in which questions each thing happened."""
    found = defaultdict(list)
    for result in graded:
        odd = [question for question in result.questions if question.status.needs_attention]
        if odd:
            words: dict[str, list[str]] = defaultdict(list)
            for question in odd:
                words[head(question)].append(question.question)
            found[odd[0].status].append((result, words))
    return {status: found[status] for status in Status if status in found}


def _histogram(totals: list[float], most: float) -> list[tuple[str, str, int]]:
    """From where to where each tenth of the points goes, and how many submissions lie there.

    The last one includes the top.
    """
    width = most / BINS or 1.0
    counts = Counter(min(int(total / width), BINS - 1) for total in totals)
    edges = [f"{i * width:.3g}" for i in range(BINS + 1)]
    return [(edges[i], edges[i + 1], counts[i]) for i in range(BINS)]
