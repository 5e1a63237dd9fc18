"""The spy as the module `cupy`, for as long as a test takes."""

import sys
from collections.abc import Iterator

import pytest

from coursepkg import backend
from coursepkg.gpu import cublas, device, kernels
from tests.unit.gpu.spy import Spy


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spy]:
    spy = Spy()
    monkeypatch.setitem(sys.modules, "cupy", spy)
    monkeypatch.setattr(cublas, "_library", lambda: spy.library)
    kernels._kernel.cache_clear()  # they belong to the CuPy that made them
    yield spy
    kernels._kernel.cache_clear()
    cublas._handle.cache_clear()
    device._try_out.cache_clear()
    backend.use("numpy")
