"""The same steps with PyTorch on the GPU: eager, compiled, and as one CUDA graph."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

from coursepkg.gpu.cublas import tf32
from coursepkg.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from coursepkg.network import Sequential

Step = Callable[[], Any]
WARM_UP = 3


def twin(network: Sequential) -> nn.Sequential:
    """A network of PyTorch with the same layers and weights."""
    made: list[nn.Module] = []
    for layer in network:
        if isinstance(layer, Linear):
            made.append(nn.Linear(*layer.w.data.shape))
            _fill(made[-1], layer.w.data.T, layer.b.data)  # PyTorch keeps them transposed
        elif isinstance(layer, Conv2d):
            filters, channels, *kernel = layer.w.data.shape
            padding = layer.options["padding"]
            made.append(nn.Conv2d(channels, filters, tuple(kernel), padding=padding))
            _fill(made[-1], layer.w.data, layer.b.data)
        elif isinstance(layer, MaxPool2d):
            made.append(nn.MaxPool2d(layer.options["kernel_size"]))
        else:
            made.append({ReLU: nn.ReLU, Flatten: nn.Flatten}[type(layer)]())
    return nn.Sequential(*made)


def _fill(layer: Any, w: np.ndarray, b: np.ndarray) -> None:
    for parameter, values in ((layer.weight, w), (layer.bias, b)):
        parameter.data = torch.from_numpy(np.array(values, np.float32))


def steps(
    network: Sequential, x: np.ndarray, labels: np.ndarray, optimizer: str, lr: float
) -> dict[str, Step]:
    """Three ways, each with a network of its own; TF32 as CuPy is told."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32()
    batch = torch.from_numpy(x).cuda(), torch.from_numpy(labels).cuda()
    options = {"capturable": True} if optimizer == "adam" else {}
    compiled = step(network, batch, optimizer, lr=lr, **options)
    return {
        "torch": step(network, batch, optimizer, lr=lr),
        "torch_compiled": torch.compile(compiled, mode="reduce-overhead"),
        "torch_graph": _Graph(step(network, batch, optimizer, lr=lr, **options)),
    }


def step(network: Sequential, batch: Any, optimizer: str, **options: Any) -> Step:
    """A training step in eager mode, on the device of the batch."""
    net = twin(network).to(batch[0].device)
    kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimizer]
    rule, loss_of = kind(net.parameters(), **options), nn.CrossEntropyLoss()

    def call() -> Any:
        rule.zero_grad()
        loss = loss_of(net(batch[0]), batch[1])
        loss.backward()
        rule.step()
        return loss.detach()

    return call


class _Graph:
    """A step that is recorded after a few plain ones, and replayed."""

    def __init__(self, step: Step):
        self.step, self.calls = step, 0

    def __call__(self) -> Any:
        self.calls += 1
        if self.calls <= WARM_UP:
            aside = torch.cuda.Stream()
            aside.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(aside):
                loss = self.step()
            torch.cuda.current_stream().wait_stream(aside)
            return loss
        if self.calls == WARM_UP + 1:
            self.graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph):
                self.loss = self.step()
        self.graph.replay()
        return self.loss
