"""Times of hand-in, and the penalties that are worked out from them and never stored."""

import csv
import os
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.course import Course
from autograder.course_totals import write_course_totals
from autograder.deadlines import handed_in, lateness
from autograder.export import export
from autograder.feedback import write_feedback
from autograder.grade import grade
from autograder.gradebook import Writer
from autograder.intake import collect
from autograder.manifest import Manifest
from autograder.report import write_report

HandIn = Callable[..., Path]
DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
POLICY = """time_zone: Europe/Berlin
late: {percent_per_day: 10, cap_percent: 50}
assignments:
  T1: {due: 2026-11-20 23:59}
"""


def _at(path: Path, at: datetime) -> None:
    os.utime(path, (at.timestamp(), at.timestamp()))


def _collect(course: Course) -> None:
    collect(course, "T1", course.root / "inbox")


def test_the_time_of_a_file_is_the_time_of_hand_in(toy: Course, hand_in: HandIn) -> None:
    _at(hand_in("ann"), DUE)
    _collect(toy)
    assert handed_in(toy, "T1", "ann") == DUE
    assert handed_in(toy, "T1", "ben") is None


def test_the_same_notebook_again_keeps_its_time_and_another_does_not(
    toy: Course, hand_in: HandIn
) -> None:
    path = hand_in("ann")
    _at(path, DUE)
    _collect(toy)
    _at(path, DUE + timedelta(days=3))  # somebody copied the inbox
    _collect(toy)
    assert handed_in(toy, "T1", "ann") == DUE
    path.write_text(path.read_text() + " ")
    _at(path, DUE + timedelta(days=3))
    _collect(toy)
    assert handed_in(toy, "T1", "ann") == DUE + timedelta(days=3)


def test_a_zip_file_tells_local_time(toy: Course, hand_in: HandIn, tmp_path: Path) -> None:
    (toy.root / "course.yml").write_text(POLICY)
    data = hand_in("ann").read_bytes()
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("ann/T1.ipynb", (2026, 11, 21, 0, 29, 0)), data)
        archive.writestr(zipfile.ZipInfo("ben/T1.ipynb"), data)
        archive.writestr(zipfile.ZipInfo("cay/T1.ipynb", (2026, 0, 0, 0, 0, 0)), data)
    collect(toy, "T1", tmp_path / "all.zip")
    assert handed_in(toy, "T1", "ann") == DUE + timedelta(minutes=30)
    assert handed_in(toy, "T1", "ben") is handed_in(toy, "T1", "cay") is None
    late = lateness(toy, "T1")
    assert {who: each.percent for who, each in late.items()} == {
        "ann": 10,
        "ben": 0,
        "cay": 0,
        "dee": 0,
    }


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01 00:00:00 UTC", "\0"])
def test_a_damaged_time_is_no_time(toy: Course, hand_in: HandIn, text: str) -> None:
    hand_in("ann")
    _collect(toy)
    toy.timestamp("T1", "ann").write_text(text)
    assert handed_in(toy, "T1", "ann") is None


def test_a_file_of_no_year_is_collected_without_a_time(
    toy: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.stat(hand_in("ann"))
    fields = {name: getattr(real, name) for name in dir(real) if name.startswith("st_")}
    fields["st_mtime"] = 2.0**60
    monkeypatch.setattr(os, "fstat", lambda _: SimpleNamespace(**fields))
    _collect(toy)
    assert toy.notebook("submitted", "T1", "ann").is_file()
    assert handed_in(toy, "T1", "ann") is None


@pytest.fixture
def graded(toy: Course, hand_in: HandIn, one_jail: None) -> Course:
    """Ann was in time, ben one day late, cay handed in without a time; ann and ben earn 5."""
    (toy.root / "course.yml").write_text(POLICY)
    _at(hand_in("ann"), DUE)
    _at(hand_in("ben"), DUE + timedelta(hours=20))
    hand_in("cay")
    _collect(toy)
    toy.timestamp("T1", "cay").unlink()
    grade(toy, "T1")
    return toy


def _totals(course: Course) -> dict[str, tuple[str, str, str]]:
    rows = csv.DictReader(export(Course(course.root), "T1")[1].open())
    return {r["student"]: (r["points"], r["raw_points"], r["penalty_percent"]) for r in rows}


@pytest.mark.jail
def test_a_changed_deadline_recomputes_everything(graded: Course) -> None:
    assert _totals(graded)["ben"] == ("4.5", "5.0", "10.0")
    assert _totals(graded)["ann"] == ("5.0", "5.0", "0.0")
    (graded.root / "course.yml").write_text(POLICY.replace("2026-11-20", "2026-11-18"))
    assert _totals(graded)["ben"] == ("3.5", "5.0", "30.0")
    assert _totals(graded)["ann"] == ("4.0", "5.0", "20.0")
    extension = "extensions: [{student: ben, assignment: T1, due: 2026-11-22 12:00}]\n"
    (graded.root / "course.yml").write_text(POLICY + extension + "slip_days: 1\n")
    assert _totals(graded)["ben"] == ("5.0", "5.0", "0.0")


@pytest.mark.jail
def test_the_gradebook_keeps_raw_points(graded: Course) -> None:
    _totals(graded)
    with Writer(graded, Manifest.load(graded.manifest("T1"))) as writer:
        stored = writer.database.read(writer._scores)
    assert stored["ben", "double"] == 2


@pytest.mark.jail
def test_students_and_the_instructor_are_told(graded: Course) -> None:
    ann, ben, cay, dee = (path.read_text() for path in write_feedback(graded, "T1"))
    assert "in time for the deadline, 2026-11-20 23:59 CET." in ann
    assert "20 h after the deadline" in ben
    assert "5 points for the work, less 10 % for handing in late." in ben
    assert "4.5 <small>of 9" in ben
    assert "deadline" not in cay + dee
    report = write_report(graded, "T1").read_text()
    assert "Handed in late" in report
    assert "The time of hand-in is not known, so nothing is taken off:\nCay." in report


@pytest.mark.jail
def test_the_course_so_far(graded: Course) -> None:
    rows = list(csv.DictReader(write_course_totals(graded).open()))
    assert [(r["student"], r["T1"], r["percent"]) for r in rows[:2]] == [
        ("ann", "5.0", "55.56"),
        ("ben", "4.5", "50.0"),
    ]
