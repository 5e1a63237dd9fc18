"""Build the book: ``python book/build.py`` writes ``build/book/_build/html``.

Executed pages are cached by their own text, so a change in what stands behind them would go unseen:
all outputs are thrown away when the sources of `coursepkg` change, those of one page when what it
`READS` does. Pages that have to run again do so first, all together and one on each core; Sphinx
then finds their outputs. Where nothing has changed since the last build, nothing is done.
"""

import logging
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from coursepkg.imports import skip_address_grammar
from coursepkg.sources import source_digest

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "build" / "book"
INDEX = OUTPUT / "_build" / "html" / "index.html"
RUN = """
from coursepkg.imports import skip_address_grammar
skip_address_grammar()
from jupyter_book.cli.main import main
main()
"""
SUFFIXES = {".py", ".js", ".css", ".json"}
READS = {
    "appendices/instructors.md": ["autograder", "assignments/source", "docs"],
    "chapters/12-autodiff.md": ["benchmarks/results"],
}
"""Folders that the cells of a page read, besides the library."""


def library_hash(package: Path) -> str:
    """Return a digest of everything below `package` that a page may show the effect of."""
    return source_digest(package, SUFFIXES)


def is_new(stamp: Path, digest: str) -> bool:
    """Note a digest in the file `stamp`; return whether there was another one before, or none."""
    if stamp.exists() and stamp.read_text() == digest:
        return False
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)
    return True


def drop_stale_outputs(output: Path, package: Path) -> bool:
    """Delete what was built with another version of `package`; return whether there was any."""
    stale = is_new(output / "library.sha256", library_hash(package))
    if stale:
        shutil.rmtree(output / "_build", ignore_errors=True)
    return stale


def name_of(page: Path) -> str:
    return page.relative_to(ROOT / "book").as_posix()


def page_hash(page: Path) -> str:
    """Return a digest of a page and of what it reads, but for the library."""
    digest = sha256(page.read_bytes())
    for folder in READS.get(name_of(page), []):
        digest.update(source_digest(ROOT / folder, SUFFIXES | {".md"}).encode())
    return digest.hexdigest()


def book_hash() -> str:
    """Return a digest of all that goes into the book."""
    digest = sha256(library_hash(ROOT / "coursepkg").encode())
    for path in sorted(p for p in (ROOT / "book").rglob("*") if p.is_file()):
        if "__pycache__" not in path.parts:
            digest.update(name_of(path).encode() + page_hash(path).encode())
    settings = {name: os.environ[name] for name in os.environ if name.startswith("BOOK_")}
    digest.update(repr(sorted(settings.items())).encode())
    return digest.hexdigest()


def execute_together(pages: list[Path], folder: Path) -> None:
    """Run the pages that the cache in `folder` does not know; Sphinx reports what fails here."""
    from jupyter_cache import get_cache  # takes seconds, which a change of style does without
    from jupyter_cache.executors import load_executor

    cache = get_cache(folder)
    for page in pages:
        cache.add_nb_to_project(str(page), read_data={"name": "myst_nb_md", "type": "plugin"})
        known = cache.get_cached_project_nb(str(page)) if name_of(page) in READS else None
        if known is not None:  # with the same text: what it reads is new, which Sphinx cannot see
            cache.remove_cache(known.pk)
            doctree = folder.with_name(".doctrees") / name_of(page)
            doctree.with_suffix(".doctree").unlink(missing_ok=True)
    executor = load_executor("local-parallel", cache, logger=logging.getLogger("book"))
    executor.run_and_cache(filter_uris=[str(page) for page in pages], timeout=120)


def executable(folder: Path) -> list[Path]:
    """Return the pages that hold code cells."""
    pages = sorted(folder.rglob("*.md"))
    return [page for page in pages if "\nkernelspec:\n" in page.read_text(encoding="utf-8")]


def main() -> int:
    built, sources = OUTPUT / "_build" / "book.sha256", book_hash()
    if built.exists() and built.read_text() == sources:
        print(f"Nothing has changed since the book was built: {INDEX}")
        return 0
    drop_stale_outputs(OUTPUT, ROOT / "coursepkg")
    skip_address_grammar()
    jupyter_book = [sys.executable, "-c", RUN, "build", str(ROOT / "book")]
    strict = ["-W", "-n", "--keep-going", "--path-output", str(OUTPUT)]
    # The matrices are small: on a busy machine two threads of BLAS spend their time waiting for
    # each other. The debugger's warning would count as output of a cell, and fail the build.
    os.environ.update(OPENBLAS_NUM_THREADS="1", PYDEVD_DISABLE_FILE_VALIDATION="1")
    stamps = OUTPUT / "_build" / "pages"
    pages = executable(ROOT / "book")
    changed = [page for page in pages if is_new(stamps / f"{page.stem}.sha256", page_hash(page))]
    if changed:
        execute_together(changed, OUTPUT / "_build" / ".jupyter_cache")
    code = subprocess.run([*jupyter_book, *strict]).returncode
    if code == 0:
        is_new(built, sources)
        print(f"The book: {INDEX}")
    return code


if __name__ == "__main__":
    sys.exit(main())
