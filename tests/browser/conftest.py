"""A page of its own for a widget, and the mouse on it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from coursepkg.widgets.base import BookWidget


@pytest.fixture
def show(open_file: Callable[..., Page], tmp_path: Path) -> Callable[..., Page]:
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


def drag(page: Page, name: str, right: float, down: float) -> None:
    """Move the button of this name with the mouse, by so many pixels."""
    box = page.get_by_role("button", name=name).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=4)
    page.mouse.up()
