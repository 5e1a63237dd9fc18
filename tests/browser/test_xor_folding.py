"""W4.4 as its reader meets it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import traitlets
from playwright.sync_api import Page, expect

from coursepkg.widgets import XorFolding
from coursepkg.widgets.xor_folding import LABELS, POINTS, PRESETS, street

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def numbers(page: Page) -> dict[str, Any]:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


def test_it_starts_with_the_solution_of_the_text(show: Show) -> None:
    found = numbers(show(XorFolding()))
    assert found["y"] == [0, 1, 1, 0]
    assert found["hidden"] == [[0, 0], [1, 0], [1, 0], [2, 1]]
    assert found["correct"] == 4


def test_without_an_activation_nothing_is_separable(show: Show) -> None:
    page = show(XorFolding(activation="none"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("nothing folds")
    assert numbers(page)["gap"] == pytest.approx(0, abs=1e-12)


def test_gates_with_relu_are_repaired_by_moving_one_line(show: Show) -> None:
    page = show(XorFolding(preset="gates"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("wrong place")
    page.get_by_role("spinbutton", name="w2[1]").fill("-3")
    page.get_by_role("spinbutton", name="b2").fill("0.2")
    assert numbers(page)["correct"] == 4
    assert page.evaluate("document.querySelector('.cw').widget.state.preset") == "mine"


def test_dragging_a_fold_line_changes_its_bias_only(show: Show) -> None:
    page = show(XorFolding())
    page.get_by_role("button", name="Fold line of unit 2").press("ArrowRight")
    net = numbers(page)["net"]
    assert net["b1"][1] != -1
    assert {name: net[name] for name in ("W1", "w2", "b2")} == {
        name: PRESETS["solved"][name] for name in ("W1", "w2", "b2")
    }


def test_the_street_is_as_wide_as_a_search_over_all_directions_finds() -> None:
    rng = np.random.default_rng(0)
    angle = np.linspace(0, 2 * np.pi, 20_001)
    for _ in range(20):
        hidden = POINTS + rng.normal(size=POINTS.shape)
        along = hidden @ np.stack([np.cos(angle), np.sin(angle)])
        gaps = along[LABELS == 1].min(axis=0) - along[LABELS == 0].max(axis=0)
        assert street(hidden) == pytest.approx(max(0.0, gaps.max()), abs=1e-3)


@pytest.mark.parametrize("mine", [{}, PRESETS["solved"] | {"b2": [9]}])
def test_own_weights_are_checked(mine: dict[str, Any]) -> None:
    with pytest.raises(traitlets.TraitError, match=r"mine: .* must have shape"):
        XorFolding(mine=mine)
