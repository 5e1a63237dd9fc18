"""W12.2 as its reader meets it: whatever was measured, it shows what was stored."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import BenchTable
from coursepkg.widgets.bench_table import NAMES, RESULTS, ROWS

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def reads(page: Page) -> dict[str, Any]:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


def test_the_machine_is_named(show: Show) -> None:
    about = show(BenchTable()).locator(".bt-about").last
    expect(about).to_contain_text(RESULTS["machine"]["processor"])
    expect(about).to_contain_text(RESULTS["date"])
    expect(about).to_contain_text(RESULTS["note"])
    for name, version in RESULTS["machine"]["versions"].items():
        expect(about).to_contain_text(f"{name} {version}")


def test_a_row_is_chosen_in_the_picture(show: Show) -> None:
    page = show(BenchTable())
    page.get_by_role("button", name="Skip").click()
    row = ROWS[3]
    page.get_by_role("button", name=row["title"]).press("Enter")
    expect(page.locator(".cw-see")).to_contain_text(row["title"])
    expect(page.locator(".bt-row[aria-pressed=true]")).to_have_count(1)
    pairs = np.divide(row["ours"], row["theirs"])
    assert reads(page)["paired"][3] == pytest.approx(np.median(pairs))


def test_one_round_is_called_no_measurement(show: Show) -> None:
    page = show(BenchTable(rounds=1))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("One round is no measurement")
    page.get_by_role("slider", name="Rounds counted").press("End")
    expect(page.locator(".cw-see")).to_contain_text("Round by round")


def test_the_controls_say_that_both_are_the_same(show: Show) -> None:
    page = show(BenchTable(case="same-apart"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("Both are the same function")
    expect(page.locator(".cw-see")).to_contain_text("whatever the machine did meanwhile")


def test_nothing_is_above_the_roof_by_much(show: Show) -> None:
    """Times that beat the machine's own limits would be a wrong count of operations."""
    page = show(BenchTable(view="roofline", statistic="median"))
    found = reads(page)
    for name, speed, other, roof in zip(
        NAMES, found["speed_ours"], found["speed_theirs"], found["roof"], strict=True
    ):
        assert max(speed, other) < 2 * roof, name
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("operations for each byte")


def test_an_unknown_case_in_a_link_shows_the_first(show: Show) -> None:
    page = show(BenchTable(), fragment="#W12.2?case=not-there")
    assert reads(page)["picked"] == 0
