"""The main job on the sample class: every row as expected, and pages that are safe to open."""

import csv
import re
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.export import export
from autograder.grade import grade
from autograder.manifest import Manifest
from autograder.release import HIDDEN
from autograder.report import write_report
from autograder.results import results
from autograder.sample import ASSIGNMENTS

pytestmark = pytest.mark.jail
Rows = dict[tuple[str, str], tuple[float, str]]


def _rows(path: Path) -> Rows:
    with path.open(newline="") as file:
        return {
            (row["student"], row["question"]): (float(row["points"]), row["status"])
            for row in csv.DictReader(file)
            if row.get("graded_by") != "hand"
        }


def test_every_row_is_as_expected(sample_class: Course) -> None:
    got = _rows(export(sample_class, "A5")[0])
    assert got == _rows(ASSIGNMENTS / "sample_class" / "expected.csv")


def test_a_second_run_has_nothing_to_do(sample_class: Course) -> None:
    told: list[tuple[int, int]] = []
    grade(sample_class, "A5", progress=lambda done, total, _: told.append((done, total)))
    assert told == [(16, 16)]


def test_feedback_holds_no_hidden_test(sample_class: Course) -> None:
    manifest = Manifest.load(sample_class.manifest("A5"))
    hidden = [
        line.strip()
        for cell in manifest.tests
        for block in HIDDEN.findall(cell.original)
        for line in block.split("\n")
        if line.strip()
    ]
    assert hidden
    for student in sample_class.roster:
        text = sample_class.feedback("A5", student.id).read_text()
        assert not [line for line in hidden if line in text]


def test_pages_run_and_load_nothing(sample_class: Course) -> None:
    pages = [sample_class.feedback("A5", student.id) for student in sample_class.roster]
    for page in [*pages, write_report(sample_class, "A5")]:
        text = page.read_text()
        assert "default-src 'none'" in text
        assert not re.search(r"<(script|iframe|object|embed|img|form|link)\b", text)
        assert not re.search(r"<[^>]*\s(on\w+|style|src|srcset)=", text)


def test_feedback_says_what_happened(sample_class: Course) -> None:
    told = {
        "dmitri": "wrong shape",
        "fatima": "was never closed",
        "goran": "still running after 6 seconds",
        "hana": "not handed in",
        "jamal": "linear_backward is not defined",
        "kofi": "was deleted; the original one was used",
        "mei": "could not be read",
        "omar": "ended its own process",
    }
    for student, words in told.items():
        assert words in sample_class.feedback("A5", student).read_text()


def test_the_report_names_who_needs_attention(sample_class: Course) -> None:
    text = write_report(sample_class, "A5").read_text()
    attention = text[text.index("Needs attention") : text.index("<h2>What went wrong")]
    assert re.findall(r'<span class="soft">(\w+)', attention) == ["goran", "omar", "mei", "hana"]


def test_output_is_capped(sample_class: Course) -> None:
    noor = next(r for r in results(sample_class, "A5") if r.student == "noor")
    assert noor.points == 36
    assert max(len(question.output) for question in noor.questions) < 20_000
