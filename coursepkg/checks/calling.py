"""Call a student's function and bring back an answer, whatever the function does."""

import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Call:
    """What came back: a value, or a problem in words that its author can act on."""

    value: Any = None
    problem: str | None = None
    raised: bool = False
    mutated: bool = False


class Student:
    """A student's functions by name: plain functions, or proxies of functions elsewhere."""

    def __init__(self, functions: Mapping[str, Any]) -> None:
        self._functions = functions

    def call(self, name: str, *args: Any) -> Call:
        """Call function `name` with copies of `args`, in silence.

        Warnings and printed text never count against an answer. Only exceptions are caught:
        what a proxy raises when the time is up or its process is gone passes through.
        """
        function = self._functions.get(name)
        if function is None:
            text = f"{name} is not defined: run the cell that defines it, and keep its name"
            return Call(problem=text, raised=True)
        if not callable(function):
            kind = type(function).__name__
            return Call(problem=f"{name} must be a function, got {kind}", raised=True)
        handed_over = [_copy(arg) for arg in args]
        try:
            value = _in_silence(function, handed_over)
        except (Exception, SystemExit) as error:
            return Call(problem=describe(error, name, function), raised=True)
        return Call(value, mutated=_was_mutated(function, args, handed_over))


@contextmanager
def without_warnings() -> Iterator[None]:
    """Ignore NumPy's floating point errors and all warnings: a warning is no wrong answer.

    And nbgrader gives a test cell that writes to stderr no points at all.
    """
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _in_silence(function: Callable[..., Any], args: list[Any]) -> Any:
    sink = io.StringIO()
    with without_warnings(), redirect_stdout(sink), redirect_stderr(sink):
        return function(*args)


def _copy(arg: Any) -> Any:
    # order="K" keeps a transposed array transposed: layout is part of what is tested.
    if isinstance(arg, np.ndarray):
        return np.array(arg, order="K")
    return tuple(map(_copy, arg)) if type(arg) is tuple else arg


def _was_mutated(function: Any, before: tuple[Any, ...], after: list[Any]) -> bool:
    flags = getattr(function, "last_mutated", None)
    if flags is not None:  # a proxy: the copies that could have changed are elsewhere
        return len(flags) > 0
    return not all(map(_unchanged, before, after))


def _unchanged(before: Any, after: Any) -> bool:
    if type(before) is tuple:
        return all(map(_unchanged, before, after))
    if not isinstance(before, np.ndarray):
        return True
    equal_nan = before.dtype.kind == "f"  # what is not a number is not changed either
    return np.array_equal(before, after, equal_nan=equal_nan)


def describe(error: BaseException, name: str, function: Any = None) -> str:
    """What a student's code raised, in words for the student.

    Examples
    --------
    >>> describe(ValueError("too small"), "fit")
    'fit raised ValueError: too small'
    """
    if type(error).__name__ == "StudentError":  # a proxy's: kind and line are in its text
        text = str(error)
    else:
        kind = type(error).__name__
        text = (f"{kind}: {error}" if str(error) else kind) + _line_of(error, function)
    if text.startswith(NotImplementedError.__name__):
        return f"{name} is not written yet: it still raises NotImplementedError"
    return f"{name} raised {text}"


def _line_of(error: BaseException, function: Any) -> str:
    line = None
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_globals is getattr(function, "__globals__", None):
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return "" if line is None else f" (line {line} of your cell)"
