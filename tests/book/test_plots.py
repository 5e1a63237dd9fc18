"""Figures that are right on a light page, on a dark page and for a reader who cannot see them."""

import base64
import re

import pytest

from coursepkg.plots import BLUE, INK, ORANGE, Picture, figure, label_line, show


@pytest.fixture
def picture() -> Picture:
    fig, ax = figure()
    ax.plot([3, 2, 1], color=BLUE)
    ax.text(1, 1, "written without a colour")
    label_line(ax, 1, 2, "falls", ORANGE)
    return show(fig, "It <falls>", 'The "loss" falls from 3 to 1.')


def test_ink_takes_the_colour_of_the_page(picture: Picture) -> None:
    assert INK not in picture.svg
    assert "currentColor" in picture.svg
    texts = re.findall(r"<text.*?</text>", picture.svg, re.S)
    assert any("written without a colour" in text for text in texts)
    assert all("fill: " in text for text in texts)


def test_lines_keep_their_colours(picture: Picture) -> None:
    assert BLUE in picture.svg
    assert ORANGE in picture.svg


def test_words_are_escaped_and_reach_the_screen_reader(picture: Picture) -> None:
    bundle = picture._repr_mimebundle_()
    assert 'aria-label="The &quot;loss&quot; falls from 3 to 1."' in bundle["text/html"]
    assert "<figcaption>It &lt;falls&gt;</figcaption>" in bundle["text/html"]
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")


def test_two_figures_on_one_page_share_no_id(picture: Picture) -> None:
    fig, ax = figure()
    ax.plot([1, 2], color=BLUE)
    other = show(fig, "It rises", "It rises from 1 to 2.")
    ids = [part.split('"')[0] for part in picture.svg.split(' id="')[1:]]
    assert ids
    assert not [name for name in ids if f'id="{name}"' in other.svg]


def test_nothing_of_the_page_is_restyled(picture: Picture) -> None:
    assert "<style" not in picture.svg


@pytest.mark.parametrize(("title", "alt"), [("", "words"), ("A message", "")])
def test_a_figure_without_words_is_refused(title: str, alt: str) -> None:
    with pytest.raises(ValueError, match="alt text"):
        show(figure()[0], title, alt)
