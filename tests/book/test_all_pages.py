"""What holds on every page: headings in order, weight, scripts that wait, spelling, anchors."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from coursepkg.mistakes.sections import SECTIONS
from tests.book.conftest import CHAPTERS, ROOT, load

Pages = dict[Path, BeautifulSoup]
OURS = load("_ext/scripts.py").ORDER
KILOBYTES = 400
# Code, mathematics, targets and names are no prose; nor is what stands in quotes or italics, which
# may be a slide's own words.
NOT_PROSE = re.compile(
    r"^```.*?^```|^---.*?^---|^% .*?$|`[^`]*`|\$\$.*?\$\$|\$[^$]{,300}\$|\]\([^)]*\)|"
    r"(?<!\*)\*[^*\n]+\*(?!\*)|\"[^\"]{,200}\"|“[^”]{,200}”",
    re.S | re.M,
)
SPELLING = {
    r"minibatch\w*": "mini-batch",
    r"optimiz\w+": "optimise, optimiser",
    r"regulariz\w+": "regularisation",
    r"normaliz\w+": "normalisation",
    r"initializ\w+": "initialisation",
    r"generaliz\w+": "generalisation",
    r"vectoriz\w+": "vectorised",
    r"recogniz\w+": "recognise",
    r"behavior\w*": "behaviour",
    r"colors?|colored": "colour",
    r"neighbor\w*": "neighbour",
    r"gray": "grey",
    r"centers?|centered": "centre",
    r"labeled|labeling": "labelled",
    r"analyz\w+": "analyse",
    r"back-propagat\w+": "backpropagation",
    r"over-fit\w+": "overfitting",
    r"nonlinear\w*": "non-linear",
    r"hidden neurons?": "hidden unit",
    r"learning-rate": "learning rate",
    r"datasets?": "data set",
}


def prose() -> dict[str, str]:
    """Text of every page without what is code or quotation."""
    sources = [*(ROOT / "book").glob("*.md"), *(ROOT / "book").glob("[ac]*/*.md")]
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sources}
    texts["book/glossary.yml"] = (ROOT / "book" / "glossary.yml").read_text(encoding="utf-8")
    return {path: NOT_PROSE.sub(" ", text) for path, text in texts.items()}


def test_no_level_of_heading_is_skipped(pages: Pages) -> None:
    for path, page in pages.items():
        levels = [int(head.name[1]) for head in page.select("article :is(h1, h2, h3, h4, h5, h6)")]
        assert levels.count(1) == 1 or path.name in {"genindex.html", "search.html"}, path.name
        for above, below in zip([0, *levels], levels, strict=False):
            assert below <= above + 1, f"{path.name}: h{below} after h{above}"


def test_a_page_is_light_without_its_pictures(pages: Pages) -> None:
    heaviest = 0
    for path in pages:
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for part in page.select(
            ".coursepkg-widget, [data-coursepkg], figure.course-figure, "
            "script[type='application/vnd.jupyter.widget-state+json']"
        ):
            part.decompose()
        size = len(str(page).encode())
        heaviest = max(heaviest, size)
        assert size <= 1000 * KILOBYTES, f"{path.name}: {size:,} bytes"
    print(f"the heaviest page: {heaviest:,} bytes")


def test_our_scripts_do_not_hold_up_the_page(pages: Pages) -> None:
    for path, page in pages.items():
        sources = {str(script["src"]): script for script in page.select("head script[src]")}
        mine = {
            name: script
            for name in OURS
            for source, script in sources.items()
            if source.split("?")[0].endswith(f"_static/{name}")
        }
        assert list(mine) == OURS, path.name
        assert all(script.has_attr("defer") for script in mine.values()), path.name
        mathematics = [script for source, script in sources.items() if "mathjax" in source]
        assert all(script.has_attr("defer") or script.has_attr("async") for script in mathematics)
        assert not page.select("head [data-coursepkg]"), path.name


def test_the_scripts_of_widgets_are_inert_until_the_page_stands(pages: Pages) -> None:
    for path, page in pages.items():
        at_once = [
            script
            for script in page.select("script[data-coursepkg]")
            if script.get("type") != "text/plain"
        ]
        assert {script["data-coursepkg"] for script in at_once} <= {"host.js"}, path.name
        assert all("DOMContentLoaded" in script.get_text() for script in at_once)


@pytest.mark.parametrize("wrong", SPELLING)
def test_a_word_is_spelt_in_one_way(wrong: str) -> None:
    for path, text in prose().items():
        found = re.search(rf"\b({wrong})\b", text, re.I)
        assert found is None, f"{path}: {found and found[0]!r}; we write {SPELLING[wrong]}"


@pytest.mark.parametrize("number", SECTIONS)
def test_reports_link_to_places_that_are_there(number: str, built: Path, pages: Pages) -> None:
    chapter = int(number.split(".")[0])
    names = [name for name in CHAPTERS if int(name[:2]) == chapter]
    if not names:
        pytest.skip(f"chapter {chapter} is not written yet")
    page = pages[built / "chapters" / f"{names[0]}.html"]
    assert page.find(id="sec-" + number.replace(".", "-"))


def test_no_line_can_begin_with_punctuation_after_a_formula(pages: Pages) -> None:
    for path, page in pages.items():
        for formula in page.select("article span.math"):
            after = formula.next_sibling
            together = formula.parent is not None and "keep" in formula.parent.get_attribute_list(
                "class"
            )
            assert together or not re.match(r"[.,;:!?)]", str(after or "")), f"{path.name}: {after}"
