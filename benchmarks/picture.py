"""The ratios of every case in every run, on one logarithmic axis."""

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot as plt

MARKS = "o^sD"
COLORS = {"free": "#1f6fb2", "pinned": "#c05a00"}


def draw(runs: dict[str, list[dict[str, Any]]], labels: dict[str, str], path: Path) -> None:
    """Draw the cases of runs such as "free-1"; the same bytes for the same numbers."""
    names = [case["name"] for case in next(iter(runs.values()))]
    matplotlib.rcParams["svg.hashsalt"] = "coursepkg"
    fig, ax = plt.subplots(figsize=(8, 0.32 * len(names) + 1))
    for k, (run, cases) in enumerate(runs.items()):
        places = [i + 0.18 * (k - 1.5) for i in range(len(cases))]
        ratios = [case["ratios"]["coursepkg"] for case in cases]
        mode, threads = run.split("-")
        color = COLORS[mode]
        style = {"color": color, "mfc": color if threads == "1" else "white", "label": labels[run]}
        lows, highs = ([each[end] for each in ratios] for end in ("min", "max"))
        ax.hlines(places, lows, highs, color, lw=1)
        ax.plot([each["median"] for each in ratios], places, MARKS[k], ms=4, **style)
    ax.axvline(1, color="gray", lw=1, dashes=(3, 3))
    ax.set(xscale="log", yticks=range(len(names)), yticklabels=names)
    ax.set_xticks([0.25, 0.5, 1, 2, 4], ["1/4", "1/2", "1", "2", "4"])
    ax.set_xticks([], minor=True)
    ax.set(xlabel="time of coursepkg over time of PyTorch", ylim=(len(names) - 0.4, -0.6))
    ax.legend(loc="upper right", fontsize=8)
    fig.savefig(path, bbox_inches="tight", metadata={"Date": None})
