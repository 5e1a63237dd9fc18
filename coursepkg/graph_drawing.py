"""A graph as SVG, drawn without any other program: gates as circles, values and gradients on edges.

Every gate stands one column left of the first gate that uses it; an edge that crosses a column has
a place of its own there, so that nothing lies on top of anything else.
"""

from collections import Counter
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any

from coursepkg.backend import to_numpy

COLUMN, LINE, RADIUS = 136, 31, 19  # pixels: a column, the two labels of an edge, a gate
STUB = 64  # edges leave their node level, with room for the labels
Key = tuple[Any, ...]
VALUE, GRADIENT = "#2f74c0", "#c2610c"  # readable on white and on black; also above and below


def draw(nodes: Sequence[Any]) -> str:
    """Return an SVG of nodes that are in topological order; the last one is the output.

    Values stand above the edges, gradients below them and in italics, as far as they are known.

    Examples
    --------
    >>> from coursepkg.graph import ComputationalGraph
    >>> graph = ComputationalGraph()
    >>> x, = graph.inputs("x")
    >>> y = x * x
    >>> draw(graph.nodes_topologically_sorted()).startswith("<svg")
    True
    """
    if not nodes:
        return '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
    layout = _Layout(nodes)
    edges = [_edge(layout, node, place) for node in nodes for place in range(len(node.inputs))]
    x, y = layout.places["node", id(nodes[-1])]
    out = _line([(x, y), (x + STUB, y)], nodes[-1].value, nodes[-1].grad)
    shapes = [_shape(node, *layout.places["node", id(node)]) for node in nodes]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width} {layout.height:.0f}" '
        f'width="{layout.width}" role="img" style="max-width:100%;height:auto" '
        f'font-family="sans-serif" font-size="12" fill="currentColor">'
        f"<title>{escape(_description(nodes))}</title>{''.join(edges)}{out}{''.join(shapes)}</svg>"
    )


class _Layout:
    """Where every node stands, and by which points its edges go."""

    def __init__(self, nodes: Sequence[Any]):
        columns = _columns(nodes)
        rows: list[list[Key]] = [[] for _ in range(max(columns.values()) + 1)]
        self.chains: dict[Key, list[Key]] = {}  # for every edge all that it goes through
        for node in nodes:
            rows[columns[id(node)]].append(("node", id(node)))
            for place, source in enumerate(node.inputs):
                crossed = range(columns[id(source)] + 1, columns[id(node)])
                between: list[Key] = [("edge", id(node), place, column) for column in crossed]
                for column, key in zip(crossed, between, strict=True):
                    rows[column].append(key)
                chain = [("node", id(source)), *between, ("node", id(node))]
                self.chains["edge", id(node), place] = chain
        _sort(rows, self.chains)
        uses = Counter(chain[0] for chain in self.chains.values())
        row_height = LINE * max([2, *uses.values()])
        most = max(len(row) for row in rows)
        self.width, self.height = len(rows) * COLUMN, most * row_height + 2 * RADIUS
        self.places = {
            key: (
                column * COLUMN + 2.0 * RADIUS,
                (most - len(row) + 2 * position + 1) * row_height / 2 + RADIUS,
            )
            for column, row in enumerate(rows)
            for position, key in enumerate(row)
        }
        self._spread_edges()

    def _spread_edges(self) -> None:
        """Let the edges of a node that is used more than once leave it one below the other."""
        leaving: dict[Key, list[Key]] = {}
        for edge, chain in self.chains.items():
            leaving.setdefault(chain[0], []).append(edge)
        self.shift: dict[Key, float] = {}
        for edges in leaving.values():
            edges.sort(key=lambda edge: self.places[self.chains[edge][1]][1])
            for i, edge in enumerate(edges):
                self.shift[edge] = (i - (len(edges) - 1) / 2) * LINE

    def path(self, edge: Key) -> list[tuple[float, float]]:
        """Points of an edge: its node, the end of the level part, and those it goes through."""
        (x, y), *rest = (self.places[key] for key in self.chains[edge])
        return [(x, y), (x + STUB, y + self.shift[edge]), *rest]


def _sort(rows: list[list[Key]], chains: dict[Key, list[Key]]) -> None:
    """Move everything near the middle of what it leads to, from the output to the inputs."""
    following: dict[Key, list[tuple[Key, float]]] = {}
    for edge, chain in chains.items():
        for key, after in pairwise(chain):
            following.setdefault(key, []).append((after, edge[2] / 10))
    height: dict[Key, float] = {}
    for row in reversed(rows):
        middles = {
            key: sum(height[after] + nudge for after, nudge in following.get(key, ()))
            / max(len(following.get(key, ())), 1)
            for key in row
        }
        row.sort(key=middles.__getitem__)
        height |= {key: position - (len(row) - 1) / 2 for position, key in enumerate(row)}


def _columns(nodes: Sequence[Any]) -> dict[int, int]:
    """The column of every node: gates by their depth, inputs just before they are used."""
    depth: dict[int, int] = {}
    for node in nodes:
        depth[id(node)] = max((depth[id(source)] + 1 for source in node.inputs), default=0)
    for node in reversed(nodes):
        for source in node.inputs:
            if not source.inputs:
                users = [n for n in nodes if any(source is each for each in n.inputs)]
                depth[id(source)] = min(depth[id(user)] for user in users) - 1
    return depth


def _edge(layout: _Layout, node: Any, place: int) -> str:
    grad = node.sent[place] if node.sent else None
    return _line(layout.path(("edge", id(node), place)), node.inputs[place].value, grad)


def _line(points: list[tuple[float, float]], value: Any, grad: Any) -> str:
    (x, y), (_, level) = points[0], points[1]
    path = f"M{x:.0f},{y:.0f}C{x + RADIUS:.0f},{y:.0f} {x:.0f},{level:.0f} "
    path += f"{x + RADIUS + 4:.0f},{level:.0f}H{x + STUB:.0f}"
    for (x0, y0), (x1, y1) in pairwise(points[1:]):
        middle = (x0 + x1) / 2
        path += f"C{middle:.0f},{y0:.0f} {middle:.0f},{y1:.0f} {x1:.0f},{y1:.0f}"
    return (
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-opacity="0.55"/>'
        + _label(x + RADIUS + 24, level - 4, value, VALUE, "normal")
        + _label(x + RADIUS + 24, level + 12, grad, GRADIENT, "italic")
    )


def _label(x: float, y: float, value: Any, color: str, style: str) -> str:
    if value is None:
        return ""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" fill="{color}" font-style="{style}">'
        f"{_short(value)}</text>"
    )


def _shape(node: Any, x: float, y: float) -> str:
    if node.gate is None:
        text = node.name if node.name is not None else _short(node.value)
        width = max(2 * RADIUS, 8 * len(text) + 12)
        box = f'<rect x="{x - width / 2:.0f}" y="{y - 13:.0f}" width="{width}" height="26" rx="5" '
        return f'{box}{_PAPER}/><text x="{x:.0f}" y="{y + 4:.0f}" {_BOLD}>{escape(text)}</text>'
    name = (
        ""
        if node.name is None
        else (f'<text x="{x:.0f}" y="{y - RADIUS - 4:.0f}" {_BOLD}>{escape(node.name)}</text>')
    )
    circle = f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{RADIUS}" {_PAPER}/>'
    return (
        f'{circle}<text x="{x:.0f}" y="{y + 4:.0f}" {_BOLD}>{escape(node.gate.symbol)}</text>{name}'
    )


_PAPER = 'fill="Canvas" stroke="currentColor"'
_BOLD = 'text-anchor="middle" font-weight="bold"'


def _short(value: Any) -> str:
    """A number to two decimals; the shape of an array."""
    array = to_numpy(value)
    return (
        f"{float(array):.2f}".replace("-", "−")
        if array.ndim == 0
        else f"{array.shape}".replace(",)", ")")
    )


def _description(nodes: Sequence[Any]) -> str:
    said = [
        f"{node.name} = {_short(node.value)}"
        + ("" if node.grad is None else f", gradient {_short(node.grad)}")
        for node in nodes
        if node.name is not None and node.value is not None
    ]
    gates = sum(node.gate is not None for node in nodes)
    return f"Computational graph of {gates} gates. {'; '.join(said)}"
