"""The directive `{progress}`: a box that counts a reader's answers, chapter by chapter.

It lists every page that asks something, with how much it asks; `_static/progress_box.js` fills in
what this reader answered, from this browser's own storage.
"""

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

KINDS = {"predict": "Guessed", "quiz": "Quiz", "answer": "Numbers"}
BUTTONS = """\
<p class="progress-last"></p>
<p class="progress-buttons">
<button type="button" data-do="save">Save as a file</button>
<button type="button" data-do="text">Save as text</button>
<label>Bring a saved file <input type="file" accept="application/json,.json"></label>
<button type="button" data-do="erase">Erase</button>
</p>"""


class ProgressBox(nodes.General, nodes.Element):
    """Stands where the box will be, until all pages are read."""


class Progress(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname]["shows progress"] = "yes"
        return [ProgressBox()]


def asking(env: BuildEnvironment) -> dict[str, dict[str, int]]:
    """Pages that ask something: name -> kind -> how many."""
    counts = {name: env.metadata[name].get("asks", {}) for name in sorted(env.found_docs)}
    return {name: found for name, found in counts.items() if found}


def row(env: BuildEnvironment, address: str, page: str, found: dict[str, int]) -> str:
    first = page == env.config.root_doc
    title = "The first page" if first else escape(env.titles[page].astext())
    cells = "".join(
        f'<td data-kind="{kind}" data-all="{found.get(kind, 0)}">{found.get(kind) or ""}</td>'
        for kind in KINDS
    )
    link = f'<a href="{address}">{title}</a>'
    return f'<tr data-page="{page}"><th scope="row">{link}</th>{cells}</tr>'


def box(app: Sphinx, docname: str) -> str:
    env = app.env
    rows = "\n".join(
        row(env, app.builder.get_relative_uri(docname, page), page, found)
        for page, found in asking(env).items()
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in KINDS.values())
    sums = "".join(f'<td data-kind="{kind}"></td>' for kind in KINDS)
    return (
        f'<div class="progress-box" data-title="{escape(app.config.html_title)}">\n'
        '<p class="progress-still">With scripts switched off, nothing is counted or kept.</p>\n'
        '<div class="progress-alive" hidden>\n'
        f'<table class="table"><thead><tr><th scope="col">Chapter</th>{heads}</tr></thead>\n'
        f'<tbody>\n{rows}\n</tbody><tfoot><tr><th scope="row">In all</th>{sums}</tr></tfoot>'
        f'</table>\n{BUTTONS}\n<p role="status"></p>\n</div></div>'
    )


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for place in list(doctree.findall(ProgressBox)):
        place.replace_self(nodes.raw("", box(app, docname), format="html"))


def write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The box changes when any chapter does."""
    return [name for name in env.found_docs if "shows progress" in env.metadata[name]]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(ProgressBox)
    app.add_directive("progress", Progress)
    app.connect("doctree-resolved", fill)
    app.connect("env-updated", write_again)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
