"""The one writer of nbgrader's gradebook, and of the notebooks that formgrader shows."""

from __future__ import annotations

import warnings

import nbformat
import nh3
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from nbgrader.api import Base, Grade, Gradebook
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import SAWarning

from autograder.course import Course
from autograder.manifest import Cell, Manifest
from autograder.outputs import read_outputs
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
    answers in formgrader.
    """

    def __init__(self, course: Course, manifest: Manifest) -> None:
        self.course = course
        self.manifest = manifest

    def __enter__(self) -> Writer:
        self.gradebook = open_gradebook(self.course)
        for student in self.course.roster:
            self.gradebook.update_or_create_student(
                student.id,
                first_name=student.first_name,
                last_name=student.last_name,
                email=student.email,
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.gradebook.close()

    def write(self, result: SubmissionResult) -> None:
        """Store one submission: its notebook for formgrader first, then its scores."""
        if not all(question.status is Status.MISSING for question in result.questions):
            _write_notebook(self.course, self.manifest, result)
        book, name = self.gradebook, self.manifest.assignment
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # nbgrader fills a row before it adds it
            book.update_or_create_submission(name, result.student)
        questions = {question.question: question for question in result.questions}
        notebook = book.find_submission_notebook(name, name, result.student)
        for grade in notebook.grades:
            _score(grade, questions.get(grade.name), result.submitted)
        for comment in notebook.comments:
            answer = result.answers.get(comment.name)
            released = self.manifest.answers[comment.name].source
            comment.auto_comment = "No response." if answer in (None, released) else None
        book.db.commit()


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


def _score(grade: Grade, question: QuestionResult | None, submitted: bool) -> None:
    if question is not None:
        grade.auto_score = question.points
        grade.needs_manual_grade = False
    elif grade.manual_score is None:  # a question that is read by the instructor
        grade.auto_score = None if submitted else 0.0
        grade.needs_manual_grade = submitted


def _write_notebook(course: Course, manifest: Manifest, result: SubmissionResult) -> None:
    questions = {question.question: question for question in result.questions}
    notebook = nbformat.v4.new_notebook(
        cells=[
            _rebuilt(number, cell, result, questions) for number, cell in enumerate(manifest.cells)
        ],
        metadata={"language_info": {"name": "python"}},
    )
    path = course.notebook("autograded", manifest.assignment, result.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def _rebuilt(
    number: int, cell: Cell, result: SubmissionResult, questions: dict[str, QuestionResult]
) -> nbformat.NotebookNode:
    source = result.answers.get(cell.name, cell.source)
    arguments = {"id": f"cell-{number}", "metadata": cell.metadata}
    if cell.cell_type != "code":
        # Formgrader renders it as it is, in the instructor's browser.
        safe = nh3.clean(source) if nh3.is_html(source) else source
        return nbformat.v4.new_markdown_cell(safe, **arguments)
    outputs = read_outputs(result.shown.get(cell.name, b""))
    if cell.name in questions:
        question = questions[cell.name]
        text = f"{question.status}: {question.points:g} of {question.max_points:g}\n"
        outputs = [nbformat.v4.new_output("stream", text=text + question.message)]
    return nbformat.v4.new_code_cell(source, outputs=outputs, **arguments)
