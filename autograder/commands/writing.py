"""Before an assignment is released: a first draft of one, and what is still wrong with it."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from rich.markup import escape

from autograder.course import Course, check_name
from autograder.terminal import Assignment, console, friendly_errors


def new_assignment(
    context: typer.Context,
    assignment: Annotated[str, typer.Argument(help="Its name: A and a number, such as A11.")],
) -> None:
    """Write a first draft of an assignment, one that works: a source and the checks for it.

    The source, source/A11/A11.py, holds a function pair, its tests and a question in words; the
    checks, coursepkg/checks/a11.py, say what students' functions are tried on and which mistakes
    must lose points. Change both, and run `autograder lint A11` as you go.
    """
    from autograder.new_assignment import make_assignment

    with friendly_errors():
        for path in make_assignment(Course.find(context.obj), assignment):
            console.print(f"wrote {escape(os.path.relpath(path))}", soft_wrap=True, highlight=False)
    console.print(f"`autograder lint {assignment}` says what is still to be done.")


def lint(
    context: typer.Context,
    assignment: Assignment,
    seconds: Annotated[
        float, typer.Option(min=0.1, help="Time that a question of a student will have.")
    ] = 10.0,
) -> None:
    """Try an assignment from all sides before students see it; nothing is released.

    Points add up as announced, solutions and hidden tests are marked and do not leak, the
    solution earns everything in good time, an empty submission nothing, and every registered
    mistake loses points. Exit code 1 if anything is wrong.
    """
    from autograder.lint import lint as findings

    faults = 0
    with friendly_errors():
        course = Course.find(context.obj)
        with console.status(f"looking at {check_name(assignment)}"):
            for finding in findings(course, assignment, seconds):
                faults += len(finding.faults)
                mark = "[red]✗[/]" if finding.faults else "[green]✓[/]"
                mark = mark if finding.tried or finding.faults else "[yellow]–[/]"
                words = "" if finding.faults else escape(finding.words)
                console.print(f"{mark} {finding.title:<17}{words}", soft_wrap=True, highlight=False)
                for fault in finding.faults:
                    console.print(f"    {fault}", markup=False, soft_wrap=True, highlight=False)
    if faults:
        console.print(f"{assignment} has {faults} fault{'s' if faults > 1 else ''}.")
        raise typer.Exit(1)
