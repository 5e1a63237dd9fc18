"""A student's notebook: where it is, and what its cells are."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursepkg.student.errors import CannotTryError

CALL = re.compile(r"""^check\(["']([\w.]+)["']\)\s*$""", re.MULTILINE)
LARGEST = 20 * 2**20
"""What the instructor's program takes, in bytes."""


@dataclass(frozen=True)
class Cell:
    """One cell. `number` counts all cells from 1; `name` is nbgrader's grade id, or ""."""

    number: int
    name: str
    is_code: bool
    is_answer: bool
    is_locked: bool
    points: float | None
    source: str

    @property
    def question(self) -> str | None:
        """The question that is asked here, such as "A5.linear", if it is a test cell."""
        is_test = self.is_code and self.points is not None and not self.is_answer
        found = CALL.search(self.source) if is_test else None
        return found[1] if found else None

    @property
    def title(self) -> str:
        """How to find it on the screen, where cells have no names: by its first line."""
        first = next((line.strip() for line in self.source.split("\n") if line.strip()), "")
        return f"cell {self.number} ({first[:60] or 'empty'})"


@dataclass(frozen=True)
class Target:
    """What is to be looked at: a notebook, its assignment, and perhaps one question of it."""

    path: Path
    assignment: str
    question: str | None = None


def find(what: str) -> Target:
    """Find the notebook of "A5", of "A5.linear_backward", or at a path.

    Raises
    ------
    CannotTryError
        If there is none.
    """
    if what.endswith(".ipynb"):
        path = Path(what)
        if not path.is_file():
            raise CannotTryError(f"there is no notebook {path}")
        return Target(path, _assignment_of(path))
    assignment, _, short = what.partition(".")
    places = [Path(f"{assignment}.ipynb"), Path(assignment, f"{assignment}.ipynb")]
    path = next((place for place in places if place.is_file()), places[0])
    if not path.is_file():
        raise CannotTryError(
            f"there is no {places[0]} here, nor {places[1].as_posix()}: go to its folder, give the "
            f"path of the notebook, or begin with `coursepkg start {assignment}`"
        )
    return Target(path, assignment, what if short else None)


def _assignment_of(path: Path) -> str:
    asked = [cell.question for cell in read(path) if cell.question]
    return asked[0].split(".")[0] if asked else path.stem


def read(path: Path) -> list[Cell]:
    """Read the cells of a notebook file.

    Raises
    ------
    CannotTryError
        If it is no notebook.
    """
    try:
        if path.stat().st_size > 10 * LARGEST:
            raise CannotTryError(f"{path} is larger than {10 * LARGEST // 2**20} MB")
        return cells_of(json.loads(path.read_bytes().decode("utf-8-sig")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotTryError(
            f"{path} is no notebook that can be read ({type(error).__name__}): open it in Jupyter "
            "and save it again, or take a copy from before"
        ) from None


def cells_of(notebook: Any) -> list[Cell]:
    """Return the cells of a notebook in version 4 of the format, as `json` or nbformat reads it.

    Raises
    ------
    ValueError
        If it is of another version.
    """
    if notebook["nbformat"] != 4:
        raise ValueError("a notebook of another version")
    return [_cell(number, cell) for number, cell in enumerate(notebook["cells"], start=1)]


def _cell(number: int, cell: Any) -> Cell:
    marks = cell.get("metadata", {}).get("nbgrader", {})
    source = cell["source"]
    return Cell(
        number=number,
        name=str(marks.get("grade_id", "")),
        is_code=cell["cell_type"] == "code",
        is_answer=bool(marks.get("solution")),
        is_locked=bool(marks.get("locked")),
        points=float(marks.get("points", 0)) if marks.get("grade") else None,
        source=source if isinstance(source, str) else "".join(source),
    )
