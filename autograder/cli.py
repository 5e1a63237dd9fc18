"""The command `autograder`: from an assignment's text to grades, feedback and a report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from autograder.commands import grading, regrading, results, setup, writing

# Each step imports its module when it runs: nbgrader alone takes two seconds to import, and every
# grading process imports this file again.

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",  # or a line of a docstring would be a line on the screen
)


@app.callback()
def main(
    context: typer.Context,
    course: Annotated[Path | None, typer.Option(help="Folder with nbgrader_config.py.")] = None,
) -> None:
    """Release assignments, grade what comes back without trusting it, return feedback."""
    context.obj = course


COMMANDS: dict[str, Callable[..., None]] = {
    "release": grading.release,
    "collect": grading.collect,
    "grade": grading.grade,
    "feedback": results.feedback,
    "report": results.report,
    "similarity": results.similarity,
    "export": results.export,
    "all": grading.do_all,
    "regrade": regrading.regrade,
    "explain": regrading.explain,
    "audit": regrading.audit,
    "new-assignment": writing.new_assignment,
    "lint": writing.lint,
    "init": setup.init,
    "sample": setup.sample,
    "doctor": setup.doctor,
}
for name, command in COMMANDS.items():
    app.command(name)(command)
