"""Every number of the decks that could be checked is checked by a test that names its row."""

import re
from pathlib import Path

import pytest

CHECKED = [5, 10, 12, 19, 24, 44, 46, 47, 54, 58, 61, 65, 69, 74, 76, 77, 79, 82, 87, 88, 89, 93]
CHECKED += [100, 101, 103, 106, 107, 108, 109, 112, 114, 117]


@pytest.fixture(scope="module")
def named() -> set[int]:
    """The rows that tests of the library name."""
    texts = (path.read_text() for path in Path(__file__).parents[1].rglob("test_*.py"))
    return {int(row) for text in texts for row in re.findall(r"# deck row (\d+)", text)}


@pytest.mark.parametrize("row", CHECKED)
def test_row_is_named_by_a_test(row, named):
    assert row in named
