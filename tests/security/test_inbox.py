"""What may lie in an inbox: everybody keeps a row, and nobody's row is another's doing."""

import os
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import intake, packed
from autograder.course import Course, CourseError
from autograder.intake import collect

Put = Callable[[Path, Path], object]
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "roster.csv").write_text("id\nann\nben\nmallory\n")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "T1.ipynb").write_bytes(b'{"the": "solution"}')
    for student in ("ann", "mallory"):
        (tmp_path / "inbox" / student).mkdir(parents=True)
    (tmp_path / "inbox" / "ann" / "T1.ipynb").write_bytes(NOTEBOOK)
    return Course(tmp_path)


def _bind(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


REFUSED: dict[str, Put] = {
    "a symbolic link": lambda path, secret: path.symlink_to(secret),
    "a dangling link": lambda path, secret: path.symlink_to("nowhere"),
    "a link to itself": lambda path, secret: path.symlink_to(path.name),
    "a hard link": lambda path, secret: path.hardlink_to(secret),
    "a pipe": lambda path, secret: os.mkfifo(path),
    "a folder": lambda path, secret: path.mkdir(),
    "a socket": lambda path, secret: _bind(path),
    "a link to a device": lambda path, secret: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("put", REFUSED.values(), ids=REFUSED.keys())
def test_only_a_students_own_file_is_read(course: Course, put: Put) -> None:
    put(course.root / "inbox" / "mallory" / "T1.ipynb", course.root / "secret" / "T1.ipynb")
    outcome = collect(course, "T1", course.root / "inbox")
    assert outcome["mallory"].startswith("refused: ")
    assert (outcome["ann"], outcome["ben"]) == ("collected", "missing")
    assert not course.notebook("submitted", "T1", "mallory").exists()


FOLDERS: dict[str, Put] = {
    "a link to a folder": lambda path, secret: path.symlink_to(secret.parent),
    "a file": lambda path, secret: path.write_bytes(NOTEBOOK),
    "a pipe": lambda path, secret: os.mkfifo(path),
}


@pytest.mark.parametrize("put", FOLDERS.values(), ids=FOLDERS.keys())
def test_only_a_students_own_folder_is_entered(course: Course, put: Put) -> None:
    put(course.root / "inbox" / "ben", course.root / "secret" / "T1.ipynb")
    outcome = collect(course, "T1", course.root / "inbox")
    assert outcome["ben"].startswith("refused: ")
    assert outcome["ann"] == "collected"


STRANGE_NAMES = ["Ann", "ANN", "ann ", "an\nn", "a\x1b[31mn", "\u202enna", "-rf", "=1+1"]
STRANGE_NAMES += ["\u00e4nn", "a\u0308nn"]  # the same name to a reader


def test_strange_names_are_strangers_and_shown_in_plain_letters(course: Course) -> None:
    for name in STRANGE_NAMES:
        (course.root / "inbox" / name).mkdir()
        (course.root / "inbox" / name / "T1.ipynb").write_bytes(b"stolen name")
    (course.root / "inbox" / os.fsdecode(b"\xff")).mkdir()
    (course.root / "inbox" / os.fsdecode(b"\xff") / "T1.ipynb").write_bytes(b"")
    outcome = collect(course, "T1", course.root / "inbox")
    assert outcome["ann"] == "collected"
    assert sum(words == "not on the roster" for words in outcome.values()) == 11
    assert all(name.isascii() and name.isprintable() for name in outcome)
    assert course.notebook("submitted", "T1", "ann").read_bytes() == NOTEBOOK
    assert [path.name for path in (course.root / "submitted").iterdir()] == ["ann"]


@pytest.mark.parametrize("other", ["Ann", "ANN", "../ann", "a/b", "..", "ann\n", "\uff41nn", ""])
def test_ids_that_could_share_a_folder_are_refused(course: Course, other: str) -> None:
    (course.root / "roster.csv").write_text(f'id,email\nann,\n"{other}",\n')
    with pytest.raises(CourseError, match="line 3"):
        _ = course.roster


# ---------------------------------------------------------------- zip files


def _zip(course: Course, *entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    path = course.root / "inbox.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


EVIL_PATHS = [
    "../ann/T1.ipynb",
    "mallory/../ann/T1.ipynb",
    "mallory/ann/T1.ipynb",
    "mallory\\ann\\T1.ipynb",
    "mallory/x/y/ann/T1.ipynb",
    "/mallory/ann/T1.ipynb",
    "C:\\mallory\\ann\\T1.ipynb",
]


@pytest.mark.parametrize("path", EVIL_PATHS)
def test_nobody_hands_in_for_another(course: Course, path: str) -> None:
    inbox = _zip(course, ("ann/T1.ipynb", NOTEBOOK), ("mallory/T1.ipynb", b"x"), (path, b"forged"))
    assert collect(course, "T1", inbox)["ann"] == "collected"
    assert course.notebook("submitted", "T1", "ann").read_bytes() == NOTEBOOK


@pytest.mark.parametrize("around", ["", "export/", "C:/export/", "/export/", "export\\"])
def test_a_folder_around_all_folders_does_no_harm(course: Course, around: str) -> None:
    inbox = _zip(course, (f"{around}ann/T1.ipynb", NOTEBOOK), (f"{around}eve/T1.ipynb", b""))
    outcome = collect(course, "T1", inbox)
    assert (outcome["ann"], outcome["eve"]) == ("collected", "not on the roster")
    names = {path.name for path in course.root.rglob("*") if path.is_file()}
    assert names == {"roster.csv", "T1.ipynb", "timestamp.txt", "inbox.zip", "intake.json"}


def test_of_many_entries_of_one_name_one_is_unpacked(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        inbox = _zip(course, *[("ann/T1.ipynb", bytes(10**6))] * 50, ("eve/T1.ipynb", b""))
    opened = []
    unzip = intake._unzip
    monkeypatch.setattr(intake, "_unzip", lambda *a: opened.append(a) or unzip(*a))  # type: ignore[func-returns-value]
    assert collect(course, "T1", inbox)["ann"] == "collected"
    assert len(opened) == 1


def test_a_bomb_is_cut_off_at_the_limit(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MAX_NOTEBOOK", 10**5)
    inbox = _zip(course, ("ann/T1.ipynb", bytes(10**8)), ("ben/T1.ipynb", NOTEBOOK))
    assert inbox.stat().st_size < 10**6
    outcome = collect(course, "T1", inbox)
    assert "larger" in outcome["ann"]
    assert outcome["ben"] == "collected"


def test_an_archive_of_too_many_files_is_refused(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MAX_ENTRIES", 3)
    inbox = _zip(course, *[(f"{number}/T1.ipynb", b"") for number in range(4)])
    with pytest.raises(CourseError, match="more than 3 files"):
        collect(course, "T1", inbox)


def _flip(data: bytes, mark: bytes, at: int, value: int) -> bytes:
    """Change a field of ann's (the first) local and central header."""
    place = data.index(mark)
    return data[: place + at] + bytes([value]) + data[place + at + 1 :]


def _broken(data: bytes, kind: str) -> bytes:
    if kind == "encrypted":
        return _flip(_flip(data, b"PK\1\2", 8, 1), b"PK\3\4", 6, 1)
    if kind == "unknown method":
        return _flip(_flip(data, b"PK\1\2", 10, 97), b"PK\3\4", 8, 97)
    if kind == "wrong sum":
        return _flip(data, b"PK\1\2", 16, 7)
    if kind == "no such place":
        return _flip(data, b"PK\1\2", 45, 7)
    return data.replace(b"ann/T1.ipynb", b"ann/T1.ipynb"[:-1] + b"\xff", 1)  # two names


@pytest.mark.parametrize(
    "kind", ["encrypted", "unknown method", "wrong sum", "no such place", "two names"]
)
def test_a_broken_entry_costs_one_student(course: Course, kind: str) -> None:
    inbox = _zip(course, ("ann/T1.ipynb", NOTEBOOK), ("ben/T1.ipynb", NOTEBOOK))
    inbox.write_bytes(_broken(inbox.read_bytes(), kind))
    outcome = collect(course, "T1", inbox)
    assert outcome["ann"].startswith("refused: ")
    assert outcome["ben"] == "collected"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression_is_refused(course: Course, method: int) -> None:
    inbox = _zip(course, ("ann/T1.ipynb", NOTEBOOK), method=method)
    assert "unusual" in collect(course, "T1", inbox)["ann"]
