"""Buttons that open an executed page as a notebook elsewhere, once there is an elsewhere.

``BOOK_REPOSITORY`` or ``course_repository``, such as ``https://github.com/someone/course``, brings
Colab and Binder; they open the notebooks that `publish.py` leaves on the branch ``gh-pages``.
``BOOK_LIVE=1`` brings the notebooks that run in the reader's browser (`live.py`). Without them
there are no buttons.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat.v4
from nbformat import NotebookNode
from sphinx.application import Sphinx

BRANCH = "gh-pages"
GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)")


def owner_and_name(repository: str) -> str:
    """Return what stands after the host.

    >>> owner_and_name("https://github.com/someone/course")
    'someone/course'
    """
    found = GITHUB.fullmatch(repository)
    if not found:
        raise ValueError(
            f"BOOK_REPOSITORY looks like https://github.com/owner/name, but is {repository!r}"
        )
    return found[1]


def services(repository: str, folder: str, notebook: str) -> list[dict[str, str]]:
    """Return a button for each service that opens notebooks of a repository."""
    name = owner_and_name(repository)
    path = quote(f"{folder}/notebooks/{notebook}")
    return [
        {
            "text": "Colab",
            "icon": "_static/images/logo_colab.png",
            "url": f"https://colab.research.google.com/github/{name}/blob/{BRANCH}/{path}",
        },
        {
            "text": "Binder",
            "icon": "_static/images/logo_binder.svg",
            "url": f"https://mybinder.org/v2/gh/{name}/{BRANCH}?urlpath=lab/tree/{path}",
        },
    ]


def install_cell(repository: str) -> NotebookNode:
    """Return the first cell of a notebook that may be opened where the library is not."""
    source = (
        "try:\n    import coursepkg\n"
        "except ImportError:  # on Colab, for example\n"
        f'    %pip install --quiet "coursepkg[widgets] @ git+{repository}"'
    )
    return nbformat.v4.new_code_cell(source, id="install")


def buttons(app: Sphinx, page: str) -> list[dict[str, str]]:
    """Return the buttons of a page; none if it is not executed."""
    config = app.config
    if not (Path(app.env.mystnb_config.output_folder) / f"{page}.ipynb").exists():
        return []
    notebook = f"{Path(page).name}.ipynb"
    found = []
    if config.course_live:
        up = "../" * page.count("/")
        url = f"{up}live/lab/index.html?path={quote(notebook)}"
        icon = "_static/images/logo_jupyterlite.svg"
        found.append({"text": "Run in this browser", "icon": icon, "url": url})
    if config.course_repository:
        found += services(config.course_repository, config.course_folder, notebook)
    return found


def offer(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    found = buttons(app, page) if doctree else []
    if found:
        group = {
            "type": "group",
            "label": "launch-buttons",
            "icon": "fas fa-rocket",
            "tooltip": "Run this page",
            "buttons": [
                {"type": "link", "tooltip": f"Open as a notebook: {button['text']}", **button}
                for button in found
            ],
        }
        context["header_buttons"].insert(0, group)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", offer, priority=502)  # the theme has made its list by then
    return {"parallel_read_safe": True, "parallel_write_safe": True}
