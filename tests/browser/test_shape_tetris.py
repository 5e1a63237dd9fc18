"""W6.4 as its reader meets it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import ShapeTetris
from coursepkg.widgets.shape_tetris import OPERATIONS, ROUNDS, count

Show = Callable[..., Page]


@pytest.mark.browser
def test_two_taps_a_turn_and_a_check_make_dw(show: Show) -> None:
    page = show(ShapeTetris(left=""))
    tray = page.locator(".tet-tray")
    tray.get_by_role("button", name="x (5, 3)").click()
    tray.get_by_role("button", name="dout").click()
    expect(page.locator(".cw-picture")).to_contain_text("3 meets 5: these do not multiply")
    page.get_by_role("button", name="x (5, 3), turn it over").press("Enter")
    expect(page.locator(".tet-result")).to_contain_text("fits")
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".cw-picture")).to_contain_text("✓ dw = x.T @ dout.")
    expect(page.locator(".tet-buttons")).to_contain_text("streak 1, best 1")
    page.get_by_role("button", name="Next round").click()
    expect(page.locator(".cw-picture")).to_contain_text("Round 2: out = x @ w + b. Make dx, (5, 3)")


@pytest.mark.browser
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_piece_can_be_dragged_to_its_place(side: str, show: Show) -> None:
    page = show(ShapeTetris(left=""))
    page.locator(".tet-tray").get_by_role("button", name="dout").drag_to(
        page.locator(f"[data-place={side}]")
    )
    state = page.evaluate("document.querySelector('.cw').widget.state")
    assert state[side] == "dout"
    assert state["left" if side == "right" else "right"] == ""


@pytest.mark.browser
def test_a_piece_that_is_dropped_beside_stays_in_the_tray(show: Show) -> None:
    page = show(ShapeTetris(left=""))
    page.locator(".tet-tray").get_by_role("button", name="w (3, 4)").drag_to(
        page.locator(".cw header")
    )
    expect(page.locator(".tet-empty")).to_have_count(2)


@pytest.mark.browser
def test_equal_sizes_let_a_wrong_product_fit(show: Show) -> None:
    page = show(ShapeTetris(sizes="square", left="dout", right="x"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("36 have the shape of dw")
    expect(page.locator(".tet-result")).to_contain_text("fits")
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".cw-picture")).to_contain_text("✗ dout @ x fits and is wrong")
    expect(page.locator(".tet-buttons")).to_contain_text("streak 0")


@pytest.mark.browser
def test_time_runs_only_for_who_wants_it(show: Show) -> None:
    page = show(ShapeTetris())
    expect(page.locator(".tet-buttons")).not_to_contain_text("clock")
    page.get_by_role("button", name="Time 6 rounds").click()
    for solved in range(6):
        expect(page.locator(".tet-buttons")).to_contain_text(f"{solved} of 6 on the clock")
        page.evaluate(
            """() => {
              const { set, numbers } = document.querySelector('.cw').widget;
              const [left, right] = numbers.answer;
              set({ left, right });
            }"""
        )
        page.get_by_role("button", name="Check").click()
        page.get_by_role("button", name="Next round").click()
    expect(page.locator(".tet-buttons")).to_contain_text("6 rounds in")
    expect(page.locator(".tet-buttons")).to_contain_text("streak 6, best 6")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_one_product_fits_where_all_sizes_differ(operation: str) -> None:
    for place in range(1, ROUNDS + 1):
        assert count(operation, place, "differ") == (1, 1)
        fitting, right = count(operation, place, "square")
        assert fitting > right == 1
