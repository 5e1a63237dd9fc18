"""W9.3 as its reader meets it: every number of the lectures behind a button."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.functional import conv_output_size
from coursepkg.layers import Conv2d, Linear, LocallyConnected2d
from coursepkg.widgets import ParameterScale
from coursepkg.widgets.parameter_scale import counts

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


@pytest.mark.parametrize(
    ("button", "shown"),
    [
        ("200², 40K units", ["1,600,000,000", "4,000,000", "100 weights + 1", "12.8 GB"]),
        ("1000², 1M units", ["1,000,000,000,000", "100,000,000", "10,000 weights + 100", "8 TB"]),
        ("32² × 3, six", ["14,450,688 weights + 4,704", "450 weights + 6"]),
    ],
)
def test_the_lectures_numbers(button: str, shown: list[str], show: Show) -> None:
    """Deck rows 107, 108, 109 and 112."""
    page = show(ParameterScale(side=8, hidden=10, kernel=3))
    page.get_by_role("button", name=button).click()
    for number in shown:
        expect(page.locator(".scale-table")).to_contain_text(number)


def test_only_the_full_layer_knows_the_size_of_the_image(show: Show) -> None:
    page = show(ParameterScale())
    rows = page.locator(".scale-table tr")
    before = rows.all_inner_texts()
    page.locator("input[name=side]").press("End")
    after = rows.all_inner_texts()
    assert [a == b for a, b in zip(before, after, strict=True)] == [False, True, True]


def test_colour_makes_a_filter_three_times_as_heavy(show: Show) -> None:
    page = show(ParameterScale())
    page.get_by_role("button", name="in colour").click()
    expect(page.locator(".scale-table")).to_contain_text("300 weights + 1")


def test_the_counts_are_those_of_layers() -> None:
    side, channels, kernel, filters = 6, 3, 3, 2
    out = conv_output_size(side, kernel)
    hidden = filters * out**2
    found = counts(side, channels, hidden, kernel, filters)
    layers = {
        "full": Linear(channels * side**2, hidden),
        "local": LocallyConnected2d(channels, filters, (side, side), kernel),
        "shared": Conv2d(channels, filters, kernel),
    }
    for name, layer in layers.items():
        sizes = [layer.w.data.size, layer.b.data.size]
        assert sizes == [found[f"{name}_weights"], found[f"{name}_biases"]], name
    assert found["shared_units"] == hidden
