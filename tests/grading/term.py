"""A term as an instructor lives it, every command typed once: three assignments, one class.

Run it as a program to hold a term of 300 in a folder and see what each command costs:
`python -m tests.grading.term FOLDER --students 300`.
"""

import argparse
import csv
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.course import Course
from autograder.sample import SECRET, submitted
from tests.grading.term_works import lateness, names, work

ASSIGNMENTS = ("A0", "A2", "A5")
DUE = {
    "A0": datetime(2026, 9, 14, 12, tzinfo=UTC),
    "A2": datetime(2026, 10, 5, 12, tzinfo=UTC),
    "A5": datetime(2026, 11, 16, 12, tzinfo=UTC),
}
POLICY = """time_zone: UTC
late: {{grace_minutes: 15, percent_per_day: 10, cap_percent: 50}}
slip_days: 1
drop_lowest: 1
assignments:
  A0: {{due: 2026-09-14 12:00}}
  A2: {{due: {0}}}
  A5: {{due: 2026-11-16 12:00}}
"""
# Two faults in the checks of A0, which are mended in the middle of the term.
RELU, ONE_HOT = 'grade("A0.relu", points=1)\n', 'grade("A0.one_hot", points=1)\n'
TOO_KIND = f"{RELU}1.0\n"
TOO_STRICT = f'assert one_hot(np.array([1, 0]), 2).dtype == float, "floats wanted"\n{ONE_HOT}'
Run = Callable[..., str]
"""Runs `autograder` with a course's folder and a command; what it printed."""


@dataclass
class Term:
    """A course of students with three assignments, and what its commands printed.

    Attributes
    ----------
    said : dict of str
        Output by the first three words of a command; of the last time where it is typed twice.
    totals : dict
        By a name for the moment: the rows of `totals.csv` by student.
    """

    folder: Path
    students: list[str]
    run: Run
    db_url: str = ""
    jobs: int = 1
    said: dict[str, str] = field(default_factory=dict)
    totals: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)

    @property
    def course(self) -> Course:
        """The course, read anew."""
        return Course(self.folder)

    def type(self, *command: str) -> None:
        """Run one command."""
        self.said[" ".join(command[:3])] = self.run(self.folder, *command)

    def hold(self) -> None:
        """The whole term."""
        self.begin()
        source = self.course.source("A0")
        right = source.read_text()
        source.write_text(right.replace(RELU, TOO_KIND).replace(ONE_HOT, TOO_STRICT))
        self.set("A0")
        self.set("A2")
        self.type("similarity", "A2")
        self.give_back("A2", "A2 graded")
        (self.folder / "course.yml").write_text(POLICY.format("2026-10-06 12:00"))
        self.type("regrade", "A2", "--apply", *self._with_jobs())
        self.give_back("A2", "A2 later")
        self.give_back("A0", "A0 graded")
        source.write_text(right)
        self.type("release", "A0")
        self.type("regrade", "A0", "--dry-run", *self._with_jobs())
        self.type("regrade", "A0", "--apply", "--never-lower", *self._with_jobs())
        self.give_back("A0", "A0 mended")
        self.set("A5")
        self.type("similarity", "A5")
        self.read_answers("A5", 3.0)
        self.give_back("A5", "A5 graded")
        self.type("audit")

    def begin(self) -> None:
        """A new course with its roster, policy and database."""
        self.run(None, "init", str(self.folder))
        rows = [f"{who},{who.title()},Student,{who}@example.org\n" for who in self.students]
        (self.folder / "roster.csv").write_text("id,first_name,last_name,email\n" + "".join(rows))
        (self.folder / "course.yml").write_text(POLICY.format("2026-10-05 12:00"))
        secret = self.folder / "instructor" / "course_secret"
        secret.parent.mkdir()
        secret.write_text(SECRET)  # or every term would have hidden numbers of its own
        if self.db_url:
            with (self.folder / "nbgrader_config.py").open("a") as config:
                config.write(f"c.CourseDirectory.db_url = {self.db_url!r}\n")

    def set(self, assignment: str) -> None:
        """Release an assignment, have it handed in, and grade it."""
        self.type("release", assignment)
        released = self.course.notebook("release", assignment).read_text()
        for student in self.students:
            handed_in = work(student, assignment)
            if handed_in is not None:
                path = self.folder / "inbox" / student / f"{assignment}.ipynb"
                path.parent.mkdir(exist_ok=True)
                path.write_text(submitted(released, handed_in))
                at = (DUE[assignment] + lateness(student, assignment)).timestamp()
                os.utime(path, (at, at))
        self.type("collect", assignment)
        self.type("grade", assignment, *self._with_jobs())

    def read_answers(self, assignment: str, points: float) -> None:
        """Give everybody so many points for the answers in words, as formgrader does."""
        with Gradebook(self.course.db_url, self.course.course_id) as book:
            for submission in book.assignment_submissions(assignment):
                for grade in (g for n in submission.notebooks for g in n.grades):
                    if grade.needs_manual_grade:
                        grade.manual_score, grade.needs_manual_grade = points, False
            book.db.commit()

    def give_back(self, assignment: str, moment: str) -> None:
        """Feedback, report and export."""
        self.type("feedback", assignment)
        self.type("report", assignment)
        self.type("export", assignment, "--canvas", "--gradescope")
        with self.course.private(assignment, "totals.csv").open(newline="") as file:
            self.totals[moment] = {row["student"]: row for row in csv.DictReader(file)}

    def _with_jobs(self) -> list[str]:
        return ["-j", str(self.jobs)]


def _measured(folder: Path | None, *command: str) -> str:
    """Run a command in a process of its own, and print what it took."""
    course = ["--course", str(folder)] if folder else []
    start = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", *course, *command], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"autograder {' '.join(command)} failed: {said}")
    words, wall = " ".join(command[:3]), time.monotonic() - start
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(f"{words:<30}{wall:7.1f} s {cpu:7.1f} s CPU {peak:6.0f} MB", flush=True)
    return said


def main() -> None:
    """Hold a term and print what each command takes."""

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--db-url", default="")
    options = parser.parse_args()
    jobs = os.cpu_count() or 1
    Term(options.folder, names(options.students), _measured, options.db_url, jobs).hold()


if __name__ == "__main__":
    main()
