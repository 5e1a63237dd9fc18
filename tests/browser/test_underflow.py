"""W2.2 as its reader meets it: the numbers of errata E-U6 and E-U7."""

import math
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import Underflow

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


@pytest.mark.parametrize(
    ("precision", "gap", "expected"),
    [
        ("float32", 80, "fine"),
        ("float32", 100, -math.inf),
        ("float32", 110, math.nan),
        ("float64", 740, -math.inf),
        ("float64", 750, math.nan),
    ],
)
def test_the_maximum_of_the_batch_fails_where_the_errata_say(
    precision: str, gap: int, expected: float | str, show: Show
) -> None:
    page = show(Underflow(precision=precision, gap=gap))
    found = page.evaluate("document.querySelector('.cw').widget.numbers")
    loss = found["global_max"][1]
    if expected == "fine":
        assert loss == pytest.approx(found["truth"][1], abs=1e-6)
    else:
        assert loss == expected or (math.isnan(loss) and math.isnan(float(expected)))
    assert found["row_max"][1] == pytest.approx(0.3132617, abs=1e-6)


@pytest.mark.parametrize(("precision", "gap"), [("float32", 104), ("float64", 746)])
def test_the_logarithm_of_a_probability_fails_where_log_sum_exp_says_the_gap(
    precision: str, gap: int, show: Show
) -> None:
    page = show(Underflow(precision=precision, gap=gap, first_row="wrong"))
    page.get_by_role("button", name="Skip").click()
    found = page.evaluate("document.querySelector('.cw').widget.numbers")
    assert found["row_max"][0] == math.inf
    assert found["lse"][0] == gap
    expect(page.locator(".cw-see")).to_contain_text("the gap itself")


def test_it_starts_with_the_best_loss_ever(show: Show) -> None:
    page = show(Underflow())
    expect(page.locator(".uf-table")).to_contain_text("✗ −inf")
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("looks like the best loss ever")
    page.get_by_role("slider", name="Gap").press("Home")
    expect(page.locator(".uf-table")).not_to_contain_text("✗")
