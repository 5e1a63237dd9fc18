"""Assignment 6: the numbers that its statement quotes."""

import contextlib
import io
import re
from typing import Any

import numpy as np

from coursepkg.checks.a6 import TRAIN_STEP
from coursepkg.checks.a6_batchnorm import BATCHNORM, EVAL, RUNNING
from tests.unit.assignments.solutions import cells, marks, solution

TEXT = "\n".join(cell.source for cell in cells("A6") if cell.cell_type == "markdown")


def _matrices(after: str, until: str) -> list[np.ndarray]:
    """The matrices in a stretch of the statement."""
    stretch = TEXT[TEXT.index(after) :]
    found = re.findall(r"\\begin\{pmatrix\}(.*?)\\end", stretch[: stretch.index(until)], re.DOTALL)
    return [np.array([row.split("&") for row in one.split(r"\\")], dtype=float) for one in found]


def _close(quoted: list[np.ndarray], found: Any) -> None:
    for mine, right in zip(quoted, found, strict=True):
        np.testing.assert_allclose(mine, np.atleast_2d(right), atol=6e-5)


def test_the_worked_step() -> None:
    inputs = TRAIN_STEP.example.inputs
    _close(_matrices("For paper, with the numbers of A5", "The loss is"), [inputs[0], *inputs[2:6]])
    loss, *weights = solution("A6")["train_step"](*inputs)
    assert f"The loss is ${loss:.4f}$" in TEXT
    _close(_matrices("and afterwards", "## 4"), weights)


def test_the_worked_batch() -> None:
    case = BATCHNORM.example
    assert case.inputs[3] == 1e-5
    _close(_matrices("For paper, two features", "The means are"), case.inputs[:3])
    out, cache = solution("A6")["batchnorm"](*case.inputs)
    _close(_matrices("The means are", "Where people"), [out])
    grads = solution("A6")["batchnorm_backward"](case.dout, cache)
    _close(_matrices("For the example above and", "Where people"), [case.dout, *grads])


def test_the_running_statistics() -> None:
    mean, var = solution("A6")["running_statistics"](*RUNNING.example.inputs)
    assert "are $(0.25, 0.1)$, the new variances $(1.0667, 1.0333)$" in TEXT
    np.testing.assert_allclose([mean, var], [[0.25, 0.1], [1.0667, 1.0333]], atol=6e-5)


def test_the_sample_by_itself() -> None:
    np.testing.assert_allclose(
        solution("A6")["batchnorm_eval"](*EVAL.example.inputs), [[1, 1]], atol=6e-5
    )


def test_the_spreads() -> None:
    assert r"$s = \sqrt{2/256} = 0.0884$" in TEXT
    assert r"$s = \sqrt{2/512} = 0.0625$" in TEXT
    np.testing.assert_allclose([(2 / 256) ** 0.5, 0.01 * 128**0.5], [0.0884, 0.113], atol=2e-4)
    assert r"$0.01\sqrt{256/2} = 0.113$" in TEXT


def test_the_network_learns_from_a_loss_of_ln_10() -> None:
    """The training at the end of the notebook, as it stands there."""
    source = next(cell.source for cell in cells("A6") if marks(cell).get("grade_id") == "train")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(source, dict(solution("A6")))
    first, *_, last = printed.getvalue().splitlines()
    assert first.startswith("epoch 1: first loss 2.30")
    assert float(last.split()[-1]) < 0.3


def test_all_points_together() -> None:
    assert sum(marks(cell).get("points", 0) for cell in cells("A6")) == 25
