"""The student's functions and objects, inside the jail: used at the word of the tests outside.

Arrays, numbers and texts travel as copies; everything else stays here and is known outside by a
number.
"""

from __future__ import annotations

import contextlib
import functools
import operator
import time
import types
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.recording import Recorder, Stream
from autograder.shell import NotebookShell, describe
from autograder.wire import Plain, Remote, is_copied


def _swapped(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda a, b: function(b, a)


MOST_NUMBERS = 10_000
OPERATORS = ("add", "sub", "mul", "truediv", "pow", "matmul", "neg")
ACTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(operator, name) for name in OPERATORS},
    **{f"r{name}": _swapped(getattr(operator, name)) for name in OPERATORS},
    "call": lambda target, *args, **kwargs: target(*args, **kwargs),
    "getattr": getattr,
    "setattr": setattr,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "len": len,
    "bool": bool,
    "iter": iter,
    "next": next,
    "str": str,
}


class Objects:
    """What tests can reach: the names of a namespace, and objects that were handed out before."""

    def __init__(self, shell: NotebookShell) -> None:
        self.shell = shell
        self.kept: list[Any] = []
        self.calls: Counter[str] = Counter()
        self.counting: dict[str, Callable[..., Any]] = {}

    def names(self, request: Plain) -> Plain:
        """Values of names that the notebook defines; functions and classes stay here."""
        found = {}
        for name in request["names"]:
            if name not in self.shell.namespace:
                continue
            value = self.shell.namespace[name]
            if isinstance(value, types.FunctionType) and value is not self.counting.get(name):
                value = self._counted(name, value)
                self.shell.namespace[name] = self.counting[name] = value
            found[name] = self._export(value)
        return found

    def do(self, request: Plain) -> Plain:
        """Call a function, read an attribute, an item ...: its value, or what went wrong.

        With it comes which of the arguments were changed, what was printed, how long it took and
        which of the notebook's functions were called how often on the way.
        """
        args = [self._localize(argument) for argument in request["args"]]
        kwargs = {key: self._localize(value) for key, value in request["kwargs"].items()}
        before = [_content(value) for value in (*args, *kwargs.values())]
        recorder = self.shell.shell.recorder = Recorder()
        out, err = Stream(recorder, "stdout"), Stream(recorder, "stderr")
        self.calls.clear()
        start = time.perf_counter()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            reply = self._try(request["action"], request["target"], args, kwargs)
        seconds = time.perf_counter() - start
        after = [_content(value) for value in (*args, *kwargs.values())]
        changed = [i for i, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        told = {"mutated": changed, "output": recorder.text(), "calls": dict(self.calls)}
        return {**reply, **told, "seconds": seconds}

    def _try(self, action: str, target: Plain, args: list[Any], kwargs: dict[str, Any]) -> Plain:
        try:
            subject = self._subject(target)
            return {"value": self._export(ACTIONS[action](subject, *args, **kwargs))}
        except StopIteration as end:
            return {"end": True} if action == "next" else {"error": describe(end)}
        except BaseException as problem:
            return {"error": describe(problem)}

    def _subject(self, target: Plain) -> Any:
        if isinstance(target, Remote):
            return self.kept[target.number]
        if target not in self.shell.namespace:
            raise NameError(f"{target} is not defined in the notebook")
        return self.shell.namespace[target]

    def _counted(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls[name] += 1
            return function(*args, **kwargs)

        return call

    def _localize(self, value: Plain) -> Any:
        if isinstance(value, Remote):
            return self.kept[value.number]
        if isinstance(value, tuple | list):
            return type(value)(self._localize(item) for item in value)
        if isinstance(value, dict):
            return {key: self._localize(item) for key, item in value.items()}
        return value

    def _export(self, value: Any) -> Plain:
        """Copy a value, or a tuple, list or dictionary of values; what is inside one stays.

        So of ``out, cache`` the array travels, and the cache stays whatever it is made of, but for
        a list of plain numbers: of ``weights, losses`` both travel.
        """
        if isinstance(value, tuple):
            return tuple(map(self._export_one, value))
        if type(value) is list:
            return list(map(self._export_one, value))
        if type(value) is dict and all(type(key) is str for key in value):
            return {key: self._export_one(item) for key, item in value.items()}
        return self._export_one(value)

    def _export_one(self, value: Any) -> Plain:
        if is_copied(value) or _are_numbers(value):
            return value
        self.kept.append(value)
        kind = type(value).__name__
        if isinstance(value, np.ndarray) and not value.dtype.hasobject:
            kind += f" of {value.dtype}"
        return Remote(len(self.kept) - 1, kind)


def _are_numbers(value: Any) -> bool:
    if type(value) not in (list, tuple) or len(value) > MOST_NUMBERS:
        return False
    return all(isinstance(item, int | float | np.number) and is_copied(item) for item in value)


def _content(value: Any) -> bytes | None:
    return value.tobytes() if isinstance(value, np.ndarray) else None
