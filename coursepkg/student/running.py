"""Run a notebook in a fresh process with a time limit. What hangs or dies costs only itself.

No jail: it is the student's own code on the student's own machine.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursepkg.student.errors import CannotTryError
from coursepkg.student.notebook import Cell

SECONDS = 10.0
"""For one cell, or for one question."""
TO_START = 120.0


@dataclass
class Outcome:
    """What came of a run: what stopped a cell, and what was found out for each question."""

    troubles: dict[Cell, str] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


Step = Cell | str
"""A cell that is run, or the name of a question that is tried."""


def plan(cells: list[Cell], questions: list[str]) -> list[Step]:
    """Every cell, and each question where its test cell is, or at the end without one.

    Other questions are left out, and with one question alone what stands after it.
    """
    steps: list[Step] = []
    left = list(questions)
    for cell in cells:
        if cell.question in left:
            steps.append(cell.question)
            left.remove(cell.question)
            if not left:
                return steps
        elif cell.is_code and cell.points is None:
            steps.append(cell)
    return [*steps, *left]


def run(steps: list[Step], folder: Path, seconds: float = SECONDS) -> Outcome:
    """Run the steps in `folder`, each for at most `seconds`.

    A step that hangs, or takes the process with it, is left out of another run that does the rest:
    only its own result is missing.

    Raises
    ------
    CannotTryError
        If not even an empty process starts.
    """
    outcome = Outcome()
    lost: set[Step] = set()
    while True:
        left = [step for step in steps if step not in lost and step not in outcome.answers]
        for step, result in _results(left, folder, seconds):
            if isinstance(result, Lost):
                lost.add(step)
            if isinstance(step, Cell):
                outcome.troubles[step] = result
            else:
                outcome.answers[step] = (
                    _unanswered(step, result) if isinstance(result, Lost) else result
                )
        if lost.isdisjoint(left):
            return Outcome({c: w for c, w in outcome.troubles.items() if w}, outcome.answers)


class Lost(str):
    """Why there is no result: the time was up, or the process ended."""


def _results(steps: list[Step], folder: Path, seconds: float) -> Iterator[tuple[Step, Any]]:
    """Do the steps in one process, up to the first that is lost."""
    with conversation([told(step) for step in steps], folder) as next_line:
        for step in steps:
            result = next_line(seconds)
            yield step, result
            if isinstance(result, Lost):
                return


def told(step: Step) -> list[Any]:
    """A step as the worker reads it."""
    return ["question", step] if isinstance(step, str) else ["cell", step.title, step.source]


@contextlib.contextmanager
def conversation(steps: list[list[Any]], folder: Path) -> Iterator[Callable[[float], Any]]:
    """Start a worker on these steps; give a function that waits for its next line.

    That function takes the seconds to wait at most, and returns `Lost` if nothing came.

    Raises
    ------
    CannotTryError
        If not even an empty process starts.
    """
    with _process(folder) as process:
        try:
            lines = _lines_of(process)
            _hand_over(process, steps)
            ready = _next(lines, TO_START, process)
            if isinstance(ready, Lost):
                raise CannotTryError(f"no Python process started ({ready}): run `coursepkg doctor`")
            yield lambda seconds: _next(lines, seconds, process)
        finally:
            process.kill()


def _hand_over(process: subprocess.Popen[str], steps: list[list[Any]]) -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError), process.stdin as steps_in:  # it may be gone already
        steps_in.write(json.dumps(steps))


def _process(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "coursepkg.student.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, "MPLBACKEND": "Agg", "PYTHONIOENCODING": "utf-8"},  # no windows open
        encoding="utf-8",
    )


def _lines_of(process: subprocess.Popen[str]) -> queue.Queue[str | None]:
    """Lines as they come, and None at the end: on Windows no pipe can be read with a time limit."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in process.stdout or ():
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _next(lines: queue.Queue[str | None], seconds: float, process: subprocess.Popen[str]) -> Any:
    try:
        line = lines.get(timeout=seconds)
    except queue.Empty:
        return Lost(f"stopped after {seconds:g} s: is there a loop that does not end?")
    if line is None:
        return Lost(f"it ended the whole process (exit code {process.wait()})")
    return json.loads(line)


def _unanswered(question: str, why: str) -> dict[str, Any]:
    return {
        "ok": False,
        "passed": 0,
        "of": 0,
        "verdict": "no answer",
        "unanswered": False,
        "kept_back": [],
        "hints": [],
        "text": f"{question}: no answer\n  problem      {why}",
    }
