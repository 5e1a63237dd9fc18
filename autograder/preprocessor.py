"""nbgrader's own `autograde`, made safe: two steps to name in `nbgrader_config.py`.

`Rebuild` comes first when a submission is sanitized, `SafeExecute` takes the place of nbgrader's
`Execute`. Then `nbgrader autograde` and formgrader's button give the points that
`autograder grade` gives. Whatever is missing raises: nbgrader reports that student as failed and
notes no points.
"""

from __future__ import annotations

import atexit
import json
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float

from autograder.course import Course, CourseError, check_name
from autograder.examine import examine
from autograder.intake import Submission, read
from autograder.manifest import Manifest
from autograder.notebooks import rebuilt
from autograder.rubric import QuestionResult, Status, SubmissionResult
from autograder.sandbox import Jail

Notebook = nbformat.NotebookNode
Resources = dict[str, Any]


class Rebuild(NbGraderPreprocessor):
    """Put the student's answers into the cells as they were released, and drop all else.

    Cells that are there twice, forged or moved never reach nbgrader, which stumbles over some of
    them.
    """

    def preprocess(self, nb: Notebook, resources: Resources) -> tuple[Notebook, Resources]:
        """Rebuild the notebook; what was not as released is a warning in the log."""
        manifest = _manifest(resources)
        submission = _submission(nb, resources, manifest)
        for remark in submission.remarks:
            self.log.warning("%s: %s", submission.student, remark)
        answers = submission.answers or {}
        nothing = SubmissionResult(submission.student, manifest.assignment, "", [], answers)
        return _notebook(manifest, nothing), resources


class SafeExecute(NbGraderPreprocessor):
    """Grade the student's answers in the jail, and leave the points where nbgrader looks."""

    seconds = Float(10.0, min=0.1, help="Time for one question of one student.").tag(config=True)

    def preprocess(self, nb: Notebook, resources: Resources) -> tuple[Notebook, Resources]:
        """Grade, and write the outcome of each question below its test cell."""
        manifest = _manifest(resources)
        _refuse_other_tests(nb, manifest)
        submission = _submission(nb, resources, manifest)
        result = examine(submission, manifest, _jail(), _course().secret, self.seconds)
        return _notebook(manifest, result), resources


# ---------------------------------------------------------------- what is needed


def _course() -> Course:
    return Course.find(Path.cwd())  # nbgrader works in the course folder


def _manifest(resources: Resources) -> Manifest:
    names = resources["nbgrader"]
    assignment = check_name(names["assignment"])
    if names["notebook"] != assignment:
        raise CourseError(
            f"{names['notebook']}.ipynb is not the notebook of {assignment}: the autograder knows "
            f"one notebook for each assignment, {assignment}.ipynb"
        )
    return Manifest.load(_course().manifest(assignment))


def _submission(nb: Notebook, resources: Resources, manifest: Manifest) -> Submission:
    submission = read(resources["nbgrader"]["student"], json.dumps(nb).encode(), manifest)
    if submission.answers is None:
        raise CourseError(f"{submission.student}: {submission.remarks[0]}")
    return submission


def _refuse_other_tests(nb: Notebook, manifest: Manifest) -> None:
    """Compare the tests in nbgrader's gradebook, which it has put into `nb`, with ours."""
    theirs = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in nb.cells}
    for cell in manifest.tests:
        if theirs.get(cell.name, "").strip() != cell.original.strip():
            raise CourseError(
                f"nbgrader's gradebook holds another test {cell.name!r}: run `autograder release "
                f"{manifest.assignment}`, and not nbgrader's own command, after each change"
            )


@cache
def _jail() -> Jail:
    """One jail for all that this process grades: formgrader asks student by student."""
    jail = Jail().__enter__()
    atexit.register(jail.__exit__)
    return jail


# ---------------------------------------------------------------- what comes out


def _notebook(manifest: Manifest, result: SubmissionResult) -> Notebook:
    notebook = nbformat.reads(rebuilt(manifest, result), as_version=4)
    questions = {question.question: question for question in result.questions}
    for cell, released in zip(notebook.cells, manifest.cells, strict=True):
        if released.name in questions:
            cell.outputs.append(_verdict(questions[released.name]))
    return notebook


def _verdict(question: QuestionResult) -> Notebook:
    """The output in which nbgrader finds the points: a number, or an error for none."""
    if question.status is Status.GRADED:
        data = {"text/plain": repr(float(question.points))}
        return nbformat.v4.new_output("execute_result", data=data, execution_count=None)
    first_line = question.message.strip().split("\n")[0]
    return nbformat.v4.new_output("error", ename=str(question.status), evalue=first_line)
