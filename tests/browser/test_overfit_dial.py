"""W7.3 as its reader meets it."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import OverfitDial
from coursepkg.widgets.overfit_dial import LAMBDAS, fit

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


@pytest.mark.parametrize("n", [6, 14, 60])
def test_less_penalty_never_raises_the_error_on_the_samples(n: int) -> None:
    """Deck row 24."""
    errors = [fit(n, 14, lam, 0.3)[1] for lam in LAMBDAS]
    assert all(a <= b + 1e-9 for a, b in pairwise(errors))


def test_more_samples_raise_one_error_and_lower_the_other() -> None:
    few, many = fit(14, 14, 1e-6, 0.3), fit(60, 14, 1e-6, 0.3)
    assert few[1] < 0.001 < 0.04 < many[1]
    assert few[2] > 0.3 > 0.15 > many[2]


def test_the_point_on_the_curve_moves_the_penalty(show: Show) -> None:
    page = show(OverfitDial())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("Overfit.")
    page.get_by_role("button", name="log₁₀ λ").press("ArrowRight")
    assert page.evaluate("document.querySelector('.cw').widget.state.lam") == LAMBDAS[1]
    page.get_by_role("slider", name="Penalty λ").press("End")
    expect(page.locator(".cw-see")).to_contain_text("Underfit.")


def test_the_arrow_keys_reach_every_width(show: Show) -> None:
    page = show(OverfitDial(width=16))
    point = page.get_by_role("button", name="hidden units")
    for width in (20, 24, 32, 32):
        point.press("ArrowRight")
        assert page.evaluate("document.querySelector('.cw').widget.state.width") == width
    point.press("ArrowLeft")
    assert page.evaluate("document.querySelector('.cw').widget.state.width") == 24
