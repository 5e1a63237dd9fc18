"""Accept what students sent: believe nothing, lose nobody.

`collect` copies notebooks from a folder or zip file; `read` takes the cells in which students
write out of one notebook, by grade id, and compares the rest with what was released.
"""

from __future__ import annotations

import json
import os
import stat
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import nbformat

from autograder.course import SAFE_NAME, Course, CourseError
from autograder.files import read_json, write_whole
from autograder.manifest import Cell, Manifest
from autograder.rubric import Status

MAX_NOTEBOOK = 20 * 2**20
MAX_ANSWER = 200_000
MAX_CELLS = 2_000


@dataclass(frozen=True)
class Submission:
    """What is graded: the student's cells by grade id, or None where nothing can be graded."""

    student: str
    answers: dict[str, str] | None
    status: Status = Status.GRADED
    remarks: list[str] = field(default_factory=list)

    def fingerprint(self, manifest: Manifest) -> str:
        """A name for this work together with the tests; the same name, the same grade."""
        content = json.dumps([manifest.digest, self.status, self.answers, self.remarks])
        return blake2b(content.encode(), digest_size=16).hexdigest()


# ---------------------------------------------------------------- from the inbox


def collect(course: Course, assignment: str, inbox: Path) -> dict[str, str]:
    """Copy each student's notebook to `submitted`; what happened, by student.

    Parameters
    ----------
    inbox : Path
        A folder with `<student>/<assignment>.ipynb`, or a zip file of such a folder.

    Returns
    -------
    dict of str
        For everybody on the roster `"collected"`, `"missing"` or `"refused: ..."`; for names that
        are not on the roster `"not on the roster"`.

    Raises
    ------
    CourseError
        If there is no such inbox.
    """
    if not inbox.exists():
        raise CourseError(f"no inbox at {inbox}: name the folder or zip file with submissions")
    outcome = {student.id: "missing" for student in course.roster}
    offers = _from_zip(inbox, assignment) if inbox.is_file() else _from_folder(inbox, assignment)
    for student, offer in offers:
        if student not in outcome:
            outcome[student] = "not on the roster"
        elif isinstance(offer, str):
            outcome[student] = f"refused: {offer}"
        else:
            write_whole(course.notebook("submitted", assignment, student), offer)
            outcome[student] = "collected"
    write_whole(course.private(assignment, "intake.json"), json.dumps(outcome, indent=1))
    return outcome


Offers = Iterator[tuple[str, bytes | str]]  # a student, and their notebook or why it is refused


def _from_folder(inbox: Path, assignment: str) -> Offers:
    for folder in sorted(inbox.iterdir()):
        student, path = folder.name, folder / f"{assignment}.ipynb"
        if not SAFE_NAME.fullmatch(student) or folder.name == "__MACOSX":
            continue
        if folder.is_symlink():
            yield student, "the folder is a symbolic link"
        elif folder.is_dir() and (path.exists() or path.is_symlink()):
            yield student, _read_plain_file(path)


def _read_plain_file(path: Path) -> bytes | str:
    """The bytes of a regular file within the size limit, or why they are not taken."""
    try:
        # O_NOFOLLOW: a link that points at the solution must not be read. O_NONBLOCK: nor a pipe.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return "the notebook is a symbolic link or cannot be opened"
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return "the notebook is no ordinary file"
        return _within_limit(file.read(MAX_NOTEBOOK + 1))


def _within_limit(data: bytes) -> bytes | str:
    too_large = f"the notebook is larger than {MAX_NOTEBOOK // 2**20} MB"
    return data if len(data) <= MAX_NOTEBOOK else too_large


def _from_zip(inbox: Path, assignment: str) -> Offers:
    try:
        with zipfile.ZipFile(inbox) as archive:
            for entry in archive.infolist():
                student, _, name = entry.filename.rpartition("/")
                student = student.rpartition("/")[2]  # a folder around the folders does no harm
                if name != f"{assignment}.ipynb" or not SAFE_NAME.fullmatch(student):
                    continue
                if stat.S_ISLNK(entry.external_attr >> 16):
                    yield student, "the notebook is a symbolic link"
                    continue
                with archive.open(entry) as file:
                    yield student, _within_limit(file.read(MAX_NOTEBOOK + 1))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise CourseError(f"{inbox} is no zip file that can be read ({error})") from None


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
    """Name (grade id or ""), type and source of each cell; raises on what is no notebook."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbformat warns where it repairs
        notebook = nbformat.reads(data.decode("utf-8-sig"), as_version=4)
    if len(notebook.cells) > MAX_CELLS:
        raise ValueError(f"{len(notebook.cells)} cells")
    cells = []
    for cell in notebook.cells:
        marks = cell.get("metadata", {}).get("nbgrader", {})
        name = marks.get("grade_id", "") if isinstance(marks, dict) else ""
        source = cell.get("source", "")
        text = source if isinstance(source, str) else "".join(map(str, source))
        # A lone surrogate could be written to no file later.
        text = text[:MAX_ANSWER].encode("utf-8", "replace").decode()
        cells.append({"name": str(name), "type": str(cell.get("cell_type")), "source": text})
    return cells


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
