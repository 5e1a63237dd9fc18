"""Scores in the forms that Canvas, Moodle and Gradescope take.

Late penalties are taken off. On Canvas and Moodle, somebody whose answers are still to be read gets
no grade yet, since half of one would be shown; Gradescope is told that more points are to come.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course, CourseError, Student
from autograder.export import write_csv
from autograder.feedback import timing
from autograder.files import write_whole
from autograder.pages import plain
from autograder.scores import Score, scores

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = ("Identifier", "Email address", "Grade")


@dataclass(frozen=True)
class Written:
    """A file or folder for a platform, and who has no grade in it, with the reason."""

    path: Path
    without: dict[str, str]


def write_canvas(course: Course, assignment: str) -> Written:
    """Write `canvas.csv`, for *Grades → Import*.

    Canvas finds students by SIS User ID (the id of the roster) or SIS Login ID (the e-mail), and
    the assignment by its name.
    """
    everybody = scores(course, assignment)
    most = everybody[0].max_points
    rows = [["    Points Possible", "", "", "", "", f"{most:.2f}"]]
    rows += [[*_canvas_names(score.student), _grade(score)] for score in everybody]
    path = course.private(assignment, "canvas.csv")
    write_csv(path, (*CANVAS, assignment), rows)
    return Written(path, _unread(everybody))


def write_moodle(course: Course, assignment: str, worksheet: Path) -> Written:
    """Fill in the grading worksheet that Moodle gave out: `moodle.csv`.

    Its rows and columns stay; students are found by ID number or e-mail.

    Raises
    ------
    CourseError
        If it is no such worksheet, or counts other points than the assignment has.
    """
    columns, rows = _read_worksheet(worksheet)
    everybody = scores(course, assignment)
    _compare_maximum(worksheet, rows, everybody[0].max_points)
    by_id = {score.student.id: score for score in everybody}
    by_email = {s.student.email.casefold(): s for s in everybody if s.student.email}
    found = set()
    for row in rows:
        score = by_id.get(row.get("ID number") or "") or by_email.get(
            row["Email address"].casefold()
        )
        if score:
            found.add(score.student.id)
            row["Grade"] = _grade(score) or row["Grade"]
            if "Feedback comments" in columns:
                row["Feedback comments"] = _summary(course, score)
    path = course.private(assignment, "moodle.csv")
    write_csv(path, columns, [[row[name] for name in columns] for row in rows])
    strangers = {who: "not in the worksheet" for who in by_id if who not in found}
    return Written(path, _unread(everybody) | strangers)


def write_gradescope(course: Course, assignment: str) -> Written:
    """Write `gradescope/<student>/results.json`, as an autograder leaves it there."""
    everybody = scores(course, assignment)
    folder = course.private(assignment, "gradescope")
    for score in everybody:
        text = json.dumps(gradescope_result(course, score), indent=1, ensure_ascii=False)
        write_whole(folder / score.student.id / "results.json", text)
    return Written(folder, {})


def gradescope_result(course: Course, score: Score) -> dict[str, Any]:
    """One student's `results.json`: a test for each question, and the score, penalty included."""
    tests = []
    for number, question in enumerate(score.result.questions, start=1):
        by_hand = score.by_hand.get(question.question)
        points = question.points if by_hand is None else by_hand
        tests.append(
            {
                "name": question.question,
                "number": str(number),
                "score": round(points, 2),
                "max_score": question.max_points,
                "status": "passed" if points >= question.max_points else "failed",
                "output": plain(question.message),
                "output_format": "text",
                "visibility": "visible",
            }
        )
    open_words = ["Answers in words are still to be read."] if score.is_open else []
    return {
        "score": round(score.points, 2),
        "output": "\n".join([_summary(course, score), *open_words]),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {"raw_score": round(score.raw, 2), "max_score": score.max_points},
    }


def _canvas_names(student: Student) -> list[str]:
    """The first five columns: Canvas sorts by the last name, and knows its own ids itself."""
    name = ", ".join(part for part in (student.last_name, student.first_name) if part)
    return [name or student.id, "", student.id, student.email or student.id, ""]


def _grade(score: Score) -> str:
    return "" if score.is_open else f"{score.points:.2f}"


def _summary(course: Course, score: Score) -> str:
    """A line for each thing that students are told beside their points."""
    lines = timing(score.lateness, course.policy.zone)
    if score.lateness.percent:
        lines.append(f"{score.raw:g} points before the penalty, {score.points:g} after it.")
    return " ".join(lines)


def _unread(everybody: list[Score]) -> dict[str, str]:
    return {score.student.id: "answers to be read" for score in everybody if score.is_open}


def _read_worksheet(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file, strict=True, restval="")
            columns, rows = list(table.fieldnames or []), list(table)
    except (OSError, ValueError, csv.Error) as error:
        raise CourseError(f"{path} cannot be read as CSV in UTF-8 ({error})") from None
    missing = [name for name in MOODLE if name not in columns]
    if missing:
        raise CourseError(
            f"{path} is no grading worksheet of Moodle in English: it has no column "
            f"{missing[0]!r}, its columns are {', '.join(columns) or 'none'}. In Moodle: "
            "View all submissions, Download grading worksheet."
        )
    return columns, rows


def _compare_maximum(path: Path, rows: list[dict[str, str]], most: float) -> None:
    for row in rows:
        text = row.get("Maximum Grade") or row.get("Maximum grade") or ""
        try:
            other = float(text.replace(",", "."))
        except ValueError:
            continue
        if other != most:
            raise CourseError(
                f"{path}: the maximum grade in Moodle is {other:g}, the assignment has {most:g} "
                f"points. Set the maximum grade in Moodle to {most:g}, and download it again."
            )
