"""Pages of the book in a browser: no WCAG A or AA violation, and nothing to scroll sideways."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.book.conftest import CHAPTERS

pytestmark = pytest.mark.browser

AROUND = [
    "index",
    "how-to-use",
    "notation",
    "glossary",
    "appendices/errata",
    "appendices/conventions",
]
PAGES = [f"{name}.html" for name in [*AROUND, *(f"chapters/{name}" for name in CHAPTERS)]]
OpenFile = Callable[..., Page]


def wait_for_widgets(page: Page) -> None:
    if page.locator(".coursepkg-widget").count():
        page.wait_for_selector(".cw footer")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_no_accessibility_violation(
    page: str, scheme: str, open_file: OpenFile, built: Path
) -> None:
    opened = open_file(built / page, scheme=scheme)
    wait_for_widgets(opened)
    # No preload: axe would fetch the style sheets once more, which a file:// page may not.
    options = {"runOnly": ["wcag2a", "wcag2aa"], "preload": False}
    found = Axe().run(opened, options=options).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_phone_scrolls_down_only(page: str, open_file: OpenFile, built: Path) -> None:
    opened = open_file(built / page, width=360)
    wait_for_widgets(opened)
    width = opened.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
