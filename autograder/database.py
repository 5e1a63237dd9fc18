"""nbgrader's tables in SQLite or PostgreSQL: whole transactions, and words for what goes wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from nbgrader.api import Base
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from autograder.course import Course
from autograder.errors import CourseError

T = TypeVar("T")

# One writer at a time: the second grader waits, and then finds the rows of the first.
LOCKS = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SELECT pg_advisory_xact_lock(1843)"}
WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before each new try; a server restarts within them
REMEDIES = {
    "locked": "close what has it open, such as formgrader, and run the same command again",
    "readonly": "give yourself the right to write this file and its folder",
    "unable to open": "give yourself the right to write this file and its folder",
    "full": "make room on the disk and run the same command again, what is graded is kept",
    "disk I/O": "make room on the disk and run the same command again, what is graded is kept",
    "not a database": "put a copy back; or remove it, then release and grade again",
    "malformed": "put a copy back; or remove it, then release and grade again",
}
OTHERWISE = "is the server running? Then run the same command again, what is graded is kept"


class Database:
    """The gradebook's tables; made if they are not there. A context manager.

    Raises
    ------
    CourseError
        If the database cannot be reached, is none, or belongs to another version of nbgrader.
    """

    def __init__(self, course: Course) -> None:
        self.engine = _engine(course.db_url)
        self.lock = LOCKS.get(self.engine.dialect.name, "")

    def __enter__(self) -> Database:
        try:
            self._once(_prepare, self.lock)
        except DBAPIError as error:
            raise self._explained(error) from None
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()

    def read(self, work: Callable[[Session], T]) -> T:
        """Run `work`, which only looks."""
        return self._patiently(work, "")

    def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in one transaction, of which all happens or nothing; one writer at a time."""
        return self._patiently(work, self.lock)

    def _patiently(self, work: Callable[[Session], T], lock: str) -> T:
        """Try again where the server went away; SQLite has waited long enough by itself."""
        for seconds in () if self.engine.dialect.name == "sqlite" else WAITS:
            try:
                return self._once(work, lock)
            except OperationalError:
                time.sleep(seconds)
            except DBAPIError:
                break
        try:
            return self._once(work, lock)
        except DBAPIError as error:
            raise self._explained(error) from None

    def _once(self, work: Callable[[Session], T], lock: str) -> T:
        with Session(self.engine) as session, session.begin():
            if lock:
                session.connection().exec_driver_sql(lock)
            return work(session)

    def _explained(self, error: DBAPIError) -> CourseError:
        said = str(error.orig).strip().split("\n")[0]
        remedy = next((words for sign, words in REMEDIES.items() if sign in said), OTHERWISE)
        return CourseError(f"the gradebook {_place(self.engine.url)}: {said}; {remedy}")


def _engine(db_url: str) -> Engine:
    try:
        return create_engine(db_url)
    except NoSuchModuleError as error:
        raise CourseError(f"nbgrader_config.py: db_url: {error}") from None
    except ModuleNotFoundError as error:
        text = f"the gradebook's database needs {error.name}"
        raise CourseError(f"{text}: pip install 'coursepkg[postgres]'") from None


def _prepare(session: Session) -> None:
    connection = session.connection()
    context = MigrationContext.configure(connection)
    scripts = ScriptDirectory(ALEMBIC_DIR)
    if not inspect(connection).get_table_names():
        Base.metadata.create_all(connection)
        context.stamp(scripts, "head")
    found, ours = context.get_current_revision(), scripts.get_current_head()
    if found != ours:
        raise CourseError(
            f"the gradebook {_place(connection.engine.url)} has tables of another version of "
            f"nbgrader ({found or 'unknown'}, here {ours}): run `nbgrader db upgrade` in the "
            "course's folder, or install the nbgrader that made them"
        )


def _place(url: URL) -> str:
    is_file = url.get_backend_name() == "sqlite"
    return str(url.database) if is_file else url.set(query={}).render_as_string()
