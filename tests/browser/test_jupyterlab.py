"""A real JupyterLab with a kernel: what the reader moves, Python sees, and the other way round."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

CELLS = [
    "from coursepkg.widgets import MatrixVJP\nw = MatrixVJP(example='linear')\nw",
    "print('Python reads', w.batch)",
    "w.rule = 'dW transposed'",
]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """Address of a notebook in a JupyterLab that knows nothing of its user's settings."""
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in CELLS],
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


def test_state_goes_both_ways(lab: str, browser: Browser) -> None:
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.goto(lab)
    cells = page.locator(".jp-CodeCell")

    def run(place: int) -> None:
        cells.nth(place).locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")

    expect(page.get_by_role("button", name="| Idle")).to_be_visible(timeout=60_000)
    run(0)
    widget = page.locator(".cw")
    slider = widget.get_by_role("slider", name="Samples N")
    expect(slider).to_have_value("3", timeout=60_000)
    slider.press("ArrowRight")
    expect(slider).to_have_value("4")
    run(1)
    expect(cells.nth(1)).to_contain_text("Python reads 4", timeout=30_000)
    run(2)
    expect(widget.get_by_role("combobox", name="Backward pass")).to_have_value(
        "dW transposed", timeout=30_000
    )
    expect(widget.get_by_text("(2, 3)", exact=True)).to_be_visible()
    page.close()
