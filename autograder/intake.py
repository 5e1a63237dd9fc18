"""Accept what students sent: believe nothing, lose nobody.

`collect` copies notebooks from a folder or zip file; `read` takes the cells in which students
write out of one notebook, by grade id, and compares the rest with what was released.
"""

from __future__ import annotations

import json
import os
import stat
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from hashlib import blake2b
from pathlib import Path
from typing import Any

from autograder import layouts, packed
from autograder.course import SAFE_NAME, Course, CourseError
from autograder.deadlines import handed_in, note_hand_in
from autograder.files import read_json, write_whole
from autograder.manifest import Cell, Manifest
from autograder.rubric import Status

MAX_ANSWER = 200_000
MAX_CELLS = 2_000
MAX_ENTRIES = 100_000


@dataclass(frozen=True)
class Submission:
    """What is graded: the student's cells by grade id, or None where nothing can be graded."""

    student: str
    answers: dict[str, str] | None
    status: Status = Status.GRADED
    remarks: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """A name for this work alone."""
        content = json.dumps([self.status, self.answers])
        return blake2b(content.encode(), digest_size=8).hexdigest()

    def fingerprint(self, manifest: Manifest) -> str:
        """A name for this work together with the tests; the same name, the same grade."""
        content = json.dumps([manifest.digest, self.status, self.answers, self.remarks])
        return blake2b(content.encode(), digest_size=16).hexdigest()


# ---------------------------------------------------------------- from the inbox


def collect(course: Course, assignment: str, inbox: Path) -> dict[str, str]:
    """Copy each student's notebook to `submitted`, with its time; what happened, by student.

    The time of hand-in is that of the file. The same notebook again keeps the earlier one.

    Parameters
    ----------
    inbox : Path
        A folder with `<student>/<assignment>.ipynb` or the files of `coursepkg pack`, a zip file
        of such a folder, or the zip file of submissions that Moodle, Canvas or Gradescope gives
        out.

    Returns
    -------
    dict of str
        For everybody on the roster `"collected"`, with a remark after a semicolon if there is
        one, `"missing"` or `"refused: ..."`; for other names `"not on the roster"`.

    Raises
    ------
    CourseError
        If there is no such inbox.
    """
    if not inbox.exists():
        raise CourseError(f"no inbox at {inbox}: name the folder or zip file with submissions")
    outcome = {student.id: "missing" for student in course.roster}
    offers = _from_zip if inbox.is_file() else _from_folder
    for student, offer in offers(inbox, f"{assignment}.ipynb", course):
        if isinstance(offer, str):
            outcome[student] = offer
        else:
            _accept(course, assignment, student, offer)
            outcome[student] = f"collected; {offer.remark}" if offer.remark else "collected"
    write_whole(course.private(assignment, "intake.json"), json.dumps(outcome, indent=1))
    return outcome


@dataclass(frozen=True)
class Notebook:
    """What a student handed in, and when; None where nobody knows."""

    data: bytes
    at: datetime | None
    remark: str = ""


Offers = Iterator[tuple[str, Notebook | str]]  # a student; their notebook, or what is wrong with it
STRANGER = "not on the roster"


def _accept(course: Course, assignment: str, student: str, offer: Notebook) -> None:
    path, at = course.notebook("submitted", assignment, student), offer.at
    before = handed_in(course, assignment, student)
    if before and path.is_file() and path.read_bytes() == offer.data:
        at = min(at or before, before)
    write_whole(path, offer.data)
    if at:
        note_hand_in(course, assignment, student, at)
    else:  # that of an earlier notebook does not hold for this one
        course.timestamp(assignment, student).unlink(missing_ok=True)


def _from_folder(inbox: Path, name: str, course: Course) -> Offers:
    roster = {student.id for student in course.roster}
    own = set()
    for folder in sorted(inbox.iterdir()):
        if folder.name in roster:
            offer = _read_plain_file(folder, name) or _read_packed(folder, name)
            if offer is not None:
                own.add(folder.name)
                yield folder.name, offer
        elif folder.is_dir() and os.path.lexists(folder / name):
            yield _shown(folder.name), STRANGER
    for student, files in packed.by_student(os.listdir(inbox), name).items():
        if student not in roster:
            yield _shown(student), STRANGER
        elif student not in own:
            yield student, _read_one_packed(inbox.resolve(), files, name)


def _shown(name: str) -> str:
    """A stranger's name, fit for any terminal and file."""
    return name if SAFE_NAME.fullmatch(name) else ascii(name)[:80]


# NOFOLLOW: a link that points at the solution must not be read. NONBLOCK: nor must a pipe be.
OPENING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


def _read_plain_file(folder: Path, name: str) -> Notebook | str | None:
    """What is in a student's own, ordinary file; or why it is not taken; None without one."""
    try:
        place = os.open(folder, OPENING | os.O_DIRECTORY)
    except OSError:
        return "refused: the folder is a symbolic link or cannot be opened"
    try:
        handle = os.open(name, OPENING, dir_fd=place)
    except FileNotFoundError:
        return None
    except OSError:
        return "refused: the notebook is a symbolic link or cannot be opened"
    finally:
        os.close(place)
    try:
        return _read_handle(handle)
    finally:
        os.close(handle)


def _read_packed(folder: Path, name: str) -> Notebook | str | None:
    """The same for a packed file, whatever id is in its name."""
    files = [file for file in os.listdir(folder) if packed.pattern(name).fullmatch(file)]
    return _read_one_packed(folder, files, name) if files else None


def _read_one_packed(folder: Path, files: list[str], name: str) -> Notebook | str:
    """The notebook in the one packed file there is; why none is taken, if there are several."""
    if len(files) > 1:
        return packed.several(files)
    return _unpacked(_read_plain_file(folder, files[0]), name)


def _unpacked(offer: Notebook | str | None, name: str) -> Notebook | str:
    """The notebook in a packed file that was read."""
    if not isinstance(offer, Notebook):
        return offer or "refused: the packed file has gone"
    data = packed.notebook(offer.data, name)
    return data if isinstance(data, str) else replace(offer, data=data)


def _read_handle(handle: int) -> Notebook | str:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        return "refused: the notebook is no ordinary file"
    if status.st_nlink > 1:  # somebody who may not read the other file may yet give it this name
        return "refused: the notebook is a hard link to another file; hand in a copy"
    with open(handle, "rb", closefd=False) as file:
        data = file.read(packed.MAX_NOTEBOOK + 1)
    try:
        at = datetime.fromtimestamp(status.st_mtime, UTC)
    except (ValueError, OverflowError, OSError):  # a year that no calendar has
        at = None
    return Notebook(data, at) if len(data) <= packed.MAX_NOTEBOOK else packed.TOO_LARGE


def _from_zip(inbox: Path, name: str, course: Course) -> Offers:
    try:
        with zipfile.ZipFile(inbox) as archive:
            if len(archive.infolist()) > MAX_ENTRIES:
                raise CourseError(f"{inbox} holds more than {MAX_ENTRIES} files")
            # One entry for each student: what is unpacked is bounded by the roster.
            found = layouts.offers(archive, name, course.roster)
            if found is None:
                yield from _from_plain_zip(archive, name, course)
            else:
                yield from _from_platform(archive, found, name)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise CourseError(f"{inbox} is no zip file that can be read ({error})") from None


def _from_plain_zip(archive: zipfile.ZipFile, name: str, course: Course) -> Offers:
    roster = {student.id for student in course.roster}
    for student, entries in _offered(archive, name, roster).items():
        entry = entries[-1]
        if student not in roster:
            yield _shown(student), STRANGER
        elif len(entries) > 1 and entry.filename.endswith(".zip"):
            yield student, packed.several(e.filename for e in entries)
        else:
            yield student, _unzip(archive, entry, _time_in_zip(entry, course.policy.zone), name)


def _from_platform(archive: zipfile.ZipFile, found: list[layouts.Offer], name: str) -> Offers:
    for offer in found:
        if not offer.students:
            yield _shown(offer.name), STRANGER
    for student, taken in layouts.by_student(found):
        if isinstance(taken, str):
            yield student, taken
            continue
        notebook = _unzip(archive, taken.entry, taken.at, name)
        if isinstance(notebook, Notebook):
            notebook = replace(notebook, remark=taken.remark)
        yield student, notebook


def _offered(
    archive: zipfile.ZipFile, name: str, roster: set[str]
) -> dict[str, list[zipfile.ZipInfo]]:
    """The entries `<student>/<name>` of each student, and the packed files before them.

    Folders around the folders do no harm, but must be the same number for all: what lies deeper
    was put into one student's folder by that student, whatever name is on it.
    """
    found, pattern = [], packed.pattern(name)
    for entry in archive.infolist():
        *around, student, file = ["", *entry.filename.replace("\\", "/").split("/")]
        if ".." in around or entry.is_dir():
            continue
        match = pattern.fullmatch(file)
        if match and student not in roster:  # it lies where the folders do
            found.append((len(around) + 1, match["id"], entry))
        elif match or file == name:
            found.append((len(around), student, entry))
    depth = min((depth for depth, student, _ in found if student in roster), default=0)
    entries = defaultdict(list)
    for at, student, entry in found:
        if at == depth:
            entries[student].append(entry)
    for own in entries.values():
        own.sort(key=lambda entry: not entry.filename.endswith(".zip"))
    return dict(entries)


def _unzip(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, at: datetime | None, name: str
) -> Notebook | str:
    data = packed.unzip(archive, entry)
    if isinstance(data, str):
        return data
    offer = Notebook(data, at)
    return _unpacked(offer, name) if entry.filename.endswith(".zip") else offer


def _time_in_zip(entry: zipfile.ZipInfo, zone: tzinfo | None) -> datetime | None:
    """When the file was changed last: a zip file notes local time; 1980 stands for no time."""
    try:
        time = datetime(*entry.date_time, tzinfo=zone)
    except ValueError:
        return None
    return None if time.year == 1980 else time.astimezone(UTC)


# ---------------------------------------------------------------- from one notebook


def submissions(course: Course, manifest: Manifest) -> list[Submission]:
    """One submission for everybody on the roster, in its order.

    Raises
    ------
    CourseError
        If nothing has been collected yet, or what was noted then is damaged.
    """
    path = course.private(manifest.assignment, "intake.json")
    command = f"run `autograder collect {manifest.assignment} INBOX`"
    if not path.is_file():
        raise CourseError(f"nothing collected yet: {command}")
    outcome = read_json(path, command)
    if not isinstance(outcome, dict):
        raise CourseError(f"{path} is damaged: {command}")
    return [_submission(course, manifest, s.id, str(outcome.get(s.id))) for s in course.roster]


def _submission(course: Course, manifest: Manifest, student: str, outcome: str) -> Submission:
    if outcome.startswith("refused"):
        return Submission(student, None, Status.UNREADABLE, [outcome.capitalize() + "."])
    path = course.notebook("submitted", manifest.assignment, student)
    if not path.is_file():
        return Submission(student, None, Status.MISSING, ["No notebook was handed in."])
    return read(student, path.read_bytes(), manifest)


def read(student: str, data: bytes, manifest: Manifest) -> Submission:
    """Take a student's answers out of a notebook's bytes, whatever they are.

    Only cells in which students are to write are taken, found by grade id. Everything else is
    rebuilt from the manifest, so duplicate, deleted, forged and reordered cells change nothing;
    they are named in the remarks.
    """
    try:
        cells = _cells(data)
    except Exception as error:
        text = f"The file is no notebook that can be read ({type(error).__name__})."
        return Submission(student, None, Status.UNREADABLE, [text])
    by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for cell in cells:
        by_name[cell["name"]].append(cell)
    answers, remarks = {}, []
    for name, expected in manifest.answers.items():
        answers[name], remark = _pick(expected, by_name.get(name, []))
        remarks += [remark] if remark else []
    remarks += _compare(cells, by_name, manifest)
    return Submission(student, answers, Status.GRADED, remarks)


def _cells(data: bytes) -> list[dict[str, str]]:
    """Name (grade id or ""), type and source of each cell; raises on what is no notebook.

    Not by nbformat: it checks everything that a notebook may hold, and takes minutes and gigabytes
    for a file that was made for that.
    """
    notebook = json.loads(data.decode("utf-8-sig"))
    if notebook["nbformat"] != 4:
        raise ValueError("a notebook of another version")
    cells = notebook["cells"]
    if not isinstance(cells, list) or len(cells) > MAX_CELLS:
        raise ValueError("no cells, or too many")
    return [_cell(cell) for cell in cells if isinstance(cell, dict)]


def _cell(cell: dict[str, Any]) -> dict[str, str]:
    name = cell
    for key in ("metadata", "nbgrader", "grade_id"):
        name = name.get(key, "") if isinstance(name, dict) else ""
    source = cell.get("source")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    texts = {"name": name, "type": cell.get("cell_type"), "source": source}
    return {key: _text(value)[:MAX_ANSWER] for key, value in texts.items()}


def _text(value: object) -> str:
    """`value` without lone surrogates, which could be written to no file later."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _pick(expected: Cell, found: list[dict[str, Any]]) -> tuple[str, str]:
    """The student's text for one cell, and a remark if there is anything to say."""
    found = [cell for cell in found if cell["type"] == expected.cell_type]
    if not found:
        text = f"The cell `{expected.name}` was missing; it counts as left empty."
        return expected.source, text
    if len(found) == 1:
        return found[0]["source"], ""
    changed = [cell for cell in found if cell["source"] != expected.source]
    remark = f"The cell `{expected.name}` is there {len(found)} times; the last changed one counts."
    return (changed or found)[-1]["source"], remark


def _compare(
    cells: list[dict[str, Any]], by_name: dict[str, list[dict[str, Any]]], manifest: Manifest
) -> Iterator[str]:
    """Remarks on everything outside the answers that is not as it was released."""
    for test in manifest.tests:
        found = by_name.get(test.name, [])
        if not found:
            yield f"The test cell `{test.name}` was deleted; the original one was used."
        elif any(cell["source"].strip() != test.source.strip() for cell in found):
            yield f"The test cell `{test.name}` was changed; the original one was used."
        elif len(found) > 1:
            yield f"The test cell `{test.name}` is there {len(found)} times; it counts once."
    known = [cell.name for cell in manifest.cells]
    strangers = sorted({name for name in by_name if name and name not in known})
    for name in strangers[:5]:
        yield f"The cell `{name[:60]}` belongs to no released cell; it was ignored."
    order = list(dict.fromkeys(cell["name"] for cell in cells if cell["name"] in known))
    if order != [name for name in known if name in order]:
        yield "The cells were not in their original order; that order was restored."
    given = {cell.source.strip() for cell in manifest.cells}
    extra = [c for c in cells if c["type"] == "code" and not c["name"] and c["source"].strip()]
    count = sum(cell["source"].strip() not in given for cell in extra)
    if count:
        yield f"{count} code cell(s) of your own were ignored: only the solution cells are graded."
