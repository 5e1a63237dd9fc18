"""W4.1 as its reader meets it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import ActivationLab

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def opened(show: Show, widget: ActivationLab) -> Page:
    page = show(widget)
    page.get_by_role("button", name="Skip").click()
    return page


def test_the_sigmoid_saturates_and_recovers(show: Show) -> None:
    page = opened(show, ActivationLab())
    expect(page.locator(".cw-see")).to_contain_text("44 % of the inputs meet a slope below 0.01")
    page.get_by_role("slider", name="Their spread").press("Home")
    expect(page.locator(".cw-see")).to_contain_text("0 % of the inputs")


def test_relu_switches_off_one_half_at_any_spread(show: Show) -> None:
    page = opened(show, ActivationLab(function="relu", std=1))
    expect(page.locator(".cw-see")).to_contain_text("50 % of the inputs")
    page.get_by_role("slider", name="Their spread").press("End")
    expect(page.locator(".cw-see")).to_contain_text("50 % of the inputs")


def test_dragging_the_mean_kills_a_relu(show: Show) -> None:
    page = opened(show, ActivationLab(function="relu", std=1))
    place = page.get_by_role("button", name="Mean of the inputs").bounding_box()
    assert place is not None
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y, steps=4)
    page.mouse.up()
    assert page.evaluate("document.querySelector('.cw').widget.state.mean") <= -4
    expect(page.locator(".cw-see")).to_contain_text("Dead.")


def test_the_leak_is_for_those_that_leak(show: Show) -> None:
    page = show(ActivationLab())
    leak = page.get_by_role("slider", name="Leak")
    expect(leak).to_be_disabled()
    page.get_by_role("combobox", name="Activation").select_option("leaky_relu")
    expect(leak).to_be_enabled()
