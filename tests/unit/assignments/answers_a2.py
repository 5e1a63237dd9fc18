"""Right and wrong answers to assignment 2."""

from typing import Any

import numpy as np


def one_hot(labels: Any, c: int, dtype: Any) -> Any:
    return (np.asarray(labels)[:, None] == np.arange(c)).astype(dtype)


def lse(scores: Any) -> Any:
    top = scores.max(axis=1)
    return top + np.log(np.exp(scores - top[:, None]).sum(axis=1))


# softmax


def softmax_loop(scores: Any) -> Any:
    p = np.empty_like(scores)
    for n, row in enumerate(scores):
        e = np.exp(row - max(row))
        p[n] = e / e.sum()
    return p


def softmax_log(scores: Any) -> Any:
    return np.exp(scores - lse(scores)[:, None])


def softmax_differences(scores: Any) -> Any:
    with np.errstate(over="ignore"):
        return 1 / np.exp(scores[:, None, :] - scores[:, :, None]).sum(axis=2)


def softmax_own_names(scores: Any) -> Any:
    shifted = scores - np.amax(scores, axis=1)[:, np.newaxis]
    exps = np.exp(shifted)
    return (exps.T / np.sum(exps, axis=-1)).T


def softmax_naive(scores: Any) -> Any:
    e = np.exp(scores)
    return e / e.sum(axis=1, keepdims=True)


def softmax_global_max(scores: Any) -> Any:
    e = np.exp(scores - scores.max())
    return e / e.sum(axis=1, keepdims=True)


def softmax_axis0(scores: Any) -> Any:
    e = np.exp(scores - scores.max(axis=0))
    return e / e.sum(axis=0)


def softmax_whole_batch(scores: Any) -> Any:
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum()


def softmax_in_place(scores: Any) -> Any:
    scores -= scores.max(axis=1, keepdims=True)
    e = np.exp(scores)
    return e / e.sum(axis=1, keepdims=True)


def softmax_no_exp(scores: Any) -> Any:
    return scores / scores.sum(axis=1, keepdims=True)


def softmax_wide(scores: Any) -> Any:
    e = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_base2(scores: Any) -> Any:
    e = 2 ** (scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_column_max(scores: Any) -> Any:
    e = np.exp(scores - scores.max(axis=0))
    return e / e.sum(axis=1, keepdims=True)


# cross-entropy: forward


def ce_lse(scores: Any, labels: Any) -> Any:
    at_label = np.take_along_axis(scores, labels[:, None], axis=1)[:, 0]
    return (lse(scores) - at_label).mean(), (softmax_log(scores), labels)


def ce_loop(scores: Any, labels: Any) -> Any:
    loss = 0.0
    for row, label in zip(scores, labels, strict=True):
        z = row - row.max()
        loss += np.log(np.exp(z).sum()) - z[label]
    return loss / len(scores), (scores, labels)


def ce_loop_backward(dout: Any, cache: Any) -> Any:
    scores, labels = cache
    grad = np.zeros_like(scores)
    for n, (row, label) in enumerate(zip(scores, labels, strict=True)):
        e = np.exp(row - row.max())
        grad[n] = e / e.sum()
        grad[n, label] -= 1
    return dout * grad / len(scores)


def ce_logaddexp(scores: Any, labels: Any) -> Any:
    total = np.logaddexp.reduce(scores, axis=1)
    hot = one_hot(labels, scores.shape[1], scores.dtype)
    loss = np.einsum("nc,nc->n", hot, total[:, None] - scores).mean()
    return loss, {"p": np.exp(scores - total[:, None]), "t": hot}


def ce_logaddexp_backward(dout: Any, cache: Any) -> Any:
    return (cache["p"] - cache["t"]) * (dout / len(cache["p"]))


def ce_margin(scores: Any, labels: Any) -> Any:
    """Log of 1 plus the sum of exp of differences, after the largest is taken out."""
    n = np.arange(len(scores))
    gaps = scores - scores[n, labels][:, None]
    top = gaps.max(axis=1, keepdims=True)
    loss = float((top[:, 0] + np.log(np.exp(gaps - top).sum(axis=1))).mean())
    return loss, (softmax_loop(scores), labels)


def ce_forward(kind: str) -> Any:
    def cross_entropy(scores: Any, labels: Any) -> Any:
        rows = np.arange(len(scores))
        z = scores - scores.max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        p = np.exp(log_p)
        if kind == "naive":
            p = softmax_naive(scores)
        if kind == "global":
            p = softmax_global_max(scores)
        if kind == "axis0":
            p = softmax_axis0(scores)
        if kind == "whole":
            p = softmax_whole_batch(scores)
        picked = log_p[rows, labels]
        if kind in {"naive", "global", "axis0", "whole", "log_of_softmax"}:
            picked = np.log(p[rows, labels])
        if kind == "eps":
            picked = np.log(p[rows, labels] + 1e-9)
        if kind == "log2":
            picked = picked / np.log(2)
        if kind == "columns":
            picked = log_p[:, labels].mean(axis=1)
        loss = {
            "sum": -picked.sum(),
            "sign": picked.mean(),
            "over_c": -picked.sum() / scores.shape[1],
            "no_log": -p[rows, labels].mean(),
            "all_entries": -picked.sum() / scores.size,
            "per_row": -picked,
            "first": -picked[0],
            "max": -log_p.max(axis=1).mean(),
        }.get(kind, -picked.mean())
        return loss, (p, labels)

    return cross_entropy


def ce_no_cache(scores: Any, labels: Any) -> Any:
    return (lse(scores) - scores[np.arange(len(scores)), labels]).mean()


# cross-entropy: backward


def ce_backward_hot(dout: Any, cache: Any) -> Any:
    p, labels = cache
    return dout * (p - np.eye(p.shape[1], dtype=p.dtype)[labels]) / p.shape[0]


def ce_backward_jacobian(dout: Any, cache: Any) -> Any:
    """The Jacobian in full, at probabilities of which none may be 0: so with the logarithm in."""
    p, labels = cache
    n, c = p.shape
    jacobian = np.eye(c, dtype=p.dtype) - p[:, None, :]  # of log p_k in s_j
    hot = one_hot(labels, c, p.dtype)
    return -dout / n * np.einsum("nk,nkj->nj", hot, jacobian)


def ce_backward_where(dout: Any, cache: Any) -> Any:
    p, labels = cache
    at_label = np.arange(p.shape[1])[None] == labels[:, None]
    return np.where(at_label, p - 1, p) / len(p) * dout


def ce_backward(kind: str) -> Any:
    def cross_entropy_backward(dout: Any, cache: Any) -> Any:
        p, labels = cache
        n, c = p.shape
        y = one_hot(labels, c, p.dtype)
        if kind == "columns":
            q = p.copy()
            q[:, labels] -= 1
            return dout * q / n
        if kind == "in_place":
            p[np.arange(n), labels] -= 1
            return dout * p / n
        if kind == "wide":
            return dout * (p.astype(np.float64) - np.eye(c)[labels]) / n
        with np.errstate(all="ignore"):
            return {
                "no_n": dout * (p - y),
                "over_c": dout * (p - y) / c,
                "over_nc": dout * (p - y) / (n * c),
                "sign": dout * (y - p) / n,
                "no_minus_one": dout * p / n,
                "twice": dout * (p - y) / n * p * (1 - p),
                "diagonal": -dout * y / p * p * (1 - p) / n,
                "only_loss": -dout * y / p / n,
                "no_dout": (p - y) / n,
                "transposed": (dout * (p - y) / n).T,
                "n_twice": dout * (p - y) / n**2,
                "only_label": dout * (p - y) * y / n,
            }[kind]

    return cross_entropy_backward


# hinge


def svm_loop(w: Any, b: Any, x: Any, labels: Any, lam: Any) -> Any:
    loss = 0.0
    for row, label in zip(x, labels, strict=True):
        s = row @ w + b
        for j in range(len(s)):
            if j != label:
                loss += max(0.0, s[j] - s[label] + 1)
    return loss / len(x) + 0.5 * lam * np.sum(w * w), (w, b, x, labels, lam)


def svm_loop_backward(dout: Any, cache: Any) -> Any:
    w, b, x, labels, lam = cache
    dw, db = np.zeros_like(w), np.zeros_like(b)
    for row, label in zip(x, labels, strict=True):
        s = row @ w + b
        for j in range(len(s)):
            if j != label and s[j] - s[label] + 1 > 0:
                dw[:, j] += row
                dw[:, label] -= row
                db[j] += 1
                db[label] -= 1
    return dout * (dw / len(x) + lam * w), dout * db / len(x)


def svm_minus_one(w: Any, b: Any, x: Any, labels: Any, lam: Any) -> Any:
    """The right class against itself adds 1 to each row: taken off at the end."""
    s = x @ w + b
    right = np.take_along_axis(s, labels[:, None], 1)
    margins = np.maximum(0, s - right + 1)
    loss = margins.sum(axis=1).mean() - 1 + lam * np.linalg.norm(w) ** 2 / 2
    mask = (margins > 0).astype(x.dtype)
    hot = one_hot(labels, w.shape[1], x.dtype)
    return loss, (mask - hot * mask.sum(axis=1, keepdims=True), x, lam * w)


def svm_minus_one_backward(dout: Any, cache: Any) -> Any:
    scores, x, pull = cache
    scores = dout * scores / len(x)
    return np.einsum("nd,nc->dc", x, scores) + dout * pull, scores.sum(0)


def svm_where(w: Any, b: Any, x: Any, labels: Any, lam: Any) -> Any:
    s = x @ w + b
    gap = 1 + s - s[range(len(s)), labels].reshape(-1, 1)
    wrong = np.arange(s.shape[1]) != labels[:, None]
    hit = wrong & (gap > 0)
    return (gap[hit].sum() / len(x)) + np.vdot(w, w) * lam / 2, (w, x, labels, lam, hit)


def svm_where_backward(dout: Any, cache: Any) -> Any:
    w, x, labels, lam, hit = cache
    ds = np.where(hit, x.dtype.type(1 / len(x)), x.dtype.type(0))
    ds[np.arange(len(x)), labels] -= ds.sum(axis=1)
    return dout * (np.dot(ds.T, x).T + lam * w), dout * np.ones(len(x), x.dtype) @ ds


def svm_forward(kind: str) -> Any:
    def svm_loss(w: Any, b: Any, x: Any, labels: Any, lam: Any) -> Any:
        n, rows = len(x), np.arange(len(x))
        s = x @ w if kind == "no_bias" else x @ w + b
        right = s[rows, labels][:, None]
        gaps = np.maximum(s - right + (0 if kind == "no_margin" else 1), 0)
        if kind == "flipped":
            gaps = np.maximum(right - s + 1, 0)
        if kind != "counts_correct":
            gaps[rows, labels] = 0
        active = gaps > 0
        hinge = gaps.sum() / n
        if kind == "largest":
            hinge = gaps.max(axis=1).mean()
        if kind == "squared":
            hinge = (gaps**2).sum() / n
        penalty = lam / 2 * (w**2).sum()
        loss = {
            "sum": hinge * n + penalty,
            "all_entries": gaps.mean() + penalty,
            "no_lambda": hinge + (w**2).sum(),
            "no_half": hinge + 2 * penalty,
            "no_penalty": hinge,
            "penalty_over_n": hinge + penalty / n,
            "penalises_b": hinge + penalty + lam / 2 * (b**2).sum(),
            "norm": hinge + lam / 2 * np.sqrt((w**2).sum()),
            "absolute": hinge + lam / 2 * np.abs(w).sum(),
        }.get(kind, hinge + penalty)
        return loss, (w, x, labels, lam, active)

    return svm_loss


def svm_backward(kind: str) -> Any:
    def svm_loss_backward(dout: Any, cache: Any) -> Any:
        w, x, labels, lam, active = cache
        n, rows = len(x), np.arange(len(x))
        ds = active.astype(x.dtype)
        if kind == "no_label":
            pass
        elif kind == "label_minus_one":
            ds[rows, labels] = -1.0
        else:
            ds[rows, labels] = -active.sum(axis=1)
        if kind != "no_n":
            ds = ds / n
        if kind == "sign":
            ds = -ds
        dw, db = x.T @ ds, ds.sum(axis=0)
        penalty = {
            "no_lambda": 0 * w,
            "reg_double": 2 * lam * w,
            "reg_half": lam * w / 2,
            "reg_over_n": lam * w / n,
            "lambda_is_one": w,
        }.get(kind, lam * w)
        if kind == "dw_transposed":
            return dout * (ds.T @ x + penalty.T), dout * db
        if kind == "db_mean":
            return dout * (dw + penalty), dout * ds.mean(axis=0)
        if kind == "db_keepdims":
            return dout * (dw + penalty), dout * ds.sum(axis=0, keepdims=True)
        if kind == "db_no_sum":
            return dout * (dw + penalty), dout * ds
        if kind == "db_scalar":
            return dout * (dw + penalty), dout * ds.sum()
        if kind == "db_penalised":
            return dout * (dw + penalty), dout * (db + lam * w.sum(axis=0))
        if kind == "no_dout":
            return dw + penalty, db
        if kind == "penalty_no_dout":
            return dout * dw + penalty, dout * db
        if kind == "order":
            return dout * db, dout * (dw + penalty)
        return dout * (dw + penalty), dout * db

    return svm_loss_backward


# ridge


def ridge_ones(x: Any, t: Any, lam: Any) -> Any:
    one = np.column_stack([x, np.ones(len(x), x.dtype)])
    weights = np.diag(np.append(np.full(x.shape[1], lam), 0)).astype(x.dtype)
    wb = np.linalg.solve(one.T @ one + weights, one.T @ t)
    return wb[:-1], wb[-1]


def ridge_stacked(x: Any, t: Any, lam: Any) -> Any:
    centre, mean = x.mean(axis=0), t.mean(axis=0)
    root = (np.sqrt(lam) * np.eye(x.shape[1])).astype(x.dtype)
    rows = np.vstack([x - centre, root])
    goal = np.vstack([t - mean, np.zeros((x.shape[1], t.shape[1]), x.dtype)])
    w = np.linalg.lstsq(rows, goal, rcond=None)[0]
    return w, mean - centre @ w


def ridge_svd(x: Any, t: Any, lam: Any) -> Any:
    u, s, vt = np.linalg.svd(x - x.mean(0), full_matrices=False)
    small = s <= 1e-6 * max(s.max(), 1e-30)
    filtered = np.where(small, 0, s / np.where(small, 1, s**2 + lam)).astype(x.dtype)
    w = vt.T @ (filtered[:, None] * (u.T @ t))
    return w, (t - x @ w).mean(axis=0)


def ridge_inverse(x: Any, t: Any, lam: Any) -> Any:
    a = x - x.mean(axis=0)
    inverse = np.linalg.inv(a.T.dot(a) + lam * np.identity(a.shape[1], dtype=x.dtype))
    w = inverse.dot(a.T).dot(t)
    return w, t.mean(axis=0) - x.mean(axis=0).dot(w)


def ridge_columns(x: Any, t: Any, lam: Any) -> Any:
    w, b = np.empty((x.shape[1], t.shape[1]), x.dtype), np.empty(t.shape[1], x.dtype)
    a = x - x.mean(axis=0)
    gram = a.T @ a
    gram[np.diag_indices_from(gram)] += lam
    for c in range(t.shape[1]):
        w[:, c] = np.linalg.solve(gram, a.T @ t[:, c])
        b[c] = t[:, c].mean() - x.mean(axis=0) @ w[:, c]
    return w, b


def ridge_wrong(kind: str) -> Any:
    def ridge_fit(x: Any, t: Any, lam: Any) -> Any:
        centre, mean = x.mean(axis=0), t.mean(axis=0)
        n, d = x.shape
        if kind == "in_place":
            x -= centre
            a = x
        else:
            a = x if kind == "no_centring" else x - centre
        eye = np.eye(d) if kind == "wide" else np.eye(d, dtype=x.dtype)
        share = {"times_n": lam * n, "half": lam / 2, "double": 2 * lam, "square": lam**2}
        pull = share.get(kind, 0 if kind == "no_lambda" else lam)
        gram = a.T @ a + (pull if kind == "no_eye" else pull * eye)
        if kind == "penalises_b":
            one = np.column_stack([x, np.ones(n)])
            wb = np.linalg.solve(one.T @ one + lam * np.eye(d + 1), one.T @ t)
            return wb[:-1], wb[-1]
        w = np.linalg.pinv(gram) @ a.T @ (t - mean)
        if kind == "no_bias":
            w = np.linalg.pinv(x.T @ x + lam * eye) @ x.T @ t
            return w, 0 * mean
        if kind == "b_is_mean":
            return w, mean
        if kind == "b_sign":
            return w, mean + centre @ w
        if kind == "transposed":
            return w.T, mean - centre @ w
        if kind == "standardised":
            spread = x.std(axis=0) + 1e-9
            a = a / spread
            w = np.linalg.pinv(a.T @ a + lam * eye) @ a.T @ (t - mean) / spread[:, None]
        if kind == "b_column":
            return w, (mean - centre @ w)[None]
        if kind == "order":
            return mean - centre @ w, w
        return w, mean - centre @ w

    return ridge_fit


# logistic


def sigmoid(s: Any) -> Any:
    e = np.exp(-np.abs(s))
    return np.where(s >= 0, 1, e) / (1 + e)


def logistic_max(w: Any, b: Any, x: Any, targets: Any) -> Any:
    s = x @ w + b
    loss = np.mean(np.maximum(s, 0) - s * targets + np.log1p(np.exp(-np.abs(s))))
    return loss, (x, sigmoid(s) - targets)


def logistic_max_backward(dout: Any, cache: Any) -> Any:
    x, error = cache
    return dout * error @ x / len(x), dout * error.mean()


def logistic_loop(w: Any, b: Any, x: Any, targets: Any) -> Any:
    loss = 0.0
    for row, t in zip(x, targets, strict=True):
        s = float(row @ w + b)
        signed = s if t == 1 else -s
        loss += max(-signed, 0.0) + float(np.log1p(np.exp(-abs(s))))
    return loss / len(x), (w, b, x, targets)


def logistic_loop_backward(dout: Any, cache: Any) -> Any:
    w, b, x, targets = cache
    dw, db = np.zeros_like(w), 0.0
    for row, t in zip(x, targets, strict=True):
        error = sigmoid(row @ w + b) - t
        dw += (error * row).astype(w.dtype)
        db += float(error)
    return dw * (dout / len(x)), db * dout / len(x)


def logistic_signs(w: Any, b: Any, x: Any, targets: Any) -> Any:
    """Labels -1 and +1 in place of 0 and 1."""
    y = 2 * targets - 1
    margin = y * (np.einsum("nd,d->n", x, w) + b)
    return np.logaddexp(0, -margin).mean(), (x, y, margin)


def logistic_signs_backward(dout: Any, cache: Any) -> Any:
    x, y, margin = cache
    share = -y * np.exp(-np.logaddexp(0, margin)) * (dout / len(x))
    return np.einsum("n,nd->d", share, x), np.sum(share)


def logistic_forward(kind: str) -> Any:
    def logistic(w: Any, b: Any, x: Any, targets: Any) -> Any:
        s = x @ w if kind == "no_bias" else x @ w + b
        t, p = targets, sigmoid(s)
        log_p, log_q = -np.logaddexp(0, -s), -np.logaddexp(0, s)
        with np.errstate(all="ignore"):
            naive = 1 / (1 + np.exp(-s))
            losses = {
                "naive": -(t * np.log(naive) + (1 - t) * np.log(1 - naive)).mean(),
                "eps": -(t * np.log(p + 1e-12) + (1 - t) * np.log(1 - p + 1e-12)).mean(),
                "ce_sign": (t * log_p + (1 - t) * log_q).mean(),
                "one_sign": (-t * log_p + (1 - t) * log_q).mean(),
                "no_second": -(t * log_p).mean(),
                "swapped": -((1 - t) * log_p + t * log_q).mean(),
                "sum": -(t * log_p + (1 - t) * log_q).sum(),
                "squared": ((p - t) ** 2).mean(),
            }
        return losses.get(kind, -(t * log_p + (1 - t) * log_q).mean()), (x, t, p)

    return logistic


def logistic_backward(kind: str) -> Any:
    def backward(dout: Any, cache: Any) -> Any:
        x, t, p = cache
        n = len(x)
        with np.errstate(all="ignore"):
            ds = {
                "twice": (p - t) * p * (1 - p),
                "no_second": t * (p - 1),
                "sign": t - p,
                "ce_sign2": (t / p + (1 - t) / (1 - p)) * p * (1 - p),
                "quotient": (-t / p + (1 - t) / (1 - p)) * p * (1 - p),
                "only_loss": -t / p + (1 - t) / (1 - p),
                "no_target": p,
            }.get(kind, p - t)
        ds = ds if kind == "no_n" else ds / n
        ds = ds if kind == "no_dout" else dout * ds
        dw, db = x.T @ ds, ds.sum()
        return {
            "db_mean": (dw, ds.mean()),
            "db_no_sum": (dw, ds),
            "db_shape": (dw, ds.sum(keepdims=True)),
            "dw_column": (dw[:, None], db),
            "order": (db, dw),
            "db_over_n": (dw, db / n),
        }.get(kind, (dw, db))

    return backward


def _wrong(name: str, make: Any, labels: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {label: {name: make(kind)} for label, kind in labels.items()}


RIGHT = {
    "A2.softmax": {
        "loop over the rows": {"softmax": softmax_loop},
        "exp of log-softmax": {"softmax": softmax_log},
        "one over the sum of differences": {"softmax": softmax_differences},
        "transposes in place of keepdims": {"softmax": softmax_own_names},
    },
    "A2.cross_entropy": {
        "log-sum-exp": {"cross_entropy": ce_lse},
        "loop, cache of scores": {"cross_entropy": ce_loop},
        "logaddexp, einsum, a dictionary as cache": {"cross_entropy": ce_logaddexp},
        "differences to the label, a Python float": {"cross_entropy": ce_margin},
    },
    "A2.cross_entropy_backward": {
        "one-hot by eye": {"cross_entropy_backward": ce_backward_hot},
        "the whole Jacobian": {"cross_entropy_backward": ce_backward_jacobian},
        "where": {"cross_entropy_backward": ce_backward_where},
        "loop, cache of scores": {
            "cross_entropy": ce_loop,
            "cross_entropy_backward": ce_loop_backward,
        },
        "a dictionary as cache": {
            "cross_entropy": ce_logaddexp,
            "cross_entropy_backward": ce_logaddexp_backward,
        },
        "after a wrong forward": {"cross_entropy": ce_forward("naive")},
    },
    "A2.svm_loss": {
        "loops": {"svm_loss": svm_loop},
        "N taken off for the right classes": {"svm_loss": svm_minus_one},
        "boolean mask": {"svm_loss": svm_where},
    },
    "A2.svm_loss_backward": {
        "loops": {"svm_loss": svm_loop, "svm_loss_backward": svm_loop_backward},
        "einsum, cache of gradients": {
            "svm_loss": svm_minus_one,
            "svm_loss_backward": svm_minus_one_backward,
        },
        "transposed product": {"svm_loss": svm_where, "svm_loss_backward": svm_where_backward},
        "after a wrong forward": {"svm_loss": svm_forward("counts_correct")},
    },
    "A2.ridge_fit": {
        "a column of ones": {"ridge_fit": ridge_ones},
        "lstsq of stacked rows": {"ridge_fit": ridge_stacked},
        "singular values": {"ridge_fit": ridge_svd},
        "inverse": {"ridge_fit": ridge_inverse},
        "one class after the other": {"ridge_fit": ridge_columns},
    },
    "A2.logistic": {
        "max and log1p": {"logistic": logistic_max},
        "loop": {"logistic": logistic_loop},
        "labels -1 and +1": {"logistic": logistic_signs},
    },
    "A2.logistic_backward": {
        "cache of errors": {
            "logistic": logistic_max,
            "logistic_backward": logistic_max_backward,
        },
        "loop": {"logistic": logistic_loop, "logistic_backward": logistic_loop_backward},
        "labels -1 and +1": {
            "logistic": logistic_signs,
            "logistic_backward": logistic_signs_backward,
        },
        "after a wrong forward": {"logistic": logistic_forward("naive")},
    },
}

WRONG = {
    "A2.softmax": {
        "CE10 no max subtraction": {"softmax": softmax_naive},
        "softmax_global_max": {"softmax": softmax_global_max},
        "CE9 softmax_axis0": {"softmax": softmax_axis0},
        "CE8 normalised over the batch": {"softmax": softmax_whole_batch},
        "GEN2 in place": {"softmax": softmax_in_place},
        "no exponential": {"softmax": softmax_no_exp},
        "always float64": {"softmax": softmax_wide},
        "powers of 2": {"softmax": softmax_base2},
        "largest of each column": {"softmax": softmax_column_max},
        "nothing returned": {"softmax": lambda scores: None},
    },
    "A2.cross_entropy": {
        **_wrong(
            "cross_entropy",
            ce_forward,
            {
                "CE10 no max subtraction": "naive",
                "softmax_global_max": "global",
                "CE9 softmax_axis0": "axis0",
                "CE8 normalised over the batch": "whole",
                "log_of_softmax": "log_of_softmax",
                "1e-9 in the logarithm": "eps",
                "binary logarithm": "log2",
                "P[:, labels] for P[rows, labels]": "columns",
                "forgot_div_N": "sum",
                "ce_sign": "sign",
                "divided by C": "over_c",
                "no logarithm": "no_log",
                "mean over all entries": "all_entries",
                "one loss a row": "per_row",
                "the first row only": "first",
                "largest probability instead of the label's": "max",
            },
        ),
        "no cache": {"cross_entropy": ce_no_cache},
    },
    "A2.cross_entropy_backward": _wrong(
        "cross_entropy_backward",
        ce_backward,
        {
            "CE1 forgot_div_N": "no_n",
            "CE2 divided by C": "over_c",
            "divided by N C": "over_nc",
            "CE3 ce_sign": "sign",
            "CE4 no_minus_one": "no_minus_one",
            "CE5 P[:, labels] -= 1": "columns",
            "CE6 extra softmax derivative": "twice",
            "CE7 diag_jacobian_only": "diagonal",
            "stops at the probabilities": "only_loss",
            "GEN4 upstream ignored": "no_dout",
            "GEN2 in place": "in_place",
            "GEN1 always float64": "wide",
            "transposed": "transposed",
            "N divided by twice": "n_twice",
            "label's column only": "only_label",
        },
    ),
    "A2.svm_loss": _wrong(
        "svm_loss",
        svm_forward,
        {
            "SVM3 hinge_counts_correct_class": "counts_correct",
            "no_lambda": "no_lambda",
            "reg_half: the half forgotten": "no_half",
            "no penalty": "no_penalty",
            "penalty divided by N": "penalty_over_n",
            "REG5 bias penalised": "penalises_b",
            "norm, not its square": "norm",
            "absolute values": "absolute",
            "forgot_div_N": "sum",
            "mean over all entries": "all_entries",
            "no margin": "no_margin",
            "difference the other way around": "flipped",
            "only the worst class": "largest",
            "squared hinge": "squared",
            "no_bias": "no_bias",
        },
    ),
    "A2.svm_loss_backward": _wrong(
        "svm_loss_backward",
        svm_backward,
        {
            "SVM1 label column left 0": "no_label",
            "SVM2 no_minus_one: -1 instead of -count": "label_minus_one",
            "forgot_div_N": "no_n",
            "sign": "sign",
            "REG3 no_lambda": "no_lambda",
            "REG2 2 lam w": "reg_double",
            "REG1 reg_half": "reg_half",
            "REG4 penalty divided by N": "reg_over_n",
            "lam taken as 1": "lambda_is_one",
            "LIN1 dW_transposed": "dw_transposed",
            "LIN3 db is a mean": "db_mean",
            "LIN4 db not summed": "db_no_sum",
            "LIN5 db a scalar": "db_scalar",
            "LIN7 db with keepdims": "db_keepdims",
            "REG5 bias penalised": "db_penalised",
            "GEN4 upstream ignored": "no_dout",
            "penalty without upstream": "penalty_no_dout",
            "GEN3 wrong order": "order",
        },
    ),
    "A2.ridge_fit": _wrong(
        "ridge_fit",
        ridge_wrong,
        {
            "no_lambda": "no_lambda",
            "lam times N": "times_n",
            "reg_half": "half",
            "lam doubled": "double",
            "lam squared": "square",
            "lam added everywhere": "no_eye",
            "REG5 bias penalised": "penalises_b",
            "no_bias": "no_bias",
            "not centred": "no_centring",
            "b is the mean of t": "b_is_mean",
            "b with the wrong sign": "b_sign",
            "dW_transposed": "transposed",
            "features standardised": "standardised",
            "b of shape (1, C)": "b_column",
            "GEN3 wrong order": "order",
            "GEN2 x centred in place": "in_place",
            "always float64": "wide",
        },
    ),
    "A2.logistic": _wrong(
        "logistic",
        logistic_forward,
        {
            "logarithm of a sigmoid": "naive",
            "1e-12 in the logarithm": "eps",
            "ce_sign: likelihood, not loss": "ce_sign",
            "one sign of two": "one_sign",
            "BCE2 forgot the 1 - t term": "no_second",
            "targets swapped": "swapped",
            "forgot_div_N": "sum",
            "squared error": "squared",
            "no_bias": "no_bias",
        },
    ),
    "A2.logistic_backward": _wrong(
        "logistic_backward",
        logistic_backward,
        {
            "BCE1 chain rule applied twice": "twice",
            "BCE2 forgot the 1 - t term": "no_second",
            "sign": "sign",
            "ce_sign2: derivative of log(1 - p)": "ce_sign2",
            "0 / 0 at large scores": "quotient",
            "stops at the probabilities": "only_loss",
            "targets forgotten": "no_target",
            "forgot_div_N": "no_n",
            "GEN4 upstream ignored": "no_dout",
            "LIN3 db is a mean": "db_mean",
            "LIN4 db not summed": "db_no_sum",
            "db of shape (1,)": "db_shape",
            "dw of shape (D, 1)": "dw_column",
            "GEN3 wrong order": "order",
            "db divided by N again": "db_over_n",
        },
    ),
}
