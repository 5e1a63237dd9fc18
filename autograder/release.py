"""Make what students get from what the instructor wrote, and keep the truth for grading."""

from __future__ import annotations

import ast
import re
from typing import Any

import jupytext
import nbformat
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from autograder.course import Course, CourseError
from autograder.database import Database, patient
from autograder.files import write_whole
from autograder.manifest import Cell, Kind, Manifest

HIDDEN = re.compile(r"BEGIN HIDDEN TESTS[^\n]*\n(.*?)[^\n]*END HIDDEN TESTS", re.DOTALL)


def release(course: Course, assignment: str) -> Manifest:
    """Write `release/A5/A5.ipynb` and the instructor's manifest.

    The text source becomes a notebook, nbgrader takes solutions and hidden tests out of it and
    notes its cells in the gradebook.

    Raises
    ------
    CourseError
        If there is no such source, nbgrader refuses it, a test cell does not end in its points,
        or hidden text would reach students.
    """
    original = _write_source_notebook(course, assignment)
    with Database(course):  # nbgrader would make it by calling `alembic`, which PATH may not have
        pass
    config = Config(course.config)
    config.CourseDirectory.db_url = patient(course.db_url)
    answer = NbGraderAPI(config=config).generate_assignment(assignment)
    if not answer["success"]:
        words = str(answer.get("log") or answer.get("error")).strip().split("\n")
        raise CourseError(f"nbgrader cannot release {assignment}: {words[-1]}")
    released = _with_deadline(course, assignment)
    manifest = _manifest(assignment, original, released)
    _refuse_leaks(assignment, original, released)
    manifest.save(course.private(assignment, "manifest.json"))
    return manifest


def _write_source_notebook(course: Course, assignment: str) -> nbformat.NotebookNode:
    path = course.source(assignment)
    if not path.is_file():
        raise CourseError(f"no assignment {assignment}: {path} does not exist")
    notebook = jupytext.read(path)
    notebook.metadata.pop("jupytext", None)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # jupytext draws random ones; releases should not differ
    write_whole(path.with_suffix(".ipynb"), nbformat.writes(notebook) + "\n")
    return notebook


def _with_deadline(course: Course, assignment: str) -> nbformat.NotebookNode:
    """The notebook for students, which knows when it is due; `coursepkg start` tells them."""
    path = course.notebook("release", assignment)
    notebook = nbformat.read(path, as_version=4)
    due = _due(course, assignment)
    if due:
        notebook.metadata["course"] = {"due": due}
        write_whole(path, nbformat.writes(notebook) + "\n")
    return notebook


def _due(course: Course, assignment: str) -> str | None:
    try:
        _ = course.roster
    except CourseError:  # a release need not wait for the names, which course.yml is read with
        return None
    usual = course.policy.assignments.get(assignment)
    if usual is None or usual.at is None:
        return None
    return f"{usual.at.astimezone(course.policy.zone):%Y-%m-%d %H:%M %Z}"


def _manifest(
    assignment: str, original: nbformat.NotebookNode, released: nbformat.NotebookNode
) -> Manifest:
    pairs = zip(original.cells, released.cells, strict=True)
    cells = [_cell(number, *pair) for number, pair in enumerate(pairs)]
    for cell in cells:
        if cell.kind == "test" and not _ends_in_value(cell.original):
            raise CourseError(
                f"{assignment}: the test cell {cell.name!r} must end in an expression that gives "
                "its points, such as grade(...)"
            )
    return Manifest(assignment, cells)


def _cell(number: int, original: nbformat.NotebookNode, released: nbformat.NotebookNode) -> Cell:
    marks: dict[str, Any] = released.metadata.get("nbgrader", {})
    return Cell(
        name=str(marks.get("grade_id", f"cell-{number}")),
        kind=_kind(released.cell_type, bool(marks.get("grade")), bool(marks.get("solution"))),
        cell_type=released.cell_type,
        points=float(marks.get("points", 0)),
        source=released.source,
        original=original.source,
        metadata=dict(released.metadata),
    )


def _kind(cell_type: str, is_graded: bool, is_solution: bool) -> Kind:
    if is_graded:
        return "manual" if is_solution or cell_type != "code" else "test"
    if cell_type != "code":
        return "text"
    return "solution" if is_solution else "given"


def _ends_in_value(source: str) -> bool:
    body = ast.parse(source).body
    return bool(body) and isinstance(body[-1], ast.Expr)


def _refuse_leaks(
    assignment: str, original: nbformat.NotebookNode, released: nbformat.NotebookNode
) -> None:
    """Fail if a line that stands in hidden tests only has reached the released notebook."""
    hidden, shown = set(), set()
    for cell in original.cells:
        blocks = HIDDEN.findall(cell.source)
        if not len(blocks) == cell.source.count("BEGIN HIDDEN") == cell.source.count("END HIDDEN"):
            raise CourseError(
                f"{assignment}: BEGIN and END HIDDEN TESTS do not pair up in\n{cell.source}"
            )
        hidden |= _lines("\n".join(blocks))
        shown |= _lines(HIDDEN.sub("", cell.source))
    text = "\n".join(cell.source for cell in released.cells)
    leaks = (hidden - shown) & _lines(text)
    if leaks:
        raise CourseError(f"{assignment}: hidden text would reach students: {min(leaks)}")


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n")} - {""}
