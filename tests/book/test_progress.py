"""What a reader answered is kept in her browser, shown again, counted, saved, brought, erased."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)  # a chapter with its widgets, on a busy machine

CHAPTER = "chapters/06-backprop-matrices.html"
BOX = "how-to-use.html"
KEY = "coursepkg-book:chapters/06-backprop-matrices"
RECORD = {
    "kind": "quiz",
    "asked": "Which?",
    "given": "quiz-stale-2",
    "said": "When forward ran on something else in between.",
    "right": True,
    "first": True,
    "tries": 1,
    "when": "2026-03-01T08:00:00.000Z",
}
OpenFile = Callable[..., Page]


@pytest.fixture
def chapter(open_file: OpenFile, built: Path) -> Page:
    return open_file(built / CHAPTER)


def visit(page: Page, built: Path, address: str) -> None:
    """Go to another page of the book in the same browser, as a reader does."""
    page.goto((built / address).as_uri())


def answer_something(page: Page) -> None:
    """One wrong and then right choice, one prediction, one number."""
    quiz = page.locator("#quiz-shape-dw")
    for choice in ("(100, 784)", "(784, 100)"):
        quiz.get_by_label(choice).check()
        quiz.get_by_role("button", name="Check").click()
    guess = page.locator("#quiz-six-numbers")
    guess.get_by_role("radio").nth(0).check()
    guess.get_by_role("button", name="Check").click()
    box = page.locator("#ex-6-3 form.answer")
    box.get_by_role("textbox").fill("-0.14")
    box.get_by_role("button", name="Check").click()


def row(page: Page, name: str = "6 Backpropagation") -> Locator:
    return page.locator(".progress-box tbody tr").filter(has_text=name)


def file_of(pages: dict[str, object]) -> str:
    return json.dumps({"format": "coursepkg-progress-1", "saved": "today", "pages": pages})


def bring(page: Page, text: str, name: str = "progress.json") -> None:
    given = {"name": name, "mimeType": "application/json", "buffer": text.encode()}
    page.get_by_label("Bring a saved file").set_input_files(given)  # type: ignore[arg-type]


def ours(page: Page) -> list[str]:
    """Names of what the book keeps; the theme keeps light or dark, too."""
    names = page.evaluate("Object.keys(localStorage)")
    return [name for name in names if name.startswith("coursepkg-book:")]


def test_answers_are_there_again_on_return(chapter: Page, built: Path) -> None:
    answer_something(chapter)
    chapter.reload()
    quiz = chapter.locator("#quiz-shape-dw")
    expect(quiz.get_by_label("(784, 100)")).to_be_checked()
    expect(quiz.get_by_role("status")).to_contain_text("Right. Your answer of ")
    expect(quiz.locator(".quiz-why >> visible=true")).to_contain_text("The shape of w.")
    expect(chapter.locator("#ex-6-3 form.answer input")).to_have_value("-0.14")
    expect(chapter.locator("#ex-6-3 .answer-why")).to_be_visible()
    expect(chapter.locator("#quiz-shape-db .quiz-why >> visible=true")).to_have_count(0)


def test_the_box_counts_by_chapter(chapter: Page, built: Path) -> None:
    answer_something(chapter)
    visit(chapter, built, BOX)
    expect(row(chapter).locator("td[data-kind=quiz]")).to_have_text("1 of 8")
    expect(row(chapter).locator("td[data-kind=answer]")).to_have_text("1 of 5")
    made = row(chapter).locator("td[data-kind=predict]")
    expect(made).to_contain_text("1 of ")  # wrong, and counted: it was made
    expect(chapter.locator(".progress-last a")).to_have_text("6 Backpropagation with matrices")
    expect(chapter.locator(".progress-box tfoot td[data-kind=quiz]")).to_contain_text("1 of ")


def test_the_totals_are_those_of_the_pages(chapter: Page, built: Path) -> None:
    asked = {
        kind: chapter.locator(selector).count()
        for kind, selector in {
            "quiz": ".quiz[data-kind=quiz]",
            "predict": ".quiz[data-kind=predict]",
            "answer": "form.answer",
        }.items()
    }
    visit(chapter, built, BOX)
    for kind, count in asked.items():
        expect(row(chapter).locator(f"td[data-kind={kind}]")).to_have_attribute(
            "data-all", str(count)
        )


def test_the_first_try_is_remembered_and_the_same_answer_is_no_new_try(chapter: Page) -> None:
    answer_something(chapter)
    chapter.locator("#quiz-shape-dw").get_by_role("button", name="Check").click()
    kept = json.loads(chapter.evaluate(f"localStorage.getItem('{KEY}')"))["quiz-shape-dw"]
    assert (kept["right"], kept["first"], kept["tries"]) == (True, False, 2)


def test_a_word_in_a_number_box_is_not_kept(chapter: Page) -> None:
    box = chapter.locator("#ex-6-3 form.answer")
    box.get_by_role("textbox").fill("much")
    box.get_by_role("button", name="Check").click()
    assert chapter.evaluate(f"localStorage.getItem('{KEY}')") is None


def test_a_saved_file_brings_everything_to_another_browser(
    chapter: Page, built: Path, open_file: OpenFile
) -> None:
    answer_something(chapter)
    visit(chapter, built, BOX)
    with chapter.expect_download() as download:
        chapter.get_by_role("button", name="Save as a file").click()
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    other = open_file(built / BOX)
    expect(other.locator(".progress-last")).to_have_text("Nothing answered yet in this browser.")
    bring(other, saved)
    expect(other.get_by_role("status")).to_have_text("Added what progress.json holds.")
    expect(row(other).locator("td[data-kind=quiz]")).to_have_text("1 of 8")
    visit(other, built, CHAPTER)
    expect(other.locator("#quiz-shape-dw").get_by_label("(784, 100)")).to_be_checked()


def test_the_later_answer_stays(chapter: Page, built: Path) -> None:
    answer_something(chapter)
    visit(chapter, built, BOX)
    old = RECORD | {"given": "quiz-shape-dw-3", "right": False, "first": False}
    page = "chapters/06-backprop-matrices"
    bring(chapter, file_of({page: {"quiz-shape-dw": old, "quiz-stale": RECORD}}))
    expect(row(chapter).locator("td[data-kind=quiz]")).to_have_text("2 of 8")
    kept = json.loads(chapter.evaluate(f"localStorage.getItem('{KEY}')"))
    assert kept["quiz-shape-dw"]["given"] == "quiz-shape-dw-1"


@pytest.mark.parametrize(
    "text",
    [
        "not JSON at all",
        "[]",
        "null",
        json.dumps({"format": "something else", "pages": {}}),
        file_of({"x": {"q": {"kind": "quiz"}}}),
        file_of({"x": {"q": RECORD | {"asked": "long" * 100}}}),
        file_of({"x": {"q": RECORD | {"tries": -1}}}),
        file_of({"x": {"q": RECORD | {"when": "never"}}}),
    ],
)
def test_a_foreign_file_changes_nothing(text: str, open_file: OpenFile, built: Path) -> None:
    page = open_file(built / BOX)
    bring(page, text, "other.json")
    expect(page.get_by_role("status")).to_contain_text("holds no answers of this book")
    assert ours(page) == []


def test_what_a_file_says_is_never_taken_for_markup(open_file: OpenFile, built: Path) -> None:
    page = open_file(built / BOX)
    evil = "<img src=x onerror=document.title='bad'>"
    bring(page, file_of({"chapters/06-backprop-matrices": {evil: RECORD | {"asked": evil}}}), evil)
    expect(row(page).locator("td[data-kind=quiz]")).to_have_text("1 of 8")
    assert page.locator(".progress-box img").count() == 0
    assert page.title() != "bad"


def test_the_text_tells_each_answer(chapter: Page, built: Path) -> None:
    answer_something(chapter)
    visit(chapter, built, BOX)
    with chapter.expect_download() as download:
        chapter.get_by_role("button", name="Save as text").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.startswith("Neural networks, by hand and by gradient check: my answers")
    assert "Quiz 1 of 8" in text
    assert "What shape has dw?" in text
    assert "(784, 100) (right after 2 tries)" in text
    assert "-0.14 (right at the first try)" in text
    assert "guessed otherwise" in text


def test_erasing_asks_once_and_then_nothing_is_left(chapter: Page, built: Path) -> None:
    chapter.evaluate("localStorage.setItem('of another site', 'stays')")
    answer_something(chapter)
    visit(chapter, built, BOX)
    chapter.get_by_role("button", name="Erase").click()
    expect(row(chapter).locator("td[data-kind=quiz]")).to_have_text("1 of 8")
    chapter.get_by_role("button", name="Erase all answers for good").click()
    expect(row(chapter).locator("td[data-kind=quiz]")).to_have_text("0 of 8")
    assert ours(chapter) == []
    assert chapter.evaluate("localStorage.getItem('of another site')") == "stays"


def test_looking_away_takes_the_question_back(open_file: OpenFile, built: Path) -> None:
    page = open_file(built / BOX)
    page.get_by_role("button", name="Erase").click()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Erase", exact=True)).to_be_visible()


def test_what_is_broken_in_storage_counts_as_nothing(chapter: Page) -> None:
    chapter.evaluate(f"localStorage.setItem('{KEY}', '{{\"quiz-shape-dw\": 7}}')")
    chapter.reload()
    answer_something(chapter)
    expect(chapter.locator("#quiz-shape-dw").get_by_role("status")).to_have_text("Right.")


def test_it_works_where_the_browser_keeps_nothing(chapter: Page, built: Path) -> None:
    forbid = """
      const setItem = Storage.prototype.setItem;
      Storage.prototype.setItem = function (name, value) {
        if (name.startsWith("coursepkg-book:")) throw new DOMException("no", "SecurityError");
        setItem.call(this, name, value);
      };"""
    chapter.add_init_script(forbid)
    chapter.reload()
    answer_something(chapter)
    expect(chapter.locator("#quiz-shape-dw").get_by_role("status")).to_have_text("Right.")
    visit(chapter, built, BOX)
    expect(chapter.get_by_role("status")).to_have_text("This browser keeps nothing between pages.")


def test_an_answer_in_another_tab_is_counted_at_once(chapter: Page, built: Path) -> None:
    box = chapter.context.new_page()
    visit(box, built, BOX)
    expect(row(box).locator("td[data-kind=quiz]")).to_have_text("0 of 8")
    answer_something(chapter)
    expect(row(box).locator("td[data-kind=quiz]")).to_have_text("1 of 8")
