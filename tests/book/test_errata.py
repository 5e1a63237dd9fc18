"""Appendix A: every slip and trap of the decks fails in print and passes mended, on the page."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.book.conftest import ROOT

FOLDER = ROOT / "book" / "appendices"
PAGES = ["errata", "errata-anu-software", "errata-ubc-stanford"]
NUMBERS = {  # of those that are run: deck -> numbers
    "U": "1 3 4 5 6 7 8 9 10 11 13 14",
    "A": "1 2 3 4 6 7 8 10 11 12",
    "S": "1 2 3 4 5",
    "B": "1 2 3 4 5 5b 6 7 9 10 11 12",
    "C": "1 2 4 5 6",
}
RUN = [deck + number for deck, numbers in NUMBERS.items() for number in numbers.split()]
# Doings of the extraction, and clashes between decks.
TOLD = ["U2", "U10b", "U12", "A5", "A9", "S6", "B8", "C3", "C7"]
CLASHES = [f"X{i}" for i in range(1, 13)]  # in appendix B
CELL = re.compile(r"```\{code-cell\} python\n(?::.*\n)*(.*?)```", re.S)


def source(page: str) -> str:
    return (FOLDER / f"{page}.md").read_text(encoding="utf-8")


def entries() -> dict[str, str]:
    """Text of every entry: id -> what stands below its anchor."""
    parts = [
        part for page in PAGES for part in re.split(r"^\(erratum-e-", source(page), flags=re.M)
    ]
    return {part.split(")=")[0]: part.split("\n(app-a-")[0] for part in parts if ")=" in part[:8]}


def test_every_slip_and_trap_is_there_once() -> None:
    assert sorted(entries()) == sorted(name.lower() for name in RUN)


@pytest.mark.parametrize("name", RUN)
def test_it_fails_in_print_and_passes_mended(name: str) -> None:
    text = entries()[name.lower()]
    assert re.match(rf"{name.lower()}\)=\n### E-{name} ", text)
    cells = "\n".join(CELL.findall(text))
    assert re.search(r"^ *fails\(", cells, re.M)
    assert re.search(r"^ *passes\(", cells, re.M)


@pytest.mark.parametrize("page", PAGES)
def test_the_experiments_come_out_as_announced(
    page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, object] = {}
    for cell in CELL.findall(source(page)):
        exec(cell, names)
    verdicts = re.findall(r"^(fails|passes):", capsys.readouterr().out, re.M)
    assert len(verdicts) >= 20


@pytest.mark.parametrize("page", PAGES)
def test_a_cell_is_short(page: str) -> None:
    for cell in CELL.findall(source(page)):
        assert len(cell.splitlines()) <= 22, cell


@pytest.mark.parametrize("name", [*RUN, *TOLD])
def test_links_find_every_erratum(name: str, built: Path, pages: dict[Path, BeautifulSoup]) -> None:
    anchor = f"erratum-e-{name.lower()}"
    found = [page for page in PAGES if pages[built / f"appendices/{page}.html"].find(id=anchor)]
    assert len(found) == 1


@pytest.mark.parametrize("name", CLASHES)
def test_links_find_every_clash(name: str, built: Path, pages: dict[Path, BeautifulSoup]) -> None:
    page = pages[built / "appendices/conventions.html"]
    assert page.find(id=f"erratum-{name.lower()}")


def test_the_authors_are_thanked() -> None:
    text = " ".join(source("errata").split())
    assert "thank you" in text
    for key in ("uva-cs6501", "anu-engn6528", "shim2021", "ubc-cpsc425", "stanford-cs231n"):
        assert f"{{cite}}`{key}`" in text
