"""Right answers to assignment 3 in other styles, and the mistakes that students make there."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tests.unit.assignments.solutions import Answers, Functions, solution

takes_function: Any = solution("A3")["takes_function"]
numeric: Any = solution("A3")["numeric_gradient"]
relative: Any = solution("A3")["relative_error"]
Array = np.ndarray
F = Callable[[Array], float]


# ---------------------------------------------------------------- numeric_gradient


def gradient(function: Callable[..., Any]) -> Functions:
    return {"numeric_gradient": takes_function(function)}


def by_copies(f: F, x: Array, h: float = 1e-5) -> Array:
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above, below = x.astype(np.float64), x.astype(np.float64)
        above[index] += h
        below[index] -= h
        grad[index] = (f(above) - f(below)) / (2 * h)
    return grad


def by_unit_matrices(f: F, x: Array, h: float = 1e-5) -> Array:
    units = np.eye(x.size).reshape(x.size, *x.shape)
    slopes = [(f(x + h * unit) - f(x - h * unit)) / (2 * h) for unit in units]
    return np.reshape(slopes, x.shape)


def by_flat_view(f: F, x: Array, h: float = 1e-5) -> Array:
    flat = np.array(x, dtype=float, order="C").ravel()
    grad = np.empty_like(flat)
    for i in range(len(flat)):
        old = flat[i]
        values = []
        for step in (h, -h):
            flat[i] = old + step
            values.append(f(flat.reshape(x.shape)))
        flat[i] = old
        grad[i] = (values[0] - values[1]) / 2 / h
    return grad.reshape(x.shape)


def in_place_restored(f: F, x: Array, h: float = 1e-5) -> Array:
    """Writes into x where it holds floats of 64 bits, and puts everything back."""
    work = x if x.dtype == np.float64 else x.astype(np.float64)
    return central(f, work, h)


def central(
    f: F,
    x: Array,
    h: float = 1e-5,
    width: float = 2.0,
    restore: str = "old",
    grad_like: bool = False,
) -> Array:
    """Central differences that write into x; what else can be done wrong is an option."""
    grad = np.zeros_like(x) if grad_like else np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        above = f(x)
        x[index] = old - h
        below = f(x)
        if restore == "old":
            x[index] = old
        elif restore == "add":
            x[index] += h
        grad[index] = (above - below) / (width * h)
    return grad


def adds_back(f: F, x: Array, h: float = 1e-5) -> Array:
    if x.dtype != np.float64:
        return numeric(f, x, h)
    return central(f, x, h, restore="add")


def never_restores(f: F, x: Array, h: float = 1e-5) -> Array:
    return central(f, np.array(x, np.float64), h, restore="")


def forward(f: F, x: Array, h: float = 1e-5) -> Array:
    x = np.array(x, np.float64)
    here, grad = f(x), np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        moved = x.copy()
        moved[index] += h
        grad[index] = (f(moved) - here) / h
    return grad


def through_ravel(f: F, x: Array, h: float = 1e-5) -> Array:
    """Right unless `ravel` has to copy."""
    x = np.array(x, np.float64)
    flat, grad = x.ravel(), np.zeros(x.size)
    for i in range(x.size):
        old = flat[i]
        flat[i] = old + h
        above = f(x)
        flat[i] = old - h
        below = f(x)
        flat[i] = old
        grad[i] = (above - below) / (2 * h)
    return grad.reshape(x.shape)


def first_axis_only(f: F, x: Array, h: float = 1e-5) -> Array:
    x = np.array(x, np.float64)
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        above, below = x.copy(), x.copy()
        above[i] += h
        below[i] -= h
        grad[i] = (f(above) - f(below)) / (2 * h)
    return grad


# ---------------------------------------------------------------- relative_error


def error(function: Callable[..., Any]) -> Functions:
    return {"relative_error": function}


def norm(a: Array) -> float:
    return float(np.linalg.norm(a))


def guarded(quotient: Callable[[Array, Array], float]) -> Callable[[Array, Array], float]:
    """A formula, with all the cases around it handled."""

    def run(a: Array, b: Array) -> float:
        a, b = np.array(a, np.float64), np.array(b, np.float64)
        if a.shape != b.shape:
            return np.inf
        return 0.0 if not (a.any() or b.any()) else float(quotient(a, b))

    return run


def error_by_loops(a: Array, b: Array) -> float:
    if np.shape(a) != np.shape(b):
        return float("inf")
    difference = one = two = 0.0
    for x, y in zip(a.ravel().tolist(), b.ravel().tolist(), strict=True):
        difference += (x - y) ** 2
        one += x**2
        two += y**2
    return difference**0.5 / (one**0.5 + two**0.5) if one + two else 0.0


def error_in_units(a: Array, b: Array) -> Any:
    """The largest entry taken out, so that nothing overflows."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    if a.shape != b.shape or np.isnan(a).any() or np.isnan(b).any():
        return np.float64(np.inf)
    unit = max(abs(a).max(), abs(b).max())
    if unit == 0:
        return np.float64(0)
    a, b = (a / unit).ravel(), (b / unit).ravel()
    return np.sqrt((a - b) @ (a - b)) / (np.sqrt(a @ a) + np.sqrt(b @ b))


def without_shapes(a: Array, b: Array) -> float:
    a, b = a.astype(np.float64), b.astype(np.float64)
    total = norm(a) + norm(b)
    return norm(a - b) / total if total else 0.0


def without_zeros(a: Array, b: Array) -> float:
    a, b = a.astype(np.float64), b.astype(np.float64)
    return norm(a - b) / (norm(a) + norm(b)) if a.shape == b.shape else np.inf


def in_float32(a: Array, b: Array) -> float:
    if a.shape != b.shape:
        return np.inf
    total = norm(a) + norm(b)
    return norm(a - b) / total if total else 0.0


def raises_on_shapes(a: Array, b: Array) -> float:
    if a.shape != b.shape:
        raise ValueError("shapes differ")
    return relative(a, b)


# ---------------------------------------------------------------- check_gradient


def checker(function: Callable[..., Any]) -> Functions:
    return {"check_gradient": takes_function(function)}


def judged(
    steps: Sequence[float] = (1e-5, 1e-6, 1e-7),
    differences: Callable[..., Any] = numeric,
    measure: Callable[[Array, Array], float] = relative,
    tolerance: float = 1e-6,
    accepts: Callable[[float, float], bool] = lambda error, tolerance: error <= tolerance,
    wide: Callable[[Array], Array] = lambda x: x,
) -> Functions:
    """A checker in which one part is another one."""

    def check_gradient(f: F, x: Array, grad: Array) -> bool:
        errors = (measure(grad, differences(f, wide(x), h)) for h in steps)
        return any(accepts(error, tolerance) for error in errors)

    return checker(check_gradient)


def check_by_directions(f: F, x: Array, grad: Array) -> bool:
    """Random directions only, with shorter steps past kinks."""
    x, grad = np.array(x, float), np.array(grad, float)
    if x.shape != grad.shape or not np.isfinite(grad).all():
        return False
    rng = np.random.default_rng(7)
    for v in rng.standard_normal((5, *x.shape)):
        slopes = [(f(x + h * v) - f(x - h * v)) / (2 * h) for h in (1e-5, 1e-6, 1e-7)]
        allowed = 1e-6 * norm(grad) * norm(v)
        if min(abs(np.vdot(grad, v) - slope) for slope in slopes) > allowed:
            return False
    return True


def check_around_kinks(f: F, x: Array, grad: Array) -> Any:
    """Looks for entries where the two sides disagree, and goes nearer only there."""
    if np.shape(grad) != np.shape(x):
        return np.False_
    x = np.array(x, np.float64)
    here, far, near = f(x), numeric(f, x, 1e-5), numeric(f, x, 1e-7)
    one_sided = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        moved = x.copy()
        moved[index] += 1e-5
        one_sided[index] = (f(moved) - here) / 1e-5
    kink = np.abs(one_sided - far) > 1e-3 * np.abs(far).max(initial=0)
    return np.bool_(relative(grad, np.where(kink, near, far)) <= 1e-6)


def check_by_comparing_shapes_first(f: F, x: Array, grad: Array) -> bool:
    if grad.shape != x.shape or np.isnan(grad).any():
        return False
    for h in 1e-5, 2e-6, 2e-7:
        difference = numeric(f, x, h) - grad
        if norm(difference) <= 2e-6 * norm(grad):
            return True
    return False


def entrywise(a: Array, b: Array) -> float:
    """The metric of CS231n."""
    if a.shape != b.shape:
        return np.inf
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))))


def absolute(a: Array, b: Array) -> float:
    return norm(a - b) if a.shape == b.shape else np.inf


def broadcasting(a: Array, b: Array) -> float:
    a, b = a.astype(np.float64), b.astype(np.float64)
    if a.shape != b.shape:
        a = a.reshape(b.shape)
    return relative(a, b)


def first_entries(a: Array, b: Array) -> float:
    """Looks at all but the last entry, as a loop over range(K) where K + 1 are there."""
    return relative(np.ravel(a)[:-1], np.ravel(b)[:-1]) if np.shape(a) == np.shape(b) else np.inf


def lengths(a: Array, b: Array) -> float:
    return abs(norm(a) - norm(b)) / max(norm(a) + norm(b), 1e-300) if a.shape == b.shape else np.inf


def angle(a: Array, b: Array) -> float:
    """Only the direction of the gradient."""
    if a.shape != b.shape or not norm(a) * norm(b):
        return 0.0 if np.shape(a) == np.shape(b) and norm(a) == norm(b) else np.inf
    return 1 - float(np.vdot(a, b)) / (norm(a) * norm(b))


def in_its_dtype(f: F, x: Array, h: float) -> Array:
    return central(f, x.copy(), h)


def into_its_dtype(f: F, x: Array, h: float) -> Array:
    return central(f, x.astype(np.float64), h).astype(x.dtype)


def one_zero(a: Array, b: Array) -> float:
    return norm(a - b) / (norm(a) + norm(b)) if a.shape == b.shape else np.inf


# ---------------------------------------------------------------- directional_check


def directional(function: Callable[..., Any]) -> Functions:
    return {"directional_check": takes_function(function)}


def along(
    combine: Callable[[Any], bool] = all,
    slope: Callable[..., float] = lambda f, x, v, h: (f(x + h * v) - f(x - h * v)) / (2 * h),
    size: Callable[..., float] = lambda grad, v, measured: norm(grad) * norm(v),
    shapes: bool = True,
    wide: bool = True,
    close: Callable[[float, float], bool] = lambda error, allowed: error <= allowed,
    claimed: Callable[[Array, Array], float] = lambda grad, v: float(np.sum(grad * v)),
    h: float = 1e-5,
) -> Functions:
    """A directional check in which one thing is done in another way."""

    def directional_check(f: F, x: Array, grad: Array, directions: Array) -> bool:
        if shapes and grad.shape != x.shape:
            return False
        x = x.astype(np.float64) if wide else x

        def agrees(v: Array) -> bool:
            measured = slope(f, x, v if wide else v.astype(x.dtype), h)
            error = abs(claimed(grad, v) - measured)
            return bool(close(error, 1e-6 * size(grad, v, measured)))

        return combine([agrees(v) for v in directions])

    return directional(directional_check)


def all_at_once(f: F, x: Array, grad: Array, directions: Array) -> Any:
    if grad.shape != x.shape:
        return np.False_
    flat = directions.reshape(len(directions), -1)
    claimed = flat @ grad.ravel().astype(float)
    h = 1e-5
    measured = [(f(x + h * v) - f(x - h * v)) / (2 * h) for v in directions]
    sizes = np.linalg.norm(flat, axis=1) * norm(grad)
    return np.all(np.abs(claimed - measured) <= 1e-6 * sizes)


def unit_directions(f: F, x: Array, grad: Array, directions: Array) -> bool:
    if grad.shape != x.shape or not np.isfinite(grad).all():
        return False
    for v in directions:
        unit, h = v / norm(v), 1e-4
        measured = (f(x + h * unit) - f(x - h * unit)) / (2 * h)
        if abs(np.vdot(grad, unit) - measured) > 1e-6 * norm(grad):
            return False
    return True


def directions_by_einsum(f: F, x: Array, grad: Array, directions: Array) -> bool:
    if grad.shape != x.shape:
        return False
    worst = 0.0
    for v in directions:
        claimed = np.einsum("i,i", grad.ravel().astype(float), v.ravel())
        measured = (f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5
        worst = max(worst, abs(claimed - measured) / norm(v)) if claimed == claimed else np.inf
    return worst <= 1e-6 * norm(grad)


def entry_by_entry(f: F, x: Array, grad: Array, directions: Array) -> bool:
    """The slopes along the directions, of a whole numerical gradient."""
    if grad.shape != x.shape:
        return False
    truth = numeric(f, x)
    return all(abs(np.vdot(grad - truth, v)) <= 1e-6 * norm(grad) * norm(v) for v in directions)


def writes_into_x(f: F, x: Array, grad: Array, directions: Array) -> bool:
    verdict: bool = solution("A3")["directional_check"](f, x, grad, directions)
    for v in directions:
        x += (1e-5 * v).astype(x.dtype)
    return verdict


def whole_gradient(f: F, x: Array, grad: Array, directions: Array) -> bool:
    return bool(relative(grad, numeric(f, x)) <= 1e-6)


RIGHT: Answers = {
    "A3.numeric_gradient": {
        "copies": gradient(by_copies),
        "unit matrices": gradient(by_unit_matrices),
        "a flat view": gradient(by_flat_view),
        "in place, old values put back": gradient(in_place_restored),
    },
    "A3.relative_error": {
        "norm of NumPy": error(guarded(lambda a, b: norm(a - b) / (norm(a) + norm(b)))),
        "loops": error(error_by_loops),
        "largest entry taken out": error(error_in_units),
    },
    "A3.check_gradient": {
        "directions": checker(check_by_directions),
        "nearer at kinks only": checker(check_around_kinks),
        "shapes first, another quotient": checker(check_by_comparing_shapes_first),
        "copies": judged(differences=by_copies, measure=error_by_loops),
    },
    "A3.directional_check": {
        "all at once": directional(all_at_once),
        "unit directions": directional(unit_directions),
        "einsum, the worst of all": directional(directions_by_einsum),
    },
}

WRONG: Answers = {
    "A3.numeric_gradient": {
        "forward_diff": gradient(forward),
        "forgets_restore": gradient(never_restores),
        "restores by adding": gradient(adds_back),
        "int_dtype": gradient(lambda f, x, h=1e-5: central(f, x.copy(), h)),
        "GEN1 buffer of the dtype of x": gradient(
            lambda f, x, h=1e-5: central(f, x.copy(), h, grad_like=True)
        ),
        "h_too_small": gradient(lambda f, x, h=1e-12: numeric(f, x, h)),
        "its own h": gradient(lambda f, x, h=1e-5: numeric(f, x, 1e-5)),
        "not divided by 2": gradient(
            lambda f, x, h=1e-5: central(f, np.array(x, float), h, width=1.0)
        ),
        "sign turned": gradient(lambda f, x, h=1e-5: -numeric(f, x, h)),
        "writes through ravel": gradient(through_ravel),
        "rows instead of entries": gradient(first_axis_only),
        "a flat answer": gradient(lambda f, x, h=1e-5: numeric(f, x, h).ravel()),
        "float32 throughout": gradient(lambda f, x, h=1e-5: central(f, np.array(x, np.float32), h)),
    },
    "A3.relative_error": {
        "elementwise_metric": error(guarded(entrywise)),
        "absolute_only": error(guarded(lambda a, b: norm(a - b))),
        "divided by one of them": error(guarded(lambda a, b: norm(a - b) / norm(a))),
        "divided by the larger": error(guarded(lambda a, b: norm(a - b) / max(norm(a), norm(b)))),
        "divided by the length of the sum": error(
            guarded(lambda a, b: norm(a - b) / max(norm(a + b), 1e-300))
        ),
        "without the root": error(
            guarded(lambda a, b: np.sum((a - b) ** 2) / (np.sum(a**2) + np.sum(b**2)))
        ),
        "sums of the entries": error(
            guarded(lambda a, b: abs(a.sum() - b.sum()) / (abs(a.sum()) + abs(b.sum())))
        ),
        "a small number below": error(
            guarded(lambda a, b: norm(a - b) / (norm(a) + norm(b) + 1e-8))
        ),
        "broadcasts": error(without_shapes),
        "0/0": error(without_zeros),
        "float32": error(in_float32),
        "raises on other shapes": error(raises_on_shapes),
        "nan counts as equal": error(
            lambda a, b: float(np.nan_to_num(relative(a, b), posinf=np.inf))
        ),
        "means of the entries": error(
            guarded(lambda a, b: np.abs(a - b).mean() / (np.abs(a) + np.abs(b)).mean())
        ),
    },
    "A3.check_gradient": {
        "always right": checker(lambda f, x, grad: True),
        "always wrong": checker(lambda f, x, grad: False),
        "forward_diff": judged(differences=forward, steps=(1e-5,)),
        "forgets_restore": judged(differences=never_restores, steps=(1e-3, 1e-5)),
        "int_dtype": judged(differences=in_its_dtype),
        "int_dtype of the answer": judged(differences=into_its_dtype),
        "elementwise_metric_false_alarm": judged(measure=entrywise),
        "absolute_only": judged(measure=absolute),
        "absolute_only with a large tolerance": judged(measure=absolute, tolerance=1e-4),
        "h_too_small": judged(steps=(1e-12,)),
        "one step only, a kink is an alarm": judged(steps=(1e-5,)),
        "too strict": judged(tolerance=1e-12),
        "too lax": judged(tolerance=1e-2),
        "lets nan through": judged(accepts=lambda error, tolerance: not error > tolerance),
        "ignores the shape": judged(measure=broadcasting),
        "K instead of K + 1": judged(measure=first_entries),
        "compares lengths": judged(measure=lengths),
        "compares directions": judged(measure=angle),
        "0/0 is wrong": judged(measure=one_zero),
        "float32": judged(wide=lambda x: x.astype(np.float32), differences=in_its_dtype),
        "verdict turned": checker(lambda f, x, grad: bool(relative(grad, numeric(f, x)) > 1e-6)),
        "returns the error": checker(lambda f, x, grad: relative(grad, numeric(f, x))),
    },
    "A3.directional_check": {
        "always right": directional(lambda f, x, grad, directions: True),
        "always wrong": directional(lambda f, x, grad, directions: False),
        "first direction only": along(combine=lambda found: found[0]),
        "any direction will do": along(combine=any),
        "forward_diff": along(slope=lambda f, x, v, h: (f(x + h * v) - f(x)) / h),
        "h not times v": along(slope=lambda f, x, v, h: (f(x + h) - f(x - h)) / (2 * h)),
        "not divided by 2": along(slope=lambda f, x, v, h: (f(x + h * v) - f(x - h * v)) / h),
        "divided by the slope": along(size=lambda grad, v, measured: abs(measured)),
        "absolute_only": along(size=lambda grad, v, measured: 1.0),
        "h_too_small": along(h=1e-13),
        "float32": along(wide=False),
        "ignores the shape": along(shapes=False, claimed=lambda g, v: float(np.vdot(g, v))),
        "lets nan through": along(close=lambda error, allowed: not error > allowed),
        "largest entry in place of a sum": along(claimed=lambda g, v: float(np.max(g * v))),
        "entry by entry": directional(entry_by_entry),
        "writes into x": directional(writes_into_x),
        "the whole gradient": directional(whole_gradient),
    },
}
