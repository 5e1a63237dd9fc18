"""W1.2 as its reader meets it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import Hyperplane

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def widget(page: Page) -> dict:
    return page.evaluate(
        """(() => { const { state, numbers } = document.querySelector('.cw').widget;
        return { ...state, ...numbers }; })()"""
    )


def test_dragging_the_tip_turns_the_line(show: Show) -> None:
    page = show(Hyperplane())
    box = page.locator(".plane-tip").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 15, y + 58, steps=4)
    page.mouse.up()
    w = widget(page)["w"]
    assert w[0] < 2
    assert w[1] < -1.5


def test_arrow_keys_move_the_threshold(show: Show) -> None:
    page = show(Hyperplane())
    before = widget(page)
    page.get_by_role("button", name="Threshold").press("ArrowRight")
    after = widget(page)
    assert after["b"] == before["b"] - 0.125
    assert after["threshold"] > before["threshold"]


def test_doubling_w_and_b_changes_scores_alone(show: Show) -> None:
    page = show(Hyperplane(w=[1, -1.5], b=0.25))
    before = widget(page)
    page.get_by_role("button", name="w, b × 2").click()
    after = widget(page)
    assert after["scores"] == [2 * score for score in before["scores"]]
    for name in ("distance", "threshold", "errors"):
        assert after[name] == pytest.approx(before[name])


def test_turning_parts_what_sliding_cannot(show: Show) -> None:
    assert widget(show(Hyperplane()))["errors"] == 15
    assert widget(show(Hyperplane()))["fewest"] == 11
    assert widget(show(Hyperplane(w=[1.5, -2])))["fewest"] == 0


def test_without_a_direction_there_is_no_line(show: Show) -> None:
    page = show(Hyperplane(w=[0, 0], b=1))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("no direction, no line")
    expect(page.locator(".plane-line")).to_have_count(0)


def test_one_class_around_the_other_cannot_be_parted(show: Show) -> None:
    page = show(Hyperplane(cloud="around", w=[1, 1], b=-2))
    page.get_by_role("button", name="Skip").click()
    assert widget(page)["fewest"] >= 10
