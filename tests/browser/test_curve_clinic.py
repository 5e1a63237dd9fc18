"""W7.2 as its reader meets it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import CurveClinic, clinic_runs
from coursepkg.widgets.clinic_runs import NAMES, recorded, run

pytestmark = pytest.mark.browser
Show = Callable[..., Page]
TEXT = Path(clinic_runs.__file__).with_name("curve_clinic_text.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["healthy", "labels", "leak", "overfit"])
def test_the_log_is_what_coursepkg_computes(name: str) -> None:
    again, kept = run(name), recorded(name)
    assert again.train[-1] == pytest.approx(kept.train[-1], rel=0.05)
    assert again.first == pytest.approx(kept.first, rel=1e-3)
    assert again.ratio == pytest.approx(kept.ratio, rel=1e-3)


def test_every_run_shows_what_its_explanation_says() -> None:
    log = {name: recorded(name) for name in NAMES}
    assert 2.2 < log["labels"].train[-1] < 2.4 < log["labels"].test.max()
    assert log["plus"].ratio == -1
    assert log["undivided"].ratio == clinic_runs.BATCH
    assert 1.461 < log["twice"].train[-5:].mean() < 1.7
    assert log["twice"].accuracy > 80
    assert abs(log["leak"].test[-1] - log["leak"].train[-1]) < 0.01 < 0.1 < log["overfit"].test[-1]
    assert log["unscaled"].first > 100
    assert abs(log["tiny_init"].first - log["tiny_init"].guess) < 1e-3
    assert log["lr_low"].dead == 0
    assert log["undivided"].dead == 100


def test_the_lost_minus_of_the_slide_ends_at_613(show: Show) -> None:
    """E-C3: the weights are replaced, and the loss falls from 30,074.6 to 613.39."""
    assert recorded("replaced").train[0] == 30070  # to four digits
    assert recorded("replaced").train[-1] == pytest.approx(613.39, abs=0.05)


@pytest.mark.parametrize("place", range(len(NAMES)))
def test_the_right_diagnosis_is_among_four_and_reveals_the_line(show: Show, place: int) -> None:
    page = show(CurveClinic(case=str(place + 1)))
    buttons = page.locator(".clinic-choices button")
    assert buttons.count() == 4
    title = re.search(rf'  {NAMES[place]}: \[\n    "([^"]+)"', TEXT)
    assert title
    page.get_by_role("button", name=title[1], exact=True).press("Enter")
    expect(page.locator(".clinic-reveal")).to_contain_text("Yes: " + title[1])
    expect(page.locator(".clinic-fix")).to_contain_text("→")


def test_a_wrong_diagnosis_says_how_that_would_look(show: Show) -> None:
    page = show(CurveClinic(case="9"))
    page.get_by_role("button", name="learning rate too large").click()
    expect(page.locator(".clinic-reveal")).to_contain_text("Not learning rate too large")
    page.get_by_role("combobox", name="Order a test").select_option("ratio")
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("ratio 64")
    page.get_by_role("combobox", name="Run").select_option("10")
    expect(page.locator(".clinic-reveal")).to_have_count(0)
