"""Before a course starts: a new folder, a sample to try, and what this machine can do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from autograder.course import Course, CourseError
from autograder.terminal import console, friendly_errors


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where to make the course; new or empty.")],
) -> None:
    """Make a new course folder from this one: assignments, settings, course.yml and a roster.

    Taken along are source/ and nbgrader_config.py of the course you are in, or of --course; where
    there is neither, of this program's own.
    course.yml comes with a comment on each policy, roster.csv with its columns only. Students,
    grades and the secret of the hidden numbers are not taken along.
    """
    from autograder.new_course import make_course

    with friendly_errors():
        course = make_course(_old_course(context.obj), folder)
    console.print(f"made a course with {', '.join(course.assignments)} in [bold]{folder}[/]")
    console.print(
        "Fill in roster.csv and course.yml, then run `autograder release` in that folder."
    )


def _old_course(named: Path | None) -> Course:
    from autograder.sample import ASSIGNMENTS

    try:
        return Course.find(named)
    except CourseError:
        if named is not None or not ASSIGNMENTS.is_dir():
            raise
        return Course.find(ASSIGNMENTS)


def sample(
    folder: Annotated[Path, typer.Argument(help="Where to make the course; new or empty.")],
) -> None:
    """Make a course folder to try everything on, with submissions right, wrong and hostile.

    Its hidden numbers are the same everywhere: a course of your own is a folder of its own.
    """
    from autograder.sample import make_sample

    with friendly_errors():
        course = make_sample(folder)
    students = len(course.roster)
    console.print(f"made a course with {students} students in [bold]{folder}[/]")


def doctor() -> None:
    """Try every layer of the jail on this machine."""
    from autograder.doctor import examine_machine

    findings = examine_machine()
    table = Table(title="the jail on this machine")
    for heading in ("layer", "state", "what was tried, or what to do"):
        table.add_column(heading)
    for finding in findings:
        state = "[green]works[/]" if finding.works else "[red]missing[/]"
        table.add_row(finding.layer, state, escape(finding.words))
    console.print(table)
    if not all(finding.works for finding in findings):
        raise typer.Exit(1)
