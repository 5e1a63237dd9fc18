"""Our scripts wait until the page stands: they are deferred, and run in the order given here."""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

ORDER = ["offline_search.js", "progress.js", "quiz.js", "progress_box.js"]


def defer(app: Sphinx, config: Config) -> None:
    """Jupyter Book lists every script of _static, in no order, to be run before the page."""
    found = {path.name for path in (Path(app.srcdir) / "_static").glob("*.js")}
    if found != set(ORDER):
        raise ValueError(f"scripts.py orders {sorted(ORDER)}, _static holds {sorted(found)}")
    config["html_js_files"] = [(name, {"defer": "defer"}) for name in ORDER]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", defer, priority=100)  # before Sphinx reads the list
    return {"parallel_read_safe": True, "parallel_write_safe": True}
