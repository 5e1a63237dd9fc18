"""The same work with PyTorch in eager mode, from the same numbers."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from benchmarks.cases import LR, MLP, Call, Case, images, labels, network, numbers


def relu(case: Case) -> Call:
    x, dout = (_tensor(numbers(*case.size["shape"], dtype=case.dtype, seed=s)) for s in (0, 1))
    x.requires_grad_()

    def call() -> Any:
        (dx,) = torch.autograd.grad(torch.relu(x), x, dout)
        return dx

    return call


def conv(case: Case) -> Call:
    x = _tensor(numbers(*case.size["x"], dtype=case.dtype)).requires_grad_()
    w = _tensor(numbers(*case.size["w"], dtype=case.dtype)).requires_grad_()
    b = torch.zeros(len(w), dtype=w.dtype, requires_grad=True)
    padding = case.size["padding"]
    dout = torch.ones_like(torch.conv2d(x, w, b, padding=padding))

    def call() -> Any:
        out = torch.conv2d(x, w, b, padding=padding)
        return torch.autograd.grad(out, (x, w, b), dout)[1]

    return call


def step(case: Case) -> Call:
    net = _lenet() if case.kind == "lenet" else _mlp()
    net = net.to(getattr(torch, case.dtype))
    for target, source in zip(net.parameters(), network(case).parameters(), strict=True):
        value = _tensor(source.data)  # a linear layer of PyTorch keeps its weights transposed
        target.data = value.T.contiguous() if value.ndim == 2 else value
    x, y = _tensor(images(case)), _tensor(labels(case.size["batch"]))
    optimizer, loss_of = torch.optim.SGD(net.parameters(), lr=LR), nn.CrossEntropyLoss()

    def call() -> Any:
        optimizer.zero_grad()
        loss = loss_of(net(x), y)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return call


def _mlp() -> nn.Module:
    d, h, c = MLP
    return nn.Sequential(nn.Linear(d, h), nn.ReLU(), nn.Linear(h, c))


def _lenet() -> nn.Module:
    features = [nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)]
    features += [nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    classes = [nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)]
    return nn.Sequential(*features, *classes)


def _tensor(array: Any) -> torch.Tensor:
    return torch.from_numpy(array.copy())


MAKERS: dict[str, Callable[[Case], Call]] = {
    "relu": relu,
    "conv": conv,
    "mlp": step,
    "lenet": step,
}
