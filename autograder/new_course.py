"""A new course folder from one that there is: its assignments and settings, and no students."""

from __future__ import annotations

import shutil
from pathlib import Path

import jinja2

from autograder.course import CONFIG, Course, CourseError
from autograder.course_yml import NAME
from autograder.files import write_whole

TEMPLATES = Path(__file__).resolve().parent / "templates"
ROSTER = "id,first_name,last_name,email\n"


def make_course(old: Course, folder: Path) -> Course:
    """Make a course at `folder` with the sources and nbgrader's settings of another.

    Submissions, grades and the secret of hidden numbers stay where they are: last year's numbers
    are no use this year. `course.yml` is new, since its dates are.

    Raises
    ------
    CourseError
        If there is something in that folder, or no assignment to take along.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} is not empty: name a new folder, nothing is written over")
    if not old.assignments:
        raise CourseError(f"{old.root} has no assignments: source/A5/A5.py is where one belongs")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(old.root / CONFIG, folder)
    for name in old.assignments:
        shutil.copytree(
            old.source(name).parent,
            folder / "source" / name,
            ignore=shutil.ignore_patterns("*.ipynb", "__pycache__", ".ipynb_checkpoints"),
        )
    (folder / "inbox").mkdir()
    write_whole(folder / "roster.csv", ROSTER)
    write_whole(folder / NAME, course_yml(old.assignments))
    return Course(folder.resolve())


def course_yml(assignments: list[str]) -> str:
    """A `course.yml` for these assignments, with a comment on every line of it."""
    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(loader=loader, trim_blocks=True, keep_trailing_newline=True)
    return environment.get_template(NAME).render(assignments=assignments)
