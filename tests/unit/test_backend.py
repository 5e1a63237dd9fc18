"""Arrays of other libraries pass through; importing the package stays cheap."""

import subprocess
import sys
from typing import ClassVar

import array_api_strict
import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.backend import as_float, namespace, to_numpy


def test_namespaces():
    assert namespace(np.ones(2)) is np
    assert namespace([1.0]) is np
    assert namespace(array_api_strict.ones(2)).__name__.startswith("array_api_strict")


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "array_api_compat", None)
    with pytest.raises(ImportError, match=r"pip install 'coursepkg\[gpu\]'"):
        namespace(array_api_strict.ones(2))


def test_what_is_no_array_is_not_taken_for_a_missing_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "array_api_compat", None)
    with pytest.raises(TypeError, match="scores must be an array of real numbers: dict is no type"):
        as_float({}, "scores")


def test_host_copies():
    class OnDevice:
        __cuda_array_interface__: ClassVar[dict] = {}

        def get(self):
            return np.arange(3)

    assert to_numpy(OnDevice()).tolist() == [0, 1, 2]
    assert to_numpy([1, 2]).tolist() == [1, 2]


def test_as_float_keeps_floats():
    for dtype in (np.float32, np.float64):
        x = np.ones(2, dtype)
        assert as_float(x, "x") is x
    assert as_float(np.array([True]), "x").dtype == np.float64


def test_sigmoid_of_a_foreign_array_stays_foreign():
    xp = array_api_strict
    out, cache = F.sigmoid(xp.asarray([0.0, 1.0]))
    grad = F.sigmoid_backward(xp.asarray([1.0, 1.0]), cache)
    assert type(out) is type(grad) is type(xp.ones(1))


def test_importing_the_library_brings_nothing_but_numpy():
    code = (
        "import sys; import coursepkg.training, coursepkg.gradcheck, coursepkg.datasets;"
        "heavy = {'matplotlib', 'ipywidgets', 'anywidget', 'array_api_compat', 'IPython'};"
        "sys.exit(str(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
