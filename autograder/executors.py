"""Grade many submissions: one after the other, or in several processes.

An executor is a function that takes an iterable of submissions and the common `Job`, and yields
one result for each, in any order. What kills a process costs one submission, never the run.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

from autograder.examine import examine
from autograder.intake import Submission
from autograder.manifest import Manifest
from autograder.rubric import QuestionResult, Status, SubmissionResult
from autograder.sandbox import Jail, NoJailError


@dataclass(frozen=True)
class Job:
    """What all submissions of one grading run share."""

    manifest: Manifest
    secret: bytes
    seconds: float
    jailed: bool = True


Executor = Callable[[Iterable[Submission], Job], Iterator[SubmissionResult]]


def executor(processes: int) -> Executor:
    """The executor for `-j processes`."""
    if processes <= 1:
        return serial

    def parallel(submissions: Iterable[Submission], job: Job) -> Iterator[SubmissionResult]:
        return _in_processes(submissions, job, processes)

    return parallel


def serial(submissions: Iterable[Submission], job: Job) -> Iterator[SubmissionResult]:
    """Grade in this process, with one jail for all."""
    with Jail(job.jailed) as jail:
        for submission in submissions:
            yield _examine(submission, job, jail)


def _in_processes(
    submissions: Iterable[Submission], job: Job, processes: int
) -> Iterator[SubmissionResult]:
    """Grade in a pool. What was under way when a process died is tried once more, alone."""
    waiting = {submission.student: submission for submission in submissions}
    with _pool(job, processes) as pool:
        for student, future in _finished(pool, waiting):
            if isinstance(future.exception(), BrokenProcessPool):
                break
            yield future.result()
            del waiting[student]
    for submission in waiting.values():
        with _pool(job, 1) as pool:
            try:
                yield pool.submit(_grade_one, submission).result()
            except BrokenProcessPool:
                yield _crashed(submission, job, "The process that graded it died twice.")


def _finished(
    pool: ProcessPoolExecutor, submissions: dict[str, Submission]
) -> Iterator[tuple[str, Future[SubmissionResult]]]:
    futures = {pool.submit(_grade_one, s): student for student, s in submissions.items()}
    for future in as_completed(futures):
        yield futures[future], future


def _pool(job: Job, processes: int) -> ProcessPoolExecutor:
    # "spawn": a process that was forked from this one would share its gradebook connection.
    context = get_context("spawn")
    return ProcessPoolExecutor(processes, context, initializer=_open_jail, initargs=(job,))


_here: tuple[Job, Jail] | NoJailError  # what each process of a pool keeps


def _open_jail(job: Job) -> None:
    global _here
    try:
        jail = Jail(job.jailed).__enter__()
    except NoJailError as error:  # raised here it would look like a process that died
        _here = error
    else:
        atexit.register(jail.__exit__)
        _here = job, jail


def _grade_one(submission: Submission) -> SubmissionResult:
    if isinstance(_here, NoJailError):
        raise _here
    return _examine(submission, *_here)


def _examine(submission: Submission, job: Job, jail: Jail) -> SubmissionResult:
    try:
        return examine(submission, job.manifest, jail, job.secret, job.seconds)
    except NoJailError:
        raise
    except Exception as error:  # a fault of ours or of a test cell must not cost the others
        text = f"Grading failed, look at this by hand ({type(error).__name__}: {error})."
        return _crashed(submission, job, text)


def _crashed(submission: Submission, job: Job, text: str) -> SubmissionResult:
    questions = [
        QuestionResult(cell.name, 0.0, cell.points, Status.CRASHED, text)
        for cell in job.manifest.tests
    ]
    return SubmissionResult(
        submission.student,
        job.manifest.assignment,
        submission.fingerprint(job.manifest),
        questions,
        submission.answers or {},
        submission.remarks,
    )
