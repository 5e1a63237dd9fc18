"""Gradient checks of a network of ten thousand parameters: how long until one knows?"""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.machine import has_torch
from coursepkg import functional as F
from coursepkg.gradcheck import check_gradients
from coursepkg.gradreport import GradientReport

SIZES = (64, 128, 10)
TITLE = "Gradient check of an MLP 64-128-10 (9,610 parameters), batch 16, float64"


def network() -> tuple[Any, ...]:
    """x, labels, w1, b1, w2, b2."""
    rng = np.random.default_rng(0)
    d, h, c = SIZES
    w1, w2 = rng.standard_normal((d, h)) / d**0.5, rng.standard_normal((h, c)) / h**0.5
    return rng.standard_normal((16, d)), rng.integers(0, c, 16), w1, np.zeros(h), w2, np.zeros(c)


def contenders() -> dict[str, Callable[[], Any]]:
    """Our check, and PyTorch's, quick and thorough ("torch" is the thorough one)."""
    x, y, *weights = network()

    def forward(w1: Any, b1: Any, w2: Any, b2: Any) -> tuple[Any, Any]:
        hidden, first = F.linear(x, w1, b1)
        active, gate = F.relu(hidden)
        scores, second = F.linear(active, w2, b2)
        loss, end = F.cross_entropy(scores, y)
        return loss, (first, gate, second, end)

    def backward(dout: Any, cache: Any) -> tuple[Any, ...]:
        first, gate, second, end = cache
        dactive, dw2, db2 = F.linear_backward(F.cross_entropy_backward(dout, end), second)
        _, dw1, db1 = F.linear_backward(F.relu_backward(dactive, gate), first)
        return dw1, db1, dw2, db2

    def ours() -> GradientReport:
        return check_gradients(forward, backward, weights, rng=np.random.default_rng(0))

    if not ours().ok:
        raise ValueError("the check that is timed fails")
    return {"coursepkg": ours} | (torch_checks(x, y, weights) if has_torch() else {})


def torch_checks(x: Any, y: Any, weights: list[Any]) -> dict[str, Callable[[], Any]]:
    """`torch.autograd.gradcheck` of the same network."""
    import torch

    images, labels = torch.from_numpy(x), torch.from_numpy(y)
    tensors = [torch.from_numpy(w).requires_grad_() for w in weights]

    def loss_of(w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
        scores = torch.relu(images @ w1 + b1) @ w2 + b2
        return torch.nn.functional.cross_entropy(scores, labels)

    def check(fast: bool) -> Callable[[], Any]:
        return lambda: torch.autograd.gradcheck(loss_of, tensors, fast_mode=fast)

    return {"torch fast": check(True), "torch": check(False)}
