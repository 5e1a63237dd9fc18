"""Planted bugs: every one is found, every time, also those that PyTorch's fast check lets pass."""

# mypy: disable-error-code="misc, name-defined"

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.gradcheck import check_gradients

TRIALS = 20


def network(rng):
    """A layer of 10,000 weights, and a loss."""
    x, w, b = rng.standard_normal((16, 100)), rng.standard_normal((100, 100)) / 10, np.zeros(100)

    def forward(w, b):
        z, linear = F.linear(x, w, b)
        out, squash = F.tanh(z)
        return out, (linear, squash)

    def backward(dout, cache):
        _, dw, db = F.linear_backward(F.tanh_backward(dout, cache[1]), cache[0])
        return dw, db

    return forward, backward, (w, b)


def convolution(rng):
    inputs = (rng.standard_normal((2, 3, 6, 5)), rng.standard_normal((4, 3, 3, 3)), np.zeros(4))
    return lambda *a: F.conv2d(*a, padding=1), F.conv2d_backward, inputs


def changed(place, change):
    """A backward whose gradient number `place` is changed."""

    def wrap(backward, rng):
        def wrong(dout, cache):
            grads = [np.array(g) for g in backward(dout, cache)]
            grads[place] = change(grads[place], rng, dout)
            return tuple(grads)

        return wrong

    return wrap


def one_entry(g, rng, dout):
    g[41, 17] *= 2
    return g


def corner(g, rng, dout):
    g[0, 0, 0, 0] *= 1.01
    return g


def transposed(g, rng, dout):
    return g.T.copy()


BELOW = (np.arange(6) > 0)[:, None]
BUGS = {
    "one entry of 10,000 doubled": (network, changed(0, one_entry)),
    "a thousandth too much": (network, changed(0, lambda g, *_: g * 1.001)),
    "a corner of a filter one percent off": (convolution, changed(1, corner)),
    "sign": (network, changed(0, lambda g, *_: -g)),
    "transposed": (network, changed(0, transposed)),
    "bias divided by N": (network, changed(1, lambda g, *_: g / 16)),
    "bias forgotten": (network, changed(1, lambda g, *_: 0 * g)),
    "upstream ignored": (network, changed(1, lambda g, rng, dout: np.full_like(g, 16.0))),
    "kernel rotated": (convolution, changed(0, lambda g, *_: g[..., ::-1, ::-1].copy())),
    "first row of pixels stopped": (convolution, changed(0, lambda g, *_: g * BELOW)),
}


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found_every_time(name):
    make, plant = BUGS[name]
    for trial in range(TRIALS):
        rng = np.random.default_rng(trial)
        forward, backward, inputs = make(rng)
        assert not check_gradients(forward, plant(backward, rng), inputs, rng=rng).ok


@pytest.mark.parametrize("make", [network, convolution])
def test_no_false_alarm(make):
    for trial in range(TRIALS):
        rng = np.random.default_rng(trial)
        report = check_gradients(*make(rng), rng=rng)
        assert report.ok, report


def as_torch(torch, ours, theirs):
    """A pair as a function of PyTorch."""

    class Pair(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *tensors):
            out, ctx.cache = ours(*(t.detach().numpy() for t in tensors))
            return torch.tensor(out)

        @staticmethod
        def backward(ctx, dout):
            return tuple(torch.tensor(g) for g in theirs(dout.numpy(), ctx.cache))

    return Pair.apply


@pytest.mark.parametrize("name", list(BUGS)[:3])
def test_torch_in_its_fast_mode_lets_it_pass(name):
    """The reason for a check of our own; if this fails, PyTorch has become better."""
    torch = pytest.importorskip("torch", reason="PyTorch (the extra `bench`) is not installed")
    make, plant = BUGS[name]
    caught = 0
    for trial in range(5):
        rng = np.random.default_rng(trial)
        forward, backward, inputs = make(rng)
        wrong = plant(backward, rng)

        tensors = [torch.tensor(x, requires_grad=True) for x in inputs]
        caught += not torch.autograd.gradcheck(
            as_torch(torch, forward, wrong), tensors, fast_mode=True, raise_exception=False
        )
    assert caught < 5
