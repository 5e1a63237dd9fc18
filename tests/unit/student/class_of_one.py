"""A notebook of A5 for the tests of `coursepkg.student`; without nbformat, which takes seconds."""

import json
import re
from pathlib import Path
from typing import Any

from coursepkg.student.folder import HIDDEN

LINEAR = """\
def linear(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w, b)"""
LINEAR_BACKWARD = """\
def linear_backward(dout, cache):
    x, w, b = cache
    dw = x.reshape(len(x), -1).T @ dout
    return (dout @ w.T).reshape(x.shape), dw, dout.sum(axis=0)"""
NOT_SUMMED = LINEAR_BACKWARD.replace("dout.sum(axis=0)", "dout")
RELU = "def relu(x):\n    return np.maximum(x, 0), x"
NOT_WRITTEN = 'def relu(x):\n    raise NotImplementedError("write your solution here")'
IMPORTS = "import numpy as np\n\nfrom coursepkg.checks import check, grade"


def cell(name: str, source: str, points: float | None = None, **marks: Any) -> dict[str, Any]:
    """A code cell as nbgrader marks it."""
    nbgrader = {"grade_id": name, "grade": points is not None, **marks}
    if points is not None:
        nbgrader |= {"points": points, "locked": True}
    metadata = {"nbgrader": nbgrader} if name else {}
    return {
        "cell_type": "code",
        "id": re.sub(r"\W+", "-", name or source)[:64],
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def cells(
    linear: str = LINEAR, linear_backward: str = LINEAR_BACKWARD, relu: str = RELU
) -> list[dict[str, Any]]:
    """An assignment with three questions."""
    return [
        cell("imports", IMPORTS, locked=True),
        cell("linear_solution", linear, solution=True),
        cell("linear", 'check("A5.linear")', points=3),
        cell("linear_backward_solution", linear_backward, solution=True),
        cell("linear_backward", 'check("A5.linear_backward")', points=5),
        cell("relu_solution", relu, solution=True),
        cell("relu", 'check("A5.relu")', points=1),
    ]


def write(path: Path, cells: list[dict[str, Any]]) -> Path:
    """Write a notebook of these cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def begun(folder: Path, handed: list[dict[str, Any]]) -> Path:
    """A folder as `start` makes it, in which the notebook was worked on."""
    write(folder / HIDDEN / "A5.ipynb", cells(*["raise NotImplementedError"] * 3))
    return write(folder / "A5.ipynb", handed)
