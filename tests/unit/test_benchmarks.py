"""The benchmarks measure what they say, and what they stored can be read."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import cases, timing

RESULTS = sorted((Path(__file__).parents[2] / "benchmarks" / "results").glob("*.json"))


def test_contenders_take_turns_in_both_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(timing, "LEAST", 0.0)
    calls = {name: partial(order.append, name) for name in "ab"}
    timing.interleaved(calls, 3)
    measured = [name for name in order if name][-6:]
    assert measured == ["a", "b", "b", "a", "a", "b"]


def test_one_after_the_other_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(timing, "LEAST", 0.0)
    timing.one_after_the_other({name: partial(order.append, name) for name in "ab"}, 2)
    assert order == sorted(order)


def test_contenders_that_differ_are_not_timed() -> None:
    command.require_agreement("fine", {"coursepkg": lambda: 1.0, "torch": lambda: 1.0 + 1e-6})
    with pytest.raises(ValueError, match="torch differs from coursepkg"):
        command.require_agreement("bad", {"coursepkg": lambda: 1.0, "torch": lambda: 1.1})


def test_the_tape_takes_the_same_steps() -> None:
    case = cases.mlp_case(8, "float64")
    calls = cases.contenders(case)
    for _ in range(3):
        assert calls["tape"]() == pytest.approx(calls["coursepkg"](), rel=1e-12)


def test_operations_and_bytes_are_counted_as_a_person_would() -> None:
    mlp = cases.mlp_case(1, "float32")
    assert mlp.flops == 2 * (2 * 784 * 512 + 3 * 512 * 10)
    conv = cases.conv_case("b", (64, 6, 14, 14), (16, 6, 5, 5), 0)
    assert conv.flops == 6 * 64 * 16 * 100 * 150
    assert cases.relu_case(2, 3).bytes == 4 * 5 * 6


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
            assert case["ratio"]["median"] == pytest.approx(np.median(pairs), rel=2e-3)


def test_results_are_written_with_a_line_for_each_list() -> None:
    text = command.as_text({"a": [1.0, 2.0], "b": {"c": [3.0]}})
    assert json.loads(text) == {"a": [1.0, 2.0], "b": {"c": [3.0]}}
    assert "[1.0, 2.0]" in text
