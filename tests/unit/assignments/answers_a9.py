"""Right and wrong answers to assignment 9. The layers are those that its notebook gives."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coursepkg import functional as F
from coursepkg.datasets import load_digits
from tests.unit.assignments.solutions import solution


class Net:
    """The whole network in one place, with a slip where `slip` names one."""

    slip = ""

    def __init__(self, seed: int, filters: int = 8) -> None:
        rng = np.random.default_rng(seed)
        w1, w2 = rng.standard_normal((filters, 1, 3, 3)), rng.standard_normal((16 * filters, 10))
        gain = 10.0 if self.slip == "large start" else 1.0
        if self.slip == "zeros":
            w1 = np.zeros_like(w1)
        if self.slip == "no seed":
            w1 = np.random.default_rng().standard_normal(w1.shape)
        if self.slip == "fixed seed":
            w1 = np.random.default_rng(0).standard_normal(w1.shape)
        self.params = {
            "w1": gain * w1 / 3,
            "b1": np.zeros(filters),
            "w2": gain * w2 / np.sqrt(16 * filters),
            "b2": np.zeros(10),
        }
        if self.slip == "8 filters only":
            self.params["w1"] = w1[:4]

    def _forward(self, x: Any) -> Any:
        p = self.params
        z = F.conv2d(x, p["w1"], p["b1"], 1, 1)
        h = z if self.slip == "no relu" else F.relu(z[0])
        q = F.avg_pool2d(h[0], 2) if self.slip == "mean" else F.max_pool2d(h[0], 2)
        s = F.linear(q[0], p["w2"], p["b2"])
        if self.slip == "dropout in predict":
            noise = np.random.default_rng().random(q[0].shape) > 0.3
            s = F.linear(q[0] * noise, p["w2"], p["b2"])
        return s[0], (z[1], h[1], q[1], s[1])

    def scores(self, x: Any) -> Any:
        scores = self._forward(x)[0]
        return F.softmax(scores)[0] if self.slip == "softmax" else scores

    def predict(self, x: Any) -> Any:
        scores = self._forward(x)[0]
        if self.slip == "batch in predict":
            scores = scores - scores.mean(axis=0)
        return scores.max(axis=1) if self.slip == "max" else np.argmax(scores, axis=1)

    def loss(self, x: Any, labels: Any, lam: float) -> Any:
        p, slip = self.params, self.slip
        scores, (first, gate, pooled, second) = self._forward(x)
        loss, cache = F.cross_entropy(scores, labels)
        dscores = F.cross_entropy_backward(1.0, cache)
        if slip == "sum":
            loss, dscores = loss * len(x), dscores * len(x)
        if slip == "dscores over n":
            dscores = dscores / len(x)
        dq, dw2, db2 = F.linear_backward(dscores, second)
        back = F.avg_pool2d_backward if slip == "mean" else F.max_pool2d_backward
        dh = back(dq, pooled)
        dz = dh if slip in ("no relu", "relu forgotten") else F.relu_backward(dh, gate)
        _, dw1, db1 = F.conv2d_backward(dz, first)
        half = 1.0 if slip == "no half" else 0.5
        weight = {"no_lambda": 0.0, "double": 2.0}.get(slip, 1.0) * lam
        loss = loss + lam * half * (np.sum(p["w1"] ** 2) + np.sum(p["w2"] ** 2))
        if slip == "no penalty in the loss":
            loss = F.cross_entropy(scores, labels)[0]
        grads = {
            "w1": dw1 + weight * p["w1"],
            "b1": db1,
            "w2": dw2 + weight * p["w2"],
            "b2": db2,
        }
        if slip == "biases penalised":
            grads["b1"], grads["b2"] = db1 + lam * p["b1"], db2 + lam * p["b2"]
        if slip == "w1 not penalised":
            grads["w1"] = dw1
        if slip == "db2 mean":
            grads["b2"] = dscores.mean(axis=0)
        if slip == "steps":
            for name in p:
                p[name] = p[name] - 0.1 * grads[name]
        if slip == "tuple":
            return loss, tuple(grads.values())
        return (loss, grads["w1"]) if slip == "w1 only" else (loss, grads)


def slipping(slip: str) -> Callable[..., Any]:
    return type("SmallConvNet", (Net,), {"slip": slip})


class Windows(Net):
    """Windows and einsum, softmax by hand, everything in one method."""

    def scores(self, x: Any) -> Any:
        return self.everything(x)[0]

    def predict(self, x: Any) -> Any:
        return [int(row.argmax()) for row in self.scores(x)]

    def everything(self, x: Any) -> Any:
        p = self.params
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        seen = sliding_window_view(padded, (3, 3), axis=(2, 3))
        z = np.einsum("nchwij,fcij->nfhw", seen, p["w1"]) + p["b1"][:, None, None]
        h = np.where(z > 0, z, 0)
        blocks = h.reshape(len(x), -1, 4, 2, 4, 2)
        q = blocks.max(axis=(3, 5))
        return q.reshape(len(x), -1) @ p["w2"] + p["b2"], seen, z, blocks, q

    def loss(self, x: Any, labels: Any, lam: float) -> Any:
        p, n = self.params, len(x)
        scores, seen, z, blocks, q = self.everything(x)
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        prob = e / e.sum(axis=1, keepdims=True)
        penalty = sum(np.vdot(w, w) for w in (p["w1"], p["w2"])) * lam * 0.5
        dscores = (prob - np.eye(10)[labels]) / n
        dq = (dscores @ p["w2"].T).reshape(q.shape)
        won = blocks == q[:, :, :, None, :, None]
        won = won / won.sum(axis=(3, 5), keepdims=True)
        dz = (won * dq[:, :, :, None, :, None]).reshape(z.shape) * (z > 0)
        grads = {
            "b2": dscores.sum(axis=0),
            "w2": q.reshape(n, -1).T @ dscores + lam * p["w2"],
            "b1": dz.sum(axis=(0, 2, 3)),
            "w1": np.einsum("nfhw,nchwij->fcij", dz, seen) + lam * p["w1"],
        }
        return float(penalty - np.log(prob[np.arange(n), labels]).mean()), grads


class InPlace(Net):
    """Gradients that are summed up image by image, and a start as LeCun proposed."""

    def __init__(self, seed: int, filters: int = 8) -> None:
        super().__init__(seed, filters)
        rng = np.random.RandomState(seed)
        self.params["w1"] = rng.uniform(-0.5, 0.5, self.params["w1"].shape)
        self.params["w2"] = rng.uniform(-0.1, 0.1, self.params["w2"].shape)

    def loss(self, x: Any, labels: Any, lam: float) -> Any:
        grads = {name: np.zeros_like(array) for name, array in self.params.items()}
        loss: Any = 0.0
        for n in range(len(x)):
            one, mine = super().loss(x[n : n + 1], labels[n : n + 1], 0.0)
            loss += one / len(x)
            for name, grad in mine.items():
                grads[name] += grad / len(x)
        for name in ("w1", "w2"):
            loss += lam * np.linalg.norm(self.params[name]) ** 2 / 2
            grads[name] += lam * self.params[name]
        return loss, grads


# train


def trainer(
    rate: float = 0.1,
    momentum: float = 0.9,
    batch: int = 32,
    adam: bool = False,
    decay: bool = True,
    slip: str = "",
) -> Callable[..., Any]:
    """A `train` of this kind, with the network of the solution."""

    def train(x: Any, labels: Any, epochs: int, seed: int) -> Any:
        rng = np.random.default_rng(None if slip == "no seed" else seed)
        net = solution("A9")["SmallConvNet"](seed, 8)
        if slip == "untrained":
            return net
        if slip == "dropout in predict":
            net = slipping(slip)(seed, 8)
        if slip == "own digits":
            digits = load_digits()
            x, labels = digits.x_train, digits.y_train
        if slip == "shuffled images only":
            x = x[rng.permutation(len(x))]
        v = {name: np.zeros_like(array) for name, array in net.params.items()}
        m, step, steps = dict(v), 0, epochs * -(-len(x) // batch)
        order = np.arange(len(x))
        for _ in range(1 if slip == "one epoch" else epochs):
            if slip != "no_shuffle":
                order = rng.permutation(len(x))
            for start in range(0, len(x), batch):
                chosen = order[start : start + batch]
                grads = net.loss(x[chosen], labels[chosen], 1e-4)[1]
                now = rate * (1 - step / steps) if decay else rate
                now = -now if slip == "uphill" else now
                step += 1
                for name, grad in grads.items():
                    if adam:
                        m[name] = 0.9 * m[name] + 0.1 * grad
                        v[name] = 0.999 * v[name] + 0.001 * grad**2
                        size = np.sqrt(v[name] / (1 - 0.999**step)) + 1e-8
                        net.params[name] = net.params[name] - now * m[name] / (
                            (1 - 0.9**step) * size
                        )
                        continue
                    v[name] = momentum * v[name] - now * grad
                    net.params[name] += v[name]
        return net

    return train


# occlusion_map


def occlude_one_by_one(net: Any, image: Any, label: int, size: int) -> Any:
    before = net.scores(image[np.newaxis])[0][label]
    rows = []
    for i in range(image.shape[1] - size + 1):
        row = []
        for j in range(image.shape[2] - size + 1):
            copy = image.copy()
            copy[0, i : i + size, j : j + size] = 0
            row.append(before - net.scores(copy[np.newaxis])[0][label])
        rows.append(row)
    return np.array(rows)


def occlude_masks(net: Any, image: Any, label: int, size: int) -> Any:
    side = 9 - size
    i, j = np.indices((side, side)).reshape(2, -1, 1, 1)
    y, x = np.indices((8, 8))
    kept = (y < i) | (y >= i + size) | (x < j) | (x >= j + size)
    whole, covered = net.scores(image[None]), net.scores(image[None] * kept[:, None])
    return -(covered - whole)[:, label].reshape(side, side)


def occlude_restored(net: Any, image: Any, label: int, size: int) -> Any:
    image, side = np.array(image), image.shape[1] - size + 1
    heat = np.full((side, side), net.scores(image[None])[0, label])
    for place in np.ndindex(side, side):
        at = (0, *(slice(start, start + size) for start in place))
        kept = image[at].copy()
        image[at] = 0
        heat[place] -= net.scores(image.reshape(1, 1, 8, 8))[0, label]
        image[at] = kept
    return heat.tolist()


def occluding(slip: str) -> Callable[..., Any]:
    def occlusion_map(net: Any, image: Any, label: int, size: int) -> Any:
        side = 8 if slip == "8 x 8" else 9 - size
        whole = net.scores(image[None])[0, label]
        heat, damaged = np.zeros((side, side)), image.copy()
        for i, j in np.ndindex(side, side):
            if slip != "not restored":
                damaged = image.copy()
            patch = (0, slice(i, i + size), slice(j, j + size))
            if slip == "only the patch":
                damaged = np.zeros_like(image)
                damaged[patch] = image[patch]
            else:
                damaged[patch] = {"ones": 1.0, "mean": image.mean()}.get(slip, 0.0)
            scores = net.scores(damaged[None])[0]
            heat[i, j] = whole - scores[label]
            if slip == "largest":
                heat[i, j] = net.scores(image[None]).max() - scores.max()
            if slip == "probability":
                p, q = (
                    F.softmax(s[None])[0][0, label] for s in (net.scores(image[None])[0], scores)
                )
                heat[i, j] = p - q
        return {
            "sign": -heat,
            "absolute": np.abs(heat) + (heat == 0) * 0.01,
            "transposed": heat.T,
            "score": whole - heat,
            "normed": heat / 2,
        }.get(slip, heat)

    return occlusion_map


RIGHT: dict[str, dict[str, dict[str, Callable[..., Any]]]] = {
    "A9.small_conv_net": {
        "in one place": {"SmallConvNet": Net},
        "windows and einsum": {"SmallConvNet": Windows},
        "image by image": {"SmallConvNet": InPlace},
    },
    "A9.train": {
        "small batches": {"train": trainer(batch=16)},
        "a constant rate": {"train": trainer(0.08, decay=False)},
        "Adam": {"train": trainer(0.01, adam=True, batch=16)},
    },
    "A9.occlusion_map": {
        "one by one": {"occlusion_map": occlude_one_by_one},
        "masks": {"occlusion_map": occlude_masks},
        "restored, as a list": {"occlusion_map": occlude_restored},
        "a wrong network": {"SmallConvNet": slipping("mean")},
    },
}
WRONG: dict[str, dict[str, dict[str, Callable[..., Any]]]] = {
    "A9.small_conv_net": {
        slip: {"SmallConvNet": slipping(slip)}
        for slip in (
            "large start",
            "zeros",
            "no seed",
            "fixed seed",
            "8 filters only",
            "no relu",
            "mean",
            "dropout in predict",
            "softmax",
            "max",
            "sum",
            "dscores over n",
            "relu forgotten",
            "no half",
            "no_lambda",
            "double",
            "no penalty in the loss",
            "biases penalised",
            "w1 not penalised",
            "db2 mean",
            "steps",
            "tuple",
            "w1 only",
        )
    },
    "A9.train": {
        "untrained": {"train": trainer(slip="untrained")},
        "no_shuffle": {"train": trainer(slip="no_shuffle")},
        "no_shuffle, Adam": {"train": trainer(0.003, adam=True, slip="no_shuffle")},
        "test_leak: digits from elsewhere": {"train": trainer(slip="own digits")},
        "images and labels apart": {"train": trainer(slip="shuffled images only")},
        "eval_uses_dropout": {"train": trainer(slip="dropout in predict")},
        "seed ignored": {"train": trainer(slip="no seed")},
        "one epoch": {"train": trainer(0.02, 0.0, slip="one epoch")},
        "uphill": {"train": trainer(slip="uphill")},
        "rate too large": {"train": trainer(5.0)},
        "rate too small": {"train": trainer(1e-3, 0.0)},
    },
    "A9.occlusion_map": {
        slip: {"occlusion_map": occluding(slip)}
        for slip in (
            "8 x 8",
            "not restored",
            "only the patch",
            "ones",
            "mean",
            "largest",
            "probability",
            "sign",
            "absolute",
            "transposed",
            "score",
            "normed",
        )
    },
}
