"""W9.1 as its reader meets it: the numbers of the lectures, cells to point at, change and paint."""

from collections.abc import Callable

import numpy as np
import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg.widgets import SlidingWindow

pytestmark = pytest.mark.browser
Show = Callable[..., Page]
PRINTED = """
 0 10 20 30 30 30 20 10   0 20 40 60 60 60 40 20   0 30 60 90 90 90 60 30   0 30 50 80 80 90 60 30
 0 30 50 80 80 90 60 30   0 20 30 50 50 60 40 20  10 20 30 30 30 30 20 10  10 10 10  0  0  0  0  0
"""


def numbers(page: Page) -> dict:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


def out(page: Page) -> list[str]:
    return page.get_by_role("group", name="out,").locator("[data-at]").all_inner_texts()


def test_the_lecture_s_output_is_whole(show: Show) -> None:
    """Deck row 103 (E-U12): the frames show "1 2 15" once, and "4 _ 1"."""
    page = show(SlidingWindow())
    assert out(page) == ["11", "2", "15", "13", "8", "12", "4", "1", "2"]
    expect(page.locator(".slide-sum")).to_contain_text("3·1 + 2·0 + 8·1")
    expect(page.locator(".slide-sum")).to_contain_text("= 11")


def test_the_box_filter_gives_what_is_printed(show: Show) -> None:
    """Deck row 106 (E-A9): 10 x 10 pixels give the 8 x 8 numbers of the slide."""
    page = show(SlidingWindow(image="square", kernel="box"))
    assert out(page) == PRINTED.split()


def test_pointing_at_an_output_moves_the_window(show: Show) -> None:
    page = show(SlidingWindow())
    page.get_by_role("button", name="out[2, 0] is 4").hover()
    expect(page.locator(".slide-sum")).to_contain_text("out[2, 0] =")
    assert np.sum(numbers(page)["products"]) == 4
    box = page.locator(".cw-box")
    assert box.evaluate("e => e.style.gridArea").startswith("3 / 1 /")


def test_arrow_keys_walk_over_the_output_and_the_image(show: Show) -> None:
    page = show(SlidingWindow())
    page.get_by_role("button", name="out[0, 0]").focus()
    for key in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".slide-sum")).to_contain_text("out[1, 1] =")
    page.get_by_label("image[2, 2]").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".slide-sum")).to_contain_text("image[1, 2] = 8")


def test_a_pixel_says_where_it_goes_and_a_change_arrives_there(show: Show) -> None:
    page = show(SlidingWindow())
    middle = page.get_by_label("image[2, 2]")
    middle.focus()
    expect(page.locator(".slide-sum")).to_contain_text("out[1, 0] times 1, out[1, 2] times 1")
    middle.fill("100")
    assert out(page) == ["11", "2", "15", "106", "8", "105", "4", "1", "2"]
    page.get_by_role("button", name="Reset").click()
    assert out(page) == ["11", "2", "15", "13", "8", "12", "4", "1", "2"]


def test_an_edited_image_travels_in_a_link(show: Show) -> None:
    page = show(SlidingWindow())
    page.get_by_label("image[0, 0]").fill("9")
    page.get_by_label("kernel[0, 0]").fill("2")
    page.get_by_role("button", name="Copy link").click()
    again = show(SlidingWindow(), fragment=page.evaluate("location.hash"))
    assert out(again)[0] == "29"


def test_flipping_turns_sobel_s_signs_and_nothing_else(show: Show) -> None:
    page = show(SlidingWindow(kernel="Sobel x"))
    as_it_is = np.array(numbers(page)["out"])
    assert as_it_is.tolist() == [[14, -9, -5], [5, -13, -5], [-5, -6, 3]]
    page.locator("select[name=rule]").select_option("convolution")
    assert (np.array(numbers(page)["out"]) == -as_it_is).all()
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("changed its sign")
    page.locator("select[name=kernel]").select_option("box")
    expect(page.locator(".cw-see")).to_contain_text("as it is or flipped gives the same output")


def test_a_finger_paints_where_it_goes(show: Show) -> None:
    page = show(SlidingWindow(image="mine"))
    page.get_by_role("button", name="paint black").click()
    page.locator(".slide-image [data-at='7,1']").hover()
    page.mouse.down()
    for column in range(2, 6):
        page.locator(f".slide-image [data-at='7,{column}']").hover()
    page.mouse.up()
    assert numbers(page)["image"][7] == [9, 0, 0, 0, 0, 0, 9, 9]


def test_a_border_shows_its_zeros(show: Show) -> None:
    page = show(SlidingWindow(border=1))
    assert page.locator(".cw-fixed").count() == 7 * 7 - 5 * 5
    assert len(out(page)) == 25


@pytest.mark.parametrize(
    "wrong",
    [
        {"pixels": {"lecture": [[1]]}},
        {"mine": {"weights": [[0, 0]], "divide": 1}},
        {"mine": {"weights": np.eye(3).tolist(), "divide": 0}},
        {"at": [1]},
    ],
)
def test_it_refuses_what_has_no_meaning(wrong: dict) -> None:
    with pytest.raises(traitlets.TraitError):
        SlidingWindow(**wrong)
