"""W10.3 as its reader meets it: copies on the way there, sums on the way back."""

from collections.abc import Callable

import numpy as np
import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg.widgets import Im2colUnfolder

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def numbers(page: Page) -> dict:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


def test_a_pixel_lights_all_its_copies(show: Show) -> None:
    page = show(Im2colUnfolder(steps=9))
    lit = page.locator(".fold-product .cw-on")
    assert lit.all_inner_texts() == ["6", "6", "6", "6"]
    page.get_by_label("x[0, 0]").hover()
    assert lit.all_inner_texts() == ["1"]


def test_an_entry_of_the_columns_lights_its_pixel(show: Show) -> None:
    page = show(Im2colUnfolder(steps=9))
    page.get_by_role("button", name="cols[3, 8] is 16").hover()
    pixel = page.locator(".fold-image .cw-on")
    expect(pixel).to_have_attribute("aria-label", "x[3, 3]")


def test_windows_are_written_one_by_one(show: Show) -> None:
    page = show(Im2colUnfolder(steps=0))
    out = page.get_by_role("group", name="out,").locator("[data-at]")
    assert set(out.all_inner_texts()) == {"·"}
    page.get_by_role("button", name="write the next").click()
    page.get_by_role("button", name="write the next").click()
    assert out.all_inner_texts()[:3] == ["44", "54", "·"]


def test_there_and_back_is_no_way_home(show: Show) -> None:
    page = show(Im2colUnfolder())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("col2im is no inverse")
    page.get_by_role("slider", name="Stride").press("End")
    expect(page.locator(".cw-see")).to_contain_text("every pixel once")
    assert np.all(np.array(numbers(page)["copies"]) == 1)


def test_columns_are_taken_back_and_added(show: Show) -> None:
    page = show(Im2colUnfolder(way="back", steps=9))
    parts = page.locator(".fold-product .cw-on").all_inner_texts()
    total = sum(float(part.replace("−", "-")) for part in parts)
    assert total == numbers(page)["dx"][1][1]
    page.get_by_label("dout[0, 0]").fill("11")
    assert numbers(page)["dx"][0][0] == 11


def test_it_counts_the_memory(show: Show) -> None:
    page = show(Im2colUnfolder())
    expect(page.locator(".fold-memory")).to_contain_text("x 128 bytes, columns 288 bytes")
    expect(page.locator(".fold-memory")).to_contain_text("2.25 times")


@pytest.mark.parametrize(
    "wrong", [{"image": [[1]]}, {"weights": {}}, {"dout": [1]}, {"kernel": 4}, {"way": "up"}]
)
def test_it_refuses_what_has_no_meaning(wrong: dict) -> None:
    with pytest.raises(traitlets.TraitError):
        Im2colUnfolder(**wrong)
