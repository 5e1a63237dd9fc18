"""Every registered mistake is one: it shows on ordinary data, and hides where it says so."""

import ast
import copy
import re
import subprocess
import sys
from inspect import signature

import numpy as np
import pytest

from coursepkg.mistakes import MISTAKES, Mistake, of
from coursepkg.mistakes.diagnosis import _Case, _differing, _run, _size
from coursepkg.mistakes.right import right_function
from coursepkg.mistakes.tensors import names_of, tensors_of
from tests.unit.mistakes.data import ordinary, shown
from tests.unit.mistakes.hiding import HIDING

MUTATES = ("GEN2", "OP10")
RAISES = ("GR11",)
RANDOM = ("DO2",)
# What each says about many inputs, about the mean of many, or about another function.
NOT_TRIED = {"DO3", "BN4", "BN12", "OP6", "TR2", "GR3", "SVM3", *MUTATES}

cases = pytest.mark.parametrize("mistake", MISTAKES.values(), ids=lambda mistake: mistake.id)


def spoiled_by(mistake: Mistake, calls: list) -> tuple[str, ...] | None:
    """The names of the tensors that come out wrong; None if a call raises."""
    right = right_function(mistake.operation)
    tried = []
    answers = []
    for arguments in calls:
        truth = right(*copy.deepcopy(arguments))
        names = names_of(mistake.operation, truth)
        truth = tensors_of(mistake.operation, truth)
        tried.append(_Case(arguments, truth, truth, _size(arguments)))
        answer = _run(mistake, arguments)
        if answer is None:
            return None
        answers.append(answer)
    count = len(tried[0].right)
    return tuple(names[place] for place in sorted(_differing(tried, answers, count)))


@cases
@pytest.mark.parametrize("seed", range(3))
def test_it_spoils_what_it_says_on_ordinary_data(mistake: Mistake, seed: int) -> None:
    calls = shown(mistake, np.random.default_rng(seed))
    if mistake.id not in RANDOM or seed == 0:
        assert spoiled_by(mistake, calls) == mistake.affects


@pytest.mark.parametrize("name", MUTATES)
def test_it_changes_what_it_is_given(name: str) -> None:
    mistake = MISTAKES[name]
    arguments = shown(mistake, np.random.default_rng(0))[0]
    before = arguments[0].copy()
    mistake.code(*arguments)
    assert not np.array_equal(before, arguments[0])


@pytest.mark.parametrize("name", RAISES)
def test_it_raises(name: str) -> None:
    calls = ordinary(MISTAKES[name].operation, np.random.default_rng(0))
    assert spoiled_by(MISTAKES[name], calls) is None


@cases
def test_it_hides_where_it_says(mistake: Mistake) -> None:
    if mistake.id not in HIDING:
        assert not mistake.hidden_when or mistake.id in NOT_TRIED
        return
    assert mistake.hidden_when
    assert spoiled_by(mistake, HIDING[mistake.id](np.random.default_rng(0))) == ()


def test_there_are_a_hundred_and_more() -> None:
    assert len(MISTAKES) >= 100
    assert all(name == mistake.id for name, mistake in MISTAKES.items())


@cases
def test_it_is_told_in_sentences(mistake: Mistake) -> None:
    for sentence in (mistake.symptom, mistake.hidden_when):
        assert re.fullmatch(r"(\w.*[^.\s]\.)?", sentence), sentence
    assert mistake.symptom
    assert re.fullmatch(r"\w.*[^?\s]\?", mistake.question)
    assert re.fullmatch(r"section \d+\.\d+, [A-Za-z].*[a-z]", mistake.section)


def test_no_two_have_the_same_code() -> None:
    bodies: dict[str, str] = {}
    for mistake in MISTAKES.values():
        body = ast.dump(ast.parse(mistake.source))
        assert body not in bodies, (mistake.id, bodies.get(body))
        bodies[body] = mistake.id


@cases
def test_the_code_to_show_is_the_function_without_its_name(mistake: Mistake) -> None:
    assert mistake.source.startswith(f"def {mistake.operation}(")
    assert mistake.code.__name__ not in mistake.source.splitlines()[0]


def test_there_is_a_right_function_for_each() -> None:
    for mistake in MISTAKES.values():
        wrong, right = mistake.code, right_function(mistake.operation)
        assert list(signature(wrong).parameters)[:2] == list(signature(right).parameters)[:2]
    with pytest.raises(ValueError, match="no right function 'conv'"):
        right_function("conv")


def test_the_register_needs_numpy_only() -> None:
    """And none of the parts of the project that stand on it."""
    code = "import sys, numpy.random; before = set(sys.modules)\n"
    code += "import coursepkg.mistakes.diagnosis; print(*set(sys.modules) - before)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    homes = {name.split(".")[0] for name in loaded} - set(sys.stdlib_module_names)
    assert homes <= {"coursepkg", "numpy"}
    assert not {"coursepkg.checks", "coursepkg.training", "coursepkg.widgets"} & loaded


def test_the_mistakes_of_a_function() -> None:
    assert {mistake.id for mistake in of("tape_backward")} == {"GR1", "GR2", "GR16", "GR11"}
    assert of("nothing") == ()
