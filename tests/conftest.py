"""What tests of several folders share: a real browser with its network off, the built book.

Tests that need the jail are skipped where there is none to be had, and say so.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import hypothesis
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)

BUILT = Path(__file__).parents[1] / "build" / "book" / "_build" / "html"
# How long an example takes says nothing here: other tests run beside it.
hypothesis.settings.register_profile("course", deadline=None)
hypothesis.settings.load_profile("course")

# The shell without a window opens a page in half the time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL = ("file:", "blob:", "data:")

Scheme = Literal["light", "dark"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on PATH; install it, or name it in the variable CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_file(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return ``open_file(path, fragment="", width=800, scheme="light")``, giving a page.

    At the end the test fails if any page asked for another machine or threw an error.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def note_foreign(asked: Request) -> None:
        if not asked.url.startswith(LOCAL):
            faults.append(f"request: {asked.url}")

    def note_complaint(said: ConsoleMessage) -> None:
        if said.type == "error":
            faults.append(f"console: {said.text}")

    def open_file(
        path: Path, fragment: str = "", width: int = 800, scheme: Scheme = "light"
    ) -> Page:
        context = browser.new_context(
            offline=True, viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("console", note_complaint)
        page.on("request", note_foreign)
        page.goto(path.as_uri() + fragment)
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture(scope="session")
def built() -> Path:
    """Folder of the built book; the variable BOOK_HTML names another one."""
    folder = Path(os.environ.get("BOOK_HTML", BUILT))
    if not (folder / "index.html").exists():
        pytest.skip(f"no built book in {folder}: run `python book/build.py` first")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("apart") is None:  # else the tests of a file share a process
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))
    if shutil.which("bwrap"):
        return
    for item in items:
        if item.get_closest_marker("jail"):
            item.add_marker(pytest.mark.skip(reason="bubblewrap, the jail, is not installed"))
