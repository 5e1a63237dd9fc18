"""What a layer is: parameters, a forward and a backward pass, a mode, a state to save."""

from collections.abc import Callable, Iterator
from typing import Any

from coursepkg.backend import Array, as_float, made, namespace, to_device


class Parameter:
    """An array that is learned, and the gradient of the loss with respect to it."""

    def __init__(self, data: Array):
        self.data = made(data)
        self.grad: Array | None = None


class Layer:
    """A step of a network. `backward` refers to the last `forward`.

    A layer's parameters are the attributes that are a `Parameter`; `buffers` names further arrays
    that belong to its state, such as running averages.
    """

    training = True
    buffers: tuple[str, ...] = ()
    _cache: Any = None

    def forward(self, x: Array) -> Array:
        raise NotImplementedError

    def backward(self, dout: Array) -> Array:
        """Return the gradient with respect to x; that of every parameter goes to its `grad`."""
        raise NotImplementedError

    def backward_parameters(self, dout: Array) -> None:
        """Give every parameter its `grad`, as `backward` does, and leave out what only x needs.

        In training nobody asks for the gradient of the images, and in the first layer it is a third
        of the work.
        """
        self.backward(dout)

    def children(self) -> Iterator[tuple[str, "Layer"]]:
        """Layers inside this one, with their names."""
        yield from ()

    def parameters(self) -> Iterator[Parameter]:
        """Everything that is learned, in the order of `state_dict`."""
        for _, holder, name in self._state():
            if isinstance(getattr(holder, name), Parameter):
                yield getattr(holder, name)

    def train(self, mode: bool = True) -> "Layer":
        """Switch to training mode, with all layers inside."""
        self.training = mode
        for _, child in self.children():
            child.train(mode)
        return self

    def eval(self) -> "Layer":
        """Switch to evaluation: dropout lets everything through, batch norm uses its averages."""
        return self.train(False)

    def state_dict(self) -> dict[str, Array]:
        """Return the arrays of parameters and buffers, by names such as "0.w"."""
        return {path: _array(holder, name) for path, holder, name in self._state()}

    def load_state_dict(self, saved: dict[str, Array]) -> None:
        """Take over what `state_dict` gave for a layer of the same make.

        Raises
        ------
        ValueError
            If names or shapes differ; then nothing is taken over.
        TypeError
            If something there is no array of numbers; then too.
        """
        own = self.state_dict()
        missing, unexpected = own.keys() - saved.keys(), saved.keys() - own.keys()
        if missing or unexpected:
            raise ValueError(
                f"the saved state does not fit: missing {sorted(missing)}, "
                f"unexpected {sorted(unexpected)}"
            )
        new = {name: as_float(saved[name], name) for name in own}
        wrong = [
            f"{name} {new[name].shape} instead of {array.shape}"
            for name, array in own.items()
            if new[name].shape != array.shape
        ]
        if wrong:
            raise ValueError(f"the saved state does not fit: {', '.join(wrong)}")
        self.put_state(
            {
                name: namespace(like).asarray(new[name], dtype=like.dtype, copy=True)
                for name, like in own.items()
            }
        )

    def put_state(self, arrays: dict[str, Array]) -> None:
        """Take these very arrays, by the names of `state_dict`, as parameters and buffers."""
        for path, holder, name in self._state():
            value = getattr(holder, name)
            if isinstance(value, Parameter):
                value.data = arrays[path]
            else:
                setattr(holder, name, arrays[path])

    def to(self, device: str, dtype: str | None = None) -> "Layer":
        """Move all parameters and buffers to "cpu" or "gpu"; what forward kept is forgotten.

        Parameters
        ----------
        device, dtype : as for `coursepkg.backend.to_device`, which also says what it raises
        """
        own = self.state_dict()
        self.put_state({name: to_device(array, device, dtype) for name, array in own.items()})
        self._forget()
        return self

    def _forget(self) -> None:
        self._cache = None
        for value in vars(self).values():
            if isinstance(value, Parameter):
                value.grad = None
        for _, child in self.children():
            child._forget()

    def _state(self, prefix: str = "") -> Iterator[tuple[str, "Layer", str]]:
        """Name, layer and attribute of every parameter and buffer."""
        for name, value in vars(self).items():
            if isinstance(value, Parameter) or name in self.buffers:
                yield prefix + name, self, name
        for name, child in self.children():
            yield from child._state(f"{prefix}{name}.")

    def _last_cache(self) -> Any:
        if self._cache is None:
            raise RuntimeError(f"{type(self).__name__}.backward needs a forward before it")
        return self._cache


class Stateless(Layer):
    """A layer without parameters: a pair of `functional` and the options of its forward pass."""

    pair: tuple[Callable[..., tuple[Array, Any]], Callable[[Array, Any], Array]]

    def __init__(self, **options: Any):
        self.options = options

    def forward(self, x: Array) -> Array:
        out, self._cache = self.pair[0](x, **self.options)
        return out

    def backward(self, dout: Array) -> Array:
        return self.pair[1](dout, self._last_cache())


class Weighted(Layer):
    """A layer with weights and biases: ``forward(x, w, b)`` of `functional` and its options."""

    pair: tuple[Callable[..., tuple[Array, Any]], Callable[..., tuple[Array, ...]]]

    def __init__(self, w: Array, b: Array, **options: Any):
        self.w, self.b = Parameter(w), Parameter(b)
        self.options = options

    def forward(self, x: Array) -> Array:
        out, self._cache = self.pair[0](x, self.w.data, self.b.data, **self.options)
        return out

    def backward(self, dout: Array) -> Array:
        dx, self.w.grad, self.b.grad = self.pair[1](dout, self._last_cache())
        return dx

    def backward_parameters(self, dout: Array) -> None:
        _, self.w.grad, self.b.grad = self.pair[1](dout, self._last_cache(), need_dx=False)


def _array(holder: Layer, name: str) -> Array:
    value = getattr(holder, name)
    return value.data if isinstance(value, Parameter) else value
