"""After grading: what new tests or a new policy change, and proof of what was given."""

from __future__ import annotations

from typing import Annotated

import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from autograder.commands.grading import CPUS, SECONDS, Processes, Seconds, Unsafe, by_default
from autograder.course import Course, check_name
from autograder.executors import executor
from autograder.progress import printable
from autograder.terminal import Assignment, console, friendly_errors


def regrade(
    context: typer.Context,
    assignment: Assignment,
    only: Annotated[
        str | None, typer.Option(help="Take over this question only, such as linear_backward.")
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply/--dry-run", help="Store the new scores, or only show them.")
    ] = False,
    never_lower: Annotated[
        bool, typer.Option("--never-lower", help="Keep a question's points where they would fall.")
    ] = False,
    jobs: Processes = CPUS,
    seconds: Seconds = SECONDS,
    unsafe_no_sandbox: Unsafe = False,
) -> None:
    """Show who gets another score by the tests, library and course.yml of today, and why.

    Mend a test in source/A5/A5.py, run `autograder release A5`, then this command: nothing is
    written until you add --apply. Points given by hand stay. Each change goes into the audit
    trail; `autograder feedback A5` then tells the students: "Your score changed 31 -> 33 because
    the tests of linear were changed". With --never-lower no question loses points, but a late
    penalty that course.yml raises is raised.
    """
    from autograder.regrade import regrade as grade_again

    with friendly_errors():
        course = Course.find(context.obj)
        with console.status(f"grading {check_name(assignment)} again"):
            found = grade_again(
                course,
                assignment,
                only=only,
                never_lower=never_lower,
                apply=apply,
                executor=executor(by_default(jobs), jobs),
                seconds=seconds,
                jailed=not unsafe_no_sandbox,
            )
        moved = [c for c in found if c.before and c.before.total != c.after.total]
        table = Table(box=box.SIMPLE_HEAD)
        for heading in ("student", "before", "after", "by"):
            table.add_column(heading, justify="left" if heading == "student" else "right")
        table.add_column("because")
        for change in moved:
            before, after = change.before.total if change.before else 0.0, change.after.total
            numbers = (f"{before:g}", f"{after:g}", f"{after - before:+g}")
            table.add_row(change.student, *numbers, escape(", and ".join(change.why)))
        if moved:
            console.print(table)
        count = f"{len(moved)} of {len(course.roster)} scores"
        if apply:
            console.print(
                f"{count} changed. `autograder feedback {assignment}` tells the students."
            )
        else:
            console.print(f"{count} would change; nothing was written. --apply stores it.")


def explain(
    context: typer.Context,
    assignment: Assignment,
    student: Annotated[str, typer.Argument(help="The student's id, such as ada.")],
    question: Annotated[str, typer.Argument(help="Such as linear_backward.")],
    calls: Annotated[
        int, typer.Option(min=0, help="How many calls of the student's functions to show.")
    ] = 3,
    seconds: Seconds = SECONDS,
    unsafe_no_sandbox: Unsafe = False,
) -> None:
    """Replay one grade as a proof: seed, numbers in and out, what the checks say, versions.

    The question is graded again with the same hidden numbers, in the jail; nothing is stored.
    Exit code 1 if the outcome is not the stored one.
    """
    from autograder.explain import explain as replay
    from autograder.explain import in_words

    with friendly_errors():
        course = Course.find(context.obj)
        check_name(assignment)
        found = replay(
            course, assignment, student, question, seconds=seconds, jailed=not unsafe_no_sandbox
        )
    for line in in_words(found, calls):
        console.print(printable(line), markup=False, highlight=False, soft_wrap=True)
    if not found.agrees:
        raise typer.Exit(1)


def audit(context: typer.Context) -> None:
    """Verify the trail of all scores, instructor/audit.jsonl, and that results are as it says.

    Exit code 1 if a line was changed, removed or put in, or a result is not as recorded. Note the
    last hash down elsewhere now and then: a trail that still has it was not rewritten.
    """
    from autograder import audit as trail
    from autograder.standings import unrecorded

    with friendly_errors():
        course = Course.find(context.obj)
        found = [*trail.faults(course), *(() if any(trail.faults(course)) else unrecorded(course))]
        for fault in found:
            console.print(f"  {fault}", style="red", markup=False, soft_wrap=True)
        if found:
            console.print(f"{len(found)} faults in {trail.trail(course)}", soft_wrap=True)
            raise typer.Exit(1)
        count, last = 0, trail.START
        for record in trail.records(course):
            count, last = record["number"], record["hash"]
    console.print(f"{count} records, the chain is whole and the results are as it says")
    console.print(f"last hash {last}", soft_wrap=True, highlight=False)
