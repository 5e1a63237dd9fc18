"""W3.1 as its reader meets it."""

from collections.abc import Callable

import numpy as np
import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg.derivatives import complex_step_gradient, numerical_gradient
from coursepkg.widgets import StepSize
from coursepkg.widgets.step_size import EXAMPLES, quotient

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def test_it_shows_the_numbers_of_the_deck(show: Show) -> None:
    """Deck row 44: 1.7e-5 for one side, 7.8e-11 for both."""
    page = show(StepSize())
    page.get_by_role("button", name="Skip").click()
    see = page.locator(".cw-see")
    expect(see).to_contain_text("relative error 1.7·10⁻⁵")
    expect(see).to_contain_text("central 7.8·10⁻¹¹")


def test_the_mark_follows_the_mouse_and_the_arrows(show: Show) -> None:
    page = show(StepSize())
    mark = page.get_by_role("button", name="Step and error")
    box = mark.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 100, y, steps=4)
    page.mouse.up()
    moved = page.evaluate("document.querySelector('.cw').widget.state.exponent")
    assert moved < -8
    mark.press("ArrowRight")
    assert page.evaluate("document.querySelector('.cw').widget.state.exponent") == moved + 0.5


def test_float32_has_seven_digits_to_lose(show: Show) -> None:
    page = show(StepSize(precision="float32", exponent=-8))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".step-digits")).to_contain_text("7 agree and cancel, 0 left")
    expect(page.locator(".cw-see")).to_contain_text("the quotient is 0")


def test_the_complex_step_cannot_cross_a_kink(show: Show) -> None:
    page = show(StepSize(example="kink", method="complex"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("It cannot.")


@pytest.mark.parametrize("example", ["deck", "cube", "wiggle"])
def test_its_quotients_are_those_of_the_library(example: str) -> None:
    f, _, x, _ = EXAMPLES[example]
    central = quotient(example, 1e-5, "central")
    assert central is not None
    np.testing.assert_allclose(central, numerical_gradient(f, np.array([x]))[0], rtol=1e-9)
    step = quotient(example, 1e-20, "complex")
    assert step is not None
    np.testing.assert_allclose(step, complex_step_gradient(f, np.array([x]))[0], rtol=1e-14)


def test_a_step_between_two_marks_is_refused() -> None:
    with pytest.raises(traitlets.TraitError, match="exponent must be 0"):
        StepSize(exponent=-5.2)
