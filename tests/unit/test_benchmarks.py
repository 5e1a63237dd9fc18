"""The benchmarks measure what they say, and what they stored can be read."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from benchmarks import cases, measure, ours, table, timing
from benchmarks.__main__ import set_environment

HOUSE = Path(__file__).parents[2]
RESULTS = sorted((HOUSE / "benchmarks" / "results").glob("*-[12].json"))
SHOWN = "xeon"


def test_contenders_take_turns_in_both_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(timing, "LEAST", 0.0)
    monkeypatch.setattr(timing, "PAUSE", 0.0)
    calls = {name: partial(order.append, name) for name in "ab"}
    timing.interleaved(calls, 3)
    turns = order[-12::2]  # each begins with a call that is not counted
    assert turns == order[-11::2] == ["a", "b", "b", "a", "a", "b"]


def test_one_after_the_other_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(timing, "LEAST", 0.0)
    monkeypatch.setattr(timing, "PAUSE", 0.0)
    timing.one_after_the_other({name: partial(order.append, name) for name in "ab"}, 2)
    assert order == sorted(order)


def test_contenders_that_differ_are_not_timed() -> None:
    measure.require_agreement("fine", {"coursepkg": lambda: 1.0, "torch": lambda: 1.0 + 1e-6})
    with pytest.raises(ValueError, match="torch differs from coursepkg"):
        measure.require_agreement("bad", {"coursepkg": lambda: 1.0, "torch": lambda: 1.1})


def test_the_tape_takes_the_same_steps() -> None:
    case = cases.mlp_case(8, "float64")
    calls = {
        name: maker["mlp"](case)
        for name, maker in (("coursepkg", ours.MAKERS), ("tape", ours.TAPE))
    }
    for _ in range(3):
        assert calls["tape"]() == pytest.approx(calls["coursepkg"](), rel=1e-12)


def test_operations_and_bytes_are_counted_as_a_person_would() -> None:
    mlp = cases.mlp_case(1, "float32")
    assert mlp.flops == 2 * (2 * 784 * 512 + 3 * 512 * 10)
    conv = cases.conv_case("b", (64, 6, 14, 14), (16, 6, 5, 5), 0)
    assert conv.flops == 6 * 64 * 16 * 100 * 150
    assert cases.whole_case("relu", "ReLU", (2, 3), 2, 5).bytes == 4 * 5 * 6


@pytest.mark.parametrize("path", RESULTS, ids=lambda path: path.stem)
def test_stored_results_are_complete_and_consistent(path: Path) -> None:
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert stored["machine"]["processor"]
    assert stored["machine"]["versions"]["numpy"]
    assert len(stored["date"]) == 10
    for case in stored["cases"]:
        for name, seconds in case["seconds"].items():
            assert case["summary"][name]["median"] == pytest.approx(np.median(seconds), rel=1e-3)
        if "torch" in case["seconds"]:
            pairs = np.divide(case["seconds"]["coursepkg"], case["seconds"]["torch"])
            assert case["ratios"]["coursepkg"]["median"] == pytest.approx(
                np.median(pairs), rel=2e-3
            )


def test_results_are_written_with_a_line_for_each_list() -> None:
    text = measure.as_text({"a": [1.0, 2.0], "b": {"c": [3.0]}})
    assert json.loads(text) == {"a": [1.0, 2.0], "b": {"c": [3.0]}}
    assert "[1.0, 2.0]" in text


def test_every_case_has_its_makers() -> None:
    names = [case.name for case in cases.CASES]
    assert len(set(names)) == len(names)
    assert {case.kind for case in cases.CASES} <= ours.MAKERS.keys()


@pytest.mark.parametrize("kind", sorted(ours.MAKERS))
def test_ours_gives_the_same_answer_twice_or_a_smaller_loss(kind: str) -> None:
    case = cases.wide_case(4) if kind == "wide" else _first(kind)
    call = ours.MAKERS[kind](case)
    first, second = (np.asarray(call(), dtype=float) for _ in range(2))
    if first.ndim:
        np.testing.assert_array_equal(first, second)
    else:
        assert second < first


def _first(kind: str) -> cases.Case:
    return next(case for case in cases.CASES if case.kind == kind)


def test_the_floor_multiplies_what_the_work_multiplies() -> None:
    for case in (_first("mlp"), _first("conv")):
        ours.FLOOR[case.kind](case)()


def test_the_tables_in_the_readme_and_the_page_are_those_of_the_results() -> None:
    readme = (HOUSE / "README.md").read_text(encoding="utf-8")
    assert table.with_short_table(readme, SHOWN) == readme
    assert (table.RESULTS / "README.md").read_text(encoding="utf-8") == table.page(SHOWN)


def test_threads_are_not_set_too_late() -> None:
    with pytest.raises(RuntimeError, match="before its threads"):
        set_environment("free", 1)
