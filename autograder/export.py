"""Grades as CSV files, for a spreadsheet or a learning platform."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from autograder.course import Course
from autograder.files import write_whole
from autograder.grade import results
from autograder.gradebook import manual_grades
from autograder.manifest import Manifest

GRADES = ("student", "assignment", "question", "points", "max_points", "status", "graded_by")
TOTALS = (
    "student",
    "first_name",
    "last_name",
    "email",
    "assignment",
    "points",
    "max_points",
    "state",
)


def export(course: Course, assignment: str) -> list[Path]:
    """Write `grades.csv` (a row per student and question) and `totals.csv` (a row per student).

    Nobody on the roster is left out, and no zero is silent: each comes with its status. Points
    that are still to be given by hand are empty, not 0.
    """
    manifest = Manifest.load(course.manifest(assignment))
    by_hand = manual_grades(course, assignment)
    most = sum(cell.points for cell in manifest.tests + manifest.manual)
    rows, totals = [], []
    for student, result in zip(course.roster, results(course, assignment), strict=True):
        mine = {q: score for (who, q), score in by_hand.items() if who == student.id}
        rows += [
            [student.id, assignment, q.question, q.points, q.max_points, str(q.status), "test"]
            for q in result.questions
        ]
        points = {q.question: q.points for q in result.questions}
        for cell in manifest.manual:
            score = mine.get(cell.name, None if result.submitted else 0.0)
            status = "to read" if score is None else "read" if result.submitted else "missing"
            shown = "" if score is None else score
            rows.append([student.id, assignment, cell.name, shown, cell.points, status, "hand"])
        points |= {name: score for name, score in mine.items() if score is not None}
        state = "to read" if None in mine.values() else "complete"
        who = [student.id, student.first_name, student.last_name, student.email]
        totals.append([*who, assignment, round(sum(points.values()), 2), most, state])
    return [
        _write(course.private(assignment, "grades.csv"), GRADES, rows),
        _write(course.private(assignment, "totals.csv"), TOTALS, totals),
    ]


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> Path:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    write_whole(path, text.getvalue())
    return path


def _harmless(cell: object) -> object:
    """No text that a spreadsheet would run as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell
