"""An append-only trail of what happened to scores: `instructor/audit.jsonl`, a chain of hashes.

Each line holds the hash of the one before and its own, so a line that was changed, removed or put
in later shows. Lines are only ever added.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from autograder.course import Course, CourseError

try:
    import fcntl
except ImportError:  # Windows, where nothing can be graded
    fcntl = None  # type: ignore[assignment]

START = "0" * 64
Record = dict[str, Any]


def trail(course: Course) -> Path:
    """Where the trail of a course is."""
    return course.root / "instructor" / "audit.jsonl"


def append(course: Course, records: Iterable[Record]) -> None:
    """Add records, each with its number, time, user and hashes; all of them or none.

    Raises
    ------
    CourseError
        If the trail cannot be written, or its last line is damaged.
    """
    records = list(records)
    if not records:
        return
    path = trail(course)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path) as handle:
            last = _last(path)
            time = datetime.now(UTC).isoformat(timespec="seconds")
            lines = b""
            for record in records:
                head = {"number": last["number"] + 1, "time": time, "user": _user()}
                last = _sealed({**head, **record, "previous": last["hash"]})
                lines += _line(last)
            os.write(handle, lines)
            os.fsync(handle)
    except OSError as error:
        raise CourseError(f"cannot write {path} ({error.strerror})") from None


def records(course: Course) -> Iterator[Record]:
    """All records, oldest first.

    Raises
    ------
    CourseError
        If a line is no record.
    """
    for number, line in enumerate(_lines(course), start=1):
        yield _record(trail(course), number, line)


def faults(course: Course) -> Iterator[str]:
    """What is wrong with the chain, with line numbers; nothing if it is whole."""
    previous = START
    try:
        for number, line in enumerate(_lines(course), start=1):
            record = _record(trail(course), number, line)
            if record["number"] != number:
                yield f"line {number} has the number {record['number']}: lines are missing or moved"
            if record["previous"] != previous:
                yield f"line {number} does not follow the line before it"
            if _line(_sealed(record)) != line:
                yield f"line {number} was changed after it was written"
            previous = record["hash"]
    except CourseError as error:
        yield str(error)


def _lines(course: Course) -> Iterator[bytes]:
    path = trail(course)
    if path.is_file():
        with path.open("rb") as file:
            yield from file


def _line(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _sealed(record: Record) -> Record:
    """The record with the hash of everything else in it."""
    content = {key: value for key, value in record.items() if key != "hash"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return {**content, "hash": sha256(text.encode()).hexdigest()}


def _record(path: Path, number: int, line: bytes) -> Record:
    try:
        record = json.loads(line)
        if isinstance(record, dict) and {"number", "previous", "hash"} <= record.keys():
            return record
    except ValueError:
        pass
    raise CourseError(
        f"{path}, line {number} is no record: it is damaged, or was cut off in the middle. Keep a "
        "copy of the file, then remove what comes from that line on"
    )


def _last(path: Path) -> Record:
    lines = path.read_bytes().splitlines(keepends=True)
    if not lines:
        return {"number": 0, "hash": START}
    whole = lines[-1] if lines[-1].endswith(b"\n") else b""
    return _record(path, len(lines), whole)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The file, open for adding to it, by one process at a time."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return str(os.getuid())
