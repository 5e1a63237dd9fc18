"""W2.5 as its reader meets it."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import DecisionRegions
from coursepkg.widgets.decision_regions import MASKED, models, points

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def wrong(page: Page) -> dict[str, float]:
    found = page.evaluate("document.querySelector('.cw').widget.numbers")
    return {name: fit[3][0] for name, fit in found.items()}


def test_it_starts_with_the_middle_class_masked(show: Show) -> None:
    page = show(DecisionRegions())
    page.get_by_role("button", name="Skip").click()
    assert wrong(page) == {"one_hot": 5, "softmax": 0, "svm": 0, "perceptron": 0}
    expect(page.locator(".cw-see")).to_contain_text("The middle class is masked")


def test_a_cloud_is_dragged_out_of_the_line(show: Show) -> None:
    page = show(DecisionRegions())
    page.get_by_role("button", name="Skip").click()
    mark = page.get_by_role("button", name="Cloud of class 1").first
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 90)
    page.mouse.up()
    assert page.evaluate("document.querySelector('.cw').widget.state.places[1][1]") > 1.5
    assert wrong(page)["one_hot"] <= 1
    expect(page.locator(".cw-see")).not_to_contain_text("masked")


def test_every_cloud_can_be_moved_with_the_keys_in_every_panel(show: Show) -> None:
    page = show(DecisionRegions())
    stray = page.get_by_role("button", name="Stray point of class 1")
    expect(stray).to_have_count(4)
    stray.last.press("ArrowRight")
    places = page.evaluate("document.querySelector('.cw').widget.state.places")
    assert places == [*MASKED[:3], [1.25, 1.0]]


def test_regions_are_where_the_model_says(show: Show) -> None:
    """A corner of the picture has the colour of the class predicted there."""
    page = show(DecisionRegions())
    x, labels = points(MASKED, 1)
    for panel, model in enumerate(models(0.01).values()):
        model.fit(x, labels)
        for u, v in [(-4.5, 4.5), (4.5, 4.5), (-4.5, -4.5), (4.5, -4.5)]:
            found = page.evaluate(
                """([panel, u, v]) => {
                  const drawing = document.querySelectorAll('.dr-panels svg')[panel];
                  const at = new DOMPoint(80 + (u * 80) / 4.6, 80 - (v * 80) / 4.6);
                  const polygons = [...drawing.querySelectorAll('polygon')];
                  return polygons.findIndex((one) => one.isPointInFill(at));
                }""",
                [panel, u, v],
            )
            assert found == model.predict(np.array([[u, v]]))[0], (panel, u, v)
