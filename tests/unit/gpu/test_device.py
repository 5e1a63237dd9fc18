"""No CuPy, no driver, no GPU, no libraries: each is named, with what to do about it."""

import sys

import pytest

from coursepkg.backend import to_device, use
from coursepkg.gpu.device import cupy
from coursepkg.network import mlp
from coursepkg.optim import SGD
from coursepkg.training import fit


def failing(spy, status, driver=13000):
    def count():
        error = spy.cuda.runtime.CUDARuntimeError("cudaErrorOfSomeKind: told by CUDA")
        error.status = status
        raise error

    spy.cuda.runtime.getDeviceCount = count
    spy.cuda.runtime.driverGetVersion = lambda: driver
    spy.cuda.runtime.runtimeGetVersion = lambda: 13020


def test_without_cupy_there_is_advice(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    with pytest.raises(ImportError, match=r"not installed: pip install 'coursepkg\[gpu\]'"):
        cupy()


def test_a_cupy_that_does_not_load_is_no_missing_one(monkeypatch, tmp_path):
    (tmp_path / "cupy.py").write_text("raise ImportError('libcuda.so.1: cannot open')")
    monkeypatch.delitem(sys.modules, "cupy", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ImportError, match=r"does not load \(libcuda.so.1: cannot open\)"):
        cupy()


@pytest.mark.parametrize(
    ("status", "driver", "message"),
    [
        (35, 0, "finds no driver of NVIDIA"),
        (35, 12040, r"is for CUDA 12\.4, this CuPy for CUDA 13\.2: update .* cupy-cuda12x"),
        (100, 13000, r"no GPU that works \(cudaErrorOfSomeKind: told by CUDA\)"),
    ],
)
def test_cuda_that_does_not_start(spy, status, driver, message):
    failing(spy, status, driver)
    for attempt in (lambda: use("cupy"), lambda: to_device([1.0], "gpu")):
        with pytest.raises(RuntimeError, match=message):
            attempt()


def test_no_device(spy):
    spy.cuda.runtime.getDeviceCount = lambda: 0
    with pytest.raises(RuntimeError, match=r"CuPy finds no GPU: .* CUDA_VISIBLE_DEVICES"):
        use("cupy")


def test_libraries_that_are_missing(spy, monkeypatch):
    def ones(shape):
        raise ImportError("libnvrtc.so.13 not found")

    monkeypatch.setattr(spy, "ones", ones, raising=False)
    with pytest.raises(RuntimeError, match=r"libnvrtc.so.13 .* pip install 'cupy-cuda13x\[ctk\]'"):
        cupy()


def test_training_that_cannot_begin_leaves_the_network_alone(spy):
    failing(spy, 35, 0)
    network = mlp((2, 2))
    before = network.state_dict()
    with pytest.raises(RuntimeError, match="no driver"):
        fit(network, SGD(network.parameters(), 0.1), [[0.0, 1.0]], [0], epochs=1, device="gpu")
    assert all(before[name] is array for name, array in network.state_dict().items())


def test_the_real_cupy_without_a_device_says_so():
    real = pytest.importorskip("cupy", reason="CuPy (the extra `gpu`) is not installed")
    if real.cuda.is_available():
        pytest.skip("there is a GPU")
    with pytest.raises(RuntimeError, match=r"driver|no GPU"):
        use("cupy")
