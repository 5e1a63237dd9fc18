"""`coursepkg milestone`: unlocked by right functions, replayed by them and nothing else."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from typer.testing import CliRunner, Result

from coursepkg import functional as F
from coursepkg.layers import Conv2d, Flatten, Linear, MaxPool2d
from coursepkg.network import Sequential
from coursepkg.student.cli import app
from coursepkg.student.errors import CannotTryError
from coursepkg.student.milestones import page, playing, showing, side_by_side
from coursepkg.student.milestones.replays import replay
from coursepkg.student.milestones.standing_in import Functions, reference, stand_in
from coursepkg.student.milestones.unlocking import LAYERS, MILESTONES, Progress
from tests.unit.assignments import solutions
from tests.unit.student.class_of_one import NOT_SUMMED, NOT_WRITTEN, cell, write


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def coursepkg(*words: str) -> Result:
    return CliRunner().invoke(app, words, env={"COLUMNS": "100"})


def finished(folder: Path, assignment: str, more: str = "", **instead: str) -> None:
    """A notebook with the instructor's solutions, or others; `more` stands at the end."""
    kept = []
    for each in solutions.cells(assignment):
        marks = solutions.marks(each)
        name = str(marks.get("grade_id", ""))
        if each.cell_type == "code" and name and not marks.get("grade"):
            kept.append(cell(name, instead.get(name.removesuffix("_solution"), each.source)))
    write(folder / f"{assignment}.ipynb", [*kept, cell("", more)])


def on_large_batches(name: str, does: str) -> str:
    """The solution of a function, which does something else with more samples than checks have."""
    source = solution(name)
    signature = source.split("\n")[0]
    first = signature.split("(")[1].split(",")[0]
    return source.replace(signature, f"{signature}\n    if len({first}) > 25:\n        {does}", 1)


def solution(name: str) -> str:
    every = [each for known in ("A1", "A5") for each in solutions.cells(known)]
    return next(e.source for e in every if solutions.marks(e).get("grade_id") == f"{name}_solution")


def end_of(told: Iterator[dict[str, Any]]) -> dict[str, Any]:
    *_, last = told
    return dict(last["end"])


def shown(
    capsys: pytest.CaptureFixture[str], year: int, told: Iterator[dict[str, Any]]
) -> tuple[bool, str]:
    progress = Progress(frozenset(MILESTONES[year].questions), {})
    ended = showing.replayed(MILESTONES[year], progress, told)
    return ended, capsys.readouterr().out


def test_nothing_is_unlocked_in_an_empty_folder() -> None:
    result = coursepkg("milestone")
    assert result.exit_code == 0, result.output
    assert result.output.count("locked   coursepkg start A") == 4
    assert "1958 is locked: a perceptron tells a 3 from an 8\n  needs predict, fit, mis" in (
        result.output
    )
    alone = coursepkg("milestone", "1986")
    assert alone.exit_code == 1
    assert "next: coursepkg start A5" in alone.output


def test_another_year_is_told_which_there_are() -> None:
    result = coursepkg("milestone", "1970")
    assert result.exit_code == 2
    assert result.output == (
        "coursepkg: no milestone is of 1970; there are: 1958, 1969, 1986, 1998\n"
    )


def test_the_perceptron_of_1958_from_a_notebook(here: Path) -> None:
    finished(here / "A1", "A1")
    result = coursepkg("milestone", "1958")
    assert result.exit_code == 0, result.output
    assert "They are the same in all 9 epochs." in result.output
    assert "It made 89 mistakes with 282 digits in 9 epochs, and none in the last." in result.output
    assert "It reads 75 of 75 digits that it has never seen." in result.output
    assert "Calls of your functions: predict 1, fit 1, mistake_bound 1." in result.output
    assert result.output.count("reads 3") + result.output.count("reads 8") == 4


def test_what_is_wrong_or_missing_keeps_it_locked_and_is_named(here: Path) -> None:
    finished(here, "A5", linear_backward=NOT_SUMMED, relu=NOT_WRITTEN)
    result = coursepkg("milestone", "1986")
    assert result.exit_code == 1
    assert "1986 is locked: a hidden layer reads digits" in result.output
    assert "  needs linear_backward, relu of A5 (4 of 6 are right)\n" in result.output
    assert "  next: coursepkg check A5.linear_backward\n" in result.output
    assert "epoch" not in result.output


def test_two_notebooks_do_not_get_into_each_others_way(here: Path) -> None:
    finished(here / "A5", "A5", more="def momentum(*args): raise RuntimeError")
    finished(here / "A7", "A7", more="linear = relu = np_of_mine = None")
    result = coursepkg("milestone", "1986")
    assert result.exit_code == 0, result.output
    assert "The steps are yours too: momentum, from A7." in result.output
    assert "They are the same in all 450 steps." in result.output
    assert "momentum 1,800." in result.output
    assert "\nIt reads 350 of 360 digits" in result.output


@pytest.mark.parametrize(
    ("does", "words"),
    [
        (
            "raise ValueError('too many')",
            "1958 stopped: fit raised ValueError: too many (line 3 of your cell)",
        ),
        ("while True: pass", "1958 stopped: stopped after 3 s: is there a loop that does not end?"),
        ("import os; os._exit(3)", "1958 stopped: it ended the whole process (exit code 3)"),
    ],
)
def test_what_stops_a_replay_is_told(
    here: Path, monkeypatch: pytest.MonkeyPatch, does: str, words: str
) -> None:
    monkeypatch.setattr(playing, "SECONDS", 3.0)
    finished(here, "A1", fit=on_large_batches("fit", does))
    result = coursepkg("milestone", "1958")
    assert result.exit_code == 1
    assert words in result.output


def test_a_loss_that_is_no_number_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    def nowhere(x: Any) -> Any:
        return np.full_like(x, np.nan), x

    functions = {**reference(LAYERS), "relu": nowhere}
    ended, text = shown(capsys, 1986, replay(1986, functions))
    assert not ended
    assert text.endswith("1986 stopped: the loss is no finite number any more\n")


@pytest.mark.parametrize("year", MILESTONES)
def test_equal_functions_give_equal_curves_that_end_well(year: int) -> None:
    functions = reference(MILESTONES[year].questions)
    end = end_of(replay(year, functions))
    assert end["yours"] == end["reference"]
    assert np.mean(end["yours"][-20:]) < 0.1 or end["yours"][-1] == 0
    assert all(count > 0 for count in end["calls"].values())
    assert end["calls"].keys() == functions.keys()


def test_where_curves_part_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    functions = reference(LAYERS)
    right: Callable[..., Any] = functions["linear_backward"]

    def nearly(dout: Any, cache: Any) -> Any:
        dx, dw, db = right(dout, cache)
        return dx, 1.01 * dw, db

    lines = list(replay(1986, {**functions, "linear_backward": nearly}))
    ended, text = shown(capsys, 1986, iter(lines))
    assert ended
    first, second = lines[-1]["end"]["yours"][:2]
    assert lines[-1]["end"]["reference"][0] == first
    assert f"They differ first in step 2: yours {second:.7g}, the reference's " in text
    assert "momentum" not in lines[-1]["end"]["calls"]  # it was lent


def halved(backward: Callable[..., Any]) -> Callable[..., Any]:
    """A linear_backward whose dw is half of what it should be."""

    def half(dout: Any, cache: Any) -> Any:
        dx, dw, db = backward(dout, cache)
        return dx, dw / 2, db

    return half


def drawn(page: str) -> list[str]:
    """The two curves of a page, as SVG has them."""
    return re.findall(r'<g class="\w+"><path d="([^"]+)"/>', page)


def test_a_page_shows_both_curves_and_says_how_they_compare(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    functions = reference(LAYERS)
    _, text = shown(capsys, 1986, replay(1986, functions))
    assert "as a page: milestone-1986.html\n" in text
    same = (here / "milestone-1986.html").read_text(encoding="utf-8")
    reference_curve, own = drawn(same)
    assert own == reference_curve
    assert own.count("L") == page.POINTS - 1
    assert "Your loss and the reference&#x27;s: they are the same in all 450 steps." in same
    assert same.count("<figure>") == 4
    functions["linear_backward"] = halved(functions["linear_backward"])
    shown(capsys, 1986, replay(1986, functions))
    reference_curve, own = drawn((here / "milestone-1986.html").read_text(encoding="utf-8"))
    assert own != reference_curve


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_can_be_read_everywhere(
    here: Path, capsys: pytest.CaptureFixture[str], open_file: Callable[..., Page], scheme: str
) -> None:
    shown(capsys, 1969, replay(1969, reference(MILESTONES[1969].questions)))
    opened = open_file(here / "milestone-1969.html", width=360, scheme=scheme)
    assert Axe().run(opened).response["violations"] == []
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360
    assert opened.get_by_role("img").count() == 3
    assert opened.get_by_role("img", name="Your loss: from ").count() == 1


def test_a_folder_that_cannot_be_written_is_named(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "milestone-1958.html").mkdir()
    with pytest.raises(CannotTryError, match=r"cannot write milestone-1958\.html \(Is a directory"):
        shown(capsys, 1958, replay(1958, reference(MILESTONES[1958].questions)))


def test_only_the_network_that_is_meant_gets_other_functions() -> None:
    seen = []

    def conv2d(x: Any, w: Any, b: Any, stride: int, padding: int, /) -> Any:
        seen.append((stride, padding))
        return F.conv2d(x, w, b, stride, padding)

    functions = Functions({**reference([*LAYERS, "A8.conv2d", "A8.max_pool"]), "conv2d": conv2d})
    layers = [Conv2d(1, 2, 3, 2, 1, rng=0), MaxPool2d(2, stride=2), Flatten(), Linear(8, 3, rng=0)]
    x = np.random.default_rng(0).standard_normal((5, 1, 8, 8))
    expected = Sequential(*layers).forward(x)
    network = stand_in(Sequential(*layers), functions)
    np.testing.assert_array_equal(network.forward(x), expected)
    network.backward(np.ones((5, 3)))
    assert seen == [(2, 1)]
    assert dict(functions.calls) == dict.fromkeys(
        ("conv2d", "max_pool", "linear", "linear_backward", "max_pool_backward", "conv2d_backward"),
        1,
    )
    assert Conv2d.pair[0] is F.conv2d
    assert Linear(2, 2).pair[0] is F.linear


def test_slow_functions_get_fewer_samples_and_say_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side, "_rehearsed", lambda plan, functions: 300.0)
    ended, text = shown(capsys, 1986, replay(1986, reference(LAYERS)))
    assert ended
    assert "Your functions take their time: this will be some 30 s." in text
    assert "both learn from 143 of 1,437 samples" in text
