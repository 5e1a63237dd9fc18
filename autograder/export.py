"""Grades as CSV files, for a spreadsheet or a learning platform."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.course import Course
from autograder.files import write_whole
from autograder.manifest import Manifest
from autograder.policy import HOUR
from autograder.scores import Score, scores

FORMULAS = tuple("=+-@\t\r\n＝＋－＠")
GRADES = ("student", "assignment", "question", "points", "max_points", "status", "graded_by")
TOTALS = (
    *("student", "first_name", "last_name", "email", "assignment", "points", "max_points", "state"),
    *("raw_points", "handed_in", "late_hours", "slip_days", "penalty_percent"),
)


def export(course: Course, assignment: str) -> list[Path]:
    """Write `grades.csv` (a row per student and question) and `totals.csv` (a row per student).

    Nobody on the roster is left out, and no zero is silent: each comes with its status. Points
    that are still to be given by hand are empty, not 0. Questions have their raw points; what
    lateness takes off is taken off the total.
    """
    manifest = Manifest.load(course.manifest(assignment))
    everybody = scores(course, assignment)
    rows = [row for score in everybody for row in _questions(score, manifest)]
    return [
        write_csv(course.private(assignment, "grades.csv"), GRADES, rows),
        write_csv(course.private(assignment, "totals.csv"), TOTALS, map(_total, everybody)),
    ]


def _questions(score: Score, manifest: Manifest) -> Iterator[list[object]]:
    """A row for each question of one student."""
    result = score.result
    who = [result.student, result.assignment]
    for q in result.questions:
        given = score.by_hand.get(q.question)
        counts = [q.points, q.max_points, str(q.status), "test"]
        if given is not None:  # somebody corrected a test, or gave extra credit
            counts = [given, q.max_points, str(q.status), "hand"]
        yield [*who, q.question, *counts]
    for cell in manifest.manual:
        points = score.by_hand[cell.name]
        status = "to read" if points is None else "read" if result.submitted else "missing"
        yield [*who, cell.name, "" if points is None else points, cell.points, status, "hand"]


def _total(score: Score) -> list[object]:
    student, late = score.student, score.lateness
    return [
        *(student.id, student.first_name, student.last_name, student.email),
        *(score.result.assignment, round(score.points, 2), score.max_points),
        *("to read" if score.is_open else "complete", round(score.raw, 2)),
        late.at.isoformat(timespec="seconds") if late.at else "",
        *(round(late.late / HOUR, 2), late.slip_days, late.percent),
    ]


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> Path:
    """Write a table whose texts no spreadsheet takes for formulas; its path."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    write_whole(path, text.getvalue())
    return path


def _harmless(cell: object) -> object:
    """No text that a spreadsheet would run as a formula."""
    is_formula = isinstance(cell, str) and cell.startswith(FORMULAS) and cell != "-"
    return f"'{cell}" if is_formula else cell
