"""Files of `coursepkg pack` on their way in: by hand, in folders, through the platforms."""

import io
import zipfile
from pathlib import Path

import pytest

from autograder import packed
from autograder.course import Course
from autograder.intake import collect
from autograder.layouts import METADATA

NAME = "T1_{}_0123abcd.zip"
ROSTER = "id,first_name,last_name,email\nann,Ann,Lee,ann@x.org\nben,Ben,Oz,ben@x.org\n"


def pack(inside: str, data: bytes) -> bytes:
    """A zip file like those of `coursepkg pack`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{inside}/T1.ipynb", data)
        archive.writestr(f"{inside}/receipt.txt", "Receipt")
    return file.getvalue()


ANN = pack("ann", b"ann")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return Course(tmp_path)


def _taken(course: Course, student: str) -> bytes:
    return course.notebook("submitted", "T1", student).read_bytes()


def _folder(course: Course, *files: tuple[str, bytes]) -> Path:
    for name, data in files:
        path = course.root / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return course.root / "inbox"


def _zip(course: Course, *files: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(course.root / "inbox.zip", "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return course.root / "inbox.zip"


PLACES = {
    "by itself": NAME.format("ann"),
    "saved twice": f"{NAME.format('ann').removesuffix('.zip')} (1).zip",
    "in a folder": f"ann/{NAME.format('ann')}",
    "under another's name": f"ann/{NAME.format('ben')}",
}
PLATFORMS = {
    "Moodle": f"Ann Lee_11_assignsubmission_file_/{NAME.format('ben')}",
    "Canvas": f"leeann_101_9001_{NAME.format('ben')}",
    "Canvas, again": "leeann_101_9001_T1_ann_0123abcd-1.zip",
}


@pytest.mark.parametrize("make", [_folder, _zip])
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_the_place_says_whose_it_is(course: Course, make: object, place: str) -> None:
    assert callable(make)
    inbox = make(course, (place, pack("ben", b"ann")), ("ben/T1.ipynb", b"ben"))
    assert collect(course, "T1", inbox) == {"ann": "collected", "ben": "collected"}
    assert (_taken(course, "ann"), _taken(course, "ben")) == (b"ann", b"ben")


@pytest.mark.parametrize("name", PLATFORMS.values(), ids=PLATFORMS.keys())
def test_the_platform_says_whose_it_is(course: Course, name: str) -> None:
    inbox = _zip(course, (name, pack("ben", b"ann")))
    assert collect(course, "T1", inbox) == {"ann": "collected", "ben": "missing"}
    assert _taken(course, "ann") == b"ann"


@pytest.mark.parametrize(
    ("name", "data"), [("ben/T1.ipynb", b"ann"), (NAME.format("ben"), ANN)], ids=["unpacked", "not"]
)
def test_gradescope_unpacks_it_or_not(course: Course, name: str, data: bytes) -> None:
    who = "submission_9:\n  :submitters: [{':sid': ann}]\n"
    inbox = _zip(course, (METADATA, who.encode()), (f"submission_9/{name}", data))
    assert collect(course, "T1", inbox) == {"ann": "collected", "ben": "missing"}
    assert _taken(course, "ann") == b"ann"


@pytest.mark.parametrize("make", [_folder, _zip])
def test_a_notebook_counts_before_a_packed_one(course: Course, make: object) -> None:
    assert callable(make)
    inbox = make(course, ("ann/T1.ipynb", b"plain"), (NAME.format("ann"), ANN))
    assert collect(course, "T1", inbox)["ann"] == "collected"
    assert _taken(course, "ann") == b"plain"


SEVERAL = {
    "folder": ("T1_ann_00000001.zip", "T1_ann_00000002.zip"),
    "a student's folder": ("ann/T1_ann_00000001.zip", "ann/T1_ann_00000002.zip"),
    "Moodle": tuple(f"Ann Lee_11_assignsubmission_file_/T1_ann_0000000{n}.zip" for n in (1, 2)),
}


@pytest.mark.parametrize("names", SEVERAL.values(), ids=SEVERAL.keys())
def test_of_several_none_is_guessed(course: Course, names: tuple[str, str]) -> None:
    makers = [_zip] if "assignsubmission" in names[0] else [_zip, _folder]
    for make in makers:
        inbox = make(course, *((name, ANN) for name in names))
        outcome = collect(course, "T1", inbox)["ann"]
        assert outcome.startswith("refused: several packed files (")
        assert "00000001" in outcome


def test_strangers_are_named(course: Course) -> None:
    for make in (_folder, _zip):
        inbox = make(course, (NAME.format("eve"), ANN), (NAME.format("ann"), ANN))
        assert collect(course, "T1", inbox)["eve"] == "not on the roster"


def _many() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(packed.MAX_FILES):
            archive.writestr(f"{number}", b"")
        archive.writestr("ann/T1.ipynb", b"")
    return file.getvalue()


def _two() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("ann/T1.ipynb", b"1")
        archive.writestr("T1.ipynb", b"2")
    return file.getvalue()


EVIL = {
    "no zip": (b"text", "no zip file"),
    "cut off": (ANN[:-30], "no zip file"),
    "none inside": (pack("ann/deep/er", b""), "0 notebooks"),
    "two inside": (_two(), "2 notebooks"),
    "many files": (_many(), "more than 100 files"),
    "a bomb": (pack("ann", bytes(packed.MAX_NOTEBOOK + 1)), "larger than 20 MB"),
}


@pytest.mark.parametrize(("data", "words"), EVIL.values(), ids=EVIL.keys())
@pytest.mark.parametrize("make", [_folder, _zip])
def test_a_bad_one_costs_its_student_only(
    course: Course, make: object, data: bytes, words: str
) -> None:
    assert callable(make)
    inbox = make(course, (NAME.format("ann"), data), (NAME.format("ben"), pack("ben", b"ben")))
    outcome = collect(course, "T1", inbox)
    assert words in outcome["ann"]
    assert outcome["ben"] == "collected"


def test_a_link_that_looks_packed_is_not_followed(course: Course, tmp_path: Path) -> None:
    inbox = _folder(course, ("ben/T1.ipynb", b"ben"))
    (tmp_path / "secret.zip").write_bytes(ANN)
    (inbox / NAME.format("ann")).symlink_to(tmp_path / "secret.zip")
    assert "symbolic link" in collect(course, "T1", inbox)["ann"]
