"""W8.1 as its reader meets it."""

from collections.abc import Callable

import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg.widgets import Race
from coursepkg.widgets.race import RATES, run, sweep
from tests.browser.conftest import drag

pytestmark = pytest.mark.browser
Show = Callable[..., Page]
STATE = "document.querySelector('.cw').widget.state"


def test_who_wins_depends_on_the_rate(show: Show) -> None:
    page = show(Race())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("RMSProp is first")
    expect(page.locator(".cw-see")).to_contain_text("SGD, Nesterov: flown off")
    page.get_by_role("button", name="Each at its best").click()
    expect(page.locator(".cw-see")).to_contain_text("at their best rates, Nesterov is first")
    scores = sweep("turned", 30, steps=60)
    assert page.evaluate(STATE)["rates"] == [RATES[int(each.argmin())] for each in scores.values()]


def test_the_start_can_be_dragged(show: Show) -> None:
    page = show(Race())
    drag(page, "Start", 60, 40)
    x, y = page.evaluate(STATE)["start"]
    assert x > -1.8
    assert y < 0.65


def test_a_rate_can_be_dragged_along_its_curve_and_stepped_with_keys(show: Show) -> None:
    page = show(Race(shown=[True] + [False] * 5))
    drag(page, "Learning rate of SGD", -40, 0)
    rates = page.evaluate(STATE)["rates"]
    assert rates[0] < 0.1
    assert rates[0] in RATES
    assert rates[1:] == [0.1] * 5
    page.get_by_role("button", name="Learning rate of SGD").press("ArrowRight")
    assert RATES.index(page.evaluate(STATE)["rates"][0]) == RATES.index(rates[0]) + 1
    page.get_by_role("slider", name="Learning rate of Adam").press("ArrowLeft")
    assert page.evaluate(STATE)["rates"][5] == 0.075


def test_play_ends_where_it_began(show: Show) -> None:
    page = show(Race(steps=5))
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert page.evaluate(STATE)["steps"] == 5


def test_optimizers_can_be_taken_out_of_the_picture(show: Show) -> None:
    page = show(Race())
    page.get_by_role("button", name="SGD", exact=True).click()
    assert page.evaluate(STATE)["shown"] == [False] + [True] * 5
    expect(page.get_by_role("button", name="Learning rate of SGD")).to_have_count(0)


def test_on_the_ridge_of_the_saddle_nothing_falls(show: Show) -> None:
    page = show(Race(surface="saddle", start=[-1.8, 0.6], rates=[0.01] * 6))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("exactly on the ridge")


def test_along_the_axes_the_divided_steps_do_not_see_the_steepness() -> None:
    """Deck row 102: what the blue ones do is the same for every kappa, until it is turned."""
    for name in ("AdaGrad", "RMSProp", "Adam"):
        flat, steep = (run(name, [0.1], "valley", kappa) for kappa in (1, 100))
        assert abs(flat - steep).max() < 1e-6
        assert abs(run(name, [0.1], "turned", 1) - run(name, [0.1], "turned", 100)).max() > 0.1


@pytest.mark.parametrize("wrong", [{"start": [3.0, 0.0]}, {"rates": [20.0] * 6}, {"rates": [1.0]}])
def test_what_lies_outside_is_refused(wrong: dict[str, list[float]]) -> None:
    with pytest.raises(traitlets.TraitError):
        Race(**wrong)
