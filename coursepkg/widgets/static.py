"""The form of a widget that needs no kernel: one piece of HTML with everything inside it."""

import html
import json
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_IMPORT = re.compile(r'from "\./([\w./-]+)"')
_COMMENTS = re.compile(r"^ *(?://[^\n]*|/\*.*?\*/)\n", re.DOTALL | re.MULTILINE)
_REMARK = re.compile(r"(?<=[;,{(]) // [^`\n]*$", re.MULTILINE)
_PLAIN_TEMPLATE = re.compile(r"(?:=>|[=(?:,\[]|return) ?`[^`]*$")
_SHARED = re.compile(r'<(script|style)[^>]* data-coursepkg="([^"]+)">.*?</\1>\n?', re.DOTALL)


@cache
def sources(script: str) -> dict[str, str]:
    """Text of a module and of all it imports, by file name; what is imported comes first.

    They come without what only who reads the files needs, see `_lean`.

    >>> list(sources("jacobian_xray.js"))
    ['links.js', 'theme.js', 'template.js', 'frame.js', 'pixels.js', 'jacobian_xray.js']
    """
    text = (FOLDER / script).read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for path in _IMPORT.findall(text):
        found |= sources(path)
    return found | {Path(script).name: _lean(text)}


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
    host = _lean((FOLDER / "host.js").read_text(encoding="utf-8"))
    host = f"(() => {{\n{_lean(_loader())}{host}}})();"
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
    """Style sheets of a module and of all it imports: those that stand beside a script.

    >>> list(styles("jacobian_xray.js"))
    ['frame.css', 'jacobian_xray.css']
    """
    names = [Path(name).with_suffix(".css").name for name in sources(script)]
    texts = {
        name: _lean((FOLDER / name).read_text(encoding="utf-8"))
        for name in names
        if (FOLDER / name).exists()
    }
    return {name: re.sub(r"([{;,])\n", r"\1", text) for name, text in texts.items()}


def _lean(text: str) -> str:
    """Drop comments, and indentation where it means nothing.

    It means something in templates without a tag: these hold Python.

    >>> _lean("/* Why */\\n  a = html`\\n  <b>`;\\n  c = `if x:\\n    y`;\\n")
    'a = html`\\n<b>`;\\nc = `if x:\\n    y`;\\n'
    """
    lines, inside = [], False
    for line in _COMMENTS.sub("", text).splitlines(keepends=True):
        lines.append(line if inside else _REMARK.sub("", line.lstrip(" ")))
        if line.count("`") % 2:
            inside = not inside and _PLAIN_TEMPLATE.search(line) is not None
    return "".join(lines)


def _loader() -> str:
    return (FOLDER / "loader.js").read_text(encoding="utf-8")


def _inert(code: str) -> str:
    """Write JavaScript so that no text in it can end, or open, a script element."""
    return code.replace("</", "<\\/").replace("<!--", "<\\!--")
