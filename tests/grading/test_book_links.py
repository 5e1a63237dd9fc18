"""The links from a student's page into the book lead to sections that are there."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.book_links import CHAPTERS, next_step
from autograder.cli import app
from autograder.course import Course
from autograder.feedback import write_feedback
from autograder.results import results
from coursepkg.checks import QUESTIONS
from coursepkg.mistakes import MISTAKES

BOOK = Path(__file__).resolve().parents[2] / "book"
EXPLAIN = ("explain", "A5", "chiara", "softmax_ce_backward")
NAMED = {q.section for q in QUESTIONS.values()} | {m.section for m in MISTAKES.values()}
SECTIONS = sorted(name for name in NAMED if name.startswith("section"))


def test_the_chapters_are_those_of_the_book() -> None:
    assert sorted(path.stem for path in (BOOK / "chapters").glob("*.md")) == list(CHAPTERS)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_that_a_check_names_is_there(section: str) -> None:
    link = next_step(f"A5.f: wrong\n  book         {section}\n", "https://example.org/book")
    assert link is not None
    page, label = link.address.removeprefix("https://example.org/book/").split(".html#")
    assert f"({label})=\n" in (BOOK / f"{page}.md").read_text(encoding="utf-8")


def test_without_an_address_or_a_section_there_is_no_link() -> None:
    assert next_step("  book         section 6.4, the linear layer", "") is None
    assert next_step("Your code was still running.", "https://example.org") is None


@pytest.mark.jail
def test_a_students_page_links_the_section_and_has_a_number_to_quote(
    sample_class: Course, tmp_path: Path
) -> None:
    course = Course(Path(shutil.copytree(sample_class.root, tmp_path / "course")))
    address = "https://example.org/book"
    (course.root / "course.yml").write_text(f"time_zone: Europe/Berlin\nbook: {address}\n")
    write_feedback(course, "A5")
    page = course.feedback("A5", "chiara").read_text()
    link = f'<a href="{address}/chapters/06-backprop-matrices.html#sec-6-6">'
    assert f"Read next: {link}section 6.6, softmax and cross-entropy, fused</a>" in page
    number = next(r.number for r in results(course, "A5") if r.student == "chiara")
    assert f"<code>{number}</code>" in page
    told = CliRunner().invoke(app, ["--course", str(course.root), *EXPLAIN])
    assert number in told.output
