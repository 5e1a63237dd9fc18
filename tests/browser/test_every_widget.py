"""What every widget of the book owes its reader."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from coursepkg import widgets
from coursepkg.widgets.base import BookWidget

pytestmark = [pytest.mark.apart, pytest.mark.browser]

WIDGETS: list[type[BookWidget]] = [getattr(widgets, name) for name in widgets.__all__]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Show = Callable[..., Page]

each_widget = pytest.mark.parametrize("kind", WIDGETS, ids=lambda kind: kind.number)


def state(page: Page) -> dict[str, Any]:
    return page.evaluate("document.querySelector('.cw').widget.state")


def numbers_at(page: Page, state: dict[str, Any]) -> dict[str, Any]:
    return page.evaluate(
        """async (state) => {
          const root = document.querySelector('.cw');
          root.widget.set(state);
          await Promise.resolve();
          return root.widget.numbers;
        }""",
        state,
    )


def changed_by_keyboard(page: Page) -> dict[str, Any]:
    """Move every control by one step, as far as it is switched on; return the state then."""
    for control in page.locator(".cw-controls :is(select, input)").all():
        if control.is_disabled():
            continue
        name = str(control.get_attribute("name"))
        before = state(page)[name]
        control.focus()
        for key in ("ArrowDown", "ArrowUp"):  # one of them leads away from where it stands
            if state(page)[name] == before:
                page.keyboard.press(key)
        assert state(page)[name] != before, name
    return state(page)


def assert_same(got: Any, expected: Any, where: str) -> None:
    if isinstance(expected, dict):
        assert expected.keys() <= got.keys(), where
        for name in expected:
            assert_same(got[name], expected[name], f"{where}: {name}")
    elif expected is None:
        assert got is None, where
    else:
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9, err_msg=where)


@each_widget
def test_the_browser_computes_what_coursepkg_computes(kind: type[BookWidget], show: Show) -> None:
    references = kind.reference_states()
    assert len(references) >= 20
    page = show(kind())
    for given, expected in references:
        assert_same(numbers_at(page, given), expected, str(given))


@each_widget
def test_every_control_works_from_the_keyboard(kind: type[BookWidget], show: Show) -> None:
    page = show(kind())
    assert 1 <= page.locator(".cw-controls label").count() <= 4
    before = numbers_at(page, {})
    changed_by_keyboard(page)
    assert numbers_at(page, {}) != before


@each_widget
def test_the_read_out_waits_for_a_prediction(kind: type[BookWidget], show: Show) -> None:
    page = show(kind())
    expect(page.locator(".cw-locked")).to_be_visible()
    page.locator(".cw-predict button").first.press("Enter")
    expect(page.locator(".cw-locked")).to_have_count(0)
    expect(page.locator(".cw-verdict")).to_contain_text("You said")
    expect(page.locator(".cw-see")).to_be_focused()
    page.get_by_text("Explain").click()
    expect(page.locator(".cw-predict details p")).to_be_visible()


@each_widget
def test_the_question_can_be_skipped(kind: type[BookWidget], show: Show) -> None:
    page = show(kind())
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-locked")).to_have_count(0)
    expect(page.locator(".cw-verdict")).to_have_count(0)


@each_widget
def test_what_you_see_follows_the_state(kind: type[BookWidget], show: Show) -> None:
    page = show(kind())
    page.get_by_role("button", name="Skip").click()
    before = page.locator(".cw-see").inner_text()
    changed_by_keyboard(page)
    expect(page.locator(".cw-see")).not_to_have_text(before)


@each_widget
def test_reset_restores_the_first_state(kind: type[BookWidget], show: Show) -> None:
    page = show(kind())
    before = state(page)
    assert changed_by_keyboard(page) != before
    page.get_by_role("button", name="Reset").click()
    assert state(page) == before
    for control in page.locator(".cw-controls select").all():
        assert control.input_value() == before[str(control.get_attribute("name"))]


@each_widget
def test_a_copied_link_restores_the_state(kind: type[BookWidget], show: Show) -> None:
    page = show(kind())
    changed = changed_by_keyboard(page)
    page.get_by_role("button", name="Copy link").click()
    link = page.evaluate("location.hash")
    assert link.startswith(f"#{kind.number}?")
    assert state(show(kind(), fragment=link)) == changed


@each_widget
def test_a_link_cannot_bring_a_wrong_value(kind: type[BookWidget], show: Show) -> None:
    page = show(kind())
    before = state(page)
    wrong = ["no such choice", 10**9, 1.37, None, {}, [], [["<img>"]], {"W": [["x"]]}]
    for name, old in before.items():
        # Free text may be any text: what it says that makes no sense is told, or read as nothing.
        for value in [one for one in wrong if name not in kind.free_text or type(one) is not str]:
            page.evaluate(
                """hash => new Promise((done) => {
                  addEventListener('hashchange', () => done(), { once: true });
                  location.hash = hash;
                })""",
                f"{kind.number}?{name}={json.dumps(value)}",
            )
            assert state(page)[name] == old, (name, value)


@each_widget
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_violation(kind: type[BookWidget], scheme: str, show: Show) -> None:
    page = show(kind(), scheme=scheme)
    options = {"runOnly": {"type": "tag", "values": RULES}}
    locked = Axe().run(page, options=options)
    assert locked.violations_count == 0, locked.generate_report()
    page.get_by_role("button", name="Skip").click()
    for summary in page.locator("summary").all():
        summary.click()
    opened = Axe().run(page, options=options)
    assert opened.violations_count == 0, opened.generate_report()


@each_widget
def test_nothing_sticks_out_of_a_phone(kind: type[BookWidget], show: Show) -> None:
    page = show(kind(), width=360)
    page.get_by_role("button", name="Skip").click()
    for summary in page.locator("summary").all():
        summary.click()
    for given, _ in kind.reference_states()[::4]:
        numbers_at(page, given)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, given


@each_widget
def test_the_book_theme_switches_its_colours(kind: type[BookWidget], show: Show) -> None:
    page = show(kind(), scheme="dark")
    root = page.locator(".cw")
    expect(root).to_have_attribute("data-dark", "")
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    expect(root).not_to_have_attribute("data-dark", "")
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    expect(root).to_have_attribute("data-dark", "")


@each_widget
def test_its_code_gives_its_numbers(kind: type[BookWidget], show: Show) -> None:
    page = show(kind())
    page.get_by_text("As code").click()
    for given, _ in kind.reference_states()[::3]:
        numbers = numbers_at(page, given)
        names: dict[str, Any] = {}
        if given.get("rule", "right") != "right":
            continue  # the code shows the right backward pass
        exec(page.locator(".cw pre").inner_text(), names)
        shown = {name: names[name] for name in numbers if name in names}
        assert len(shown) >= 2, given
        for name, value in shown.items():
            np.testing.assert_allclose(
                np.reshape(value, np.shape(numbers[name])), numbers[name], rtol=1e-9, atol=1e-9
            )


@each_widget
def test_it_is_small(kind: type[BookWidget]) -> None:
    assert len(kind().to_html().encode()) <= 60_000


def test_a_page_of_widgets_holds_one_copy_of_what_they_share(
    show: Show, tmp_path: Any, open_file: Callable[..., Page]
) -> None:
    show(*(kind() for kind in WIDGETS), *(kind() for kind in WIDGETS))
    whole = (tmp_path / "page.html").read_text(encoding="utf-8")
    shared = widgets.static.share_once(whole)
    assert len(shared) < 0.6 * len(whole)
    assert shared.count('data-coursepkg="frame.js"') == 1
    (tmp_path / "shared.html").write_text(shared, encoding="utf-8")
    page = open_file(tmp_path / "shared.html")
    expect(page.locator(".cw footer")).to_have_count(2 * len(WIDGETS))
