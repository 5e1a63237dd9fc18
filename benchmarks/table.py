"""What was measured, as a page of tables and a picture, and the short table of the README.

    python -m benchmarks.table --machine laptop

reads the results of ``python -m benchmarks --machine laptop --all``; writes
``benchmarks/results/README.md`` and ``benchmarks/results/ratios.svg``, and puts the short table
between the two marks in README.md.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks import picture
from benchmarks.__main__ import arguments

HOUSE = Path(__file__).parents[1]
RESULTS = HOUSE / "benchmarks" / "results"
RUNS = {
    f"{mode}-{n}": f"{mode}, {n} thread{'s' * (n > 1)}"
    for mode in ("free", "pinned")
    for n in (1, 2)
}
BEGIN, END = "<!-- begin: python -m benchmarks.table -->\n", "<!-- end -->"
SHORT = [
    "mlp-64-f32",
    "mlp-256-f32",
    "adam-256-f32",
    "conv-a",
    "conv-b",
    "conv-d",
    "max-pool",
    "lenet-64",
]
NAMES = {"numpy_ml": "numpy-ml"}
EXPLAINED = """\
Written by `python -m benchmarks.table`; the seconds of every round are beside this file. A ratio is
a time over that of PyTorch in eager mode within a round, in one process: the median of the rounds,
and the least and largest. Below 1, PyTorch is slower. Free: OpenBLAS takes the instructions it
finds. Pinned: it is held to AVX2, and PyTorch's convolutions are not. *Products alone*: the matrix
products of the work, by NumPy, into memory that is there; no arrangement around them is quicker."""
Rows = Iterable[Iterable[str]]


def main() -> None:
    machine = arguments().machine
    (RESULTS / "README.md").write_text(page(machine), encoding="utf-8")
    readme = HOUSE / "README.md"
    readme.write_text(
        with_short_table(readme.read_text(encoding="utf-8"), machine), encoding="utf-8"
    )
    cases = {part: load(machine, part)["cases"] for part in RUNS}
    picture.draw(cases, RUNS, RESULTS / "ratios.svg")


def load(machine: str, part: str) -> dict[str, Any]:
    """Results of a machine, by the last part of their name."""
    return json.loads((RESULTS / f"{machine}-{part}.json").read_text(encoding="utf-8"))


def page(machine: str) -> str:
    """All tables."""
    runs = {part: load(machine, part) for part in RUNS}
    first = runs["free-1"]
    about, versions = first["machine"], first["machine"]["versions"]
    named = ", ".join(map(" ".join, versions.items()))
    parts = [
        "# Measurements",
        f"{about['processor']}, {about['cores']} cores; {named}; {first['date']}. {first['note']}",
        EXPLAINED,
        "![Ratios of every case, a mark for the median and a line for the spread](ratios.svg)",
        "## coursepkg over PyTorch",
        ratio_table(runs),
        "## Others over PyTorch, free, 1 thread",
        peer_table(first),
        "## Gradient checks",
        check_table(runs),
        "## Growth",
        growth_table(load(machine, "growth")),
        "## Import and memory",
        memory_table(load(machine, "memory")),
    ]
    return "\n\n".join(parts) + "\n"


def ratio_table(runs: dict[str, Any]) -> str:
    """Every case in every run, and its floor."""
    rows = [
        [*row, f"{case['ratios']['floor']['median']:.2f}" if "floor" in case["ratios"] else ""]
        for row, case in zip(ratio_rows(runs), runs["free-1"]["cases"], strict=True)
    ]
    return markdown(["", *RUNS.values(), "products alone, free, 1 thread"], rows)


def ratio_rows(runs: dict[str, Any]) -> list[list[str]]:
    """Title and ratios of every case."""
    found = zip(*(run["cases"] for run in runs.values()), strict=True)
    return [
        [same[0]["title"], *(in_words(case["ratios"]["coursepkg"]) for case in same)]
        for same in found
    ]


def peer_table(run: dict[str, Any]) -> str:
    """Whatever raced beside the two, and the tape; a line for each case."""
    found: dict[str, list[str]] = {}
    for case in run["cases"]:
        for who, ratio in case["ratios"].items():
            if who not in ("coursepkg", "floor"):
                found.setdefault(case["title"], []).append(
                    f"{NAMES.get(who, who)} {in_words(ratio)}"
                )
    return markdown(["", ""], [[title, ", ".join(words)] for title, words in found.items()])


def check_table(runs: dict[str, Any]) -> str:
    """Milliseconds of a check; PyTorch's thorough one is called `torch`."""
    found = {name: run["checks"]["summary"] for name, run in runs.items()}
    whom = {"coursepkg": "coursepkg", "torch fast": "PyTorch, fast mode", "torch": "PyTorch"}
    rows = [
        [words, *(f"{two_digits(1e3 * each[who]['median'])} ms" for each in found.values())]
        for who, words in whom.items()
    ]
    return runs["free-1"]["checks"]["title"] + ".\n\n" + markdown(["", *RUNS.values()], rows)


def growth_table(growth: dict[str, Any]) -> str:
    """Slopes on logarithmic axes."""
    rows = [
        [each["title"], str(each["expected"])]
        + [f"{each['slopes'][who]:.2f}" for who in ("coursepkg", "torch")]
        for each in growth.values()
    ]
    words = "Power by which seconds grow, over the right half of the sizes, free, 1 thread."
    return words + "\n\n" + markdown(["", "products", "coursepkg", "PyTorch"], rows)


def memory_table(memory: dict[str, Any]) -> str:
    """Imports, and the peaks of steps."""
    imports = [
        [
            f"`import {name}`" if name != "python" else "Python alone",
            f"{1e3 * found['seconds']:.0f} ms",
            f"{found['MB']:.0f} MB",
        ]
        for name, found in memory["import"].items()
    ]
    peaks = [
        [case, *(f"{found[who]['MB']:.1f} MB" for who in ("coursepkg", "torch"))]
        for case, found in memory["peak"].items()
    ]
    return (
        markdown(["", "time", "memory held"], imports)
        + "\n\nThe most that three steps take beyond data and network, 1 thread:\n\n"
        + markdown(["", "coursepkg", "PyTorch"], peaks)
    )


def with_short_table(readme: str, machine: str) -> str:
    """The README with the short table renewed."""
    before, rest = readme.split(BEGIN)
    after = rest.split(END, 1)[1]
    runs = {part: load(machine, part) for part in RUNS}
    names = [case["name"] for case in runs["free-1"]["cases"]]
    rows = [row for row, name in zip(ratio_rows(runs), names, strict=True) if name in SHORT]
    return before + BEGIN + markdown(["", *RUNS.values()], rows) + "\n" + END + after


def in_words(ratio: dict[str, float]) -> str:
    """Median and spread.

    >>> in_words({"min": 0.5, "median": 0.75, "max": 12.0})
    '**0.75** (0.50–12)'
    """
    middle, least, most = (two_digits(ratio[name]) for name in ("median", "min", "max"))
    return f"**{middle}** ({least}–{most})"


def two_digits(value: float) -> str:
    """Two digits at least, and no exponents.

    >>> [two_digits(value) for value in (0.0049, 0.751, 1.0, 12.3, 862.3)]
    ['0.0049', '0.75', '1.0', '12', '862']
    """
    return f"{value:,.0f}" if value >= 10 else f"{value:#.2g}"


def markdown(head: Iterable[str], rows: Rows) -> str:
    """A table whose first column is words and whose others are numbers.

    >>> print(markdown(["", "a"], [["x", "1"]]))
    |  | a |
    | --- | ---: |
    | x | 1 |
    """
    head = list(head)
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
