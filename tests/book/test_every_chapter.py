"""What every chapter owes its reader."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.book.conftest import CHAPTERS

pytestmark = pytest.mark.parametrize("name", CHAPTERS, indirect=True, scope="module")
SOLUTION = "div.solution.dropdown"


def test_its_sections_are_numbered_one_after_the_other(name: str, chapter: BeautifulSoup) -> None:
    number = int(name[:2])
    heads = [
        head.get_text().split()[0]
        for head in chapter.select("article section > h1, article section > h2")
    ]
    sections = [head for head in heads if re.match(r"\d", head)]
    assert sections[0] == str(number)
    assert sections[1:] == [f"{number}.{i}" for i in range(1, len(sections))]
    for section in sections[1:]:  # the anchors that reports and other chapters link to
        assert chapter.find(id="sec-" + section.replace(".", "-")), section


def test_exercises_have_folded_solutions(chapter: BeautifulSoup) -> None:
    exercises = chapter.select("div.exercise")
    assert 6 <= len(exercises) <= 10
    assert len(chapter.select(SOLUTION)) == len(exercises)


def test_some_solutions_are_computed(chapter: BeautifulSoup) -> None:
    assert sum(bool(one.select(".cell")) for one in chapter.select(SOLUTION)) >= 3


def test_questions_are_numbered_and_predictions_come_before(chapter: BeautifulSoup) -> None:
    heads = [head.get_text() for head in chapter.select(".quiz-head")]
    asked = [head for head in heads if head != "Predict"]
    assert asked == [f"Question {i}" for i in range(1, len(asked) + 1)]
    assert len(asked) >= 6
    assert heads.count("Predict") >= 3


def test_wrong_options_of_the_quiz_are_named(source: str) -> None:
    quiz = source[source.index("## Quiz") :]
    wrong = re.findall(r"^- \[ \] .*\n\n  (.*)", quiz, re.M)
    assert len(wrong) >= 2 * quiz.count("{quiz}")
    assert sum(reason.startswith("**") for reason in wrong) >= 0.8 * len(wrong)


def test_answer_boxes_have_hints(chapter: BeautifulSoup) -> None:
    boxes = chapter.select("form.answer")
    assert len(boxes) >= 3
    for box in boxes:
        assert len(str(box["data-hint"]).split()) >= 4


def test_every_figure_says_its_message_in_words(chapter: BeautifulSoup) -> None:
    figures = chapter.select("figure.course-figure")
    assert len(figures) >= 4
    for figure in figures:
        drawing = figure.find("svg", role="img")
        assert drawing is not None
        alt = str(drawing["aria-label"])
        assert len(alt.split()) >= 15, alt
        assert alt.rstrip().endswith("."), alt
        assert figure.find("figcaption") is not None
        assert "currentColor" in str(drawing) or drawing.find("image")  # tiles need no ink
        for words in drawing.find_all("text"):
            assert "fill: " in str(words), f"black on black in the dark: {words}"


def test_no_cell_ended_in_an_error(chapter: BeautifulSoup) -> None:
    assert not chapter.select(".output.traceback, .output.stderr")


def test_the_download_is_executed_and_reads_without_the_book(
    notebook: nbformat.NotebookNode,
) -> None:
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert sum(bool(cell.outputs) for cell in code) > 10
    assert not [o for cell in code for o in cell.outputs if o.output_type == "error"]
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert not re.search(r"\{[\w:-]+\}`|^:::|\(#sec-|^\(sec-|^% ", prose, re.M)


def test_it_points_to_its_widgets_by_number(name: str, source: str, chapter: BeautifulSoup) -> None:
    announced = re.findall(r"^% widget W(\d+\.\d+)$", source, re.M)
    titles = [words.get_text() for words in chapter.select(".coursepkg-widget p strong")]
    shown = [words.split()[0][1:] for words in titles if words.startswith("W")]
    assert set(announced) <= set(shown)
    assert {number for number in announced if number.startswith(f"{int(name[:2])}.")}
