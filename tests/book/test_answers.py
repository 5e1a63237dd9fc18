"""Appendix F: all questions of all chapters, answered, and nothing of them written twice."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from tests.book.conftest import CHAPTERS, ROOT


@pytest.fixture(scope="module")
def answers(built: Path, pages: dict[Path, BeautifulSoup]) -> BeautifulSoup:
    return pages[built / "appendices" / "answers.html"]


def words(*parts: Tag) -> str:
    """What a reader reads, without spaces: where they are depends on the tags around."""
    return re.sub(r"\s+", "", "".join(part.get_text() for part in parts))


def quizzes(page: BeautifulSoup) -> list[Tag]:
    return page.select("div.quiz[data-kind=quiz]")


def answer_to(answers: BeautifulSoup, chapter: str, quiz: Tag) -> Tag:
    link = answers.select_one(f'.answers-question a[href$="chapters/{chapter}.html#{quiz["id"]}"]')
    assert link is not None, quiz["id"]
    found = link.find_parent(class_="answers-question")
    assert isinstance(found, Tag)
    return found


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_question_is_there_with_all_its_options(
    chapter: str, answers: BeautifulSoup, built: Path, pages: dict[Path, BeautifulSoup]
) -> None:
    for quiz in quizzes(pages[built / "chapters" / f"{chapter}.html"]):
        answer = answer_to(answers, chapter, quiz)
        head, *question = quiz.select(".quiz-question > *")
        assert words(head) in words(answer)
        assert words(*question) in words(answer)
        options = quiz.select(".quiz-option")
        items = answer.find_all("li", class_=["answers-right", "answers-wrong"])
        assert len(items) == len(options) >= 3
        for option in options:
            label, why = option.select_one("label"), option.select_one(".quiz-why")
            assert label is not None
            assert why is not None
            right = why["data-mark"] == "right"
            told = ("Right:" if right else "Wrong:") + words(label, why)
            assert told in [words(item) for item in items]
        assert words(items[0]).startswith("Right:")


def test_there_are_no_others(
    answers: BeautifulSoup, built: Path, pages: dict[Path, BeautifulSoup]
) -> None:
    asked = sum(len(quizzes(pages[built / "chapters" / f"{name}.html"])) for name in CHAPTERS)
    assert len(answers.select(".answers-question")) == asked >= 40


def test_links_in_explanations_lead_somewhere(answers: BeautifulSoup, built: Path) -> None:
    links = answers.select(".answers-question a[href]")
    assert len(links) > len(answers.select(".answers-question"))
    for link in links:
        path, _, anchor = str(link["href"]).partition("#")
        page = (
            (built / "appendices" / path).resolve() if path else built / "appendices/answers.html"
        )
        assert page.exists(), link
        assert not anchor or f'id="{anchor}"' in page.read_text(encoding="utf-8"), link


def test_the_appendix_holds_no_answer_of_its_own() -> None:
    source = (ROOT / "book" / "appendices" / "answers.md").read_text(encoding="utf-8")
    asked = re.findall(r"```\{answers\} /chapters/(\S+)", source)
    assert asked == CHAPTERS
    assert len(source) < 3000
