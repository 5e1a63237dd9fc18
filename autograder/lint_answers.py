"""What the instructor's solution, nobody's answer and known mistakes earn in an assignment."""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterator
from unittest.mock import patch

from autograder.examine import examine
from autograder.intake import Submission
from autograder.manifest import Manifest
from autograder.rubric import SubmissionResult
from autograder.sandbox import Jail
from coursepkg.checks.adequacy import graded, with_mistakes
from coursepkg.checks.question import Question

SEEDS = (b"first", b"second", b"third")
SHARE = 0.75  # of the time a question has: students' code is slower, and so is a busy machine
SOLUTION = re.compile(r"BEGIN SOLUTION[^\n]*\n(.*?)[^\n]*END SOLUTION", re.DOTALL)
TELLING = 20  # characters that a line needs to give anything away
Functions = dict[str, object]


def solution_lines(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """The lines of solutions that are long enough to give something away, with the cell's name."""
    for cell in manifest.answers.values():
        for block in SOLUTION.findall(cell.original):
            for line in block.split("\n"):
                if len(line.strip("# \t")) >= TELLING:
                    yield cell.name, line.strip()


def lost_by_the_solution(
    manifest: Manifest, jail: Jail, seconds: float
) -> tuple[SubmissionResult, list[str]]:
    """How the solution is graded, and where it earns less than everything, hidden or visible."""
    own = {name: cell.original for name, cell in manifest.answers.items()}
    result = examine(Submission("instructor", own), manifest, jail, os.urandom(32), seconds)
    faults = [
        f"`{q.question}` earns {q.points:g} of {q.max_points:g}, {q.status}: {_start(q.message)}"
        for q in result.questions
        if q.points < q.max_points
    ]
    return result, faults


def earned_by_nobody(manifest: Manifest, jail: Jail, seconds: float) -> list[str]:
    """Where the released notebook earns points as it is."""
    nothing = {name: cell.source for name, cell in manifest.answers.items()}
    result = examine(Submission("nobody", nothing), manifest, jail, os.urandom(32), seconds)
    return [
        f"`{q.question}` gives {q.points:g} points for nothing"
        for q in result.questions
        if q.points
    ]


def too_slow(result: SubmissionResult, seconds: float) -> Iterator[str]:
    """Questions in which the solution takes much of the time that students have."""
    for question in result.questions:
        if question.seconds > SHARE * seconds:
            yield (
                f"`{question.question}` takes {question.seconds:.1f} s; students have "
                f"{seconds:g} s, and their code is slower"
            )


def surviving_mistakes(
    manifest: Manifest, questions: list[Question]
) -> tuple[int, list[str], list[str]]:
    """How many mistakes were tried, questions without any, and those that lose no points."""
    tried, without, faults = 0, [], []
    functions = _solution(manifest)
    for question in questions:
        replaced = list(with_mistakes(question))
        tried += len(replaced)
        without += [] if replaced else [question.short_name]
        for mistake, changed in replaced:
            with patch.dict(functions, changed):  # the solution's other functions call these, too
                if any(graded(question.name, functions, seed).share == 1 for seed in SEEDS):
                    faults.append(
                        f"`{question.short_name}`: {mistake.id} loses nothing: {mistake.symptom}"
                    )
    return tried, without, faults


def _solution(manifest: Manifest) -> Functions:
    """What the named given cells and the solution cells define."""
    names: Functions = {"__name__": "__main__"}
    for cell in manifest.cells:
        is_given = cell.kind == "given" and "nbgrader" in cell.metadata
        if cell.kind == "solution" or is_given:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(cell.original, f"<{cell.name}>", "exec"), names)
    return names


def _start(message: str) -> str:
    return message.split("\n")[0][:160]
