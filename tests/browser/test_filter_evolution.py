"""W11.3 as its reader meets it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import FilterEvolution
from coursepkg.widgets.filter_evolution import filters_at

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def state(page: Page) -> dict[str, Any]:
    return page.evaluate("document.querySelector('.cw').widget.state")


def test_play_goes_to_the_end_and_stops_there(show: Show) -> None:
    page = show(FilterEvolution(epoch=26))
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('.cw').widget.state.epoch === 30")
    page.wait_for_timeout(500)
    assert state(page)["epoch"] == 30
    assert page.locator("[data-playing]").count() == 0


def test_with_reduced_motion_play_is_one_jump(show: Show) -> None:
    page = show(FilterEvolution(epoch=2))
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Play").click()
    assert state(page)["epoch"] == 30


def test_a_filter_is_chosen_by_click_and_by_keyboard(show: Show) -> None:
    page = show(FilterEvolution())
    filters = page.locator("[data-maps='filters']")
    box = filters.bounding_box()
    assert box is not None
    filters.click(position={"x": 0.94 * box["width"], "y": 10})
    assert state(page)["filter"] == 7
    filters.press("ArrowLeft")
    assert state(page)["filter"] == 6
    expect(page.locator(".fe-reading")).to_contain_text("Filter 6")


def test_what_the_texts_say_about_the_runs(show: Show) -> None:
    end = {run: filters_at(run, 30, "4", 0) for run in ("learned", "frozen", "shuffled")}
    assert round(100 * end["learned"]["moved"]) == 87
    assert round(100 * end["shuffled"]["moved"]) == 25
    assert end["frozen"]["moved"] == 0
    assert end["learned"]["test"] - end["frozen"]["test"] < 0.01
    assert end["shuffled"]["test"] < 0.11
    page = show(FilterEvolution(run="shuffled"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("nothing to learn")
