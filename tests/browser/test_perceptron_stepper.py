"""W1.1 as its reader meets it."""

from collections.abc import Callable

import numpy as np
import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg.perceptron import Perceptron
from coursepkg.widgets import PerceptronStepper
from coursepkg.widgets.perceptron_stepper import PRESETS

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def widget(page: Page) -> dict:
    return page.evaluate(
        """(() => { const { state, numbers } = document.querySelector('.cw').widget;
        return { ...state, ...numbers }; })()"""
    )


def test_it_starts_like_the_lecture_with_ten_steps(show: Show) -> None:
    """Deck row 9: ten decision boundaries; and `Perceptron` makes the same mistakes."""
    found = widget(show(PerceptronStepper(step=10)))
    points = np.array(PRESETS["ten mistakes"])
    model = Perceptron().fit(points[:, :2], points[:, 2])
    assert found["total"] == model.n_mistakes_ == 10
    assert found["wrong"] == 0
    assert found["w"] == [*model.coef_, model.intercept_]
    assert 10 <= found["bound"] < 58


def test_next_and_back(show: Show) -> None:
    page = show(PerceptronStepper())
    page.get_by_role("button", name="Next mistake").click()
    assert widget(page)["mistakes"] == 4
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Back").click()
    assert widget(page)["mistakes"] == 2


def test_dragging_a_point_moves_the_bound(show: Show) -> None:
    page = show(PerceptronStepper())
    before = widget(page)
    point = page.get_by_role("button", name="Sample 7")
    point.press("ArrowDown")
    point.press("ArrowLeft")
    after = widget(page)
    assert after["points"][6] == [-1.5, 1.25, -1]
    assert after["bound"] < before["bound"]
    box = point.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 60, steps=3)
    page.mouse.up()
    assert widget(page)["points"][6] != after["points"][6]


def test_points_can_be_added_and_removed(show: Show) -> None:
    page = show(PerceptronStepper())
    page.get_by_role("button", name="Add ● +1").click()
    assert len(widget(page)["met"]) == 11
    page.get_by_role("button", name="Remove one").click()
    assert widget(page)["points"] == PerceptronStepper().points
    for _ in range(10):
        page.get_by_role("button", name="Remove one").click()
    expect(page.get_by_role("button", name="Remove one")).to_be_disabled()
    assert widget(page)["total"] == 0


def test_the_learning_rate_changes_no_mistake(show: Show) -> None:
    page = show(PerceptronStepper(lr=0.25, step=10))
    slow = widget(page)
    fast = widget(show(PerceptronStepper(lr=2, step=10)))
    assert fast["w"] == [8 * value for value in slow["w"]]
    assert fast["total"] == slow["total"]


def test_what_no_line_separates_has_no_bound(show: Show) -> None:
    page = show(PerceptronStepper())
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("button", name="no line").click()
    expect(page.locator(".cw-see")).to_contain_text("No line separates these points")
    assert widget(page)["bound"] is None


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("labels 0 and 1", "Nothing moves, and it will be wrong again"),
        ("zero counts as right", "content for ever"),
        ("no bias", "No line through the origin separates"),
    ],
)
def test_every_wrong_rule_breaks_in_its_own_way(rule: str, words: str, show: Show) -> None:
    page = show(PerceptronStepper(rule=rule, points=NEEDS_A_BIAS, step=60))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text(words)


NEEDS_A_BIAS = [(1, 1, -1), (2, 2, 1), (-3, -2, -1)]


def test_it_plays_to_the_end_and_stops(show: Show) -> None:
    page = show(PerceptronStepper(step=8))
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_text("10 of 10 mistakes")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_nothing_plays_for_those_who_want_no_motion(show: Show) -> None:
    page = show(PerceptronStepper())
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Next mistake").click()
    expect(page.get_by_role("button", name="Play")).to_have_count(0)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([(1, 2)], "rows"),
        ([(9, 0, 1)], "need -5 <= x1 <= 5"),
        ([(1, 1, 3)], "label -1, 0 or"),
        ([(1, 1, 1)] * 13, "at most 12"),
    ],
)
def test_wrong_points_are_refused_with_words(points: list, words: str) -> None:
    with pytest.raises(traitlets.TraitError, match=words):
        PerceptronStepper(points=points)
