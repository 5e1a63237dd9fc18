"""Terms: ``{def}`margin``` marks the place where the text says what a word means.

The directive `{terms}` lists `glossary.yml`: every term, what it means in a sentence, and a link to
each place that explains it. A place without an entry, an entry without a place and a term explained
twice on one page are warnings, and so stop the build.
"""

import re
from html import escape
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

FILE = "glossary.yml"
log = logging.getLogger(__name__)


def anchor(term: str) -> str:
    """Return the id of the place that explains a term."""
    return "term-" + re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")


def entries(folder: Path) -> dict[str, str]:
    """Return the glossary: term -> what it means, in Markdown, by alphabet."""
    found = yaml.safe_load((folder / FILE).read_text(encoding="utf-8"))
    return dict(sorted(found.items(), key=lambda entry: entry[0].lower()))


class Definition(SphinxRole):
    """The first place where a term is explained."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        html = f'<dfn id="{anchor(self.text)}">{escape(self.text)}</dfn>'
        return [nodes.raw("", html, format="html", term=self.text)], []


class Places(nodes.General, nodes.Element):
    """Stands where the links to a term's places will be, until all pages are read."""


class Terms(SphinxDirective):
    """The list of all terms."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(Path(self.env.srcdir) / FILE))
        self.env.metadata[self.env.docname]["lists terms"] = "yes"
        parts: list[nodes.Node] = [nodes.raw("", '<dl class="terms">', format="html")]
        for term, meaning in entries(Path(self.env.srcdir)).items():
            head = f'<dt id="glossary-{anchor(term)[5:]}">{escape(term)}</dt><dd>'
            body = nodes.Element()
            self.state.nested_parse(StringList(meaning.splitlines(), FILE), 0, body)
            parts += [
                nodes.raw("", head, format="html"),
                *body.children,
                Places(term=term),
                nodes.raw("", "</dd>", format="html"),
            ]
        return [*parts, nodes.raw("", "</dl>", format="html")]


def section_of(node: nodes.Node) -> str:
    """Return the number of the section a node stands in, or its title."""
    while not isinstance(node, nodes.section):
        if node.parent is None:
            return "the text"
        node = node.parent
    title = node[0].astext()
    number = re.match(r"\d+(\.\d+)?(?= )", title)
    return number[0] if number else title


def note_places(app: Sphinx, doctree: nodes.document) -> None:
    """Remember which terms the page that was just read explains, and in which section."""
    marked = [node for node in doctree.findall(nodes.raw) if "term" in node]
    places: Any = [(node["term"], section_of(node)) for node in marked]
    if places:
        app.env.metadata[app.env.docname]["terms"] = places


def all_places(env: BuildEnvironment) -> list[tuple[str, str, str]]:
    """Return (term, page, section) for every mark in the book, in reading order."""
    marks: dict[str, Any] = {page: env.metadata[page].get("terms", ()) for page in env.found_docs}
    return [(term, page, where) for page in sorted(marks) for term, where in marks[page]]


def link_places(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for node in list(doctree.findall(Places)):
        links = [
            f'<a href="{app.builder.get_relative_uri(docname, page)}#{anchor(term)}">{where}</a>'
            for term, page, where in all_places(app.env)
            if anchor(term) == anchor(node["term"])
        ]
        html = f'<p class="term-places">Explained in {", ".join(links)}.</p>' if links else ""
        node.replace_self(nodes.raw("", html, format="html"))


def faults(listed: dict[str, str], places: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Return (page, what is wrong there) for terms and marks that do not belong together."""
    known, marked = {anchor(term) for term in listed}, {anchor(term) for term, _, _ in places}
    on_page = [(anchor(term), page) for term, page, _ in places]
    return [
        *(
            (page, f"{term!r} is not in {FILE}")
            for term, page, _ in places
            if anchor(term) not in known
        ),
        *(
            (page, f"{term!r} is explained twice on this page")
            for i, (term, page, _) in enumerate(places)
            if on_page[i] in on_page[:i]
        ),
        *(
            ("", f"{FILE}: no page explains {term!r}")
            for term in listed
            if anchor(term) not in marked
        ),
    ]


def check(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Tell what does not belong together; return the pages that list terms, to be written anew."""
    found = faults(entries(Path(app.srcdir)), all_places(env))
    for page, what in found:
        log.warning(what, location=page or None, type="glossary")
    return [name for name in env.found_docs if "lists terms" in env.metadata[name]]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(Places)
    app.add_role("def", Definition())
    app.add_directive("terms", Terms)
    app.connect("doctree-read", note_places)
    app.connect("doctree-resolved", link_places)
    app.connect("env-updated", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
