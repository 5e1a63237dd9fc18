"""What an assignment is made of, as the instructor released it: the truth that grading rebuilds."""

from __future__ import annotations

import ast
import json
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import coursepkg
from autograder.errors import CourseError
from autograder.files import read_json, write_whole
from coursepkg.sources import source_digest

Kind = Literal["text", "given", "solution", "test", "manual"]


@dataclass(frozen=True)
class Cell:
    """One cell: `source` as students got it, `original` as the instructor wrote it."""

    name: str
    kind: Kind
    cell_type: str
    points: float
    source: str
    original: str
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Manifest:
    """All cells of an assignment, in order. Holds hidden tests: stays with the instructor."""

    assignment: str
    cells: list[Cell]

    @property
    def tests(self) -> list[Cell]:
        """The cells that are graded automatically."""
        return [cell for cell in self.cells if cell.kind == "test"]

    @property
    def manual(self) -> list[Cell]:
        """The cells that the instructor grades by reading."""
        return [cell for cell in self.cells if cell.kind == "manual"]

    @property
    def answers(self) -> dict[str, Cell]:
        """The cells in which students write, by name."""
        return {cell.name: cell for cell in self.cells if cell.kind in ("solution", "manual")}

    @cached_property
    def digest(self) -> str:
        """A name for exactly these cells and checks; changes when a test changes."""
        text = json.dumps([asdict(self), library_digest()])
        return blake2b(text.encode(), digest_size=16).hexdigest()

    @cached_property
    def versions(self) -> dict[str, Any]:
        """Names for the tests of each question, and for what they are run with."""
        return {
            "tests": {cell.name: self._digest_of(cell) for cell in self.tests},
            "library": library_digest()[:16],
            "python": platform.python_version(),
            "numpy": version("numpy"),
        }

    def _digest_of(self, test: Cell) -> str:
        """A name for a test cell and for what runs before it; changes when one of them does."""
        given = [cell.source for cell in self.before(test) if cell.kind == "given"]
        text = json.dumps([test.original, test.points, given])
        return blake2b(text.encode(), digest_size=8).hexdigest()

    @property
    def defined_names(self) -> set[str]:
        """The functions, classes and variables that the instructor's solutions define."""
        cells = (cell for cell in self.cells if cell.kind == "solution")
        return {name for cell in cells for name in _defined(ast.parse(cell.original))}

    def before(self, cell: Cell) -> list[Cell]:
        """The cells that stand before `cell`."""
        return self.cells[: self.cells.index(cell)]

    def solutions_of(self, test: Cell) -> list[Cell]:
        """The solution cells that belong to `test`: those after the test before it."""
        cells: list[Cell] = []
        for cell in self.before(test):
            if cell.kind == "test":
                cells.clear()
            elif cell.kind == "solution":
                cells.append(cell)
        return cells

    def save(self, path: Path) -> None:
        """Write the manifest as JSON."""
        write_whole(path, json.dumps(asdict(self), indent=1))

    @classmethod
    def load(cls, path: Path) -> Manifest:
        """Read what `save` wrote.

        Raises
        ------
        CourseError
            If it is damaged.
        """
        remedy = f"run `autograder release {path.parent.name}` again"
        data = read_json(path, remedy)
        try:
            return cls(data["assignment"], [Cell(**cell) for cell in data["cells"]])
        except (KeyError, TypeError):
            raise CourseError(f"{path} is no manifest: {remedy}") from None


def library_digest() -> str:
    """A name for the sources of `coursepkg`: where a check is mended, everybody is graded again."""
    return source_digest(Path(coursepkg.__file__).parent, {".py"})


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))
