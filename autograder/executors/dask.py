"""Grade on a Dask cluster: batches of submissions go out, results come back as they are done.

Only this process writes; a worker needs the same packages and a jail, but no course folder.
"""

from __future__ import annotations

import socket
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from distributed import Client, KilledWorker, Worker, as_completed, get_worker
from distributed.deploy import Cluster

import autograder
from autograder.course import CourseError
from autograder.errors import NoJailError
from autograder.executors.base import Executor, Job, attempt, crashed
from autograder.intake import Submission
from autograder.manifest import library_digest
from autograder.rubric import SubmissionResult
from autograder.sandbox import Jail
from coursepkg.sources import source_digest

CONNECT_SECONDS = 20.0
MAX_BATCH = 20
BATCHES_PER_WORKER = 4  # so that a slow batch at the end keeps nobody waiting for long
# Read when this process starts: it names what runs here, whatever is installed later.
SOURCES = source_digest(Path(autograder.__file__).parent, {".py"}) + library_digest()

Batch = list[Submission]
Round = Generator[SubmissionResult, None, Batch]


def on_cluster(scheduler: str | Cluster) -> Executor:
    """The executor that grades on a Dask cluster: its scheduler's address, or the object."""

    def clustered(submissions: Iterable[Submission], job: Job) -> Iterator[SubmissionResult]:
        with _connected(scheduler) as client:
            try:
                yield from _grade(client, list(submissions), job)
            except CancelledError as error:
                raise CourseError(
                    f"the scheduler at {scheduler} is gone ({error}). What is graded is stored: "
                    "start it again and repeat the command."
                ) from None

    return clustered


def batches(submissions: Batch, workers: int) -> Iterator[Batch]:
    """Cut the work into tasks.

    A task of several submissions costs the scheduler once; small tasks share the work more
    evenly, and lose less when a worker dies.

    Examples
    --------
    >>> [len(batch) for batch in batches(list(range(40)), workers=3)]
    [4, 4, 4, 4, 4, 4, 4, 4, 4, 4]
    """
    size = -(-len(submissions) // (BATCHES_PER_WORKER * workers))
    size = min(max(size, 1), MAX_BATCH)
    for start in range(0, len(submissions), size):
        yield submissions[start : start + size]


@contextmanager
def _connected(scheduler: str | Cluster) -> Iterator[Client]:
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        text = f"no Dask scheduler answers at {scheduler} ({error or type(error).__name__})"
        raise CourseError(text) from None
    with client:
        try:
            client.wait_for_workers(1, CONNECT_SECONDS)
        except TimeoutError:
            text = f"the scheduler at {scheduler} has no worker: start one with `dask worker`"
            raise CourseError(text) from None
        _refuse_unfit_cluster(client)
        try:
            yield client
        finally:
            if client.status == "running":
                with suppress(OSError, TimeoutError):  # a worker may go at this very moment
                    client.run(_close_jails, on_error="ignore")


def _refuse_unfit_cluster(client: Client) -> None:
    """Ask everybody before work is sent: a worker that cannot read a task just ends."""
    try:
        client.run_on_scheduler(_refuse_other_sources, SOURCES, "scheduler")
        client.run(_refuse_unfit_worker, SOURCES)
    except CourseError:
        raise
    except Exception as error:  # Dask passes an ImportError on as a plain Exception
        raise CourseError(
            f"the cluster cannot run the autograder ({error}): the scheduler and every worker "
            "need what this machine has, pip install 'coursepkg[grader,cluster]'"
        ) from None


# ---------------------------------------------------------------- here


def _grade(client: Client, submissions: Batch, job: Job) -> Iterator[SubmissionResult]:
    """Grade everybody; who kills worker after worker gets a row that says so.

    Dask blames a death on all tasks which that worker had accepted. So the suspects are tried
    again, each in a task of its own, and at last each with the cluster for itself.
    """
    suspects = yield from _round(client, batches(submissions, len(client.nthreads()) or 1), job)
    suspects = yield from _round(client, [[suspect] for suspect in suspects], job)
    for suspect in suspects:
        if (yield from _round(client, [[suspect]], job)):
            yield crashed(suspect, job, "Every process that graded it died.")


def _round(client: Client, work: Iterable[Batch], job: Job) -> Round:
    """Grade batches side by side; the members of those whose workers died too often."""
    waiting = {
        client.submit(_grade_batch, batch, job, SOURCES, pure=False): batch for batch in work
    }
    suspects: Batch = []
    for future in as_completed(list(waiting), loop=client.loop):
        batch = waiting.pop(future)
        try:
            results = future.result()
        except KilledWorker:
            suspects += batch
            continue
        yield from results
    return suspects


# ---------------------------------------------------------------- on a worker

# Test cells print, and printing belongs to a process, not to a thread: one batch at a time.
_one_at_a_time = Lock()
_jails: dict[bool, Jail] = {}


def _grade_batch(batch: Batch, job: Job, sources: str) -> list[SubmissionResult]:
    _refuse_unfit_worker(sources, get_worker())  # it may have joined after the others were asked
    with _one_at_a_time:
        jail = _open_jail(job.jailed)
        return [attempt(submission, job, jail) for submission in batch]


def _refuse_unfit_worker(sources: str, dask_worker: Worker) -> None:
    threads = dask_worker.state.nthreads
    if threads > 1:
        raise CourseError(
            f"the worker {dask_worker.address} has {threads} threads, but grades one submission "
            "at a time: start workers with `--nthreads 1`, and more of them"
        )
    _refuse_other_sources(sources, f"worker {dask_worker.address}")


def _refuse_other_sources(sources: str, who: str) -> None:
    if sources != SOURCES:
        raise CourseError(
            f"the {who} runs another version of coursepkg or autograder: install the same one "
            "everywhere, then restart the scheduler and the workers"
        )


def _open_jail(jailed: bool) -> Jail:
    if jailed not in _jails:
        try:
            _jails[jailed] = Jail(jailed).__enter__()
        except NoJailError as error:
            raise NoJailError(f"on {socket.gethostname()}: {error}") from None
    return _jails[jailed]


def _close_jails() -> None:
    # Another instructor's batch may be running here: then the jail stays, and they will close it.
    if _one_at_a_time.acquire(blocking=False):
        try:
            while _jails:
                _jails.popitem()[1].__exit__()
        finally:
            _one_at_a_time.release()
