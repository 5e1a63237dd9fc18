"""Figures for the book and for notebooks: drawn by matplotlib, shown as SVG in the page's colours.

    fig, ax = figure()
    ax.plot(losses, color=BLUE)
    label_line(ax, 400, losses[400], "divided by N", BLUE)
    show(fig, "Only one of the two learns", alt="The loss of ... falls to ..., the other ...")

Lines and letters in `INK` take the colour of the text around them, so one figure is right on a
light page, on a dark page and on paper. Blue and orange stand apart for every kind of colour
vision and against both backgrounds; tell lines apart by dashes or markers as well.
"""

import base64
import io
import re
from dataclasses import dataclass
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text

BLUE, ORANGE = "#3b82d0", "#d97706"
INK = "#20242a"
SIGNED = LinearSegmentedColormap.from_list(
    "signed", [to_rgba(BLUE), to_rgba("#808080", 0.12), to_rgba(ORANGE)]
)
"""Blue below zero, orange above; near zero the page shines through, be it light or dark."""

STYLE: dict[Any, Any] = {
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": "sans-serif",
    "font.size": 12,
    "lines.linewidth": 2,
    "svg.fonttype": "none",
    "xtick.color": INK,
    "ytick.color": INK,
}


@dataclass(frozen=True)
class Picture:
    """A finished figure; notebooks show its SVG, paper its PNG, a screen reader its `alt`."""

    svg: str
    png: bytes
    title: str
    alt: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        figure = (
            f'<figure class="course-figure">{self.svg}'
            f"<figcaption>{escape(self.title)}</figcaption></figure>"
        )
        png = base64.b64encode(self.png).decode()
        return {"text/html": figure, "image/png": png, "text/plain": f"{self.title}: {self.alt}"}


def figure(width: float = 4.2, height: float = 2.7) -> tuple[Figure, Axes]:
    """Return an empty figure, its size in inches, and its axes.

    4.2 inches at 12 points can still be read on a screen 360 pixels wide.

    Examples
    --------
    >>> fig, ax = figure()
    >>> fig.get_size_inches().tolist()
    [4.2, 2.7]
    """
    with mpl.rc_context(STYLE):
        fig = Figure(figsize=(width, height), layout="constrained")
        return fig, fig.subplots()


def label_line(ax: Axes, x: float, y: float, text: str, color: str, **place: Any) -> None:
    """Write what a line is beside it, in its colour, rather than in a legend far from it.

    `place` goes to matplotlib's `annotate`: ``xytext`` in points from (x, y), ``ha`` and so on.

    Examples
    --------
    >>> fig, ax = figure()
    >>> label_line(ax, 0, 1, "with momentum", BLUE)
    >>> ax.texts[0].get_text()
    'with momentum'
    """
    settings = {"xytext": (0, 5), "textcoords": "offset points"} | place
    ax.annotate(text, (x, y), color=color, **settings)


def show(fig: Figure, title: str, alt: str) -> Picture:
    """Turn a figure into a `Picture`.

    Parameters
    ----------
    fig : matplotlib figure
    title : the one message of the figure, a sentence; it is printed below
    alt : message and evidence in words, for a reader who cannot see it

    Raises
    ------
    ValueError
        If title or alt is empty.

    Examples
    --------
    >>> fig, ax = figure()
    >>> show(fig, "Nothing yet", alt="Empty axes.").svg.startswith("<svg")
    True
    """
    if not title or not alt:
        raise ValueError("a figure needs a title that says its message, and an alt text")
    for text in fig.findobj(Text):
        if isinstance(text, Text) and text.get_color() == "black":
            text.set_color(INK)  # black is matplotlib's own choice, and invisible on a dark page
    svg, png = io.StringIO(), io.BytesIO()
    with mpl.rc_context(STYLE | {"svg.hashsalt": title}):
        fig.savefig(svg, format="svg", transparent=True)
        fig.savefig(png, format="png", dpi=200)
    return Picture(_inline(svg.getvalue(), alt), png.getvalue(), title, alt)


def _inline(document: str, alt: str) -> str:
    """Make a stand-alone SVG fit to stand inside a page beside others."""
    head, body = document[document.index("<svg") :].split(">", 1)
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", body, flags=re.S)
    body = re.sub(r'<g id="[^"]*"', "<g", body)  # the same names in every figure
    sizes = dict(re.findall(r'(width|viewBox)="([^"]*)"', head))
    most = 1.75 * float(sizes["width"].removesuffix("pt"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{sizes["viewBox"]}" role="img" aria-label="{escape(alt)}" '
        f'stroke-linejoin="round" style="width:100%;max-width:{most:.0f}px;height:auto">'
    ) + body.replace(INK, "currentColor")
