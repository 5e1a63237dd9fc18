"""HTML pages that run nothing and load nothing, whatever text a student put into them."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import nh3
from markupsafe import Markup
from nbconvert.filters import markdown2html

from autograder.outputs import TAGS

TEMPLATES = Path(__file__).resolve().parent / "templates"
CONTROLS = {code: " " for code in range(32) if chr(code) not in "\t\n"}


def render(template: str, **values: Any) -> str:
    """A whole page from `templates/<template>`; every value is escaped.

    The page's content security policy allows its own style sheet, by hash, and nothing else.
    """
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    text = _environment().get_template(template)
    return text.render(style=Markup(style), policy=Markup(policy), **values)


def plain(text: str) -> str:
    """Text without control characters (a terminal's colours among them)."""
    return text.translate(CONTROLS)


def from_markdown(text: str) -> Markup:
    """Markdown as HTML in which no script, style, image or form is left."""
    return Markup(nh3.clean(markdown2html(text), tags=TAGS))


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = plain
    environment.filters["points"] = lambda points: f"{round(points, 2):g}"
    return environment
