"""W10.1 as its reader meets it: numbers drop, dx fills up, each mistake has a hiding place."""

from collections.abc import Callable

import numpy as np
import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg import functional as F
from coursepkg.mistakes import MISTAKES
from coursepkg.widgets import BackwardWindow

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def numbers(page: Page) -> dict:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


def test_the_window_drops_its_numbers_one_by_one(show: Show) -> None:
    page = show(BackwardWindow(steps=0))
    drop = page.get_by_role("button", name="drop the next")
    sums = []
    while drop.is_enabled():
        drop.click()
        sums.append(np.sum(numbers(page)["dx"]))
    assert sums == [10, 20, 30, 40]
    assert numbers(page)["dx"] == [[1, 3, 2], [4, 10, 6], [3, 7, 4]]
    assert numbers(page)["dw"] == [[12, 16], [24, 28]]
    page.get_by_role("button", name="none").click()
    assert not np.any(numbers(page)["dx"])


def test_pointing_at_a_pixel_adds_its_portions_up(show: Show) -> None:
    page = show(BackwardWindow(steps=4))
    page.get_by_role("button", name="dx[1, 1] is 10").hover()
    expect(page.locator(".drop-sum")).to_contain_text("4·1 + 3·1 + 2·1 + 1·1 = 10")
    page.get_by_role("button", name="dw[0, 0] is 12").hover()
    expect(page.locator(".drop-sum")).to_contain_text("1·1 + 2·1 + 4·1 + 5·1 = 12")


def test_dx_does_not_know_the_image(show: Show) -> None:
    page = show(BackwardWindow(steps=4))
    before = numbers(page)
    page.get_by_label("x[2, 2]", exact=True).fill("900")
    after = numbers(page)
    assert after["dx"] == before["dx"]
    assert after["dw"][1][1] == 919


def test_assigning_loses_portions_until_windows_no_longer_overlap(show: Show) -> None:
    page = show(BackwardWindow(example="six", rule="assigned", steps=16))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("24 of 36 pixels are wrong")
    assert page.locator(".drop-dx .cw-cell.cw-second").count() == 24
    page.get_by_role("slider", name="Stride").press("End")
    expect(page.locator(".cw-see")).to_contain_text("= and += are the same")
    assert page.locator(".drop-dx .cw-cell.cw-second").count() == 0


def test_a_symmetric_kernel_hides_the_turned_one(show: Show) -> None:
    page = show(BackwardWindow(rule="turned", steps=4))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("pixels are wrong")
    for place, weight in {"0, 0": 4, "0, 1": 3}.items():
        page.get_by_label(f"w[{place}]", exact=True).fill(str(weight))
    expect(page.locator(".cw-see")).to_contain_text("no number shows it")


def test_its_mistakes_are_those_of_the_register(show: Show) -> None:
    page = show(BackwardWindow(example="six", rule="assigned", steps=16))
    own = numbers(page)
    x, w, dout = (np.array(own[name], dtype=float)[None, None] for name in ("x", "w", "dout"))
    _, cache = F.conv2d(x, w, np.zeros(1))
    np.testing.assert_allclose(own["dx"], MISTAKES["CV2"].code(dout, cache).dx[0, 0], atol=1e-12)


@pytest.mark.parametrize(
    "wrong", [{"matrices": {}}, {"stride": 4}, {"at": [1]}, {"rule": "right."}]
)
def test_it_refuses_what_has_no_meaning(wrong: dict) -> None:
    with pytest.raises(traitlets.TraitError):
        BackwardWindow(**wrong)
