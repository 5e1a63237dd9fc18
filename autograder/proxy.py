"""The student's functions and objects as the tests see them: every use of one goes to the jail."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from autograder.sandbox import Worker
from autograder.wire import Plain, Remote, WireError, encode

OUTPUT_CAP = 4_000


class StudentError(Exception):
    """Student code raised, or is not there; the text names the error and the student's line."""


class DeadlinePassed(BaseException):
    """The question's time is up. Not an `Exception`, so that no test can swallow it."""


class WorkerDied(BaseException):
    """The worker ended or talked nonsense. Not an `Exception`, for the same reason."""


@dataclass(frozen=True)
class Replayed:
    """What running a cell gave: an error or "", printed text, and outputs as JSON (untrusted)."""

    error: str
    output: str
    shown: bytes


@dataclass(frozen=True)
class Use:
    """One call of a student's function: how long it took there, and what it called on the way.

    The student's process says so: evidence for a remark, nothing that points depend on.
    """

    name: str
    seconds: float
    calls: dict[str, int]


@dataclass(frozen=True)
class Call:
    """One call of a student's function: what went in, and what came out or was raised."""

    name: str
    arguments: tuple[Any, ...]
    answer: Any
    error: str = ""


_calls: ContextVar[list[Call] | None] = ContextVar("calls", default=None)


@contextmanager
def recording() -> Iterator[list[Call]]:
    """Note the calls of students' functions inside the ``with`` block, to show them later."""
    calls: list[Call] = []
    token = _calls.set(calls)
    try:
        yield calls
    finally:
        _calls.reset(token)


class Student:
    """The trusted end of one student's process.

    Attributes
    ----------
    errors : list of str
        Everything that student code raised so far.
    output : str
        The beginning of what its functions printed.
    uses : list of Use
        Calls of its functions.
    """

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.errors: list[str] = []
        self.output = ""
        self.uses: list[Use] = []
        self._known: dict[Remote, str] = {}

    def run(self, cells: list[dict[str, str]], rich: bool = False) -> list[Replayed]:
        """Replay cells; with `rich`, keep figures and formatted values."""
        told = self._ask("run", cells=cells, rich=rich)
        if not isinstance(told, list) or len(told) != len(cells):
            raise WorkerDied("the answer to `run` is no list of cells")
        if not all(isinstance(entry, dict) for entry in told):
            raise WorkerDied("the answer to `run` is no list of cells")
        return [_replayed(entry) for entry in told]

    def names(self, wanted: Iterable[str]) -> dict[str, Any]:
        """What the notebook defines under these names: copies of values, stand-ins for the rest.

        A name that it does not define gets a stand-in too, which says so when it is used.
        """
        names = sorted(wanted)
        told = self._ask("names", names=names)
        if not isinstance(told, dict) or not told.keys() <= set(names):
            raise WorkerDied("the answer to `names` is no dictionary of them")
        missing = [name for name in names if name not in told]
        values = {name: self.wrap(value) for name, value in told.items()}
        for name, value in told.items():
            if isinstance(value, Remote):
                values[name] = StudentObject(self, value, name)
                self._known[value] = name
        return values | {name: StudentObject(self, name, name) for name in missing}

    def do(self, action: str, target: str | Remote, *args: Any, **kwargs: Any) -> dict[str, Plain]:
        """Use an object in the jail: the reply, with a value, or the end of an iterator.

        Raises
        ------
        StudentError
            If the student's code raised.
        TypeError
            If an argument cannot be handed over: the test is at fault, not the student.
        """
        arguments = {"args": _unwrap(args), "kwargs": _unwrap(kwargs)}
        reply = self._ask("do", action=action, target=target, **arguments)
        if not isinstance(reply, dict) or len(reply.keys() & {"value", "error", "end"}) != 1:
            raise WorkerDied(f"the answer to `{action}` is neither a value nor an error")
        self.output = (self.output + str(reply.get("output", "")))[:OUTPUT_CAP]
        if action == "call" and (calls := _calls.get()) is not None:
            name = target if isinstance(target, str) else self._known.get(target, target.kind)
            given = copy.deepcopy((*arguments["args"], *arguments["kwargs"].values()))
            answer, error = reply.get("value"), str(reply.get("error", ""))[:600]
            calls.append(Call(name, given, answer, error))
        if "error" in reply:
            text = str(reply["error"])[:600]
            self.errors.append(text)
            raise StudentError(text)
        return reply

    def wrap(self, value: Plain) -> Any:
        """Put a stand-in where `value` says that an object stayed in the jail."""
        if isinstance(value, Remote):
            return StudentObject(self, value, value.kind)
        if isinstance(value, tuple | list):
            return type(value)(self.wrap(item) for item in value)
        if isinstance(value, dict):
            return {key: self.wrap(item) for key, item in value.items()}
        return value

    def _ask(self, order: str, **request: Any) -> Plain:
        try:
            frame = encode({"order": order, **request})
        except WireError as error:
            raise TypeError(f"this cannot be handed to a student's code: {error}") from None
        try:
            return self.worker.exchange(frame)
        except TimeoutError as error:
            raise DeadlinePassed(str(error)) from None
        except (EOFError, OSError, WireError) as error:
            raise WorkerDied(str(error)) from None


def _operator(action: str) -> Callable[..., Any]:
    def method(self: StudentObject, *other: Any) -> Any:
        return self._do(action, *other)

    return method


class StudentObject:
    """Stands for a function, class, instance, generator ... that stays in the student's process.

    It can be called, iterated, indexed, measured with ``len``, calculated with, handed back to
    another function, and has the attributes it has there. Arguments and results are copies.

    Attributes
    ----------
    last_mutated : list of int
        Which array arguments the last call changed (in the student's process).
    """

    __array_ufunc__ = None  # NumPy's numbers leave ``2.0 * this`` to this class

    def __init__(self, student: Student, target: str | Remote, kind: str) -> None:
        vars(self).update(_student=student, _target=target, __name__=kind, last_mutated=[])

    def _do(self, action: str, *args: Any, **kwargs: Any) -> Any:
        reply = self._student.do(action, self._target, *args, **kwargs)
        flags = reply.get("mutated")
        mutated = [i for i in flags if type(i) is int] if isinstance(flags, list) else []
        vars(self).update(last_mutated=mutated)
        if action == "call":
            self._student.uses.append(_use(self.__name__, reply))
        if "end" in reply:
            raise StopIteration
        return self._student.wrap(reply["value"])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._do("call", *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or "_student" not in vars(
            self
        ):  # NumPy and others ask for protocols that no copy could keep
            raise AttributeError(name)
        return self._do("getattr", name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._do("setattr", name, value)

    def __getitem__(self, key: Any) -> Any:
        return self._do("getitem", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._do("setitem", key, value)

    __add__, __radd__ = _operator("add"), _operator("radd")
    __sub__, __rsub__ = _operator("sub"), _operator("rsub")
    __mul__, __rmul__ = _operator("mul"), _operator("rmul")
    __truediv__, __rtruediv__ = _operator("truediv"), _operator("rtruediv")
    __pow__, __rpow__ = _operator("pow"), _operator("rpow")
    __matmul__, __rmatmul__ = _operator("matmul"), _operator("rmatmul")
    __neg__ = _operator("neg")

    def __len__(self) -> int:
        return self._whole("len")

    def __bool__(self) -> bool:
        return bool(self._whole("bool"))

    def __iter__(self) -> Iterator[Any]:
        iterator = self._do("iter")
        return iterator if isinstance(iterator, StudentObject) else iter(iterator)

    def __next__(self) -> Any:
        return self._do("next")

    def __array__(self, dtype: Any = None, copy: Any = None) -> NoReturn:
        raise TypeError(f"not an array of numbers, but {self!r}")

    def __repr__(self) -> str:
        return f"<{self.__name__} in the student's process>"

    def _whole(self, action: str) -> int:
        value = self._do(action)
        if not isinstance(value, int):
            raise WorkerDied(f"the answer to `{action}` is no whole number")
        return max(value, 0)


def _unwrap(value: Any) -> Any:
    if isinstance(value, StudentObject):
        target = vars(value)["_target"]
        if isinstance(target, str):
            raise StudentError(f"{target} is not defined in the notebook")
        return target
    if isinstance(value, tuple | list):
        return type(value)(map(_unwrap, value))
    if isinstance(value, dict):
        return {key: _unwrap(item) for key, item in value.items()}
    return value


def _replayed(entry: dict[str, Plain]) -> Replayed:
    shown = entry.get("shown")
    content = shown.tobytes() if isinstance(shown, np.ndarray) else b"[]"
    return Replayed(str(entry.get("error") or ""), str(entry.get("output") or ""), content)


def _use(name: str, reply: dict[str, Plain]) -> Use:
    seconds, calls = reply.get("seconds"), reply.get("calls")
    calls = calls if isinstance(calls, dict) else {}
    counts = {str(k): v for k, v in calls.items() if type(v) is int and k != name}
    return Use(name, seconds if isinstance(seconds, float) else 0.0, counts)
