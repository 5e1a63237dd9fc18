"""W7.1 as its reader meets it."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import SignalFlow
from coursepkg.widgets.signal_runs import ACTIVATIONS, propagate, recorded

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_frames_are_what_coursepkg_computes(activation: str) -> None:
    signals, blames, gradients = propagate(activation, 0.0625, depths=(10,))
    found = np.log10([signals, blames[0], gradients[0]])
    np.testing.assert_allclose(recorded(activation, 0.0625, 10), found, atol=0.006)


def test_it_starts_with_the_numbers_of_the_slide(show: Show) -> None:
    """E-U14: N(0, 0.01) leaves 2.9e-10 of a signal after ten layers."""
    page = show(SignalFlow())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("2.9e−10 after layer 10")
    expect(page.locator(".cw-see")).to_contain_text("0.113 for small signals")


def test_one_press_gives_he_and_flat_lines(show: Show) -> None:
    page = show(SignalFlow())
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("button", name=", He").press("Enter")
    expect(page.locator(".cw-see")).to_contain_text("Flat lines.")
    expect(page.get_by_role("button", name=", He")).to_have_attribute("aria-pressed", "true")


def test_a_flat_signal_can_hide_a_blame_that_explodes(show: Show) -> None:
    page = show(SignalFlow(activation="tanh", std=0.25, depth=50))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text(
        "The signal looks healthy, and the blame is not"
    )
