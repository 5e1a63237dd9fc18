"""Grade in several processes of this machine."""

from __future__ import annotations

import atexit
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from autograder.executors.base import Executor, Job, attempt, crashed
from autograder.intake import Submission
from autograder.rubric import SubmissionResult
from autograder.sandbox import Jail, NoJailError


def in_processes(processes: int) -> Executor:
    """The executor that grades in so many processes, each with a jail of its own."""

    def parallel(submissions: Iterable[Submission], job: Job) -> Iterator[SubmissionResult]:
        return _in_processes(submissions, job, processes)

    return parallel


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
                yield crashed(submission, job, "The process that graded it died twice.")


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
    return attempt(submission, *_here)
