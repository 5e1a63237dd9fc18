"""W5.2 as its reader meets it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import GatePatterns
from coursepkg.widgets.gate_rounds import ROUNDS

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def reads(page: Page) -> dict[str, list[float]]:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


def test_the_wrong_answers_of_a_round_are_wrong_and_differ() -> None:
    for one in ROUNDS:
        values = [value for value, _ in one.options()]
        assert len(set(values)) == 4, one
        assert values[one.answer()] == one.right()


@pytest.mark.parametrize(
    ("gate", "grads"), [("add", [2, 2]), ("mul", [-8, 6]), ("max", [2, 0]), ("copy", [5])]
)
def test_the_four_habits(gate: str, grads: list[float], show: Show) -> None:
    """Deck row 78, at 3 and −4 with the upstream gradient 2 (and 3 for the second copy)."""
    assert reads(show(GatePatterns(gate=gate)))["grads"] == grads


def test_the_upstream_gradient_is_pulled(show: Show) -> None:
    page = show(GatePatterns(gate="add"))
    knob = page.get_by_role("button", name="Upstream gradient is 2")
    box = knob.locator(".cw-grip").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 60)
    page.mouse.up()
    grads = reads(page)["grads"]
    assert grads[0] == grads[1] < 0
    page.locator(".cw-handle").last.press("ArrowUp")
    assert reads(page)["grads"][0] == grads[0] + 0.5


def test_past_a_tie_the_whole_gradient_changes_wires(show: Show) -> None:
    page = show(GatePatterns(gate="max", inputs=[2, 2]))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("There is no derivative here")
    page.get_by_role("button", name="y is 2").press("ArrowUp")
    assert reads(page)["grads"] == [0, 2]


def test_ten_rounds_are_played_from_the_keyboard(show: Show) -> None:
    page = show(GatePatterns(mode="guess"))
    page.get_by_role("button", name="Skip").click()
    for i, one in enumerate(ROUNDS):
        choice = one.answer() if i != 2 else 0
        page.locator(".gate-options button").nth(choice).press("Enter")
        if i == 2:
            expect(page.get_by_text("To both:")).to_be_visible()
    expect(page.locator(".gate-score")).to_contain_text("Right: 9 of 10. In a row: 7.")
    page.get_by_role("button", name="Play again").click()
    expect(page.locator(".gate-score")).to_contain_text("Round 1 of 10")


def test_the_gradient_that_is_asked_for_is_hidden(show: Show) -> None:
    page = show(GatePatterns(mode="guess"))
    expect(page.locator(".gate-back").first).to_have_text("?")
    expect(page.locator(".cw-handle")).to_have_count(0)


def test_a_link_with_strange_guesses_does_no_harm(show: Show) -> None:
    guesses = "[99,0,0,0,0,0,0,0,0,0]"
    page = show(GatePatterns(), fragment=f'#W5.2?mode="guess"&guesses={guesses}')
    expect(page.locator(".gate-score")).to_contain_text("All rounds played")
