"""A class of many small submissions of every kind, graded by the real command line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.intake import collect
from autograder.sample import parse, submitted

HOUSE = Path(__file__).resolve().parents[2]
RIGHT = """# %% double_solution
def double(x):
    return x + x, None
# %% total_solution
def total(x):
    return x.sum()
"""
SLIP = RIGHT.replace("x + x", "3 * x")
DEAD = RIGHT.replace("return x.sum()", "import os; os._exit(3)")
ENDLESS = RIGHT.replace("    return x.sum()", "    while True:\n        pass")
KINDS = {
    "right": (RIGHT, ("2.0", "graded"), ("3.0", "graded")),
    "slip": (SLIP, ("0.0", "wrong"), ("3.0", "graded")),
    "dead": (DEAD, ("2.0", "graded"), ("0.0", "crashed")),
    "endless": (ENDLESS, ("2.0", "graded"), ("0.0", "timeout")),
    "broken": ("# broken json\n" + RIGHT, ("0.0", "unreadable"), ("0.0", "unreadable")),
    "absent": ("", ("0.0", "missing"), ("0.0", "missing")),
}
Scores = dict[tuple[str, str], tuple[float | None, bool]]


def kind(number: int, endless: int = 2) -> str:
    """What the student of that number hands in: mostly right work."""
    if number < endless:
        return "endless"
    return {3: "slip", 5: "dead", 7: "broken", 9: "absent"}.get(number % 10, "right")


def make_crowd(template: Path, folder: Path, students: int, endless: int = 2) -> Course:
    """Copy a released course, fill its roster and inbox, and collect."""
    course = Course(Path(shutil.copytree(template, folder)))
    names = [f"{kind(number, endless)}-{number:03}" for number in range(students)]
    (folder / "roster.csv").write_text("id\n" + "".join(f"{name}\n" for name in names))
    released = course.notebook("release", "T1").read_text()
    works = {word: submitted(released, parse(text)) for word, (text, _, _) in KINDS.items()}
    for name in names:
        if not name.startswith("absent"):
            path = folder / "inbox" / name / "T1.ipynb"
            path.parent.mkdir(parents=True)
            path.write_text(works[name.split("-")[0]])
    collect(course, "T1", folder / "inbox")
    return course


def start(course: Course, *command: str) -> subprocess.Popen[str]:
    """Start `autograder` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", "--course", str(course.root), *command],
        cwd=HOUSE,
        env={**os.environ, "COLUMNS": "1000"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def start_grading(course: Course) -> subprocess.Popen[str]:
    """Start to grade in two processes, with a deadline that only endless work reaches."""
    return start(course, "grade", "T1", "-j", "2", "--seconds", "5")


def must_work(process: subprocess.Popen[str]) -> None:
    """Wait for a started command, which must end well."""
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors


def exported(course: Course) -> dict[str, bytes]:
    """What is exported, and all that grading leaves behind, by path."""
    must_work(start(course, "export", "T1"))
    folder = course.private("T1")
    paths = [folder / "grades.csv", folder / "totals.csv", *folder.glob("results/*.json")]
    paths += (course.root / "autograded").rglob("*.ipynb")
    return {str(path.relative_to(course.root)): path.read_bytes() for path in paths}


def scores(course: Course, assignment: str = "T1") -> Scores:
    """What nbgrader's own gradebook says, by student and question."""
    with Gradebook(course.db_url, course.course_id) as book:
        rows = [
            (submission.student.id, grade.name, grade.auto_score, grade.needs_manual_grade)
            for submission in book.assignment_submissions(assignment)
            for notebook in submission.notebooks
            for grade in notebook.grades
        ]
    assert len({row[:2] for row in rows}) == len(rows)
    return {(student, question): (score, open_) for student, question, score, open_ in rows}


def expected_rows(course: Course) -> dict[tuple[str, str], tuple[str, str]]:
    """Points and status of each question that is graded by tests, by construction."""
    return {
        (student.id, question): KINDS[student.id.split("-")[0]][place]  # type: ignore[misc]
        for student in course.roster
        for place, question in ((1, "double"), (2, "total"))
    }
