"""W10.2 as its reader meets it: who wins, who pays, and what ties do to the balance."""

from collections.abc import Callable

import numpy as np
import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg.widgets import PoolRouter

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def numbers(page: Page) -> dict:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


def test_the_lecture_s_pool(show: Show) -> None:
    """Deck row 117: 6 8 / 3 4, and each gradient through one pipe."""
    page = show(PoolRouter())
    assert numbers(page)["out"] == [[6, 8], [3, 4]]
    assert numbers(page)["dx"] == [[0, 0, 0, 0], [0, 1, 0, 2], [3, 0, 0, 0], [0, 0, 0, 4]]
    assert page.locator(".pool-pipe:not(.pool-dry)").count() == 4


def test_a_loser_gets_nothing_until_it_wins(show: Show) -> None:
    page = show(PoolRouter())
    seven = page.get_by_label("x[1, 2]")
    for value, gets in {"7.9": 0, "8": 2, "9": 2}.items():
        seven.fill(value)
        assert numbers(page)["dx"][1][2] == gets
    assert numbers(page)["dx"][1][3] == 0
    expect(page.locator(".pool-sum")).to_contain_text("dx[1, 2] = 1·2 = 2")


def test_everybody_getting_everything_breaks_the_balance(show: Show) -> None:
    page = show(PoolRouter(image="after ReLU"))
    page.get_by_role("button", name="Skip").click()
    ties = page.locator("select[name=ties]")
    for rule, arrived in {"first": 10, "split": 10, "all": 18}.items():
        ties.select_option(rule)
        expect(page.locator(".cw-see")).to_contain_text(f"Sent 10, arrived {arrived}")
    expect(page.locator(".cw-see")).to_contain_text("More comes out than went in")


def test_a_peak_wins_in_every_window_it_stands_in(show: Show) -> None:
    page = show(PoolRouter(image="one peak", stride=1))
    assert numbers(page)["dx"][1][1] == 1 + 2 + 3 + 4
    page.get_by_label("x[1, 1]").hover()
    expect(page.locator(".pool-sum")).to_contain_text("1·1 + 1·2 + 1·3 + 1·4 = 10")


def test_the_squares_of_the_shares_of_a_norm_add_up_to_one(show: Show) -> None:
    page = show(PoolRouter(pool="L2"))
    for window in numbers(page)["windows"]:
        assert np.sum(np.square(window["shares"])) == pytest.approx(1)
    page.get_by_role("button", name="Skip").click()
    page.locator("select[name=image]").select_option("after ReLU")
    expect(page.locator(".cw-see")).to_contain_text("whoever divides gets nan")


def test_upstream_numbers_can_be_typed(show: Show) -> None:
    page = show(PoolRouter(pool="average"))
    page.get_by_label("dout[0, 0]").fill("-8")
    assert np.array(numbers(page)["dx"])[:2, :2].tolist() == [[-2, -2], [-2, -2]]
    assert page.locator(".pool-pipe.pool-minus").count() == 4


@pytest.mark.parametrize(
    "wrong", [{"pixels": {}}, {"dout": [[1]]}, {"stride": 3}, {"pool": "sum"}, {"at": [1]}]
)
def test_it_refuses_what_has_no_meaning(wrong: dict) -> None:
    with pytest.raises(traitlets.TraitError):
        PoolRouter(**wrong)
