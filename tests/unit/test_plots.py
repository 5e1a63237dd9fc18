"""Pictures say what they should: data, names, alternative texts, errors."""

import re
from typing import Any

import numpy as np
import pytest

from coursepkg.plots import (
    activation_maps,
    charts,
    confusion_matrix,
    decision_regions,
    filter_grid,
    loss_curves,
    maps,
)
from coursepkg.training import History

SAID: dict[str, Any] = {"title": "The message", "alt": "The message & its <evidence>"}


@pytest.fixture
def drawn(monkeypatch):
    """The axes of the figure that was shown."""
    seen = []

    def remember(show):
        def shown(fig, *args):
            seen.append(fig.axes[0])
            return show(fig, *args)

        return shown

    for module in (charts, maps):
        monkeypatch.setattr(module, "show", remember(module.show))
    return seen


def test_loss_curves(drawn):
    picture = loss_curves({"sgd": [3, 2, 1], "adam": [3.0, 1.0]}, **SAID)
    (ax,) = drawn
    assert [line.get_ydata().tolist() for line in ax.lines] == [[3, 2, 1], [3, 1]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["sgd", "adam"]
    assert len({line.get_linestyle() for line in ax.lines}) == 2
    assert 'role="img" aria-label="The message &amp; its &lt;evidence&gt;"' in picture.svg


def test_loss_curves_of_a_history(drawn):
    loss_curves(History(loss=[4, 2, 2, 0], test_loss=[2.5, 1.5]), log=False, **SAID)
    training, test = drawn[0].lines
    assert training.get_xdata().tolist() == [1, 2, 3]
    assert training.get_ydata().tolist() == [3, 2, 1]
    assert test.get_xdata().tolist() == [1, 3]


def test_decision_regions(drawn):
    x, labels = np.array([[0.0, 0], [1, 0], [0, 1], [1, 1]]), np.array(["b", "a", "b", "c"])

    def predict(points):
        return np.where(points[:, 0] < 0.5, "b", np.where(points[:, 1] < 0.5, "a", "c"))

    decision_regions(predict, x, labels, resolution=10, **SAID)
    (ax,) = drawn
    regions = ax.images[0].get_array()
    assert (regions[:, :5] == 1).all()
    assert (regions[:5, 5:] == 0).all()
    assert (regions[5:, 5:] == 2).all()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b", "c"]
    assert len({c.get_paths()[0].vertices.tobytes() for c in ax.collections}) == 3  # markers differ


def test_confusion_matrix(drawn):
    confusion_matrix([0, 0, 1, 1, 2], [0, 1, 1, 1, 0], **SAID)
    (ax,) = drawn
    cells = {(t.get_position(), t.get_text()) for t in ax.texts}
    assert cells == {((0, 0), "1"), ((1, 0), "1"), ((1, 1), "2"), ((0, 2), "1")}
    assert ax.images[0].get_array().tolist() == [[0.5, 0.5, 0], [0, 1, 0], [1, 0, 0]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")


def test_filter_grid(drawn):
    w = np.arange(-8.0, 10).reshape(2, 1, 3, 3)
    filter_grid(w, **SAID)
    sheet = np.ma.filled(drawn[0].images[0].get_array(), np.nan)
    assert sheet.shape == (3, 7)
    np.testing.assert_array_equal(sheet[:, :3], w[0, 0])
    np.testing.assert_array_equal(sheet[:, 4:], w[1, 0])
    assert np.isnan(sheet[:, 3]).all()
    assert drawn[0].images[0].get_clim() == (-9, 9)  # zero is in the middle of the colours


def test_filters_of_several_channels(drawn):
    filter_grid(np.ones((4, 3, 5, 5)), **SAID)
    filter_grid(np.ones((2, 5, 3, 3)), **SAID)
    colour, rows = (ax.images[0].get_array() for ax in drawn)
    assert colour.shape[2] == 4
    assert rows.shape == (2 * 4 - 1, 5 * 4 - 1)


def test_activation_maps(drawn):
    activation_maps(np.arange(8.0).reshape(2, 2, 2), **SAID)
    sheet = drawn[0].images[0].get_array()
    np.testing.assert_array_equal(sheet[:, 3:], [[4, 5], [6, 7]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: loss_curves({}, **SAID), "sequences of losses by name"),
        (lambda: loss_curves({"a": []}, **SAID), "none of them empty"),
        (lambda: loss_curves(History(), **SAID), "nothing was trained yet"),
        (lambda: decision_regions(np.asarray, np.ones((3, 3)), np.ones(3), **SAID), r"x \(N, 2\)"),
        (
            lambda: decision_regions(np.asarray, np.ones((9, 2)), np.arange(9), **SAID),
            "at most 6 classes",
        ),
        (lambda: confusion_matrix([1], [1, 2], **SAID), "as many labels as predictions"),
        (lambda: filter_grid(np.ones((3, 3)), **SAID), r"\(F, C, KH, KW\)"),
        (lambda: activation_maps(np.ones((1, 2, 3, 3)), **SAID), "of one sample"),
        (lambda: loss_curves({"a": [1]}, title="", alt="x"), "a title that says its message"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_ink_takes_the_colour_of_the_page():
    svg = confusion_matrix([0, 1], [0, 1], **SAID).svg
    assert "currentColor" in svg
    assert not re.search(r"fill: ?#20242a|stroke: ?#20242a|stroke: black", svg)
