"""W11.1 as its reader meets it."""

from collections.abc import Callable
from typing import Any

import ipywidgets
import numpy as np
import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg.widgets import CNNExplorer
from tests.unit.drawings import DRAWINGS, Stroke

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def state(page: Page) -> dict[str, Any]:
    return page.evaluate("document.querySelector('.cw').widget.state")


def numbers(page: Page) -> dict[str, Any]:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


def draw(page: Page, strokes: list[Stroke], scale: float = 1.0, shift: float = 0.0) -> None:
    """Draw with the mouse, as a reader does."""
    box = page.locator(".pad").bounding_box()
    assert box is not None
    place = lambda x, y: [  # noqa: E731
        box["x"] + (scale * x + shift + 1) / 66 * box["width"],
        box["y"] + (scale * y + shift + 1) / 66 * box["height"],
    ]
    for stroke in strokes:
        page.mouse.move(*place(*stroke[0]))
        page.mouse.down()
        for point in stroke[1:]:
            page.mouse.move(*place(*point))
        page.mouse.up()


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_drawn_by_mouse_is_recognised(digit: int, show: Show) -> None:
    page = show(CNNExplorer())
    draw(page, DRAWINGS[digit][0])
    assert state(page)["image"] == "drawn"
    assert numbers(page)["guess"] == digit


def test_small_and_in_a_corner_it_is_the_same_digit_until_a_dot_is_added(show: Show) -> None:
    page = show(CNNExplorer())
    draw(page, DRAWINGS[3][0], scale=0.3, shift=40)
    assert numbers(page)["guess"] == 3
    draw(page, [[(2, 2), (3, 3)]])
    assert numbers(page)["p"][3] < 0.5


def test_a_finger_can_draw(show: Show) -> None:
    page = show(CNNExplorer(), width=360)
    pad = page.locator(".pad")
    box = pad.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    for kind, down in (("pointerdown", 0.1), ("pointermove", 0.9)):
        place = {"clientX": middle, "clientY": box["y"] + down * box["height"]}
        page.evaluate("SVGElement.prototype.setPointerCapture = () => {}")
        page.evaluate("SVGElement.prototype.hasPointerCapture = () => true")
        pad.dispatch_event(kind, place | {"pointerId": 1, "pointerType": "touch", "bubbles": True})
    assert numbers(page)["guess"] == 1


def test_the_keyboard_can_draw(show: Show) -> None:
    page = show(CNNExplorer())
    page.get_by_role("button", name="Clear").click()
    page.locator(".pad").focus()
    for _ in range(6):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    for _ in range(12):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert "~" in state(page)["strokes"]
    assert numbers(page)["guess"] == 1


def test_every_cell_shows_a_sum_that_is_right(show: Show) -> None:
    page = show(CNNExplorer(image="4"))
    conv1 = page.locator("[data-maps='conv1']")
    conv1.click(position={"x": 20, "y": 20})
    assert state(page)["cell"].startswith("conv1[0,")
    text = page.locator(".cx-reading").inner_text().replace("−", "-").replace(" ", "")
    total, value = text.split("bias:")[1].split("=")[:2]
    assert eval(total) == pytest.approx(numbers(page)["value"], abs=1e-3)
    assert float(value.split("\n")[0]) == pytest.approx(numbers(page)["value"], rel=1e-3)


def test_arrow_keys_walk_from_map_to_map(show: Show) -> None:
    page = show(CNNExplorer(cell="conv2[3,1,3]"))
    page.locator("[data-maps='conv2']").focus()
    page.keyboard.press("ArrowRight")
    assert state(page)["cell"] == "conv2[4,1,0]"
    page.keyboard.press("ArrowDown")
    assert state(page)["cell"] == "conv2[4,2,0]"
    expect(page.locator(".cx-terms > div")).to_have_count(8)


def test_blank_paper_is_a_digit_to_it(show: Show) -> None:
    page = show(CNNExplorer(strokes=""))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("no way to say")


def test_it_is_an_ordinary_ipywidget() -> None:
    widget, choice = CNNExplorer(), ipywidgets.Dropdown(options=["3", "4"])
    ipywidgets.link((choice, "value"), (widget, "image"))
    choice.value = "4"
    assert widget.image == "4"


@pytest.mark.parametrize("strokes", ["A", "AB.", "AB..CD", "A B", "AB~C", "é7"])
def test_what_is_no_stroke_is_refused_with_words(strokes: str) -> None:
    with pytest.raises(traitlets.TraitError, match="two letters each"):
        CNNExplorer(strokes=strokes)


def test_the_trained_network_knows_more_than_the_untrained_one(show: Show) -> None:
    page = show(CNNExplorer(image="4", weights="untrained"))
    untrained = numbers(page)["p"]
    page.locator("select[name='weights']").select_option("trained")
    assert numbers(page)["p"][4] > 0.9 > np.max(untrained)
