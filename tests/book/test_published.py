"""A book with an address says so on every page, and one with a repository has buttons."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tests.book.conftest import ROOT, load

SITE = "https://someone.github.io/course"
REPOSITORY = "https://github.com/someone/course"
EVERYTHING = {
    "BOOK_SITE": f"{SITE}/",
    "BOOK_REPOSITORY": REPOSITORY,
    "BOOK_FOLDER": "v0.1",
}
CONF = """
html_title = "A book"
extensions = ["myst_nb", "sphinx_book_theme", "sphinx-mathjax-offline", "published", "launch"]
html_theme = "sphinx_book_theme"
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath"]
"""
HEAD = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""
CHAPTER = (
    HEAD + "# 1 A step & a fall\n\nIt goes from 4 to 49. Then $x$.\n\n```{code-cell}\n1 + 1\n```\n"
)
INDEX = "# Start\n\nNothing runs here.\n\n```{toctree}\nchapters/01-step\n```\n"


Made = Callable[..., Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return ``made(BOOK_SITE=..., ...)``, which builds two pages; the second is executed."""
    source = tmp_path_factory.mktemp("source")
    (source / "chapters").mkdir()
    (source / "conf.py").write_text(CONF)
    (source / "index.md").write_text(INDEX)
    (source / "chapters" / "01-step.md").write_text(CHAPTER)
    bare = {name: text for name, text in os.environ.items() if not name.startswith("BOOK_")}

    @cache
    def build(*settings: tuple[str, str]) -> Path:
        out = tmp_path_factory.mktemp("html")
        command = [sys.executable, "-m", "sphinx", "-q", "-W", str(source), str(out)]
        paths = f"{ROOT / 'book' / '_ext'}{os.pathsep}{ROOT}"
        subprocess.run(command, check=True, env={**bare, **dict(settings), "PYTHONPATH": paths})
        return out

    return lambda **settings: build(*sorted(settings.items()))


def head(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def links(page: Path) -> list[str]:
    return [str(a["href"]) for a in head(page).select(".dropdown-launch-buttons a")]


def test_without_settings_no_page_names_another_machine(made: Made) -> None:
    out = made()
    page = head(out / "chapters" / "01-step.html")
    assert not page.select("link[rel=canonical], meta[property^='og:'], meta[name=description]")
    assert not links(out / "chapters" / "01-step.html")
    assert not (out / "_static" / "cards").exists()


def test_every_page_has_its_address_its_words_and_its_picture(made: Made) -> None:
    out = made(**EVERYTHING)
    for name, title in (("index", "Start"), ("chapters/01-step", "1 A step & a fall")):
        page = head(out / f"{name}.html")
        (canonical,) = page.select("link[rel=canonical]")
        assert canonical["href"] == f"{SITE}/latest/{name}.html"
        found = {str(m["property"]): str(m["content"]) for m in page.select("meta[property]")}
        assert found["og:url"] == canonical["href"]
        assert found["og:title"] == title
        assert found["og:type"] == "article"
        image = out / found["og:image"].removeprefix(f"{SITE}/latest/")
        with Image.open(image) as card:
            assert card.size == (1200, 630)
            assert len(card.convert("RGB").getcolors(1 << 20) or []) > 20
    assert found["og:description"] == "It goes from 4 to 49. Then x."


def test_no_part_of_a_published_page_is_loaded_from_elsewhere(made: Made) -> None:
    out = made(**EVERYTHING)
    page = head(out / "chapters" / "01-step.html")
    loaded = page.select("script[src], img[src], link[rel=stylesheet], link[rel=icon], iframe")
    addresses = [str(tag.get("src") or tag.get("href")) for tag in loaded]
    assert addresses
    assert not [address for address in addresses if re.match(r"(https?:)?//", address)]


def test_a_repository_brings_buttons_to_executed_pages_only(made: Made) -> None:
    out = made(BOOK_REPOSITORY=REPOSITORY)
    path = "latest/notebooks/01-step.ipynb"
    assert links(out / "chapters" / "01-step.html") == [
        f"https://colab.research.google.com/github/someone/course/blob/gh-pages/{path}",
        f"https://mybinder.org/v2/gh/someone/course/gh-pages?urlpath=lab/tree/{path}",
    ]
    assert not links(out / "index.html")


def test_a_version_opens_its_own_notebooks(made: Made) -> None:
    out = made(**EVERYTHING)
    assert all("v0.1/notebooks" in link for link in links(out / "chapters" / "01-step.html"))


def test_live_notebooks_are_beside_the_book(made: Made) -> None:
    out = made(BOOK_LIVE="1")
    assert links(out / "chapters" / "01-step.html") == ["../live/lab/index.html?path=01-step.ipynb"]


class Settings(SimpleNamespace):
    """As much of Sphinx's configuration as is asked for."""

    def __getitem__(self, name: str) -> str:
        return ""

    def __setitem__(self, name: str, value: str) -> None:
        setattr(self, name, value)


@pytest.fixture(scope="module")
def published() -> ModuleType:
    return load("_ext/published.py")


def test_a_setting_that_makes_no_sense_is_named(
    published: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOOK_SITE", "someone.github.io/course")
    with pytest.raises(ValueError, match="BOOK_SITE begins with https://"):
        published.settle(None, Settings())
    with pytest.raises(ValueError, match="BOOK_REPOSITORY looks like"):
        load("_ext/launch.py").owner_and_name("git@github.com:a/b")


def test_a_long_description_ends_with_a_sentence(published: ModuleType) -> None:
    long = "<p>" + "A sentence of six words here. " * 20 + "</p>"
    said = published.description(long)
    assert said.endswith("here.")
    assert len(said) <= published.LONGEST
    endless: Any = published.description("<p>" + "word " * 100 + "</p>")
    assert endless.endswith("word …")


def test_a_notebook_for_elsewhere_brings_the_library(download: ModuleType) -> None:
    source = download.install_cell(REPOSITORY).source
    assert f"git+{REPOSITORY}" in source
    assert source.startswith("try:\n    import coursepkg")
