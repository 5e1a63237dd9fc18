"""Show a report once: as HTML in a notebook, as text everywhere else."""

import sys

from coursepkg.checks.report import Report


def show(report: Report) -> None:
    """Show the report to whoever called `check`.

    Its HTML is published as it is, not as a `Report`, which shows nothing by itself: at the end
    of a cell a notebook would show it a second time.
    """
    if not _in_notebook():
        print(report)
        return
    from IPython.display import display

    display({"text/plain": str(report), "text/html": report._repr_html_()}, raw=True)


def _in_notebook() -> bool:
    """Whether an IPython kernel runs this; its terminal shows no HTML."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")
