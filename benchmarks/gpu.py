"""Time training steps on a GPU: ours, plain and captured, beside PyTorch's, and what bounds them.

    python -m benchmarks.gpu --machine h100 --note "nothing else running"

writes ``benchmarks/results/h100-gpu.json``, in the form of the other results. All contenders start
from the same weights, must agree on the loss after a step, and take turns (`timing`). A launch
returns before its work is done, so one measurement is `STEPS` steps and then waiting for the
device. Without a GPU it says so, and measures nothing.
"""

import argparse
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks import machine, timing
from benchmarks import measure as common
from coursepkg import functional as F
from coursepkg.backend import Array, to_device
from coursepkg.captured import CapturedStep
from coursepkg.gpu import device
from coursepkg.gpu.cublas import tf32
from coursepkg.layers import Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU
from coursepkg.network import Sequential, lenet, mlp
from coursepkg.optim import SGD, Adam, Optimizer

STEPS = 20  # in one measurement
BATCHES = (64, 256, 1024, 4096, 8192)
LR = {"sgd": 0.01, "adam": 0.001}
Step = Callable[[], Any]


@dataclass(frozen=True)
class Case:
    """A network, its batch and its optimizer ("sgd" or "adam"); always float32."""

    network: str
    batch: int
    optimizer: str

    @property
    def name(self) -> str:
        return f"{self.network}-{self.batch}-{self.optimizer}"


CASES = [
    *(Case("mlp", batch, "sgd") for batch in BATCHES),
    *(Case("mlp", batch, "adam") for batch in BATCHES),
    *(Case("lenet", batch, optimizer) for batch in (64, 1024) for optimizer in LR),
    *(Case("vgg", batch, "sgd") for batch in (64, 512)),
]


def vgg() -> Sequential:
    """Six convolutions of 3 x 3 in three blocks, for images (N, 3, 32, 32) of ten classes."""
    rng = np.random.default_rng(0)
    layers: list[Layer] = []
    for before, after in ((3, 32), (32, 64), (64, 128)):
        layers += [Conv2d(before, after, 3, padding=1, rng=rng), ReLU()]
        layers += [Conv2d(after, after, 3, padding=1, rng=rng), ReLU(), MaxPool2d(2)]
    return Sequential(*layers, Flatten(), *mlp((2048, 256, 10), rng))


NETWORKS: dict[str, tuple[Callable[[], Sequential], tuple[int, ...]]] = {
    "mlp": (lambda: mlp((784, 512, 10)), (784,)),
    "lenet": (lenet, (1, 28, 28)),
    "vgg": (vgg, (3, 32, 32)),
}


def made(case: Case) -> tuple[Sequential, np.ndarray, np.ndarray]:
    """Network, images and labels of a case, on the host."""
    build, shape = NETWORKS[case.network]
    rng = np.random.default_rng(1)
    x = rng.standard_normal((case.batch, *shape)).astype(np.float32)
    return build(), x, rng.integers(0, 10, case.batch)


def costs(case: Case) -> tuple[int, int]:
    """Operations of the products, and bytes if every array is read or written once, in a step.

    Forward, and back to weights and inputs; nobody asks for the gradient of the images.
    """
    network, x, _ = made(case)
    x, flops, moved = x[:1], 0, 0
    for place, layer in enumerate(network):
        out = layer.forward(x)
        if isinstance(layer, Linear | Conv2d):
            inner = layer.w.data.size // out.shape[1]  # terms in the sum of one output
            flops += 2 * out.size * inner * (2 if place == 0 else 3)
        moved += 2 * (x.size + out.size)
        x = out
    parameters = sum(p.data.size for p in network.parameters())
    return flops * case.batch, 4 * (6 * parameters + moved * case.batch)


def our_steps(case: Case) -> dict[str, Step]:
    """The plain and the captured step, each with a network of its own."""
    found: dict[str, Step] = {}
    for name in (common.OURS, "captured"):
        network, x, labels = made(case)
        network.to("gpu", "float32")
        optimizer = {"sgd": SGD, "adam": Adam}[case.optimizer](
            network.parameters(), LR[case.optimizer]
        )
        plain = partial(_plain, network, optimizer)
        step = plain if name == common.OURS else CapturedStep(network, optimizer)
        found[name] = partial(step, to_device(x, "gpu"), to_device(labels, "gpu"))
    return found


def _plain(network: Sequential, optimizer: Optimizer, x: Array, labels: Array) -> Array:
    loss, cache = F.cross_entropy(network.forward(x), labels)
    network.backward_parameters(F.cross_entropy_backward(1.0, cache))
    optimizer.step()
    return loss


def bound(seconds: float, flops: int, moved: int, peaks: dict[str, float]) -> dict[str, Any]:
    """Reached operations and bytes a second, their shares of the peaks, and what that means.

    >>> bound(1.0, 80, 10, {"float32": 100.0, "copy": 100.0})["by"]
    'arithmetic'
    >>> bound(1.0, 10, 10, {"float32": 100.0, "copy": 100.0})["by"]
    'launching'
    """
    shares = {
        "arithmetic": flops / seconds / peaks["float32"],
        "memory": moved / seconds / peaks["copy"],
    }
    by = max(shares, key=lambda name: shares[name])
    return {
        "flops_per_second": common.rounded(flops / seconds),
        "bytes_per_second": common.rounded(moved / seconds),
        "shares": {name: common.rounded(share) for name, share in shares.items()},
        "by": by if shares[by] > 0.5 else "launching",  # neither is half used: the device waits
    }


def peaks(cupy: ModuleType, side: int = 4096, entries: int = 2**27) -> dict[str, float]:
    """Best of several: operations a second in a large product, bytes a second in a large copy."""
    x, y = cupy.ones((side, side), dtype="float32"), cupy.ones(entries, dtype="float32")
    best = {}
    for name, call, work in (
        ("float32", lambda: x @ x, 2 * side**3),
        ("copy", lambda: y.copy(), 2 * 4 * entries),
    ):
        times = timing.interleaved({name: _waiting(cupy, call)}, 5)[name]
        best[name] = STEPS * work / min(times)
    return best


def _waiting(cupy: ModuleType, step: Step) -> Step:
    def call() -> None:
        for _ in range(STEPS):
            step()
        cupy.cuda.Device().synchronize()

    return call


def run(cupy: ModuleType, case: Case, rounds: int, limits: dict[str, float]) -> dict[str, Any]:
    """Time one case; print its line."""
    steps = our_steps(case)
    if common.has_torch():
        from benchmarks import gpu_torch

        network, x, labels = made(case)
        steps |= gpu_torch.steps(network, x, labels, case.optimizer, LR[case.optimizer])
    common.require_agreement(case.name, {name: _to_host(step) for name, step in steps.items()})
    calls = {name: _waiting(cupy, step) for name, step in steps.items()}
    flops, moved = costs(case)
    found: dict[str, Any] = {"name": case.name, "dtype": "float32", "flops": flops, "bytes": moved}
    found |= common.timed(case.name, calls, rounds, STEPS)
    found["bounds"] = {
        name: bound(times["median"], flops, moved, limits)
        for name, times in found["summary"].items()
    }
    return found


def _to_host(step: Step) -> Step:
    """A step whose loss is a number of the host."""
    return lambda: float(step())


def measure(cupy: ModuleType, options: argparse.Namespace) -> dict[str, Any]:
    """Everything that goes into the file."""
    about = machine.describe(threads=1)
    properties = cupy.cuda.runtime.getDeviceProperties(0)
    about["gpu"] = properties["name"].decode()
    about["versions"]["cupy"] = cupy.__version__
    about["tf32"] = tf32()
    if common.has_torch():
        import torch

        about["versions"]["torch"] = torch.__version__
    limits = {name: common.rounded(value) for name, value in peaks(cupy).items()}
    chosen = [case for case in CASES if not options.cases or case.name in options.cases]
    return {
        "machine": {"name": options.machine} | about,
        "date": datetime.date.today().isoformat(),
        "note": options.note,
        "peaks": limits,
        "cases": [run(cupy, case, options.rounds, limits) for case in chosen],
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.gpu", description=__doc__.split("\n")[0])
    parser.add_argument("--machine", default="gpu", help="name of the file of results")
    parser.add_argument("--note", default="", help="what a reader of the numbers should know")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--cases", nargs="+", help="only these")
    options = parser.parse_args()
    try:
        cupy = device.cupy()
    except (ImportError, RuntimeError) as error:
        print(f"nothing was measured: {error}")
        return
    results = measure(cupy, options)
    common.write(f"{options.machine}-gpu", results)


if __name__ == "__main__":
    main()
