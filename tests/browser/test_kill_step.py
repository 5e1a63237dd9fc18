"""W5.3 as its reader meets it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import KillStep

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def losses(page: Page) -> list[float]:
    return page.evaluate("document.querySelector('.cw').widget.numbers.losses")


def rows(page: Page) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in page.locator(".kill-table tr").all()[1:]]


def test_it_starts_with_the_step_of_the_slide(show: Show) -> None:
    """Deck row 82: [3, 1, 2, −5] − ¼ [8, 8, 16, 4] = [1, −1, −2, −6], and the loss is 49."""
    page = show(KillStep())
    assert losses(page) == [4, 49]
    assert rows(page) == [["1", "0"], ["−1", "0"], ["−2", "0"], ["−6", "−14"]]
    expect(page.locator(".kill-is-off")).to_contain_text("slope 0: off")


def test_before_the_step_the_gradient_is_that_of_the_slide(show: Show) -> None:
    page = show(KillStep(steps=0))
    assert [gradient for _, gradient in rows(page)] == ["8", "8", "16", "4"]
    expect(page.locator(".kill-is-off")).to_have_count(0)


def test_repeating_takes_the_loss_to_zero_and_leaves_the_unit_dead(show: Show) -> None:
    page = show(KillStep())
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("button", name="Repeat the step").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.get_by_role("slider", name="Steps taken")).to_have_value("12", timeout=30_000)
    expect(page.get_by_role("button", name="Repeat the step")).to_be_visible()
    assert losses(page)[1:5] == [49, 12.25, 3.0625, 0.765625]
    assert losses(page)[-1] < 2e-5
    assert [row[0] for row in rows(page)[:3]] == ["1", "−1", "−2"]
    expect(page.locator(".cw-see")).to_contain_text("b₂ learns the target by heart")


def test_playing_can_be_stopped(show: Show) -> None:
    page = show(KillStep())
    page.get_by_role("button", name="Repeat the step").click()
    page.get_by_role("button", name="Stop").click()
    steps = page.get_by_role("slider", name="Steps taken").input_value()
    page.wait_for_timeout(600)
    assert page.get_by_role("slider", name="Steps taken").input_value() == steps


def test_who_wants_no_motion_gets_the_end_at_once(show: Show) -> None:
    page = show(KillStep())
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Repeat the step").click()
    assert page.get_by_role("slider", name="Steps taken").input_value() == "12"


@pytest.mark.parametrize(
    ("name", "loss"), [("best", 1.58e-5), ("no gain", 4.02), ("the slide's", 49.0)]
)
def test_the_three_places_of_the_curve(name: str, loss: float, show: Show) -> None:
    page = show(KillStep(alpha=0.1))
    page.get_by_role("button", name=name).click()
    assert losses(page)[1] == pytest.approx(loss, rel=0.01)


def test_the_point_is_dragged_along_the_curve(show: Show) -> None:
    page = show(KillStep())
    page.get_by_role("button", name="Skip").click()
    box = page.locator(".cw-handle .cw-grip").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 100, y)
    page.mouse.up()
    alpha = page.evaluate("document.querySelector('.cw').widget.state.alpha")
    assert 0.1 < alpha < 0.2
    expect(page.locator(".cw-see")).to_contain_text("up, from 4 to")
    page.locator(".cw-handle").press("ArrowLeft")
    assert page.evaluate("document.querySelector('.cw').widget.state.alpha") == pytest.approx(
        alpha - 0.001
    )


def test_a_leak_keeps_the_unit_alive(show: Show) -> None:
    page = show(KillStep(unit="leaky", steps=3))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("Hurt, not dead")
    assert all(gradient != "0" for _, gradient in rows(page))


def test_an_open_kink_buys_one_step(show: Show) -> None:
    """E-B12: with the slope 1 at 0 the weights jump to (−6, −8, −2) and die there."""
    page = show(KillStep(unit="open", steps=1))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("still learns there")
    page.get_by_role("slider", name="Steps taken").press("ArrowRight")
    assert [row[0] for row in rows(page)[:3]] == ["−6", "−8", "−2"]
    expect(page.locator(".cw-see")).to_contain_text("bought it one step")
