"""W2.4 as its reader meets it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import LossShapes

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def test_the_squared_error_charges_16_for_a_score_of_5(show: Show) -> None:
    """Deck row 28."""
    page = show(LossShapes())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("squared 16")
    expect(page.locator(".cw-see")).to_contain_text("pulls a right answer back")


def test_steps_pull_the_squared_error_back_and_leave_the_hinge(show: Show) -> None:
    page = show(LossShapes(steps=60))
    found = page.evaluate("document.querySelector('.cw').widget.numbers")
    assert found["squared"][2] == pytest.approx(1, abs=1e-4)
    assert found["hinge"][2] == 5
    assert found["logistic"][2] > 5


def test_the_margin_is_dragged_and_kept_on_its_axis(show: Show) -> None:
    page = show(LossShapes())
    page.get_by_role("button", name="Skip").click()
    knob = page.get_by_role("button", name="Margin")
    box = knob.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 200, box["y"] - 60)
    page.mouse.up()
    assert page.evaluate("document.querySelector('.cw').widget.state.margin") < 0
    expect(page.locator(".cw-see")).to_contain_text("slope 0: no way to improve")
    knob.press("ArrowUp")  # up and down mean nothing here
    assert page.evaluate("document.querySelector('.cw').widget.state.margin") < 0
