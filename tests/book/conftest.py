"""The built book, its pages and its executed notebooks; and book/'s own Python files."""

import importlib.util
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted(path.stem for path in (ROOT / "book" / "chapters").glob("*.md"))


def load(path: str) -> ModuleType:
    """Import a file of book/; none of them is part of a package, but they find their neighbours."""
    file = ROOT / "book" / path
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module  # where dataclasses look for it
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(file.parent))
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def build() -> ModuleType:
    return load("build.py")


@pytest.fixture(scope="session")
def download() -> ModuleType:
    return load("_ext/notebook_download.py")


@pytest.fixture(scope="session")
def pages(built: Path) -> dict[Path, BeautifulSoup]:
    """Every page of the book: path -> parsed HTML."""
    return {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted(built.rglob("*.html"))
        if "_static" not in path.parts
    }


@pytest.fixture(scope="module")
def name(request: pytest.FixtureRequest) -> str:
    """Name of the chapter a module of tests is about: its ``CHAPTER``, or a parameter."""
    return getattr(request, "param", None) or request.module.CHAPTER


@pytest.fixture(scope="module")
def chapter(name: str, built: Path, pages: dict[Path, BeautifulSoup]) -> BeautifulSoup:
    return pages[built / "chapters" / f"{name}.html"]


@pytest.fixture(scope="module")
def text(chapter: BeautifulSoup) -> str:
    """What a reader can read on the page, with single spaces."""
    article = chapter.find("article")
    assert article is not None
    return re.sub(r"\s+", " ", article.get_text())


@pytest.fixture(scope="module")
def notebook(name: str, built: Path) -> nbformat.NotebookNode:
    """The chapter as a reader downloads it."""
    return nbformat.read(built / "notebooks" / f"{name}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def source(name: str) -> str:
    return (ROOT / "book" / "chapters" / f"{name}.md").read_text(encoding="utf-8")


def assert_told(row: int, passages: list[str], source: str, text: str) -> None:
    """A row of the decks is named in the source, and a reader can read all of it on the page."""
    assert re.search(rf"^% deck row {row}$", source, re.M)
    for passage in passages:
        assert passage in text, passage


def assert_answer_boxes(
    chapter: BeautifulSoup, expected: Sequence[Any], slack: float = 1e-12
) -> None:
    """The boxes hold the expected numbers, to half their tolerance and `slack`, and have hints."""
    boxes = chapter.select("form.answer")
    assert len(boxes) == len(expected)
    for box, value in zip(boxes, expected, strict=True):
        tolerance = float(str(box["data-tolerance"]))
        assert abs(float(str(box["data-value"])) - value) <= tolerance / 2 + slack
        assert box["data-hint"]


def assert_derivations_checked(text: str, least: int) -> None:
    """So many derivations on the page show a relative error, and every one is small."""
    errors = [float(found) for found in re.findall(r"relative error (\d+e-\d+)", text)]
    assert len(errors) >= least
    assert max(errors) < 1e-8
