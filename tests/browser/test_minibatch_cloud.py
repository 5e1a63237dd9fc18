"""W3.3 as its reader meets it."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import MinibatchCloud
from coursepkg.widgets.minibatch_cloud import draws, expected_spread, gradient

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def test_four_times_the_batch_halves_the_spread() -> None:
    assert expected_spread(64, 0.5, "with") == pytest.approx(expected_spread(16, 0.5, "with") / 2)
    full = gradient(range(256), 0.0)
    cloud = np.array([gradient(rows, 0.0) for seed in range(5) for rows in draws(16, seed, "with")])
    spread = np.sqrt(np.mean(np.sum((cloud - full) ** 2, axis=1)))
    assert spread == pytest.approx(expected_spread(16, 0.0, "with"), rel=0.1)


def test_without_repeats_no_sample_comes_twice() -> None:
    assert all(len(set(rows)) == 64 for rows in draws(64, 3, "without"))
    assert any(len(set(rows)) < 64 for rows in draws(64, 3, "with"))


def test_the_batch_of_all_has_no_noise(show: Show) -> None:
    page = show(MinibatchCloud(batch=256, replace="without"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("No noise left")
    expect(page.locator(".cw-see")).to_contain_text("0 of 150 mini-batches point uphill")


def test_at_the_minimum_nothing_is_downhill(show: Show) -> None:
    page = show(MinibatchCloud(place=1.0, batch=16))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("the signal is zero and the noise is not")


def test_the_batch_size_can_be_dragged_along_its_line(show: Show) -> None:
    page = show(MinibatchCloud())
    dot = page.get_by_role("button", name="Batch size as a power of two")
    box = dot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"], steps=4)
    page.mouse.up()
    assert page.evaluate("document.querySelector('.cw').widget.state.batch") == 256
    dot.press("ArrowLeft")
    assert page.evaluate("document.querySelector('.cw').widget.state.batch") == 128
