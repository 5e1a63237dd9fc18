"""A picture of a page's title, for where links are passed on: 1200 by 630 dots."""

import textwrap
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

BLUE, ORANGE, INK, GROUND = "#3b82d0", "#d97706", "#1d1f24", "#ffffff"
# The logo: a column times a row fills a square. Left, bottom, width, height, opacity.
LOGO = [
    (6, 6, 10, 36, BLUE, 1.0),
    (22, 48, 36, 10, ORANGE, 1.0),
    *(
        (22 + 13 * column, 32 - 13 * row, 10, 10, BLUE, opacity)
        for row, opacities in enumerate([(0.35, 0.6, 0.9), (0.25, 0.45, 0.7), (0.15, 0.3, 0.5)])
        for column, opacity in enumerate(opacities)
    ),
]


def draw_card(path: Path, title: str, book: str) -> None:
    """Write the card of a page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor=GROUND)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 1200), ylim=(0, 630))
    axes.axis("off")
    for left, bottom, width, height, colour, opacity in LOGO:
        size = {"width": 4 * width, "height": 4 * height}
        box = {"boxstyle": "round,pad=0,rounding_size=8", "linewidth": 0}
        corner = (880 + 4 * left, 320 + 4 * bottom)
        axes.add_patch(FancyBboxPatch(corner, **size, **box, facecolor=colour, alpha=opacity))
    lines = textwrap.wrap(title, 26)[:4]
    axes.text(70, 330, "\n".join(lines), size=44, weight="bold", color=INK, va="center")
    axes.text(70, 70, book, size=20, color=INK, va="center")
    axes.plot([70, 1130], [120, 120], color=ORANGE, linewidth=3)
    figure.savefig(path)
