"""The one writer of nbgrader's gradebook, and of the notebooks that formgrader shows."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, TableClause, bindparam, insert, select, update
from sqlalchemy.engine import Connection

from autograder.course import Course
from autograder.database import Database
from autograder.errors import CourseError
from autograder.files import write_whole
from autograder.manifest import Manifest
from autograder.notebooks import rebuilt
from autograder.rubric import Status, SubmissionResult
from autograder.tables import (
    assignment,
    base_cell,
    comment,
    grade,
    notebook,
    student,
    submitted_assignment,
    submitted_notebook,
)


class Writer:
    """Puts results into the gradebook, one transaction per submission; a context manager.

    Manual scores are never touched, so an assignment can be graded again while somebody reads
    answers in formgrader. Rows are written by plain statements: nbgrader's own functions commit
    on the way, and take ten times as long.
    """

    def __init__(self, course: Course, manifest: Manifest) -> None:
        self.course = course
        self.manifest = manifest
        self.database = Database(course)

    def __enter__(self) -> Writer:
        self.database.__enter__()
        self.database.write(self._put_roster)
        self.database.read(self._look_up_cells)
        return self

    def __exit__(self, *_: object) -> None:
        self.database.__exit__()

    def write(self, result: SubmissionResult) -> None:
        """Store one submission: its notebook for formgrader first, then its scores."""
        if not all(question.status is Status.MISSING for question in result.questions):
            path = self.course.notebook("autograded", self.manifest.assignment, result.student)
            write_whole(path, rebuilt(self.manifest, result))
        self.database.write(partial(self._put_scores, result))

    def restore(self, results: list[SubmissionResult]) -> None:
        """Store again the scores that the gradebook lost: somebody put an old copy back."""
        known = self.database.read(self._scores)
        for result in results:
            scores = {(result.student, q.question): q.points for q in result.questions}
            if not scores.items() <= known.items():
                self.database.write(partial(self._put_scores, result))

    def _put_roster(self, connection: Connection) -> None:
        known = set(connection.scalars(select(student.c.id)))
        rows = [asdict(person) for person in self.course.roster]
        new = [row for row in rows if row["id"] not in known]
        old = [{**row, "who": row.pop("id")} for row in rows if row["id"] in known]
        for statement, changes in ((insert(student), new), (RENAMED, old)):
            if changes:
                connection.execute(statement, changes)

    def _look_up_cells(self, connection: Connection) -> None:
        """The ids under which nbgrader knows this assignment and its cells."""
        name = self.manifest.assignment
        found = connection.execute(
            select(notebook.c.id, assignment.c.id)
            .join(assignment, assignment.c.id == notebook.c.assignment_id)
            .where(assignment.c.name == name, notebook.c.name == name)
        ).first()
        if found is None:
            raise CourseError(f"the gradebook has no {name}: run `autograder release {name}`")
        self.notebook, self.assignment = found
        cells = connection.execute(
            select(base_cell.c.type, base_cell.c.name, base_cell.c.id).where(
                base_cell.c.notebook_id == self.notebook
            )
        ).all()
        self.grade_cells = {n: i for kind, n, i in cells if kind in ("GradeCell", "TaskCell")}
        self.comment_cells = {n: i for kind, n, i in cells if kind in ("SolutionCell", "TaskCell")}

    def _put_scores(self, result: SubmissionResult, connection: Connection) -> None:
        mine = self._rows_of(result.student, connection)
        questions = {question.question: question for question in result.questions}
        by_test, by_hand = [], []
        for name, cell in self.grade_cells.items():
            row = {"of": mine, "cell": cell}
            if name in questions:
                by_test.append({**row, "points": questions[name].points, "open": False})
            else:
                points = None if result.submitted else 0.0
                by_hand.append({**row, "points": points, "open": result.submitted})
        comments = [
            {"of": mine, "cell": cell, "text": self._comment(name, result)}
            for name, cell in self.comment_cells.items()
        ]
        for statement, rows in ((TESTED, by_test), (READ, by_hand), (COMMENTED, comments)):
            if rows:
                connection.execute(statement, rows)

    def _rows_of(self, who: str, connection: Connection) -> str:
        """The id of a student's notebook, with a row for each of its cells."""
        found = connection.execute(
            select(submitted_assignment.c.id, submitted_notebook.c.id)
            .outerjoin(
                submitted_notebook,
                submitted_notebook.c.assignment_id == submitted_assignment.c.id,
            )
            .where(submitted_assignment.c.assignment_id == self.assignment)
            .where(submitted_assignment.c.student_id == who)
        ).first()
        submission, mine = found or (None, None)
        if submission is None:
            submission = uuid4().hex
            row = {"id": submission, "assignment_id": self.assignment, "student_id": who}
            connection.execute(insert(submitted_assignment), row)
        if mine is None:
            mine = uuid4().hex
            row = {"id": mine, "assignment_id": submission, "notebook_id": self.notebook}
            connection.execute(insert(submitted_notebook), {**row, "flagged": False})
        _add_missing(connection, grade, mine, self.grade_cells, needs_manual_grade=True)
        _add_missing(connection, comment, mine, self.comment_cells)
        return mine

    def _comment(self, name: str, result: SubmissionResult) -> str | None:
        answer = result.answers.get(name)
        released = self.manifest.answers[name].source
        return "No response." if answer in (None, released) else None

    def _scores(self, connection: Connection) -> dict[tuple[str, str], float | None]:
        rows = connection.execute(grades_of(self.manifest.assignment, grade.c.auto_score))
        return {(who, name): score for who, name, score in rows}


RENAMED = update(student).where(student.c.id == bindparam("who"))
TESTED = (
    update(grade)
    .where(grade.c.notebook_id == bindparam("of"), grade.c.cell_id == bindparam("cell"))
    .values(auto_score=bindparam("points"), needs_manual_grade=bindparam("open"))
)
READ = TESTED.where(grade.c.manual_score.is_(None))  # what was given by hand stays as it is
COMMENTED = (
    update(comment)
    .where(comment.c.notebook_id == bindparam("of"), comment.c.cell_id == bindparam("cell"))
    .values(auto_comment=bindparam("text"))
)


def _add_missing(
    connection: Connection, table: TableClause, mine: str, cells: dict[str, str], **values: bool
) -> None:
    known = connection.scalars(select(table.c.cell_id).where(table.c.notebook_id == mine))
    rows = [
        {"id": uuid4().hex, "notebook_id": mine, "cell_id": cell, **values}
        for cell in set(cells.values()) - set(known)
    ]
    if rows:
        connection.execute(insert(table), rows)


def grades_of(name: str, *columns: ColumnElement) -> Select:
    """Student, question and `columns` of each grade of an assignment."""
    return (
        select(submitted_assignment.c.student_id, base_cell.c.name, *columns)
        .join(submitted_notebook, submitted_notebook.c.assignment_id == submitted_assignment.c.id)
        .join(grade, grade.c.notebook_id == submitted_notebook.c.id)
        .join(base_cell, base_cell.c.id == grade.c.cell_id)
        .join(assignment, assignment.c.id == submitted_assignment.c.assignment_id)
        .where(assignment.c.name == name)
    )
