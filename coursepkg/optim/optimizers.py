"""Optimizers: an update rule, and a state for each of the parameters they are given."""

from collections.abc import Callable, Iterable
from typing import Any

from coursepkg.backend import Array, namespace, on_device, to_device
from coursepkg.functional import expect
from coursepkg.layers import Parameter
from coursepkg.optim import rules
from coursepkg.optim.schedules import Schedule, constant


class Optimizer:
    """What all optimizers share: `step`, `zero_grad`, and a state that can be saved.

    Parameters
    ----------
    parameters : what is learned, such as ``network.parameters()``
    lr : learning rate, or a schedule, a function of the steps taken so far
    rule : update rule of `coursepkg.optim.rules`
    state : the named tuple that the rule returns beside the new weights, None if it needs none
    options : further arguments of the rule
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float | Schedule,
        rule: Callable[..., tuple[Array, Any]],
        state: Any = None,
        **options: Any,
    ):
        self.parameters = list(parameters)
        if not self.parameters:
            raise ValueError("an optimizer needs parameters, got none")
        if not callable(lr) and not expect.number(lr, "lr") > 0:
            raise ValueError(f"need lr > 0 or a schedule, got {lr}")
        self.schedule = constant(lr)
        self.rule = rule
        self.options = {name: _plain(value, name) for name, value in options.items()}
        self.t = 0
        self._fields: tuple[str, ...] = state._fields if state else ()
        self._state = state
        self.states: list[Any] = [None] * len(self.parameters)

    def step(self, lr: Array | None = None) -> None:
        """Change every parameter by the rule.

        Parameters
        ----------
        lr : learning rate, if it is not to be that of the schedule

        Raises
        ------
        ValueError
            If a parameter has no gradient, or one of another shape; then no parameter is changed.
        """
        for parameter in self.parameters:
            _require_gradient(parameter)
        lr = self.rate() if lr is None else lr
        for i, parameter in enumerate(self.parameters):
            parameter.data, self.states[i] = self.rule(
                parameter.data, parameter.grad, self.states[i], lr, **self.options
            )
        self.t += 1

    def rate(self) -> float:
        """The learning rate of the coming step."""
        return expect.number(self.schedule(self.t), "lr")

    def to(self, device: str, dtype: str | None = None) -> None:
        """Move the state to "cpu" or "gpu", as `Layer.to` moves the parameters."""
        for i, state in enumerate(self.states):
            if state is not None:
                moved = (x if isinstance(x, int) else to_device(x, device, dtype) for x in state)
                self.states[i] = type(state)(*moved)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for parameter in self.parameters:
            parameter.grad = None

    def state_dict(self) -> dict[str, Any]:
        """Return what the coming steps depend on beside parameters and options, by name.

        "t" is the number of steps taken, "0.v" the field v of the first parameter's state.
        """
        found: dict[str, Any] = {"t": self.t}
        for i, state in enumerate(self.states):
            if state is not None:
                found |= {f"{i}.{name}": value for name, value in state._asdict().items()}
        return found

    def load_state_dict(self, saved: dict[str, Any]) -> None:
        """Go on where the optimizer whose `state_dict` this is stood.

        Raises
        ------
        ValueError
            If names or shapes are not those of such an optimizer over such parameters; then
            nothing is taken over.
        """
        started = int(saved.get("t", 0)) > 0
        places = range(len(self.parameters)) if started else range(0)
        expected = {"t", *(f"{i}.{name}" for i in places for name in self._fields)}
        if saved.keys() != expected:
            raise ValueError(
                f"not the state of a {type(self).__name__} over {len(self.parameters)} parameters: "
                f"names that differ are {sorted(saved.keys() ^ expected)}"
            )
        states: list[Any] = [None] * len(self.parameters)
        for i in places if self._state else ():
            values = {name: saved[f"{i}.{name}"] for name in self._fields}
            if "t" in values:
                values["t"] = int(values["t"])
            weights = self.parameters[i].data
            shape = expect.shape_of(weights)
            for name, value in values.items():
                if name != "t" and expect.shape_of(value) != shape:
                    raise ValueError(f"{i}.{name} must have the shape {shape}, got {value.shape}")
                if name != "t" and on_device(weights):
                    values[name] = namespace(weights).asarray(value)
            states[i] = self._state(**values)
        self.t, self.states = int(saved["t"]), states


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum if `momentum` > 0, Nesterov's if `nesterov`.

    Examples
    --------
    >>> weight = Parameter(2.0)
    >>> optimizer = SGD([weight], lr=0.1)
    >>> weight.grad = 10.0
    >>> optimizer.step()
    >>> weight.data
    1.0
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float | Schedule,
        momentum: float = 0.0,
        nesterov: bool = False,
    ):
        _require_shares(momentum=momentum)
        if nesterov and not momentum:
            raise ValueError("nesterov needs a momentum > 0, got 0")
        if momentum:
            rule = rules.nesterov if nesterov else rules.momentum
            super().__init__(parameters, lr, rule, rules.MomentumState, momentum=momentum)
        else:
            super().__init__(parameters, lr, rules.sgd)


class AdaGrad(Optimizer):
    """Steps divided by the size of all gradients so far, see `adagrad`."""

    def __init__(self, parameters: Iterable[Parameter], lr: float | Schedule, eps: float = 1e-10):
        super().__init__(parameters, lr, rules.adagrad, rules.AdaGradState, eps=eps)


class RMSProp(Optimizer):
    """Steps divided by the size of recent gradients, see `rmsprop`."""

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float | Schedule,
        decay: float = 0.99,
        eps: float = 1e-8,
    ):
        _require_shares(decay=decay)
        super().__init__(parameters, lr, rules.rmsprop, rules.RMSPropState, decay=decay, eps=eps)


class Adam(Optimizer):
    """Momentum over the size of recent gradients, see `adam`."""

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float | Schedule = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        bias_correction: bool = True,
    ):
        _require_shares(beta1=betas[0], beta2=betas[1])
        options = {"betas": tuple(betas), "eps": eps, "bias_correction": bias_correction}
        super().__init__(parameters, lr, rules.adam, rules.AdamState, **options)


class AdamW(Optimizer):
    """Adam with weights that decay beside it, see `adamw`."""

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float | Schedule = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ):
        _require_shares(beta1=betas[0], beta2=betas[1])
        options = {"betas": tuple(betas), "eps": eps, "weight_decay": weight_decay}
        super().__init__(parameters, lr, rules.adamw, rules.AdamState, **options)


def _require_gradient(parameter: Parameter) -> None:
    if parameter.grad is None:
        raise ValueError("call backward before step: a parameter has no gradient yet")
    got, shape = expect.shape_of(parameter.grad), expect.shape_of(parameter.data)
    if got != shape:
        raise ValueError(f"the gradient of a parameter of shape {shape} has the shape {got}")


def _plain(value: Any, name: str) -> Any:
    """Numbers as plain ones: NumPy's float64 would turn weights of float32 into its like."""
    if isinstance(value, tuple):
        return tuple(_plain(each, name) for each in value)
    return value if isinstance(value, bool) else expect.number(value, name)


def _require_shares(**shares: float) -> None:
    for name, value in shares.items():
        if not 0 <= value < 1:
            raise ValueError(f"need 0 <= {name} < 1, got {value}")
