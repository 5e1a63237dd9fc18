"""What `check` shows in a notebook: once, readable in any theme and at any width, hints folded."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from coursepkg import functional as F
from coursepkg.checks import Report, examined

pytestmark = [pytest.mark.apart, pytest.mark.browser]

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A report</title>
<meta name="viewport" content="width=device-width"><style>:root {{ color-scheme: light dark;
font: 14px sans-serif }}</style><main><h1>Cell</h1>{}</main></html>"""


def not_summed(dout: Any, cache: Any) -> Any:
    dx, dw, _ = F.linear_backward(dout, cache)
    return dx, dw, dout


def wrong() -> Report:
    functions = {"linear": F.linear, "linear_backward": not_summed}
    return examined("A5.linear_backward", functions)


@pytest.fixture
def page_of(tmp_path: Path, open_file: Callable[..., Page]) -> Callable[..., Page]:
    def page_of(report: Report, **how: Any) -> Page:
        path = tmp_path / "report.html"
        path.write_text(PAGE.format(report._repr_html_()), encoding="utf-8")
        return open_file(path, **how)

    return page_of


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800])
def test_a_report_is_readable_everywhere(
    page_of: Callable[..., Page], scheme: str, width: int
) -> None:
    page = page_of(wrong(), scheme=scheme, width=width)
    for closed in range(3):
        assert page.locator("summary:visible").count() == closed + 1
        page.locator("summary:visible").last.click()
    expect(page.get_by_text("db has one row for every sample")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_its_words_are_those_of_the_terminal(page_of: Callable[..., Page]) -> None:
    report = wrong()
    words = page_of(report).locator("[role=group]").inner_text().split()
    for line in str(report).split("\n"):
        if not line.startswith("  more "):
            assert " ".join(line.split()) in " ".join(words)


def test_hints_can_be_opened_with_the_keyboard(page_of: Callable[..., Page]) -> None:
    page = page_of(wrong())
    first = page.get_by_text("Hint 1 of 3")
    expect(page.get_by_text("Hint 2 of 3")).to_be_hidden()
    first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Hint 2 of 3")).to_be_visible()


def test_what_a_student_wrote_is_no_markup(page_of: Callable[..., Page]) -> None:
    def relu(x: Any) -> Any:
        raise ValueError("<img src=x onerror=alert(1)>")

    page = page_of(examined("A5.relu", {"relu": relu}))
    assert page.locator("img").count() == 0
    expect(page.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()


def test_a_right_answer_has_no_hints(page_of: Callable[..., Page]) -> None:
    page = page_of(examined("A5.relu", {"relu": F.relu}))
    expect(page.get_by_text("A5.relu: right so far")).to_be_visible()
    expect(page.get_by_text("hidden checks run after submission: other seeds")).to_be_visible()
    assert page.locator("details, dl").count() == 0


SHOWN = """
import json
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
lines = "from coursepkg import functional as F", "from coursepkg.checks import check"
cells = [new_code_cell(chr(10).join([*lines, "relu = F.relu", "check('A5.relu')"]))]
notebook = new_notebook(cells=cells)
NotebookClient(notebook, kernel_name="python3").execute()
print(json.dumps(notebook.cells[0].outputs))
"""


def test_a_notebook_shows_it_once_and_as_html(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOWN], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    (output,) = json.loads(done.stdout)
    assert output["output_type"] == "display_data"
    report = examined("A5.relu", {"relu": F.relu})
    assert output["data"] == {"text/plain": str(report), "text/html": report._repr_html_()}
