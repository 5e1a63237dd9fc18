"""From an assignment's text to points: release, collect, grade, and all steps in one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.measure import Measurement
from rich.table import Table

from autograder.commands import results
from autograder.course import Course, check_name
from autograder.executors import Kind, executor
from autograder.progress import Show, shown
from autograder.rubric import QuestionResult, Status, SubmissionResult
from autograder.terminal import Assignment, console, friendly_errors

if TYPE_CHECKING:
    from autograder.executors.base import Executor

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
FULL, SOME = "✓", "~"

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


def release(context: typer.Context, assignment: Assignment) -> None:
    """Make the students' notebook, and prove that the own solution earns all points."""
    with friendly_errors():
        _release(Course.find(context.obj), assignment)


def collect(
    context: typer.Context,
    assignment: Assignment,
    inbox: Annotated[Path | None, typer.Argument(help="Folder or zip; default: inbox/")] = None,
) -> None:
    """Take over what students handed in, and when.

    INBOX is a folder or zip of `ada/A5.ipynb` and so on, or of the files that `coursepkg pack`
    makes; or the zip file that Moodle ("Download all submissions"), Canvas ("Download Submissions")
    or Gradescope ("Export Submissions") gives out: students are found by name, by name, and by
    e-mail or student id. Notebooks that could be somebody else's are refused. A time of hand-in
    that is not known (Moodle and Canvas do not tell it) can be written into
    `submitted/ada/A5/timestamp.txt`, such as 2026-11-20 22:59:00 UTC.
    """
    with friendly_errors():
        _collect(Course.find(context.obj), assignment, inbox)


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
        where = executor(kind or by_default(jobs), jobs, scheduler)
        _grade(course, assignment, where, seconds, force, unsafe_no_sandbox, progress)
        if progress is Show.BAR:
            _show_table(course, assignment)


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
        where = executor(by_default(jobs), jobs)
        _grade(course, assignment, where, seconds, force, unsafe_no_sandbox)
        results.make_feedback(course, assignment)
        results.make_report(course, assignment)
        results.make_export(course, assignment)
        _show_table(course, assignment)


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
        if words.startswith(("refused", "not on", "collected;")):
            console.print(f"  {name}: {words}", style="yellow", markup=False)


_OUTCOMES = ("collected", "missing", "refused", "not on the roster")


def by_default(jobs: int) -> Kind:
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


def _show_table(course: Course, assignment: str) -> None:
    from autograder.gradebook import manual_grades
    from autograder.results import results

    graded = list(results(course, assignment))
    by_hand = manual_grades(course, assignment)
    whole = _table(assignment, graded, by_hand, in_columns=True)
    unbounded = console.options.update(max_width=10_000)
    fits = Measurement.get(console, unbounded, whole).maximum <= console.width
    console.print(whole if fits else _table(assignment, graded, by_hand, in_columns=False))


def _table(
    assignment: str,
    graded: list[SubmissionResult],
    by_hand: dict[str, dict[str, float | None]],
    in_columns: bool,
) -> Table:
    """Points of everybody: a column for each question, or where those are too many, a mark."""
    words = [f"{mark} {status}" for status, (mark, _) in MARKS.items()]
    legend = ", ".join(words if in_columns else [f"{FULL} full", f"{SOME} partial", *words])
    table = Table(title=assignment, caption=legend, box=box.SIMPLE_HEAD, collapse_padding=True)
    table.add_column("student", no_wrap=True)
    for question in graded[0].questions if in_columns else ():
        heading = question.question.replace("_", "\n")
        table.add_column(f"{heading}\n/{question.max_points:g}", justify="right")
    if not in_columns:
        table.add_column("questions in order", no_wrap=True)
    table.add_column("sum", justify="right", style="bold")
    table.add_column("by hand", justify="right")
    for result in graded:
        marks = [_mark(question, in_columns) for question in result.questions]
        given = _by_hand(by_hand.get(result.student, {}))
        table.add_row(
            result.student,
            *(marks if in_columns else ["".join(marks)]),
            f"{result.points:g}",
            given,
        )
    return table


def _mark(question: QuestionResult, with_points: bool) -> str:
    full = question.points >= question.max_points
    points = f"{question.points:g}" if with_points else FULL if full else SOME
    mark, color = MARKS.get(question.status, (points, "green" if full else "yellow"))
    return f"[{color}]{mark}[/]"


def _by_hand(given: dict[str, float | None]) -> str:
    if not given:
        return ""
    points = [p for p in given.values() if p is not None]
    return "open" if len(points) < len(given) else f"{sum(points):g}"
