"""What an assignment's text says about itself: its points, its links and its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from autograder.manifest import Cell, Manifest
from coursepkg.mistakes.sections import SECTIONS

GLOSSARY = Path(__file__).resolve().parent.parent / "book" / "glossary.yml"
ROW = re.compile(r"^\|.*\|\s*(\d+(?:\.\d+)?)\s*\|$", re.MULTILINE)
TABLE = re.compile(r"^\|[^\n]*\| points \|\n(?:\|[^\n]*\n?)+", re.MULTILINE)
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)")
CODE = re.compile(r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$", re.DOTALL)


def wrong_points(manifest: Manifest) -> Iterator[str]:
    """Where the table of points in the statement and the points of the cells differ."""
    table = "".join(TABLE.findall(_statement(manifest)))
    if not table:
        yield "the statement has no table whose last column is `points`"
        return
    rows = table.split("\n")
    for cell in manifest.tests:
        mine = next((row for row in rows if f"`{cell.name}`" in row), "")
        said = ROW.match(mine)
        if not said:
            yield f"the table of points has no row for `{cell.name}`"
        elif float(said[1]) != cell.points:
            yield f"`{cell.name}`: the table says {said[1]} points, its cell {cell.points:g}"
    announced = sum(map(float, ROW.findall(table)))
    given = sum(cell.points for cell in (*manifest.tests, *manifest.manual))
    if announced != given:
        yield f"the table adds up to {announced:g} points, the cells to {given:g}"


def dead_links(manifest: Manifest, folder: Path) -> Iterator[str]:
    """Links to files that are not there, and sections of the book that nothing is known about.

    Addresses of other machines are not tried: this works without a network.
    """
    text = _statement(manifest)
    for target in LINK.findall(CODE.sub("", text)):
        path = target.split("#")[0]
        if path and not re.match(r"[a-z]+:", target) and not (folder / path).exists():
            yield f"link to {target}: there is no such file beside the source"
    chapters = {section.split(".")[0] for section in SECTIONS}
    for section in re.findall(r"\bsection (\d+)\.\d+", text):
        if section not in chapters:
            yield f"section {section}: the book has no such chapter"


def odd_terms(manifest: Manifest) -> Iterator[str]:
    """Terms that the book's glossary writes in another way, such as `mini batch`."""
    known = {_squashed(term): term for term in yaml.safe_load(GLOSSARY.read_text("utf-8"))}
    words = re.findall(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*", CODE.sub(" . ", _statement(manifest)))
    for length in (1, 2, 3):
        for start in range(len(words) - length + 1):
            said = " ".join(words[start : start + length])
            term = known.get(_squashed(said))
            if term and _parts(said) != _parts(term):
                yield f"the statement says {said!r}, the glossary {term!r}"


def _squashed(term: str) -> str:
    """A term without what spellings differ in: capitals, hyphens, blanks, -ize for -ise."""
    return re.sub("[^a-z]", "", _parts(term)).replace("iz", "is")


def _parts(term: str) -> str:
    """The parts of a term, singular, and where they are joined."""
    return re.sub("(['’]s|es|s)$", "", re.sub("[- ]", "-", term.lower()))


def _statement(manifest: Manifest) -> str:
    texts: list[Cell] = [cell for cell in manifest.cells if cell.cell_type == "markdown"]
    return "\n\n".join(cell.source for cell in texts)
