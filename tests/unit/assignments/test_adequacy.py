"""Every known mistake loses points, every right answer gets all of them.

With the environment variable `ADEQUACY_SEEDS=200` each is tried on so many hidden seeds.
"""

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.unit.assignments.adequacy import Answer, right, seeds, wrong

pytestmark = pytest.mark.apart
SEEDS = seeds(int(os.environ.get("ADEQUACY_SEEDS", "3")))
TABLE = Path(__file__).parents[3] / "docs" / "adequacy.md"


def _id(answer: Answer) -> str:
    return f"{answer.question}-{answer.label}"


@pytest.mark.parametrize("answer", right(), ids=_id)
def test_a_right_answer_gets_everything(answer: Answer) -> None:
    for seed in SEEDS:
        assert answer.share(seed) == 1, f"{answer.label}, {seed!r}"


@pytest.mark.parametrize("answer", wrong(), ids=_id)
def test_a_mistake_loses_points(answer: Answer) -> None:
    for seed in SEEDS:
        assert answer.share(seed) < 1, f"{answer.label}, {seed!r}"


def test_the_table_for_instructors_counts_the_answers_there_are() -> None:
    rows = re.findall(r"^\| `(\S+)` \| (\d+) \| \d+ \| 0 \| (\d+) \| 0 \|", TABLE.read_text(), re.M)
    good, bad = (Counter(answer.question for answer in kind()) for kind in (right, wrong))
    counted = [(question, str(good[question]), str(bad[question])) for question in good]
    assert sorted(rows) == sorted(counted)
