"""What comes of the points: pages for students, a report, and files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.course import Course, check_name
from autograder.terminal import Assignment, console, friendly_errors, show_path


def feedback(context: typer.Context, assignment: Assignment) -> None:
    """Write one page for each student."""
    with friendly_errors():
        make_feedback(Course.find(context.obj), assignment)


def report(context: typer.Context, assignment: Assignment) -> None:
    """Write the instructor's page: how the class did, and which questions and checks need a look.

    It counts the mistakes that the checks recognised, and names questions that separate badly,
    checks that fail nobody, waver or decide by a hair, the slowest answers, and similar work
    once `autograder similarity` has looked for it.
    """
    with friendly_errors():
        make_report(Course.find(context.obj), assignment)


def similarity(context: typer.Context, assignment: Assignment) -> None:
    """Write a page of submissions that agree more than the task explains, side by side.

    A question, not a verdict: the page says what is compared. Everything stays on this machine,
    nothing is run. `autograder report` then links the page.
    """
    from autograder.similarity_page import write_similarity

    with friendly_errors():
        path, groups = write_similarity(Course.find(context.obj), check_name(assignment))
    for group in groups:
        console.print(f"  alike: {', '.join(group)}", markup=False, soft_wrap=True)
    show_path("similar", path, "" if groups else ": nobody")


def export(
    context: typer.Context,
    assignment: Assignment,
    canvas: Annotated[
        bool, typer.Option("--canvas", help="Write canvas.csv too, for Grades, Import.")
    ] = False,
    moodle: Annotated[
        Path | None,
        typer.Option(help="Fill in this grading worksheet, downloaded from Moodle: moodle.csv."),
    ] = None,
    gradescope: Annotated[
        bool, typer.Option("--gradescope", help="Write a results.json for each student too.")
    ] = False,
) -> None:
    """Write grades.csv (a row per question), totals.csv (a row per student), and course.csv.

    They lie in instructor/A5, course.csv in instructor. Questions have their raw points; penalties
    of course.yml are taken off in totals.csv, in course.csv and in the files for platforms.
    Whoever has answers still to be read gets no grade on Canvas and Moodle yet, and is named.
    """
    with friendly_errors():
        course = Course.find(context.obj)
        make_export(course, assignment)
        _for_platforms(course, assignment, canvas, moodle, gradescope)


def make_feedback(course: Course, assignment: str) -> None:
    from autograder.feedback import write_feedback

    pages = write_feedback(course, check_name(assignment))
    show_path("feedback", pages[0], f" and {len(pages) - 1} more")


def make_report(course: Course, assignment: str) -> None:
    from autograder.report import write_report

    show_path("report", write_report(course, check_name(assignment)))


def make_export(course: Course, assignment: str) -> None:
    from autograder.course_totals import write_course_totals
    from autograder.export import export as export_grades

    for path in export_grades(course, check_name(assignment)):
        show_path("grades", path)
    show_path("grades", write_course_totals(course))


def _for_platforms(
    course: Course, assignment: str, canvas: bool, moodle: Path | None, gradescope: bool
) -> None:
    from autograder.platforms import write_canvas, write_gradescope, write_moodle

    written = {}
    if canvas:
        written["Canvas"] = write_canvas(course, assignment)
    if moodle:
        written["Moodle"] = write_moodle(course, assignment, moodle)
    if gradescope:
        written["Gradescope"] = write_gradescope(course, assignment)
    for platform, file in written.items():
        show_path(platform, file.path)
        for why in dict.fromkeys(file.without.values()):
            who = [student for student, reason in file.without.items() if reason == why]
            words = f"  no grade, {why} ({len(who)}): {', '.join(who)}"
            console.print(words, style="yellow", markup=False)
