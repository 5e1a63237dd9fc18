"""Print the built book: ``python book/pdf.py`` writes ``build/book/book.pdf``.

The pages become one (`print_page.py`), which Chromium sets twice: once to learn on which page
everything stands, and once more with these numbers in the contents and beside the questions.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from playwright.sync_api import Page, sync_playwright
from print_page import printable
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "build" / "book" / "_build" / "html"
OUTPUT = ROOT / "build" / "book"
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MINUTES = 60_000
AUTHOR = "The coursepkg authors"

# Buttons that only do something go. Entries of a matrix, pictures and suspects stay.
READY = """async () => {
  await MathJax.startup.promise;
  await document.fonts.ready;
  const alive = () => [...document.querySelectorAll(".coursepkg-widget")]
    .every((place) => place.querySelector(".cw footer"));
  while (!alive()) await new Promise((again) => setTimeout(again, 50));
  for (const button of document.querySelectorAll(".cw-picture button"))
    button.hidden = /[a-z]{3}/i.test(button.innerText)
      && !button.querySelector("svg") && !button.closest("fieldset, .clinic-choices");
}"""
FILL = """(pages) => {
  for (const place of document.querySelectorAll("[data-page-of]"))
    place.textContent = pages[place.dataset.pageOf] ?? "";
}"""
HEADINGS = """() =>
  [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) => heading.textContent)
"""


def page_numbers(reader: PdfReader) -> dict[str, int]:
    """Return the page, counted from 1, of every place that a link leads to."""
    found = {}
    for name, place in reader.named_destinations.items():
        number = reader.get_destination_page_number(place)
        if number is not None:
            found[name.removeprefix("/")] = number + 1
    return found


def set_pages(page: Page, path: Path, final: bool) -> None:
    page.pdf(
        path=path, prefer_css_page_size=True, print_background=True, outline=final, tagged=final
    )


def print_book(source: Path, target: Path, path: str) -> list[str]:
    """Set the page `source` with the browser at `path`, write `target`, return the headings."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        page = browser.new_page(viewport={"width": 680, "height": 900}, color_scheme="light")
        page.set_default_timeout(4 * MINUTES)
        page.emulate_media(media="print")
        page.goto(source.as_uri(), wait_until="load")
        page.evaluate(READY)
        set_pages(page, target, final=False)
        page.evaluate(FILL, page_numbers(PdfReader(target)))
        set_pages(page, target, final=True)
        headings: list[str] = page.evaluate(HEADINGS)
        browser.close()
    return headings


def bookmarks(parent: DictionaryObject) -> Iterator[DictionaryObject]:
    """Every entry of the outline below one."""
    child = parent.get("/First")
    while child is not None:
        entry = child.get_object()
        yield entry
        yield from bookmarks(entry)
        child = entry.get("/Next")


def describe(target: Path, author: str, headings: list[str]) -> int:
    """Say who wrote it, and open it with its bookmarks in view; return the number of pages."""
    writer = PdfWriter(clone_from=target)
    writer.add_metadata({"/Author": author})
    # Chromium drops the space where a heading breaks into two lines.
    whole = {"".join(text.split()): " ".join(text.split()) for text in headings}
    outline = writer.root_object["/Outlines"].get_object()
    for bookmark in bookmarks(cast(DictionaryObject, outline)):
        said = str(bookmark["/Title"])
        title = whole.get("".join(said.split()), said)
        bookmark[NameObject("/Title")] = TextStringObject(title)
    writer.page_mode = "/UseOutlines"
    writer.write(target)
    return len(writer.pages)


def main() -> int:
    if not (BUILT / "index.html").exists():
        print("There is no book to print yet: run `python book/build.py` first.")
        return 1
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        print("No Chromium on PATH: install it, or name it in the variable CHROMIUM.")
        return 1
    source = OUTPUT / "print.html"
    site, folder = os.environ.get("BOOK_SITE", ""), os.environ.get("BOOK_FOLDER", "latest")
    address = f"{site.rstrip('/')}/{folder}" if site else ""
    source.write_text(printable(BUILT, address), encoding="utf-8")
    target = OUTPUT / "book.pdf"
    headings = print_book(source, target, chromium)
    pages = describe(target, AUTHOR, headings)
    print(f"The printed book, {pages} pages: {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
