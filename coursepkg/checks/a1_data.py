"""The data and the references of assignment 1, the perceptron.

Samples and weights are multiples of 1/4, so that scores are exact in any order of summation: a
sample lies on the line or it does not, and two right programs make the same mistakes.
"""

import numpy as np

from coursepkg.checks.a1_gates import CORNERS
from coursepkg.checks.data import distinct, transposed_in_memory
from coursepkg.checks.question import Case
from coursepkg.perceptron import Perceptron, radius_and_margin, sign_update


def _grid(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.integers(-12, 13, shape) / 4


def _line(rng: np.random.Generator, d: int) -> tuple[np.ndarray, float]:
    """Weights of which none is 0, and a bias that is not."""
    *w, b = (rng.choice([-1, 1], d + 1) * rng.integers(2, 9, d + 1) / 4).tolist()
    return np.array(w), b


def _separated(rng: np.random.Generator, n: int, d: int) -> tuple[np.ndarray, float, np.ndarray]:
    """A line and samples on both sides of it, none nearer than 1/2 in score."""
    while True:  # not every line passes between samples: another line each time
        w, b = _line(rng, d)
        x = _grid(rng, 8 * n, d)
        x = x[np.abs(x @ w + b) >= 0.5][:n]
        scores = x @ w + b
        if len(x) == n and (n == 1 or scores.min() < 0 < scores.max()):
            return w, b, x


def sides(w: np.ndarray, b: float, x: np.ndarray) -> np.ndarray:
    return np.where(x @ w + b >= 0, 1, -1)


def _predict_case(rng: np.random.Generator, title: str, n: int, d: int) -> Case:
    return Case(title, _separated(rng, n, d))


def predict_sample(rng: np.random.Generator) -> Case:
    n, d = distinct(rng, 2, most=6)
    return _predict_case(rng, f"random numbers (N = {n}, D = {d})", n, d)


def predict_edges(rng: np.random.Generator) -> list[Case]:
    n, d = distinct(rng, 2, most=6)
    on_line = _grid(rng, n, d)
    turned = _predict_case(rng, "transposed arrays", n, d)
    return [
        _predict_case(rng, "N = 1", 1, d),
        _predict_case(rng, "one feature", n, 1),
        Case("every sample on the line", (np.zeros(d), 0.0, on_line)),
        Case(turned.title, transposed_in_memory(turned.inputs)),
    ]


def update(
    w: np.ndarray, b: float, x: np.ndarray, y: int, lr: float
) -> tuple[np.ndarray, np.floating]:
    wb = sign_update(np.append(w, b), np.append(x, 1), y, lr)
    return wb[:-1], wb[-1]


def _update_case(rng: np.random.Generator, title: str, d: int, right: bool, lr: float) -> Case:
    w, b, x = _separated(rng, 1, d)
    side = int(sides(w, b, x)[0])
    return Case(title, (w, b, x[0], side if right else -side, lr))


def _decided_by_the_bias(rng: np.random.Generator, d: int) -> Case:
    """Without its bias the score would have the other sign."""
    while True:
        case = _update_case(rng, "a sample of which the bias decides", d, True, 0.5)
        w, b, x, *_ = case.inputs
        if (x @ w) * (x @ w + b) < 0:
            return case


def update_sample(rng: np.random.Generator) -> Case:
    d, right = int(rng.integers(3, 7)), bool(rng.random() < 0.5)
    title = f"a sample on its {'right' if right else 'wrong'} side (D = {d})"
    return _update_case(rng, title, d, right, 0.5)


def update_edges(rng: np.random.Generator) -> list[Case]:
    d = int(rng.integers(3, 7))
    x = np.abs(_grid(rng, d)) + 1
    return [
        _update_case(rng, "a sample on its wrong side", d, False, 0.25),
        _update_case(rng, "a sample on its right side", d, True, 0.25),
        _decided_by_the_bias(rng, d),
        Case("class +1, exactly on the line", (np.zeros(d), 0.0, x, 1, 1.0)),
        Case("class -1, exactly on the line", (np.zeros(d), 0.0, x, -1, 1.0)),
        _update_case(rng, "one feature", 1, False, 2.0),
    ]


def fit(x: np.ndarray, y: np.ndarray, max_epochs: int) -> tuple[np.ndarray, int, list[int]]:
    """The bias is a whole number here, so a student's may be an integer."""
    model = Perceptron(epochs=max_epochs).fit(x, y)
    return model.coef_, int(model.intercept_), model.mistakes_


def fit_sample(rng: np.random.Generator) -> Case:
    """One sample stands there twice, once in each class: no line is ever right."""
    n, d, epochs = distinct(rng, 3, least=4, most=9)
    w, b, x = _separated(rng, n, d)
    y = sides(w, b, x)
    title = f"random numbers that no line separates (N = {n + 1}, D = {d}, {epochs} epochs)"
    return Case(title, (np.vstack([x, x[:1]]), np.append(y, -y[0]), epochs))


def fit_edges(rng: np.random.Generator) -> list[Case]:
    n, d = 12, int(rng.integers(2, 5))
    w, b, x = _separated(rng, n, d)
    y = sides(w, b, x)
    return [
        Case("two classes with a gap between them", (x, y, 100)),
        Case("one epoch", (x, y, 1)),
        Case("exclusive or", (CORNERS, np.array([-1, 1, 1, -1]), 9)),
        Case("N = 1", (x[:1], np.array([-1]), 50)),
        Case("samples of one class", (np.abs(x) + 1, np.full(n, -1), 50)),
        Case("transposed arrays", transposed_in_memory((x, y, 100))),
    ]


def bound(w: np.ndarray, b: float, x: np.ndarray, y: np.ndarray) -> float:
    rows = np.column_stack([x, np.ones(len(x))])
    radius, margin = radius_and_margin(rows, y, np.append(w, b))
    return (radius / margin) ** 2


def _bound_case(rng: np.random.Generator, title: str, n: int, d: int, scale: float = 1.0) -> Case:
    w, b, x = _separated(rng, n, d)
    return Case(title, (scale * w, scale * b, x, sides(w, b, x)))


def bound_sample(rng: np.random.Generator) -> Case:
    n, d = distinct(rng, 2, least=4)
    return _bound_case(rng, f"random numbers (N = {n}, D = {d})", n, d)


def bound_edges(rng: np.random.Generator) -> list[Case]:
    n, d = distinct(rng, 2, least=4)
    turned = _bound_case(rng, "transposed arrays", n, d)
    return [
        _bound_case(rng, "N = 1", 1, d),
        _bound_case(rng, "one feature", n, 1),
        _bound_case(rng, "weights and bias 100 times as large", n, d, 100.0),
        Case(turned.title, transposed_in_memory(turned.inputs)),
    ]
