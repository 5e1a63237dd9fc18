"""The command `coursepkg`: what a student does on a day with an assignment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from coursepkg.student import show
from coursepkg.student.errors import CannotTryError
from coursepkg.student.running import SECONDS

# Each command imports its module when it runs: nbclient and jupytext take their time, `check` does
# not need them.

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

What = Annotated[
    str, typer.Argument(help="A5, a question such as A5.linear_backward, or a path to a notebook.")
]
Assignment = Annotated[str, typer.Argument(help="Name of the assignment, such as A5.")]
Seconds = Annotated[float, typer.Option(min=0.1, help="Time for one cell, and for one question.")]
WRONG, NOT_TRIED = 1, 2


@app.callback()
def main() -> None:
    """Start an assignment, check it, ask for a hint, pack it. Needs no network.

    Exit codes: 0, all right; 1, something is wrong; 2, it could not be tried.
    """


@contextmanager
def friendly_errors() -> Iterator[None]:
    """Say what could not be tried in one line, and exit with code 2; with 130 on Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        show.complain("stopped")
        raise typer.Exit(130) from None
    except (CannotTryError, OSError) as error:
        show.complain(str(error))
        raise typer.Exit(NOT_TRIED) from None


@app.command()
def doctor() -> None:
    """Look whether everything is here that an assignment needs."""
    from coursepkg.student.doctor import examine_machine

    with friendly_errors():
        findings = examine_machine(Path.cwd())
        show.machine(findings)
        raise typer.Exit(0 if all(finding.works for finding in findings) else WRONG)


@app.command()
def start(
    assignment: Assignment,
    release: Annotated[
        Path | None, typer.Option("--from", help="Folder or zip file from your instructor.")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="The folder to make; default: A5.")] = None,
) -> None:
    """Make a folder with the notebook and a README."""
    with friendly_errors():
        from coursepkg.student.start import start

        show.say(f"{start(assignment, to or Path(assignment), release)} is yours to work on")


@app.command()
def check(what: What, seconds: Seconds = SECONDS) -> None:
    """Run the notebook in a fresh process, and check every question or the one you name."""
    from coursepkg.student.checking import check_notebook
    from coursepkg.student.notebook import find

    with friendly_errors():
        target = find(what)
        checked = check_notebook(target, seconds)
        show.checked(checked, alone=target.question is not None)
        raise typer.Exit(0 if checked.ok else WRONG)


@app.command()
def hint(
    question: Annotated[str, typer.Argument(help="A question such as A5.linear_backward.")],
    seconds: Seconds = SECONDS,
) -> None:
    """Give a hint; asked once more, a closer one. It costs nothing."""
    from coursepkg.student.hints import next_hints

    with friendly_errors():
        show.hints(*next_hints(question, seconds))


@app.command()
def status() -> None:
    """Show what was checked in this folder and the ones in it, and what is open."""
    from coursepkg.student.history import histories

    with friendly_errors():
        show.histories(histories(Path.cwd()))


@app.command()
def milestone(
    year: Annotated[int | None, typer.Argument(help="1958, 1969, 1986 or 1998.")] = None,
    seconds: Seconds = SECONDS,
) -> None:
    """Replay a moment of the field on your own functions; without a year, show the four."""
    from coursepkg.student.milestones import showing
    from coursepkg.student.milestones.playing import play
    from coursepkg.student.milestones.unlocking import MILESTONES, look_at, milestone_of

    with friendly_errors():
        chosen = list(MILESTONES.values()) if year is None else [milestone_of(year)]
        with show.waiting("checking your functions"):
            progress = look_at(chosen, seconds)
        if year is None:
            showing.overview(progress)
        elif progress.missing(chosen[0]):
            showing.locked(chosen[0], progress)
            raise typer.Exit(WRONG)
        elif not showing.replayed(chosen[0], progress, play(chosen[0], progress, seconds)):
            raise typer.Exit(WRONG)


@app.command()
def pack(
    assignment: Assignment,
    student: Annotated[
        str | None, typer.Option("--id", help="Your name on the roster; kept for next time.")
    ] = None,
    seconds: Seconds = 60.0,
) -> None:
    """Make the zip file to hand in, after a clean run, with a receipt."""
    from coursepkg.student.notebook import find
    from coursepkg.student.pack import pack

    with friendly_errors():
        packed = pack(find(assignment), student, seconds)
        show.packed(packed)
        raise typer.Exit(WRONG if packed.remarks else 0)
