"""W12.1 as its reader meets it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from coursepkg.gradcheck import numerical_gradient
from coursepkg.widgets import TapeViewer
from coursepkg.widgets.tape_viewer import AGAIN, BACK, WEIGHTS, X, run, schedule

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def reads(page: Page) -> dict[str, Any]:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


@pytest.mark.parametrize("depth", [2, 5, 12, 16])
@pytest.mark.parametrize("every", [1, 2, 3, 4, 16])
def test_whatever_a_step_back_needs_is_in_memory(depth: int, every: int) -> None:
    events = schedule(depth, every)
    back = [event for event in events if event.kind == BACK]
    assert [event.op for event in back] == list(range(2 * depth + 2, 0, -1))
    for event in back:
        assert {event.op - 1, event.op} <= set(event.held)
    again = [event.op for event in events if event.kind == AGAIN]
    assert len(again) == len(set(again)) < 2 * depth  # never more than one forward pass


def test_the_gradient_of_the_network_is_the_one_that_differences_find() -> None:
    def loss(x: np.ndarray) -> float:
        for w in WEIGHTS[:5]:
            x = np.tanh(x @ w)
        return float(np.sum(x * x))

    assert run(5)[1][0] == pytest.approx(np.linalg.norm(numerical_gradient(loss, X)), rel=1e-6)


def test_both_ends_of_the_trade_need_more_than_the_middle(show: Show) -> None:
    peaks = reads(show(TapeViewer(depth=16)))["peaks"]
    assert peaks[-1] == 35
    assert min(peaks) == 11 < peaks[0]


def test_the_film_is_dragged_and_stepped(show: Show) -> None:
    page = show(TapeViewer(depth=4, every=4, moment=0))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".tv-now-doing")).to_contain_text("Nothing recorded yet")
    page.get_by_role("button", name="Step ▶").click()
    expect(page.locator(".tv-now-doing")).to_contain_text("z1 = x @ W1")
    page.get_by_role("button", name="To the loss").click()
    expect(page.locator(".cw-see")).to_contain_text("11 of 11 values are in memory")
    page.get_by_role("button", name="Moment and arrays held").press("ArrowRight")
    expect(page.locator(".tv-now-doing")).to_contain_text("Back through L = sum(q)")
    handle = page.get_by_role("button", name="Moment and arrays held")
    box = handle.locator(".cw-grip").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 600, box["y"])
    page.mouse.up()
    assert reads(page)["at"] == 20
    assert reads(page)["held"] == [0, 1]


def test_checkpoints_are_dragged_on_the_trade(show: Show) -> None:
    page = show(TapeViewer())
    spacing = page.get_by_role("button", name="Spacing of checkpoints")
    before = reads(page)["peak"]
    for _ in range(8):
        spacing.press("ArrowRight")
    assert page.evaluate("document.querySelector('.cw').widget.state.every") == 12
    assert reads(page)["peak"] == 27 > before
    assert reads(page)["again"] == 0


def test_a_step_back_says_what_it_needed(show: Show) -> None:
    page = show(TapeViewer(depth=4, every=4, moment=14))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("It wants the input")
    page.get_by_role("button", name="◀ Step").click()
    expect(page.locator(".cw-see")).to_contain_text("The rule of tanh wants its output")
