"""Bibliography entries as plain list items: ARIA has given up the role that docutils writes."""

from functools import cache
from typing import Any

from pybtex import plugin
from sphinx.application import Sphinx

# Each page styles its references anew, and to find a style pybtex reads the metadata of every
# package that is installed.
plugin._load_entry_point = cache(plugin._load_entry_point)


def mend(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    if "body" in context:
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", mend)
    return {"parallel_read_safe": True}
