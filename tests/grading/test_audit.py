"""The audit trail: whatever is done to it afterwards shows."""

import fcntl
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import audit
from autograder.course import Course, CourseError


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "roster.csv").write_text("id\nann\n")
    course = Course(tmp_path)
    audit.append(course, ({"event": "graded", "student": "ann", "points": n} for n in range(3)))
    audit.append(course, [{"event": "regraded", "note": "5 → 6"}])
    return course


def _lines(course: Course) -> list[bytes]:
    return audit.trail(course).read_bytes().splitlines(keepends=True)


def test_what_was_appended_is_there_and_whole(course: Course) -> None:
    assert [record["number"] for record in audit.records(course)] == [1, 2, 3, 4]
    assert list(audit.faults(course)) == []
    assert audit.trail(course).stat().st_mode & 0o077 == 0


def test_a_course_without_a_trail_has_no_faults(tmp_path: Path) -> None:
    assert list(audit.faults(Course(tmp_path))) == list(audit.records(Course(tmp_path))) == []


def _rehashed(line: bytes) -> bytes:
    record = audit._sealed({**json.loads(line), "points": 40})
    return json.dumps(record).encode() + b"\n"


TAMPERED: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "points": lambda lines: [lines[0].replace(b'"points": 0', b'"points": 9'), *lines[1:]],
    "points and hash": lambda lines: [lines[0], _rehashed(lines[1]), *lines[2:]],
    "removed": lambda lines: [lines[0], *lines[2:]],
    "the first one removed": lambda lines: lines[1:],
    "swapped": lambda lines: [lines[1], lines[0], *lines[2:]],
    "twice": lambda lines: [lines[0], *lines],
    "cut": lambda lines: [*lines[:3], lines[3][:20]],
    "no JSON": lambda lines: [lines[0], b"\xff\n", *lines[1:]],
    "another kind": lambda lines: [lines[0], b"[]\n", *lines[1:]],
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED.keys())
def test_tampering_shows(course: Course, tamper: Callable[[list[bytes]], list[bytes]]) -> None:
    audit.trail(course).write_bytes(b"".join(tamper(_lines(course))))
    assert list(audit.faults(course))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_can_be_changed(course: Course, data: st.DataObject) -> None:
    text = audit.trail(course).read_bytes()
    place = data.draw(st.integers(0, len(text) - 2))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != text[place]))
    audit.trail(course).write_bytes(text[:place] + bytes([byte]) + text[place + 1 :])
    try:
        assert list(audit.faults(course))
    finally:
        audit.trail(course).write_bytes(text)


def test_nothing_is_added_to_half_a_line(course: Course) -> None:
    text = audit.trail(course).read_bytes()
    audit.trail(course).write_bytes(text[:-30])
    with pytest.raises(CourseError, match="line 4 is no record"):
        audit.append(course, [{"event": "graded"}])
    assert audit.trail(course).read_bytes() == text[:-30]


def test_one_process_at_a_time_reads_the_last_line(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    last, refused = audit._last, []

    def tried(path: Path) -> audit.Record:
        with path.open("ab") as other:
            try:
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                refused.append(path)
        return last(path)

    monkeypatch.setattr(audit, "_last", tried)
    audit.append(course, [{"event": "graded"}])
    assert refused == [audit.trail(course)]
    assert list(audit.faults(course)) == []
