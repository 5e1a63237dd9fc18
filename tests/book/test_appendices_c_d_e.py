"""Appendices C, D and E: every formula checked, every number measured, every command there."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from autograder.cli import app
from coursepkg.mistakes import MISTAKES
from tests.book.conftest import ROOT, assert_derivations_checked

FOLDER = ROOT / "book" / "appendices"


def read(page: str) -> str:
    return (FOLDER / f"{page}.md").read_text(encoding="utf-8")


@pytest.fixture
def text(request: pytest.FixtureRequest, built: Path, pages: dict[Path, BeautifulSoup]) -> str:
    article = pages[built / "appendices" / f"{request.param}.html"].find("article")
    assert article is not None
    return re.sub(r"\s+", " ", article.get_text())


def on(page: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("text", [page], indirect=True)


@on("calculus")
def test_row_86_is_told_with_both_layouts(text: str) -> None:
    assert re.search(r"^% deck row 86$", read("calculus"), re.M)
    for passage in [
        "if \\(x\\) changes by a small amount, how much will \\(y\\) change?",
        "\\in\\mathbb R^{N\\times M}",
        "denominator layout",
        "numerator layout",
        "fails: ValueError: matmul",
    ]:
        assert passage in text, passage


@on("calculus")
def test_every_formula_of_appendix_c_is_checked(text: str) -> None:
    cells = re.findall(r"```\{code-cell\}.*?```", read("calculus"), re.S)
    assert sum(cell.count("passes(") for cell in cells) >= 18
    assert sum(cell.count("fails(") for cell in cells) >= 5
    assert_derivations_checked(text, least=10)


@on("gradient-checks")
def test_the_limits_lie_between_rounding_and_mistakes(text: str) -> None:
    for limit, dtype in [(1e-6, "float64, numerically"), (1e-4, "float32"), (1e-2, "float16")]:
        worst = re.search(rf"{dtype} +\S+ +(\S+) +\S+", text)
        assert worst is not None
        assert float(worst[1]) < limit / 10
    least = re.search(r"none by less than ([\d.]+)\.", text)
    assert least is not None
    assert float(least[1]) > 1e-3


@on("gradient-checks")
def test_the_best_steps_are_near_the_predicted_ones(text: str) -> None:
    row = r"float(?:64|32) (?:forward|central) \S+ (\d\S+) (\d\S+) \d"
    rows = re.findall(row, text)
    assert len(rows) == 4
    for predicted, best in rows:
        assert 0.1 < float(best) / float(predicted) < 10


def test_the_decision_table_names_known_mistakes_of_that_section() -> None:
    table = re.findall(r"^\| (?!you see)(.+?) \|.*?\| ([A-Z].+?) \|", read("gradient-checks"), re.M)
    named = [name for _, names in table for name in re.findall(r"[A-Z]+\d+", names)]
    assert len(named) >= 25
    assert set(named) <= MISTAKES.keys()


@on("instructors")
def test_the_guide_has_the_numbers_of_adequacy(text: str) -> None:
    whole = re.sub(r"\s+", " ", (ROOT / "docs" / "adequacy.md").read_text(encoding="utf-8"))
    told = re.search(r"In all (\d+) questions: (\d+) right answers .*?; (\d+) mistakes", whole)
    assert told is not None
    questions, right, wrong = told.groups()
    assert f"In {questions} questions, {right} right answers" in text
    assert f"and {wrong} mistakes, of which 0 earned full points" in text
    assert f"In all {questions} questions" in text  # the table itself, below


@on("instructors")
def test_the_guide_names_every_assignment_and_its_points(text: str) -> None:
    assert "A1 to A9: 260 points" in text
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    points = re.findall(r"^\| A([1-9]) \| .* \| (\d+)", readme, re.M)
    assert sum(int(most) for _, most in points) == 260


def test_the_guide_gives_commands_that_exist() -> None:
    commands = {
        one.name or one.callback.__name__ for one in app.registered_commands if one.callback
    }
    given = set(re.findall(r"`?autograder(?: --course \S+)? ([a-z]+) [A-Z`]", read("instructors")))
    assert {"release", "collect", "grade", "feedback", "report", "export"} <= given
    assert given <= {name.removesuffix("_") for name in commands}
