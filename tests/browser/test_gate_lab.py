"""W1.3 as its reader meets it."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from coursepkg.widgets import GateLab
from coursepkg.widgets.gate_lab import TABLES, inputs_of, same_middle

pytestmark = pytest.mark.browser
Show = Callable[..., Page]


def numbers(page: Page) -> dict:
    return page.evaluate("document.querySelector('.cw').widget.numbers")


def test_the_tables_are_what_their_names_say() -> None:
    assert TABLES["NAND"] == (2, [1, 1, 1, 0])
    assert TABLES["AND NOT"] == (2, [0, 0, 1, 0])
    true_rows = {name: np.flatnonzero(table).tolist() for name, (_, table) in TABLES.items()}
    assert true_rows["as printed"] == [0b1000]
    assert true_rows["with ¬(X&Z)"] == [0b1000, 0b1001, 0b1011, 0b1100]


def test_pairs_with_one_midpoint_are_all_that_stands_in_the_way() -> None:
    """1882 tables with four inputs can be computed; the 63,654 others have such pairs."""
    lines = np.column_stack([inputs_of(4), np.ones(16)])
    weights = np.stack(np.meshgrid(*[np.arange(-3, 4)] * 4, np.arange(-12.5, 13)), axis=-1)
    powers = 2 ** np.arange(16)[::-1]
    computed = np.unique((weights.reshape(-1, 5) @ lines.T > 0) @ powers)
    assert len(computed) == 1882
    some = np.random.default_rng(0).choice(2**16, 200, replace=False)
    for code in [*computed[::20].tolist(), *some.tolist()]:
        table = [int(bit) for bit in f"{code:016b}"]
        assert bool(same_middle(table)) == (code not in computed)


@pytest.mark.parametrize(
    ("name", "epochs"), [("AND", 5), ("OR", 3), ("NAND", 5), ("AND NOT", 4), ("as printed", None)]
)
def test_find_weights_lights_it_up(name: str, epochs: int | None, show: Show) -> None:
    page = show(GateLab())
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("button", name=name, exact=True).click()
    page.get_by_role("button", name="Find weights").click()
    expect(page.locator(".gate-on").first).to_contain_text("rows right")
    expect(page.locator(".cw-see")).to_contain_text("It lights up")
    if epochs:
        expect(page.locator(".cw-see")).to_contain_text(f"in {epochs} epochs")
    else:
        state = page.evaluate("document.querySelector('.cw').widget.state")
        assert state["weights"] == [1, -2, -2, -2, 0]


@pytest.mark.parametrize("name", ["XOR", "with ¬(X&Z)", "parity"])
def test_what_cannot_be_never_lights_up_and_the_proof_says_why(name: str, show: Show) -> None:
    page = show(GateLab())
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("button", name=name, exact=True).click()
    page.get_by_role("button", name="Find weights").click()
    assert numbers(page)["wrong"] > 0
    expect(page.locator(".gate-middle")).to_have_count(0)
    page.get_by_role("combobox").select_option("shown")
    expect(page.locator(".gate-middle")).to_have_count(1)
    expect(page.locator(".cw-see")).to_contain_text("both pairs have the same midpoint")


def test_no_sliders_get_more_than_three_rows_of_exclusive_or(show: Show) -> None:
    page = show(GateLab())
    best = page.evaluate(
        """async () => {
          const { widget } = document.querySelector('.cw');
          let fewest = 4;
          for (let i = 0; i < 343; i++) {
            const [a, b, c] = [i % 7, Math.floor(i / 7) % 7, Math.floor(i / 49)].map((k) => k - 3);
            widget.set({ weights: [a, b, 0, 0, c - 0.5] });
            await Promise.resolve();
            fewest = Math.min(fewest, document.querySelector('.cw').widget.numbers.wrong);
          }
          return fewest;
        }"""
    )
    assert best == 1


def test_a_click_on_a_cell_changes_what_is_wanted(show: Show) -> None:
    page = show(GateLab())
    page.get_by_role("button", name="11, wanted 0").press("Enter")
    assert numbers(page)["wanted"] == [0, 1, 1, 1]  # OR: now all rows are right
    expect(page.locator(".gate-on").first).to_contain_text("4 of 4 rows right")
    page.locator(".gate-corner").nth(0).click()
    assert numbers(page)["wanted"] == [1, 1, 1, 1]
