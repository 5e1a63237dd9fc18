"""The same work with other libraries for learning and teaching, where they are installed.

    pip install autograd dezero numpy-ml tinygrad micrograd

Some were last released before NumPy 2: names that NumPy and Python dropped since are put back for
them. tinygrad compiles with clang, and is given its compiler's best way (`TinyJit`).
"""

import collections
import collections.abc
import importlib.util
import os
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.cases import LR, SMALL, Call, Case, inputs, labels, numbers, upstream, weights


def autograd_mlp(case: Case) -> Call:
    """HIPS autograd: NumPy, traced."""
    import autograd.numpy as anp
    from autograd import value_and_grad

    x, y, w = inputs(case), labels(case.size["batch"]), weights(case)
    rows = np.arange(len(y))

    def loss_of(w: list[np.ndarray]) -> Any:
        scores = anp.maximum(x @ w[0] + w[1], 0) @ w[2] + w[3]
        shifted = scores - anp.max(scores, axis=1, keepdims=True)
        return anp.mean(anp.log(anp.sum(anp.exp(shifted), axis=1)) - shifted[rows, y])

    ask = value_and_grad(loss_of)

    def call() -> Any:
        loss, grads = ask(w)
        for each, grad in zip(w, grads, strict=True):
            each -= LR * grad
        return loss

    return call


def dezero_mlp(case: Case) -> Call:
    from dezero import functions, layers, optimizers
    from dezero.models import Sequential

    model = Sequential(
        layers.Linear(512, in_size=784), functions.relu, layers.Linear(10, in_size=512)
    )
    linear = [layer for layer in model.layers if isinstance(layer, layers.Linear)]
    values = weights(case)
    for i, layer in enumerate(linear):
        layer.W.data, layer.b.data = values[2 * i : 2 * i + 2]
    x, y, optimizer = inputs(case), labels(case.size["batch"]), optimizers.SGD(LR).setup(model)

    def call() -> Any:
        loss = functions.softmax_cross_entropy(model(x), y)
        model.cleargrads()
        loss.backward()
        optimizer.update()
        return loss.data

    return call


def dezero_conv(case: Case) -> Call:
    from dezero import Variable, functions

    x, w = (Variable(numbers(*case.size[name], dtype=case.dtype)) for name in "xw")
    b, options = Variable(np.zeros(len(w), case.dtype)), (case.size["stride"], case.size["padding"])
    dout = Variable(upstream(functions.conv2d(x, w, b, *options).data))

    def call() -> Any:
        for each in (x, w, b):
            each.cleargrad()
        out = functions.conv2d(x, w, b, *options)
        out.grad = dout
        out.backward()
        return w.grad.data

    return call


def numpy_ml_mlp(case: Case) -> Call:
    from numpy_ml.neural_nets.layers import FullyConnected
    from numpy_ml.neural_nets.losses import CrossEntropy

    x, y, w = inputs(case), np.eye(10)[labels(case.size["batch"])], weights(case)
    rule = f"sgd(lr={LR}, momentum=0)"
    layers = [
        FullyConnected(512, act_fn="relu", optimizer=rule),
        FullyConnected(10, optimizer=rule),
    ]
    layers[0].forward(x, retain_derived=False)
    layers[1].forward(np.zeros((1, 512)), retain_derived=False)  # they learn their widths
    for i, layer in enumerate(layers):
        layer.parameters = {"W": w[2 * i], "b": w[2 * i + 1][None]}
        layer.flush_gradients()

    def call() -> Any:
        scores = layers[1].forward(layers[0].forward(x))
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        dout = CrossEntropy.grad(y, likely) / len(x)
        layers[0].backward(layers[1].backward(dout))
        for layer in layers:
            layer.update()
        return CrossEntropy.loss(y, likely) / len(x)

    return call


def numpy_ml_conv(case: Case) -> Call:
    """Its images have their channels last."""
    from numpy_ml.neural_nets.layers import Conv2D

    x, w = (numbers(*case.size[name], dtype=case.dtype) for name in "xw")
    x = np.ascontiguousarray(x.transpose(0, 2, 3, 1))
    layer = Conv2D(len(w), w.shape[2:], case.size["padding"], case.size["stride"])
    n, height, width, channels = layer.forward(x, retain_derived=False).shape
    dout = upstream(np.empty((n, channels, height, width), x.dtype)).transpose(0, 2, 3, 1)
    layer.parameters["W"] = np.ascontiguousarray(w.transpose(2, 3, 1, 0))

    def call() -> Any:
        layer.forward(x)
        layer.backward(dout)
        found = layer.gradients["W"].transpose(3, 2, 0, 1)
        layer.flush_gradients()
        return found

    return call


def tinygrad_mlp(case: Case) -> Call:
    os.environ.setdefault("DEV", "CPU")  # it would take a graphics card where there is one
    from tinygrad import Tensor, TinyJit
    from tinygrad.helpers import Context
    from tinygrad.nn.optim import SGD

    w = [Tensor(each).realize() for each in weights(case)]
    x, y = Tensor(inputs(case)).realize(), Tensor(labels(case.size["batch"])).realize()
    optimizer = SGD(w, lr=LR)

    @TinyJit
    def step() -> Any:
        with Context(TRAINING=1):
            optimizer.zero_grad()
            scores = (x @ w[0] + w[1]).relu() @ w[2] + w[3]
            loss = scores.sparse_categorical_crossentropy(y)
            loss.backward()
            return loss.realize(*optimizer.schedule_step())

    return lambda: step().item()


def micrograd_small(case: Case) -> Call:
    """Every number an object of its own."""
    from micrograd.nn import MLP

    net, w = MLP(SMALL[0], list(SMALL[1:])), weights(case)
    for i, layer in enumerate(net.layers):
        for k, neuron in enumerate(layer.neurons):
            neuron.b.data = float(w[2 * i + 1][k])
            for each, value in zip(neuron.w, w[2 * i][:, k], strict=True):
                each.data = float(value)
    rows = inputs(case).tolist()

    def call() -> Any:
        loss = sum((net(row) - row[0] * row[1]) ** 2 for row in rows) * (1 / len(rows))
        net.zero_grad()
        loss.backward()
        for each in net.parameters():
            each.data -= LR * each.grad
        return loss.data

    return call


MAKERS: dict[str, dict[str, Callable[[Case], Call]]] = {
    "autograd": {"mlp-64-f32": autograd_mlp, "mlp-256-f32": autograd_mlp},
    "dezero": {"mlp-64-f32": dezero_mlp, "mlp-256-f32": dezero_mlp, "conv-b": dezero_conv},
    "numpy_ml": {"mlp-64-f32": numpy_ml_mlp, "mlp-256-f32": numpy_ml_mlp, "conv-b": numpy_ml_conv},
    "tinygrad": {"mlp-64-f32": tinygrad_mlp},
    "micrograd": {"small": micrograd_small},
}


def contenders(case: Case) -> dict[str, Call]:
    """The peers that are installed and do this case, by name."""
    found = {}
    for name, makers in MAKERS.items():
        if case.name in makers and importlib.util.find_spec(name):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                _put_back_what_was_dropped()
                found[name] = makers[case.name](case)
    return found


def _put_back_what_was_dropped() -> None:
    collections.Hashable = collections.abc.Hashable  # type: ignore[attr-defined]
    np.int = int  # type: ignore[attr-defined]
