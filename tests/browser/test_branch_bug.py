"""W5.4 as its reader meets it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import BranchBug

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def reads(page: Page) -> dict[str, float]:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


def test_x_times_x_at_three(show: Show) -> None:
    """Deck row 79: “=” gives 3, “+=” gives 6."""
    page = show(BranchBug())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("Reported: 3. True slope: 6.")
    expect(page.locator("text.branch-lost")).to_have_count(1)
    page.get_by_role("combobox", name="At a branch").select_option("+=")
    expect(page.locator(".cw-see")).to_contain_text("Reported: 6. True slope: 6.")
    expect(page.locator("text.branch-lost")).to_have_count(0)


def test_three_residual_blocks_lose_the_skip(show: Show) -> None:
    page = show(BranchBug(example="residual", blocks=3, x=1))
    assert reads(page)["slope"] == 0.125
    assert reads(page)["true"] == 3.375


def test_a_branch_that_is_off_writes_its_zero_over_the_skip(show: Show) -> None:
    page = show(BranchBug(example="residual", x=-1))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("the program says it is flat")


def test_there_is_a_place_where_nothing_shows(show: Show) -> None:
    page = show(BranchBug(x=0))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("does no harm here")


def test_the_point_is_dragged_along_the_curve(show: Show) -> None:
    page = show(BranchBug(example="residual", x=1))
    box = page.locator(".cw-handle .cw-grip").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y)
    page.mouse.up()
    moved = page.evaluate("document.querySelector('.cw').widget.state.x")
    assert -3 <= moved < 0
    page.locator(".cw-handle").press("ArrowRight")
    now = page.evaluate("document.querySelector('.cw').widget.state.x")
    assert now == pytest.approx(moved + 0.2)


@pytest.mark.parametrize("rule", ["+=", "="])
def test_the_line_touches_the_curve_only_if_gradients_are_added(rule: str, show: Show) -> None:
    found = reads(show(BranchBug(example="residual", blocks=2, rule=rule, x=2)))
    assert (found["error"] == 0) == (rule == "+=")
