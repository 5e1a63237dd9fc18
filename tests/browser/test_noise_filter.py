"""W8.4 as its reader meets it."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from coursepkg.optim import MomentumState, momentum
from coursepkg.widgets import NoiseFilter
from coursepkg.widgets.noise_filter import SIGMA, expected

pytestmark = pytest.mark.browser
Show = Callable[..., Page]
NUMBERS = "document.querySelector('.cw').widget.numbers"


def test_momentum_shortens_the_steps_and_not_the_distance(show: Show) -> None:
    """Deck row 49: what does not remove the noise."""
    page = show(NoiseFilter())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("smooth, the distance stays")
    numbers = page.evaluate(NUMBERS)
    assert numbers["rough"][1] < 0.25 * numbers["rough"][0]
    assert 0.8 < numbers["far"][1] / numbers["far"][0] < 1.2


@pytest.mark.parametrize("remedy", [{"batch": 16}, {"rate": 0.01}, {"schedule": "cosine"}])
def test_what_does_remove_it(remedy: dict[str, object], show: Show) -> None:
    before = NoiseFilter.reference_states()[-1][1]["far"]
    page = show(NoiseFilter(**remedy))
    assert page.evaluate(NUMBERS)["far"][0] < 0.5 * before[0]


@pytest.mark.parametrize(("rate", "rho"), [(0.2, 0.0), (0.2, 0.9), (0.5, 0.8)])
def test_theory_says_how_far_momentum_stays_away(rate: float, rho: float) -> None:
    w, state, far = np.zeros(2000), MomentumState(np.zeros(2000)), []
    rng = np.random.default_rng(0)
    for t in range(400):
        g = w + SIGMA * rng.standard_normal(2000)
        w, state = momentum(w, g, state, rate * (1 - rho), rho)
        if t >= 200:
            far.append(np.mean(w**2))
    assert np.sqrt(np.mean(far)) == pytest.approx(expected(rate, rho, 1), rel=0.02)
