"""W5.1 as its reader meets it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import traitlets
from playwright.sync_api import Locator, Page, expect

from coursepkg.graph_expressions import graph_of
from coursepkg.widgets import GraphWalker
from coursepkg.widgets.graph_walker import _numbers
from tests.browser.test_every_widget import assert_same

pytestmark = pytest.mark.browser
Show = Callable[..., Page]

LAST = 49
# Deck rows 74, 76, 77, 82 and the mix of row 78: what stands in the graph, rounded as there.
DECKS: dict[str, tuple[str, dict[str, float]]] = {
    "product": ("−12", {"x": -4, "y": -4, "z": 3}),
    "neuron": ("0.731", {"w0": -0.197, "x0": 0.393, "w1": -0.393, "x1": -0.59, "w2": 0.197}),
    "sigma": ("0.731", {"w0": -0.197, "x0": 0.393, "w1": -0.393, "x1": -0.59, "w2": 0.197}),
    "relu": ("4", {"w1": 8, "x": 24, "b1": 8, "w2": 16, "b2": 4, "t": -4}),
    "router": ("−20", {"x": -8, "y": 6, "z": 2, "w": 0}),
}
ERRORS = {
    "": "here I expected a number, a name or (, and found the end",
    "x + * y": "here I expected a number, a name or (, and found *",
    "(x + y": "here I expected an operator or ), and found the end",
    "2x": "here I expected an operator, ; or the end, and found x",
    "x^2": "a power is written **",
    "x(y + 1)": "there is no function x; a product is x * (…)",
    "sin * x": "sin is a function: write sin(…)",
    "max(x)": "max takes two numbers, not 1",
    "exp(x, y)": "exp takes one number, not 2",
    "3 + 4": "there is no name in it",
    "q = x; y": "q is never used",
    "x; y": "only the last piece may do without a name",
    "q = q + 1": "q would be made of itself",
    "q = x; q = y; q": "q has a meaning already",
    "007*x": "a number does not begin with 0",
    "lambda*x": "lambda is a word of Python",
    "x & y": "“&” has no meaning here",
    "+".join(["x"] * 26): "the picture holds 24 gates",
    "x" * 201: "longer than 200",
}
GAPS = """() => {
  const boxes = [...document.querySelectorAll('.walk-gate, .walk-input')]
    .map((one) => one.getBoundingClientRect());
  return boxes.flatMap((a, i) => boxes.slice(i + 1).map((b) => Math.max(
    a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom)));
}"""


def formula(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Formula")


def numbers(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("document.querySelector('.cw').widget.numbers")
    return found


@pytest.mark.parametrize("example", DECKS)
def test_it_shows_the_numbers_of_the_decks(example: str, show: Show) -> None:
    value, slopes = DECKS[example]
    page = show(GraphWalker(example=example, step=LAST))
    expect(page.locator(".walk-value").last).to_have_text(value)
    for name, slope in slopes.items():
        entry = page.locator(".walk-check li").filter(has_text=f"∂f/∂{name} ")
        expect(entry).to_contain_text("✓")
        assert round(float(entry.inner_text().split()[1].replace("−", "-")), 3) == slope


def test_small_gates_of_the_neuron_carry_what_the_deck_prints(show: Show) -> None:
    """Deck row 76: 0.37, 1.37, 0.73 forward; −0.53, −0.53, −0.20, 0.20 back."""
    page = show(GraphWalker(example="neuron", step=LAST))
    found = numbers(page)
    assert [round(v, 2) for v in found["values"]] == [-2, 6, 4, 1, -1, 0.37, 1.37, 0.73]
    assert [round(g, 2) for g in found["grads"][::-1][:5]] == [1, -0.53, -0.53, -0.2, 0.2]


def test_it_walks_forward_and_back_by_its_buttons(show: Show) -> None:
    page = show(GraphWalker(step=0))
    button = {
        name: page.get_by_role("button", name=name, exact=True)
        for name in ("Forward ▸", "◂ Back", "All", "Undo", "Clear")
    }
    values, grads = page.locator(".walk-value"), page.locator(".walk-grad")
    expect(button["◂ Back"]).to_have_attribute("aria-disabled", "true")
    button["Forward ▸"].click()
    expect(values).to_have_text(["3"])
    button["Forward ▸"].click()
    expect(values).to_have_text(["3", "−12"])
    expect(button["Forward ▸"]).to_have_attribute("aria-disabled", "true")
    button["◂ Back"].click()
    expect(grads).to_have_text(["1"])
    button["◂ Back"].click()
    expect(page.locator(".walk-rule tbody tr").first).to_contain_text("× (−4)")
    button["◂ Back"].click()
    expect(page.locator(".walk-rule tbody tr")).to_have_count(2)
    assert sorted(grads.all_text_contents()) == ["1", "3", "−4", "−4", "−4"]
    button["Undo"].click()
    expect(grads).to_have_count(3)
    button["Clear"].click()
    expect(values).to_have_count(0)
    button["All"].click()
    expect(page.locator(".walk-good")).to_have_count(3)


def test_it_walks_by_keyboard_and_numbers_keep_their_arrows(show: Show) -> None:
    page = show(GraphWalker(step=0))
    box = page.locator(".walk-box")
    box.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".walk-value")).to_have_count(2)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".walk-value")).to_have_count(1)
    page.keyboard.press("End")
    expect(page.locator(".walk-good")).to_have_count(3)
    page.get_by_role("spinbutton", name="y").press("ArrowLeft")
    expect(page.locator(".walk-good")).to_have_count(3)
    page.get_by_role("spinbutton", name="y").press("ArrowUp")
    expect(page.locator(".walk-value").first).to_have_text("4")


def test_the_prediction_holds(show: Show) -> None:
    page = show(GraphWalker(step=LAST))
    page.get_by_role("spinbutton", name="y").fill("6")
    assert numbers(page)["slopes"] == [-4, -4, 4]


def test_a_gate_can_be_chosen_and_says_its_rule(show: Show) -> None:
    page = show(GraphWalker(example="relu", step=LAST))
    page.get_by_role("button", name="relu gate h").click()
    expect(page.locator(".walk-rule")).to_contain_text("1 if the input is positive, else 0")
    expect(page.locator(".walk-rule")).to_contain_text(re.compile(r"to z\s*8\s*× 1"))


def test_a_branch_shows_its_sum(show: Show) -> None:
    page = show(GraphWalker(example="own", own="x*x", at="x=3", step=LAST))
    expect(page.locator(".walk-sum")).to_have_text("3 + 3 = 6")
    expect(page.locator(".walk-part")).to_have_text(["3", "3"])
    page.get_by_label("Backward rules").select_option("overwrite")
    expect(page.locator(".walk-sum")).to_have_text("3 lost")
    expect(page.locator(".walk-bad")).to_contain_text("∂f/∂x 3 measured 6 ✗")


def test_a_tree_hides_an_overwritten_gradient(show: Show) -> None:
    page = show(GraphWalker(rule="overwrite"))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("The wrong rule does not show")


def test_typing_makes_the_formula_ones_own_and_keeps_the_numbers(show: Show) -> None:
    page = show(GraphWalker())
    formula(page).fill("q = x + y; q * z * q")
    expect(page.get_by_role("combobox", name="Formula")).to_have_value("own")
    assert numbers(page)["value"] == -36
    expect(page.locator(".walk-good")).to_have_count(3)


def test_another_formula_begins_with_its_own_numbers(show: Show) -> None:
    page = show(GraphWalker(at="x=7", step=LAST))
    page.get_by_role("combobox", name="Formula").select_option("relu")
    expect(page.get_by_role("spinbutton", name="x")).to_have_value("1")
    expect(page.locator(".walk-value")).to_have_count(0)


@pytest.mark.parametrize("text", ERRORS)
def test_an_error_is_told_at_its_place_in_words(text: str, show: Show) -> None:
    page = show(GraphWalker(example="own", own=text[:200]))
    if len(text) > 200:
        page.evaluate("text => document.querySelector('.cw').widget.set({ own: text })", text)
    expect(page.locator(".walk-error")).to_contain_text(ERRORS[text])
    expect(page.locator(".walk-error mark")).to_have_count(1)
    expect(formula(page)).to_have_attribute("aria-invalid", "true")
    if len(text) < 40:  # Python has no picture to fit into
        with pytest.raises(ValueError, match=r"formula|meaning|used|itself|takes|function|may"):
            graph_of(text)


def test_zero_over_zero_is_told_and_spreads(show: Show) -> None:
    page = show(GraphWalker(example="own", own="x/y + z", at="x=0, y=0", step=LAST))
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".cw-see")).to_contain_text("The ÷ gate gives NaN")
    expect(page.locator(".walk-value").last).to_have_text("NaN")


@pytest.mark.parametrize(
    ("own", "at"),
    [("x/y", "x=0, y=0"), ("sqrt(x) + 1/y", "x=0, y=0"), ("exp(exp(x)) - x", "x=9")],
)
def test_what_is_no_number_spreads_as_in_python(own: str, at: str, show: Show) -> None:
    state = {"example": "own", "own": own, "at": at, "rule": "right"}
    assert_same(numbers(show(GraphWalker(**state))), _numbers(**state), own)


def test_a_kink_is_no_mistake_and_no_agreement(show: Show) -> None:
    page = show(GraphWalker(example="router", at="z=2, w=2", step=LAST))
    expect(page.locator(".walk-bad").first).to_contain_text("measured 1 kink")
    expect(page.locator(".walk-good")).to_have_count(2)
    steep = show(GraphWalker(example="own", own="(100*x)**2 + exp(x)", at="x=0", step=LAST))
    expect(steep.locator(".walk-good")).to_have_count(1)


def test_a_link_brings_an_own_formula(show: Show) -> None:
    link = "#W5.1?example=own&own=x*log(y)&at=x%3D2,%20y%3D1&step=5"
    page = show(GraphWalker(), fragment=link)
    expect(formula(page)).to_have_value("x*log(y)")
    assert numbers(page)["slopes"] == [0, 2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800])
def test_nodes_do_not_overlap(scheme: str, width: int, show: Show) -> None:
    page = show(GraphWalker(step=LAST), width=width, scheme=scheme)
    for state, _ in GraphWalker.reference_states()[::9]:
        page.evaluate("state => document.querySelector('.cw').widget.set(state)", state)
        assert min(page.evaluate(GAPS), default=1) > 0, state


SCROLLED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_the_gate_of_the_step_is_in_sight_on_a_phone(show: Show) -> None:
    page = show(GraphWalker(example="relu", step=0), width=360)
    for _ in range(15):
        page.locator(".walk-box").press("ArrowRight")
        page.evaluate(SCROLLED)
        gate, box = (
            page.locator(".walk-on").bounding_box(),
            page.locator(".walk-box").bounding_box(),
        )
        assert gate is not None
        assert box is not None
        assert box["x"] <= gate["x"]
        assert gate["x"] + gate["width"] <= box["x"] + box["width"]


def test_python_refuses_what_makes_no_sense() -> None:
    with pytest.raises(traitlets.TraitError, match="at must be written as"):
        GraphWalker(at="x is three")
    with pytest.raises(traitlets.TraitError, match="own may have 200 letters, got 201"):
        GraphWalker(own="x" * 201)
