"""Make the file to hand in: a clean run, a look at every cell, a zip with a receipt. Offline."""

import re
import subprocess
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from coursepkg import __version__
from coursepkg.student.checking import Checked, check_notebook
from coursepkg.student.compare import differences, not_written, secrets
from coursepkg.student.errors import CannotTryError
from coursepkg.student.folder import Folder
from coursepkg.student.notebook import LARGEST, Cell, Target, cells_of, read
from coursepkg.student.running import SECONDS

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
LINE = re.compile(r"^ *Cell In ?\[\d+\],? line (\d+)", re.MULTILINE)
FILE = re.compile(r" \(\d+\.py, line \d+\)$")
"""What IPython adds to a syntax error: a name that nobody knows."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


@dataclass(frozen=True)
class Packed:
    """The zip file, its receipt, and what the student may want to look at first."""

    path: Path
    receipt: str
    remarks: list[str]


def pack(target: Target, student: str | None, seconds: float) -> Packed:
    """Write `A5_ada_0123abcd.zip` beside the notebook; whatever is wrong is said, and packed.

    Raises
    ------
    CannotTryError
        If it is not known whose it is, or the notebook cannot be read or tried.
    """
    folder = Folder.of(target)
    student = _name(folder, student)
    cells = read(target.path)
    bare = _without_outputs(target.path.read_text(encoding="utf-8-sig"))
    remarks = [*_look(cells, folder, bare), *clean_run(bare, folder.path, seconds)]
    checked = check_notebook(target, SECONDS)
    digest = sha256(bare).hexdigest()
    receipt = _receipt(target.assignment, student, digest, checked, remarks)
    path = folder.path / f"{target.assignment}_{student}_{digest[:8]}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{student}/{target.assignment}.ipynb", bare)
        archive.writestr(f"{student}/receipt.txt", receipt)
    return Packed(path, receipt, remarks)


def _name(folder: Folder, student: str | None) -> str:
    """The student's name on the roster: as given, or as given the last time."""
    known = folder.student.read_text(encoding="utf-8") if folder.student.is_file() else None
    name = student or known
    if name is None:
        command = f"coursepkg pack {folder.assignment} --id YOUR-ID"
        raise CannotTryError(f"say once who you are, as your instructor's roster does: {command}")
    if not NAME.fullmatch(name):
        raise CannotTryError(
            f"{name!r} can be no id: letters, digits and . _ @ - are expected, at most 64"
        )
    if name != known:
        folder.student.parent.mkdir(exist_ok=True)
        folder.student.write_text(name, encoding="utf-8")
    return name


def _without_outputs(text: str) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ids that are missing or there twice, which it mends
        notebook = nbformat.reads(text, as_version=4)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    bare: str = nbformat.writes(notebook)
    return (bare + "\n").encode()


def _look(cells: list[Cell], folder: Folder, bare: bytes) -> Iterator[str]:
    released = folder.released()
    if released is None:
        yield f"what was given out as {folder.assignment} is not known here: nothing was compared"
    else:
        yield from differences(cells, released)
    yield from not_written(cells)
    yield from secrets(cells)
    if len(bare) > LARGEST:
        size = f"{len(bare) / 2**20:.0f} MB without outputs, {LARGEST // 2**20} MB are taken"
        yield f"the notebook is too large ({size}): take pasted pictures out"


def clean_run(notebook: bytes, folder: Path, seconds: float) -> Iterator[str]:
    """Run a notebook without outputs from top to bottom in a fresh kernel; say which cells raise.

    Raises
    ------
    CannotTryError
        If there is no kernel.
    """
    copy = nbformat.reads(notebook.decode(), as_version=4)
    stopped = _execute(copy, folder, seconds)
    last = max((n for n, cell in enumerate(copy.cells) if cell.get("execution_count")), default=0)
    for number, (cell, run) in enumerate(zip(cells_of(copy), copy.cells, strict=True)):
        if stopped is not None and number == last:
            yield f"{cell.title} {stopped}; what stands after it was not run"
            return
        for output in run.get("outputs", []):
            if output.output_type == "error":
                yield f"{cell.title}, {_error(output)}"


def _execute(notebook: Any, folder: Path, seconds: float) -> str | None:
    """Execute the cells; return what stopped the kernel, if anything did."""
    client = NotebookClient(
        notebook,
        timeout=seconds,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute(stderr=subprocess.DEVNULL)  # the kernel has warnings of its own
    except CellTimeoutError:
        return f"ran longer than {seconds:g} s"
    except DeadKernelError:
        return "ended the kernel"
    except NoSuchKernel:
        raise CannotTryError("there is no Python kernel: run `coursepkg doctor`") from None
    return None


def _error(output: Any) -> str:
    """What a cell raised, with its line, which is in the text of the traceback only."""
    text = COLOUR.sub("", "\n".join(output.traceback))
    lines = LINE.findall(text)
    where = f"line {lines[-1]}: " if lines else ""
    return f"{where}{output.ename}: {FILE.sub('', output.evalue)}"


def _receipt(
    assignment: str, student: str, digest: str, checked: Checked, remarks: list[str]
) -> str:
    answers = checked.outcome.answers.values()
    right = sum(answer["ok"] for answer in answers)
    lines = [
        f"Receipt: {assignment} of {student}",
        f"packed    {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC with coursepkg {__version__}",
        f"notebook  sha256 {digest}",
        f"public    checks {checked.public}; {right} of {len(answers)} questions right so far",
        f"hidden    checks run after submission: {', '.join(checked.kept_back)}",
        *(f"remark    {remark}" for remark in remarks),
    ]
    return "\n".join(lines) + "\n"
