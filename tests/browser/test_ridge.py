"""W2.3 as its reader meets it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import Ridge
from coursepkg.widgets.ridge import LAMBDAS, SIZES, few_digits, other_digits

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def path(page: Page) -> list[dict[str, Any]]:
    return page.evaluate("document.querySelector('.cw').widget.numbers.path")


@pytest.mark.parametrize("images", SIZES)
def test_training_error_is_monotone_and_test_error_is_not(images: int, show: Show) -> None:
    """Deck row 24."""
    fits = path(show(Ridge(images=images)))
    assert np.all(np.diff([fit["train"] for fit in fits]) > 0)
    least = int(np.argmin([fit["test"] for fit in fits]))
    assert 0 < least < len(LAMBDAS) - 1


def test_more_images_need_less_penalty(show: Show) -> None:
    few, many = (path(show(Ridge(images=n))) for n in (SIZES[0], SIZES[-1]))
    assert np.argmin([fit["test"] for fit in many]) <= np.argmin([fit["test"] for fit in few])


def test_no_image_is_in_both_sets() -> None:
    x, _ = few_digits(SIZES[-1])
    assert not (x[:, None] == other_digits()[0][None]).all(axis=2).any()


def test_the_story_follows_the_slider(show: Show) -> None:
    page = show(Ridge())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("Overfitting")
    page.get_by_role("slider", name="Penalty λ").press("End")
    expect(page.locator(".cw-see")).to_contain_text("Too much penalty")


def test_templates_are_painted_with_both_signs(show: Show) -> None:
    page = show(Ridge())
    painted = page.evaluate(
        """() => {
          const canvas = document.querySelector('canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let [blue, orange] = [0, 0];
          for (let i = 0; i < data.length; i += 4) {
            if (data[i + 3] < 200) continue;
            if (data[i + 2] > data[i] + 60) blue++;
            if (data[i] > data[i + 2] + 60) orange++;
          }
          return [blue, orange];
        }"""
    )
    assert min(painted) > 500
