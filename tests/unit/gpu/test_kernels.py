"""The kernels compute what the readable forms say: compiled for the processor, and by the spy."""

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.derivatives import relative_error
from coursepkg.gpu import kernels
from coursepkg.optim import AdamState, rules

NUMBERS = [("float", np.float32, 3e-6), ("double", np.float64, 1e-13)]
HEAD = "#include <cmath>\n#include <cstddef>\n#include <cstdint>\nusing namespace std;\n"
ADAM = dict.fromkeys(("w", "dw", "m", "v"), "T&") | dict.fromkeys(
    ("lr", "b1", "a1", "b2", "a2", "c1", "c2", "eps"), "T"
)


def run(
    folder: Path, number: str, parameters: dict[str, str], text: str, n: int, *args: Any
) -> None:
    """Run a text for i = 0 .. n-1, in the loop that CuPy writes around it.

    A parameter is a pointer ("T*"), a reference to the i-th of many ("T&"), or one number ("T").
    """
    compiler = shutil.which("c++")
    if compiler is None:
        pytest.skip("no C++ compiler (c++) on PATH")
    declared = [f"{kind.replace('&', '*')} {name}_" for name, kind in parameters.items()]
    lines = [
        f"{kind} {name} = {name}_{'[i]' if '&' in kind else ''};"
        for name, kind in parameters.items()
    ]
    name = f"kernel{len(list(folder.iterdir()))}"  # one that is loaded must not be overwritten
    source, library = folder / f"{name}.cpp", folder / f"{name}.so"
    source.write_text(
        f'{HEAD}typedef {number} T;\nextern "C" void run(ptrdiff_t n, {", ".join(declared)}) {{\n'
        f"for (ptrdiff_t i = 0; i < n; ++i) {{\n{' '.join(lines)}\n{text};\n}} }}\n"
    )
    subprocess.run([compiler, "-shared", "-fPIC", "-Wall", "-o", library, source], check=True)
    function = ctypes.CDLL(str(library)).run
    real = {"float": ctypes.c_float, "double": ctypes.c_double}[number]
    given = [
        ctypes.c_void_p(x.ctypes.data) if isinstance(x, np.ndarray)
        else real(x) if kind == "T"
        else ctypes.c_int32(x)
        for x, kind in zip(args, parameters.values(), strict=True)
    ]  # fmt: skip
    function(ctypes.c_ssize_t(n), *given)


def drawn(dtype: type, *shape: int) -> np.ndarray:
    return np.random.default_rng(len(shape)).standard_normal(shape).astype(dtype)


@pytest.mark.parametrize(("number", "dtype", "tolerance"), NUMBERS)
def test_adam(tmp_path, number, dtype, tolerance):
    w, dw, m = (np.random.default_rng(i).standard_normal(50).astype(dtype) for i in range(3))
    v = np.abs(m) ** 3
    new_w, new = rules.adam(w, dw, AdamState(m, v, 1), 0.01)
    outs = [np.empty(50, dtype) for _ in range(3)]
    parameters = ADAM | dict.fromkeys(("new_w", "new_m", "new_v"), "T&")
    scalars = 0.01, 0.9, 1 - 0.9, 0.999, 1 - 0.999, 1 - 0.9**2, 1 - 0.999**2, 1e-8
    run(tmp_path, number, parameters, kernels.ADAM, 50, w, dw, m, v, *scalars, *outs)
    for ours, readable in zip(outs, (new_w, new.m, new.v), strict=True):
        assert relative_error(ours.astype(float), readable.astype(float)) < tolerance


@pytest.mark.parametrize(("number", "dtype", "tolerance"), NUMBERS)
@pytest.mark.parametrize("classes", [1, 3, 10])
def test_cross_entropy(tmp_path, number, dtype, tolerance, classes):
    scores = drawn(dtype, 7, classes)
    scores[0] *= 1e4
    labels = np.random.default_rng(0).integers(0, classes, 7)
    loss, cache = F.cross_entropy(scores, labels)
    losses, p = np.empty(7, dtype), np.empty_like(scores)
    parameters = {"scores": "T*", "label": "int64_t&", "classes": "int32_t"}
    parameters |= {"loss": "T&", "p": "T*"}
    run(
        tmp_path, number, parameters, kernels.CROSS_ENTROPY, 7, scores, labels, classes, losses, p
    )  # fmt: skip
    np.testing.assert_allclose(losses.mean(), loss, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(p, cache.probabilities, rtol=10 * tolerance, atol=tolerance)
    dscores, many = np.empty_like(scores), np.repeat(labels, classes)
    parameters = {"p": "T&", "label": "int64_t&", "classes": "int32_t", "share": "T"}
    parameters["dscores"] = "T&"
    text, given = kernels.CROSS_ENTROPY_BACKWARD, (p, many, classes, 1 / 7, dscores)
    run(tmp_path, number, parameters, text, p.size, *given)
    expected = F.cross_entropy_backward(1.0, cache)
    np.testing.assert_allclose(dscores, expected, rtol=10 * tolerance, atol=tolerance)


@pytest.mark.parametrize("label", [-1, 3])
def test_a_label_that_is_no_class_makes_the_loss_no_number(tmp_path, label):
    scores, labels = drawn(np.float32, 2, 3), np.array([label, 1])
    losses, p = np.empty(2, np.float32), np.empty_like(scores)
    parameters = {"scores": "T*", "label": "int64_t&", "classes": "int32_t"}
    parameters |= {"loss": "T&", "p": "T*"}
    given = scores, labels, 3, losses, p
    run(tmp_path, "float", parameters, kernels.CROSS_ENTROPY, 2, *given)
    assert np.isnan(losses).tolist() == [True, False]


def test_rows_of_many_classes_take_the_readable_way(spy):
    scores = drawn(np.float64, 4, kernels.MOST_CLASSES + 1)
    labels = np.arange(4)
    loss, cache = F.cross_entropy(spy.asarray(scores), spy.asarray(labels))
    expected, kept = F.cross_entropy(scores, labels)
    assert float(loss) == pytest.approx(float(expected), rel=1e-12)
    dscores = F.cross_entropy_backward(1.0, cache).get()
    np.testing.assert_allclose(dscores, F.cross_entropy_backward(1.0, kept), rtol=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_kernels_keep_the_dtype(spy, dtype):
    w = spy.asarray(drawn(dtype, 5))
    _, state = rules.adam(w, w, None, 0.1)
    w, state = rules.adam(w, w, state, 0.1)
    loss, cache = F.cross_entropy(spy.asarray(drawn(dtype, 2, 3)), spy.asarray([0, 1]))
    found = (w, state.m, state.v, loss, F.cross_entropy_backward(1.0, cache))
    assert {x.dtype for x in found} == {np.dtype(dtype)}
