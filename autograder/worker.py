"""What runs inside the jail: a warm zygote, and one forked worker per question.

The zygote has NumPy and Matplotlib imported and holds no test, key or path. For each question it
forks a child into fresh user, process, mount and IPC namespaces; the child gives up every
privilege, then replays the student's cells and answers calls until it is killed. Whatever a
student does to the child, the zygote and the grading process are out of reach.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
from collections.abc import Callable

import numpy as np

from autograder.lockup import fork_into_namespaces, lock_up
from autograder.objects import Objects
from autograder.shell import NotebookShell, describe
from autograder.wire import Channel, Plain, WireError

START, STOP = b"S", b"K"


# ---------------------------------------------------------------- the zygote


def main(control_fd: int) -> None:
    """Serve the grading process: fork a worker on START, kill it on STOP."""
    with socket.socket(fileno=control_fd) as control:
        channel = Channel(control)
        settings = {**channel.receive(), "ids": (os.getuid(), os.getgid())}
        shell = _warm_up()
        channel.send("ready")
        child = 0
        while True:
            order, fds, _, _ = socket.recv_fds(control, 1, 1)
            if order == START:
                child = _start_worker(fds[0], control, settings, shell)
                os.close(fds[0])
            elif order == STOP:
                channel.send(_stop(child))
                child = 0
            else:
                _stop(child)
                return


def _warm_up() -> NotebookShell:
    """Do once what submissions do: import, draw, fail; a fork has it at no cost."""
    shell = NotebookShell()
    shell.warm_up()
    gc.collect()
    gc.freeze()  # a collection in a fork would touch, and so copy, the memory that it shares
    return shell


def _start_worker(line: int, control: socket.socket, settings: Plain, shell: NotebookShell) -> int:
    """Fork a worker that talks over the descriptor `line`; its process number."""
    try:
        child = fork_into_namespaces() if settings["jailed"] else os.fork()
    except OSError as error:
        Channel(socket.socket(fileno=os.dup(line))).send(f"no jail: {error}")
        return 0
    return child or _become_worker(line, control, settings, shell)


def _become_worker(line: int, control: socket.socket, settings: Plain, shell: NotebookShell) -> int:
    """Lock this fresh child up, then serve `line`; never returns, whatever its type says."""
    channel = Channel(socket.socket(fileno=os.dup(line)))
    try:
        os.close(line)
        control.detach()
        lock_up(channel.sock.fileno(), settings)
        channel.send("ready")
        Worker(shell).serve(channel)
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


class Worker:
    """Replays cells in one namespace, and does with what they define what the tests ask for."""

    def __init__(self, shell: NotebookShell) -> None:
        self.shell = shell
        self.objects = Objects(shell)

    def serve(self, channel: Channel) -> None:
        """Answer requests until the line closes."""
        orders: dict[str, Callable[[Plain], Plain]] = {
            "run": self.run,
            "names": self.objects.names,
            "do": self.objects.do,
        }
        while True:
            try:
                request = channel.receive()
            except EOFError:
                return
            reply = orders[request["order"]](request)
            try:
                channel.send(reply)
            except WireError as error:
                channel.send({"error": f"the answer cannot be handed over: {error}"})

    def run(self, request: Plain) -> Plain:
        """Execute cells in order; an error in one does not stop the next."""
        rich = request.get("rich", False)
        self.shell.record(rich)
        return [self._run_cell(cell, rich) for cell in request["cells"]]

    def _run_cell(self, cell: Plain, rich: bool) -> Plain:
        problem, recorder = self.shell.run(cell["source"])
        return {
            "name": cell["name"],
            "error": None if problem is None else describe(problem),
            "output": recorder.text(),
            "shown": np.frombuffer(recorder.to_json() if rich else b"[]", np.uint8),
        }
