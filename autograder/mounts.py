"""What there is inside the jail: the command line of bubblewrap.

Libraries of the system, Python's standard library, NumPy and Matplotlib with what they require,
the parts of `coursepkg` that hold no answer, and the worker. Nothing else that is installed, no
home, no course, no test.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import sys
import sysconfig
from pathlib import Path

HOUSE = Path(__file__).resolve().parent
PACKAGES = "/packages"
ALLOWED_DISTRIBUTIONS = ("numpy", "matplotlib", "ipython")
ALLOWED_GRADER = ("__init__", "lockup", "objects", "recording", "shell", "wire", "worker")
ALLOWED_COURSEPKG = (
    "__init__.py",
    "backend.py",
    "derivatives.py",
    "gradcheck.py",
    "gradjudge.py",
    "gradpatterns.py",
    "gradreport.py",
    "imports.py",
    "datasets",
)
MIB = 2**20


def bubblewrap(program: str) -> list[str]:
    """The command line of bubblewrap up to, not including, the command that it runs."""
    flags = "--unshare-all --unshare-user --uid 1000 --gid 1000 --die-with-parent --new-session"
    flags += " --as-pid-1 --cap-drop ALL --hostname grader"
    mounts = [*_system_mounts(), *_python_mounts(), *_package_mounts()]
    mounts += ["--proc", "/proc", "--dev", "/dev", "--size", str(MIB), "--tmpfs", "/dev/shm"]
    mounts += ["--size", str(32 * MIB), "--tmpfs", "/scratch"]
    mounts += ["--remount-ro", "/dev/shm", "--remount-ro", "/dev", "--remount-ro", "/"]
    return [program, *flags.split(), *mounts, "--chdir", "/scratch", "--"]


def _system_mounts() -> list[str]:
    """Shared libraries, no programs."""
    mounts: list[str] = []
    for name in ("lib", "lib64", "lib32", "usr/lib", "usr/lib64"):
        path = Path("/", name)
        if path.is_symlink():
            mounts += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            mounts += ["--ro-bind", str(path), str(path)]
    for name in ("ld.so.cache", "localtime"):
        mounts += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return mounts


def _python_mounts() -> list[str]:
    """The interpreter and its standard library, with every folder of installed packages hidden."""
    executable, prefix = os.path.realpath(sys.executable), Path(sys.base_prefix)
    mounts = ["--ro-bind", executable, executable]
    standard = Path(sysconfig.get_path("stdlib"))
    for path in (standard, *sorted(prefix.glob("lib/libpython*"))):
        if not path.is_relative_to("/usr/lib"):
            mounts += ["--ro-bind", str(path), str(path)]
    shelves = {standard / "site-packages", standard / "dist-packages"}
    shelves |= set(Path("/usr/lib").glob("python*/dist-packages"))
    shelves |= set(Path("/usr/lib").glob("python*/site-packages"))
    for shelf in sorted(shelf for shelf in shelves if shelf.is_dir()):
        mounts += ["--size", "4096", "--tmpfs", str(shelf), "--remount-ro", str(shelf)]
    return mounts


def _package_mounts() -> list[str]:
    """The allowlist, gathered under one folder: nothing else that is installed exists inside."""
    mounts: list[str] = []
    for path in sorted(_package_paths()):
        mounts += ["--ro-bind", str(path), f"{PACKAGES}/{path.name}"]
    for name in ALLOWED_GRADER:
        mounts += ["--ro-bind", str(HOUSE / f"{name}.py"), f"{PACKAGES}/autograder/{name}.py"]
    course = HOUSE.parent / "coursepkg"
    for name in ALLOWED_COURSEPKG:
        mounts += ["--ro-bind-try", str(course / name), f"{PACKAGES}/coursepkg/{name}"]
    stub = f"{PACKAGES}/coursepkg/checks/__init__.py"
    return [*mounts, "--ro-bind", str(HOUSE / "jail_checks.py"), stub]


def _package_paths() -> set[Path]:
    """Top-level files and folders of the allowed distributions and of all that they require."""
    paths: set[Path] = set()
    seen: set[str] = set()
    todo = list(ALLOWED_DISTRIBUTIONS)
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # a requirement for another platform
        tops = {file.parts[0] for file in distribution.files or () if file.parts[0] != ".."}
        paths |= {Path(str(distribution.locate_file(top))) for top in tops - {"__pycache__"}}
        needs = [need for need in distribution.requires or () if "extra ==" not in need]
        todo += [re.split(r"[^A-Za-z0-9._-]", need, maxsplit=1)[0] for need in needs]
    return {path for path in paths if path.exists()}
