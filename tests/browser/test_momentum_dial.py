"""W8.2 as its reader meets it."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import MomentumDial
from coursepkg.widgets.momentum_dial import best, radius, roll, roots

pytestmark = pytest.mark.browser
Show = Callable[..., Page]
STATE = "document.querySelector('.cw').widget.state"


def test_the_ring_is_dragged_and_moved_by_keys(show: Show) -> None:
    page = show(MomentumDial())
    ring = page.get_by_role("button", name="Rate 1.9 over")
    box = ring.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 50, y + 70, steps=4)
    page.mouse.up()
    dragged = page.evaluate(STATE)
    assert dragged["rate"] > 1.9
    assert dragged["rho"] < 0.9
    page.locator(".cw-handle").press("ArrowUp")
    assert page.evaluate(STATE)["rho"] == pytest.approx(dragged["rho"] + 0.01)
    page.locator(".cw-handle").press("ArrowRight")
    assert page.evaluate(STATE)["rate"] == pytest.approx(dragged["rate"] + 0.05)


def test_a_click_in_the_plane_goes_there(show: Show) -> None:
    page = show(MomentumDial())
    box = page.locator(".dial-ground").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.5 * box["height"])
    state = page.evaluate(STATE)
    assert abs(state["rate"] - 1) < 0.15
    assert abs(state["rho"] - 0.5) < 0.08


def test_the_best_of_all_is_on_the_ridge_of_both(show: Show) -> None:
    page = show(MomentumDial())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("the rate does not matter at all")
    page.get_by_role("button", name="The best of all").click()
    expect(page.locator(".cw-see")).to_contain_text("7 steps for a digit")
    page.get_by_role("button", name="No momentum").click()
    expect(page.locator(".cw-see")).to_contain_text("steps for a digit")


def test_the_closed_form_says_what_the_walk_does() -> None:
    for lr, rho in ((0.06, 0.0), (0.03, 0.3), (0.1, 0.2), (0.05, 0.9)):
        path = roll(lr, rho, 30, 400)
        far = np.abs(path[300:, :]).max(axis=0) / np.abs(path[200:300, :]).max(axis=0)
        for measured, curvature in zip(far, (1, 30), strict=True):
            share = radius(lr, rho, curvature)
            assert share == pytest.approx(abs(roots(lr, rho, curvature)).max())
            if share**300 > 1e-200 and share < 1:
                assert measured ** (1 / 100) == pytest.approx(share, rel=0.02)


@pytest.mark.parametrize("kappa", [3, 10, 100])
def test_no_place_of_the_plane_beats_the_best(kappa: int) -> None:
    top = best(kappa)[1] ** 0.5
    for rate in np.linspace(0.05, 4, 80):
        for rho in np.linspace(0, 0.99, 100):
            assert max(radius(rate / kappa, rho, c) for c in (1, kappa)) >= top - 1e-9
