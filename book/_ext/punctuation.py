"""No line begins with a comma: punctuation after a formula stays with the formula.

A browser may break a line behind any formula in the text, also before the full stop.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

CLOSING = re.compile(r"[.,;:!?)\]\N{RIGHT DOUBLE QUOTATION MARK}]+")


def keep_together(app: Sphinx, doctree: nodes.document) -> None:
    """Put each formula and the punctuation behind it into a span that is never broken."""
    for formula in list(doctree.findall(nodes.math)):
        after = formula.next_node(descend=False, siblings=True)
        found = CLOSING.match(after.astext()) if isinstance(after, nodes.Text) else None
        if found:
            rest = nodes.Text(after.astext()[found.end() :])
            after.parent.replace(after, rest)
            formula.replace_self(
                nodes.inline("", "", formula.deepcopy(), nodes.Text(found[0]), classes=["keep"])
            )


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-read", keep_together)
    return {"parallel_read_safe": True}
