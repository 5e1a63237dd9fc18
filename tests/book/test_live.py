"""Notebooks for the kernel in the browser. The site itself is tested where `make live` built it."""

import json
import re
from pathlib import Path
from types import ModuleType

import nbformat
import nbformat.v4 as v4
import pytest

from tests.book.conftest import CHAPTERS, ROOT, load

SITE = ROOT / "build" / "live" / "site"


@pytest.fixture(scope="module")
def live() -> ModuleType:
    return load("live.py")


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    said = v4.new_output("stream", text="one\ntwo\n")
    cells = [v4.new_markdown_cell("# 1 A & B"), v4.new_code_cell("print(1)", outputs=[said])]
    for name in ("01-a", "conventions"):
        nbformat.write(v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    return tmp_path


def test_notebooks_get_the_kernel_and_the_library(
    live: ModuleType, notebooks: Path, tmp_path: Path
) -> None:
    titles = live.prepare(notebooks, tmp_path / "out")
    assert titles == {"01-a.ipynb": "1 A & B"}
    notebook = nbformat.read(tmp_path / "out" / "01-a.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python"
    assert '%pip install --quiet "coursepkg[widgets]"' in notebook.cells[0].source
    assert notebook.cells[1].source == "# 1 A & B"


def test_outputs_are_trusted_or_figures_would_be_words(
    live: ModuleType, notebooks: Path, tmp_path: Path
) -> None:
    live.prepare(notebooks, tmp_path / "out")
    raw = json.loads((tmp_path / "out" / "01-a.ipynb").read_text(encoding="utf-8"))
    assert all(cell["metadata"]["trusted"] for cell in raw["cells"])


def test_texts_are_not_cut_into_lines(live: ModuleType, notebooks: Path, tmp_path: Path) -> None:
    live.prepare(notebooks, tmp_path / "out")
    raw = json.loads((tmp_path / "out" / "01-a.ipynb").read_text())
    assert raw["cells"][2]["outputs"][0]["text"] == "one\ntwo\n"


def test_a_notebook_installs_the_library_once(live: ModuleType) -> None:
    notebook = v4.new_notebook(cells=[v4.new_code_cell("%pip install elsewhere", id="install")])
    cells = live.runnable(notebook).cells
    assert len(cells) == 1
    assert "elsewhere" not in cells[0].source


def test_the_page_says_what_needs_the_network(live: ModuleType) -> None:
    page = live.run_page({"01-a.ipynb": "1 A & B"})
    assert 'href="lab/index.html?path=01-a.ipynb">1 A &amp; B' in page
    assert "This needs the network" in page
    assert not re.search(r"<(script|link|img)", page)


@pytest.mark.skipif(not SITE.exists(), reason="run `make live` first")
def test_the_site_holds_every_chapter_and_the_library() -> None:
    listed = json.loads((SITE / "api" / "contents" / "all.json").read_text())
    assert {f"{name}.ipynb" for name in CHAPTERS} <= {entry["name"] for entry in listed["content"]}
    assert "coursepkg" in json.loads((SITE / "pypi" / "all.json").read_text())
    assert list((SITE / "pypi").glob("coursepkg-*.whl"))
    assert not list(SITE.rglob("*.map"))
    config = json.loads((SITE / "jupyter-lite.json").read_text())["jupyter-config-data"]
    assert {extension["name"] for extension in config["federated_extensions"]} == {
        "@jupyter-widgets/jupyterlab-manager",
        "@jupyterlite/pyodide-kernel-extension",
        "anywidget",
        "jupyterlab_pygments",
    }
