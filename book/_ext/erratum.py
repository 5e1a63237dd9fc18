"""The role ``{erratum}`E-U12``` names an erratum within a line; links to it lead there."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole


def anchor(name: str) -> str:
    """Return the target of an erratum: ``erratum-e-u12``."""
    return f"erratum-{name.lower()}"


class Erratum(SphinxRole):
    """Its own name, as a target."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        label = anchor(self.text)
        place = nodes.target("", self.text, ids=[label], names=[label])
        self.inliner.document.note_explicit_target(place)
        return [place], []


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_role("erratum", Erratum())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
