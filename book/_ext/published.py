"""What a page says to search engines and messengers, once the book has an address.

One setting, the variable ``BOOK_SITE`` or ``course_site`` in `_config.yml`, says where the book is
published, such as ``https://someone.github.io/course``. Unset, as it is by default, pages name no
address. Set, each page names its canonical address (below ``latest/``, whatever the version), and
carries a title, a description and a picture for those who pass the link on. These are texts in the
head of the page: opening it still asks no other machine for anything.
"""

import os
from html import escape
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from social_card import draw_card
from sphinx.application import Sphinx
from sphinx.config import Config

LATEST = "latest"
CARDS = "_static/cards"
LONGEST = 200  # letters of a description
SETTINGS = ("course_site", "course_repository", "course_folder", "course_live")


def settle(app: Sphinx, config: Config) -> None:
    """Let variables such as BOOK_SITE have the last word, and tell Sphinx the address."""
    for name in SETTINGS:
        value = os.environ.get(name.replace("course", "book").upper(), config[name])
        config[name] = value.rstrip("/")
    if config.course_site:
        if not config.course_site.startswith(("https://", "http://")):
            raise ValueError(f"BOOK_SITE begins with https://, but is {config.course_site!r}")
        config.html_baseurl = f"{config.course_site}/{LATEST}/"


def description(body: str) -> str:
    """Return the first paragraphs of a page as plain text, whole sentences where possible.

    >>> description("<h1>Ridge</h1><p>Two weights. <span class='math'>w</span> is one.</p>")
    'Two weights. w is one.'
    """
    page = BeautifulSoup(body, "html.parser")
    for aside in page.select(".cell, .quiz, .admonition, table"):
        aside.decompose()
    text = " ".join(" ".join(p.get_text() for p in page.find_all("p")).split())
    text = text.replace(r"\(", "").replace(r"\)", "")
    if len(text) <= LONGEST:
        return text
    cut = text[:LONGEST]
    end = max(cut.rfind(mark) for mark in (". ", "? "))
    return cut[: end + 1] if end > LONGEST // 3 else cut.rsplit(" ", 1)[0] + " …"


def tags(facts: dict[str, str]) -> str:
    """Write Open Graph and card tags."""
    lines = [f'<meta property="og:{name}" content="{escape(v)}">' for name, v in facts.items()]
    words = escape(facts["description"])
    return "\n".join(
        [
            f'<meta name="description" content="{words}">',
            *lines,
            '<meta name="twitter:card" content="summary_large_image">\n',
        ]
    )


def tell(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    if not app.config.course_site or not doctree:
        return
    base = app.config.html_baseurl
    title, book = app.env.titles[page].astext(), app.config.html_title
    card = f"{CARDS}/{page.replace('/', '-')}.png"
    draw_card(Path(app.outdir) / card, title, book)
    facts = {
        "type": "article",
        "site_name": book,
        "title": title,
        "description": description(context["body"]),
        "url": f"{base}{page}.html",
        "image": f"{base}{card}",
        "image:width": "1200",
        "image:height": "630",
        "image:alt": f"The title of the page: {title}",
    }
    context["metatags"] = context.get("metatags", "") + tags(facts)


def setup(app: Sphinx) -> dict[str, bool]:
    for name in SETTINGS:
        app.add_config_value(name, LATEST if name == "course_folder" else "", "env", [str])
    app.connect("config-inited", settle, priority=100)
    app.connect("html-page-context", tell)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
