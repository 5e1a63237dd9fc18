"""Right and wrong answers to assignment 1."""

from typing import Any

import numpy as np

# predict


def predict_loop(w: Any, b: Any, x: Any) -> Any:
    labels = []
    for row in x:
        score = b
        for weight, value in zip(w, row, strict=True):
            score = score + weight * value
        labels.append(-1 if score < 0 else 1)
    return labels


def predict_sign(w: Any, b: Any, x: Any) -> Any:
    labels = np.sign(np.einsum("nd,d->n", x, w) + b)
    labels[labels == 0] = 1
    return labels


def predict_ones(w: Any, b: Any, x: Any) -> Any:
    scores = np.column_stack([np.ones(len(x)), x]) @ np.append(b, w)
    return 2 * (scores >= 0) - 1


def predict_wrong(kind: str) -> Any:
    def predict(w: Any, b: Any, x: Any) -> Any:
        s = x @ w + b
        if kind == "in_place":
            x *= w
            s = x.sum(axis=1) + b
        return {
            "no_bias": np.where(x @ w >= 0, 1, -1),
            "sign_zero": np.sign(s),
            "zero_is_minus": np.where(s > 0, 1, -1),
            "labels01": (s >= 0).astype(int),
            "booleans": s >= 0,
            "scores": s,
            "wrong_sign": np.where(s >= 0, -1, 1),
            "bias_subtracted": np.where(x @ w - b >= 0, 1, -1),
            "one_half": np.where(s >= 0.5, 1, -1),
            "column": np.where(s >= 0, 1, -1)[:, None],
            "everything": 1 if s.sum() >= 0 else -1,
            "constant": np.ones(len(x)),
        }.get(kind, np.where(s >= 0, 1, -1))

    return predict


# update


def update_product(w: Any, b: Any, x: Any, y: Any, lr: Any) -> Any:
    step = lr * y * (y * (w @ x + b) <= 0)
    return w + step * x, b + step


def update_branches(w: Any, b: Any, x: Any, y: Any, lr: Any) -> Any:
    score = sum(float(p) * float(q) for p, q in zip(w, x, strict=True)) + b
    w = w.copy()
    if y == 1 and score <= 0:
        w += lr * x
        b = b + lr
    elif y == -1 and score >= 0:
        w -= lr * x
        b = b - lr
    return w, float(b)


def update_augmented(w: Any, b: Any, x: Any, y: Any, lr: Any) -> Any:
    """Of the classes 0 and 1: the label minus the output, where neither output is on the line."""
    weights, sample = np.append(w, [b]).astype(w.dtype), np.append(x, [1]).astype(x.dtype)
    output = np.sign(weights @ sample)
    if output != y:
        weights = weights + (lr * y) * sample
    return weights[:-1], weights[-1]


def update_wrong(kind: str) -> Any:
    def update(w: Any, b: Any, x: Any, y: Any, lr: Any) -> Any:
        s = x @ w + b
        if kind == "no_bias_in_score":
            s = x @ w
        mistake = y * s <= 0
        if kind == "sign_zero":
            mistake = y * s < 0
        if kind == "predicted":
            mistake = (1 if s >= 0 else -1) != y
        if kind == "update_always":
            mistake = True
        if kind == "wrong_way_around":
            mistake = y * s > 0
        if kind == "never":
            mistake = False
        if kind == "only_plus":
            mistake = mistake and y == 1
        if kind == "labels01":
            y = max(y, 0)
        if kind == "half_01":
            y = (y + 1) // 2 - int(s > 0)
        if not mistake:
            return w, b
        if kind == "in_place":
            w += lr * y * x
            return w, b + lr * y
        return {
            "no_bias": (w + lr * y * x, b),
            "no_lr": (w + y * x, b + y),
            "bias_no_lr": (w + lr * y * x, b + y),
            "wrong_sign": (w - lr * y * x, b - lr * y),
            "bias_sign": (w + lr * y * x, b - lr * y),
            "no_label": (w + lr * x, b + lr),
            "double": (w + 2 * lr * y * x, b + 2 * lr * y),
            "error": (w + lr * (y - s) * x, b + lr * (y - s)),
            "order": (b + lr * y, w + lr * y * x),
            "only_w": w + lr * y * x,
            "replaced": (lr * y * x, lr * y),
            "bias_array": (w + lr * y * x, b + lr * y * x),
        }.get(kind, (w + lr * y * x, b + lr * y))

    return update


# fit


def fit_for(x: Any, y: Any, max_epochs: Any) -> Any:
    wb, rows = np.zeros(x.shape[1] + 1), np.hstack([x, np.ones((len(x), 1))])
    history = []
    for _ in range(max_epochs):
        count = 0
        for n in range(len(rows)):
            if y[n] * rows[n].dot(wb) <= 0:
                wb += y[n] * rows[n]
                count += 1
        history.append(count)
        if count == 0:
            break
    return wb[:-1], wb[-1], np.array(history)


def fit_update(x: Any, y: Any, max_epochs: Any) -> Any:
    w, b, history = np.zeros(x.shape[1]), 0, []
    for _ in range(max_epochs):
        before, count = (w, b), 0
        for row, label in zip(x, y, strict=True):
            w, b = update_product(w, b, row, label, 1)
            count += not (np.array_equal(w, before[0]) and b == before[1])
            before = w, b
        history.append(int(count))
        if not count:
            return w, b, tuple(history)
    return w, b, tuple(history)


def fit_dual(x: Any, y: Any, max_epochs: Any) -> Any:
    """Counts how often each sample was a mistake; the weights are a sum over these counts."""
    kernel, alpha = x @ x.T + 1, np.zeros(len(x))
    history: list[int] = []
    while len(history) < max_epochs and 0 not in history:
        history.append(0)
        for n in range(len(x)):
            if y[n] * (kernel[n] @ (alpha * y)) <= 0:
                alpha[n] += 1
                history[-1] += 1
    return (alpha * y) @ x, float(alpha @ y), history


def fit_wrong(kind: str) -> Any:
    def fit(x: Any, y: Any, max_epochs: Any) -> Any:
        w, b = np.zeros(x.shape[1]), 0.0
        if kind == "starts_at_ones":
            w = w + 1
        if kind == "labels01":
            y = np.maximum(y, 0)
        history: list[int] = []
        order = np.arange(len(x))
        for epoch in range(max_epochs + (kind == "one_more")):
            mistakes = 0
            rows = order[::-1] if kind == "backwards" else order
            if kind == "shuffles":
                rows = np.random.default_rng(epoch).permutation(len(x))
            start_w, start_b = w, b
            for n in rows:
                score = x[n] @ w + (0 if kind == "no_bias" else b)
                if kind == "batch":
                    score = x[n] @ start_w + start_b
                wrong = y[n] * score <= 0
                if kind == "sign_zero":
                    wrong = y[n] * score < 0
                if kind == "predicted":
                    wrong = (1 if score >= 0 else -1) != y[n]
                if kind == "labels01":
                    wrong = int(score > 0) != y[n]
                mistakes += int(wrong)
                if wrong or kind == "update_always":
                    sign = -1 if kind == "wrong_sign" else 1
                    w = w + sign * y[n] * x[n]
                    b = b if kind == "no_bias" else b + sign * y[n]
                elif kind == "stops_early":
                    break
                if kind == "stops_at_epoch_one_mistake" and wrong:
                    break
            if kind == "counts_after":
                mistakes = int((y * (x @ w + b) <= 0).sum())
            history.append(mistakes)
            done = mistakes == 0
            if kind == "tolerant":
                done = mistakes <= 1
            if kind == "until_it_rises":
                done = done or (len(history) > 1 and history[-1] > history[-2])
            if kind == "never_stops":
                done = False
            if done:
                break
        reports: dict[str, Any] = {
            "total": sum(history),
            "no_last": history[:-1],
            "cumulative": np.cumsum(history),
            "epochs": len(history),
            "share": np.array(history) / len(x),
            "flags": [int(count > 0) for count in history],
        }
        if kind == "normalised" and w.any():
            length = float(np.linalg.norm(w))
            w, b = w / length, b / length
        if kind == "only_weights":
            return w, b
        return w, b, reports.get(kind, history)

    return fit


# gates


def gates_conditions(name: Any) -> Any:
    if name == "AND":
        return [2, 2], -3
    if name == "NAND":
        return [-2, -2], 3
    if name == "OR":
        return [3.0, 4.0], -1
    if name == "NOR":
        return [-3.0, -4.0], 1
    if name == "AND NOT":
        return [5, -6], -2
    return None


def gates_learned(name: Any) -> Any:
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = {
        "AND": [-1, -1, -1, 1],
        "OR": [-1, 1, 1, 1],
        "NAND": [1, 1, 1, -1],
        "NOR": [1, -1, -1, -1],
        "AND NOT": [-1, -1, 1, -1],
        "XOR": [-1, 1, 1, -1],
    }[name]
    w, b, mistakes = fit_for(x, np.array(y), 100)
    return (w, b) if mistakes[-1] == 0 else None


def gates_negated(name: Any) -> Any:
    opposite = {"NAND": "AND", "NOR": "OR"}
    if name in opposite:
        w, b = gates_negated(opposite[name])
        return -w, -b
    if name == "XOR":
        return None
    second = -1 if name == "AND NOT" else 1
    return np.array([1, second]), {"AND": -1.5, "OR": -0.5, "AND NOT": -0.5}[name]


def gates_changed(**changes: Any) -> Any:
    def gate_weights(name: Any) -> Any:
        return changes.get(name.replace(" ", "_"), gates_conditions(name))

    return gate_weights


def gates_mapped(change: Any) -> Any:
    def gate_weights(name: Any) -> Any:
        line = gates_conditions(name)
        return line and change(*line)

    return gate_weights


# the bound


def bound_augmented(w: Any, b: Any, x: Any, y: Any) -> Any:
    rows = np.column_stack([x, np.ones(len(x), x.dtype)])
    line = np.append(w, w.dtype.type(b))
    radius = np.linalg.norm(rows, axis=1).max()
    margin = (y * (rows @ (line / np.linalg.norm(line)))).min()
    return float(radius / margin) ** 2


def bound_loop(w: Any, b: Any, x: Any, y: Any) -> Any:
    longest, nearest = 0.0, np.inf
    for row, label in zip(x, y, strict=True):
        longest = max(longest, float(row @ row) + 1)
        nearest = min(nearest, float(label * (row @ w + b)))
    return longest * (float(w @ w) + b * b) / nearest**2


def bound_quotients(w: Any, b: Any, x: Any, y: Any) -> Any:
    squares = np.einsum("nd,nd->n", x, x) + 1
    scores = np.abs(x @ w + b)  # the labels are those of the line
    return squares.max() * ((w**2).sum() + b**2) / (scores**2).min()


def bound_wrong(kind: str) -> Any:
    def mistake_bound(w: Any, b: Any, x: Any, y: Any) -> Any:
        one = 0 if kind in {"no_bias", "no_one_in_radius"} else 1
        lengths = np.sqrt((x**2).sum(axis=1) + one)
        length = np.sqrt(w @ w + (0 if kind in {"no_bias", "bias_not_in_length"} else b**2))
        scores = y * (x @ w + (0 if kind == "score_without_b" else b))
        radius, margin = lengths.max(), scores.min() / length
        if kind == "mean_margin":
            margin = scores.mean() / length
        if kind == "largest_margin":
            margin = scores.max() / length
        if kind == "smallest_radius":
            radius = lengths.min()
        if kind == "no_length":
            margin = scores.min()
        if kind == "length_squared":
            margin = scores.min() / length**2
        if kind == "no_labels":
            margin = (x @ w + b).min() / length
        if kind == "radius_of_all":
            radius = np.sqrt((x**2).sum() + len(x))
        if kind == "largest_entry":
            radius = np.abs(x).max()
        return {
            "no_square": radius / margin,
            "upside_down": (margin / radius) ** 2,
            "half_square": radius / margin**2,
            "rounded": float(np.floor((radius / margin) ** 2)) + 1e-3,
            "times_n": (radius / margin) ** 2 * len(x),
        }.get(kind, (radius / margin) ** 2)

    return mistake_bound


def _wrong(name: str, make: Any, labels: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {label: {name: make(kind)} for label, kind in labels.items()}


RIGHT = {
    "A1.predict": {
        "loops, a list": {"predict": predict_loop},
        "sign, mended at 0": {"predict": predict_sign},
        "a column of ones": {"predict": predict_ones},
    },
    "A1.update": {
        "without a branch": {"update": update_product},
        "a branch for each class": {"update": update_branches},
        "the bias as a weight": {"update": update_augmented},
    },
    "A1.fit": {
        "for and break, in place": {"fit": fit_for},
        "by update": {"fit": fit_update},
        "counts of mistakes (dual form)": {"fit": fit_dual},
    },
    "A1.gate_weights": {
        "other lines, lists": {"gate_weights": gates_conditions},
        "learned": {"gate_weights": gates_learned},
        "negated": {"gate_weights": gates_negated},
    },
    "A1.mistake_bound": {
        "a column of ones": {"mistake_bound": bound_augmented},
        "loop, a Python float": {"mistake_bound": bound_loop},
        "quotient of squares": {"mistake_bound": bound_quotients},
    },
}

WRONG = {
    "A1.predict": _wrong(
        "predict",
        predict_wrong,
        {
            "no_bias": "no_bias",
            "sign_zero": "sign_zero",
            "0 means -1": "zero_is_minus",
            "labels01": "labels01",
            "booleans": "booleans",
            "scores": "scores",
            "wrong_sign": "wrong_sign",
            "bias subtracted": "bias_subtracted",
            "threshold 1/2": "one_half",
            "a column": "column",
            "one label for all": "everything",
            "always +1": "constant",
            "GEN2 x changed in place": "in_place",
        },
    ),
    "A1.update": _wrong(
        "update",
        update_wrong,
        {
            "no_bias": "no_bias",
            "bias missing in the score": "no_bias_in_score",
            "sign_zero: < for <=": "sign_zero",
            "sign_zero: on the line as predicted": "predicted",
            "update_always": "update_always",
            "wrong_sign": "wrong_sign",
            "labels01": "labels01",
            "labels01: (d - y) x of labels -1 and +1": "half_01",
            "moves where it was right": "wrong_way_around",
            "never moves": "never",
            "learns from class +1 only": "only_plus",
            "label forgotten": "no_label",
            "learning rate forgotten": "no_lr",
            "learning rate forgotten for b": "bias_no_lr",
            "bias with the wrong sign": "bias_sign",
            "twice the step": "double",
            "delta rule": "error",
            "GEN3 wrong order": "order",
            "b not returned": "only_w",
            "old line forgotten": "replaced",
            "b grows into an array": "bias_array",
            "OP10 w changed in place": "in_place",
        },
    ),
    "A1.fit": _wrong(
        "fit",
        fit_wrong,
        {
            "labels01": "labels01",
            "no_bias": "no_bias",
            "sign_zero: < for <=": "sign_zero",
            "sign_zero: on the line as predicted": "predicted",
            "update_always": "update_always",
            "wrong_sign": "wrong_sign",
            "stops_early: at the first right sample": "stops_early",
            "stops_early: with one mistake left": "tolerant",
            "stops_early: when mistakes rise": "until_it_rises",
            "epoch ends at a mistake": "stops_at_epoch_one_mistake",
            "never stops before max_epochs": "never_stops",
            "one epoch too many": "one_more",
            "all samples judged by one line": "batch",
            "backwards": "backwards",
            "shuffles": "shuffles",
            "starts at ones": "starts_at_ones",
            "mistakes counted after the epoch": "counts_after",
            "total of mistakes": "total",
            "the last 0 left out": "no_last",
            "mistakes added up": "cumulative",
            "number of epochs": "epochs",
            "shares": "share",
            "1 for an epoch with mistakes": "flags",
            "w of length 1": "normalised",
            "no history": "only_weights",
        },
    ),
    "A1.gate_weights": {
        "AND on the line": {"gate_weights": gates_changed(AND=([1, 1], -2))},
        "OR on the line": {"gate_weights": gates_changed(OR=([1, 1], 0))},
        "OR is AND": {"gate_weights": gates_changed(OR=([1, 1], -1.5))},
        "NAND is NOR": {"gate_weights": gates_changed(NAND=([-1, -1], 0.5))},
        "NOR is NAND": {"gate_weights": gates_changed(NOR=([-1, -1], 1.5))},
        "AND NOT the other way around": {"gate_weights": gates_changed(AND_NOT=([-1, 1], -0.5))},
        "AND NOT is missing": {"gate_weights": gates_changed(AND_NOT=None)},
        "a line for XOR": {"gate_weights": gates_changed(XOR=([1, 1], -0.5))},
        "threshold in place of bias": {"gate_weights": gates_mapped(lambda w, b: (w, -b))},
        "weights only": {"gate_weights": gates_mapped(lambda w, b: w)},
        "augmented": {"gate_weights": gates_mapped(lambda w, b: np.append(w, b))},
        "b an array": {"gate_weights": gates_mapped(lambda w, b: (w, [b]))},
        "GEN3 wrong order": {"gate_weights": gates_mapped(lambda w, b: (b, w))},
        "always None": {"gate_weights": lambda name: None},
    },
    "A1.mistake_bound": _wrong(
        "mistake_bound",
        bound_wrong,
        {
            "no_bias": "no_bias",
            "no 1 in R": "no_one_in_radius",
            "b not in the length": "bias_not_in_length",
            "score without b": "score_without_b",
            "square forgotten": "no_square",
            "upside down": "upside_down",
            "R not squared": "half_square",
            "rounded": "rounded",
            "times N": "times_n",
            "mean in place of the nearest": "mean_margin",
            "farthest in place of the nearest": "largest_margin",
            "shortest sample": "smallest_radius",
            "not divided by the length": "no_length",
            "divided by the squared length": "length_squared",
            "labels forgotten": "no_labels",
            "length of all samples together": "radius_of_all",
            "largest entry": "largest_entry",
        },
    ),
}
