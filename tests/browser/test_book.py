"""The built chapter, opened from the disk with the network off."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def chapter(open_file: Callable[..., Page], built: Path) -> Page:
    page = open_file(built / "chapters/06-backprop-matrices.html")
    page.wait_for_selector(".cw footer")
    return page


def test_matrix_vjp_lives_in_the_book(chapter: Page) -> None:
    widget = chapter.get_by_label("Widget W6.1", exact=False)
    expect(widget.get_by_role("button", name="dW[1,0] is 0.104")).to_be_visible()
    widget.get_by_role("spinbutton", name="x[0]").fill("0.6")
    # q = (0.26, 0.14), so dW[1,0] = 2 · 0.14 · 0.6.
    expect(widget.get_by_role("button", name="dW[1,0] is 0.168")).to_be_visible()
    widget.get_by_role("combobox", name="Example").select_option("linear")
    expect(widget.get_by_role("button", name="dW[2,1] is 4.5")).to_be_visible()


def test_jacobian_xray_lives_in_the_book(chapter: Page) -> None:
    widget = chapter.get_by_label("Widget W6.2", exact=False)
    widget.get_by_role("button", name="At most 4096").click()
    expect(widget.locator(".cw-verdict")).to_contain_text("Right.")
    widget.get_by_role("slider", name="Sample size n").press("End")
    widget.get_by_role("slider", name="Samples N").press("ArrowRight")
    expect(widget.locator(".cw-see")).to_contain_text("128 × 128 = 16,384 entries")
    expect(widget.locator(".cw-see")).to_contain_text("131 kB")


def test_a_deep_link_into_the_book_opens_its_state(
    open_file: Callable[..., Page], built: Path
) -> None:
    chapter = built / "chapters/06-backprop-matrices.html"
    page = open_file(chapter, fragment="#W6.2?op=softmax&n=8")
    widget = page.get_by_label("Widget W6.2", exact=False)
    expect(widget.get_by_role("combobox", name="Layer")).to_have_value("softmax")
    expect(widget).to_be_in_viewport()


def test_mathematics_is_set(chapter: Page) -> None:
    expect(chapter.locator("mjx-container svg, mjx-container mjx-math").first).to_be_visible()
    expect(chapter.locator("mjx-merror")).to_have_count(0)
    left_raw = chapter.locator("article .math").filter(has_text=r"\(").count()
    assert left_raw == 0
