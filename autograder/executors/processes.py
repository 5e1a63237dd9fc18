"""Grade in several processes of this machine."""

from __future__ import annotations

import atexit
import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context, parent_process
from threading import Thread

from autograder.errors import NoJailError
from autograder.executors.base import Executor, Job, attempt, crashed
from autograder.intake import Submission
from autograder.rubric import SubmissionResult
from autograder.sandbox import TRIES, Jail


def in_processes(processes: int) -> Executor:
    """The executor that grades in so many processes, each with a jail of its own."""

    def parallel(submissions: Iterable[Submission], job: Job) -> Iterator[SubmissionResult]:
        return _in_processes(submissions, job, processes)

    return parallel


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
    return crashed(submission, job, f"The process that graded it died {TRIES} times.")


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
    return attempt(submission, *_here)
