"""The book as one page for paper: ids, links, widgets, answers at the end."""

import re
from pathlib import Path
from types import ModuleType

import pytest
from bs4 import BeautifulSoup

from tests.book.conftest import load

FIRST = """<article><h1>1 First</h1><section id="sec-1"><h2>1.1 One</h2>
<a href="#sec-1">here</a> <a href="second.html#sec-1">there</a> <a href="second.html">page</a>
<a href="notebooks/first.ipynb">notebook</a> <a href="https://example.org/#x">out</a>
<svg><clipPath id="clip"></clipPath><g clip-path="url(#clip)"></g>
<image xlink:href="data:image/png;base64,
iVBORw0K"></image></svg>
<div class="quiz" id="quiz-a" data-kind="predict" aria-labelledby="quiz-a-q">
<div class="quiz-question" id="quiz-a-q"><p class="quiz-head">Predict</p><p>Up or down?</p></div>
<div class="quiz-option"><input type="radio" id="quiz-a-0" value="wrong">
<label for="quiz-a-0"><span>Up.</span></label><div class="quiz-why"><p>Too far.</p></div></div>
<div class="quiz-option"><input type="radio" id="quiz-a-1" value="right">
<label for="quiz-a-1"><span>Down.</span></label><div class="quiz-why"><p>A step.</p></div></div>
<p class="quiz-foot"><button>Check</button></p></div>
<div class="exercise" id="ex-1"><p>How many?</p><form class="answer" data-value="0.25"
data-hint="Half of a half."><label for="a1">n =</label><input id="a1"><button>Check</button>
<span role="status"></span><div class="answer-why"><p>Count.</p></div></form></div>
<div class="solution" id="sol-1"><p class="admonition-title">To <a href="#ex-1">it</a></p>
<p>The thought.</p></div>
<div class="coursepkg-widget"><p><strong>W1.1 A line</strong> Two heaps.</p></div>
<details class="hide above-input"><summary>Show</summary>plotting</details>
<details class="hide"><summary>Show</summary>driving</details>
</section></article>"""
SECOND = '<article><h1>2 Second</h1><section id="sec-1"><h2>2.1 One</h2></section></article>'


@pytest.fixture(scope="module")
def form() -> ModuleType:
    return load("print_form.py")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "first.html").write_text(FIRST)
    (tmp_path / "second.html").write_text(SECOND)
    return tmp_path


def printed(form: ModuleType, small: Path, site: str = "") -> tuple[BeautifulSoup, BeautifulSoup]:
    """Return the pages as they are printed, and the answers."""
    parts = [form.read(small, name) for name in ("first", "second")]
    for part in parts:
        form.still(part.article)
    form.link_together(parts, small, site)
    end = form.answers(parts)
    pages = "".join(str(part.article) for part in parts)
    return BeautifulSoup(pages, "html.parser"), BeautifulSoup(str(end.article), "html.parser")


def test_every_link_leads_to_one_place(form: ModuleType, small: Path) -> None:
    pages, end = printed(form, small)
    ids = [tag["id"] for tag in pages.find_all(id=True) + end.find_all(id=True)]
    assert len(set(ids)) == len(ids)
    links = {link.get_text(): link.get("href") for link in pages.find_all("a")}
    assert links["here"] == "#p-first-sec-1"
    assert links["there"] == "#p-second-sec-1"
    assert links["page"] == "#p-second"
    assert links["out"] == "https://example.org/#x"
    inner = {str(link["href"])[1:] for link in pages.select("a[href^='#']")}
    assert inner <= set(ids)
    assert pages.select("[clip-path='url(#p-first-clip)']")


def test_a_picture_in_a_figure_stays_as_it_is(form: ModuleType, small: Path) -> None:
    pages, _ = printed(form, small)
    (image,) = pages.select("svg image")
    assert image["xlink:href"] == "data:image/png;base64,\niVBORw0K"


def test_what_is_not_printed_is_linked_where_the_book_is_published(
    form: ModuleType, small: Path
) -> None:
    for site, expected in (("", None), ("https://x.org/latest", "https://x.org/latest/")):
        pages, _ = printed(form, small, site)
        link = pages.find("a", string="notebook")
        assert link is not None
        assert link.get("href") == (expected and f"{expected}notebooks/first.ipynb")


def test_a_widget_has_its_description_as_caption(form: ModuleType, small: Path) -> None:
    pages, _ = printed(form, small)
    assert [p.get_text() for p in pages.select(".coursepkg-widget + .print-caption")] == [
        " Two heaps."
    ]


def test_plotting_code_goes_and_what_the_text_promises_unfolds(
    form: ModuleType, small: Path
) -> None:
    pages, _ = printed(form, small)
    assert "plotting" not in pages.get_text()
    (folded,) = pages.find_all("details")
    assert folded.get_text() == "driving"
    assert folded.has_attr("open")


def test_answers_stand_at_the_end_and_questions_say_where(form: ModuleType, small: Path) -> None:
    pages, end = printed(form, small)
    text = re.sub(r"\s+", " ", pages.get_text())
    for hidden in ("Too far", "A step", "Count.", "The thought", "0.25", "Check"):
        assert hidden not in text
    assert "Predict 1" in text
    assert re.search(r"A ?Up\. B ?Down\.", text)
    said = re.sub(r"\s+", " ", end.get_text(" "))
    for shown in ("A. Too far", "B. Right. A step", "n = 0.25. Count.", "The thought"):
        assert shown in said
    for asked, answer in (
        ("p-first-quiz-a", "p-first-quiz-a-why"),
        ("p-first-ex-1", "p-first-sol-1"),
    ):
        assert pages.select(f"#{asked} a.print-ref[href='#{answer}']")
        assert end.select(f"#{answer} a[href='#{asked}']")


def test_a_number_stands_in_the_solution_of_its_exercise(form: ModuleType, small: Path) -> None:
    _, end = printed(form, small)
    assert [p.get_text() for p in end.select(".solution > .answer-why p")] == ["n = 0.25. Count."]


@pytest.fixture(scope="module")
def page(built: Path) -> BeautifulSoup:
    return BeautifulSoup(load("print_page.py").printable(built), "html.parser")


def test_the_whole_book_becomes_one_page_without_loose_ends(page: BeautifulSoup) -> None:
    ids = {tag["id"] for tag in page.find_all(id=True)}
    loose = {a["href"] for a in page.select("a[href^='#']") if a["href"][1:] not in ids}
    assert not loose
    assert not page.select("form, input, .quiz-foot")
    assert not page.select("script[src^=http], link[href^=http], img[src^=http]")
    counted = page.select("[data-page-of]")
    assert len(counted) > 200
    assert {tag["data-page-of"] for tag in counted} <= ids


def test_the_answers_to_the_quizzes_are_printed_once(page: BeautifulSoup) -> None:
    assert [h1.get_text() for h1 in page.find_all("h1")].count("F Answers") == 1
    assert not page.select(".answers-question")
    assert page.select("a[href='#answers']")
