"""W9.5 as its reader meets it."""

from collections.abc import Callable

import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg.widgets import ReceptiveField
from coursepkg.widgets.receptive_field import STACKS, seen_by

pytestmark = pytest.mark.browser
Show = Callable[..., Page]

NUMBERS = "document.querySelector('.cw').widget.numbers"


@pytest.mark.parametrize(
    ("stack", "fields"),
    [
        ("three 3×3", [1, 3, 5, 7]),
        ("conv, pool, conv", [1, 3, 4, 8]),
        ("one 7×7", [1, 7]),
        ("VGG begins", [1, 3, 5, 6, 10, 14]),
        ("dilated", [1, 3, 7, 15]),
    ],
)
def test_the_recursion_and_the_backward_pass_find_the_same_field(
    stack: str, fields: list[int]
) -> None:
    found = seen_by(STACKS[stack], size=40, padding="none", unit=4)
    assert found["fields"] == fields
    assert found["lit"] == fields[-1]


def test_a_button_puts_another_stack(show: Show) -> None:
    page = show(ReceptiveField())
    page.get_by_role("button", name="Skip").click()
    see = page.locator(".cw-see")
    expect(see).to_contain_text("1 → 3 → 4 → 8")
    expect(see).to_contain_text("lead 9 ways")
    page.get_by_role("button", name="three 3×3").click()
    expect(see).to_contain_text("7 × 7 = 49 pixels")
    expect(see).to_contain_text("lead 49 ways to the output, from the one seen least 1")
    expect(see).to_contain_text("27 weights between two channels; one kernel of 7 × 7 has 49")
    page.get_by_role("button", name="one 7×7").click()
    expect(see).not_to_contain_text("count alike")


def test_layers_are_added_changed_and_removed(show: Show) -> None:
    page = show(ReceptiveField())
    page.get_by_label("Layer 4: kind").select_option("pool")
    page.get_by_label("Layer 4: kernel").select_option("2")
    page.get_by_label("Layer 4: stride").select_option("2")
    assert page.evaluate(NUMBERS)["fields"] == [1, 3, 4, 8, 10]
    page.get_by_label("Layer 1: kind").select_option("remove")
    assert page.evaluate(NUMBERS)["fields"] == [1, 2, 6, 8]
    expect(page.get_by_label("Layer 4: kind")).to_have_value("0")


def test_the_output_that_looks_is_dragged_and_moved_by_keys(show: Show) -> None:
    page = show(ReceptiveField())
    grip = page.locator(".cw-handle")
    lit = "document.querySelector('.cw').widget.numbers.ways.findIndex((n) => n > 0)"
    assert page.evaluate(lit) == 4
    grip.press("ArrowRight")
    assert page.evaluate(lit) == 6
    grip.scroll_into_view_if_needed()
    box = page.locator(".rf-grip").bounding_box()
    strips = page.locator(".rf-strips").bounding_box()
    assert box is not None
    assert strips is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + strips["width"], y, steps=4)
    page.mouse.up()
    assert page.evaluate(lit) == 12
    assert page.evaluate("document.querySelector('.cw').widget.state.unit") == 6


def test_a_stride_wider_than_the_kernel_leaves_holes(show: Show) -> None:
    page = show(ReceptiveField())
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("button", name="1×1, stride 2").click()
    expect(page.locator(".cw-see")).to_contain_text(
        "Of the 5 pixels in a row of its field it reaches 3"
    )


def test_padding_lets_the_field_hang_over_the_edge(show: Show) -> None:
    page = show(ReceptiveField(padding="same", unit=0))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("hangs over the edge: 5 × 5 pixels")


def test_what_does_not_fit_is_said(show: Show) -> None:
    page = show(ReceptiveField(layers=[[1, 7, 1, 4]]))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-picture")).to_contain_text("25 pixels does not fit into 20")
    expect(page.locator(".cw-see")).to_contain_text("It does not fit.")


@pytest.mark.parametrize(
    "layers",
    [
        [[1, 3, 1]],
        [[1, 8, 1, 1]],
        [[3, 3, 1, 1]],
        [[2, 2, 1, 2]],
        [[1, 3, 4, 1]],
        [[1, 3, 1, 1]] * 6,
        [[1, 3.0, 1, 1]],
    ],
)
def test_layers_that_are_none_are_refused_in_words(layers: list[list[int]]) -> None:
    with pytest.raises(traitlets.TraitError, match="layer"):
        ReceptiveField(layers=layers)
