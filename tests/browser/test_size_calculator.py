"""W9.2 as its reader meets it: the strides of the slide, AlexNet, what does not fit."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import SizeCalculator

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def test_seven_pixels_under_three_taps(show: Show) -> None:
    """Deck row 114: stride 1 gives 5, 2 gives 3, and 3 does not come out even."""
    page = show(SizeCalculator())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".size-formula")).to_contain_text("2.3333 → 2, rounded down")
    expect(page.locator(".cw-see")).to_contain_text("1 of 7 pixels is read by nobody")
    assert page.locator(".size-unread").count() == 1
    stride = page.locator("input[name=stride]")
    stride.press("ArrowLeft")
    expect(page.locator(".size-formula")).to_contain_text("= 3")
    stride.press("ArrowLeft")
    expect(page.locator(".size-formula")).to_contain_text("= 5")
    expect(page.locator(".cw-see")).to_contain_text("P = 1 would keep the length at 7")


def test_alexnet_wants_227(show: Show) -> None:
    page = show(SizeCalculator())
    page.get_by_role("button", name="AlexNet 224").click()
    expect(page.locator(".size-formula")).to_contain_text("54.25 → 54")
    page.get_by_label("Image size I").fill("227")
    expect(page.locator(".size-formula")).to_contain_text("= 55")


def test_a_kernel_larger_than_the_row_is_refused_in_words(show: Show) -> None:
    page = show(SizeCalculator(size=4, kernel=3, stride=1, dilation=2))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("One window reaches over 5 pixels")
    expect(page.locator(".size-formula")).to_contain_text("ValueError")


def test_wrong_formulas_are_marked_where_they_differ(show: Show) -> None:
    page = show(SizeCalculator(stride=1, padding=1))
    key = page.locator(".size-key").last
    expect(key).to_contain_text("rounded up: the same here")
    expect(key).to_contain_text("P once instead of twice: 6 ✗")


def test_a_size_that_is_none_changes_nothing(show: Show) -> None:
    page = show(SizeCalculator())
    for wrong in ("", "0", "2.5", "1000"):
        page.get_by_label("Image size I").fill(wrong)
        expect(page.locator(".size-formula")).to_contain_text("(7 + 2·0 − 3)")
