"""Grade one submission: the tests run here, the student's code runs in the jail.

A worker runs the student's cells; at each test it waits while the instructor's test cell runs in
this process, in the namespace of the instructor's own cells, where the names that students define
are proxies.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import time
from dataclasses import dataclass, field
from hashlib import blake2b
from types import CodeType
from typing import Any

from autograder.intake import Submission
from autograder.manifest import Cell, Manifest
from autograder.margins import nearest_to_tolerance
from autograder.originality import borrowed, numerical_gradients
from autograder.proxy import DeadlinePassed, Replayed, Student, StudentError, WorkerDied
from autograder.rubric import QuestionResult, Status, SubmissionResult, read_points
from autograder.sandbox import TRIES, Jail, JailDiedError, Worker
from coursepkg.checks import check, hidden_seed

MESSAGE_CAP = 6_000
TOO_LONG = "Your code was still running after {:g} seconds and was stopped."


def examine(
    submission: Submission, manifest: Manifest, jail: Jail, secret: bytes, seconds: float
) -> SubmissionResult:
    """Grade every question of one submission.

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
    with Examination(submission, manifest, jail, seconds) as examination:
        for cell in manifest.tests:
            with hidden_seed(seed_for(secret, submission.student, manifest.assignment, cell.name)):
                examination.examine(cell)
    return SubmissionResult(
        student=submission.student,
        assignment=manifest.assignment,
        fingerprint=submission.fingerprint(manifest),
        questions=examination.questions,
        answers=submission.answers or {},
        remarks=[*submission.remarks, *dict.fromkeys(examination.remarks)],
        versions={**manifest.versions, "work": submission.digest},
        shown=examination.shown,
    )


def seed_for(secret: bytes, student: str, assignment: str, question: str) -> bytes:
    """The seed of one student's hidden numbers: replayable, and no guess without the secret."""
    text = f"{student}|{assignment}|{question}".encode()
    return blake2b(text, key=secret[:64]).digest()


@dataclass
class Examination:
    """One submission under examination: a worker runs its notebook, cell by cell, as Jupyter would.

    After a question that ran out of time or killed the worker the next one gets a fresh worker,
    in which the cells before it are run again.

    Attributes
    ----------
    shown : dict of bytes
        The outputs of cells, by name, as untrusted JSON.
    """

    submission: Submission
    manifest: Manifest
    jail: Jail
    seconds: float
    questions: list[QuestionResult] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    shown: dict[str, bytes] = field(default_factory=dict)
    _worker: Worker | None = None
    _ending: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _done: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        solutions = [cell for cell in self.manifest.cells if cell.kind == "solution"]
        self.remarks += borrowed(solutions, self.submission.answers or {})

    def __enter__(self) -> Examination:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(JailDiedError):  # all answers are in
            self._end()

    def examine(self, cell: Cell) -> None:
        """Grade one question."""
        if self.submission.answers is None:
            text = self.submission.remarks[0] if self.submission.remarks else ""
            result = QuestionResult(cell.name, 0.0, cell.points, self.submission.status, text)
        else:
            result = self._examine_answer(cell)
        self.questions.append(result)

    def _examine_answer(self, cell: Cell) -> QuestionResult:
        for _ in range(TRIES):
            with contextlib.suppress(JailDiedError):
                return self._try_answer(cell)
        text = f"The jail died {TRIES} times while this was graded, look at it by hand."
        return QuestionResult(cell.name, 0.0, cell.points, Status.CRASHED, text)

    def _try_answer(self, cell: Cell) -> QuestionResult:
        start = time.perf_counter()
        points, message, output, nearest = 0.0, "", "", None
        student = Student(self._start())
        try:
            errors, output = self._replay(cell, student)
            points, status, message, nearest = _run_test(cell, self.manifest, student)
            if status is not Status.GRADED:
                message = "\n".join([*errors, message])
        except DeadlinePassed:
            self._end()
            status, message = Status.TIMEOUT, TOO_LONG.format(self.seconds)
        except WorkerDied as death:
            status, message = Status.CRASHED, _how_it_died(self._end(), str(death))
        self.remarks += numerical_gradients(student.uses)
        output = (output + student.output)[: 2 * MESSAGE_CAP]
        message, seconds = message[:MESSAGE_CAP], time.perf_counter() - start
        return QuestionResult(
            cell.name, points, cell.points, status, message, output, seconds, nearest
        )

    def _start(self) -> Worker:
        if self._worker is None:
            self._worker = self._ending.enter_context(self.jail.worker(self.seconds))
            self._done.clear()
        self._worker.give(self.seconds)
        return self._worker

    def _end(self) -> int | None:
        """Kill the worker; its exit code."""
        worker, self._worker = self._worker, None
        self._ending.close()
        return worker.exit_code if worker else None

    def _replay(self, test: Cell, student: Student) -> tuple[list[str], str]:
        """Run what a notebook runs before this test: given cells, and the student's own.

        Returns the errors and the output of those that belong to this question.
        """
        answers = self.submission.answers or {}
        cells = [
            cell
            for cell in self.manifest.before(test)
            if cell.kind in ("given", "solution") and cell.name not in self._done
        ]
        sources = [{"name": c.name, "source": answers.get(c.name, c.source)} for c in cells]
        told = student.run(sources, rich=True)
        self._done |= {cell.name for cell in cells}
        replayed = {cell.name: entry for cell, entry in zip(cells, told, strict=True)}
        self.shown |= {name: entry.shown for name, entry in replayed.items()}
        own = [c.name for c in self.manifest.solutions_of(test)]
        mine: dict[str, Replayed] = {name: replayed[name] for name in own}
        errors = [f"{name}: {entry.error}" for name, entry in mine.items() if entry.error]
        return errors, "".join(entry.output for entry in mine.values())


def _run_test(
    cell: Cell, manifest: Manifest, student: Student
) -> tuple[float, Status, str, float | None]:
    """Run a test cell here; points, status, the text for the student, and how close it was."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            value = _run(cell.original, f"<{cell.name}>", _namespace(cell, manifest, student))
    except (AssertionError, StudentError) as error:
        return 0.0, Status.ERROR if student.errors else Status.WRONG, str(error), None
    except Exception as error:  # such as unpacking None: the answer is not of the right kind
        text = f"The test stopped at your answer ({type(error).__name__}: {error})."
        return 0.0, Status.ERROR, student.errors[-1] if student.errors else text, None
    report = getattr(value, "report", None)
    message = printed.getvalue() if report is None else str(report)
    nearest = nearest_to_tolerance(report.findings) if report else None
    points = read_points(value, cell.points)
    if points > 0:
        return points, Status.GRADED, message, nearest
    failed = student.errors if report is None else report.status == Status.ERROR
    return 0.0, Status.ERROR if failed else Status.WRONG, message, nearest


def _namespace(cell: Cell, manifest: Manifest, student: Student) -> dict[str, Any]:
    """The instructor's given cells, with proxies under the names that students define."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for given in manifest.before(cell):
        if given.kind == "given":
            _run(given.source, f"<{given.name}>", namespace)
    if namespace.get("check") is check:
        namespace["check"] = _no_check
    return namespace | student.names(manifest.defined_names)


def _no_check(question: str) -> None:
    """Do nothing in place of a visible check: `grade`, below it, tries the same and more."""


def _run(source: str, name: str, namespace: dict[str, Any]) -> Any:
    """Execute `source`; the value of its last statement if that is an expression."""
    body, last = _compiled(source, name)
    exec(body, namespace)
    return eval(last, namespace)


@functools.cache  # the same few cells, for everybody
def _compiled(source: str, name: str) -> tuple[CodeType, CodeType]:
    tree = ast.parse(source, name)
    last: ast.expr = ast.Constant(None, lineno=1, col_offset=0)
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = tree.body.pop().value  # type: ignore[attr-defined]
    return compile(tree, name, "exec"), compile(ast.Expression(last), name, "eval")


def _how_it_died(exit_code: int | None, words: str) -> str:
    if exit_code is not None and exit_code >= 0:
        return f"Your code ended its own process (exit code {exit_code}) before it answered."
    if exit_code == -9:  # it lived until we stopped it
        return f"Your code broke off the conversation with the grader ({words})."
    return f"The process of your code died (signal {-(exit_code or 0)})."
