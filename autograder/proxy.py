"""The student's functions as the grading process sees them: calls go to the jailed worker."""

from __future__ import annotations

from typing import Any

from autograder.sandbox import Worker
from autograder.wire import Plain, WireError

OUTPUT_CAP = 4_000


class StudentError(Exception):
    """Student code raised, or is not there; the text names the error and the student's line."""


class DeadlinePassed(BaseException):
    """The question's time is up. Not an `Exception`, so that no test can swallow it."""


class WorkerDied(BaseException):
    """The worker ended or talked nonsense. Not an `Exception`, for the same reason."""


class Student:
    """The trusted end of one student's process.

    Attributes
    ----------
    errors : list of str
        Everything that student code raised so far.
    output : str
        The beginning of what its functions printed.
    """

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.errors: list[str] = []
        self.output = ""

    def run(self, cells: list[dict[str, str]]) -> list[tuple[str, str]]:
        """Replay cells; the error (or "") and the output of each."""
        told = self._ask("run", cells=cells)
        if not isinstance(told, list) or len(told) != len(cells):
            raise WorkerDied("the answer to `run` is no list of cells")
        if not all(isinstance(entry, dict) for entry in told):
            raise WorkerDied("the answer to `run` is no list of cells")
        return [(str(entry.get("error") or ""), str(entry.get("output") or "")) for entry in told]

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Plain]:
        """Call a function by name: the worker's reply, which holds either a value or an error."""
        reply = self._ask("call", name=name, args=args, kwargs=kwargs)
        if not isinstance(reply, dict) or ("value" in reply) == ("error" in reply):
            raise WorkerDied("the answer to `call` is neither a value nor an error")
        self.output = (self.output + str(reply.get("output", "")))[:OUTPUT_CAP]
        return reply

    def _ask(self, order: str, **request: Any) -> Plain:
        try:
            return self.worker.ask(order, **request)
        except TimeoutError as error:
            raise DeadlinePassed(str(error)) from None
        except (EOFError, OSError, WireError) as error:
            raise WorkerDied(str(error)) from None


class StudentFunction:
    """Stands for the function `name` of a student: called here, run in the jail.

    Arguments and results are copies. Of a returned tuple, what is no array, number or text (a
    cache of the student's own making) stays in the jail and is known here as a `Remote`, which
    may be passed to the next call.

    Attributes
    ----------
    last_mutated : list of int
        Which array arguments the last call changed (in the student's process).
    """

    def __init__(self, student: Student, name: str) -> None:
        self._student = student
        self.__name__ = name
        self.last_mutated: list[int] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Plain:
        reply = self._student.call(self.__name__, args, kwargs)
        flags = reply.get("mutated")
        self.last_mutated = [i for i in flags if type(i) is int] if isinstance(flags, list) else []
        if "error" in reply:
            text = str(reply["error"])[:600]
            self._student.errors.append(text)
            raise StudentError(text)
        return reply["value"]
