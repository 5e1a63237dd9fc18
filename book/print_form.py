"""All pages of the built book as one page to be printed: a cover, the contents, the answers.

What only a screen can do is turned into what paper can. Widgets keep their picture and get their
description as a caption. Folded code of figures goes, everything else unfolds. The answers of
quizzes, answer boxes and exercises move to the end, and the questions point to them.
"""

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import unquote

import yaml
from bs4 import BeautifulSoup, Tag

ASIDE = ".headerlink, .progress-box, .quiz-foot, details.above-input, form.answer [role=status]"
REFERENCES = {"href", "xlink:href", "for", "aria-labelledby", "aria-describedby"}
ANSWERS = "appendices/answers"  # on paper all answers take the place of those of the quizzes
IN_STYLE = re.compile(r"url\(#([^)]+)\)")


@dataclass
class Part:
    """One page of the book: its name, and its article with ids that are its own."""

    name: str
    key: str
    article: Tag

    @property
    def title(self) -> str:
        heading = self.article.find("h1")
        assert heading is not None
        return heading.get_text()


def toc(book: Path) -> list[tuple[str, list[str]]]:
    """Return (caption, names of pages) for each part of the table of contents.

    >>> toc(Path("book"))[0]
    ('', ['index'])
    """
    found = yaml.safe_load((book / "_toc.yml").read_text(encoding="utf-8"))
    parts = [("", [found["root"]])]
    for part in found["parts"]:
        names = [
            entry["file"]
            for chapter in part["chapters"]
            for entry in [chapter, *chapter.get("sections", [])]
        ]
        parts.append((part["caption"], names))
    return parts


def read(built: Path, name: str) -> Part:
    """Take the article out of a built page."""
    text = (built / f"{name}.html").read_text(encoding="utf-8")
    article = BeautifulSoup(text, "html.parser").find("article")
    assert isinstance(article, Tag)
    for aside in article.select(ASIDE):
        aside.decompose()
    article["class"] = ["bd-article", "print-page"]
    return Part(name, f"p-{name.split('/')[-1]}", article)


def link_together(parts: list[Part], built: Path, site: str = "") -> None:
    """Make the ids of every part its own, and lead the links between parts to them.

    A link to what is not printed leads to the published book, or where there is none, goes.
    """
    built = built.resolve()
    keys = {built / f"{part.name}.html": part.key for part in parts}
    keys[built / f"{ANSWERS}.html"] = "answers"
    for part in parts:
        here = built / f"{part.name}.html"
        for tag in part.article.find_all(True):
            if tag.has_attr("id"):
                tag["id"] = f"{part.key}-{tag['id']}"
            for name in REFERENCES & tag.attrs.keys():
                if not tag[name].startswith("data:"):  # a picture: no address, and no words
                    tag[name] = " ".join(_lead(word, here, keys) for word in tag[name].split())
            for name, value in tag.attrs.items():
                if isinstance(value, str) and "url(#" in value:
                    tag[name] = IN_STYLE.sub(rf"url(#{part.key}-\1)", value)
            if tag.name == "a" and str(tag.get("href")).startswith("/"):
                _publish(tag, built, site)
            if tag.name == "img":
                tag["src"] = (here.parent / unquote(tag["src"])).resolve().as_uri()
        part.article["id"] = part.key


def _lead(address: str, here: Path, keys: dict[Path, str]) -> str:
    """Return where an address leads in print; for what is not printed, its path on this disk."""
    path, mark, anchor = unquote(address).partition("#")
    if re.match(r"[a-z]+:", address):
        return address
    target = (here.parent / path).resolve() if path else here
    if not mark and "." not in path:
        return f"{keys[here]}-{address}"  # an id, in `for` and the like
    if target in keys:
        within = f"-{anchor}" if anchor and keys[target] != "answers" else ""
        return f"#{keys[target]}{within}"
    return str(target)


def _publish(link: Tag, built: Path, site: str) -> None:
    if site:
        link["href"] = f"{site}/{Path(str(link['href'])).relative_to(built).as_posix()}"
    else:
        del link["href"]


def still(article: Tag) -> None:
    """Give every widget its description as a caption, and unfold what is folded."""
    for widget in article.select(".coursepkg-widget"):
        words = _one(widget, "p").decode_contents().partition("</strong>")[2]
        widget.insert_after(_make(f'<p class="print-caption">{words}</p>'))
    for folded in article.find_all("details"):
        folded["open"] = ""
        summary = folded.find("summary", recursive=False)
        if summary and "hide" in folded.get("class", []):
            summary.decompose()


def take_answers(part: Part) -> list[Tag]:
    """Take the answers out of a part, in order, and tell each question where its answer stands."""
    taken: list[Tag] = []
    numbers: list[Tag] = []  # of the boxes of an exercise: they stand in its solution
    guesses = 0
    for asked in part.article.select(".quiz, form.answer, .solution"):
        if "quiz" in asked["class"]:
            guesses += asked["data-kind"] == "predict"
            taken.append(_quiz(asked, guesses))
        elif "answer" in asked["class"]:
            numbers.append(_box(asked))
        else:
            taken.append(_solution(asked, part.article, numbers))
            numbers = []
    return taken + numbers


def _quiz(quiz: Tag, guesses: int) -> Tag:
    """Letter the options of a quiz; return what was to say about each."""
    head = _one(quiz, ".quiz-head")
    if quiz["data-kind"] == "predict":
        head.string = f"{head.get_text()} {guesses}"
    place = f"{quiz['id']}-why"
    title = f'<p class="print-head"><a href="#{quiz["id"]}">{head.get_text()}</a></p>'
    answer = _make(f'<div class="print-answer" id="{place}">{title}</div>')
    for letter, option in zip("ABCDEFGH", quiz.select(".quiz-option"), strict=False):
        right = " Right." if _one(option, "input").extract()["value"] == "right" else ""
        _one(option, "label").insert(0, _make(f'<b class="print-letter">{letter}</b>'))
        why = _one(option, ".quiz-why").extract()
        why["class"] = "print-why"
        (why.find("p") or why).insert(0, _make(f"<b>{letter}.{right}</b>"), " ")
        answer.append(why)
    quiz.append(_see("Answer", place))
    return answer


def _box(form: Tag) -> Tag:
    """Leave a line to write on; return the number that belongs there, and why."""
    label, why = _one(form, "label"), _one(form, ".answer-why").extract()
    value = f"<b>{label.decode_contents()} {float(str(form['data-value'])):.6g}.</b>"
    (why.find("p") or why).insert(0, _make(value), " ")
    for tag in form.find_all(["input", "button"]):
        tag.decompose()
    label.insert_after(_make('<span class="print-line"></span>'))
    form.name = "div"
    return why


def _solution(solution: Tag, article: Tag, numbers: list[Tag]) -> Tag:
    title = _one(solution, ".admonition-title")
    title.insert_after(*numbers)
    link = title.find("a")
    exercise = link and article.find(id=str(link["href"])[1:])
    if exercise:
        exercise.append(_see("Solution", str(solution["id"])))
    return solution.extract()


def _see(what: str, place: str) -> Tag:
    return _make(f'<p class="print-see">{what}: {page_reference(place)}</p>')


def answers(parts: list[Part]) -> Part:
    """All answers of the book as a part of its own, by chapter."""
    article = _make('<article class="bd-article print-page" id="answers"></article>')
    article.append(_make("<h1>F Answers</h1>"))
    for part in parts:
        if taken := take_answers(part):
            article.append(_make(f'<h2 id="answers-{part.key}">{escape(part.title)}</h2>'))
            article.extend(taken)
    return Part(ANSWERS, "answers", article)


def page_reference(anchor: str) -> str:
    """Return a link whose page number is filled in when it is known."""
    number = f'<span data-page-of="{anchor}">000</span>'
    return f'<a class="print-ref" href="#{anchor}">page {number}</a>'


def _make(text: str) -> Tag:
    return _one(BeautifulSoup(text, "html.parser"), "*").extract()


def _one(tag: Tag, selector: str) -> Tag:
    found = tag.select_one(selector)
    if found is None:
        raise ValueError(f"no {selector} in {str(tag)[:200]}")
    return found
