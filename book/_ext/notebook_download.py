"""Offer every executed chapter as a notebook that reads well outside this book.

The role ``{notebook}`download it``` links to ``notebooks/<chapter>.ipynb``. What only Sphinx
understands is turned into plain Markdown there: numbers pasted from cells become the numbers,
cross-references become their text, boxes become bold headings.
"""

import re
from ast import literal_eval
from pathlib import Path

import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from launch import install_cell
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

FOLDER = "notebooks"
PASTED = "application/papermill.record/text/plain"
GLUE = re.compile(r"\{glue:text\}`([^`:]+)(?::([^`]+))?`")
CITATION = re.compile(r"\s*\{cite\}`[^`]*`")
LOCAL_LINK = re.compile(r"\[([^\]]*)\]\(#[\w-]+\)")
ROLE = re.compile(r"\{[\w:-]+\}`([^`<]*?)(?:\s*<[^`>]*>)?`")
FENCE = re.compile(r"^(:{3,}|`{3,})\{([\w:-]+)\}[ \t]*(.*)$")
OPTION = re.compile(r"^:[\w-]+:")
TITLED = {"admonition", "dropdown", "exercise-start", "note", "tip", "warning"}


class NotebookLink(SphinxRole):
    """A link to the executed notebook of the page it stands on."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        up = "../" * self.env.docname.count("/")
        href = f"{up}{FOLDER}/{Path(self.env.docname).name}.ipynb"
        link = f'<a class="notebook-link" href="{href}" download>{self.text}</a>'
        return [nodes.raw("", link, format="html")], []


def glued(notebook: nbformat.NotebookNode) -> dict[str, object]:
    """Collect what cells pasted with `glue`: name -> value."""
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    return {
        output.metadata["scrapbook"]["name"]: literal_eval(output.data[PASTED])
        for output in outputs
        if "scrapbook" in output.get("metadata", {})
    }


def plain_markdown(text: str, values: dict[str, object]) -> str:
    """Turn MyST into the Markdown that every notebook program shows."""
    text = GLUE.sub(lambda found: format(values[found[1]], found[2] or ""), text)
    text = CITATION.sub("", text)
    text = LOCAL_LINK.sub(r"\1", text)
    text = ROLE.sub(lambda found: found[1].lstrip("%"), text)
    lines: list[str] = []
    after_fence = False
    for line in text.splitlines():
        fence = FENCE.match(line)
        if fence:
            name, title = fence[2], fence[3]
            lines.append(f"**{title}**" if title and name in TITLED else f"**{name.capitalize()}**")
            lines.append("")
        elif re.fullmatch(r":{3,}|\([\w-]+\)=", line.strip()) or line.startswith("% "):
            continue
        elif not (after_fence and OPTION.match(line)):
            lines.append(line)
        after_fence = bool(fence) or (after_fence and bool(OPTION.match(line)))
    return "\n".join(lines)


def readable(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Rewrite the text cells in place; code cells and their outputs stay as they ran."""
    values = glued(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain_markdown(cell.source, values)
        elif {"hide-input", "remove-input", "remove-cell"} & set(cell.metadata.get("tags", [])):
            cell.metadata["jupyter"] = {"source_hidden": True}
    return notebook


def is_newer(path: Path, source: Path) -> bool:
    return path.exists() and path.stat().st_mtime >= source.stat().st_mtime


def write_notebooks(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    config = app.env.mystnb_config
    cache = get_cache(config.execution_cache_path)
    target = Path(app.outdir) / FOLDER
    target.mkdir(exist_ok=True)
    for docname in app.env.found_docs:
        source = Path(config.output_folder) / f"{docname}.ipynb"
        notebook_file = target / f"{Path(docname).name}.ipynb"
        if source.exists() and not is_newer(notebook_file, source):
            # myst-nb leaves the outputs out of this file when they come from the cache.
            notebook = nbformat.read(source, as_version=4)
            _, executed = cache.merge_match_into_notebook(notebook)
            if app.config.course_repository:
                executed.cells.insert(0, install_cell(app.config.course_repository))
            nbformat.write(readable(executed), notebook_file)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_role("notebook", NotebookLink())
    app.connect("build-finished", write_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
