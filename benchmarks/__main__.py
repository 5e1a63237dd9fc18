"""Time coursepkg, beside PyTorch in eager mode where it is installed, and keep every number.

    python -m benchmarks --machine laptop --note "on mains, nothing else running"

writes ``benchmarks/results/laptop.json``: machine, threads, versions, date, and for every case the
seconds of every round. Contenders take turns in one process (`timing`); before they do, each case
is checked to give the same numbers with all of them. Compare ratios, not times: these belong to the
machine and to the day.
"""

import argparse
import datetime
import importlib.util
import json
import os
import re
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
OURS, THEIRS = "coursepkg", "torch"


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("--machine", default="here", help="name of the file of results")
    parser.add_argument("--note", default="", help="what a reader of the numbers should know")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--cases", nargs="+", help="only these")
    options = parser.parse_args()
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = str(options.threads)  # read once, when NumPy is imported
    results = measure(options)
    path = RESULTS / f"{options.machine}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(as_text(results), encoding="utf-8")
    print(f"written to {path}")


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Everything that goes into the file."""
    from benchmarks import machine
    from benchmarks.cases import CASES

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
    }


def run(case: Any, rounds: int) -> dict[str, Any]:
    """Time one case; print its line."""
    from benchmarks import timing
    from benchmarks.cases import contenders

    calls = contenders(case)
    if has_torch():
        from benchmarks import torch_cases

        calls[THEIRS] = torch_cases.MAKERS[case.kind](case)
    require_agreement(case.name, calls)
    seconds = timing.interleaved(calls, rounds)
    about = ("name", "title", "dtype", "flops", "bytes")
    found = {name: getattr(case, name) for name in about}
    found["summary"] = {name: spread(times) for name, times in seconds.items()}
    if THEIRS in seconds:
        found["ratio"] = spread(timing.ratios(seconds, OURS, THEIRS))
    found["seconds"] = {name: list(map(rounded, times)) for name, times in seconds.items()}
    print(in_words(found), flush=True)
    return found


def in_words(found: dict[str, Any]) -> str:
    """One line for a case."""
    times = [f"{name} {1e3 * s['median']:.3f} ms" for name, s in found["summary"].items()]
    line = f"{found['name']:12} {', '.join(times)}"
    if "ratio" in found:
        line += ", ratio {median:.2f} ({min:.2f} to {max:.2f})".format(**found["ratio"])
    return line


def spread(values: list[float]) -> dict[str, float]:
    """Least, middle and largest, rounded."""
    from benchmarks import timing

    return {name: rounded(value) for name, value in timing.spread(values).items()}


def same_twice(rounds: int) -> dict[str, Any]:
    """A function timed against itself, in turns and one after the other; the truth is 1."""
    from benchmarks import timing
    from benchmarks.cases import CASES, contenders

    case = next(case for case in CASES if case.name == "mlp-256-f32")
    calls = {name: contenders(case)[OURS] for name in ("first", "second")}
    ways = {"in_turns": timing.interleaved, "one_after_the_other": timing.one_after_the_other}
    return {
        way: {name: list(map(rounded, times)) for name, times in take(calls, rounds).items()}
        for way, take in ways.items()
    }


def require_agreement(name: str, calls: dict[str, Any]) -> None:
    """Raise ValueError unless all contenders give the same numbers: speed is no use otherwise."""
    import numpy as np

    given = {who: np.asarray(call(), dtype=float) for who, call in calls.items()}
    for who, value in given.items():
        error = np.linalg.norm(value - given[OURS]) / np.linalg.norm(given[OURS])
        if not error < 1e-4:
            raise ValueError(f"{name}: {who} differs from {OURS} by {error:.1e}")


def has_torch() -> bool:
    return importlib.util.find_spec("torch") is not None


def rounded(value: float) -> float:
    """Four digits: more would be noise."""
    return float(f"{value:.4g}")


def as_text(results: dict[str, Any]) -> str:
    """JSON with a line for each list of rounds."""
    text = json.dumps(results, indent=1, ensure_ascii=False)
    return re.sub(r"\[([^\[\]{}]*)\]", lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"


if __name__ == "__main__":
    main()
