"""Grade one submission: the tests run here, the student's code runs in the jail.

Per question a fresh worker replays the student's cells; then the instructor's test cell runs in
this process, in the namespace of the instructor's own cells, where the names that students define
are proxies.
"""

from __future__ import annotations

import ast
import contextlib
import io
from hashlib import blake2b
from typing import Any

from autograder.intake import Submission
from autograder.manifest import Cell, Manifest
from autograder.proxy import DeadlinePassed, Student, StudentError, StudentFunction, WorkerDied
from autograder.rubric import QuestionResult, Status, SubmissionResult, read_points
from autograder.sandbox import Jail
from coursepkg.checks import hidden_seed

MESSAGE_CAP = 6_000


def examine(
    submission: Submission, manifest: Manifest, jail: Jail, secret: bytes, seconds: float
) -> SubmissionResult:
    """Grade every question of one submission, each in a worker of its own.

    Parameters
    ----------
    submission : Submission
        What intake took from the notebook; without `answers` every question gets its status.
    jail : Jail
        Open; gives one worker per question.
    secret : bytes
        The course secret, from which each student's hidden numbers are derived.
    seconds : float
        The time one question may take, replay included.

    Raises
    ------
    ValueError
        If a test cell ends in no number: the instructor has to mend it.
    """
    questions = []
    for cell in manifest.tests:
        if submission.answers is None:
            text = submission.remarks[0] if submission.remarks else ""
            result = QuestionResult(cell.name, 0.0, cell.points, submission.status, text)
        else:
            seed = seed_for(secret, submission.student, manifest.assignment, cell.name)
            with hidden_seed(seed):
                result = _examine_question(cell, submission.answers, manifest, jail, seconds)
        questions.append(result)
    return SubmissionResult(
        student=submission.student,
        assignment=manifest.assignment,
        fingerprint=submission.fingerprint(manifest),
        questions=questions,
        answers=submission.answers or {},
        remarks=submission.remarks,
    )


def seed_for(secret: bytes, student: str, assignment: str, question: str) -> bytes:
    """The seed of one student's hidden numbers: replayable, and no guess without the secret."""
    text = f"{student}|{assignment}|{question}".encode()
    return blake2b(text, key=secret[:64]).digest()


def _examine_question(
    cell: Cell, answers: dict[str, str], manifest: Manifest, jail: Jail, seconds: float
) -> QuestionResult:
    points, message, output = 0.0, "", ""
    with jail.worker(seconds) as worker:
        student = Student(worker)
        try:
            errors, output = _replay(cell, answers, manifest, student)
            points, status, message = _run_test(cell, manifest, student)
            if status is not Status.GRADED:
                message = "\n".join([*errors, message])
        except DeadlinePassed:
            status = Status.TIMEOUT
            message = f"Your code was still running after {seconds:g} seconds and was stopped."
        except WorkerDied as death:
            status, message = Status.CRASHED, str(death)
    if status is Status.CRASHED:
        message = _how_it_died(worker.exit_code, message)
    output = (output + student.output)[: 2 * MESSAGE_CAP]
    return QuestionResult(cell.name, points, cell.points, status, message[:MESSAGE_CAP], output)


def _replay(
    cell: Cell, answers: dict[str, str], manifest: Manifest, student: Student
) -> tuple[list[str], str]:
    """Run what a notebook runs before this test: given cells, and the student's own.

    Returns the errors and the output of those that belong to this question.
    """
    cells = [given for given in manifest.before(cell) if given.kind in ("given", "solution")]
    sources = [answers.get(given.name, given.source) for given in cells]
    names = [given.name for given in cells]
    told = student.run(
        [{"name": n, "source": s} for n, s in zip(names, sources, strict=True)],
    )
    own = {solution.name for solution in manifest.solutions_of(cell)}
    mine = [(n, *entry) for n, entry in zip(names, told, strict=True) if n in own]
    errors = [f"{name}: {error}" for name, error, _ in mine if error]
    return errors, "".join(output for _, _, output in mine)


def _run_test(cell: Cell, manifest: Manifest, student: Student) -> tuple[float, Status, str]:
    """Run a test cell here; its points, the status and the text for the student."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            value = _run(cell.original, f"<{cell.name}>", _namespace(cell, manifest, student))
    except (AssertionError, StudentError) as error:
        return 0.0, Status.ERROR if student.errors else Status.WRONG, str(error)
    except Exception as error:  # such as unpacking None: the answer is not of the right kind
        text = f"The test stopped at your answer ({type(error).__name__}: {error})."
        return 0.0, Status.ERROR, student.errors[-1] if student.errors else text
    report = getattr(value, "report", None)
    message = printed.getvalue() if report is None else str(report)
    points = read_points(value, cell.points)
    if points > 0:
        return points, Status.GRADED, message
    failed = student.errors if report is None else report.status == Status.ERROR
    return 0.0, Status.ERROR if failed else Status.WRONG, message


def _namespace(cell: Cell, manifest: Manifest, student: Student) -> dict[str, Any]:
    """The instructor's given cells, with proxies under the names that students define."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for given in manifest.before(cell):
        if given.kind == "given":
            _run(given.source, f"<{given.name}>", namespace)
    for name in manifest.defined_names:
        namespace[name] = StudentFunction(student, name)
    return namespace


def _run(source: str, name: str, namespace: dict[str, Any]) -> Any:
    """Execute `source`; the value of its last statement if that is an expression."""
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), namespace)
    if last is None:
        return None
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), name, "eval"), namespace)


def _how_it_died(exit_code: int | None, words: str) -> str:
    if exit_code is not None and exit_code >= 0:
        return f"Your code ended its own process (exit code {exit_code}) before it answered."
    if exit_code == -9:  # it lived until we stopped it
        return f"Your code broke off the conversation with the grader ({words})."
    return f"The process of your code died (signal {-(exit_code or 0)})."
