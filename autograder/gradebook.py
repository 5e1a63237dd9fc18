"""The one writer of nbgrader's gradebook, and of the notebooks that formgrader shows."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from nbgrader import api as tables
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from autograder.course import Course
from autograder.database import Database
from autograder.errors import CourseError
from autograder.files import write_whole
from autograder.manifest import Manifest
from autograder.notebooks import rebuilt
from autograder.rubric import Status, SubmissionResult

Table = type[Grade] | type[Comment]


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

    def _put_roster(self, session: Session) -> None:
        known = {row.id: row for row in session.scalars(select(tables.Student))}
        for student in self.course.roster:
            row = known.get(student.id) or tables.Student(id=student.id)
            row.first_name, row.last_name = student.first_name, student.last_name
            row.email = student.email
            session.add(row)

    def _look_up_cells(self, session: Session) -> None:
        """The ids under which nbgrader knows this assignment and its cells."""
        name = self.manifest.assignment
        notebook = session.scalar(
            select(Notebook).join(Assignment).where(Assignment.name == name, Notebook.name == name)
        )
        if notebook is None:
            raise CourseError(f"the gradebook has no {name}: run `autograder release {name}`")
        self.notebook, self.assignment = notebook.id, notebook.assignment_id
        graded = (*notebook.grade_cells, *notebook.task_cells)
        commented = (*notebook.solution_cells, *notebook.task_cells)
        self.grade_cells = {cell.name: cell.id for cell in graded}
        self.comment_cells = {cell.name: cell.id for cell in commented}

    def _put_scores(self, result: SubmissionResult, session: Session) -> None:
        notebook = self._rows_of(result.student, session)
        questions = {question.question: question for question in result.questions}
        by_test, by_hand = [], []
        for name, cell in self.grade_cells.items():
            row = {"of": notebook, "cell": cell}
            if name in questions:
                by_test.append({**row, "points": questions[name].points, "open": False})
            else:
                points = None if result.submitted else 0.0
                by_hand.append({**row, "points": points, "open": result.submitted})
        comments = [
            {"of": notebook, "cell": cell, "text": self._comment(name, result)}
            for name, cell in self.comment_cells.items()
        ]
        for statement, rows in ((TESTED, by_test), (READ, by_hand), (COMMENTED, comments)):
            if rows:
                session.connection().execute(statement, rows)

    def _rows_of(self, student: str, session: Session) -> str:
        """The id of a student's notebook, with a row for each of its cells."""
        found = session.execute(
            select(SubmittedAssignment.id, SubmittedNotebook.id)
            .outerjoin(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .where(SubmittedAssignment.assignment_id == self.assignment)
            .where(SubmittedAssignment.student_id == student)
        ).first()
        submission, notebook = found or (None, None)
        add = session.connection().execute
        if submission is None:
            submission = uuid4().hex
            ids = {"assignment_id": self.assignment, "student_id": student}
            add(insert(SubmittedAssignment), {"id": submission, **ids})
        if notebook is None:
            notebook = uuid4().hex
            ids = {"assignment_id": submission, "notebook_id": self.notebook}
            add(insert(SubmittedNotebook), {"id": notebook, **ids})
        for table, cells in ((Grade, self.grade_cells), (Comment, self.comment_cells)):
            _add_missing(session, table, notebook, set(cells.values()))
        return notebook

    def _comment(self, name: str, result: SubmissionResult) -> str | None:
        answer = result.answers.get(name)
        released = self.manifest.answers[name].source
        return "No response." if answer in (None, released) else None

    def _scores(self, session: Session) -> dict[tuple[str, str], float | None]:
        rows = (
            select(SubmittedAssignment.student_id, BaseCell.name, Grade.auto_score)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .where(Assignment.name == self.manifest.assignment)
        )
        return {(student, name): score for student, name, score in session.execute(rows)}


TESTED = (
    update(Grade.__table__)
    .where(Grade.notebook_id == bindparam("of"), Grade.cell_id == bindparam("cell"))
    .values(auto_score=bindparam("points"), needs_manual_grade=bindparam("open"))
)
READ = TESTED.where(Grade.manual_score.is_(None))  # what was given by hand stays as it is
COMMENTED = (
    update(Comment.__table__)
    .where(Comment.notebook_id == bindparam("of"), Comment.cell_id == bindparam("cell"))
    .values(auto_comment=bindparam("text"))
)


def _add_missing(session: Session, table: Table, notebook: str, cells: set[str]) -> None:
    known = set(session.scalars(select(table.cell_id).where(table.notebook_id == notebook)))
    rows = [{"id": uuid4().hex, "notebook_id": notebook, "cell_id": cell} for cell in cells - known]
    if rows:
        session.connection().execute(insert(table), rows)


def manual_grades(course: Course, assignment: str) -> dict[tuple[str, str], float | None]:
    """Scores given by hand, by student and question; None where one is still to be given."""

    def look(session: Session) -> dict[tuple[str, str], float | None]:
        found = select(Assignment).filter_by(name=assignment)
        return {
            (submission.student_id, grade.name): grade.manual_score
            for row in session.scalars(found)
            for submission in row.submissions
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.manual_score is not None or grade.needs_manual_grade
        }

    with Database(course) as database:
        return database.read(look)
