"""Glossary, bibliography, citation file, and the frame around the chapters."""

import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from bs4 import BeautifulSoup

from tests.book.conftest import ROOT, load

Pages = dict[Path, BeautifulSoup]


@pytest.fixture(scope="module")
def glossary() -> ModuleType:
    return load("_ext/glossary.py")


def test_the_citation_file_has_what_readers_of_it_need() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "version", "license"} <= cited.keys()
    assert all({"name", "family-names"} & author.keys() for author in cited["authors"])
    assert cited["type"] in {"software", "dataset"}
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.M)
    assert version is not None
    assert cited["version"] == version[1]
    book = yaml.safe_load((ROOT / "book" / "_config.yml").read_text(encoding="utf-8"))
    assert cited["title"].startswith(book["title"])
    assert set(cited["license"]) == {"BSD-3-Clause", "CC-BY-4.0"}


def test_keys_of_the_bibliography_are_unique() -> None:
    text = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{([^,]+),", text, re.M)
    assert len(keys) == len(set(keys)) >= 25


def test_every_entry_is_in_the_bibliography(built: Path, pages: Pages) -> None:
    text = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    listed = pages[built / "bibliography.html"].select("article li p")
    assert len(listed) == text.count("\n@") + 1


def test_every_citation_leads_to_the_list_on_its_own_page(pages: Pages) -> None:
    found = 0
    for path, page in pages.items():
        for link in page.select(
            "article .bibtex.reference, article a.reference.internal[href*=id]"
        ):
            if re.search(r"#id\d+$", str(link["href"])) and link.find_parent("cite"):
                assert str(link["href"]).startswith("#"), path.name
                found += 1
    assert found >= 0


def test_every_term_has_a_meaning_and_every_link_a_place(built: Path, pages: Pages) -> None:
    page = pages[built / "glossary.html"]
    terms = page.select("dl.terms dt")
    meanings = page.select("dl.terms dd > p:first-child")
    assert len(terms) == len(meanings) >= 80
    assert [term["id"] for term in terms] == sorted(
        {str(term["id"]) for term in terms}, key=str
    ) or (len({term["id"] for term in terms}) == len(terms))
    marked = [dfn for other in pages.values() for dfn in other.select("dfn")]
    assert marked
    links = {str(link["href"]) for link in page.select(".term-places a")}
    known = {str(term["id"]).replace("glossary-", "term-", 1) for term in terms}
    for dfn in marked:
        if dfn["id"] in known:
            assert any(link.endswith(f"#{dfn['id']}") for link in links), dfn


def test_a_place_is_named_by_its_section(built: Path, pages: Pages) -> None:
    page = pages[built / "glossary.html"]
    term = page.find(id="glossary-vector-jacobian-product")
    assert term is not None
    places = term.find_next("p", class_="term-places")
    assert places is not None
    assert places.get_text() == "Explained in 6.1."


@pytest.mark.parametrize(
    ("listed", "places", "fault"),
    [
        ({"gate": "."}, [("gate", "a", "1")], None),
        ({"gate": "."}, [("Gate", "a", "1"), ("gate", "b", "2")], None),
        ({}, [("gate", "a", "1")], "'gate' is not in glossary.yml"),
        ({"gate": "."}, [], "no page explains 'gate'"),
        ({"gate": "."}, [("gate", "a", "1"), ("gate", "a", "2")], "twice on this page"),
    ],
)
def test_what_does_not_belong_together_is_told(
    glossary: ModuleType, listed: dict[str, str], places: list[tuple[str, str, str]], fault: str
) -> None:
    found = [what for _, what in glossary.faults(listed, places)]
    assert len(found) == (fault is not None)
    assert fault is None or fault in found[0]


def test_front_and_back_are_in_the_contents(built: Path, pages: Pages) -> None:
    side = pages[built / "index.html"].select(".bd-sidebar-primary a.reference.internal")
    names = {Path(str(link["href"])).stem for link in side}
    assert {"preface", "how-to-use", "notation", "glossary", "bibliography", "licence"} <= names
