"""No line of a solution and no hidden test gets out of the house, in the wheel least of all."""

import re
import zipfile
from pathlib import Path

import pytest

from coursepkg.student.release import SOURCES, starters, without_answers, write_starters

HOUSE = Path(__file__).parents[3]
ASSIGNMENTS = sorted(path.stem for path in SOURCES.glob("A*/A*.py"))
ANSWER = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)### END \1", re.DOTALL)


def own_lines(assignment: str) -> set[str]:
    """The lines that stand in solutions and hidden tests, and nowhere else in the source."""
    text = (SOURCES / assignment / f"{assignment}.py").read_text()
    secret = "\n".join(block for _, block in ANSWER.findall(text))
    return lines(secret) - lines(ANSWER.sub("", text))


def lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n")} - {"", "#"}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_line_of_an_answer_is_left(assignment: str) -> None:
    secret, given = own_lines(assignment), starters()[assignment]
    assert len(secret) >= 3
    assert not secret & lines(given)
    assert "grade(" not in given
    assert not re.search("BEGIN|END (SOLUTION|HIDDEN)", given)


def test_the_wheel_holds_the_starters_and_no_answer(tmp_path: Path) -> None:
    wheel = pytest.importorskip("hatchling.builders.wheel")
    (made,) = wheel.WheelBuilder(str(HOUSE)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(made) as archive:
        texts = {name: archive.read(name) for name in archive.namelist()}
    shipped = {name: text.decode() for name, text in texts.items() if "/starters/" in name}
    assert shipped == {f"coursepkg/student/starters/{k}.py": v for k, v in starters().items()}
    assert not [name for name in texts if name.startswith("assignments")]
    for name, text in texts.items():
        if name != "autograder/templates/assignment.py.jinja":  # the draft of a new assignment
            assert b"### BEGIN SOLUTION\n" not in text, name
        assert not re.search(rb'^grade\("A', text, re.MULTILINE), name


def test_stubs_stand_where_answers_stood() -> None:
    source = """\
def f(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% [markdown]
# ### BEGIN SOLUTION
# Because.
# ### END SOLUTION

# %%
check("A5.f")
### BEGIN HIDDEN TESTS
grade("A5.f", points=1)
### END HIDDEN TESTS
"""
    assert (
        without_answers(source)
        == """\
def f(x):
    raise NotImplementedError("write your solution here")

# %% [markdown]
# *Write your answer here.*

# %%
check("A5.f")
"""
    )


@pytest.mark.parametrize(
    "source",
    [
        "### BEGIN SOLUTION\nx = 1",
        "### END SOLUTION\nx = 1",
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
        "### BEGIN SOLUTION\n### END HIDDEN TESTS",
        "# BEGIN SOLUTION\nx = 1\n# END SOLUTION",
        "### BEGIN HIDDEN TEST\nx = 1\n### END HIDDEN TEST",
    ],
)
def test_markers_that_do_not_pair_up_release_nothing(source: str, tmp_path: Path) -> None:
    (tmp_path / "A5").mkdir()
    (tmp_path / "A5" / "A5.py").write_text(source)
    with pytest.raises(ValueError, match=r"A5\.py: .*pair up"):
        write_starters(tmp_path, tmp_path)


def test_a_wheel_without_assignments_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no assignments in"):
        write_starters(tmp_path, tmp_path)
