"""Where things are in a course folder, and who is in the course."""

from __future__ import annotations

import csv
import re
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from traitlets.config import Config, PyFileConfigLoader

from autograder.errors import CourseError
from autograder.files import write_once

if TYPE_CHECKING:
    from autograder.course_yml import Policy

CONFIG = "nbgrader_config.py"
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")


@dataclass(frozen=True)
class Student:
    """One line of the roster."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""

    @property
    def name(self) -> str:
        """The full name, or the id where there is none."""
        return f"{self.first_name} {self.last_name}".strip() or self.id


@dataclass(frozen=True)
class Course:
    """A course folder: nbgrader's own, with `roster.csv` and a private folder `instructor`.

    source/A5/A5.py          what the instructor writes
    release/A5/A5.ipynb      what students get
    inbox/ada/A5.ipynb       what came back, untouched
    submitted/ada/A5/        what intake accepted, and when it was handed in
    autograded/ada/A5/       rebuilt notebooks, for formgrader
    feedback/ada/A5/A5.html  one page per student
    instructor/A5/           manifest, results, report, grades: never for students
    gradebook.db             nbgrader's gradebook
    course.yml               deadlines and what lateness costs; may be missing
    """

    root: Path

    @classmethod
    def find(cls, folder: Path | None = None) -> Course:
        """The course at `folder`; without it the nearest one upwards, else `./assignments`.

        Raises
        ------
        CourseError
            If there is none.
        """
        here = Path.cwd()
        candidates = [folder] if folder else [here, *here.parents, here / "assignments"]
        for candidate in candidates:
            if (candidate / CONFIG).is_file():
                return cls(candidate.resolve())
        raise CourseError(
            f"no course here: {folder or here} holds no {CONFIG}. Name the folder with --course "
            "DIR, or make a sample course with `autograder sample DIR`."
        )

    @cached_property
    def config(self) -> Config:
        """What `nbgrader_config.py` says, with the root of the course and its gradebook set."""
        config = PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()
        config.CourseDirectory.root = str(self.root)
        default = f"sqlite:///{self.root / 'gradebook.db'}"
        config.CourseDirectory.db_url = config.CourseDirectory.get("db_url", default)
        return config

    @property
    def db_url(self) -> str:
        """Where nbgrader keeps the gradebook."""
        return str(self.config.CourseDirectory.db_url)

    @property
    def course_id(self) -> str:
        """The course's id in the gradebook."""
        return str(self.config.CourseDirectory.get("course_id", "default_course"))

    @cached_property
    def roster(self) -> list[Student]:
        """Everybody in the course, from `roster.csv` (id,first_name,last_name,email).

        Raises
        ------
        CourseError
            If the file is missing or damaged, names nobody, has no column `id`, or an id is odd
            or occurs twice, capitals or not.
        """
        path = self.root / "roster.csv"
        if not path.is_file():
            raise CourseError(f"no roster: write {path} with the columns id,first_name,last_name")
        students = _read_roster(path)
        seen: set[str] = set()
        for number, student in enumerate(students, start=2):
            if not SAFE_NAME.fullmatch(student.id):
                raise CourseError(f"{path}, line {number}: {student.id!r} cannot be a student id")
            if student.id.lower() in seen:  # on some disks "Ann" and "ann" are one folder
                raise CourseError(f"{path}, line {number}: the id {student.id!r} occurs twice")
            seen.add(student.id.lower())
        return students

    @cached_property
    def policy(self) -> Policy:
        """What `course.yml` says; without that file nothing is ever late.

        Raises
        ------
        CourseError
            If the file cannot be followed.
        """
        from autograder.course_yml import NAME, read_policy  # slow to import, for its schema

        return read_policy(self.root / NAME, {student.id for student in self.roster})

    @cached_property
    def secret(self) -> bytes:
        """The key of all hidden numbers; made on first use, readable by its owner only."""
        path = self.root / "instructor" / "course_secret"
        if not path.exists():
            write_once(path, secrets.token_hex(32))
        text = path.read_text(errors="replace").strip()
        if not re.fullmatch("[0-9a-f]{64}", text):
            raise CourseError(
                f"{path} is damaged: put a copy back, or remove it to have a new one made (then "
                "use `autograder grade --force`: everybody gets new hidden numbers)"
            )
        return bytes.fromhex(text)

    @property
    def assignments(self) -> list[str]:
        """The assignments that have a source, A2 before A10."""
        names = (path.stem for path in self.root.glob("source/*/*.py"))
        return sorted((n for n in names if self.source(n).is_file()), key=lambda n: (len(n), n))

    def source(self, assignment: str) -> Path:
        """The instructor's text of an assignment."""
        return self.root / "source" / assignment / f"{assignment}.py"

    def notebook(self, step: str, assignment: str, student: str = "") -> Path:
        """A notebook of one of nbgrader's steps (`release`, `submitted`, `autograded`)."""
        return self.root / step / student / assignment / f"{assignment}.ipynb"

    def timestamp(self, assignment: str, student: str) -> Path:
        """When a student handed in, in a file as nbgrader writes it."""
        return self.root / "submitted" / student / assignment / "timestamp.txt"

    def feedback(self, assignment: str, student: str) -> Path:
        """One student's feedback page."""
        return self.root / "feedback" / student / assignment / f"{assignment}.html"

    def private(self, assignment: str, *parts: str) -> Path:
        """A file that only the instructor may see."""
        return self.root.joinpath("instructor", assignment, *parts)

    def manifest(self, assignment: str) -> Path:
        """The manifest which `release` writes.

        Raises
        ------
        CourseError
            If the assignment has not been released.
        """
        path = self.private(assignment, "manifest.json")
        if not path.is_file():
            command = f"autograder release {assignment}"
            raise CourseError(f"{assignment} is not released yet: run `{command}`")
        return path


def _read_roster(path: Path) -> list[Student]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file, strict=True)
            columns, rows = table.fieldnames or [], list(table)
    except (OSError, ValueError, csv.Error) as error:
        raise CourseError(f"{path} cannot be read as CSV in UTF-8 ({error})") from None
    if "id" not in columns:
        raise CourseError(f"{path} has no column `id`: its first line must name the columns")
    if not rows:
        raise CourseError(f"{path} names nobody: write a line for each student")
    return [Student(*(row.get(key) or "" for key in Student.__dataclass_fields__)) for row in rows]


def check_name(assignment: str) -> str:
    """`assignment` itself if it can name folders.

    Raises
    ------
    CourseError
        If it holds anything but letters, digits and `_.-`.
    """
    if not SAFE_NAME.fullmatch(assignment):
        raise CourseError(f"{assignment!r} cannot be the name of an assignment; try A5")
    return assignment
