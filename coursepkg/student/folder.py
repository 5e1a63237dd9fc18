"""What the command remembers of an assignment: what was given out, and what was done.

Everything is in the hidden folder `.coursepkg` beside the notebook: the notebook as it was given
out, and a journal with a line of JSON for each check and each hint.
"""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coursepkg.student.notebook import Cell, Target, cells_of, read
from coursepkg.student.release import starters

HIDDEN = ".coursepkg"


@dataclass(frozen=True)
class Folder:
    """The memory of one assignment in the folder of its notebook."""

    path: Path
    assignment: str

    @classmethod
    def of(cls, target: Target) -> "Folder":
        return cls(target.path.absolute().parent, target.assignment)

    @property
    def released_notebook(self) -> Path:
        return self.path / HIDDEN / f"{self.assignment}.ipynb"

    @property
    def journal(self) -> Path:
        return self.path / HIDDEN / "journal.jsonl"

    @property
    def student(self) -> Path:
        """The file that holds the student's name on the roster."""
        return self.path / HIDDEN / "id"

    def released(self) -> list[Cell] | None:
        """The cells as they were given out; None if that is not known.

        A notebook that was not begun with `start` is taken for one of those that came along.
        """
        if self.released_notebook.is_file():
            return read(self.released_notebook)
        text = starters().get(self.assignment)
        if text is None:
            return None
        from coursepkg.student.start import notebook_of, write_notebook  # takes seconds, but once

        notebook = notebook_of(text)
        with contextlib.suppress(OSError):  # what cannot be kept can be made again
            write_notebook(notebook, self.released_notebook)
        return cells_of(notebook)

    def note(self, kind: str, question: str, **more: Any) -> None:
        """Add a line to the journal; a folder that cannot be written in is no reason to stop."""
        time = datetime.now(UTC).isoformat(timespec="seconds")
        entry = {"time": time, "kind": kind, "question": question, **more}
        with contextlib.suppress(OSError):
            self.journal.parent.mkdir(exist_ok=True)
            with self.journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")

    def entries(self) -> Iterator[dict[str, Any]]:
        """The lines of the journal for this assignment, oldest first."""
        for entry in _lines(self.journal):
            if entry["question"].startswith(f"{self.assignment}."):
                yield entry


def assignments_in(folder: Path) -> set[str]:
    """The assignments that the journal of a folder names."""
    lines = _lines(Folder(folder, "").journal)
    return {entry["question"].split(".")[0] for entry in lines}


def _lines(journal: Path) -> Iterator[dict[str, Any]]:
    """The entries of a journal; damaged lines are left out."""
    if not journal.is_file():
        return
    for line in journal.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and isinstance(entry.get("question"), str):
            yield entry
