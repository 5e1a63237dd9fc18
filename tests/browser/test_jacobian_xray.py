"""W6.2 as its reader meets it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import JacobianXRay

pytestmark = pytest.mark.browser
Show = Callable[..., Page]

PAINTED = """() => {
  const canvas = document.querySelector('canvas');
  const pen = canvas.getContext('2d');
  const [corner, unit] = [28, Math.floor(512 / 4)];
  return [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => pen.getImageData(
    corner + (j + 0.5) * unit, (i + 0.5) * unit, 1, 1).data[3] > 0));
}"""


def test_only_the_diagonal_of_relu_is_painted(show: Show) -> None:
    widget = JacobianXRay(n=4)
    painted = show(widget).evaluate(PAINTED)
    active = [value > 0 for value in widget._data["numbers"][:4]]
    assert True in active
    assert painted == [[i == j and active[i] for j in range(4)] for i in range(4)]


def test_softmax_paints_every_entry(show: Show) -> None:
    assert all(map(all, show(JacobianXRay(op="softmax", n=4)).evaluate(PAINTED)))


def test_it_prices_the_sizes_of_the_deck(show: Show) -> None:
    """Deck row 87: 4096 numbers, then a minibatch of 100 of them."""
    page = show(JacobianXRay())
    table = page.locator(".cw table")
    for price in ["134 MB", "32.8 kB", "1.34 TB", "3.28 MB"]:
        expect(table).to_contain_text(price)


def test_the_slider_moves_the_bytes(show: Show) -> None:
    page = show(JacobianXRay())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("16 × 16 = 256 entries")
    slider = page.get_by_role("slider", name="Sample size n")
    slider.press("End")
    expect(page.locator(".cw-see")).to_contain_text("64 × 64 = 4,096 entries")
    expect(page.locator(".cw-see")).to_contain_text("32.8 kB")
    slider.press("Home")
    expect(page.locator(".cw-see")).to_contain_text("2 × 2 = 4 entries")


def test_softmax_goes_out_at_a_large_scale(show: Show) -> None:
    page = show(JacobianXRay(op="softmax"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).not_to_contain_text("gone out")
    page.get_by_role("slider", name="Input times").press("End")
    expect(page.locator(".cw-see")).to_contain_text("At scale 30 it has gone out")
