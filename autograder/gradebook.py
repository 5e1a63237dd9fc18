"""The one writer of nbgrader's gradebook, and of the notebooks that formgrader shows."""

from __future__ import annotations

from functools import partial

import nbformat
import nh3
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
from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.course import Course
from autograder.database import Database
from autograder.errors import CourseError
from autograder.files import write_whole
from autograder.manifest import Cell, Manifest
from autograder.outputs import read_outputs
from autograder.rubric import QuestionResult, Status, SubmissionResult


class Writer:
    """Puts results into the gradebook, one transaction per submission; a context manager.

    Manual scores are never touched, so an assignment can be graded again while somebody reads
    answers in formgrader.
    """

    def __init__(self, course: Course, manifest: Manifest) -> None:
        self.course = course
        self.manifest = manifest
        self.database = Database(course)

    def __enter__(self) -> Writer:
        self.database.__enter__()
        self.database.write(self._put_roster)
        return self

    def __exit__(self, *_: object) -> None:
        self.database.__exit__()

    def write(self, result: SubmissionResult) -> None:
        """Store one submission: its notebook for formgrader first, then its scores."""
        if not all(question.status is Status.MISSING for question in result.questions):
            _write_notebook(self.course, self.manifest, result)
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

    def _put_scores(self, result: SubmissionResult, session: Session) -> None:
        questions = {question.question: question for question in result.questions}
        for notebook in self._submission(session, result.student).notebooks:
            for grade in notebook.grades:
                _score(grade, questions.get(grade.name), result.submitted)
            for comment in notebook.comments:
                answer = result.answers.get(comment.name)
                released = self.manifest.answers[comment.name].source
                comment.auto_comment = "No response." if answer in (None, released) else None

    def _submission(self, session: Session, student: str) -> SubmittedAssignment:
        """The student's rows, with one for each cell; nbgrader would commit on the way."""
        name = self.manifest.assignment
        assignment = session.scalar(select(Assignment).filter_by(name=name))
        if assignment is None:
            raise CourseError(f"the gradebook has no {name}: run `autograder release {name}`")
        mine = select(SubmittedAssignment).filter_by(assignment=assignment, student_id=student)
        # Rows are locked: formgrader may give points by hand at the same moment.
        submission = session.scalar(mine.with_for_update())
        if submission is None:
            submission = SubmittedAssignment(assignment=assignment, student_id=student)
            session.add(submission)
        with session.no_autoflush:
            for notebook in assignment.notebooks:
                session.add(_with_all_rows(submission, notebook))
        return submission

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


def _with_all_rows(submission: SubmittedAssignment, notebook: Notebook) -> SubmittedNotebook:
    mine = next((one for one in submission.notebooks if one.notebook is notebook), None)
    if mine is None:
        mine = SubmittedNotebook(notebook=notebook, assignment=submission)
    graded = {grade.cell for grade in mine.grades}
    commented = {comment.cell for comment in mine.comments}
    for cell in [*notebook.grade_cells, *notebook.task_cells]:
        if cell not in graded:
            mine.grades.append(Grade(cell=cell))
    for cell in [*notebook.solution_cells, *notebook.task_cells]:
        if cell not in commented:
            mine.comments.append(Comment(cell=cell))
    return mine


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
    write_whole(path, nbformat.writes(notebook) + "\n")


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
