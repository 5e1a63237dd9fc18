"""Every page: nothing from other machines, no dead link, words for every picture, no error."""

import re
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup

Pages = dict[Path, BeautifulSoup]
REMOTE = re.compile(r"^(https?:)?//")
ASSETS = [("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src")]


def test_every_asset_lies_beside_the_page(pages: Pages) -> None:
    for path, page in pages.items():
        for tag, attribute in ASSETS:
            for element in page.find_all(tag, attrs={attribute: True}):
                address = str(element[attribute])
                assert not REMOTE.match(address), f"{path.name} loads {address}"
                if not address.startswith("data:") and "rel" not in element.attrs:
                    file = path.parent / unquote(address).split("?")[0].split("#")[0]
                    assert file.exists(), f"{path.name}: {address}"


def test_no_style_sheet_loads_from_another_machine(built: Path) -> None:
    styles = list((built / "_static").rglob("*.css"))
    assert styles
    for style in styles:
        text = style.read_text(encoding="utf-8")
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", text), style.name


def test_links_inside_the_book_lead_somewhere(pages: Pages) -> None:
    followed = 0
    places = {path: {tag["id"] for tag in page.find_all(id=True)} for path, page in pages.items()}
    for path, page in pages.items():
        for link in page.find_all("a", href=True):
            address, _, anchor = unquote(str(link["href"])).partition("#")
            if REMOTE.match(address) or address.startswith(("mailto:", "data:")):
                continue
            target = (path.parent / address).resolve() if address else path
            assert target.exists(), f"{path.name} links to {address}"
            if anchor and target in pages:
                assert anchor in places[target], f"{path.name} links to {address}#{anchor}"
            followed += 1
    assert followed > 50


def test_every_image_has_alternative_text(pages: Pages) -> None:
    for path, page in pages.items():
        for image in page.find_all("img"):
            assert image.get("alt"), f"{path.name}: {image.get('src')}"


def test_no_cell_ended_in_an_error(pages: Pages) -> None:
    for path, page in pages.items():
        assert not page.select(".output.traceback, .output.stderr"), path.name


def test_every_question_has_one_right_option_and_explains_them_all(pages: Pages) -> None:
    quizzes = [quiz for page in pages.values() for quiz in page.select(".quiz")]
    names = [quiz["id"] for quiz in quizzes]
    assert len(set(names)) == len(names)
    for quiz in quizzes:
        options = quiz.select(".quiz-option")
        right = quiz.select("input[value=right]")
        assert len(options) >= 3, quiz["id"]
        assert len(right) == 1, quiz["id"]
        for option in options:
            why = option.select_one(".quiz-why")
            assert why is not None
            assert len(why.get_text().split()) >= 5, f"{quiz['id']}: {option.get_text()}"
