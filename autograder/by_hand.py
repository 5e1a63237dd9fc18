"""What people give in formgrader: points, extra credit, and comments for the student."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import Select, select

from autograder.course import Course
from autograder.database import Database
from autograder.gradebook import grades_of
from autograder.tables import (
    assignment,
    base_cell,
    comment,
    grade,
    submitted_assignment,
    submitted_notebook,
)


@dataclass(frozen=True)
class ByHand:
    """What one student was given by hand in an assignment.

    Attributes
    ----------
    points : dict
        By question; None where they are still to be given.
    extra : dict of float
        Extra credit, by question, on top of its points by hand or by tests.
    comments : dict of str
        By the cell they were written below, in Markdown.
    """

    points: dict[str, float | None] = field(default_factory=dict)
    extra: dict[str, float] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)


def by_hand(course: Course, name: str) -> defaultdict[str, ByHand]:
    """What everybody was given by hand, by student."""
    with Database(course) as database:
        grades, comments = database.read(
            lambda connection: [connection.execute(s(name)).all() for s in (_given, _comments)]
        )
    found: defaultdict[str, ByHand] = defaultdict(ByHand)
    for who, question, points, extra, is_open in grades:
        if points is not None or is_open:
            found[who].points[question] = points
        if extra:
            found[who].extra[question] = extra
    for who, cell, text in comments:
        if text.strip():
            found[who].comments[cell] = text
    return found


def _given(name: str) -> Select:
    columns = grade.c.manual_score, grade.c.extra_credit, grade.c.needs_manual_grade
    return grades_of(name, *columns).where(
        grade.c.manual_score.is_not(None)
        | grade.c.extra_credit.is_not(None)
        | grade.c.needs_manual_grade
    )


def _comments(name: str) -> Select:
    return (
        select(submitted_assignment.c.student_id, base_cell.c.name, comment.c.manual_comment)
        .join(submitted_notebook, submitted_notebook.c.assignment_id == submitted_assignment.c.id)
        .join(comment, comment.c.notebook_id == submitted_notebook.c.id)
        .join(base_cell, base_cell.c.id == comment.c.cell_id)
        .join(assignment, assignment.c.id == submitted_assignment.c.assignment_id)
        .where(assignment.c.name == name, comment.c.manual_comment.is_not(None))
    )
