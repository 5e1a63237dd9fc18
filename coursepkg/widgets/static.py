"""The form of a widget that needs no kernel: one piece of HTML with everything inside it."""

import html
import json
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_IMPORT = re.compile(r'from "\./([\w./-]+)"')
_SHARED = re.compile(r'<(script|style)[^>]* data-coursepkg="([^"]+)">.*?</\1>\n?', re.DOTALL)


@cache
def sources(script: str) -> dict[str, str]:
    """Text of a module and of all it imports, by file name; what is imported comes first.

    >>> list(sources("jacobian_xray.js"))
    ['links.js', 'theme.js', 'template.js', 'frame.js', 'jacobian_xray.js']
    """
    text = (FOLDER / script).read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for path in _IMPORT.findall(text):
        found |= sources(path)
    return found | {Path(script).name: text}


def jupyter_esm(script: str) -> str:
    """One ECMAScript module, as anywidget wants it, out of a script and its imports."""
    return (
        f"const texts = {json.dumps(sources(script))};\n"
        f"{_loader()}"
        f'export default await loader((name) => texts[name])("{script}");\n'
    )


def static_html(script: str, state: dict[str, object], title: str, alt: str) -> str:
    """HTML that is alive in any page, also one opened from ``file://``.

    Every piece stands complete on its own; where several share a page, `share_once` keeps
    a single copy of what they have in common.
    """
    data = json.dumps(state).replace("<", "\\u003c")
    modules = "".join(
        f'<script type="text/plain" data-coursepkg="{name}">{_inert(text)}</script>\n'
        for name, text in sources(script).items()
    )
    sheets = "".join(
        f'<style data-coursepkg="{name}">{text}</style>\n' for name, text in styles(script).items()
    )
    host = f"(() => {{\n{_loader()}{(FOLDER / 'host.js').read_text(encoding='utf-8')}}})();"
    return (
        f'<div class="coursepkg-widget" data-script="{script}">\n'
        f'<script type="application/json">{data}</script>\n'
        f"<p><strong>{html.escape(title)}</strong> {html.escape(alt)}</p>\n"
        f"</div>\n"
        f"{sheets}"
        f"{modules}"
        f'<script data-coursepkg="host.js">{_inert(host)}</script>\n'
    )


def share_once(page: str) -> str:
    """Drop every repetition of the scripts and styles that the widgets of a page share.

    >>> share_once('<style data-coursepkg="a">x</style>|<style data-coursepkg="a">x</style>')
    '<style data-coursepkg="a">x</style>|'
    """
    seen: set[str] = set()

    def keep_first(match: re.Match[str]) -> str:
        block = match.group(0).rstrip("\n")
        if block in seen:
            return ""
        seen.add(block)
        return match.group(0)

    return _SHARED.sub(keep_first, page)


def styles(script: str) -> dict[str, str]:
    """Style of the common frame, and of the widget where it has a sheet beside its script."""
    own = Path(script).with_suffix(".css").name
    names = ["frame.css", own] if (FOLDER / own).exists() else ["frame.css"]
    return {name: (FOLDER / name).read_text(encoding="utf-8") for name in names}


def _loader() -> str:
    return (FOLDER / "loader.js").read_text(encoding="utf-8")


def _inert(code: str) -> str:
    """Write JavaScript so that no text in it can end, or open, a script element."""
    return code.replace("</", "<\\/").replace("<!--", "<\\!--")
