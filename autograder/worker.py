"""What runs inside the jail: a warm zygote, and one forked worker per question.

The zygote has NumPy and Matplotlib imported and holds no test, key or path. For each question it
forks a child into fresh user, process, mount and IPC namespaces; the child gives up every
privilege, then replays the student's cells and answers calls until it is killed. Whatever a
student does to the child, the zygote and the grading process are out of reach.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.lockup import adopt_orphans, enter_namespaces, lock_up
from autograder.wire import Channel, Plain, Remote, is_copied

START, STOP = b"S", b"K"
OUTPUT_CAP = 8_000


# ---------------------------------------------------------------- the zygote


def main(control_fd: int) -> None:
    """Serve the grading process: fork a worker on START, kill it on STOP."""
    with socket.socket(fileno=control_fd) as control:
        channel = Channel(control)
        settings = channel.receive()
        _warm_up()
        adopt_orphans()
        channel.send("ready")
        child = 0
        while True:
            order, fds, _, _ = socket.recv_fds(control, 1, 1)
            if order == START:
                child = _start_worker(fds[0], control, settings)
                os.close(fds[0])
            elif order == STOP:
                channel.send(_stop(child))
                child = 0
            else:
                _stop(child)
                return


def _warm_up() -> None:
    """Import what submissions import, once, so that a fork has it at no cost."""
    for name in ("numpy.random", "matplotlib.pyplot"):
        importlib.import_module(name)


def _start_worker(line: int, control: socket.socket, settings: Plain) -> int:
    """Fork a worker that talks over the descriptor `line`; its process number."""
    sys.stdout.flush()
    if not settings["jailed"]:
        return os.fork() or _become_worker(line, control, settings)
    # Only children of the process that called unshare() enter the new process namespace, so a
    # short-lived one does that, forks the worker and tells us the number.
    reader, writer = os.pipe()
    between = os.fork()
    if between == 0:
        try:
            enter_namespaces()
            worker = os.fork() or _become_worker(line, control, settings)
            os.write(writer, str(worker).encode())
        except OSError as error:
            Channel(socket.socket(fileno=line)).send(f"no jail: {error}")
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(between, 0)
    with open(reader) as pipe:
        return int(pipe.read() or 0)


def _become_worker(line: int, control: socket.socket, settings: Plain) -> int:
    """Lock this fresh child up, then serve `line`; never returns, whatever its type says."""
    channel = Channel(socket.socket(fileno=os.dup(line)))
    try:
        os.close(line)
        control.detach()
        lock_up(channel.sock.fileno(), settings)
        channel.send("ready")
        Worker().serve(channel)
    except OSError as error:
        with contextlib.suppress(OSError):
            channel.send(f"no jail: {error}")
    finally:
        os._exit(0)


def _stop(child: int) -> int:
    """Kill and reap the worker: its exit code if it had ended, minus the signal otherwise."""
    if child == 0:
        return 0
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# ---------------------------------------------------------------- the student's program


class CappedText(io.TextIOBase):
    """A stdout that keeps its first `OUTPUT_CAP` characters and counts the rest."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.kept = 0
        self.dropped = 0

    def write(self, text: str) -> int:
        part = text[: OUTPUT_CAP - self.kept]
        if part:
            self.parts.append(part)
            self.kept += len(part)
        self.dropped += len(text) - len(part)
        return len(text)

    def text(self) -> str:
        note = f"\n[{self.dropped} more characters cut]" if self.dropped else ""
        return "".join(self.parts) + note


class Worker:
    """Replays cells in one namespace and calls the functions that they define."""

    def __init__(self) -> None:
        self.namespace: dict[str, Any] = {"__name__": "__main__"}
        self.kept: list[Any] = []

    def serve(self, channel: Channel) -> None:
        """Answer `run` and `call` requests until the line closes."""
        orders: dict[str, Callable[[Plain], Plain]] = {"run": self.run, "call": self.call}
        while True:
            try:
                request = channel.receive()
            except EOFError:
                return
            channel.send(orders[request["order"]](request))

    def run(self, request: Plain) -> Plain:
        """Execute cells in order; an error in one does not stop the next."""
        return [self._run_cell(cell["name"], cell["source"]) for cell in request["cells"]]

    def _run_cell(self, name: str, source: str) -> Plain:
        output, error = CappedText(), None
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                exec(compile(_without_magics(source), f"<{name}>", "exec"), self.namespace)
            except BaseException as problem:
                error = describe(problem)
        return {"name": name, "error": error, "output": output.text()}

    def call(self, request: Plain) -> Plain:
        """Call a function by name; a copy of what it returns, or what went wrong."""
        arguments = [self._localize(argument) for argument in request["args"]]
        keywords = {key: self._localize(value) for key, value in request["kwargs"].items()}
        sent = [*arguments, *keywords.values()]
        before = [a.tobytes() if isinstance(a, np.ndarray) else None for a in sent]
        output = CappedText()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                reply = {"value": self._export(self._find(request["name"])(*arguments, **keywords))}
            except BaseException as problem:
                reply = {"error": describe(problem)}
        after = zip(sent, before, strict=True)
        mutated = [i for i, (a, old) in enumerate(after) if old is not None and a.tobytes() != old]
        return {**reply, "mutated": mutated, "output": output.text()}

    def _find(self, name: str) -> Callable[..., Any]:
        if name not in self.namespace:
            raise NameError(f"{name} is not defined in the notebook")
        return self.namespace[name]

    def _localize(self, value: Plain) -> Any:
        if isinstance(value, Remote):
            return self.kept[value.number]
        if isinstance(value, tuple | list):
            return type(value)(self._localize(item) for item in value)
        return value

    def _export(self, value: Any) -> Plain:
        if isinstance(value, tuple):
            return tuple(self._export_one(item) for item in value)
        return self._export_one(value)

    def _export_one(self, value: Any) -> Plain:
        if is_copied(value):
            return value
        self.kept.append(value)
        return Remote(len(self.kept) - 1, type(value).__name__)


def _without_magics(source: str) -> str:
    """`source` with IPython's `%` and `!` lines turned to comments, for this is plain Python."""
    try:
        ast.parse(source)
    except SyntaxError:
        lines = source.split("\n")
        marked = ["#" + line if line.startswith(("%", "!")) else line for line in lines]
        return "\n".join(marked)
    return source


def describe(problem: BaseException) -> str:
    """One line that names the error and the student's line: `ValueError: ... (line 4 of ...)`."""
    text = "".join(traceback.format_exception_only(problem)).strip().split("\n")[-1][:500]
    line = None
    if isinstance(problem, SyntaxError):
        line = problem.lineno
    else:
        for frame in traceback.extract_tb(problem.__traceback__):
            if frame.filename.startswith("<") and not frame.filename.startswith("<frozen"):
                line = frame.lineno
    return f"{text} (line {line} of your cell)" if line else text
