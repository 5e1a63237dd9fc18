"""Files for Canvas, Moodle and Gradescope, held against what each of them documents."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validate
from typer.testing import CliRunner

from autograder.cli import app
from autograder.course import Course, CourseError
from autograder.export import write_csv
from autograder.grade import grade
from autograder.intake import collect
from autograder.platforms import write_canvas, write_gradescope, write_moodle

# https://gradescope-autograders.readthedocs.io/en/latest/specs/
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
GRADESCOPE: dict[str, Any] = {
    "type": "object",
    "required": ["score", "tests"],
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["score", "max_score", "name"],
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": FORMAT,
                    "tags": {"type": "array"},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}
HEADER = [
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"),
    *("Grade can be changed", "Last modified (submission)", "Last modified (grade)"),
    "Feedback comments",
]
STAMP = "Friday, 20 November 2026, 11:59 PM"


@pytest.fixture
def course(toy: Course, hand_in: Any, one_jail: None) -> Course:
    """Ann earned 5 points, one day late, and her answer is read: 3 more; ben's is not."""
    roster = "id,first_name,last_name,email\nann,Ann,Lee,Ann@example.org\nben,=1+1,@Ray,b@x.org\n"
    (toy.root / "roster.csv").write_text(roster + "cay,Cay,,\ndee,,,\n")
    policy = "time_zone: UTC\nlate: {percent_per_day: 10}\nassignments: {T1: {due: %s}}\n"
    (toy.root / "course.yml").write_text(policy % "2026-11-20 23:59")
    for student in ("ann", "ben"):
        hand_in(student)
    course = Course(toy.root)
    collect(course, "T1", course.root / "inbox")
    course.timestamp("T1", "ann").write_text("2026-11-21 10:00:00.0 UTC")
    course.timestamp("T1", "ben").write_text("2026-11-20 10:00:00.0 UTC")
    grade(course, "T1")
    _give(course, "ann", 3.0)
    return course


def _give(course: Course, student: str, points: float) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url, course.course_id) as book:
        score = book.find_grade("explain", "T1", "T1", student)
        score.manual_score, score.needs_manual_grade = points, False
        book.db.commit()


@pytest.mark.jail
def test_canvas(course: Course) -> None:
    written = write_canvas(course, "T1")
    header, possible, *rows = list(csv.reader(written.path.open(newline="")))
    # What Canvas' own importer asks of these two lines (lib/gradebook_importer.rb).
    assert header[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert header[5:] == ["T1"]
    assert "Points Possible" in possible[0]
    assert possible[5] == "9.00"
    assert {len(row) for row in rows} == {6}
    assert rows[0] == ["Lee, Ann", "", "ann", "Ann@example.org", "", "7.20"]
    assert rows[1][0] == "'@Ray, =1+1"
    assert [row[5] for row in rows] == ["7.20", "", "0.00", "0.00"]
    assert rows[3][:4] == ["dee", "", "dee", "dee"]
    assert written.without == {"ben": "answers to be read"}


def _worksheet(path: Path, most: str = "9.00", header: list[str] = HEADER) -> Path:
    rows = [
        ["Participant 11", "Ann Lee", "ann@EXAMPLE.org", "Submitted", "", most, "Yes", STAMP, "-"],
        ["Participant 12", "=cmd", "b@x.org", "Submitted", "", most, "Yes", STAMP, "-"],
        ["Participant 13", "Teacher", "t@x.org", "No submission", "", most, "Yes", "-", "-"],
    ]
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([header, *([*row, ""] for row in rows)])
    return path


@pytest.mark.jail
def test_moodle(course: Course, tmp_path: Path) -> None:
    written = write_moodle(course, "T1", _worksheet(tmp_path / "Grades.csv"))
    header, *rows = list(csv.reader(written.path.open(newline="", encoding="utf-8")))
    assert header == HEADER
    assert [row[0] for row in rows] == ["Participant 11", "Participant 12", "Participant 13"]
    assert [row[4] for row in rows] == ["7.20", "", ""]
    assert rows[0][7:9] == [STAMP, "-"]
    assert "10 h 1 min after the deadline" in rows[0][9]
    assert rows[1][1] == "'=cmd"
    reasons = {"ben": "answers to be read"}
    assert written.without == reasons | dict.fromkeys(("cay", "dee"), "not in the worksheet")


@pytest.mark.jail
def test_a_worksheet_that_does_not_fit(course: Course, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="maximum grade in Moodle is 100, the assignment has 9"):
        write_moodle(course, "T1", _worksheet(tmp_path / "a.csv", most="100,00"))
    german = ["Bewertung" if name == "Grade" else name for name in HEADER]
    with pytest.raises(CourseError, match="no column 'Grade', its columns are Identifier"):
        write_moodle(course, "T1", _worksheet(tmp_path / "b.csv", header=german))
    with pytest.raises(CourseError, match="cannot be read"):
        write_moodle(course, "T1", tmp_path / "nowhere.csv")


@pytest.mark.jail
def test_gradescope(course: Course) -> None:
    folder = write_gradescope(course, "T1").path
    results = {path.parent.name: json.loads(path.read_text()) for path in folder.glob("*/*.json")}
    assert set(results) == {"ann", "ben", "cay", "dee"}
    for result in results.values():
        validate(result, GRADESCOPE)
    ann = results["ann"]
    assert ann["score"] == 7.2
    assert [(t["name"], t["score"], t["status"]) for t in ann["tests"]] == [
        ("double", 2.0, "passed"),
        ("total", 3.0, "passed"),
    ]
    assert "The penalty for this is 10 % of the points." in ann["output"]
    assert "still to be read" in results["ben"]["output"]
    assert results["dee"]["tests"][0]["status"] == "failed"


@pytest.mark.jail
def test_the_command(course: Course, tmp_path: Path) -> None:
    sheet = _worksheet(tmp_path / "Grades.csv")
    arguments = ["export", "T1", "--canvas", "--gradescope", "--moodle", str(sheet)]
    result = CliRunner().invoke(app, ["--course", str(course.root), *arguments])
    assert result.exit_code == 0, result.output
    for words in (
        "canvas.csv",
        "moodle.csv",
        "gradescope",
        "no grade, answers to be read (1): ben",
    ):
        assert words in result.output


EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "-"]


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "evil.csv", ["x"], [[text] for text in EVIL])
    cells = [row[0] for row in csv.reader(path.open(newline=""))][1:]
    assert cells == [f"'{text}" for text in EVIL[:-1]] + ["-"]


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "numbers.csv", ["x"], [[-1.5]])
    assert path.read_text().split() == ["x", "-1.5"]
