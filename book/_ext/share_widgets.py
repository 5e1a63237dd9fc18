"""Keep one copy of the scripts and styles that the widgets of a page have in common."""

from typing import Any

from sphinx.application import Sphinx

from coursepkg.widgets.static import share_once


def share(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    if "body" in context:
        context["body"] = share_once(context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", share)
    return {"parallel_read_safe": True}
