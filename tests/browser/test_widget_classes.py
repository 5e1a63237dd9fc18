"""The Python half of the widgets; needs no browser."""

import json
import re
from html import unescape
from typing import Any

import ipywidgets
import numpy as np
import pytest
import traitlets

from coursepkg import widgets
from coursepkg.widgets import JacobianXRay, MatrixVJP
from coursepkg.widgets.base import BookWidget
from coursepkg.widgets.static import share_once, static_html

WIDGETS: list[type[BookWidget]] = [getattr(widgets, name) for name in widgets.__all__]


@pytest.mark.parametrize("kind", WIDGETS)
def test_it_shows_in_jupyter_and_in_a_page(kind: type[BookWidget]) -> None:
    bundle = kind()._repr_mimebundle_()
    assert bundle is not None
    assert "application/vnd.jupyter.widget-view+json" in bundle[0]
    assert kind.alt.split(".")[0] in unescape(bundle[0]["text/html"])


@pytest.mark.parametrize("kind", WIDGETS)
def test_its_page_names_no_other_machine(kind: type[BookWidget]) -> None:
    addresses = set(re.findall(r"https?://[^\s\"'<>`]+", kind().to_html()))
    assert not {one for one in addresses if "www.w3.org" not in one}


@pytest.mark.parametrize("kind", WIDGETS)
def test_the_state_is_synced(kind: type[BookWidget]) -> None:
    widget = kind()
    assert widget.state().keys() <= set(widget.keys)
    assert json.loads(json.dumps(widget.state())) == widget.state()


def test_it_works_with_the_tools_of_ipywidgets() -> None:
    widget, slider = JacobianXRay(), ipywidgets.IntSlider(min=2, max=64, value=9)
    seen: list[int] = []
    ipywidgets.link((slider, "value"), (widget, "n"))
    widget.observe(lambda change: seen.append(change["new"]), "n")
    slider.value = 40
    assert (widget.n, seen) == (40, [40])


def test_arrays_are_welcome() -> None:
    widget = MatrixVJP(norm={"W": np.eye(2), "x": np.ones((2, 1))})
    assert widget.norm == {"W": [[1.0, 0.0], [0.0, 1.0]], "x": [[1.0], [1.0]]}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"norm": {"W": [[1, 2]], "x": [[1]]}}, r"W has 2 columns, so x must have shape \(2, 1\)"),
        ({"norm": {"W": [[1, 2]]}}, "norm takes W, x, got W"),
        ({"norm": {"W": [["a"]], "x": [[1]]}}, "every matrix is rows of numbers"),
        ({"norm": {"W": [[1, 2], [3]], "x": [[1]]}}, "every matrix is rows of numbers"),
        ({"norm": {"W": [[float("nan")]], "x": [[1]]}}, "W holds a number that is not finite"),
        ({"norm": {"W": [1, 2], "x": [[1]]}}, r"W must be a matrix .* got shape \(2,\)"),
        ({"norm": {"W": np.ones((9, 9)), "x": np.ones((9, 1))}}, "at most 6 rows and columns"),
        (
            {"linear": {"X": [[1, 2]], "W": [[1], [2]], "b": [[0, 0]], "dY": [[1]]}},
            r"b must have shape \(1, 1\)",
        ),
        ({"example": "conv"}, "example"),
        ({"batch": 0}, "batch"),
    ],
)
def test_a_wrong_value_is_refused_with_words(given: dict[str, Any], words: str) -> None:
    with pytest.raises(traitlets.TraitError, match=words):
        MatrixVJP(**given)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(TypeError, match="MatrixVJP has no exmple; it takes batch, cell, example"):
        MatrixVJP(exmple="norm")


def test_no_state_can_leave_its_script() -> None:
    evil = "</script><script>alert(1)</script><!--"
    page = static_html("matrix_vjp.js", {"cell": evil}, evil, evil)
    assert "alert(1)</script>" not in page
    assert "<!--" not in page
    data = re.search(r'<script type="application/json">(.*?)</script>', page)
    assert data is not None
    assert json.loads(data[1]) == {"cell": evil}


def test_only_equal_pieces_are_shared() -> None:
    one, other = (f'<script data-coursepkg="a.js">{text}</script>\n' for text in "12")
    assert share_once(one + "text" + one + other) == one + "text" + other
