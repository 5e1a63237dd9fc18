"""A complete course folder to try everything on, with a class of right, wrong and hostile work."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import nbformat

from autograder.course import CONFIG, Course, CourseError
from autograder.files import write_once
from autograder.release import release

CELL = re.compile(r"^# %% (\w+)\n", re.MULTILINE)
BROKEN = "# broken json"
DELETE = re.compile(r"^# delete: (\w+)$", re.MULTILINE)
LIKE = re.compile(r"^# otherwise like: (\w+)$", re.MULTILINE)
SECRET = "5a" * 32
"""No secret: whoever tries the sample gets the same hidden numbers, and so the same points."""
ASSIGNMENTS = Path(__file__).resolve().parent.parent / "assignments"


def make_sample(folder: Path, assignments: Path = ASSIGNMENTS) -> Course:
    """Make a course at `folder` from the repository's assignments, with an inbox of submissions.

    A submission is written as text, `sample_class/A5/<student>.py`: a docstring that says what it
    is, lines `# otherwise like: <student>`, `# delete: <grade_id>` or `# broken json`, then
    cells that start with `# %% <grade_id>` and replace those of the released notebook.

    Raises
    ------
    CourseError
        If the folder holds a course already, or there is no sample class to be copied.
    """
    if not (assignments / "sample_class").is_dir():
        raise CourseError(f"no sample class in {assignments}: run this from a full checkout")
    if (folder / "gradebook.db").exists():
        raise CourseError(f"{folder} already holds a course: remove it or name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(assignments / CONFIG, folder)
    shutil.copy(assignments / "sample_class" / "roster.csv", folder)
    shutil.copytree(
        assignments / "source",
        folder / "source",
        ignore=shutil.ignore_patterns("*.ipynb", "__pycache__"),
        dirs_exist_ok=True,
    )
    write_once(folder / "instructor" / "course_secret", SECRET)
    course = Course.find(folder)
    for work in sorted((assignments / "sample_class").iterdir()):
        if work.is_dir() and course.source(work.name).is_file():
            release(course, work.name)
            _fill_inbox(course, work)
    return course


def _fill_inbox(course: Course, work: Path) -> None:
    released = course.notebook("release", work.name).read_text(encoding="utf-8")
    for text in sorted(work.glob("*.py")):
        path = course.root / "inbox" / text.stem / f"{work.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(submitted(released, read_work(text)), encoding="utf-8")


class Work(NamedTuple):
    """A submission's text, taken apart."""

    head: str
    cells: dict[str, str]


def read_work(path: Path) -> Work:
    """Read a submission's text; cells it does not name come from the one it is otherwise like."""
    work = parse(path.read_text(encoding="utf-8"))
    like = LIKE.search(work.head)
    if like is None:
        return work
    return Work(work.head, read_work(path.with_stem(like[1])).cells | work.cells)


def parse(text: str) -> Work:
    """Take a submission's text apart, at the lines `# %% <grade_id>`."""
    head, *parts = CELL.split(text)
    return Work(head, dict(zip(parts[::2], parts[1::2], strict=True)))


def submitted(released: str, work: Work) -> str:
    """The notebook that a student hands in, from the released one and a submission.

    Raises
    ------
    ValueError
        If the submission names a cell that the notebook does not have.
    """
    head, cells = work
    deleted = set(DELETE.findall(head))
    notebook = nbformat.reads(released, as_version=4)
    known = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells}
    if unknown := (set(cells) | deleted) - known:
        raise ValueError(f"the released notebook has no cells {sorted(unknown)}")
    kept = []
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name not in deleted:
            cell.source = cells.get(name, cell.source).strip("\n")
            kept.append(cell)
    notebook.cells = kept
    whole = nbformat.writes(notebook)
    return whole[: len(whole) // 2] if BROKEN in head.split("\n") else whole
