"""W6.1 as its reader meets it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import MatrixVJP

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def lit(page: Page, kind: str) -> list[str | None]:
    cells = page.locator(f".vjp-grid .vjp-{kind}").all()
    return [cell.get_attribute("aria-label") for cell in cells]


def test_it_shows_the_numbers_of_the_deck(show: Show) -> None:
    """Deck row 88: W = [[0.1, 0.5], [-0.3, 0.8]], x = [0.2, 0.4]."""
    page = show(MatrixVJP())
    expect(page.locator(".vjp-objective")).to_contain_text("0.116")
    for entry in [
        "q[0] is 0.22",
        "q[1] is 0.26",
        "dW[0,0] is 0.088",
        "dW[0,1] is 0.176",
        "dW[1,0] is 0.104",
        "dW[1,1] is 0.208",
        "dx[0] is −0.112",
        "dx[1] is 0.636",
    ]:
        expect(page.get_by_role("button", name=entry)).to_be_visible()


@pytest.mark.parametrize("way", ["hover", "focus", "tap"])
def test_an_entry_lights_the_factors_of_its_products(way: str, show: Show) -> None:
    page = show(MatrixVJP(example="linear"))
    page.get_by_role("button", name="Skip").click()
    entry = page.get_by_role("button", name="dW[2,1] is")
    {"hover": entry.hover, "focus": entry.focus, "tap": entry.click}[way]()
    assert lit(page, "first") == ["X[0,2]", "X[1,2]", "X[2,2]"]
    assert lit(page, "second") == ["dY[0,1]", "dY[1,1]", "dY[2,1]"]
    expect(page.locator(".vjp-sum")).to_contain_text(
        "X[0,2] · dY[0,1] + X[1,2] · dY[1,1] + X[2,2] · dY[2,1]"
    )
    expect(page.locator(".vjp-sum")).to_contain_text("= 4.5")


def test_typing_into_a_matrix_moves_the_gradients(show: Show) -> None:
    page = show(MatrixVJP())
    for name in ("x[0]", "x[1]"):
        field = page.get_by_role("spinbutton", name=name)
        field.fill(str(2 * float(field.input_value())))
    # The question the widget asks: twice the input, four times the gradient.
    expect(page.get_by_role("button", name="dW[0,0] is 0.352")).to_be_visible()
    expect(page.get_by_role("button", name="dW[1,1] is 0.832")).to_be_visible()


def test_an_empty_field_changes_nothing(show: Show) -> None:
    page = show(MatrixVJP())
    page.get_by_role("spinbutton", name="W[0,0]").fill("")
    expect(page.locator(".vjp-objective")).to_contain_text("0.116")


def test_a_transposed_gradient_of_a_square_matrix_fits_and_is_wrong(show: Show) -> None:
    page = show(MatrixVJP(rule="dW transposed", cell="dW[0,1]"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("the shape fits and the numbers are wrong")
    expect(page.locator(".cw-see")).to_contain_text("It does not keep the promise")


def test_a_transposed_gradient_of_another_matrix_does_not_fit(show: Show) -> None:
    page = show(MatrixVJP(example="linear", rule="dW transposed"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("dW comes out as (2, 3), but W is (3, 2)")


def test_one_sample_hides_a_forgotten_sum(show: Show) -> None:
    page = show(MatrixVJP(example="linear", rule="first sample only", batch=1))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("a test with N = 1 cannot see this mistake")
    page.get_by_role("slider", name="Samples N").press("ArrowRight")
    expect(page.locator(".cw-see")).to_contain_text("left out")
