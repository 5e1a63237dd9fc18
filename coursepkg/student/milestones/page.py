"""A replay as a page of its own: the two curves, the pictures and the facts."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from coursepkg.student.errors import CannotTryError
from coursepkg.student.milestones.characters import binned
from coursepkg.student.milestones.unlocking import Milestone

POINTS = 150
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 440, 220, 44, 12, 340, 180
APART = 16
"""Between two labels at the ends of the curves, so that both can be read."""
STYLE = """
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #1d2329; --soft: #59636e;
  --yours: #1f5fa8; --reference: #b35900; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --ink: #e8e6e1; --soft: #a3adb7;
  --yours: #7db4ff; --reference: #ffb060; } }
body { margin: 0 auto; padding: 1rem; max-width: 44rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.1rem; }
svg { display: block; width: 100%; height: auto; }
figure { margin: 0; } figcaption { color: var(--soft); font-size: 0.9rem; }
.drawn { display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); gap: 1rem; }
.drawn figure { max-width: 14rem; }
.axis { stroke: var(--soft); } text { fill: var(--soft); font-size: 13px; }
path { fill: none; } .yours path { stroke: var(--yours); stroke-width: 2; }
.reference path { stroke: var(--reference); stroke-width: 5; stroke-opacity: 0.6; }
text.yours { fill: var(--yours); } text.reference { fill: var(--reference); }
rect.one { fill: var(--yours); } rect.two { fill: var(--reference); fill-opacity: 0.45; }
rect.ink { fill: var(--ink); }
"""


def write_page(milestone: Milestone, end: dict[str, Any], said: str, folder: Path) -> Path:
    """Write `milestone-<year>.html` into a folder; return its path.

    Parameters
    ----------
    milestone : that was replayed
    end : a `Replay`, as plain data
    said : how the two curves compare, in a sentence
    folder : the student's

    Raises
    ------
    CannotTryError
        If it cannot be written.
    """
    title = f"{milestone.year}: {milestone.title}"
    calls = ", ".join(f"{name} {count:,}" for name, count in end["calls"].items())
    body = "".join(
        [
            f"<h1>{escape(title)}</h1><p>{escape(milestone.story)}</p>",
            f"<h2>{escape(_heading(end, said))}</h2>",
            _curves(end, said),
            f'<div class="drawn">{"".join(_drawings(end))}</div>',
            *(f"<p>{escape(fact)}</p>" for fact in end["facts"]),
            f"<p>Calls of your functions: {escape(calls)}.</p>",
        ]
    )
    path = folder / f"milestone-{milestone.year}.html"
    try:
        path.write_text(
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
            f"<body><main>{body}</main></body></html>\n",
            encoding="utf-8",
        )
    except OSError as error:
        raise CannotTryError(f"cannot write {path} ({error.strerror})") from None
    return path


def _heading(end: dict[str, Any], said: str) -> str:
    return f"Your {end['curve']} and the reference's: {said[:1].lower()}{said[1:]}"


def _curves(end: dict[str, Any], said: str) -> str:
    """Both curves over the same axes, the reference's wide below yours, so that both are seen."""
    curves = {name: end[name] for name in ("reference", "yours")}
    top = max(map(max, curves.values())) or 1.0
    steps = max(map(len, curves.values()))
    alt = (
        f"Your {end['curve']}: from {end['yours'][0]:.3g} to {end['yours'][-1]:.3g}. The "
        f"reference's: from {end['reference'][0]:.3g} to {end['reference'][-1]:.3g}. {said}"
    )
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alt)}">',
        f'<path class="axis" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>',
        f'<text x="{LEFT - 6}" y="{TOP + 6}" text-anchor="end">{top:.3g}</text>',
        f'<text x="{LEFT - 6}" y="{BOTTOM}" text-anchor="end">0</text>',
        f'<text x="{LEFT}" y="{BOTTOM + 18}">1</text>',
        f'<text x="{RIGHT}" y="{BOTTOM + 18}" text-anchor="end">{steps:,}</text>',
    ]
    heights = {}
    for name, values in curves.items():
        points = _points(values, top, steps)
        heights[name] = points[-1][1]
        line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(f'<g class="{name}"><path d="M{line}"/></g>')
    upper, lower = sorted(heights, key=lambda name: heights[name])
    heights[upper] = min(heights[upper], heights[lower] - APART)
    words = {"yours": "yours", "reference": "the reference"}
    for name, y in heights.items():
        parts.append(f'<text class="{name}" x="{RIGHT + 6}" y="{y:.1f}">{words[name]}</text>')
    return "".join([*parts, "</svg>"])


def _points(values: Sequence[float], top: float, steps: int) -> list[tuple[float, float]]:
    """Where a curve goes; means of neighbours, where there are more than can be seen."""
    seen = binned(values, POINTS)
    across = (RIGHT - LEFT) * len(values) / steps / max(len(seen) - 1, 1)
    return [(LEFT + n * across, BOTTOM - (BOTTOM - TOP) * y / top) for n, y in enumerate(seen)]


def _drawings(end: dict[str, Any]) -> list[str]:
    """The images and maps, each with its caption."""
    images = [
        _drawing(title, [[("ink", shade / 9) for shade in row] for row in pixels])
        for title, pixels in end["pictures"]
    ]
    maps = [
        _drawing(title, [[(("one", "two")[label], 1.0) for label in row] for row in rows])
        for title, rows in end["maps"]
    ]
    return images + maps


def _drawing(title: str, rows: list[list[tuple[str, float]]]) -> str:
    """A square, however many rows it has; its small squares overlap, so that no seam shows."""
    high = len(rows[0]) / len(rows)
    squares = "".join(
        f'<rect class="{kind}" x="{x}" y="{y * high:.4g}" width="1.02" height="{high + 0.02:.4g}" '
        f'opacity="{shade:.2g}"/>'
        for y, row in enumerate(rows)
        for x, (kind, shade) in enumerate(row)
        if shade
    )
    return (
        f'<figure><svg viewBox="0 0 {len(rows[0])} {len(rows[0])}" role="img" '
        f'aria-label="{escape(title)}">{squares}</svg><figcaption>{escape(title)}</figcaption></figure>'
    )
