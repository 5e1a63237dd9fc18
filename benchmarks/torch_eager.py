"""The same work with PyTorch in eager mode, from the same numbers."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import torch
from torch import nn

from benchmarks.cases import (
    LR,
    MLP,
    SMALL,
    Call,
    Case,
    inputs,
    labels,
    numbers,
    slides,
    upstream,
    weights,
)


def both_ways(forward: Callable[..., Any], x: Any, others: tuple[Any, ...], of: int) -> Call:
    """Forward and backward; gives one of the gradients."""
    dout = _tensor(upstream(forward(x, *others).numpy()))
    for each in (x, *others):
        each.requires_grad_()

    def call() -> Any:
        return torch.autograd.grad(forward(x, *others), (x, *others), dout)[of]

    return call


def relu(case: Case) -> Call:
    x = _tensor(numbers(*case.size["shape"], dtype=case.dtype))
    return both_ways(torch.relu, x, (), of=0)


def conv(case: Case) -> Call:
    x, w = (_tensor(numbers(*case.size[name], dtype=case.dtype)) for name in "xw")
    options = {name: case.size[name] for name in ("stride", "padding", "dilation")}
    b = torch.zeros(len(w), dtype=w.dtype)
    return both_ways(partial(torch.conv2d, **options), x, (w, b), of=1)


def linear(case: Case) -> Call:
    n, width = case.size["batch"], case.size["width"]
    shapes = (n, width), (width, width), (width,)
    x, w, b = (_tensor(numbers(*shape, dtype=case.dtype)) for shape in shapes)
    return both_ways(lambda x, w, b: torch.addmm(b, x, w), x, (w, b), of=1)


def pool(case: Case) -> Call:
    pools = {
        "max-pool": nn.functional.max_pool2d,
        "avg-pool": nn.functional.avg_pool2d,
    }
    x = _tensor(numbers(*case.size["shape"], dtype=case.dtype))
    return both_ways(partial(pools[case.kind], kernel_size=2), x, (), of=0)


def norm(case: Case) -> Call:
    shape = case.size["shape"]
    x, gamma, beta = (
        _tensor(numbers(*s, dtype=case.dtype)) for s in (shape, shape[1:2], shape[1:2])
    )

    def batch_norm(x: Any, gamma: Any, beta: Any) -> Any:
        return nn.functional.batch_norm(x, None, None, gamma, beta, training=True)

    def layer_norm(x: Any, gamma: Any, beta: Any) -> Any:
        return nn.functional.layer_norm(x, shape[1:], gamma, beta)

    return both_ways(
        batch_norm if case.kind == "batch-norm" else layer_norm, x, (gamma, beta), of=1
    )


def cross_entropy(case: Case) -> Call:
    n, c = case.size["shape"]
    x, y = _tensor(numbers(n, c, dtype=case.dtype)), _tensor(labels(n, c))
    x.requires_grad_()

    def call() -> Any:
        return torch.autograd.grad(nn.functional.cross_entropy(x, y), x)[0]

    return call


def step(case: Case) -> Call:
    net = _lenet() if case.kind == "lenet" else _mlp(SMALL if case.kind == "small" else MLP)
    net = net.to(getattr(torch, case.dtype))
    for target, source in zip(net.parameters(), weights(case), strict=True):
        value = _tensor(source)  # a linear layer of PyTorch keeps its weights transposed
        target.data = value.T.contiguous() if value.ndim == 2 else value
    x, y = _tensor(inputs(case)), _tensor(labels(case.size["batch"]))
    loss_of: nn.Module = nn.CrossEntropyLoss()
    if case.kind == "small":
        y, loss_of = x[:, :1] * x[:, 1:], nn.MSELoss()
    rule = torch.optim.Adam if case.kind == "adam" else torch.optim.SGD
    optimizer = rule(net.parameters(), lr=LR)

    def call() -> Any:
        optimizer.zero_grad()
        loss = loss_of(net(x), y)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return call


def slides_step(case: Case) -> Call:
    """The lines of the slide, in tensors; no tape, as there."""
    x, y, w1, w2 = map(_tensor, slides(case))

    def call() -> Any:
        h = 1 / (1 + torch.exp(-x.mm(w1)))
        out = h.mm(w2)
        loss = torch.square(out - y).sum()
        dout = 2.0 * (out - y)
        dw2, dh = h.T.mm(dout), dout.mm(w2.T)
        dw1 = x.T.mm(dh * h * (1 - h))
        w1.sub_(1e-4 * dw1)
        w2.sub_(1e-4 * dw2)
        return loss

    return call


def _mlp(sizes: tuple[int, ...]) -> nn.Module:
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def _lenet() -> nn.Module:
    features = [nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)]
    features += [nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    return nn.Sequential(*features, _mlp((400, 120, 84, 10)))


def _tensor(array: Any) -> torch.Tensor:
    return torch.from_numpy(array.copy())


MAKERS: dict[str, Callable[[Case], Call]] = {
    "relu": relu,
    "conv": conv,
    "wide": linear,
    "max-pool": pool,
    "avg-pool": pool,
    "batch-norm": norm,
    "layer-norm": norm,
    "cross-entropy": cross_entropy,
    "mlp": step,
    "adam": step,
    "lenet": step,
    "slides": slides_step,
    "small": step,
}
