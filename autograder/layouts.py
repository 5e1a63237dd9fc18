"""Whose work is what, in the zip files that Moodle, Canvas and Gradescope give out.

    Moodle      Ann Lee_123456_assignsubmission_file_/A5.ipynb
    Canvas      leeann_LATE_12345_67890_A5.ipynb
    Gradescope  submission_123/A5.ipynb, with submission_metadata.yml beside

In place of A5.ipynb there may be a file of `coursepkg pack`, which Gradescope unpacks. A student's
own files may carry any name, so only the part of a path that the platform writes is believed, and a
notebook that could be somebody else's is refused. Zip files of Moodle and Canvas note when they
were downloaded, not when students handed in: their times are not taken.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import yaml

from autograder import packed
from autograder.course import Student
from autograder.errors import CourseError

MOODLE = re.compile(r"(?P<name>.+?)_(?P<source>\d+)_assignsubmission_file_(?P<file>.*)")
CANVAS = re.compile(r"(?P<name>.+?)_(?P<late>LATE_)?(?P<source>\d+)_(?P<number>\d+)_(?P<file>.+)")
METADATA = "submission_metadata.yml"
MAX_METADATA = 20 * 2**20
LATE = "Canvas marks it as late, but does not say when it came"


@dataclass(frozen=True)
class Offer:
    """A notebook in a zip file, and whose it is by what the platform says.

    Attributes
    ----------
    students : tuple of str
        Ids on the roster that fit: one, none for a stranger, several for namesakes.
    name : str
        How the platform calls whoever handed it in.
    source : str
        The platform's own number of that person or submission.
    rank : int
        Of several files from one source the one with the highest rank counts.
    """

    students: tuple[str, ...]
    name: str
    source: str
    entry: zipfile.ZipInfo
    at: datetime | None = None
    remark: str = ""
    rank: int = 0


def offers(archive: zipfile.ZipFile, name: str, roster: list[Student]) -> list[Offer] | None:
    """The notebooks called `name` in a platform's zip file; None if it is not from a platform.

    Raises
    ------
    CourseError
        If the metadata of Gradescope cannot be read.
    """
    files = _without_wrapper(archive, {student.id for student in roster})
    if (METADATA,) in files:
        return list(_gradescope(archive, files, name, roster))
    if any(MOODLE.fullmatch(parts[0]) for parts in files):
        return list(_moodle(files, name, roster))
    if any(len(parts) == 1 and CANVAS.fullmatch(parts[0]) for parts in files):
        return list(_canvas(files, name, roster))
    return None


def by_student(found: Iterable[Offer]) -> Iterator[tuple[str, Offer | str]]:
    """One notebook for each student, or why none of those that could be theirs is taken."""
    mine: dict[str, list[Offer]] = defaultdict(list)
    for offer in found:
        for student in offer.students:
            mine[student].append(offer)
    advice = "put the notebook into a folder with the id as its name"
    for student, own in mine.items():
        namesake = next((offer for offer in own if len(offer.students) > 1), None)
        if namesake:
            names = " or ".join(namesake.students)
            yield student, f"refused: {namesake.name!r} could be {names}; {advice}"
        elif len({offer.source for offer in own}) > 1:
            numbers = ", ".join(sorted({offer.source for offer in own}))
            yield student, f"refused: several submissions ({numbers}) are {student}'s; {advice}"
        else:
            best = max(own, key=lambda offer: offer.rank)
            tied = {offer.entry.filename for offer in own if offer.rank == best.rank}
            yield student, best if len(tied) == 1 else packed.several(tied)


Files = dict[tuple[str, ...], zipfile.ZipInfo]


def _without_wrapper(archive: zipfile.ZipFile, ids: set[str]) -> Files:
    """All files by the parts of their paths, without a folder that is around everything."""
    files: Files = {}
    for entry in archive.infolist():
        parts = tuple(entry.filename.replace("\\", "/").split("/"))
        if not entry.is_dir() and parts[0] != "__MACOSX":
            files[parts] = entry
    tops = {parts[0] for parts in files}
    around = next(iter(tops)) if len(tops) == 1 else None
    if around is None or around in ids or MOODLE.fullmatch(around) or (around,) in files:
        return files
    return {parts[1:]: entry for parts, entry in files.items()}


def _moodle(files: Files, name: str, roster: list[Student]) -> Iterator[Offer]:
    known = _names(roster)
    for (top, *rest), entry in files.items():
        match = MOODLE.fullmatch(top)
        if not match or len(rest) > 1:
            continue
        file = "".join([match["file"], *rest])
        if file == name or packed.pattern(name).fullmatch(file):
            yield Offer(
                known[_key(match["name"])], match["name"], match["source"], entry, rank=file == name
            )


def _canvas(files: Files, name: str, roster: list[Student]) -> Iterator[Offer]:
    known = _names(roster)
    # A5-1.ipynb is what Canvas makes of a second A5.ipynb.
    again = re.compile(re.escape(name).replace(r"\.ipynb", r"(-\d+)?\.ipynb"))
    for (top, *rest), entry in files.items():
        match = CANVAS.fullmatch(top)
        if not match or rest:
            continue
        if again.fullmatch(match["file"]) or packed.pattern(name).fullmatch(match["file"]):
            remark, rank = LATE if match["late"] else "", int(match["number"])
            who = known[_key(match["name"])]
            yield Offer(who, match["name"], match["source"], entry, None, remark, rank)


def _gradescope(
    archive: zipfile.ZipFile, files: Files, name: str, roster: list[Student]
) -> Iterator[Offer]:
    ids = {student.id: student.id for student in roster}
    emails = {student.email.casefold(): student.id for student in roster if student.email}
    inside: dict[str, Files] = defaultdict(dict)
    for (top, *rest), entry in files.items():
        inside[top][tuple(rest)] = entry
    for key, about in _metadata(archive, files[METADATA,]).items():
        notebook = _in_submission(inside.get(str(key), {}), name)
        if notebook is None or not isinstance(about, dict):
            continue
        at = about.get(":created_at")
        at = at.astimezone(UTC) if isinstance(at, datetime) and at.tzinfo else None
        submitters = about.get(":submitters")
        for submitter in submitters if isinstance(submitters, list) else []:
            fields = submitter if isinstance(submitter, dict) else {}
            sid, email, called = (str(fields.get(f":{x}") or "") for x in ("sid", "email", "name"))
            who = ids.get(sid) or emails.get(email.casefold())
            yield Offer((who,) if who else (), called or sid or email, str(key), notebook, at)


def _in_submission(files: Files, name: str) -> zipfile.ZipInfo | None:
    """The notebook, or else the packed file or what was in it, if there is one alone."""
    if (name,) in files:
        return files[name,]
    others = [
        entry
        for parts, entry in files.items()
        if (len(parts) == 2 and parts[1] == name) or packed.pattern(name).fullmatch(parts[-1])
    ]
    return others[0] if len(others) == 1 else None


def _metadata(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> dict[Any, Any]:
    try:
        with archive.open(entry) as file:
            data = file.read(MAX_METADATA + 1)
        if len(data) > MAX_METADATA:
            raise ValueError("it is too large")
        about = yaml.safe_load(data)  # not by the faster CSafeLoader, which "[[[[..." can kill
        if not isinstance(about, dict):
            raise ValueError("it names no submissions")
    except Exception as error:  # broken, encrypted, too deep: as many kinds as there are ways
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise CourseError(f"{entry.filename} cannot be read: {reason}") from None
    return about


def _names(roster: list[Student]) -> dict[str, tuple[str, ...]]:
    """The ids that a name fits, first name first or last, whatever stands between the letters."""
    known: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for student in roster:
        first, last = student.first_name, student.last_name
        for key in {_key(first + last), _key(last + first)} - {""}:
            known[key] = (*known[key], student.id)
    return known


def _key(name: str) -> str:
    """The letters and digits of a name.

    Examples
    --------
    >>> _key("El Amrani, Fatima") == _key("elamranifatima")
    True
    """
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())
