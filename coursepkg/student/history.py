"""What was checked and when, per assignment, out of the journals beside the notebooks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursepkg.student.folder import HIDDEN, Folder, assignments_in
from coursepkg.student.notebook import Cell


@dataclass(frozen=True)
class History:
    """An assignment: its graded cells, and the last check of each question that had one."""

    assignment: str
    place: Path
    graded: list[Cell]
    last: dict[str, dict[str, Any]]
    checks: int

    @property
    def questions(self) -> dict[str, float]:
        """The points of each question that a check answers."""
        return {cell.question: cell.points or 0 for cell in self.graded if cell.question}

    @property
    def right(self) -> list[str]:
        return [name for name in self.questions if self.last.get(name, {}).get("ok")]

    @property
    def open(self) -> list[str]:
        return [name for name in self.questions if name not in self.right]


def histories(here: Path) -> list[History]:
    """The assignments in this folder and in the folders of it, by name."""
    found = {}
    for memory in (here / HIDDEN, *here.glob(f"*/{HIDDEN}")):
        names = {notebook.stem for notebook in memory.glob("*.ipynb")}
        for name in names | assignments_in(memory.parent):
            found[name, memory] = _history(Folder(memory.parent, name))
    return [found[key] for key in sorted(found, key=lambda key: (len(key[0]), *map(str, key)))]


def _history(folder: Folder) -> History:
    checks = [entry for entry in folder.entries() if entry.get("kind") == "check"]
    graded = [cell for cell in folder.released() or [] if cell.points is not None]
    last = {entry["question"]: entry for entry in checks}
    return History(folder.assignment, folder.path, graded, last, len(checks))
