"""nbgrader's tables in SQLite or PostgreSQL: whole transactions, and words for what goes wrong."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from autograder.course import CONFIG, Course
from autograder.errors import CourseError

T = TypeVar("T")

# One writer at a time: the second grader waits, and then finds the rows of the first.
LOCKS = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SELECT pg_advisory_xact_lock(1843)"}
PATIENCE = {  # how many seconds to wait, for a file that is locked or a server that is silent
    "sqlite": {"timeout": "30"},
    "postgresql": {"connect_timeout": "10"},
}
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

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which only looks."""
        return self._patiently(work, "")

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction, of which all happens or nothing; one writer at a time."""
        return self._patiently(work, self.lock)

    def _patiently(self, work: Callable[[Connection], T], lock: str) -> T:
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

    def _once(self, work: Callable[[Connection], T], lock: str) -> T:
        with self.engine.begin() as connection:
            if lock:
                connection.exec_driver_sql(lock)
            return work(connection)

    def _explained(self, error: DBAPIError) -> CourseError:
        said = str(error.orig).strip().split("\n")[0]
        remedy = next((words for sign, words in REMEDIES.items() if sign in said), OTHERWISE)
        return CourseError(f"the gradebook {_place(self.engine.url)}: {said}; {remedy}")


def _engine(db_url: str) -> Engine:
    try:
        return create_engine(patient(db_url))
    except NoSuchModuleError as error:
        raise CourseError(f"{CONFIG}: db_url: {error}") from None
    except ModuleNotFoundError as error:
        words = f"the gradebook's database needs {error.name}"
        raise CourseError(f"{words}: pip install 'coursepkg[postgres]'") from None


def _prepare(connection: Connection) -> None:
    if not inspect(connection).get_table_names():
        _create_tables(connection)
    found, ours = _version_of(connection), _our_version()
    if found != ours:
        raise CourseError(
            f"the gradebook {_place(connection.engine.url)} has tables of another version of "
            f"nbgrader ({found or 'unknown'}, here {ours}): run `nbgrader db upgrade` in the "
            "course's folder, or install the nbgrader that made them"
        )


def _create_tables(connection: Connection) -> None:
    # These imports take seconds, and this happens once in the life of a course.
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from nbgrader.api import Base

    Base.metadata.create_all(connection)
    scripts = ScriptDirectory(str(_versions().parent))
    MigrationContext.configure(connection).stamp(scripts, "head")


def _version_of(connection: Connection) -> str | None:
    """The version of a gradebook's tables, as nbgrader notes it."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


@cache
def _our_version() -> str:
    """The last version that the installed nbgrader knows; its scripts are read, not run."""
    scripts = [path.read_text(encoding="utf-8") for path in _versions().glob("*.py")]
    own, before = (
        {found[1] for script in scripts if (found := re.search(pattern, script, re.MULTILINE))}
        for pattern in (r"^revision = '(\w+)'", r"^down_revision = '(\w+)'")
    )
    (last,) = own - before
    return last


def _versions() -> Path:
    """nbgrader's folder with the history of its tables, found without importing nbgrader."""
    spec = find_spec("nbgrader")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "alembic" / "versions"


def patient(db_url: str) -> str:
    """The same address, with the time to wait for a locked file or a silent server.

    Raises
    ------
    CourseError
        If it is no address of a database.
    """
    try:
        url = make_url(db_url)
    except ArgumentError:
        raise CourseError(f"{CONFIG}: db_url is no address of a database") from None
    query = PATIENCE.get(url.get_backend_name(), {}) | dict(url.query)
    return url.set(query=query).render_as_string(hide_password=False)


def _place(url: URL) -> str:
    is_file = url.get_backend_name() == "sqlite"
    return str(url.database) if is_file else url.set(query={}).render_as_string()
