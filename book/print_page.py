"""The one page that becomes the PDF: head, cover, contents, and every part of the book."""

import tomllib
from collections.abc import Iterable
from html import escape
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from print_form import ANSWERS, Part, answers, link_together, page_reference, read, still, toc

from coursepkg.widgets.static import share_once

BOOK = Path(__file__).resolve().parent
UNLISTED = ("Exercises", "Quiz", "Where to go now", "References")
SHEETS = ("theme", "pydata", "pygments", "sphinx-book", "mystnb", "exercise", "sphinx-design")


def head(built: Path, parts: list[Part], title: str, author: str) -> str:
    """Return the style sheets of a page of the book, ours for paper, and the mathematics."""
    page = BeautifulSoup((built / "index.html").read_text(encoding="utf-8"), "html.parser")
    sheets = [str(link["href"]).split("?")[0] for link in page.select("link[rel=stylesheet]")]
    kept = [sheet for sheet in sheets if Path(sheet).name.startswith((*SHEETS, "book"))]
    links = "".join(
        f'<link rel="stylesheet" href="{path.as_uri()}">'
        for path in [*(built / sheet for sheet in kept), BOOK / "print.css"]
    )
    running = "".join(
        f"@page {part.key} {{ @top-left {{ content: {_css(part.title)} }} }}\n"
        f"#{part.key} {{ page: {part.key} }}\n"
        for part in parts
    )
    mathjax = (built / "_static" / "mathjax" / "tex-chtml.js").as_uri()
    setting = (
        'window.MathJax = {options: {processHtmlClass: "tex2jax_process|mathjax_process|math"}}'
    )
    return (
        f'<meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="author" content="{escape(author)}">{links}<style>{running}</style>'
        f'<script>{setting}</script><script defer src="{mathjax}"></script>'
    )


def _css(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def cover(title: str, author: str, site: str) -> str:
    """Return the cover: who, what, which version, and where it is alive."""
    project = tomllib.loads((BOOK.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    logo = (BOOK / "_static" / "logo.svg").as_uri()
    alive = f'<p>The pictures move at <a href="{site}">{site}</a>.</p>' if site else ""
    return (
        f'<section id="cover"><img src="{logo}" alt=""><p class="cover-title">{escape(title)}</p>'
        f"<p>{escape(author)}</p><p>Version {project['version']}</p>"
        '<p class="cover-note">The printed form. In the other one, which a browser opens from a '
        "folder, the pictures move and the questions answer. Here a question shows the page of "
        f"its answer, and a picture stands in its first state.</p>{alive}</section>"
    )


def contents(captioned: Iterable[tuple[str, list[Part]]]) -> str:
    """Return the table of contents: parts, pages and their sections, each with its page."""
    lines = ['<nav id="contents" aria-label="Contents"><h1>Contents</h1>']
    for caption, parts in captioned:
        lines.append(f'<p class="toc-part">{escape(caption)}</p>' if caption else "")
        for part in parts:
            lines.append(_line("toc-page", part.key, part.title))
            for heading in part.article.find_all("h2"):
                if heading.get_text() in UNLISTED:
                    continue
                place = heading.get("id") or heading.parent["id"]
                lines.append(_line("toc-section", place, heading.get_text()))
    return "\n".join([*lines, "</nav>"])


def _line(style: str, anchor: str, title: str) -> str:
    return (
        f'<p class="{style}"><a href="#{anchor}"><span>{escape(title)}</span>'
        f'<i></i><span data-page-of="{anchor}">000</span></a></p>'
    )


def number_terms(parts: list[Part]) -> None:
    """The glossary is the index of the printed book: its links say their page."""
    for part in parts:
        for link in part.article.select(".term-places a"):
            reference = page_reference(str(link["href"])[1:])
            link.insert_after(" (", BeautifulSoup(reference, "html.parser"), ")")


def printable(built: Path, site: str = "") -> str:
    """Return the whole book as one page of HTML."""
    config = yaml.safe_load((BOOK / "_config.yml").read_text(encoding="utf-8"))
    pages = {name: read(built, name) for _, names in toc(BOOK) for name in names if name != ANSWERS}
    parts = list(pages.values())
    for part in parts:
        still(part.article)
    link_together(parts, built, site)
    number_terms(parts)
    pages[ANSWERS] = answers(parts)
    captioned = [(caption, [pages[name] for name in names]) for caption, names in toc(BOOK)]
    parts = [part for _, some in captioned for part in some]
    body = share_once("\n".join(str(part.article) for part in parts))
    return (
        f'<!doctype html><html lang="en" data-theme="light" data-mode="light"><head>'
        f"{head(built, parts, config['title'], config['author'])}</head><body>"
        f"{cover(config['title'], config['author'], site)}{contents(captioned)}"
        f"<main>{body}</main></body></html>"
    )
