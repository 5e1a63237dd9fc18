"""W11.2 as its reader meets it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg.gradcheck import numerical_gradient, relative_error
from coursepkg.widgets import OcclusionBrush
from coursepkg.widgets.digit_reader import reader, shown
from coursepkg.widgets.occlusion_brush import covered, greedy_counts, occlusion_map, saliency_map

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def state(page: Page) -> dict[str, Any]:
    return page.evaluate("document.querySelector('.cw').widget.state")


def numbers(page: Page) -> dict[str, Any]:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


def stroke(page: Page, *cells: tuple[int, int]) -> None:
    """Brush over cells (row, column) with the mouse."""
    box = page.locator("[data-maps='image']").bounding_box()
    assert box is not None
    for number, (i, j) in enumerate(cells):
        place = box["x"] + (j + 0.5) / 8 * box["width"], box["y"] + (i + 0.5) / 8 * box["height"]
        page.mouse.move(*place, steps=4)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def test_the_brush_covers_and_the_same_brush_uncovers(show: Show) -> None:
    page = show(OcclusionBrush())
    before = numbers(page)["scores"]
    stroke(page, (3, 2), (3, 5))
    assert state(page)["cover"] == "0000003c00000000"
    assert numbers(page)["scores"] != before
    stroke(page, (3, 5), (3, 2))
    assert state(page)["cover"] == 16 * "0"
    assert numbers(page)["scores"] == before


def test_the_keyboard_covers_too(show: Show) -> None:
    page = show(OcclusionBrush(at=0))
    page.locator("[data-maps='image']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert state(page)["at"] == 9
    assert state(page)["cover"] == "0040000000000000"
    page.get_by_role("button", name="Uncover all").click()
    assert state(page)["cover"] == 16 * "0"


def test_enough_cover_changes_its_mind_and_that_is_said(show: Show) -> None:
    page = show(OcclusionBrush())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("It still says 5")
    for _ in range(8):
        page.locator("[data-maps='heat']").press("Enter")
    expect(page.locator(".cw-see")).to_contain_text("It has changed its mind")


def test_the_greedy_count_is_enough_and_each_map_is_what_it_says() -> None:
    assert greedy_counts()[5] == 5
    image = shown()[0][5] + np.random.default_rng(0).normal(0, 0.02, (8, 8))
    score = lambda x: reader().forward(x[None, None])[0, 5]  # noqa: E731
    assert relative_error(saliency_map(image, 5), numerical_gradient(score, image)) < 1e-7
    without = image.copy()
    without[2:5, 1:4] = 0
    assert occlusion_map(image, 5, 3)[2, 1] == pytest.approx(score(image) - score(without))
    assert not covered("5", 16 * "f").any()


def test_a_wrong_cover_is_refused_with_words() -> None:
    with pytest.raises(traitlets.TraitError, match="16 hexadecimal digits"):
        OcclusionBrush(cover="12")
