"""Trials of update rules, as an optimizer has them: each is followed for a few steps.

The gradients are those of quadratics, taken where the student's own weights are. Their first
entries keep away from 0, where the rules that divide by the size of a gradient would magnify the
rounding of the last digit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from coursepkg.checks.data import distinct
from coursepkg.checks.question import Trial
from coursepkg.checks.trials import TrialError, Tried, numbers

STEPS = 5
EXACT = 1e-12
ROUGH = 1e-2
"""For a promise: to keep it counts though the last digits are not right."""

Options = tuple[Any, ...]
"""What a rule takes after w, dw, state and lr."""


@dataclass(frozen=True)
class Rule:
    """An update rule: what the statement calls the parts of its state, and its options.

    `first_step` says how long a step from no state is, in learning rates, for a gradient of 2 and
    the `usual` options; `options` draws others.
    """

    name: str
    reference: Callable[..., tuple[Any, Any]]
    parts: tuple[str, ...]
    usual: Options
    options: Callable[[np.random.Generator], Options]
    first_step: float
    first_step_in_words: str

    def plain(self, state: Any) -> Any:
        """The state of the library as the statement defines it."""
        if state is None:
            return None
        return state[0] if len(self.parts) == 1 else tuple(state)

    def own(self, state: Any) -> list[Any]:
        """Take a student's state apart."""
        if not self.parts:
            if state is not None:
                raise TrialError(f"{self.name} has no state: return None beside the new weights")
            return []
        if len(self.parts) == 1:
            return [state]
        try:
            return [state[place] for place in range(len(self.parts))]
        except Exception:
            wanted = ", ".join(self.parts)
            raise TrialError(f"the state that {self.name} returned is not ({wanted})") from None


@dataclass(frozen=True)
class Quadratic:
    """The function ``sum(w * (curvature @ w)) / 2 - sum(w * slope)``, and where to start."""

    curvature: np.ndarray
    slope: np.ndarray
    start: np.ndarray

    def gradient(self, w: np.ndarray) -> np.ndarray:
        return np.asarray(self.curvature @ w - self.slope)


HALF_SQUARE = Quadratic(np.eye(1), np.zeros(1), np.ones(1))


def _quadratic(rng: np.random.Generator, shape: tuple[int, ...]) -> Quadratic:
    axes = np.linalg.qr(rng.standard_normal((shape[0], shape[0])))[0]
    curvature = axes * rng.uniform(0.5, 2, shape[0]) @ axes.T
    start = rng.standard_normal(shape)
    first = rng.uniform(0.5, 2, shape) * rng.choice([-1, 1], shape)
    return Quadratic(curvature, curvature @ start - first, start)


def _rate(rng: np.random.Generator) -> float:
    return float(rng.uniform(0.01, 0.05))


def _step(tried: Tried, rule: Rule, *args: Any) -> tuple[np.ndarray, Any]:
    """Take one step with the student's rule: the new weights and the state."""
    return _taken_apart(tried(rule.name, *args), rule, np.shape(args[0]))


def _taken_apart(answer: Any, rule: Rule, shape: tuple[int, ...]) -> tuple[np.ndarray, Any]:
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise TrialError(f"{rule.name} must return two values, the new weights and the state")
    return numbers(answer[0], "the new weights are", shape), answer[1]


def _compare(what: str, got: np.ndarray, expected: np.ndarray, tolerance: float) -> None:
    off = np.asarray(np.abs(got - expected))
    if off.max(initial=0) > tolerance * max(1.0, float(np.abs(expected).max(initial=0))):
        place = np.unravel_index(int(off.argmax()), off.shape)
        mine, right = float(got[place]), float(expected[place])
        index = f"[{', '.join(map(str, place))}]" if place else ""
        digits = 6 if abs(mine - right) > 1e-4 * abs(right) else 15
        raise TrialError(f"{what}{index} is {mine:.{digits}g}, expected {right:.{digits}g}")


def _follow(
    tried: Tried,
    rule: Rule,
    quadratic: Quadratic,
    rates: list[float],
    options: Options,
    saved: Any = None,
) -> None:
    """Both walk, each by the gradients where it stands; they must not part."""
    mine, state = quadratic.start, rule.plain(saved)
    right, right_state = quadratic.start, saved
    for number, lr in enumerate(rates, 1):
        mine, state = _step(tried, rule, mine, quadratic.gradient(mine), state, lr, *options)
        right, right_state = rule.reference(
            right, quadratic.gradient(right), right_state, lr, *options
        )
        _compare(f"after step {number}, w", mine, right, EXACT)


def _worked_example(rule: Rule, tried: Tried, rng: np.random.Generator) -> None:
    _follow(tried, rule, HALF_SQUARE, [0.1] * 3, rule.usual)


def _usual_run(rule: Rule, tried: Tried, rng: np.random.Generator) -> None:
    n, m = distinct(rng, 2, 2, 5)
    _follow(tried, rule, _quadratic(rng, (n, m)), [_rate(rng)] * STEPS, rule.usual)


def _other_run(rule: Rule, tried: Tried, rng: np.random.Generator) -> None:
    n, m = distinct(rng, 2, 2, 5)
    options = rule.options(rng)
    _follow(tried, rule, _quadratic(rng, (n, m)), [_rate(rng)] * STEPS, options)


def _other_rates(rule: Rule, tried: Tried, rng: np.random.Generator) -> None:
    (n,) = distinct(rng, 1)
    rates = [_rate(rng) / number for number in range(1, STEPS + 1)]
    _follow(tried, rule, _quadratic(rng, (n,)), rates, rule.options(rng))


def _first_step(rule: Rule, tried: Tried, rng: np.random.Generator) -> None:
    lr, wanted, options = _rate(rng), rule.first_step, rule.usual
    w = rng.standard_normal(4)
    for dw in (np.array([2.0, -2.0, 2.0, -2.0]), np.array([-2.0, -2.0, 2.0, 2.0])):
        steps = (_step(tried, rule, w, dw, None, lr, *options)[0] - w) / lr
        if np.abs(steps + wanted * np.sign(dw)).max() > 1e-3 * wanted:
            raise TrialError(
                f"where the gradient is 2 the first step must be {-wanted:.4g} learning rates "
                f"({rule.first_step_in_words}); yours is {steps[np.argmax(dw > 0)]:.4g}"
            )


def _two_parameters(rule: Rule, tried: Tried, rng: np.random.Generator) -> None:
    """In turns, as an optimizer does it; a memory inside of the function mixes them up."""
    shape, lr, options = tuple(distinct(rng, 2, 2, 5)), _rate(rng), rule.usual
    quadratics = _quadratic(rng, shape), _quadratic(rng, shape)
    mine: list[Any] = [(q.start, None) for q in quadratics]
    right: list[Any] = [(q.start, None) for q in quadratics]
    for number in range(1, 4):
        for i, q in enumerate(quadratics):
            (w, state), (v, own) = mine[i], right[i]
            mine[i] = _step(tried, rule, w, q.gradient(w), state, lr, *options)
            right[i] = rule.reference(v, q.gradient(v), own, lr, *options)
            name = f"w of parameter {i + 1}"
            _compare(f"after step {number}, {name}", mine[i][0], right[i][0], ROUGH * lr)


def _state(rule: Rule, tried: Tried, rng: np.random.Generator) -> None:
    quadratic, lr = _quadratic(rng, (3,)), _rate(rng)
    w, state, saved = quadratic.start, None, None
    for number in range(1, 4):
        dw = quadratic.gradient(w)
        got, state = _step(tried, rule, w, dw, state, lr, *rule.usual)
        right, saved = rule.reference(w, dw, saved, lr, *rule.usual)
        _compare(f"after step {number}, w", got, right, ROUGH * lr)
        for part, own, expected in zip(rule.parts, rule.own(state), saved or (), strict=True):
            value = numbers(own, f"after step {number}, {part} in the state is")
            if value.shape != np.shape(expected):
                raise TrialError(
                    f"after step {number}, {part} in the state has shape {value.shape}, "
                    f"where {np.shape(expected)} was expected"
                )
            _compare(f"after step {number}, {part}", value, np.asarray(expected), EXACT)
        w = right


def _saved_state(rule: Rule, tried: Tried, rng: np.random.Generator) -> None:
    """Start from a state that the student's function has not made."""
    (n,) = distinct(rng, 1)
    quadratic, lr, options = _quadratic(rng, (n,)), _rate(rng), rule.options(rng)
    w, saved = quadratic.start, None
    for _ in range(7):
        w, saved = rule.reference(w, quadratic.gradient(w), saved, lr, *options)
    there = Quadratic(quadratic.curvature, quadratic.slope, w)
    _follow(tried, rule, there, [lr] * 2, options, saved)


def _inputs(rule: Rule, tried: Tried, rng: np.random.Generator) -> None:
    quadratic, lr, options = _quadratic(rng, (4,)), _rate(rng), rule.usual
    w, state, right, saved = quadratic.start, None, quadratic.start, None
    for number in range(1, 3):
        dw = quadratic.gradient(w)
        answers = [
            _taken_apart(tried.unchanged(rule.name, w, dw, state, lr, *options), rule, w.shape)
            for _ in range(2)
        ]
        right, saved = rule.reference(right, quadratic.gradient(right), saved, lr, *options)
        _compare(f"after step {number}, w", answers[0][0], right, ROUGH * lr)
        if not np.allclose(answers[0][0], answers[1][0], rtol=1e-12, atol=0):
            raise TrialError(
                f"{rule.name} gave another answer to the same call the second time: "
                "it changed the state it was given, or remembers something by itself"
            )
        w, state = answers[0]


def _short_floats(rule: Rule, tried: Tried, rng: np.random.Generator) -> None:
    quadratic, lr, options = _quadratic(rng, (4,)), _rate(rng), rule.usual
    w, state, right, saved = quadratic.start.astype(np.float32), None, quadratic.start, None
    for number in range(1, 3):
        dw = quadratic.gradient(w).astype(np.float32)
        w, state = _step(tried, rule, w, dw, state, lr, *options)
        right, saved = rule.reference(right, quadratic.gradient(right), saved, lr, *options)
        if w.dtype != np.float32:
            raise TrialError(f"{rule.name} returned {w.dtype} weights where w is float32")
        _compare(f"after step {number}, w", w, right, ROUGH * lr)


def _small_gradients(rule: Rule, tried: Tried, rng: np.random.Generator) -> None:
    """Entries of which one is 0 and others are of the size of eps."""
    w, state, right, saved = np.arange(1.0, 5), None, np.arange(1.0, 5), None
    dw = np.array([0.0, 1e-8, -1e-6, 1e-4]) * rng.uniform(1, 2, 4)
    lr, options = _rate(rng), rule.usual
    for number in range(1, 4):
        w, state = _step(tried, rule, w, dw, state, lr, *options)
        right, saved = rule.reference(right, dw, saved, lr, *options)
        _compare(f"after step {number}, w", w, right, EXACT)


TRIALS: tuple[tuple[str, Callable[[Rule, Tried, np.random.Generator], None], bool], ...] = (
    ("the worked example", _worked_example, False),
    ("the length of the first step", _first_step, False),
    ("five steps on a quadratic", _usual_run, False),
    ("the state that is returned", _state, False),
    ("two parameters of the same shape, in turns", _two_parameters, False),
    ("the arrays it is given stay as they are", _inputs, False),
    ("float32 stays float32", _short_floats, False),
    ("another quadratic, other options", _other_run, True),
    ("a third quadratic, other options", _other_run, True),
    ("another learning rate in every step", _other_rates, True),
    ("going on from a saved state", _saved_state, True),
    ("gradients of 0, 1e-8, 1e-6 and 1e-4", _small_gradients, True),
)


def trials(rule: Rule) -> tuple[Trial, ...]:
    """Return all trials of one rule."""
    return tuple(Trial(title, partial(run, rule), hidden) for title, run, hidden in TRIALS)
