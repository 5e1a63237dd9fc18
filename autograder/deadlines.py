"""When students handed in, and what the policy of the course makes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from autograder.course import Course
from autograder.files import write_whole
from autograder.policy import HandIn, Lateness, judge


def lateness(course: Course, assignment: str) -> dict[str, Lateness]:
    """What lateness takes off, for everybody on the roster.

    Computed from the times of hand-in and `course.yml` whenever it is asked for, so a changed
    deadline holds at once. Nobody is late whose time of hand-in is not known.
    """
    policy = course.policy
    judged = {}
    for student in course.roster:
        hand_ins = [
            HandIn(name, at, policy.due(student.id, name), policy.rules(name))
            for name in {*policy.assignments, assignment}
            if (at := handed_in(course, name, student.id))
        ]
        own = judge(hand_ins, policy.slip_days)
        judged[student.id] = own.get(assignment, Lateness(due=policy.due(student.id, assignment)))
    return judged


def handed_in(course: Course, assignment: str, student: str) -> datetime | None:
    """When the work that was collected was handed in; None where nobody knows."""
    try:
        text = course.timestamp(assignment, student).read_text(encoding="utf-8")
        at = datetime.fromisoformat(text.strip().removesuffix(" UTC"))
    except (OSError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def note_hand_in(course: Course, assignment: str, student: str, at: datetime) -> None:
    """Note the time beside the notebook, where nbgrader looks for it too."""
    text = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
    write_whole(course.timestamp(assignment, student), text)


def in_words(late: timedelta) -> str:
    """A length of time, in the two largest units.

    Examples
    --------
    >>> in_words(timedelta(days=1, hours=2, minutes=5)), in_words(timedelta(minutes=61))
    ('1 d 2 h', '1 h 1 min')
    >>> in_words(timedelta(seconds=20))
    'less than a minute'
    """
    minutes = int(late.total_seconds() // 60)
    parts = {"d": minutes // 1440, "h": minutes // 60 % 24, "min": minutes % 60}
    words = [f"{count} {unit}" for unit, count in parts.items() if count]
    return " ".join(words[:2]) or "less than a minute"
