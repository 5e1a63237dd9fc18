"""W1.1: the perceptron rule, mistake by mistake, squeezed by its bound (decks row 9)."""

from typing import Any

import numpy as np
import traitlets

from coursepkg.margin import widest_margin
from coursepkg.mistakes.perceptron import rule_for_other_labels, zero_is_right
from coursepkg.perceptron import mistake_bound, radius_and_margin, sign_update
from coursepkg.widgets.base import BookWidget

Point = tuple[float, float, int]

# Everything on a grid of quarters: scores are exact, so that a point is on the line or is not.
PRESETS: dict[str, list[Point]] = {
    "ten mistakes": [
        (3, -0.25, 1), (0.75, -3, -1), (2.25, 0.75, 1), (-1.5, -2.75, -1), (-2, -1.75, -1),
        (-0.5, -0.25, -1), (-1.25, 1.5, -1), (2.75, -2.25, -1), (-3.5, -1.25, -1), (0.25, 2, 1),
    ],
    "wide gap": [
        (3, 1, 1), (2, 2.5, 1), (3.5, 2.5, 1), (1.5, 3, 1),
        (-2, -2, -1), (-3, 0, -1), (-1, -3, -1), (-3.5, -2.5, -1),
    ],
    "narrow gap": [
        (-3, -1.25, 1), (-1, 0.25, 1), (1, 1, 1), (3, 2.5, 1),
        (-2, -1.25, -1), (0, 0, -1), (2, 1.25, -1), (4, 2.5, -1),
    ],
    "no line": [(2, 2, 1), (-2, -2, 1), (3, 2.5, 1), (-2, 2, -1), (2, -2, -1), (2.5, -3, -1)],
}  # fmt: skip
SLOTS = 12
RULES = ("right", "no bias", "labels 0 and 1", "zero counts as right")
RATES = (0.25, 0.5, 1, 2)
MOST, EPOCHS = 60, 200
ORDERS = [list(range(SLOTS))] + [
    np.random.default_rng(seed).permutation(SLOTS).tolist() for seed in range(1, 10)
]


class PerceptronStepper(BookWidget):
    """The perceptron rule on points that can be moved, one mistake at a time.

    Parameters
    ----------
    points : up to 12 samples (x1, x2, label), label +1 or -1; those with label 0 are left out
    step : how many mistakes have been made, 0 to 60
    lr : 0.25, 0.5, 1 or 2
    order : 0 to meet the samples as they are numbered, 1 to 9 for nine other orders
    rule : "right", "no bias", "labels 0 and 1" or "zero counts as right"

    Raises
    ------
    traitlets.TraitError
        If a value is not one of these, or a point is off the drawing.

    Examples
    --------
    >>> PerceptronStepper(step=10).points[0]
    [3.0, -0.25, 1.0]
    """

    script = "perceptron_stepper.js"
    number = "W1.1"
    title = "One mistake at a time"
    alt = (
        "Ten numbered points of two classes and the line of a perceptron. The rule starts from "
        "zero weights and makes 10 mistakes, 4 of them in the first pass, before its line, "
        "3.75 x₁ + 4.5 x₂ − 4 = 0, has every point on the right side. With the longest sample "
        "R = 3.85 and the widest margin γ = 0.508 the theorem allows at most 57. A second chart "
        "shows why: the length of w grows slower than R√k, its part along the best normal at "
        "least as fast as kγ."
    )

    points = traitlets.List(default_value=PRESETS["ten mistakes"]).tag(sync=True)
    step = traitlets.Int(3, min=0, max=MOST).tag(sync=True)
    lr = traitlets.Enum(RATES, 1).tag(sync=True)
    order = traitlets.Int(0, min=0, max=len(ORDERS) - 1).tag(sync=True)
    rule = traitlets.Enum(RULES, "right").tag(sync=True)

    @traitlets.validate("points")
    def _fit_points(self, proposal: dict[str, Any]) -> list[list[float]]:
        return _slots(proposal["value"])

    @traitlets.default("points")
    def _start_points(self) -> list[list[float]]:
        return _slots(PRESETS["ten mistakes"])

    @traitlets.default("_data")
    def _ship_presets(self) -> dict[str, Any]:
        return {"orders": ORDERS, "presets": {name: _slots(p) for name, p in PRESETS.items()}}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every preset with every rule, on the way and at the end, with some rates and orders."""
        choices = [(0, 1, 0), (3, 1, 0), (7, 0.25, 4), (MOST, 2, 9), (MOST, 1, 0)]
        states: list[dict[str, Any]] = [
            {"points": _slots(points), "step": step, "lr": lr, "order": order, "rule": rule}
            for rule in RULES
            for points in PRESETS.values()
            for step, lr, order in choices
        ]
        states.append(states[0] | {"points": _slots([(1, 2, 1)]), "step": MOST})
        states.append(states[0] | {"points": _slots([])})
        return [(state, _numbers(**state)) for state in states]


def _slots(points: Any) -> list[list[float]]:
    """Always twelve points, the last of them empty: a link can then bring any number of them."""
    try:
        found = [[float(a), float(b), float(label)] for a, b, label in points]
    except (TypeError, ValueError) as error:
        raise traitlets.TraitError(f"points are rows (x1, x2, label); {error}") from None
    if len(found) > SLOTS:
        raise traitlets.TraitError(f"points: at most {SLOTS}, got {len(found)}")
    if not all(abs(a) <= 5 and abs(b) <= 4 and label in (-1, 0, 1) for a, b, label in found):
        raise traitlets.TraitError("points: need -5 <= x1 <= 5, -4 <= x2 <= 4, label -1, 0 or +1")
    return found + [[0.0, 0.0, 0.0] for _ in range(SLOTS - len(found))]


def samples(
    points: list[list[float]], order: int, rule: str
) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Return rows (N, 3) with a 1 for the bias, labels (N,), and the slots they came from."""
    slots = [slot for slot in ORDERS[order] if points[slot][2]]
    chosen = np.array([points[slot] for slot in slots]).reshape(-1, 3)
    bias = np.full(len(chosen), float(rule != "no bias"))
    return np.column_stack([chosen[:, :2], bias]), chosen[:, 2], slots


def run(
    rows: np.ndarray, y: np.ndarray, lr: float, rule: str
) -> tuple[list[tuple[int, np.ndarray]], bool]:
    """Return the mistakes (row, weights afterwards), and whether an epoch went without any."""
    w = np.zeros(3)
    found: list[tuple[int, np.ndarray]] = []
    for _ in range(EPOCHS):
        before = len(found)
        for n, (row, label) in enumerate(zip(rows, y, strict=True)):
            new, mistake = _meet(w, row, label, lr, rule)
            if mistake and len(found) == MOST:
                return found, False
            if mistake:
                w = new
                found.append((n, w))
        if len(found) == before:
            return found, True
    return found, False


def _meet(
    w: np.ndarray, row: np.ndarray, label: float, lr: float, rule: str
) -> tuple[np.ndarray, bool]:
    score = float(w @ row)
    if rule == "labels 0 and 1":
        return rule_for_other_labels(w, row, float(label > 0), lr), (score > 0) != (label > 0)
    if rule == "zero counts as right":
        return zero_is_right(w, row, label, lr), label * score < 0
    return sign_update(w, row, label, lr), label * score <= 0


def _numbers(
    points: list[list[float]], step: int, lr: float, order: int, rule: str
) -> dict[str, Any]:
    rows, y, slots = samples(points, order, rule)
    found, converged = run(rows, y, lr, rule)
    k = min(step, len(found))
    n, w = found[k - 1] if k else (-1, np.zeros(3))
    best, margin = widest_margin(rows, y) if len(rows) else (np.zeros(3), 0.0)
    radius = radius_and_margin(rows, y, np.ones(3))[0] if len(rows) else 0.0
    return {
        "w": w.tolist(),
        "mistakes": k,
        "total": len(found),
        "converged": int(converged),
        "slot": slots[n] if k else -1,
        "wrong": int(np.sum(y * (rows @ w) <= 0)),
        "radius": radius,
        "margin": margin,
        "bound": mistake_bound(radius, margin) if margin else None,
        "length": float(np.linalg.norm(w)),
        "along": float(w @ best),
    }
