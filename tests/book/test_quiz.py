"""Quizzes and answer boxes in a browser, by keyboard, from the disk, with the network off."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_file: Callable[..., Page], built: Path) -> Page:
    return open_file(built / "chapters" / "06-backprop-matrices.html")


def test_a_wrong_and_then_the_right_choice_by_keyboard(page: Page) -> None:
    quiz = page.locator("#quiz-shape-dw")
    reasons = quiz.locator(".quiz-why")
    expect(reasons.locator("visible=true")).to_have_count(0)
    quiz.get_by_label("(100, 784)").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(quiz.get_by_role("status")).to_have_text("Not this one. Read why, then try again.")
    expect(reasons.locator("visible=true")).to_contain_text("Transposed.")
    quiz.get_by_label("(100, 784)").focus()
    page.keyboard.press("ArrowDown")
    quiz.get_by_role("button", name="Check").click()
    expect(quiz.get_by_role("status")).to_have_text("Right.")
    expect(reasons.locator("visible=true")).to_contain_text("The shape of w.")


def test_without_a_choice_it_asks_for_one(page: Page) -> None:
    quiz = page.locator("#quiz-shape-db")
    quiz.get_by_role("button", name="Check").click()
    expect(quiz.get_by_role("status")).to_have_text("Choose an answer first.")


@pytest.mark.parametrize("typed", ["640,000,000", "6.4e8", " 640 000 000 "])
def test_a_number_may_be_written_in_several_ways(page: Page, typed: str) -> None:
    box = page.locator("#ex-6-4 form.answer")
    box.get_by_label("entries =").fill(typed)
    page.keyboard.press("Enter")
    expect(box.get_by_role("status")).to_have_text("Right.")
    expect(box.locator(".answer-why")).to_be_visible()


def test_a_typographic_minus_is_a_minus(page: Page) -> None:
    box = page.locator("#ex-6-3 form.answer")
    box.get_by_label("row 1, column 2 =").fill("\N{MINUS SIGN}0.14")
    box.get_by_role("button", name="Check").click()
    expect(box.get_by_role("status")).to_have_text("Right.")


@pytest.mark.parametrize(("typed", "answer"), [("0.14", "Not yet."), ("much", "Type a number")])
def test_a_wrong_number_gets_a_hint_and_a_word_gets_an_example(
    page: Page, typed: str, answer: str
) -> None:
    box = page.locator("#ex-6-3 form.answer")
    box.get_by_label("row 1, column 2 =").fill(typed)
    box.get_by_role("button", name="Check").click()
    expect(box.get_by_role("status")).to_contain_text(answer)
    expect(box.locator(".answer-why")).to_be_hidden()
