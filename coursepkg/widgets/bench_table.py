"""W12.2: stored measurements, from which a reader may pick the verdict he likes (deck row 124)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from coursepkg.widgets.base import BookWidget

SHOWN = "xeon-free-1"  # the file of benchmarks/results that the book shows
STEPS = ["mlp-64-f32", "mlp-256-f32", "mlp-256-f64", "lenet-64"]
CASES = ["relu", *STEPS, "conv-a", "conv-b", "conv-c"]  # of its cases the book shows these
MOST = 21
STATISTICS: dict[str, Any] = {"median": np.median, "min": np.min, "mean": np.mean, "max": np.max}
TWICE = {"in_turns": "same-in-turns", "one_after_the_other": "same-apart"}


def measurements(name: str = SHOWN) -> dict[str, Any]:
    """What ``python -m benchmarks`` wrote about a machine: in a checkout, or in the package.

    >>> sorted(measurements()["peaks"])
    ['copy', 'float32', 'float64']
    """
    here = Path(__file__)
    folders = here.parents[2] / "benchmarks" / "results", here.parents[1] / "measurements"
    path = next(folder for folder in folders if folder.is_dir()) / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def rows(results: dict[str, Any]) -> list[dict[str, Any]]:
    """The cases of `CASES`, and a function timed against itself, twice."""
    found = [_row(case, *_both(case)) for case in results["cases"] if case["name"] in CASES]
    template = next(case for case in results["cases"] if case["name"] == "mlp-256-f32")
    for way, name in TWICE.items():
        one, other = results["same_twice"][way].values()
        words = way.replace("_", " ")
        case = template | {"name": name, "title": f"The same step twice, {words}"}
        found.append(_row(case, one, other))
    return found


def _both(case: dict[str, Any]) -> tuple[list[float], list[float]]:
    return case["seconds"]["coursepkg"], case["seconds"]["torch"]


def _row(case: dict[str, Any], ours: list[float], theirs: list[float]) -> dict[str, Any]:
    kept = {name: case[name] for name in ("name", "title", "dtype", "flops", "bytes")}
    return kept | {"ours": ours, "theirs": theirs}


RESULTS = measurements()
ROWS = rows(RESULTS)
NAMES = [row["name"] for row in ROWS]


class BenchTable(BookWidget):
    """Measurements of coursepkg beside PyTorch, as ratios or under the roof of the machine.

    Parameters
    ----------
    view : "ratios" or "roofline"
    case : which row is looked at, one of `NAMES`
    statistic : what is made of the rounds: "median", "min", "mean" or "max"
    rounds : how many of the rounds count, 1 to 21

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these.

    Examples
    --------
    >>> BenchTable(statistic="min").state()["rounds"]
    21
    """

    script = "bench_table.js"
    number = "W12.2"
    title = "Who is faster? Pick your rounds"

    view = traitlets.Enum(("ratios", "roofline"), "ratios").tag(sync=True)
    case = traitlets.Enum(NAMES, NAMES[0]).tag(sync=True)
    statistic = traitlets.Enum(tuple(STATISTICS), "median").tag(sync=True)
    rounds = traitlets.Int(MOST, min=1, max=MOST).tag(sync=True)

    @traitlets.default("_data")
    def _ship_results(self) -> dict[str, Any]:
        about = {name: RESULTS[name] for name in ("machine", "date", "note", "peaks")}
        return about | {"rows": ROWS}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every statistic of one round, of few, and of all."""
        states: list[dict[str, Any]] = [
            {"view": view, "statistic": statistic, "rounds": rounds, "case": NAMES[-1]}
            for statistic in STATISTICS
            for rounds in (1, 2, 5, 8, MOST)
            for view in ("ratios", "roofline")
        ]
        return [(state, numbers(state["statistic"], state["rounds"])) for state in states]


def numbers(statistic: str, rounds: int) -> dict[str, Any]:
    """Seconds, ratios and speeds of every row, from its first rounds."""
    of = STATISTICS[statistic]
    ours = np.array([of(row["ours"][:rounds]) for row in ROWS])
    theirs = np.array([of(row["theirs"][:rounds]) for row in ROWS])
    pairs = [np.divide(row["ours"][:rounds], row["theirs"][:rounds]) for row in ROWS]
    flops = np.array([row["flops"] for row in ROWS])
    return {
        "ours": ours.tolist(),
        "theirs": theirs.tolist(),
        "ratio": (ours / theirs).tolist(),
        "paired": [float(np.median(pair)) for pair in pairs],
        "least": [float(np.min(pair)) for pair in pairs],
        "largest": [float(np.max(pair)) for pair in pairs],
        "speed_ours": (flops / ours).tolist(),
        "speed_theirs": (flops / theirs).tolist(),
        "intensity": [row["flops"] / row["bytes"] for row in ROWS],
        "roof": [_roof(row) for row in ROWS],
    }


def _roof(row: dict[str, Any]) -> float:
    """Operations a second that the machine allows: its arithmetic, or its memory."""
    peaks = RESULTS["peaks"]
    return min(peaks[row["dtype"]], peaks["copy"] * row["flops"] / row["bytes"])


def _alt() -> str:
    found = numbers("median", MOST)
    parts = [
        f"{row['title']}: median ratio {found['paired'][i]:.2f}, single rounds from "
        f"{found['least'][i]:.2f} to {found['largest'][i]:.2f}"
        for i, row in enumerate(ROWS)
    ]
    return f"Our time over PyTorch's, {RESULTS['machine']['processor']}. {'; '.join(parts)}."


BenchTable.alt = _alt()
