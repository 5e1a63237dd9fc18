"""What every command shares: the terminal, an argument, and errors in one line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from autograder.errors import CourseError, NoJailError

console = Console()
Assignment = Annotated[str, typer.Argument(help="Name of the assignment, such as A5.")]


@contextmanager
def friendly_errors() -> Iterator[None]:
    """Say what an instructor can mend, a full disk for one, in one line, and exit with code 1.

    With 130 on Ctrl-C.
    """
    try:
        yield
    except KeyboardInterrupt:
        words = "stopped; what is done is kept. The same command goes on from here."
        Console(stderr=True).print(f"[bold]autograder:[/] {words}")
        raise typer.Exit(130) from None
    except (CourseError, NoJailError, OSError) as error:
        Console(stderr=True).print(
            f"[bold red]autograder:[/] {escape(str(error))}", highlight=False
        )
        raise typer.Exit(1) from None


def show_path(what: str, path: Path, more: str = "") -> None:
    """Print a path in one piece, so that it can be clicked or copied."""
    console.print(f"{what:<9} {os.path.relpath(path)}{more}", soft_wrap=True, highlight=False)
