"""Copies are asked about, however they are dressed up; what everybody writes alike is not."""

import random
import re
from collections.abc import Callable
from inspect import getsource

import pytest

from autograder.course import Course
from autograder.intake import Submission
from autograder.manifest import Cell, Manifest
from autograder.similarity import clusters, similar_pairs
from autograder.similarity_groups import similar_groups
from autograder.similarity_page import write_similarity
from autograder.similarity_text import normalised
from tests.unit.assignments.solutions import answers, cells, marks

SOLUTION = re.compile(r"### BEGIN SOLUTION.*### END SOLUTION", re.DOTALL)


def manifest(assignment: str) -> Manifest:
    """The cells of an assignment in which students write."""
    own = [(marks(cell), cell.source) for cell in cells(assignment) if cell.cell_type == "code"]
    made = [
        Cell(m["grade_id"], "solution", "code", 0, SOLUTION.sub("raise ...", text), text, {})
        for m, text in own
        if m.get("solution")
    ]
    return Manifest(assignment, made)


def styles(whole: Manifest) -> dict[str, list[str]]:
    """For each cell the texts of right answers, the instructor's own among them."""
    found = {cell.name: [cell.original] for cell in whole.cells}
    for labels in answers(whole.assignment, "RIGHT").values():
        for functions in labels.values():
            for name, function in functions.items():
                text = getsource(function)
                if f"{name}_solution" in found and text.startswith("def "):
                    found[f"{name}_solution"].append(text)
    return found


def independent(whole: Manifest, count: int) -> list[Submission]:
    rng, known = random.Random(0), styles(whole)
    return [
        Submission(f"s{number:02}", {cell: rng.choice(texts) for cell, texts in known.items()})
        for number in range(count)
    ]


def own_work(seed: int) -> dict[str, str]:
    """An answer to A10 that nobody else has: between its lines others that do no harm."""
    rng = random.Random(seed)
    whole = styles(manifest("A10"))
    return {cell: _with_lines(rng, rng.choice(texts)) for cell, texts in whole.items()}


def _with_lines(rng: random.Random, text: str) -> str:
    words = ["shape", "ndim", "size", "dtype", "real", "flat", "T", "base", "itemsize", "strides"]
    lines = [
        f"    assert grad.{rng.choice(words)} != w.{rng.choice(words)} + {rng.random():.5f}"
        for _ in range(4)
    ]
    return text.rstrip() + "\n" + "\n".join(lines) + "\n"


def renamed(work: dict[str, str]) -> dict[str, str]:
    names = re.compile(r"(?<![.\w])(grad|dout|cache|axis|shape|x|w)\b")
    return {cell: "# my own\n" + names.sub(r"my_\1", text) for cell, text in work.items()}


def moved(work: dict[str, str]) -> dict[str, str]:
    """Every function in the cell of another."""
    names = list(work)
    return dict(zip(names, [work[name] for name in names[1:] + names[:1]], strict=True))


@pytest.mark.parametrize("dressed_up", [dict, renamed, moved])
def test_a_copy_is_found_among_others(
    dressed_up: Callable[[dict[str, str]], dict[str, str]],
) -> None:
    originals = [Submission(f"s{seed}", own_work(seed)) for seed in range(12)]
    copy = Submission("copy", dressed_up(own_work(5)))
    pairs = list(similar_pairs(manifest("A10"), [*originals, copy]))
    assert clusters(pairs) == [["copy", "s5"]]
    assert pairs[0].share > 0.8
    assert min(len(side) for side in pairs[0].marked) >= 3


@pytest.mark.parametrize("assignment", ["A0", "A2", "A5", "A6", "A7", "A10"])
def test_independent_right_answers_accuse_nobody(assignment: str) -> None:
    whole = manifest(assignment)
    assert list(similar_pairs(whole, independent(whole, 20))) == []


def test_the_solution_itself_and_what_many_have_accuse_nobody() -> None:
    whole = manifest("A10")
    solved = {cell.name: cell.original for cell in whole.cells}
    same = own_work(1)
    works = [Submission(f"a{number}", solved) for number in range(2)]
    works += [Submission(f"b{number}", same) for number in range(4)]
    assert list(similar_pairs(whole, works)) == []
    assert clusters(list(similar_pairs(whole, works[:-1]))) == [["b0", "b1", "b2"]]


def test_work_that_is_not_there_or_no_python_is_read_all_the_same() -> None:
    whole = manifest("A10")
    works = [Submission("none", None), Submission("empty", {}), Submission("own", own_work(1))]
    works += [Submission("odd", {cell.name: "'''\x00 def (((" for cell in whole.cells})]
    assert list(similar_pairs(whole, works)) == []


def test_every_character_knows_where_it_comes_from() -> None:
    text = "def f(values):\n    '''Doc.'''\n    return np.sum(values)  # all\n"
    short, places = normalised(text)
    assert short == "defv(v):returnv.sum(v)"
    assert len(places) == len(short)
    assert {text[start:end] for start, end in places} >= {"values", "np", "sum", "return"}


def test_the_page_shows_code_as_text_and_the_report_knows_its_groups(
    toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = "def total(x):\n    return '<script>alert(1)</script>'\n"
    long = "\n".join(f"    x = x.part{n}(axis={n}) + x.rest{n}" for n in range(9))
    work = {"double_solution": f"def double(x):\n{long}\n", "total_solution": hostile + long}
    class_ = [Submission(who, work if who in ("ann", "ben") else None) for who in toy_ids(toy)]
    for module in ("similarity_page", "similarity_groups"):
        monkeypatch.setattr(f"autograder.{module}.submissions", lambda *_: class_)
    whole = Manifest.load(toy.manifest("T1"))
    assert similar_groups(toy, whole) is None
    path, groups = write_similarity(toy, "T1")
    assert groups == [["ann", "ben"]]
    page = path.read_text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert page.count("<mark>") >= 4
    assert similar_groups(toy, whole) == [["ann", "ben"]]
    class_[0] = Submission("ann", {})
    assert similar_groups(toy, whole) is None


def toy_ids(course: Course) -> list[str]:
    return [student.id for student in course.roster]
