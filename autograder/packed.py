"""The files that `coursepkg pack` makes, `A5_ada_0123abcd.zip`, with `ada/A5.ipynb` inside.

Whose it is says the place it was found in: its name, where it lies by itself; else the student's
folder, or the platform. The name of the folder inside is not believed.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections import defaultdict
from collections.abc import Iterable

MAX_NOTEBOOK = 20 * 2**20
MAX_FILES = 100  # in a packed file, which has two
ENTRY = b"PK\x01\x02"  # how a zip file begins an entry of its list
TOO_LARGE = f"refused: the notebook is larger than {MAX_NOTEBOOK // 2**20} MB"


def pattern(name: str) -> re.Pattern[str]:
    """What the packed files of a notebook are called; browsers and Canvas number further ones.

    Examples
    --------
    >>> pattern("A5.ipynb").fullmatch("A5_ada_0123abcd (1).zip")["id"]
    'ada'
    """
    stem = re.escape(name.removesuffix(".ipynb"))
    return re.compile(rf"{stem}_(?P<id>.+)_[0-9a-f]{{8}}(-\d+| ?\(\d+\))?\.zip")


def by_student(files: Iterable[str], name: str) -> dict[str, list[str]]:
    """Sort packed files by the id in their name.

    Examples
    --------
    >>> by_student(["A5_ada_0123abcd.zip", "notes.txt"], "A5.ipynb")
    {'ada': ['A5_ada_0123abcd.zip']}
    """
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(files):
        if match := pattern(name).fullmatch(file):
            found[match["id"]].append(file)
    return dict(found)


def several(files: Iterable[str]) -> str:
    """Why none of several packed files of one student is taken."""
    return f"refused: several packed files ({', '.join(sorted(files))}); keep the one that counts"


def unzip(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | str:
    """Return what is in an entry, or why it is not taken."""
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "refused: the notebook is a symbolic link"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "refused: the notebook is compressed in an unusual way"
    try:
        with archive.open(entry) as file:
            data = file.read(MAX_NOTEBOOK + 1)
    except Exception as error:  # encrypted, broken, overlapping: as many kinds as there are ways
        return f"refused: the notebook cannot be unpacked ({type(error).__name__})"
    return data if len(data) <= MAX_NOTEBOOK else TOO_LARGE


def notebook(data: bytes, name: str) -> bytes | str:
    """Return the notebook in a packed file, or why none is taken.

    Examples
    --------
    >>> notebook(b"no zip", "A5.ipynb")
    'refused: the packed file is no zip file that can be read'
    """
    if data.count(ENTRY) > MAX_FILES:  # a list of a million entries is slow to read
        return f"refused: the packed file holds more than {MAX_FILES} files"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            paths = [(e.filename.replace("\\", "/").split("/"), e) for e in archive.infolist()]
            found = [entry for parts, entry in paths if parts[-1] == name and len(parts) <= 2]
            if len(found) != 1:
                return f"refused: the packed file holds {len(found)} notebooks called {name}, not 1"
            return unzip(archive, found[0])
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return "refused: the packed file is no zip file that can be read"
