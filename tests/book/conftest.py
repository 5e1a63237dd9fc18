"""The built book, its pages and its executed notebooks; and book/'s own Python files."""

import importlib.util
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
CHAPTER = "chapters/06-backprop-matrices"


def load(path: str) -> ModuleType:
    """Import a file of book/; none of them is part of a package."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / "book" / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
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


@pytest.fixture(scope="session")
def chapter(built: Path, pages: dict[Path, BeautifulSoup]) -> BeautifulSoup:
    return pages[built / f"{CHAPTER}.html"]


@pytest.fixture(scope="session")
def notebook(built: Path) -> nbformat.NotebookNode:
    """Chapter 6 as a reader downloads it."""
    return nbformat.read(built / "notebooks" / f"{Path(CHAPTER).name}.ipynb", as_version=4)


@pytest.fixture(scope="session")
def source() -> str:
    return (ROOT / "book" / f"{CHAPTER}.md").read_text(encoding="utf-8")
