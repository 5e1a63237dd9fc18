"""The one writer of nbgrader's gradebook, and of the notebooks that formgrader shows."""

from __future__ import annotations

from uuid import uuid4

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from nbgrader.api import (
    Base,
    Comment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    create_engine,
    insert,
    inspect,
    select,
    update,
)

from autograder.course import Course
from autograder.course import Student as RosterStudent
from autograder.manifest import Manifest
from autograder.notebooks import rebuilt
from autograder.rubric import QuestionResult, Status, SubmissionResult


def open_gradebook(course: Course) -> Gradebook:
    """nbgrader's gradebook of this course; made if it is not there.

    nbgrader would make it too, but calls `alembic` by name for the version of its tables: that
    takes seconds and fails where the virtual environment is not on PATH.
    """
    engine = create_engine(course.db_url)
    with engine.begin() as connection:
        if not inspect(connection).get_table_names():
            Base.metadata.create_all(connection)
            context = MigrationContext.configure(connection)
            context.stamp(ScriptDirectory(ALEMBIC_DIR), "head")
    engine.dispose()
    return Gradebook(course.db_url, course.course_id)


class Writer:
    """Puts results into the gradebook, one transaction per submission; a context manager.

    Manual scores are never touched, so an assignment can be graded again while somebody reads
    answers in formgrader. Rows are written as nbgrader's `add_submission` would, in a tenth of
    its time: that one asks for every object again, and commits three times.
    """

    def __init__(self, course: Course, manifest: Manifest) -> None:
        self.course = course
        self.manifest = manifest

    def __enter__(self) -> Writer:
        self.gradebook = open_gradebook(self.course)
        known = {student.id for student in self.gradebook.students}
        for student in self.course.roster:
            if student.id not in known:
                self.gradebook.db.add(Student(id=student.id))
        self.gradebook.db.commit()
        self.gradebook.db.execute(update(Student), [_columns(s) for s in self.course.roster])
        self.gradebook.db.commit()
        notebook = self.gradebook.find_notebook(self.manifest.assignment, self.manifest.assignment)
        self.notebook_id, self.assignment_id = notebook.id, notebook.assignment.id
        graded = (*notebook.grade_cells, *notebook.task_cells)
        commented = (*notebook.solution_cells, *notebook.task_cells)
        self.grade_cells = {cell.name: cell.id for cell in graded}
        self.comment_cells = {cell.name: cell.id for cell in commented}
        self.gradebook.db.commit()
        return self

    def __exit__(self, *_: object) -> None:
        self.gradebook.close()

    def write(self, result: SubmissionResult) -> None:
        """Store one submission: its notebook for formgrader first, then its scores."""
        if not all(question.status is Status.MISSING for question in result.questions):
            _write_notebook(self.course, self.manifest, result)
        with self.gradebook.engine.begin() as connection:
            notebook = self._find(connection, result.student)
            if notebook is None:
                notebook = self._add(connection, result.student)
            self._score(connection, notebook, result)

    def _find(self, connection: Connection, student: str) -> str | None:
        """The row of this student's notebook."""
        query = (
            select(SubmittedNotebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .where(SubmittedAssignment.assignment_id == self.assignment_id)
            .where(SubmittedAssignment.student_id == student)
            .where(SubmittedNotebook.notebook_id == self.notebook_id)
        )
        return connection.scalar(query)

    def _add(self, connection: Connection, student: str) -> str:
        """Add the rows of a submission, still without scores; the row of its notebook."""
        submission, notebook = uuid4().hex, uuid4().hex
        ids = {"assignment_id": self.assignment_id, "student_id": student}
        connection.execute(insert(SubmittedAssignment), {"id": submission, **ids})
        ids = {"assignment_id": submission, "notebook_id": self.notebook_id}
        connection.execute(insert(SubmittedNotebook), {"id": notebook, **ids})
        for table, cells in ((Grade, self.grade_cells), (Comment, self.comment_cells)):
            rows = [
                {"id": uuid4().hex, "notebook_id": notebook, "cell_id": i} for i in cells.values()
            ]
            if rows:
                connection.execute(insert(table), rows)
        return notebook

    def _score(self, connection: Connection, notebook: str, result: SubmissionResult) -> None:
        questions = {question.question: question for question in result.questions}
        grades = [
            {"of": notebook, "cell": cell, **_scored(questions.get(name), result.submitted)}
            for name, cell in self.grade_cells.items()
        ]
        for by_test in (True, False):
            rows = [row for row in grades if row["by_test"] is by_test]
            statement = SCORE_BY_TEST if by_test else SCORE_BY_HAND
            if rows:
                connection.execute(statement, rows)
        comments = [
            {"of": notebook, "cell": cell, "text": self._comment(name, result)}
            for name, cell in self.comment_cells.items()
        ]
        if comments:
            connection.execute(COMMENT, comments)

    def _comment(self, name: str, result: SubmissionResult) -> str | None:
        answer = result.answers.get(name)
        released = self.manifest.answers[name].source
        return "No response." if answer in (None, released) else None


_here = and_(Grade.notebook_id == bindparam("of"), Grade.cell_id == bindparam("cell"))
SCORE_BY_TEST = (
    update(Grade.__table__)
    .where(_here)
    .values(auto_score=bindparam("points"), needs_manual_grade=bindparam("open"))
)
# What has been given by hand already stays as it is.
SCORE_BY_HAND = SCORE_BY_TEST.where(Grade.manual_score.is_(None))
COMMENT = (
    update(Comment.__table__)
    .where(Comment.notebook_id == bindparam("of"), Comment.cell_id == bindparam("cell"))
    .values(auto_comment=bindparam("text"))
)


def manual_grades(course: Course, assignment: str) -> dict[tuple[str, str], float | None]:
    """Scores given by hand, by student and question; None where one is still to be given."""
    with open_gradebook(course) as book:
        return {
            (submission.student.id, grade.name): grade.manual_score
            for submission in book.assignment_submissions(assignment)
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.manual_score is not None or grade.needs_manual_grade
        }


def _scored(question: QuestionResult | None, submitted: bool) -> dict[str, object]:
    if question is not None:
        return {"by_test": True, "points": question.points, "open": False}
    # a question that is read by the instructor
    return {"by_test": False, "points": None if submitted else 0.0, "open": submitted}


def _columns(student: RosterStudent) -> dict[str, str]:
    names = ("id", "first_name", "last_name", "email")
    return {name: getattr(student, name) for name in names}


def _write_notebook(course: Course, manifest: Manifest, result: SubmissionResult) -> None:
    path = course.notebook("autograded", manifest.assignment, result.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rebuilt(manifest, result), encoding="utf-8")
