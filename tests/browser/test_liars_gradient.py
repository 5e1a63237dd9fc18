"""W3.4 as its reader meets it."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from coursepkg.gradcheck import check_gradient
from coursepkg.mistakes import MISTAKES
from coursepkg.widgets import LiarsGradient
from coursepkg.widgets.liars_gradient import LETTERS, _returned, choices, story, suspect

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


@pytest.mark.parametrize("letter", LETTERS)
def test_every_gradient_is_wrong_and_one_choice_explains_it(letter: str) -> None:
    name = suspect(letter)
    assert not check_gradient(name.tensor, *name[2:], np.random.default_rng(1)).ok
    explained = [
        np.array_equal(_returned(mistake, LETTERS.index(letter)).got, name.got)
        for mistake in (MISTAKES[each] for each in choices(letter))
    ]
    assert explained == [place == story(letter)["right"] for place in range(3)]


def test_one_shape_gives_itself_away() -> None:
    assert [letter for letter in LETTERS if story(letter)["verdict"] == "wrong shape"] == ["H"]


def test_a_choice_is_judged_and_the_next_gradient_comes(show: Show) -> None:
    page = show(LiarsGradient())
    right = story("A")["right"]
    buttons = page.locator(".liar-choices button")
    buttons.nth((right + 1) % 3).press("Enter")
    expect(page.locator(".liar-verdict")).to_contain_text("Not this one")
    buttons.nth(right).click()
    expect(page.locator(".liar-verdict")).to_contain_text("That is it.")
    page.get_by_role("button", name="Next gradient").click()
    assert page.evaluate("document.querySelector('.cw').widget.state.case") == "B"
    expect(page.locator(".liar-verdict")).to_contain_text("Three suspects")


def test_the_ratio_of_a_forgotten_mean_is_the_size_of_the_batch(show: Show) -> None:
    cells = show(LiarsGradient()).locator(".liar-table td")
    assert [words.strip() for words in cells.all_inner_texts()] == ["5"] * 20
