"""Is there a jail on this machine? Each layer is tried, not only looked for."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import dataclass

from autograder.errors import NoJailError
from autograder.mounts import HOUSE
from autograder.sandbox import Jail, advice

LOCKED_UP = {
    "no network": "import socket; socket.create_connection(('127.0.0.1', 1), 1)",
    "no new processes": "import os; os.fork()",
    "no sight of other processes": "import os; os.listdir('/proc') or 1 / 0",
    "no writing outside scratch": "open('/packages/numpy/mark', 'w')",
    "no reading of your files": "import os; os.listdir({home!r})",
    "memory limit": "bytearray(3 * 2**30)",
    "disk limit": "open('big', 'wb').write(bytes(100 * 2**20))",
}
OPEN = "import numpy, matplotlib.pyplot; open('note', 'w').write('scratch works')"


@dataclass(frozen=True)
class Finding:
    """One layer of the jail: does it work, and how that is known or what to do."""

    layer: str
    works: bool
    words: str


def examine_machine() -> list[Finding]:
    """Try every layer; the first that is missing hides the ones behind it."""
    findings = [
        Finding("Linux", sys.platform == "linux", sys.platform),
        Finding("bubblewrap", shutil.which("bwrap") is not None, shutil.which("bwrap") or advice()),
    ]
    if not all(finding.works for finding in findings):
        return findings
    start = time.monotonic()
    try:
        with Jail() as jail:
            seconds = f"started in {time.monotonic() - start:.1f} s"
            findings.append(Finding("outer jail (bubblewrap, zygote)", True, seconds))
            with jail.worker(30) as worker:
                findings.append(Finding("inner jail (namespaces, seccomp)", True, "entered"))
                findings.append(_ordinary_work(worker.ask("run", cells=_cell(OPEN))))
                findings += [
                    _attempt(layer, code, worker.ask("run", cells=_cell(code)))
                    for layer, code in _attempts().items()
                ]
    except NoJailError as error:
        findings.append(Finding("the jail", False, str(error)))
    return findings


def _attempts() -> dict[str, str]:
    home = str(HOUSE)
    return {layer: code.format(home=home) for layer, code in LOCKED_UP.items()}


def _cell(code: str) -> list[dict[str, str]]:
    return [{"name": "attempt", "source": code}]


def _ordinary_work(told: list[dict[str, str]]) -> Finding:
    error = told[0]["error"]
    return Finding("NumPy, Matplotlib, scratch", error is None, error or "imported, written")


def _attempt(layer: str, code: str, told: list[dict[str, str]]) -> Finding:
    error = told[0]["error"]
    words = f"{code.split('; ')[-1]}: {error}" if error else f"{code} WAS POSSIBLE"
    return Finding(layer, error is not None, words)
