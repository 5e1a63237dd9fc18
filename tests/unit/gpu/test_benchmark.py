"""What the benchmark of the GPU measures, tried out without one."""

import argparse
import json
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import cases, gpu, timing
from benchmarks import measure as common
from tests.unit.gpu.work import plain_step


def test_without_a_gpu_it_says_so(monkeypatch, capsys):
    def none():
        raise RuntimeError("CuPy finds no GPU")

    monkeypatch.setattr(gpu.device, "cupy", none)
    monkeypatch.setattr("sys.argv", ["gpu"])
    gpu.main()
    assert capsys.readouterr().out == "nothing was measured: CuPy finds no GPU\n"


def test_operations_are_those_of_the_other_benchmark():
    assert gpu.costs(gpu.Case("mlp", 64, "sgd"))[0] == cases.mlp_case(64, "float32").flops
    assert gpu.costs(gpu.Case("lenet", 64, "sgd"))[0] == cases.lenet_case(64).flops


def test_bytes_grow_with_the_batch_and_the_weights():
    one, two = (gpu.costs(gpu.Case("mlp", batch, "sgd"))[1] for batch in (1, 2))
    assert two - one == 4 * 2 * (784 + 512 + 512 + 512 + 512 + 10)
    assert one - (two - one) == 4 * 6 * 407_050


@pytest.mark.parametrize(
    ("flops", "moved", "by"), [(60, 20, "arithmetic"), (20, 60, "memory"), (40, 40, "launching")]
)
def test_what_bounds_a_step(flops, moved, by):
    found = gpu.bound(2.0, 2 * flops, 2 * moved, {"float32": 100.0, "copy": 100.0})
    assert found["by"] == by
    assert found["shares"] == {"arithmetic": flops / 100, "memory": moved / 100}


def test_a_run_on_the_stand_in(spy, monkeypatch, tmp_path):
    chosen = [
        gpu.Case("mlp", 4, "adam"), gpu.Case("lenet", 3, "sgd"), gpu.Case("vgg", 2, "sgd")
    ]  # fmt: skip
    monkeypatch.setattr(gpu, "CASES", chosen)
    monkeypatch.setattr(gpu, "STEPS", 2)
    monkeypatch.setattr(gpu, "peaks", lambda cupy, peaks=gpu.peaks: peaks(cupy, 8, 64))
    monkeypatch.setattr(timing, "LEAST", 0.0)
    monkeypatch.setattr(common, "has_torch", lambda: False)
    monkeypatch.setattr(common, "RESULTS", tmp_path)
    monkeypatch.setattr("sys.argv", ["gpu", "--machine", "here", "--rounds", "2"])
    spy.cuda.runtime.getDeviceProperties = lambda device: {"name": b"a GPU"}
    spy.cuda.Device = lambda: SimpleNamespace(synchronize=lambda: None)
    monkeypatch.setattr(spy, "__version__", "14", raising=False)
    gpu.main()
    stored = json.loads((tmp_path / "here-gpu.json").read_text(encoding="utf-8"))
    assert (stored["machine"]["gpu"], stored["machine"]["tf32"]) == ("a GPU", False)
    assert [case["name"] for case in stored["cases"]] == [case.name for case in chosen]
    for case in stored["cases"]:
        assert {name: len(times) for name, times in case["seconds"].items()} == {
            "coursepkg": 2, "captured": 2
        }  # fmt: skip
        assert case["bounds"].keys() == case["summary"].keys() == case["seconds"].keys()
    assert spy.launched > 0


def test_only_the_cases_asked_for(spy, monkeypatch):
    monkeypatch.setattr(gpu, "peaks", lambda cupy: {"float32": 1.0, "copy": 1.0})
    monkeypatch.setattr(gpu, "run", lambda cupy, case, rounds, limits: case.name)
    monkeypatch.setattr(common, "has_torch", lambda: False)
    monkeypatch.setattr(spy, "__version__", "14", raising=False)
    spy.cuda.runtime.getDeviceProperties = lambda device: {"name": b"a GPU"}
    options = argparse.Namespace(machine="x", note="", rounds=1, cases=["vgg-64-sgd"])
    assert gpu.measure(spy, options)["cases"] == ["vgg-64-sgd"]


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("name", ["mlp", "lenet", "vgg"])
def test_torch_takes_the_same_steps(name, optimizer):
    torch = pytest.importorskip("torch", reason="PyTorch (the extra `bench`) is not installed")
    from benchmarks import gpu_torch

    network, x, labels = gpu.made(gpu.Case(name, 3, optimizer))
    batch = torch.from_numpy(x), torch.from_numpy(labels)
    theirs = gpu_torch.step(network, batch, optimizer, lr=gpu.LR[optimizer])
    kind = {"sgd": gpu.SGD, "adam": gpu.Adam}[optimizer]
    ours = kind(network.to("cpu", "float32").parameters(), gpu.LR[optimizer])
    for _ in range(3):
        np.testing.assert_allclose(plain_step(network, ours, x, labels), theirs(), rtol=1e-4)
