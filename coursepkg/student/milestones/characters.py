"""Curves, images and maps made of plain characters, which every terminal shows."""

import math
from collections.abc import Sequence

import numpy as np

WIDTH, HEIGHT = 60, 10
SHADES = " .:-=+*%#@"
YOURS, REFERENCE = "o", "."
SAME = 1e-6
"""Sums in another order differ by less, relative to the loss, until a ReLU tips over."""


def first_difference(yours: Sequence[float], reference: Sequence[float]) -> int | None:
    """Return the place from which two curves are not the same, or None.

    Examples
    --------
    >>> first_difference([3.0, 2.0, 1.0], [3.0, 2.0, 1.5])
    2
    """
    for place, (own, other) in enumerate(zip(yours, reference, strict=False)):
        if not math.isclose(own, other, rel_tol=SAME, abs_tol=SAME):
            return place
    return None if len(yours) == len(reference) else min(len(yours), len(reference))


def plot(yours: Sequence[float], reference: Sequence[float]) -> str:
    """Draw two curves over the same axes, from 0 to their largest value; yours is on top.

    Examples
    --------
    >>> print(plot([4.0, 2.0, 0.0], [4.0, 4.0, 4.0]).splitlines()[0])
        4 |o..
    """
    width = min(WIDTH, max(len(yours), len(reference)))
    top = max(*yours, *reference) or 1.0
    rows = [[" "] * width for _ in range(HEIGHT)]
    for curve, mark in ((reference, REFERENCE), (yours, YOURS)):
        for column, value in enumerate(binned(curve, width)):
            rows[round((HEIGHT - 1) * (1 - value / top))][column] = mark
    labels = {0: f"{top:.3g}", HEIGHT - 1: "0"}
    lines = [f"{labels.get(n, ''):>5} |{''.join(row)}".rstrip() for n, row in enumerate(rows)]
    return "\n".join([*lines, f"{'':>5} +{'-' * width}"])


def binned(curve: Sequence[float], width: int) -> list[float]:
    """Return the means of neighbours, so many as fit.

    Examples
    --------
    >>> binned([1.0, 3.0, 5.0, 7.0], 2)
    [2.0, 6.0]
    """
    return [float(np.mean(part)) for part in np.array_split(curve, min(width, len(curve)))]


def image(pixels: list[list[int]]) -> list[str]:
    """Draw an image of shades 0 .. 9, two characters a pixel.

    Examples
    --------
    >>> image([[0, 5, 9]])
    ['  ++@@']
    """
    return ["".join(SHADES[shade] * 2 for shade in row) for row in pixels]


def regions(labels: list[list[int]]) -> list[str]:
    """Draw a map of two classes.

    Examples
    --------
    >>> regions([[0, 1], [1, 0]])
    ['.#', '#.']
    """
    return ["".join(".#"[label] for label in row) for row in labels]


def beside(blocks: list[tuple[str, list[str]]]) -> str:
    """Put titled blocks of lines next to each other.

    Examples
    --------
    >>> print(beside([("a", ["xx", "xx"]), ("b", ["y", "y"])]))
    xx   y
    xx   y
    a    b
    """
    columns = [[*lines, title] for title, lines in blocks]
    widths = [max(map(len, column)) for column in columns]
    rows = zip(*columns, strict=True)
    return "\n".join(
        "   ".join(f"{text:{width}}" for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
