"""A real JupyterLab with a kernel: what the reader moves, Python sees, and the other way round."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from coursepkg import widgets

pytestmark = pytest.mark.browser

ONE = [
    "from coursepkg.widgets import MatrixVJP\nw = MatrixVJP(example='linear')\nw",
    "print('Python reads', w.batch)",
    "w.rule = 'dW transposed'",
]
# The last reference state but one: the first may be the state a widget starts in.
ALL = [
    "from coursepkg import widgets\n"
    "every = [getattr(widgets, name)() for name in widgets.__all__]\n"
    "display(*every)",
    "for each in every:\n"
    "    for trait, value in each.reference_states()[-2][0].items():\n"
    "        setattr(each, trait, value)\n"
    "print('all', 'set')",
]


@pytest.fixture
def cells(request: pytest.FixtureRequest) -> list[str]:
    return request.param


@pytest.fixture
def lab(tmp_path: Path, cells: list[str]) -> Iterator[str]:
    """Address of a notebook in a JupyterLab that knows nothing of its user's settings."""
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    folder = tmp_path / "notebooks"
    folder.mkdir()
    nbformat.write(notebook, folder / "live.ipynb")
    places = {
        name: str(tmp_path / name.lower())
        for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
    command += ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token="]
    server = subprocess.Popen(
        command, cwd=folder, env=os.environ | places, stderr=subprocess.PIPE, text=True
    )
    assert server.stderr is not None
    try:
        said = ""
        for line in server.stderr:
            said += line
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield f"{found[0]}/lab/tree/live.ipynb"
                break
        else:
            pytest.fail(f"JupyterLab did not start:\n{said}")
    finally:
        server.terminate()
        server.wait(timeout=30)
        server.stderr.close()


@pytest.fixture
def page(lab: str, browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.goto(lab)
    expect(page.get_by_role("button", name="| Idle")).to_be_visible(timeout=60_000)
    yield page
    page.close()


def run(page: Page, place: int) -> None:
    page.locator(".jp-CodeCell").nth(place).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


@pytest.mark.parametrize("cells", [ONE], indirect=True)
def test_state_goes_both_ways(page: Page) -> None:
    run(page, 0)
    widget = page.locator(".cw")
    slider = widget.get_by_role("slider", name="Samples N")
    expect(slider).to_have_value("3", timeout=60_000)
    slider.press("ArrowRight")
    expect(slider).to_have_value("4")
    run(page, 1)
    expect(page.locator(".jp-CodeCell").nth(1)).to_contain_text("Python reads 4", timeout=30_000)
    run(page, 2)
    expect(widget.get_by_role("combobox", name="Backward pass")).to_have_value(
        "dW transposed", timeout=30_000
    )
    expect(widget.get_by_text("(2, 3)", exact=True)).to_be_visible()


@pytest.mark.parametrize("cells", [ALL], indirect=True)
def test_every_widget_lives_in_a_notebook_and_follows_python(page: Page) -> None:
    run(page, 0)
    expect(page.locator(".cw footer")).to_have_count(len(widgets.__all__), timeout=120_000)
    run(page, 1)
    expect(page.locator(".jp-CodeCell").nth(1)).to_contain_text("all set", timeout=60_000)
    states = page.evaluate("[...document.querySelectorAll('.cw')].map((one) => one.widget.state)")
    for name, state in zip(widgets.__all__, states, strict=True):
        for trait, value in getattr(widgets, name).reference_states()[-2][0].items():
            assert state[trait] == json.loads(json.dumps(value)), f"{name}.{trait}"
