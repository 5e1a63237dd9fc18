"""Chapters that run in the reader's browser: ``python book/live.py`` writes ``build/live/site``.

A JupyterLite site that holds every executed chapter as a notebook and the library as a wheel. It
needs no server that computes, but unlike the book it needs a network: the first time it starts, the
reader's browser loads Python (Pyodide), NumPy and matplotlib from another machine.

It is built in an environment of its own: whatever extension lies beside it would end up in it.
"""

import json
import shutil
import subprocess
import sys
import venv
from html import escape
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "build" / "live"
NOTEBOOKS = ROOT / "build" / "book" / "_build" / "html" / "notebooks"
LOCK = ROOT / "requirements" / "live.lock"
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
INSTALL = """# Once for each time you open this notebook: Python, the library and its widgets.
# A star at the left means: still loading. If it stays for minutes, there is no network.
%pip install --quiet "coursepkg[widgets]"
"""
STYLE = (
    "body{max-width:40rem;margin:8vh auto;padding:0 1rem;font:1.05rem/1.5 system-ui,sans-serif;"
    "color:#1d1f24;background:#fff}a{color:#0b62a8}"
    "@media(prefers-color-scheme:dark){body{color:#e8eaef;background:#16181d}a{color:#6cb6f5}}"
)


def environment(folder: Path) -> Path:
    """Make the environment of the builder, unless it is there; return where its programs are."""
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    stamp = folder / "live.lock"
    wanted = LOCK.read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(folder, clear=True, with_pip=True)
        pip = [programs / "python", "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--require-hashes", "-r", LOCK], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return programs


def runnable(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Give a notebook the kernel that lives in the browser, and the library."""
    notebook.metadata["kernelspec"] = KERNEL
    if notebook.cells and notebook.cells[0].get("id") == "install":
        del notebook.cells[0]  # that one was for machines with a shell
    notebook.cells.insert(0, nbformat.v4.new_code_cell(INSTALL, id="install"))
    for cell in notebook.cells:
        cell.metadata["trusted"] = True  # or its figures are shown as the words that are in them
    return notebook


def title(notebook: nbformat.NotebookNode) -> str:
    """Return the first heading of a notebook.

    >>> cell = nbformat.v4.new_markdown_cell("# 3 Gradients\\n\\nA step.")
    >>> title(nbformat.v4.new_notebook(cells=[cell]))
    '3 Gradients'
    """
    texts = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return next(line[2:] for line in texts.splitlines() if line.startswith("# "))


def run_page(titles: dict[str, str]) -> str:
    """The page that says what will happen, and lists the chapters."""
    links = "".join(
        f'<li><a href="lab/index.html?path={name}">{escape(said)}</a></li>\n'
        for name, said in titles.items()
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Run a chapter</title><style>{STYLE}</style></head><body><main>
<h1>Run a chapter</h1>
<p>Python itself runs in your browser here: change a cell, press Shift and Enter, and see. Nothing
is installed on your machine, no server computes, and what you write stays in this browser.</p>
<p><strong>This needs the network</strong>, unlike the pages of the book. The first start loads
some 30 MB from a public server (jsDelivr): Python as WebAssembly (Pyodide), NumPy, matplotlib.
Later starts find them in the browser's cache. The course's own library comes from here.</p>
<p>A notebook opens with the outputs it had when the book was built. Run its first cell first; it
brings Python and the library, and while it works there is a star at its left. Pictures that move
are alive in the notebook too, and answer to Python.</p>
<ul>
{links}</ul>
</main></body></html>
"""


def prepare(notebooks: Path, contents: Path) -> dict[str, str]:
    """Write every notebook for the browser's kernel; return their titles by file name."""
    shutil.rmtree(contents, ignore_errors=True)
    contents.mkdir(parents=True)
    titles = {}
    for path in sorted(notebooks.glob("*.ipynb")):
        notebook = runnable(nbformat.read(path, as_version=4))
        # Not nbformat's way, which forgets the trust and keeps a text as a list of its lines;
        # JupyterLite shows those with commas between them.
        whole = json.dumps(notebook, ensure_ascii=False, indent=1)
        (contents / path.name).write_text(whole, encoding="utf-8")
        if path.stem[0].isdigit():
            titles[path.name] = title(notebook)
    return titles


def build_site(programs: Path, output: Path) -> Path:
    """Build the library's wheel and the site around it."""
    wheels, site = output / "wheels", output / "site"
    for folder in (wheels, site):
        shutil.rmtree(folder, ignore_errors=True)
    pip = [programs / "python", "-m", "pip", "wheel", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--wheel-dir", wheels, ROOT], check=True)
    (wheel,) = wheels.glob("*.whl")
    options = ["--contents", "notebooks", "--piplite-wheels", wheel, "--output-dir", site]
    lite = [programs / "python", "-m", "jupyterlite_core.app", "build", "--lite-dir", output]
    subprocess.run([*lite, *options, "--no-sourcemaps", "--apps", "lab"], check=True, cwd=output)
    for leftover in site.rglob("*.map"):
        leftover.unlink()
    return site


def main() -> int:
    if not NOTEBOOKS.exists():
        print("There are no executed chapters yet: run `python book/build.py` first.")
        return 1
    titles = prepare(NOTEBOOKS, OUTPUT / "notebooks")
    site = build_site(environment(OUTPUT / "env"), OUTPUT)
    (site / "run.html").write_text(run_page(titles), encoding="utf-8")
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"Chapters that run in the browser, {size / 1e6:.0f} MB: {site / 'run.html'}")
    print(f"Look at it with: python -m http.server --directory {site} --bind 127.0.0.1 8001")
    return 0


if __name__ == "__main__":
    sys.exit(main())
