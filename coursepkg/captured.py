"""A training step that is recorded once and then replayed as a whole.

A GPU gets a small step done faster than Python can ask for its hundred operations. A CUDA graph is
asked for once: the operations of a step are recorded, and from then on one launch repeats them all.
A recording knows addresses, not names. So everything a step reads or writes has to stay where it
was: the batch, the weights, the state of the optimizer, and the learning rate, each in an array of
its own that is written over. Counters of Python stand still in a replay; Adam's t is an array too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from coursepkg import functional as F
from coursepkg.backend import Array, namespace, on_device
from coursepkg.layers import Dropout, Layer
from coursepkg.optim import Optimizer

WARM_UP = 3  # plain steps first: they compile kernels, fill the memory pool, begin Adam's state


class CapturedStep:
    """Forward, loss, backward and update of one batch; on a GPU replayed from a CUDA graph.

    For NumPy's arrays it is the plain step with the same fixed arrays: slower, and good for tests.
    A batch of another shape than the first takes the plain step, so the last of an epoch may be
    smaller. While a `CapturedStep` is in use, leave the arrays of the network where they are:
    no `load_state_dict`, no `to`.

    Parameters
    ----------
    network, optimizer : as for `coursepkg.training.fit`; the network in training mode
    loss : (forward, backward) of `functional`

    Raises
    ------
    ValueError
        If the network has dropout: its masks are drawn by NumPy, which no graph can record.

    Examples
    --------
    >>> import numpy as np
    >>> from coursepkg.network import mlp
    >>> from coursepkg.optim import SGD
    >>> network = mlp((2, 3, 2))
    >>> step = CapturedStep(network, SGD(network.parameters(), lr=0.1))
    >>> x, labels = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([0, 1])
    >>> first = step(x, labels)
    >>> bool(step(x, labels) < first)
    True
    """

    def __init__(
        self,
        network: Layer,
        optimizer: Optimizer,
        loss: Any = (F.cross_entropy, F.cross_entropy_backward),
    ):
        if any(isinstance(layer, Dropout) and layer.p for layer in _layers(network)):
            raise ValueError(
                "a network with dropout cannot be captured: NumPy draws its masks anew at every "
                "step; take the plain step"
            )
        self.network, self.optimizer, self.loss = network, optimizer, loss
        self._fixed: dict[str, Array] = {}
        self._rate: float | None = None
        self._calls = 0
        self._graph: Any = None

    def __call__(self, x: Array, labels: Array) -> Array:
        """Take one step; return the loss before it, which stays on the device."""
        self._set_rate()
        first: Array = self._fixed.get("x", x)
        if (first.shape, first.dtype) != (x.shape, x.dtype):
            return self._step(x, labels)
        x, labels = self._kept("x", x), self._kept("labels", labels)
        self._calls += 1
        if not on_device(x):
            return self._step(x, labels)
        if self._calls <= WARM_UP:
            with self._aside():
                return self._step(x, labels)
        if self._graph is None:
            self._record(x, labels)  # runs through Python, which counts the step, not on the GPU
        else:
            self.optimizer.t += 1
        self._graph.launch()
        return self._loss.copy()

    def _step(self, x: Array, labels: Array) -> Array:
        forward, backward = self.loss
        loss, cache = forward(self.network.forward(x), labels)
        self.network.backward_parameters(backward(1.0, cache))
        self.optimizer.step(lr=self._fixed["lr"])
        self._settle()
        return loss

    def _settle(self) -> None:
        """Move what the step made anew to where it has to stay."""
        arrays = self.network.state_dict().items()
        self.network.put_state({name: self._kept(f"network.{name}", x) for name, x in arrays})
        states = self.optimizer.states
        for i, (state, parameter) in enumerate(zip(states, self.optimizer.parameters, strict=True)):
            if state is not None:
                named, like = state._asdict().items(), parameter.data
                states[i] = type(state)(*(self._kept(f"{i}.{name}", x, like) for name, x in named))

    def _kept(self, name: str, x: Array, like: Array | None = None) -> Array:
        """The array that stays, with the numbers of `x`; made with the dtype of `like`."""
        if name not in self._fixed:
            like = x if like is None else like
            self._fixed[name] = namespace(like).asarray(x, dtype=like.dtype, copy=True)
        elif self._fixed[name] is not x:
            self._fixed[name][...] = x
        return self._fixed[name]

    def _set_rate(self) -> None:
        rate = self.optimizer.rate()
        if rate != self._rate:
            self._kept("lr", rate, self.optimizer.parameters[0].data)
            self._rate = rate

    def _record(self, x: Array, labels: Array) -> None:
        with self._aside():
            self._stream.begin_capture()
            try:
                loss = self._step(x, labels)
            finally:
                graph = self._stream.end_capture()
            self._loss, self._graph = loss, graph

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """On a stream of our own, with memory that nobody else is given in the meantime."""
        from coursepkg.gpu.cublas import products_by_cublas
        from coursepkg.gpu.device import cupy

        cuda = cupy().cuda
        if self._calls == 1:
            self._stream, self._pool = cuda.Stream(non_blocking=True), cuda.MemoryPool()
        around = cuda.get_current_stream()
        self._stream.wait_event(around.record())
        with self._stream, cuda.using_allocator(self._pool.malloc), products_by_cublas():
            yield
        around.wait_event(self._stream.record())


def _layers(layer: Layer) -> Iterator[Layer]:
    yield layer
    for _, child in layer.children():
        yield from _layers(child)
