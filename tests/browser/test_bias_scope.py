"""W8.3 as its reader meets it."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import BiasScope
from coursepkg.widgets.bias_scope import KINDS, PLACES, step_sizes

pytestmark = pytest.mark.browser
Show = Callable[..., Page]
STATE = "document.querySelector('.cw').widget.state"


def test_it_tells_the_numbers_of_the_deck(show: Show) -> None:
    """Deck rows 100 and 101: 3.162 in step 1, 6.57 in step 12, and 1.000 with correction."""
    page = show(BiasScope())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("3.162 learning rates long; corrected, 1.")
    expect(page.locator(".cw-see")).to_contain_text("6.57, in step 12")
    expect(page.locator(".cw-chart")).to_contain_text("6.57 at t = 12")
    page.get_by_role("button", name="t = 12", exact=True).click()
    expect(page.locator(".cw-see")).to_contain_text("6.569 learning rates")
    page.get_by_role("button", name="No β₁").click()
    page.get_by_role("button", name="t = 1", exact=True).click()
    expect(page.locator(".cw-see")).to_contain_text("31.62 learning rates")


def test_the_step_can_be_dragged_and_moved_by_keys(show: Show) -> None:
    page = show(BiasScope())
    mark = page.get_by_role("button", name="without correction")
    box = mark.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 150, y, steps=4)
    page.mouse.up()
    dragged = page.evaluate(STATE)["t"]
    assert dragged > 1
    mark.press("ArrowLeft")
    assert PLACES.index(page.evaluate(STATE)["t"]) == PLACES.index(dragged) - 1


@pytest.mark.parametrize("kind", KINDS)
def test_all_at_once_gives_the_steps_of_one_by_one(kind: str) -> None:
    state, numbers = next(
        (state, numbers) for state, numbers in BiasScope.reference_states() if state["kind"] == kind
    )
    betas = state["beta1"], state["beta2"]
    for name, correction in (("corrected", True), ("almost", False)):
        steps = step_sizes(kind, betas, 100, correction)
        first = [place for place in PLACES if place <= 100]
        np.testing.assert_allclose(steps[np.array(first) - 1], numbers[name][: len(first)])
