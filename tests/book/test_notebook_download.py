"""What only Sphinx understands becomes plain Markdown in a downloaded notebook."""

from types import ModuleType

import nbformat.v4 as v4


def test_pasted_numbers_become_the_numbers(download: ModuleType) -> None:
    text = "It has {glue:text}`entries:,` entries, or {glue:text}`share:.1f` %; {glue:text}`n`."
    plain = download.plain_markdown(text, {"entries": 16777216, "share": 5.25, "n": 7})
    assert plain == "It has 16,777,216 entries, or 5.2 %; 7."


def test_references_become_their_text_and_citations_go(download: ModuleType) -> None:
    text = "See [6.4](#sec-6-4) and {notebook}`take it along`; the ANU lecture {cite}`anu` says so."
    plain = download.plain_markdown(text, {})
    assert plain == "See 6.4 and take it along; the ANU lecture says so."


def test_boxes_become_headings_and_lose_their_options(download: ModuleType) -> None:
    text = ":::{admonition} The shape rule\n:class: important\n\nAlways.\n:::"
    assert download.plain_markdown(text, {}) == "**The shape rule**\n\n\nAlways."


def test_labels_and_comments_go(download: ModuleType) -> None:
    assert download.plain_markdown("(sec-1)=\n% deck row 1\n## Title", {}) == "## Title"


def test_a_link_to_another_machine_stays(download: ModuleType) -> None:
    text = "[the data](https://example.org/#part)"
    assert download.plain_markdown(text, {}) == text


def test_hidden_cells_stay_hidden_and_still_run(download: ModuleType) -> None:
    cell = v4.new_code_cell("x = 1", metadata={"tags": ["remove-cell"]})
    shown = v4.new_code_cell("y = 2", metadata={"tags": []})
    notebook = download.readable(v4.new_notebook(cells=[cell, shown]))
    assert notebook.cells[0].metadata["jupyter"] == {"source_hidden": True}
    assert notebook.cells[0].source == "x = 1"
    assert "jupyter" not in notebook.cells[1].metadata
