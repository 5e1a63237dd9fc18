"""Work that is not what was asked for is brought to the instructor's attention."""

import pytest

from autograder.examine import examine
from autograder.intake import Submission
from autograder.manifest import Cell, Manifest
from autograder.originality import borrowed
from autograder.sandbox import Jail

OWN = """
def norm(x, gamma, beta, eps=1e-5):
    \"\"\"Normalise.\"\"\"
    mean = x.mean(axis=0)
    centred = x - mean
    inv_std = 1 / np.sqrt((centred * centred).mean(axis=0) + eps)
    xhat = centred * inv_std
    return gamma * xhat + beta, (xhat, inv_std, gamma)
"""
CELL = Cell("norm_solution", "solution", "code", 0, "", OWN, {})


@pytest.mark.parametrize(
    ("answer", "remarks"),
    [
        (OWN.replace("centred", "c").replace("Normalise", "Mine") + "# my own", 1),
        (OWN.replace("def norm(x", "def norm(x: np.ndarray"), 1),
        (OWN.replace("x - mean", "x - x.mean(axis=0)"), 0),
        ("def norm(", 0),
        ("", 0),
    ],
)
def test_the_own_solution_is_recognised(answer: str, remarks: int) -> None:
    assert len(list(borrowed([CELL], {"norm_solution": answer}))) == remarks


def test_a_short_answer_is_no_copy() -> None:
    short = "def relu(x):\n    return np.maximum(x, 0), x"
    cell = Cell("relu", "solution", "code", 0, "", short, {})
    assert not list(borrowed([cell], {"relu": short}))


@pytest.mark.parametrize(
    "line",
    [
        "from coursepkg.functional import linear",
        "from coursepkg import functional as F",
        "import coursepkg.layers",
        "from coursepkg.checks import check; from coursepkg.network import mlp",
    ],
)
def test_an_import_of_answers_is_named(line: str) -> None:
    (remark,) = borrowed([CELL], {"norm_solution": line})
    assert "which holds answers" in remark


def test_open_modules_may_be_imported() -> None:
    line = "import coursepkg\nfrom coursepkg.checks import check\nimport coursepkg.gradcheck as g"
    assert not list(borrowed([CELL], {"norm_solution": line}))


FORWARD = "import numpy as np\ndef cube(x):\n    return x**3, x\n"
HONEST = "def cube_backward(dout, cache):\n    return 3 * cache**2 * dout\n"
NUMERICAL = """
def cube_backward(dout, cache):
    x, dx = cache.copy(), np.zeros_like(cache)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + 1e-6
        above = FORWARD
        x[i] = old - 1e-6
        below = FORWARD
        x[i] = old
        dx[i] = (dout * (above - below)).sum() / 2e-6
    return dx
"""
TEST = """
rng = np.random.default_rng(0)
for n in range(5):
    x, dout = rng.normal(size=(2, 20, 30))
    out, cache = cube(x)
    right = np.allclose(cube_backward(dout, cache), 3 * x**2 * dout, rtol=1e-4)
1.0 * right
"""
MANIFEST = Manifest(
    "T1",
    [
        Cell("imports", "given", "code", 0, "import numpy as np", "import numpy as np", {}),
        Cell("solution", "solution", "code", 0, "", FORWARD + HONEST, {}),
        Cell("cube_backward", "test", "code", 1, "", TEST, {}),
    ],
)


@pytest.mark.jail
@pytest.mark.parametrize(
    ("backward", "words"),
    [
        (HONEST, None),
        (NUMERICAL.replace("FORWARD", "cube(x)[0]"), "calls `cube` 1200 times"),
        (NUMERICAL.replace("FORWARD", "x**3"), "times as long as the forward pass"),
    ],
)
def test_a_numerical_gradient_is_noticed(open_jail: Jail, backward: str, words: str | None) -> None:
    submission = Submission("ann", {"solution": FORWARD + backward})
    result = examine(submission, MANIFEST, open_jail, b"key", 20)
    assert result.points == 1
    assert [words in remark for remark in result.remarks if words] == ([True] if words else [])
