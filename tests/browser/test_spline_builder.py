"""W4.2 as its reader meets it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg.widgets import SplineBuilder
from coursepkg.widgets.spline_builder import HAND

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def numbers(page: Page) -> dict[str, Any]:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


@pytest.mark.parametrize("n", [3, 4, 6, 8, 20])
def test_the_sizes_of_the_deck_make_one_piece_more(n: int, show: Show) -> None:
    assert numbers(show(SplineBuilder(n=n)))["pieces"] == n + 1


def test_a_hat_of_three_units_is_made_by_moving_kinks(show: Show) -> None:
    page = show(SplineBuilder(n=3, target="hat"))
    page.get_by_role("button", name="Skip").click()
    for unit, place in enumerate([-0.5, 0, 0.5], start=1):
        kink = page.get_by_role("button", name=re.compile(rf"^Kink of unit {unit} "))
        for _ in range(40):
            now = page.evaluate(f"document.querySelector('.cw').widget.numbers.kinks[{unit - 1}]")
            if abs(now - place) < 1e-9:
                break
            kink.press("ArrowRight" if now < place else "ArrowLeft")
    page.get_by_role("button", name="Fit the slopes").click()
    expect(page.locator(".cw-see")).to_contain_text("Exact.")
    assert numbers(page)["pieces"] == 4


def test_the_square_bends_the_line(show: Show) -> None:
    page = show(SplineBuilder())
    before = numbers(page)["slopes"]
    page.get_by_role("button", name="Slope after the kink of unit 2").press("ArrowUp")
    after = numbers(page)["slopes"]
    assert page.evaluate("document.querySelector('.cw').widget.state.weights") == "by hand"
    assert after[1] > before[1]
    assert [after[0], *after[2:]] == pytest.approx([before[0], *before[2:]])


@pytest.mark.parametrize(
    ("hand", "words"),
    [
        ({}, "hand takes kinks, slopes, start"),
        (HAND | {"kinks": [0.0]}, "kinks must be 20 finite numbers"),
        (HAND | {"kinks": [2.0] * 20}, "between -1 and 0.95"),
    ],
)
def test_weights_by_hand_are_checked(hand: dict[str, list[float]], words: str) -> None:
    with pytest.raises(traitlets.TraitError, match=words):
        SplineBuilder(hand=hand)
