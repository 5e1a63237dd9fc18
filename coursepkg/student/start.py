"""Begin an assignment: a folder with the notebook as released, and what to do with it."""

import io
import zipfile
from pathlib import Path
from typing import Any

import nbformat

from coursepkg.student.errors import CannotTryError
from coursepkg.student.folder import Folder
from coursepkg.student.notebook import LARGEST, Cell, cells_of
from coursepkg.student.release import starters

README = """\
# {assignment}

1. Open the notebook: `jupyter lab {assignment}.ipynb` (`pip install jupyterlab` if you have none).
2. Write the functions, from top to bottom. Below each there is a `check(...)`: run it as often as
   you like.
3. The same in a terminal, in this folder:

   ```sh
   coursepkg check {assignment}
   coursepkg check {first}
   coursepkg hint {first}       # asked once more, it is a closer one
   coursepkg status               # what is right so far, what is open
   coursepkg pack {assignment} --id YOUR-ID
   ```

{questions} questions, {points:g} points. Public checks are not all: after you hand in, the same
engine tries other numbers and edge cases, which the last line of each check names.

`pack` makes the zip file to hand in; YOUR-ID is your name on the roster.

Keep the cells that hold a `check`; cells of your own may stand anywhere.

{due}
"""


UNKNOWN = "When it is due, and where to hand it in, is for your instructor to say."
DUE = """\
Due: {}, if your instructor has changed nothing since; where to hand it in is for them to say."""


def notebook_of(text: str) -> Any:
    """Return the notebook of an assignment's text, the same each time."""
    import jupytext  # takes seconds

    notebook = jupytext.reads(text, fmt="py:percent")
    notebook.metadata.pop("jupytext", None)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # jupytext draws random ones
    return notebook


def write_notebook(notebook: Any, path: Path) -> None:
    """Write a notebook, in a folder that is made if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")


def start(assignment: str, folder: Path, release: Path | None = None) -> Path:
    """Make `folder`, with the notebook and a README; return the notebook's path.

    Parameters
    ----------
    assignment : name, such as "A5"
    folder : is made; must hold no such notebook yet
    release : folder or zip file that the instructor gave out; by default what came along

    Raises
    ------
    CannotTryError
        If there is no such assignment, or the folder holds its notebook already.
    """
    path = folder / f"{assignment}.ipynb"
    if path.exists():
        raise CannotTryError(
            f"{path} is there already, and stays as it is: name another folder with --to, or "
            "rename that one"
        )
    notebook = _released(assignment, release)
    write_notebook(notebook, Folder(folder, assignment).released_notebook)
    write_notebook(notebook, path)
    readme = folder / "README.md"
    if not readme.exists():
        text = _readme(assignment, cells_of(notebook), notebook.metadata.get("course", {}))
        readme.write_text(text, encoding="utf-8", newline="\n")
    return path


def _released(assignment: str, release: Path | None) -> Any:
    if release is not None:
        return _from_instructor(assignment, release)
    known = starters()
    if assignment not in known:
        names = ", ".join(sorted(known, key=lambda name: (len(name), name)))
        raise CannotTryError(f"no assignment is called {assignment!r}; there are: {names}")
    return notebook_of(known[assignment])


def _from_instructor(assignment: str, release: Path) -> Any:
    name = f"{assignment}.ipynb"
    if not release.exists():
        raise CannotTryError(f"there is no {release}")
    try:
        data = _in_folder(release, name) if release.is_dir() else _in_zip(release, name)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise CannotTryError(f"{release} is no zip file that can be read ({error})") from None
    if data is None:
        raise CannotTryError(f"there is no {name} in {release}")
    try:
        notebook = nbformat.read(io.StringIO(data.decode()), as_version=4)
        cells_of(notebook)
    except Exception:
        raise CannotTryError(f"{name} in {release} is no notebook that can be read") from None
    return notebook


def _in_folder(folder: Path, name: str) -> bytes | None:
    found = sorted(folder.rglob(name), key=lambda path: (len(path.parts), path))
    return found[0].read_bytes() if found else None


def _in_zip(path: Path, name: str) -> bytes | None:
    with zipfile.ZipFile(path) as archive:
        entries = [e for e in archive.infolist() if e.filename.split("/")[-1] == name]
        if not entries:
            return None
        entry = min(entries, key=lambda entry: (entry.filename.count("/"), entry.filename))
        with archive.open(entry) as file:
            return file.read(LARGEST)


def _readme(assignment: str, cells: list[Cell], course: dict[str, str]) -> str:
    graded = [cell for cell in cells if cell.points is not None]
    asked = [cell.question for cell in graded if cell.question]
    return README.format(
        assignment=assignment,
        first=asked[0] if asked else f"{assignment}.NAME",
        questions=len(graded),
        points=sum(cell.points or 0 for cell in graded),
        due=DUE.format(course["due"]) if "due" in course else UNKNOWN,
    )
