"""Grade an assignment: decide what is left to do, have it done, store it at once."""

from __future__ import annotations

import os

from autograder.course import Course
from autograder.errors import CourseError
from autograder.examine import examine
from autograder.executors.base import Executor, Job
from autograder.executors.serial import one_by_one
from autograder.gradebook import Writer
from autograder.intake import Submission, submissions
from autograder.manifest import Manifest
from autograder.progress import Told
from autograder.results import results, store, stored_result
from autograder.rubric import SubmissionResult
from autograder.sandbox import Jail
from autograder.scores import scores
from autograder.standings import record


def grade(
    course: Course,
    assignment: str,
    *,
    executor: Executor = one_by_one,
    seconds: float = 10.0,
    force: bool = False,
    jailed: bool = True,
    progress: Told = lambda done, total, result: None,
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
        Told how many submissions of how many are done, and the last result.

    Raises
    ------
    CourseError
        If the assignment is not released or nothing is collected.
    NoJailError
        If student code cannot be locked up here.
    """
    manifest = Manifest.load(course.manifest(assignment))
    everybody = submissions(course, manifest)
    stored = [_done(course, manifest, submission) for submission in everybody]
    done = [] if force else [result for result in stored if result]
    finished = {result.student for result in done}
    todo = [submission for submission in everybody if submission.student not in finished]
    job = Job(manifest, course.secret, seconds, jailed)
    progress(len(done), len(everybody), None)
    with Writer(course, manifest) as writer:
        writer.restore(done)
        graded = executor(todo, job) if todo else iter(())
        for count, result in enumerate(graded, start=len(done) + 1):
            writer.write(result)
            store(course, result)
            progress(count, len(everybody), result)
    record(course, assignment, "graded", scores(course, assignment))
    return list(results(course, assignment))


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


def _done(course: Course, manifest: Manifest, submission: Submission) -> SubmissionResult | None:
    """The result of this very work with these very tests."""
    result = stored_result(course, manifest.assignment, submission.student)
    is_done = result is not None and result.fingerprint == submission.fingerprint(manifest)
    return result if is_done else None
