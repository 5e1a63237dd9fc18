"""A reader with a keyboard, and one who searches, both from the disk with the network off."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.book.conftest import CHAPTERS

pytestmark = pytest.mark.browser

OpenFile = Callable[..., Page]
PHRASES = {  # what one might type: a page that has to be among the first results
    "vector Jacobian product": "6 Backpropagation",
    "denominator layout": "6 Backpropagation",
    "stale cache": "6 Backpropagation",
    "spectral norm": "6 Backpropagation",
    "twenty lines": "6 Backpropagation",
    "running mean": "A Errata",
    "universal approximation": "A Errata",
    "Sobel kernel": "B Conventions",
    "your progress": "How to use this book",
    "licence digits": "Licence",
}
# Marks what Tab can reach: each control by itself; of radio buttons one for the group, and one cell
# for a grid in which the arrow keys go on, whichever cell it is by then.
CONTROLS = """() => {
  const usable = (one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled &&
    one.tabIndex >= 0;
  const stop = (one) => {
    if (one.type === "radio" && one.name) return `radio ${one.name}`;
    const arrows = one.parentElement.querySelector(":scope > .cw-cell[tabindex='-1']");
    return one.matches(".cw-cell") && arrows ? one.parentElement : one;
  };
  const found = [...document.querySelectorAll(
    "article :is(button, select, textarea, summary, input, [tabindex])")].filter(usable);
  window.stop = stop;
  window.toReach = new Set(found.map(stop));
  return window.toReach.size;
}"""
WALK = """() => {
  const here = document.activeElement;
  if (here !== document.body) window.toReach.delete(window.stop(here));
  return window.toReach.size;
}"""
MISSED = """() => [...window.toReach].map((one) => (one.outerHTML ?? one).slice(0, 120))"""


@pytest.mark.parametrize(
    "page", [f"chapters/{name}.html" for name in CHAPTERS] + ["how-to-use.html"]
)
def test_tab_reaches_every_control(page: str, open_file: OpenFile, built: Path) -> None:
    opened = open_file(built / page)
    opened.wait_for_load_state("load")
    if opened.locator(".coursepkg-widget").count():
        opened.wait_for_selector(".cw footer")
    missing = opened.evaluate(CONTROLS)
    assert missing
    for _ in range(3 * missing + 400):  # links and boxes that scroll are on the way
        if not missing:
            break
        opened.keyboard.press("Tab")
        missing = opened.evaluate(WALK)
    assert not missing, opened.evaluate(MISSED)


@pytest.mark.parametrize("phrase", PHRASES)
def test_search_finds_it_without_a_network(phrase: str, open_file: OpenFile, built: Path) -> None:
    page = open_file(built / "search.html", fragment=f"?q={phrase.replace(' ', '+')}")
    results = page.locator("#search-results ul.search li")
    expect(page.locator("#search-results p.search-summary")).to_contain_text("found")
    expect(results.filter(has_text=PHRASES[phrase]).first).to_be_visible()
    address = results.filter(has_text=PHRASES[phrase]).first.locator("a").get_attribute("href")
    assert (built / str(address).split("?")[0].split("#")[0]).exists()
