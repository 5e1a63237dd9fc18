"""The instructor's solutions, out of the text sources, for the tests of all assignments."""

import contextlib
import io
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jupytext

SOURCES = Path(__file__).parents[3] / "assignments" / "source"
ASSIGNMENTS = sorted(path.stem for path in SOURCES.glob("*/*.py"))
Functions = dict[str, Any]
Answers = dict[str, dict[str, Functions]]


@cache
def cells(assignment: str) -> list[Any]:
    """The cells of an assignment's source."""
    return list(jupytext.read(SOURCES / assignment / f"{assignment}.py").cells)


def marks(cell: Any) -> dict[str, Any]:
    """What nbgrader knows about a cell."""
    found: dict[str, Any] = cell.metadata.get("nbgrader", {})
    return found


@cache
def solution(assignment: str) -> Functions:
    """Everything that the given cells and the solution cells of an assignment define."""
    namespace: Functions = {"__name__": "__main__"}
    for cell in cells(assignment):
        if cell.cell_type == "code" and marks(cell).get("grade_id") and not marks(cell)["grade"]:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(cell.source, f"<{assignment}>", "exec"), namespace)
    return namespace


def answers(assignment: str, kind: str) -> Answers:
    """`RIGHT` or `WRONG` of `answers_a5.py`, if there is such a file."""
    module = f"tests.unit.assignments.answers_{assignment.lower()}"
    return getattr(import_module(module), kind) if find_spec(module) else {}
