"""A tape for arrays: write the forward pass with ordinary operators, get the backward for nothing.

Every operation is a pair of `functional`. A `Tensor` remembers which pair made it and of what;
`Tensor.backward` walks back through these memories, last made first, and calls the backward of each
pair. No derivative is written down here.

    w = Tensor(np.ones((3, 2)), requires_grad=True)
    loss = ((x @ w - y) ** 2).sum()
    loss.backward()
    w.grad

Other pairs are applied with `apply`: ``apply(F.conv2d, F.conv2d_backward, x, w, b, stride=2)``.

Second derivatives come from differentiating the backward of a pair. That works where it is written
in operations that a tape can record; `coursepkg.autodiff_namespace` is the list of them.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from coursepkg import functional as F
from coursepkg.backend import Array, as_float, namespace
from coursepkg.functional import expect

Forward = Callable[..., tuple[Array, Any]]
Backward = Callable[[Array, Any], Any]


class Step(NamedTuple):
    """How a tensor was made: enough to go back, and to do the forward again on tensors."""

    forward: Forward
    backward: Backward
    inputs: tuple[Any, ...]
    options: dict[str, Any]
    cache: Any


class Tensor:
    """An array that remembers how it was made.

    Parameters
    ----------
    data : array, or a number
    requires_grad : whether `backward` should leave a gradient here

    Examples
    --------
    >>> x = Tensor(3.0, requires_grad=True)
    >>> y = x * x + x
    >>> y.backward()
    >>> float(x.grad)
    7.0
    """

    __array_ufunc__ = None  # a NumPy array on the left leaves the operation to the tensor

    def __init__(self, data: Array, requires_grad: bool = False, step: Step | None = None):
        if isinstance(data, Tensor):
            raise TypeError("data must be an array, got a Tensor; take its .data")
        self.data = data if step is not None else as_float(data, "data")
        self.requires_grad = requires_grad
        self.grad: Array | None = None
        self.step = step

    def __repr__(self) -> str:
        return f"Tensor({self.data!r}{', requires_grad=True' if self.requires_grad else ''})"

    @property
    def array_namespace(self) -> Any:
        """The functions that `backend.namespace` finds for tensors."""
        from coursepkg.autodiff_namespace import TENSORS  # it is made of this module

        return TENSORS

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape

    @property
    def ndim(self) -> int:
        return self.data.ndim

    @property
    def dtype(self) -> Any:
        return self.data.dtype

    @property
    def T(self) -> "Tensor":  # noqa: N802  (what every array library calls it)
        return apply(F.transpose, F.transpose_backward, self)

    def backward(self, dout: Array = None) -> None:
        """Leave in `grad` of every tensor that requires it the gradient of ``sum(dout * self)``.

        Parameters
        ----------
        dout : array with the shape of this tensor; 1 by default where it is a single number

        Raises
        ------
        ValueError
            If `dout` is missing or of another shape, or nothing requires a gradient.

        Notes
        -----
        Every call starts anew: gradients of an earlier call are replaced, not added to.
        """
        order = _order([self])
        leaves = [tensor for tensor in order if tensor.step is None and tensor.requires_grad]
        if not leaves:
            raise ValueError("nothing that this tensor was made of requires a gradient")
        for leaf, grad in zip(leaves, gradients(self, leaves, dout), strict=True):
            leaf.grad = grad.data

    def __add__(self, other: Any) -> "Tensor":
        return apply(F.add, F.add_backward, self, other)

    def __radd__(self, other: Any) -> "Tensor":
        return apply(F.add, F.add_backward, other, self)

    def __sub__(self, other: Any) -> "Tensor":
        return apply(F.subtract, F.subtract_backward, self, other)

    def __rsub__(self, other: Any) -> "Tensor":
        return apply(F.subtract, F.subtract_backward, other, self)

    def __mul__(self, other: Any) -> "Tensor":
        return apply(F.multiply, F.multiply_backward, self, other)

    def __rmul__(self, other: Any) -> "Tensor":
        return apply(F.multiply, F.multiply_backward, other, self)

    def __truediv__(self, other: Any) -> "Tensor":
        return apply(F.divide, F.divide_backward, self, other)

    def __rtruediv__(self, other: Any) -> "Tensor":
        return apply(F.divide, F.divide_backward, other, self)

    def __matmul__(self, other: Any) -> "Tensor":
        return apply(F.matmul, F.matmul_backward, self, other)

    def __rmatmul__(self, other: Any) -> "Tensor":
        return apply(F.matmul, F.matmul_backward, other, self)

    def __pow__(self, exponent: float) -> "Tensor":
        return apply(F.power, F.power_backward, self, exponent=exponent)

    def __neg__(self) -> "Tensor":
        return self * -1.0

    def __gt__(self, other: Any) -> Array:
        return self.data > raw(other)

    def __ge__(self, other: Any) -> Array:
        return self.data >= raw(other)

    def __lt__(self, other: Any) -> Array:
        return self.data < raw(other)

    def __le__(self, other: Any) -> Array:
        return self.data <= raw(other)

    def __getitem__(self, key: Any) -> "Tensor":
        """Insert axes, as in ``x[:, None]``; nothing else is taken apart on this tape."""
        keys = key if isinstance(key, tuple) else (key,)
        if any(k is not None and k != slice(None) for k in keys):
            raise NotImplementedError(f"a Tensor takes indices of : and None only, got {key!r}")
        return self.reshape(self.data[key].shape)

    def sum(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> "Tensor":
        """Add up all entries, or those along `axis`."""
        return apply(F.sum, F.sum_backward, self, axis=axis, keepdims=keepdims)

    def reshape(self, *shape: Any) -> "Tensor":
        """The same entries in another shape."""
        new = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
        return apply(F.reshape, F.reshape_backward, self, shape=tuple(new))

    def exp(self) -> "Tensor":
        """e to the power of every entry."""
        return apply(F.exp, F.exp_backward, self)

    def log(self) -> "Tensor":
        """The natural logarithm of every entry."""
        return apply(F.log, F.log_backward, self)

    def relu(self) -> "Tensor":
        """Every entry, or 0 where it is negative."""
        return apply(F.relu, F.relu_backward, self)

    def sigmoid(self) -> "Tensor":
        """The logistic function of every entry."""
        return apply(F.sigmoid, F.sigmoid_backward, self)

    def tanh(self) -> "Tensor":
        """The hyperbolic tangent of every entry."""
        return apply(F.tanh, F.tanh_backward, self)


def raw(x: Any) -> Any:
    """Return the array of a tensor, anything else as it is.

    Examples
    --------
    >>> raw(Tensor(2.0)).shape
    ()
    """
    return x.data if isinstance(x, Tensor) else x


def apply(forward: Forward, backward: Backward, *inputs: Any, **options: Any) -> Tensor:
    """Run a pair of `functional` on tensors and remember it.

    Parameters
    ----------
    forward, backward : the pair
    inputs : tensors, and arrays or numbers, which are constants
    options : further arguments of the forward pass

    Examples
    --------
    >>> scores = Tensor([[1.0, 2.0, 3.0]], requires_grad=True)
    >>> loss = apply(F.cross_entropy, F.cross_entropy_backward, scores, [0])
    >>> loss.backward()
    >>> scores.grad.round(4)
    array([[-0.91  ,  0.2447,  0.6652]])
    """
    out, cache = forward(*map(raw, inputs), **options)
    needed = any(isinstance(x, Tensor) and x.requires_grad for x in inputs)
    return Tensor(out, needed, Step(forward, backward, inputs, options, cache))


def gradients(
    out: Tensor, wrt: Sequence[Tensor], dout: Any = None, create_graph: bool = False
) -> list[Tensor]:
    """Return the gradients of ``sum(dout * out)`` with respect to each tensor of `wrt`.

    Parameters
    ----------
    out : what is differentiated
    wrt : tensors it was made of; the gradient of any other is zero
    dout : array or tensor with the shape of `out`; 1 by default where it is a single number
    create_graph : whether the gradients shall remember how they were made, to be differentiated
        again

    Examples
    --------
    >>> x = Tensor(3.0, requires_grad=True)
    >>> slope, = gradients(x**3, [x], create_graph=True)
    >>> curvature, = gradients(slope, [x])
    >>> float(slope.data), float(curvature.data)
    (27.0, 18.0)
    """
    pending: dict[int, Any] = {id(out): _seed(out, dout, create_graph)}
    wanted = {id(tensor) for tensor in wrt}
    for tensor in reversed(_order([out])):
        grad = pending.get(id(tensor))
        if tensor.step is None or grad is None:
            continue
        if id(tensor) not in wanted:
            del pending[id(tensor)]
        sent_back = _back(tensor.step, grad, create_graph)
        for source, sent in zip(tensor.step.inputs, sent_back, strict=False):
            if isinstance(source, Tensor) and source.requires_grad:
                known = pending.get(id(source))
                pending[id(source)] = sent if known is None else known + sent
    found = (pending.get(id(t)) for t in wrt)
    zeros = (t.data * 0 if g is None else g for t, g in zip(wrt, found, strict=True))
    return [g if isinstance(g, Tensor) else Tensor(g) for g in zeros]


def grad(f: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return the function that gives the gradient of `f` with respect to its first argument.

    Parameters
    ----------
    f : function of tensors that returns a tensor with one entry

    Examples
    --------
    >>> float(grad(lambda x: x**3)(Tensor(2.0)).data)
    12.0
    >>> float(grad(grad(lambda x: x**3))(Tensor(2.0)).data)
    12.0
    """

    def gradient(x: Any, *others: Any) -> Tensor:
        x = _tracked(x)
        return gradients(f(x, *others), [x], create_graph=True)[0]

    return gradient


def hessian_vector_product(f: Callable[[Tensor], Tensor], x: Array, v: Array) -> Array:
    """Return H v, H the second derivatives of `f` at x, without ever building H.

    The gradient of ``<grad f(x), v>`` is H v: two passes back, whatever the size of x.

    Parameters
    ----------
    f : function of a tensor that returns a tensor with one entry
    x, v : arrays of one shape

    Raises
    ------
    NotImplementedError
        If a pair on the way has a backward that the tape cannot record.

    Examples
    --------
    >>> hessian_vector_product(lambda x: (x**3).sum(), np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    array([ 6., 12.])
    """
    tracked = _tracked(x)
    slope = (grad(f)(tracked) * v).sum()
    return gradients(slope, [tracked])[0].data


def _tracked(x: Any) -> Tensor:
    """A tensor that requires a gradient; a tensor that is part of a tape stays part of it."""
    if isinstance(x, Tensor) and x.requires_grad:
        return x
    return Tensor(raw(x), requires_grad=True)


def _order(roots: Sequence[Tensor]) -> list[Tensor]:
    """All tensors that require a gradient below `roots`, each after those it is made of.

    Depth first, with a stack of its own instead of recursion: a tape may be as long as it likes.
    """
    order: list[Tensor] = []
    seen: set[int] = set()
    stack = [(root, False) for root in roots]
    while stack:
        tensor, done = stack.pop()
        if done:
            order.append(tensor)
        elif id(tensor) not in seen and tensor.requires_grad:
            seen.add(id(tensor))
            stack.append((tensor, True))
            inputs = tensor.step.inputs if tensor.step else ()
            stack += [(x, False) for x in reversed(inputs) if isinstance(x, Tensor)]
    return order


def _seed(out: Tensor, dout: Any, create_graph: bool) -> Any:
    if dout is None:
        if out.shape != () and out.data.size != 1:
            raise ValueError(f"dout must be given for a tensor of shape {out.shape}")
        dout = out.data * 0 + 1
    if expect.shape_of(dout) != tuple(out.shape):
        raise ValueError(f"dout must have the shape {out.shape} of the tensor, got {dout.shape}")
    return _as_tensor(dout) if create_graph else raw(dout)


def _as_tensor(x: Any) -> Tensor:
    return x if isinstance(x, Tensor) else Tensor(x)


def _back(step: Step, grad: Any, create_graph: bool) -> tuple[Any, ...]:
    """Gradients of the inputs of a step: arrays, or tensors if they are to be differentiated."""
    grads = _recorded(step, grad) if create_graph else step.backward(grad, step.cache)
    grads = grads if isinstance(grads, tuple) else (grads,)
    late = step.inputs[len(grads) :]
    if any(isinstance(x, Tensor) and x.requires_grad for x in late):
        raise ValueError(
            f"{step.forward.__name__} has a gradient for its first {len(grads)} inputs only"
        )
    return tuple(map(_as_tensor, grads)) if create_graph else grads


def _recorded(step: Step, grad: Tensor) -> Any:
    """Run the backward of a step on tensors, after a forward that makes its cache of tensors."""
    name = getattr(step.forward, "__name__", "this step")
    if any(isinstance(x, np.random.Generator) for x in (*step.inputs, *step.options.values())):
        raise NotImplementedError(
            f"second derivatives through {name} are not possible: it draws random numbers, "
            "and would draw others when done again"
        )
    try:
        _, cache = step.forward(*map(_constant, step.inputs), **step.options)
        return step.backward(grad, cache)
    except NotImplementedError as error:
        message = f"second derivatives through {name} are not possible: {error}"
        raise NotImplementedError(message) from error


def _constant(x: Any) -> Any:
    """An array of real numbers as a tensor; labels, numbers and tensors as they are."""
    is_array = hasattr(x, "dtype") and not isinstance(x, Tensor)
    return Tensor(x) if is_array and namespace(x).isdtype(x.dtype, "real floating") else x
