"""W9.4 as its reader meets it."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import Equivariance
from coursepkg.widgets.equivariance import commuting

pytestmark = pytest.mark.browser
Show = Callable[..., Page]
STILL = {"picture": "digit", "kernel": "edges", "border": "zeros"}


def numbers(page: Page) -> dict:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


def drag(page: Page, right: int, down: int) -> None:
    """Take the picture by a corner, not by its middle, and move it by whole pixels."""
    picture = page.locator(".eq-held")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    pixel = box["width"] / 8
    x, y = box["x"] + pixel, box["y"] + pixel
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right * pixel, y + down * pixel, steps=4)
    page.mouse.up()


def test_the_image_is_dragged_by_any_part_of_it(show: Show) -> None:
    page = show(Equivariance(right=0))
    drag(page, 3, -2)
    state = page.evaluate("document.querySelector('.cw').widget.state")
    assert (state["right"], state["down"]) == (3, -2)
    page.locator(".cw-picture .cw-handle").press("ArrowDown")
    assert page.evaluate("document.querySelector('.cw').widget.state.down") == -1


def test_a_convolution_misses_by_nothing_until_the_border(show: Show) -> None:
    page = show(Equivariance(layer="conv"))
    page.get_by_role("button", name="Skip").click()
    drag(page, 2, 1)
    assert numbers(page)["largest"] == 0
    expect(page.locator(".cw-see")).to_contain_text("exactly zero, not nearly")
    expect(page.locator(".cw-see")).to_contain_text("equivariant")
    drag(page, 3, 0)
    assert numbers(page)["largest"] > 0
    expect(page.locator(".cw-see")).to_contain_text("The border.")
    page.get_by_label("From outside").select_option("wrap")
    assert numbers(page)["largest"] == 0


def test_pooling_with_a_stride_knows_odd_from_even(show: Show) -> None:
    page = show(Equivariance())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("20 of 64 cells, by at most 39")
    expect(page.locator(".cw-see")).to_contain_text("half cells do not exist")
    assert [value == 0 for value in numbers(page)["sweep"][4:13]] == [True, False] * 4 + [True]
    drag(page, 1, 0)
    expect(page.locator(".cw-see")).to_contain_text("exact again")


@pytest.mark.parametrize("layer", ["conv", "max pool / 1", "largest"])
def test_without_a_stride_every_shift_is_exact_when_the_image_wraps(layer: str) -> None:
    for right in range(-8, 9, 3):
        found = commuting(layer=layer, right=right, down=3, **STILL | {"border": "wrap"})
        assert found["differ"] == 0


@pytest.mark.parametrize("layer", ["conv / 2", "max pool", "average pool"])
def test_odd_shifts_miss_by_more_than_half_the_map(layer: str) -> None:
    assert commuting(layer=layer, right=1, down=0, **STILL)["relative"] > 0.5
    assert commuting(layer=layer, right=2, down=0, **STILL)["relative"] == 0


def test_weights_that_are_not_shared_do_not_commute() -> None:
    for right in (1, 2, 3, 4):
        assert commuting(layer="unshared", right=right, down=0, **STILL)["relative"] > 0.5


def test_stripes_vanish_between_the_steps_of_a_stride() -> None:
    """Everything or nothing: what the deck's pyramid has to smooth away before it downsamples."""
    odd, even = (
        commuting(picture="stripes", layer="conv / 2", kernel="none", border="wrap",
                  right=right, down=0)
        for right in (1, 2)
    )  # fmt: skip
    assert (odd["relative"], even["relative"]) == (1, 0)
    assert (np.max(odd["first"]), np.max(even["first"])) == (0, 16)
