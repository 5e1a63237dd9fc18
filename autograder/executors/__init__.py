"""Grade many submissions: in this process, in several, or on a cluster.

An executor is a function that takes submissions and the common `Job`, and yields one result for
each, in any order. What kills a process costs one submission, never the run.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from autograder.course import CourseError

if TYPE_CHECKING:
    from autograder.executors.base import Executor


class Kind(StrEnum):
    """What `--executor` can name."""

    SERIAL = "serial"
    PROCESSES = "processes"
    DASK = "dask"


def executor(kind: Kind, processes: int = 1, scheduler: str | None = None) -> Executor:
    """The executor of that kind.

    Parameters
    ----------
    processes : int
        How many, for `Kind.PROCESSES`.
    scheduler : str, optional
        The address of a Dask scheduler, for `Kind.DASK` and for nothing else.

    Raises
    ------
    CourseError
        If the scheduler is missing or would be ignored, or Dask is not installed.
    """
    if scheduler is not None and kind is not Kind.DASK:
        raise CourseError("--scheduler goes with --executor dask")
    # Each is imported when it is chosen: the command line asks for the names of all of them.
    if kind is Kind.SERIAL:
        from autograder.executors.serial import one_by_one

        return one_by_one
    if kind is Kind.PROCESSES:
        from autograder.executors.processes import in_processes

        return in_processes(processes)
    if scheduler is None:
        raise CourseError("--executor dask needs --scheduler, such as tcp://127.0.0.1:8786")
    try:
        from autograder.executors.dask import on_cluster
    except ModuleNotFoundError as error:
        text = f"--executor dask needs {error.name}: pip install 'coursepkg[cluster]'"
        raise CourseError(text) from None
    return on_cluster(scheduler)
