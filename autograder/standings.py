"""Where students stand, how that differs from what was recorded last, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from autograder import audit
from autograder.course import Course
from autograder.results import stored_results

if TYPE_CHECKING:
    from autograder.scores import Score  # which knows databases; the trail needs none

WORK = "another notebook was handed in"
BY_HAND = "the points given by hand were changed"
FIRST_BY_HAND = "points were given by hand"
PENALTY = "the late penalty is {:g} % instead of {:g} %"


@dataclass(frozen=True)
class Standing:
    """One student's score in one assignment, with all that it came from.

    Attributes
    ----------
    total : float
        What counts, the late penalty taken off.
    questions : dict of float
        Points by tests, by question.
    by_hand : dict
        Points by hand, by question; None where they are still to be given.
    percent : float
        What lateness takes off.
    versions : dict
        Of the tests of each question, of the library and of the work that was handed in.
    """

    total: float
    questions: dict[str, float]
    by_hand: dict[str, float | None]
    percent: float
    versions: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What is new about one student since the last record; `before` is None the first time."""

    student: str
    before: Standing | None
    after: Standing
    why: list[str]

    @property
    def is_for_student(self) -> bool:
        """Whether a score that was known has changed, not by the student's own doing."""
        own = {WORK, FIRST_BY_HAND}
        known = self.before is not None and self.before.total != self.after.total
        return known and bool(set(self.why) - own) and WORK not in self.why


def standing(score: Score) -> Standing:
    """Where a student stands by this score."""
    return Standing(
        total=round(score.points, 2),
        questions={q.question: q.points for q in score.result.questions},
        by_hand=score.by_hand,
        percent=score.lateness.percent,
        versions=score.result.versions,
    )


def recorded(course: Course, assignment: str) -> dict[str, Standing]:
    """Where everybody stood when that was recorded last, by student.

    Raises
    ------
    CourseError
        If the audit trail is damaged.
    """
    found = {}
    for record in audit.records(course):
        if record.get("assignment") == assignment and "standing" in record:
            found[record["student"]] = Standing(**record["standing"])
    return found


def changes(course: Course, assignment: str, everybody: list[Score]) -> list[Change]:
    """What `everybody` would change in the record."""
    known = recorded(course, assignment)
    found = []
    for score in everybody:
        before, after = known.get(score.student.id), standing(score)
        if before != after:
            why = list(reasons(before, after)) if before else []
            found.append(Change(score.student.id, before, after, why))
    return found


def record(course: Course, assignment: str, event: str, everybody: list[Score]) -> list[Change]:
    """Note in the audit trail what `everybody` changes; the changes."""
    found = changes(course, assignment, everybody)
    audit.append(course, (_entry(assignment, event, change) for change in found))
    return found


def unrecorded(course: Course) -> Iterator[str]:
    """Stored results that are not as the audit trail says, in words for the instructor."""
    for assignment in course.assignments:
        known = recorded(course, assignment)
        for result in stored_results(course, assignment):
            mine = known.get(result.student)
            points = {question.question: question.points for question in result.questions}
            if mine is None:
                yield f"{result.student}, {assignment}: there is a result, but no record of it"
            elif mine.questions != points:
                was, now = sum(mine.questions.values()), result.points
                yield (
                    f"{result.student}, {assignment}: the result has {now:g} points by tests, the "
                    f"last record {was:g}"
                )


def notes(course: Course, assignment: str) -> dict[str, list[str]]:
    """What to tell each student about changes of their score, oldest first.

    Raises
    ------
    CourseError
        If the audit trail is damaged.
    """
    found: dict[str, list[str]] = {}
    for record in audit.records(course):
        if record.get("assignment") == assignment and record.get("note"):
            text = f"{record['time'][:10]}: {record['note']}"
            found.setdefault(record["student"], []).append(text)
    return found


def reasons(before: Standing, after: Standing) -> Iterator[str]:
    """Why a standing differs from the one before, in words for the student."""
    moved = [q for q, points in after.questions.items() if before.questions.get(q) != points]
    if before.versions.get("work") != after.versions.get("work"):
        yield WORK
    elif moved:
        yield from _why_moved(moved, before.versions, after.versions)
    if before.by_hand != after.by_hand:
        given = [q for q, points in before.by_hand.items() if points is not None]
        same = all(after.by_hand.get(q) == before.by_hand[q] for q in given)
        yield FIRST_BY_HAND if same else BY_HAND
    if before.percent != after.percent:
        yield PENALTY.format(after.percent, before.percent)


def _why_moved(moved: list[str], old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    was, now = old.get("tests", {}), new.get("tests", {})
    tests = [question for question in moved if was.get(question) != now.get(question)]
    others = [question for question in moved if question not in tests]
    if tests:
        yield f"the tests of {', '.join(tests)} were changed"
    if others and old.get("library") != new.get("library"):
        yield f"the course library, which checks {', '.join(others)}, was changed"
    elif others:
        yield f"{', '.join(others)} was graded again"


def _entry(assignment: str, event: str, change: Change) -> audit.Record:
    entry: audit.Record = {
        "event": event,
        "assignment": assignment,
        "student": change.student,
        "standing": asdict(change.after),
    }
    if change.before:
        entry |= {"before": change.before.total, "why": change.why}
    if change.is_for_student:
        entry["note"] = in_words(change)
    return entry


def in_words(change: Change) -> str:
    """The note for the student.

    Examples
    --------
    >>> old, new = Standing(31, {"f": 1}, {}, 0), Standing(33, {"f": 3}, {}, 0)
    >>> in_words(Change("ann", old, new, list(reasons(old, new))))
    'Your score changed 31 → 33 because f was graded again.'
    """
    before = change.before.total if change.before else 0.0
    why = ", and ".join(change.why)
    return f"Your score changed {before:g} → {change.after.total:g} because {why}."
