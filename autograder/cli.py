"""The command `autograder`: from an assignment's text to grades, feedback and a report."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.course import Course, CourseError, check_name
from autograder.executors import Kind, executor
from autograder.progress import Show, shown
from autograder.rubric import Status, SubmissionResult
from autograder.sandbox import NoJailError

if TYPE_CHECKING:
    from autograder.executors.base import Executor

# Each step imports its module when it runs: nbgrader alone takes two seconds to import, and every
# grading process imports this file again.

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()
CPUS = os.cpu_count() or 1
SECONDS = 10.0

MARKS = {
    Status.WRONG: ("✗", "red"),
    Status.ERROR: ("!", "red"),
    Status.TIMEOUT: ("T", "yellow"),
    Status.CRASHED: ("C", "yellow"),
    Status.UNREADABLE: ("?", "yellow"),
    Status.MISSING: ("–", "dim"),
}

Assignment = Annotated[str, typer.Argument(help="Name of the assignment, such as A5.")]
Processes = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes side by side.")]
ExecutorKind = Annotated[
    Kind | None, typer.Option("--executor", help="Where to grade; default: processes, unless -j 1.")
]
Scheduler = Annotated[
    str | None, typer.Option(help="Address of a Dask scheduler, such as tcp://127.0.0.1:8786.")
]
Seconds = Annotated[float, typer.Option(min=0.1, help="Time for one question of one student.")]
Force = Annotated[bool, typer.Option("--force", help="Grade again what is graded already.")]
Unsafe = Annotated[
    bool,
    typer.Option(
        "--unsafe-no-sandbox",
        help="Run student code WITHOUT a jail. Only for code that you have read.",
    ),
]


@app.callback()
def main(
    context: typer.Context,
    course: Annotated[Path | None, typer.Option(help="Folder with nbgrader_config.py.")] = None,
) -> None:
    """Release assignments, grade what comes back without trusting it, return feedback."""
    context.obj = course


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


@app.command()
def release(context: typer.Context, assignment: Assignment) -> None:
    """Make the students' notebook, and prove that the own solution earns all points."""
    with friendly_errors():
        _release(Course.find(context.obj), assignment)


@app.command()
def collect(
    context: typer.Context,
    assignment: Assignment,
    inbox: Annotated[Path | None, typer.Argument(help="Folder or zip; default: inbox/")] = None,
) -> None:
    """Take over what students handed in: a folder or zip of <student>/A5.ipynb."""
    with friendly_errors():
        _collect(Course.find(context.obj), assignment, inbox)


@app.command()
def grade(
    context: typer.Context,
    assignment: Assignment,
    jobs: Processes = CPUS,
    kind: ExecutorKind = None,
    scheduler: Scheduler = None,
    seconds: Seconds = SECONDS,
    force: Force = False,
    progress: Annotated[Show, typer.Option(help="How the run tells how far it is.")] = Show.BAR,
    unsafe_no_sandbox: Unsafe = False,
) -> None:
    """Grade what is not graded yet, each student's code in a jail.

    Exit codes: 0, everybody on the roster has a result; 1, something has to be mended first; 2,
    the command was mistyped; 130, stopped with Ctrl-C. The same command again goes on where a
    run stopped.
    """
    with friendly_errors():
        course = Course.find(context.obj)
        where = executor(kind or _by_default(jobs), jobs, scheduler)
        _grade(course, assignment, where, seconds, force, unsafe_no_sandbox, progress)
        if progress is Show.BAR:
            _show_table(course, assignment)


@app.command()
def feedback(context: typer.Context, assignment: Assignment) -> None:
    """Write one page for each student."""
    with friendly_errors():
        _feedback(Course.find(context.obj), assignment)


@app.command()
def report(context: typer.Context, assignment: Assignment) -> None:
    """Write the instructor's page: how the class did, and who needs attention."""
    with friendly_errors():
        _report(Course.find(context.obj), assignment)


@app.command()
def export(context: typer.Context, assignment: Assignment) -> None:
    """Write grades.csv (a row per question) and totals.csv (a row per student)."""
    with friendly_errors():
        _export(Course.find(context.obj), assignment)


@app.command("all")
def do_all(
    context: typer.Context,
    assignment: Assignment,
    inbox: Annotated[Path | None, typer.Argument(help="Folder or zip; default: inbox/")] = None,
    jobs: Processes = CPUS,
    seconds: Seconds = SECONDS,
    force: Force = False,
    unsafe_no_sandbox: Unsafe = False,
) -> None:
    """Release, collect, grade, feedback, report and export, one after the other."""
    with friendly_errors():
        course = Course.find(context.obj)
        _release(course, assignment, try_it=not unsafe_no_sandbox)
        _collect(course, assignment, inbox)
        where = executor(_by_default(jobs), jobs)
        _grade(course, assignment, where, seconds, force, unsafe_no_sandbox)
        _feedback(course, assignment)
        _report(course, assignment)
        _export(course, assignment)
        _show_table(course, assignment)


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="Where to make the course; new or empty.")],
) -> None:
    """Make a course folder to try everything on, with submissions right, wrong and hostile."""
    from autograder.sample import make_sample

    with friendly_errors():
        course = make_sample(folder)
    students = len(course.roster)
    console.print(f"made a course with {students} students in [bold]{folder}[/]")


@app.command()
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


# ---------------------------------------------------------------- the steps


def _release(course: Course, assignment: str, try_it: bool = True) -> None:
    from autograder.grade import try_solution
    from autograder.release import release as release_assignment

    with console.status(f"releasing {assignment}"):
        manifest = release_assignment(course, check_name(assignment))
        earned = f"{try_solution(manifest).points:g}" if try_it else "not tried"
    automatic = sum(cell.points for cell in manifest.tests)
    by_hand = sum(cell.points for cell in manifest.manual)
    console.print(
        f"released {assignment}: {automatic:g} points by tests (own solution: {earned}), "
        f"{by_hand:g} by hand"
    )


def _collect(course: Course, assignment: str, inbox: Path | None) -> None:
    from autograder.intake import collect as collect_inbox

    outcome = collect_inbox(course, check_name(assignment), inbox or course.root / "inbox")
    counts = {word: sum(o.startswith(word) for o in outcome.values()) for word in _OUTCOMES}
    console.print(
        ", ".join(f"{word} {n}" for word, n in counts.items() if n or word == "collected")
    )
    for name, words in outcome.items():
        if words.startswith(("refused", "not on")):
            console.print(f"  {name}: {words}", style="yellow", markup=False)


_OUTCOMES = ("collected", "missing", "refused", "not on the roster")


def _by_default(jobs: int) -> Kind:
    return Kind.PROCESSES if jobs > 1 else Kind.SERIAL


def _grade(
    course: Course,
    assignment: str,
    where: Executor,
    seconds: float,
    force: bool,
    unsafe: bool,
    show: Show = Show.BAR,
) -> None:
    from autograder.grade import grade as grade_submissions

    check_name(assignment)
    if unsafe:
        console.print("[bold yellow]student code runs WITHOUT a jail, with your own rights[/]")
    with shown(show, console) as progress:
        graded = grade_submissions(
            course,
            assignment,
            executor=where,
            seconds=seconds,
            force=force,
            jailed=not unsafe,
            progress=progress,
        )
    if show is not Show.BAR:
        return
    attention = [r for r in graded if any(q.status.needs_attention for q in r.questions)]
    console.print(f"graded {len(graded)}, of which {len(attention)} need attention")


def _feedback(course: Course, assignment: str) -> None:
    from autograder.feedback import write_feedback

    pages = write_feedback(course, check_name(assignment))
    _show_path("feedback", pages[0], f" and {len(pages) - 1} more")


def _report(course: Course, assignment: str) -> None:
    from autograder.report import write_report

    _show_path("report", write_report(course, check_name(assignment)))


def _export(course: Course, assignment: str) -> None:
    from autograder.export import export as export_grades

    for path in export_grades(course, check_name(assignment)):
        _show_path("grades", path)


def _show_table(course: Course, assignment: str) -> None:
    from autograder.grade import results
    from autograder.gradebook import manual_grades

    graded = list(results(course, assignment))
    by_hand = manual_grades(course, assignment)
    legend = ", ".join(f"{mark} {status}" for status, (mark, _) in MARKS.items())
    table = Table(title=assignment, caption=legend, box=box.SIMPLE_HEAD, collapse_padding=True)
    table.add_column("student", no_wrap=True)
    for question in graded[0].questions:
        heading = question.question.replace("_", "\n")
        table.add_column(f"{heading}\n/{question.max_points:g}", justify="right")
    table.add_column("sum", justify="right", style="bold")
    table.add_column("by hand", justify="right")
    for result in graded:
        scores = [score for (who, _), score in by_hand.items() if who == result.student]
        table.add_row(result.student, *_marks(result), f"{result.points:g}", _by_hand(scores))
    console.print(table)


def _marks(result: SubmissionResult) -> Iterator[str]:
    for question in result.questions:
        full = question.points >= question.max_points
        points = (f"{question.points:g}", "green" if full else "yellow")
        mark, color = MARKS.get(question.status, points)
        yield f"[{color}]{mark}[/]"


def _by_hand(scores: list[float | None]) -> str:
    if not scores:
        return ""
    return "open" if None in scores else f"{sum(s or 0 for s in scores):g}"


def _show_path(what: str, path: Path, more: str = "") -> None:
    """Print a path in one piece, so that it can be clicked or copied."""
    console.print(f"{what:<9} {os.path.relpath(path)}{more}", soft_wrap=True, highlight=False)
