"""W7.4 as its reader meets it."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import DeadUnits
from coursepkg.widgets.dead_runs import recorded, train

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def test_the_frames_are_what_coursepkg_computes() -> None:
    off, losses = train(0.1, 1.0)
    kept_off, kept_losses = recorded(0.1, 1.0)
    assert (off == kept_off).all()
    np.testing.assert_allclose(kept_losses, losses, rtol=1e-3)


def test_as_many_crosses_as_units_that_are_off(show: Show) -> None:
    page = show(DeadUnits())
    assert page.locator(".dead-off").count() == recorded(1.5, 1.0)[0][5].sum()
    assert page.locator(".dead-off, .dead-on").count() == 32


def test_at_the_largest_rate_all_die_and_the_loss_is_that_of_guessing(show: Show) -> None:
    page = show(DeadUnits(lr=4.0))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("32 off")
    expect(page.locator(".cw-see")).to_contain_text("All of them.")
    assert recorded(4.0, 1.0)[1][-1] == pytest.approx(np.log(10), abs=0.02)


def test_leaky_units_come_back(show: Show) -> None:
    page = show(DeadUnits(lr=4.0))
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("combobox", name="Unit").select_option("leaky")
    expect(page.locator(".cw-see")).to_contain_text("Off is not dead here.")


def test_the_point_on_the_curve_moves_the_step(show: Show) -> None:
    page = show(DeadUnits())
    page.get_by_role("button", name="Step at").press("ArrowRight")
    assert page.evaluate("document.querySelector('.cw').widget.state.step") == 60
