"""W3.2 as its reader meets it."""

from collections.abc import Callable

import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg.widgets import Valley
from tests.browser.conftest import drag

pytestmark = pytest.mark.browser
Show = Callable[..., Page]
STATE = "document.querySelector('.cw').widget.state"


@pytest.mark.parametrize(("kappa", "steps"), [(1, 1), (10, 35), (100, 346), (1000, 3454)])
def test_it_tells_the_steps_of_the_deck(kappa: int, steps: int, show: Show) -> None:
    """Deck row 47."""
    page = show(Valley(kappa=kappa))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text(f"it needs {steps} step")


def test_the_start_can_be_dragged(show: Show) -> None:
    page = show(Valley())
    drag(page, "Start", 60, 30)
    x, y = page.evaluate(STATE)["start"]
    assert x > -1.8
    assert y < 0.6


def test_the_rate_can_be_dragged_over_the_edge(show: Show) -> None:
    page = show(Valley())
    page.get_by_role("button", name="Skip").click()
    drag(page, "Rate and worse factor", 80, 0)
    assert page.evaluate(STATE)["share"] == 1.1
    expect(page.locator(".cw-see")).to_contain_text("Beyond the edge")
    page.get_by_role("button", name="Rate and worse factor").press("ArrowLeft")
    page.get_by_role("button", name="Rate and worse factor").press("ArrowLeft")
    expect(page.locator(".cw-see")).to_contain_text("On the edge")


def test_a_start_outside_is_refused() -> None:
    with pytest.raises(traitlets.TraitError, match="between -2 and 2"):
        Valley(start=[3.0, 0.0])
