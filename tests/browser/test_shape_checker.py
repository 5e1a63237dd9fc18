"""W4.3 as its reader meets it."""

from collections.abc import Callable

import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg.widgets import ShapeChecker

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


@pytest.mark.parametrize(
    ("typed", "total"),
    [("3, 4, 2", "26"), ("3-4-4-1", "41"), ("784 512 10", "407,050"), ("784,100,10", "79,510")],
)
def test_it_counts_the_networks_of_the_decks(typed: str, total: str, show: Show) -> None:
    page = show(ShapeChecker(sizes=[2, 2]))
    field = page.get_by_role("textbox", name="Layer sizes")
    field.fill(typed)
    field.press("Tab")
    expect(page.locator(".shape-total")).to_contain_text(f"{total} parameters")


def test_what_is_no_size_changes_nothing(show: Show) -> None:
    page = show(ShapeChecker())
    for typed in ("3, four, 2", "3", "3, 0, 2", "1, 2, 3, 4, 5, 6, 7"):
        field = page.get_by_role("textbox", name="Layer sizes")
        field.fill(typed)
        field.press("Tab")
        expect(page.locator(".shape-total")).to_contain_text("26 parameters")


def test_the_slip_with_the_transpose_stops_and_with_a_fitting_batch_runs(show: Show) -> None:
    page = show(ShapeChecker(sizes=[4, 5, 3], batch=1, rule="transposed"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".shape-table")).to_contain_text("w2 (3, 5) @ a1ᵀ (1, 5)")
    expect(page.locator(".shape-table")).to_contain_text("ValueError")
    page.evaluate("document.querySelector('.cw').widget.set({ batch: 5 })")
    expect(page.locator(".shape-table")).not_to_contain_text("ValueError")
    expect(page.locator(".cw-see")).to_contain_text("mixes up samples and units")


def test_a_second_layer_that_reads_x_runs_where_widths_agree(show: Show) -> None:
    page = show(ShapeChecker(sizes=[4, 4, 3], rule="reads x"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("the layer below is never used")


@pytest.mark.parametrize("sizes", [[3], [3, 0, 2], [1] * 7, [3, 5000]])
def test_sizes_are_checked(sizes: list[int]) -> None:
    with pytest.raises(traitlets.TraitError, match=r"sizes must be 2 to 6|every width must be"):
        ShapeChecker(sizes=sizes)
