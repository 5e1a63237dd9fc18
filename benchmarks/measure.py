"""Everything that goes into a file of results: the cases, gradient checks, peaks, error bars."""

import argparse
import datetime
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import checking, machine, ours, peers, timing
from benchmarks.cases import CASES, Case
from benchmarks.machine import has_torch

RESULTS = Path(__file__).with_name("results")
OURS, TAPE, FLOOR, THEIRS = "coursepkg", "tape", "floor", "torch"


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Time all cases, or those that are asked for; print a line for each."""
    about = machine.describe(options.threads)
    if has_torch():
        import torch

        torch.set_num_threads(options.threads)
        about["versions"]["torch"] = torch.__version__
    chosen = [case for case in CASES if not options.cases or case.name in options.cases]
    return {
        "machine": {"name": options.machine} | about,
        "date": datetime.date.today().isoformat(),
        "note": options.note,
        "peaks": {name: rounded(value) for name, value in machine.peaks().items()},
        "same_twice": same_twice(options.rounds),
        "cases": [run(case, options.rounds) for case in chosen],
        "checks": run_checks(options.rounds),
    }


def run(case: Case, rounds: int) -> dict[str, Any]:
    """Time one case; print its line."""
    calls = contenders(case)
    require_agreement(case.name, calls)
    if case.kind in ours.FLOOR:
        calls[FLOOR] = ours.FLOOR[case.kind](case)
    about = ("name", "title", "dtype", "flops", "bytes")
    return {name: getattr(case, name) for name in about} | timed(case.name, calls, rounds)


def run_checks(rounds: int) -> dict[str, Any]:
    """The same for gradient checks of a network."""
    return {"title": checking.TITLE} | timed("checks", checking.contenders(), min(rounds, 7))


def timed(
    name: str, calls: dict[str, Callable[[], Any]], rounds: int, steps: int = 1
) -> dict[str, Any]:
    """Seconds of every round, their spread, and ratios to PyTorch round by round.

    A call that makes several steps is divided by their number.
    """
    taken = timing.interleaved(calls, rounds)
    seconds = {who: [each / steps for each in times] for who, times in taken.items()}
    found: dict[str, Any] = {"summary": {who: _spread(times) for who, times in seconds.items()}}
    if THEIRS in seconds:
        found["ratios"] = {
            who: _spread(timing.ratios(seconds, who, THEIRS)) for who in seconds if who != THEIRS
        }
    found["seconds"] = {who: list(map(rounded, times)) for who, times in seconds.items()}
    print(in_words(name, found), flush=True)
    return found


def contenders(case: Case) -> dict[str, Callable[[], Any]]:
    """All ways to do the work of a case, by name, ours first."""
    calls = {OURS: ours.MAKERS[case.kind](case)}
    if case.kind in ours.TAPE:
        calls[TAPE] = ours.TAPE[case.kind](case)
    if has_torch():
        from benchmarks import torch_eager

        calls[THEIRS] = torch_eager.MAKERS[case.kind](case)
    return calls | peers.contenders(case)


def in_words(name: str, found: dict[str, Any]) -> str:
    """One line for a case: milliseconds, and ratios to PyTorch."""
    words = []
    for who, spread in found["summary"].items():
        ratio = found.get("ratios", {}).get(who)
        more = " ({median:.2f}, {min:.2f} to {max:.2f})".format(**ratio) if ratio else ""
        words.append(f"{who} {1e3 * spread['median']:.3f} ms{more}")
    return f"{name:14} {', '.join(words)}"


def same_twice(rounds: int) -> dict[str, Any]:
    """A function timed against itself, in turns and one after the other; the truth is 1."""
    case = next(case for case in CASES if case.name == "mlp-256-f32")
    calls = {name: ours.MAKERS[case.kind](case) for name in ("first", "second")}
    ways = {"in_turns": timing.interleaved, "one_after_the_other": timing.one_after_the_other}
    return {
        way: {name: list(map(rounded, times)) for name, times in take(calls, rounds).items()}
        for way, take in ways.items()
    }


def require_agreement(name: str, calls: dict[str, Callable[[], Any]]) -> None:
    """Raise ValueError unless all contenders give the same numbers: speed is no use otherwise.

    Each is called twice: the loss of a second step tells whether the first one was right.
    """
    given = {
        who: [np.asarray(call(), dtype=float) for _ in range(2)][1] for who, call in calls.items()
    }
    for who, value in given.items():
        error = np.linalg.norm(value - given[OURS]) / np.linalg.norm(given[OURS])
        if not error < 1e-4:
            raise ValueError(f"{name}: {who} differs from {OURS} by {error:.1e}")


def rounded(value: float) -> float:
    """Four digits: more would be noise."""
    return float(f"{value:.4g}")


def _spread(values: list[float]) -> dict[str, float]:
    return {name: rounded(value) for name, value in timing.spread(values).items()}


def write(name: str, results: dict[str, Any]) -> None:
    """Write results as JSON with a line for each list of rounds."""
    path = RESULTS / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(as_text(results), encoding="utf-8")
    print(f"written to {path}")


def as_text(results: dict[str, Any]) -> str:
    """What `write` writes."""
    text = json.dumps(results, indent=1, ensure_ascii=False)
    return re.sub(r"\[([^\[\]{}]*)\]", lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"
