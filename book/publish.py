"""Put the built book into the folder that the web serves.

``BOOK_SITE=https://someone.github.io/course python book/publish.py SITE`` copies the built book
into ``SITE/latest``, and with ``BOOK_FOLDER=v0.1`` into ``SITE/v0.1``; other versions stay. Beside
them it writes what belongs to the whole site: the way in, the page for addresses that lead nowhere,
the map for search engines, and what Binder installs.
"""

import os
import re
import shutil
import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "build" / "book"
LATEST = "latest"
VERSION = re.compile(r"v\d+(\.\d+)+")
UNLISTED = {"genindex.html", "search.html"}
STYLE = (
    "body{max-width:38rem;margin:15vh auto;padding:0 1rem;font:1.1rem/1.5 system-ui,sans-serif;"
    "color:#1d1f24;background:#fff}a{color:#0b62a8}"
    "@media(prefers-color-scheme:dark){body{color:#e8eaef;background:#16181d}a{color:#6cb6f5}}"
)


def place(site: Path, folder: str, built: Path, live: Path, pdf: Path) -> None:
    """Replace one version of the book by what was built."""
    target = site / folder
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(built, target, ignore=shutil.ignore_patterns("_sources", ".buildinfo"))
    if live.exists():
        shutil.copytree(live, target / "live")
    if pdf.exists():
        shutil.copy(pdf, target / pdf.name)


def versions(site: Path) -> list[str]:
    """Return the folders with a version of the book, the latest first."""
    found = [path.parent.name for path in site.glob("*/index.html")]
    numbered = [name for name in found if VERSION.fullmatch(name)]
    numbered.sort(key=lambda name: [int(part) for part in name[1:].split(".")], reverse=True)
    return [LATEST] * (LATEST in found) + numbered


def page(title: str, body: str, head: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title>{head}<style>{STYLE}</style></head>"
        f"<body><main><h1>{title}</h1>{body}</main></body></html>\n"
    )


def not_found(address: str, names: list[str]) -> str:
    """The page for addresses that lead nowhere. It may stand at any depth: links are whole."""
    others = "".join(f'<li><a href="{address}/{name}/">{name}</a></li>' for name in names)
    return page(
        "There is no such page",
        "<p>It may have moved when the book changed. Sections keep their anchors, so the "
        f'<a href="{address}/{LATEST}/search.html">search</a> will find it, or start at '
        f'<a href="{address}/{LATEST}/">the beginning</a>.</p><p>Versions:</p><ul>{others}</ul>',
        '<meta name="robots" content="noindex">',
    )


def sitemap(address: str, latest: Path) -> str:
    """List the pages of the latest version."""
    pages = [
        path.relative_to(latest).as_posix()
        for path in sorted(latest.rglob("*.html"))
        if path.name not in UNLISTED
        and not {"_static", "live"} & set(path.relative_to(latest).parts)
    ]
    lines = "".join(
        f"<url><loc>{escape(f'{address}/{LATEST}/{name}')}</loc></url>\n" for name in pages
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n'
    )


def write_around(site: Path, address: str, repository: str) -> None:
    """Write what belongs to all versions together."""
    names = versions(site)
    first = f"{names[0]}/"
    head = f'<meta http-equiv="refresh" content="0; url={first}">'
    way_in = page("The book", f'<p>It is <a href="{first}">here</a>.</p>', head)
    (site / "index.html").write_text(way_in, encoding="utf-8")
    (site / "404.html").write_text(not_found(address, names), encoding="utf-8")
    (site / "sitemap.xml").write_text(sitemap(address, site / LATEST), encoding="utf-8")
    (site / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {address}/sitemap.xml\n")
    (site / ".nojekyll").touch()
    if repository:
        (site / ".binder").mkdir(exist_ok=True)
        wants = f"coursepkg[widgets] @ git+{repository}\nnotebook\n"
        (site / ".binder" / "requirements.txt").write_text(wants)


def main(arguments: list[str]) -> int:
    address = os.environ.get("BOOK_SITE", "").rstrip("/")
    folder = os.environ.get("BOOK_FOLDER", LATEST)
    built = BOOK / "_build" / "html"
    if len(arguments) != 1 or not address:
        print("Usage: BOOK_SITE=https://someone.github.io/course python book/publish.py FOLDER")
        return 2
    if folder != LATEST and not VERSION.fullmatch(folder):
        print(f"BOOK_FOLDER is {LATEST} or a version such as v0.1, but is {folder!r}")
        return 2
    if not (built / "index.html").exists():
        print("There is no book to publish yet: run `python book/build.py` first.")
        return 1
    site = Path(arguments[0])
    place(site, folder, built, ROOT / "build" / "live" / "site", BOOK / "book.pdf")
    write_around(site, address, os.environ.get("BOOK_REPOSITORY", "").rstrip("/"))
    print(f"In {site}: {', '.join(versions(site))}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
