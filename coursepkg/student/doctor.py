"""Is everything here that an assignment needs?"""

import importlib.metadata
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PYTHON = (3, 11)
NUMPY = (2, 0)
DISK = 200 * 2**20
"""Bytes that ought to be free: a few notebooks, and room for the programs that edit them."""


@dataclass(frozen=True)
class Finding:
    """One thing that is needed: is it there, what was found, and how to mend it."""

    what: str
    works: bool
    found: str
    remedy: str = ""


def examine_machine(folder: Path) -> list[Finding]:
    """Look at Python, NumPy, the kernel and the disk.

    Examples
    --------
    >>> [finding.what for finding in examine_machine(Path.cwd())]
    ['Python', 'NumPy', 'kernel', 'disk']
    """
    return [_python(), _numpy(), _kernel(), _disk(folder)]


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    remedy = "install Python 3.11 or newer from python.org, and coursepkg with it"
    return Finding("Python", sys.version_info >= PYTHON, found, remedy)


def _numpy() -> Finding:
    found = _version("numpy")
    works = found is not None and tuple(map(int, found.split(".")[:2])) >= NUMPY
    return Finding("NumPy", works, found or "not installed", "pip install 'numpy>=2.0'")


def _kernel() -> Finding:
    """Start a kernel, as the program that shows notebooks will."""
    try:
        from jupyter_client.kernelspec import NoSuchKernel
        from jupyter_client.manager import start_new_kernel
    except ImportError:
        remedy = "pip install 'coursepkg[student]'"
        return Finding("kernel", False, "ipykernel is not installed", remedy)
    start = time.monotonic()
    try:
        manager, client = start_new_kernel(kernel_name="python3", stderr=subprocess.DEVNULL)
    except (NoSuchKernel, RuntimeError, OSError) as error:
        remedy = "pip install 'coursepkg[student]', then python -m ipykernel install --user"
        return Finding("kernel", False, f"none starts ({error})", remedy)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    return Finding("kernel", True, f"started in {time.monotonic() - start:.1f} s")


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK):
        return Finding("disk", False, f"{folder} cannot be written in", "go to a folder of yours")
    found = f"{free / 2**30:.1f} GB free"
    return Finding("disk", free >= DISK, found, "free at least 0.2 GB")


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
