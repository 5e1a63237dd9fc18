"""Grade an assignment: decide what is left to do, have it done, store it at once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.examine import examine
from autograder.executors.base import Executor, Job
from autograder.executors.serial import one_by_one
from autograder.gradebook import Writer
from autograder.intake import Submission, submissions
from autograder.manifest import Manifest
from autograder.rubric import SubmissionResult
from autograder.sandbox import Jail


def grade(
    course: Course,
    assignment: str,
    *,
    executor: Executor = one_by_one,
    seconds: float = 10.0,
    force: bool = False,
    jailed: bool = True,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[SubmissionResult]:
    """Grade what is not graded yet; the results of the whole roster, in its order.

    Killed at any point, the next run goes on where this one stopped: a submission is done when
    its result file is there with the fingerprint of this work and these tests, and that file is
    written after the gradebook.

    Parameters
    ----------
    executor : Executor
        Where to grade: one of `autograder.executors`. This process writes, wherever it is.
    seconds : float
        The time one question of one student may take.
    force : bool
        Grade again what is graded already.
    progress : callable
        Told how many submissions of how many are done.

    Raises
    ------
    CourseError
        If the assignment is not released or nothing is collected.
    NoJailError
        If student code cannot be locked up here.
    """
    manifest = Manifest.load(course.manifest(assignment))
    everybody = submissions(course, manifest)
    todo = [s for s in everybody if force or not _is_done(course, manifest, s)]
    job = Job(manifest, course.secret, seconds, jailed)
    progress(len(everybody) - len(todo), len(everybody))
    with Writer(course, manifest) as writer:
        graded = executor(todo, job) if todo else iter(())
        for done, result in enumerate(graded, start=len(everybody) - len(todo) + 1):
            writer.write(result)
            _store(course, result)
            progress(done, len(everybody))
    return list(results(course, assignment))


def results(course: Course, assignment: str) -> Iterator[SubmissionResult]:
    """The stored results of everybody on the roster, in its order.

    Raises
    ------
    CourseError
        If somebody has none.
    """
    for student in course.roster:
        path = _path(course, assignment, student.id)
        if not path.is_file():
            command = f"autograder grade {assignment}"
            raise CourseError(f"{student.id} has no result for {assignment}: run `{command}`")
        yield SubmissionResult.from_json(json.loads(path.read_text(encoding="utf-8")))


def try_solution(manifest: Manifest, seconds: float = 10.0) -> SubmissionResult:
    """Grade the instructor's own solution, as if a student had handed it in.

    Raises
    ------
    CourseError
        If it does not earn all points: a test is wrong then, or the solution.
    """
    own = {name: cell.original for name, cell in manifest.answers.items()}
    with Jail() as jail:
        result = examine(Submission("instructor", own), manifest, jail, os.urandom(32), seconds)
    for question in result.questions:
        if question.points < question.max_points:
            raise CourseError(
                f"{manifest.assignment}: the instructor's own solution earns only "
                f"{question.points:g} of {question.max_points:g} in {question.question!r} "
                f"({question.status}): {question.message}"
            )
    return result


def _is_done(course: Course, manifest: Manifest, submission: Submission) -> bool:
    path = _path(course, manifest.assignment, submission.student)
    if not path.is_file():
        return False
    stored = json.loads(path.read_text(encoding="utf-8"))
    return stored["fingerprint"] == submission.fingerprint(manifest)


def _store(course: Course, result: SubmissionResult) -> None:
    path = _path(course, result.assignment, result.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(result.to_json(), indent=1), encoding="utf-8")
    part.replace(path)  # whole or not at all


def _path(course: Course, assignment: str, student: str) -> Path:
    return course.private(assignment, "results", f"{student}.json")
