"""Zip files of Moodle, Canvas and Gradescope: everybody's own work, and nobody else's."""

import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder import layouts, packed
from autograder.course import Course, CourseError
from autograder.deadlines import handed_in
from autograder.intake import collect

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
ROSTER = """id,first_name,last_name,email
ann,Ann,Lee,ann@example.org
fat,Fatima,El Amrani,Fatima@example.org
gor,Goran,Petrović,
mal,Mallory,Moe,mal@example.org
one,Kim,Park,
two,Kim,Park,
"""
MOODLE = "{}_{}_assignsubmission_file_/T1.ipynb"
METADATA = """submission_11:
  :submitters:
  - :name: Ann Lee
    :sid: ann
    :email: other@example.org
  - :name: F
    :sid: '77'
    :email: fatima@EXAMPLE.org
  :created_at: 2026-11-20 22:59:30.123456000 Z
  :results: {}
submission_12:
  :submitters:
  - :name: Eve
    :sid: eve
    :email: eve@example.org
  :created_at: 2026-11-20 23:59:30 Z
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "roster.csv").write_text(ROSTER)
    return Course(tmp_path)


def _collect(course: Course, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> dict[str, str]:
    path = course.root / "inbox.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries:
            archive.writestr(name, data)
    outcome = collect(course, "T1", path)
    files = {path.name for path in course.root.rglob("*") if path.is_file()}
    assert files <= {"roster.csv", "inbox.zip", "intake.json", "T1.ipynb", "timestamp.txt"}
    return {who: words for who, words in outcome.items() if words != "missing"}


def _taken(course: Course, student: str) -> bytes:
    return course.notebook("submitted", "T1", student).read_bytes()


@pytest.mark.parametrize("around", ["", "CS-T1-123/"])
def test_moodle(course: Course, around: str) -> None:
    outcome = _collect(
        course,
        (around + MOODLE.format("Ann Lee", 11), b"ann"),
        (around + MOODLE.format("El Amrani Fatima", 12), b"fatima"),
        (around + MOODLE.format("Goran Petrovic\u0301", 13), b"goran"),
        (around + MOODLE.format("Eve Nobody", 14), b"eve"),
    )
    assert outcome == {
        **dict.fromkeys(("ann", "fat", "gor"), "collected"),
        "'Eve Nobody'": "not on the roster",
    }
    assert [_taken(course, who) for who in ("ann", "fat", "gor")] == [b"ann", b"fatima", b"goran"]
    assert handed_in(course, "T1", "ann") is None  # the zip file tells when it was made


def test_moodle_without_folders(course: Course) -> None:
    name = "Ann Lee_11_assignsubmission_file_T1.ipynb"
    assert _collect(course, (name, b"ann")) == {"ann": "collected"}


def test_moodle_of_one_student_only(course: Course) -> None:
    assert _collect(course, (MOODLE.format("Ann Lee", 11), b"ann")) == {"ann": "collected"}


def test_canvas(course: Course) -> None:
    outcome = _collect(
        course,
        ("leeann_101_9001_T1.ipynb", b"first"),
        ("leeann_101_9003_T1-1.ipynb", b"last"),
        ("leeann_101_9004_other.ipynb", b"other"),
        ("elamranifatima_LATE_102_9002_T1.ipynb", b"late"),
        ("petrovićgoran_103_9005_T1.ipynb", b"goran"),
        ("nobodyeve_104_9006_T1.ipynb", b"eve"),
    )
    assert outcome == {
        "ann": "collected",
        "fat": f"collected; {layouts.LATE}",
        "gor": "collected",
        "nobodyeve": "not on the roster",
    }
    assert _taken(course, "ann") == b"last"
    assert handed_in(course, "T1", "fat") is None


@pytest.mark.parametrize("around", ["", "assignment_1_export/"])
def test_gradescope(course: Course, around: str) -> None:
    outcome = _collect(
        course,
        (f"{around}submission_metadata.yml", METADATA.encode()),
        (f"{around}submission_11/T1.ipynb", b"pair"),
        (f"{around}submission_12/T1.ipynb", b"eve"),
        (f"{around}submission_13/T1.ipynb", b"not in the metadata"),
    )
    assert outcome == {"ann": "collected", "fat": "collected", "Eve": "not on the roster"}
    assert _taken(course, "ann") == _taken(course, "fat") == b"pair"
    assert handed_in(course, "T1", "ann") == datetime(2026, 11, 20, 22, 59, 30, 123456, UTC)


def test_namesakes_are_refused_and_named(course: Course) -> None:
    outcome = _collect(course, (MOODLE.format("Kim Park", 11), NOTEBOOK))
    assert outcome.keys() == {"one", "two"}
    assert all(
        words.startswith("refused: 'Kim Park' could be one or") for words in outcome.values()
    )


def test_a_borrowed_name_is_refused(course: Course) -> None:
    """Mallory has changed her name in Moodle to Ann's."""
    outcome = _collect(
        course, (MOODLE.format("Ann Lee", 11), b"ann"), (MOODLE.format("ann  LEE", 66), b"forged")
    )
    assert outcome["ann"].startswith("refused: several submissions (11, 66)")
    assert not course.notebook("submitted", "T1", "ann").exists()


EVIL = {
    "Moodle, a folder inside": (
        MOODLE.format("Mallory Moe", 66),
        "Mallory Moe_66_assignsubmission_file_/Ann Lee_11_assignsubmission_file_/T1.ipynb",
    ),
    "Moodle, metadata inside": (
        MOODLE.format("Mallory Moe", 66),
        "Mallory Moe_66_assignsubmission_file_/submission_metadata.yml",
    ),
    "Moodle, a way out": (
        MOODLE.format("Mallory Moe", 66),
        "Mallory Moe_66_assignsubmission_file_/../" + MOODLE.format("Ann Lee", 11),
    ),
    "Moodle, a file's name": (
        MOODLE.format("Mallory Moe", 66),
        "Mallory Moe_66_assignsubmission_file_Ann Lee_11_assignsubmission_file_T1.ipynb",
    ),
    "Moodle, an id inside": (
        MOODLE.format("Mallory Moe", 66),
        "Mallory Moe_66_assignsubmission_file_/ann/T1.ipynb",
    ),
    "Canvas, a file's name": ("moemallory_66_1_T1.ipynb", "moemallory_66_2_leeann_11_3_T1.ipynb"),
}


@pytest.mark.parametrize("names", EVIL.values(), ids=EVIL.keys())
def test_nobody_hands_in_for_another(course: Course, names: tuple[str, str]) -> None:
    outcome = _collect(course, *((name, b"mallory") for name in names))
    assert outcome == {"mal": "collected"}


@pytest.mark.parametrize("inside", ["ann/T1.ipynb", "submission_11/T1.ipynb", "x"])
def test_nobody_hands_in_for_another_on_gradescope(course: Course, inside: str) -> None:
    mallory = "submission_9: {':submitters': [{':sid': mal}]}\n"
    outcome = _collect(
        course,
        ("export/submission_metadata.yml", mallory.encode()),
        ("export/submission_9/T1.ipynb", b"mallory"),
        ("export/submission_9/submission_metadata.yml", METADATA.encode()),
        (f"export/submission_9/{inside}", b"forged"),
    )
    assert outcome == {"mal": "collected"}


def test_links_bombs_and_large_files_cost_one_student(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "MAX_NOTEBOOK", 100)
    link = zipfile.ZipInfo(MOODLE.format("Ann Lee", 11))
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    outcome = _collect(
        course,
        (link, b"/etc/passwd"),
        (MOODLE.format("Fatima El Amrani", 12), bytes(101)),
        (MOODLE.format("Goran Petrović", 13), b"{}"),
    )
    assert outcome["ann"] == "refused: the notebook is a symbolic link"
    assert "larger" in outcome["fat"]
    assert outcome["gor"] == "collected"


METADATA_EVIL = {
    "no YAML": b"a: [",
    "no mapping": b"- 1",
    "deep": b"[" * 100_000,
    "an object": b"a: !!python/object/apply:os.system ['true']",
    "no text": b"\xff\xfe\xff",
    "large": bytes(1001),
}


@pytest.mark.parametrize("data", METADATA_EVIL.values(), ids=METADATA_EVIL.keys())
def test_metadata_that_cannot_be_read(
    course: Course, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    if data == METADATA_EVIL["large"]:
        monkeypatch.setattr(layouts, "MAX_METADATA", 1000)
    with pytest.raises(CourseError, match=r"submission_metadata\.yml cannot be read"):
        _collect(course, ("submission_metadata.yml", data), ("submission_1/T1.ipynb", NOTEBOOK))


ODD = [
    "submission_1: 7",
    "submission_1: {':submitters': 7}",
    "submission_1: {':submitters': [7, null]}",
    "submission_1: {':submitters': [{':sid': [1], ':email': {}}], ':created_at': soon}",
    "1: {':submitters': []}",
]


@pytest.mark.parametrize("text", ODD)
def test_odd_metadata_names_nobody(course: Course, text: str) -> None:
    outcome = _collect(
        course, ("submission_metadata.yml", text.encode()), ("submission_1/T1.ipynb", NOTEBOOK)
    )
    assert set(outcome.values()) <= {"not on the roster"}
