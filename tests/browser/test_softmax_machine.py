"""W2.1 as its reader meets it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import SoftmaxMachine

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def open_skipped(show: Show, **state: object) -> Page:
    page = show(SoftmaxMachine(**state))
    page.get_by_role("button", name="Skip").click()
    return page


def numbers(page: Page) -> dict[str, list[float]]:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


def test_an_offset_changes_nothing_in_the_stable_program_and_breaks_the_naive_one(
    show: Show,
) -> None:
    page = open_skipped(show)
    before = numbers(page)["p"]
    page.get_by_role("slider", name="Add to all").press("End")
    assert numbers(page)["p"] == pytest.approx(before, abs=1e-12)
    expect(page.locator(".cw-see")).to_contain_text("nothing moved")
    page.get_by_label("Program").select_option("naive")
    expect(page.locator(".cw-see")).to_contain_text("nan.")
    expect(page.locator(".cw-picture")).to_contain_text("inf")


def test_a_score_is_dragged_with_the_mouse(show: Show) -> None:
    page = open_skipped(show)
    knob = page.get_by_role("button", name="Score of dog")
    box = knob.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 40, box["y"] + box["height"] / 2 + 80)
    page.mouse.up()
    scores = page.evaluate("document.querySelector('.cw').widget.state.scores")
    assert scores[1] < 3.2
    assert scores[0] == 3.2
    expect(page.locator(".cw-see")).to_contain_text("The right class leads")


def test_a_score_is_moved_with_the_arrow_keys(show: Show) -> None:
    page = open_skipped(show)
    page.get_by_role("button", name="Score of ship").press("ArrowUp")
    assert page.evaluate("document.querySelector('.cw').widget.state.scores") == [3.2, 5.1, -1.6]


def test_it_knows_the_numbers_of_the_exercise(show: Show) -> None:
    page = open_skipped(show, scores=[1, 2, 3])
    found = numbers(page)
    assert [round(p, 4) for p in found["p"]] == [0.09, 0.2447, 0.6652]
    assert [round(g, 4) for g in found["gradient"]] == [-0.91, 0.2447, 0.6652]
