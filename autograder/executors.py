"""Grade many submissions: one after the other, or in several processes.

An executor is a function that takes an iterable of submissions and the common `Job`, and yields
one result for each, in any order. What kills a process costs one submission, never the run.
"""

from __future__ import annotations

import atexit
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from threading import Thread

from autograder.examine import examine
from autograder.intake import Submission
from autograder.manifest import Manifest
from autograder.rubric import QuestionResult, Status, SubmissionResult
from autograder.sandbox import TRIES, Jail, NoJailError


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
    """Grade in a pool, and where one of its processes dies in a new one.

    What was under way then is tried again, each alone: one of them may have been the reason.
    """
    waiting = deque(submissions)
    while waiting:
        for submission in (yield from _until_one_dies(waiting, job, processes)):
            yield _alone(submission, job)


def _until_one_dies(
    waiting: deque[Submission], job: Job, processes: int
) -> Generator[SubmissionResult, None, list[Submission]]:
    """Take from `waiting` and grade; returns what was under way when a process died."""
    under_way: dict[Future[SubmissionResult], Submission] = {}
    try:
        with _pool(job, processes) as pool:
            while waiting or under_way:
                # One more than there are processes: none has to wait until a result is written.
                while waiting and len(under_way) <= processes:
                    future = pool.submit(_grade_one, waiting[0])
                    under_way[future] = waiting.popleft()
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    yield future.result()
                    del under_way[future]
    except BrokenProcessPool:
        return list(under_way.values())
    return []


def _alone(submission: Submission, job: Job) -> SubmissionResult:
    for _ in range(TRIES - 1):  # it was tried once before
        with suppress(BrokenProcessPool), _pool(job, 1) as pool:
            return pool.submit(_grade_one, submission).result()
    return _crashed(submission, job, f"The process that graded it died {TRIES} times.")


def _pool(job: Job, processes: int) -> ProcessPoolExecutor:
    # "spawn": a process that was forked from this one would share its gradebook connection.
    context = get_context("spawn")
    return ProcessPoolExecutor(processes, context, initializer=_open_jail, initargs=(job,))


_here: tuple[Job, Jail] | NoJailError  # what each process of a pool keeps


def _open_jail(job: Job) -> None:
    global _here
    Thread(target=_end_with_the_grader, daemon=True).start()
    try:
        jail = Jail(job.jailed).__enter__()
    except NoJailError as error:  # raised here it would look like a process that died
        _here = error
    else:
        atexit.register(jail.__exit__)
        _here = job, jail


def _end_with_the_grader() -> None:
    """Where the grader is killed, its processes would wait for work for ever."""
    grader = parent_process()
    assert grader is not None
    grader.join()
    os._exit(1)


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
    """No fault of the student's: without a fingerprint, the next run tries it again."""
    questions = [
        QuestionResult(cell.name, 0.0, cell.points, Status.CRASHED, text)
        for cell in job.manifest.tests
    ]
    return SubmissionResult(
        submission.student,
        job.manifest.assignment,
        "",
        questions,
        submission.answers or {},
        submission.remarks,
    )
