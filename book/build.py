"""Build the book: ``python book/build.py`` writes ``build/book/_build/html``.

Executed chapters are cached by their own text, so a change in the library behind them would go
unseen: the outputs are thrown away whenever the sources of `coursepkg` change.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from coursepkg.sources import source_digest

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "build" / "book"
SUFFIXES = {".py", ".js", ".css"}


def library_hash(package: Path) -> str:
    """Return a digest of everything below `package` that a chapter may show the effect of."""
    return source_digest(package, SUFFIXES)


def drop_stale_outputs(output: Path, package: Path) -> bool:
    """Delete what was built with another version of `package`; return whether there was any."""
    stamp = output / "library.sha256"
    current = library_hash(package)
    stale = not stamp.exists() or stamp.read_text() != current
    if stale:
        shutil.rmtree(output / "_build", ignore_errors=True)
        output.mkdir(parents=True, exist_ok=True)
        stamp.write_text(current)
    return stale


def main() -> int:
    drop_stale_outputs(OUTPUT, ROOT / "coursepkg")
    run = "from jupyter_book.cli.main import main; main()"
    jupyter_book = [sys.executable, "-c", run, "build", str(ROOT / "book")]
    strict = ["-W", "-n", "--keep-going", "--path-output", str(OUTPUT)]
    # The matrices are small: on a busy machine two threads of BLAS spend their time waiting for
    # each other. The debugger's warning would count as output of a cell, and fail the build.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    code = subprocess.run([*jupyter_book, *strict], env=environment).returncode
    if code == 0:
        print(f"The book: {OUTPUT / '_build' / 'html' / 'index.html'}")
    return code


if __name__ == "__main__":
    sys.exit(main())
