"""A real browser with its network off; whatever asks for another machine fails its test."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from coursepkg.widgets.base import BookWidget

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, BrowserContext, Page, Request  # noqa: E402

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
OpenFile = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on PATH; install it, or name it in the variable CHROMIUM")
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_file(browser: Browser) -> Iterator[OpenFile]:
    """Return ``open_file(path, fragment="", width=800, scheme="light")``, giving a page.

    At the end the test fails if any page asked for another machine or threw an error.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def note_foreign(asked: Request) -> None:
        if not asked.url.startswith(LOCAL):
            faults.append(f"request: {asked.url}")

    def open_file(
        path: Path, fragment: str = "", width: int = 800, scheme: Scheme = "light"
    ) -> Page:
        context = browser.new_context(
            offline=True, viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("request", note_foreign)
        page.goto(path.as_uri() + fragment)
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def show(open_file: OpenFile, tmp_path: Path) -> Callable[..., Page]:
    """Return ``show(widget, ...)``: a page of its own for a widget, brought to life."""

    def show(*widgets: BookWidget, **how: Any) -> Page:
        path = tmp_path / "page.html"
        body = "".join(widget.to_html() for widget in widgets)
        path.write_text(
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><title>Widget</title></head>'
            f"<body><main><h1>Widget</h1>{body}</main></body></html>",
            encoding="utf-8",
        )
        page = open_file(path, **how)
        page.wait_for_selector(".cw footer")
        return page

    return show
