"""A new assignment to start from: a text source that works, and what its checks try."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2

import coursepkg.checks
from autograder.course import Course, CourseError
from autograder.files import write_whole

TEMPLATES = Path(__file__).resolve().parent / "templates"
CHECKS = Path(coursepkg.checks.__file__).resolve().parent


def make_assignment(course: Course, name: str, checks: Path = CHECKS) -> tuple[Path, Path]:
    """Write `source/A11/A11.py` and `checks/a11.py`; their paths.

    The draft is released, graded and linted as it stands: a function pair with known mistakes, a
    visible and a hidden check of each, and a question in words. Students need the checks too, so
    these belong into the library.

    Parameters
    ----------
    checks : Path
        The folder `coursepkg/checks` of a checkout.

    Raises
    ------
    CourseError
        If the name is not `A` and a number, one of the files is there, or the library is an
        installed copy, which the next update would write over.
    """
    if not re.fullmatch(r"A(0|[1-9]\d{0,2})", name):
        raise CourseError(f"an assignment is called A and a number, such as A11; got {name!r}")
    if not (checks.parents[1] / "pyproject.toml").is_file():
        raise CourseError(
            f"the checks of {name} belong into the library, and {checks.parent} is an installed "
            "copy: run this from a full checkout, set up with `pip install --editable .`"
        )
    files = {
        course.source(name): "assignment.py.jinja",
        checks / f"{name.lower()}.py": "checks.py.jinja",
    }
    for path in files:
        if path.exists():
            raise CourseError(f"{path} is there already: nothing is written over")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), keep_trailing_newline=True
    )
    for path, template in files.items():
        write_whole(path, environment.get_template(template).render(name=name))
    source, module = files
    return source, module
