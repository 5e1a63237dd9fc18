"""Arguments on which mistakes do not show, as `hidden_when` says."""

from collections.abc import Callable

import numpy as np

from coursepkg import functional as F
from coursepkg.optim import AdamState, RMSPropState
from tests.unit.mistakes.data import Arguments, Rng, backward, elementwise

Calls = Callable[[Rng], list[Arguments]]


def layer(rng: Rng, n: int = 4, w: np.ndarray | None = None, sign: bool = True) -> Arguments:
    """x, w, b of a linear layer."""
    x = rng.standard_normal((n, 3))
    w = rng.standard_normal((3, 5)) if w is None else w
    return (x if sign else abs(x)), w, rng.standard_normal(w.shape[1])


def of_linear(n: int = 4, sign: bool = True) -> Calls:
    return lambda rng: backward(F.linear, [layer(rng, n, sign=sign)], rng)


def symmetric_linear(rng: Rng) -> list[Arguments]:
    w = rng.standard_normal((3, 3))
    return backward(F.linear, [layer(rng, w=w + w.T)], rng)


def with_ones(forward: Callable[..., tuple], positive: bool = False) -> Calls:
    """dout of ones."""

    def make(rng: Rng) -> list[Arguments]:
        (x,) = elementwise(rng)[0]
        out, cache = forward(abs(x) if positive else x)
        return [(np.ones_like(out), cache)]

    return make


def ones_through_linear(rng: Rng) -> list[Arguments]:
    out, cache = F.linear(*layer(rng))
    return [(np.ones_like(out), cache)]


def of_positive(forward: Callable[..., tuple], *options: float) -> Calls:
    return lambda rng: backward(forward, [(abs(elementwise(rng)[0][0]), *options)], rng)


def same_signs(forward: Callable[..., tuple]) -> Calls:
    def make(rng: Rng) -> list[Arguments]:
        (x,) = elementwise(rng)[0]
        return [(x * rng.random(x.shape), forward(x)[1])]

    return make


def no_bias(rng: Rng) -> list[Arguments]:
    x, w, b = layer(rng)
    return [(x, w, 0 * b)]


def scored(rng: Rng, n: int, c: int) -> Arguments:
    return rng.standard_normal((n, c)), rng.integers(0, c, n)


def of_scores(forward: Callable[..., tuple], n: int = 4, c: int = 3) -> Calls:
    return lambda rng: backward(forward, [scored(rng, n, c)], rng)


def of_targets(forward: Callable[..., tuple], shape: tuple[int, ...], ones: bool = False) -> Calls:
    def make(rng: Rng) -> list[Arguments]:
        x = rng.standard_normal(shape)
        return backward(forward, [(x, np.ones(shape) if ones else rng.random(shape))], rng)

    return make


def batch(n: int, c: int, gamma: float | None = None, standard: bool = False) -> Calls:
    def make(rng: Rng) -> list[Arguments]:
        x = rng.standard_normal((n, c))
        x = (x - x.mean(axis=0)) / x.std(axis=0) if standard else x
        scale = rng.uniform(0.5, 2, c) if gamma is None else np.full(c, gamma)
        return [(x, scale, rng.standard_normal(c), 0.0 if standard else 1e-5)]

    return make


def then(forward: Callable[..., tuple], calls: Calls) -> Calls:
    return lambda rng: backward(forward, calls(rng), rng)


def pictures(
    n: int = 2, c: int = 3, f: int = 4, kernel: tuple[int, int] = (3, 2), size: int = 9, **how: int
) -> Calls:
    def make(rng: Rng) -> list[Arguments]:
        x, w = rng.standard_normal((n, c, size, size)), rng.standard_normal((f, c, *kernel))
        w = w + w[:, :, ::-1, ::-1] if how.get("symmetric") else w
        b = rng.standard_normal(f) * (not how.get("plain"))
        return [(x, w, b, how.get("stride", 1), how.get("padding", 0))]

    return make


def pool(*options: int | bool | None, c: int = 3, size: int = 6) -> Calls:
    return lambda rng: [(rng.standard_normal((2, c, size, size)), *options)]


def pool_gradient(*options: int, c: int = 3) -> Calls:
    shape = (2, c, 3, 3)
    return lambda rng: [(pool(c=c)(rng)[0][0], rng.standard_normal(shape), *options)]


def drop(p: float) -> Calls:
    return lambda rng: [(rng.random((4, 5)), p, np.random.default_rng(1))]


def first_step(*options: float, scale: float = 1.0) -> Calls:
    return lambda rng: [(rng.standard_normal(4), scale * rng.uniform(1, 2, 4), None, 0.1, *options)]


def zeros_and_ones(rng: Rng) -> list[Arguments]:
    return [(rng.standard_normal(3), np.array([0.0, 1.0, 1.0]), None, 0.1)]


def decay_free(rng: Rng) -> list[Arguments]:
    return [(*first_step()(rng)[0], (0.9, 0.999), 1e-8, 0.0)]


def much_later(rng: Rng) -> list[Arguments]:
    w, dw, v = rng.uniform(0.5, 2, (3, 4))
    return [(w, dw, AdamState(dw, v, 10**6), 0.1)]


def one_each(rng: Rng, equal: bool = False) -> Arguments:
    x, y = rng.uniform(0.5, 2, (2, 3, 4))
    return x, (x if equal else y)


def point(label: int, wrong: bool) -> Calls:
    """A sample off the line, on the wrong or on the right side."""
    side = (1 if label > 0 else -1) * (-1 if wrong else 1)
    return lambda rng: [(np.array([1.0, 2.0]), side * rng.uniform(0.5, 1, 2), label, 0.5)]


def units_on(rng: Rng) -> list[Arguments]:
    x, labels = rng.random((5, 3)), rng.integers(0, 2, 5)
    return [(x, labels, rng.random((3, 4)), rng.random(4), rng.standard_normal((4, 2)), np.ones(2))]


def classifier(lam: float, bias: float = 1.0, n: int = 5) -> Calls:
    def make(rng: Rng) -> list[Arguments]:
        x, labels = scored(rng, n, 3)
        return [(x, labels, rng.standard_normal((3, 4)), bias * rng.standard_normal(4), lam)]

    return make


def regression(lam: float, d: int = 3) -> Calls:
    return lambda rng: [(rng.standard_normal((6, d)), rng.standard_normal((6, 2)), lam)]


def small_scores(rng: Rng) -> list[Arguments]:
    return [scored(rng, 4, 3)]


LINE = ([[], [(0, 2.0)]],)
CHAIN = ([[], [(0, 2.0)], [(1, 3.0)], [(2, 0.5)]],)
HIDING: dict[str, Calls] = {
    "LIN2": symmetric_linear,
    **dict.fromkeys(("LIN3", "LIN8", "LIN13"), of_linear(n=1)),
    "LIN9": ones_through_linear,
    "LIN10": of_linear(),
    "LIN11": of_linear(sign=False),
    **dict.fromkeys(("LIN14", "LIN16"), no_bias),
    "LIN15": lambda rng: [layer(rng)],
    "FLAT1": then(F.flatten, lambda rng: [(np.ones((2, 3)),)]),
    **dict.fromkeys(("ACT1", "ACT3"), same_signs(F.relu)),
    "ACT17": same_signs(lambda x: F.leaky_relu(x, 0.1)),
    "ACT2": with_ones(F.relu),
    "ACT10": of_positive(F.relu),
    **dict.fromkeys(("RELU1", "RELU2"), lambda rng: [(rng.random(4),)]),
    **dict.fromkeys(("ACT8", "ACT18"), of_positive(F.leaky_relu, 0.1)),
    "ACT20": of_positive(F.elu, 0.6),
    "ACT19": then(F.elu, lambda rng: [(*elementwise(rng)[0], 1.0)]),
    "ACT13": with_ones(F.sigmoid),
    "ACT15": with_ones(F.tanh),
    "ACT21": lambda rng: [(np.zeros(3),)],
    "ACT6": then(F.tanh, lambda rng: [(1e-4 * rng.random(3),)]),
    **dict.fromkeys(("CE1", "CE5"), of_scores(F.cross_entropy, n=1)),
    "CE2": of_scores(F.cross_entropy, n=3),
    "GEN4": lambda rng: [(1.0, F.cross_entropy(*scored(rng, 4, 3))[1])],
    **dict.fromkeys(("CE8", "CE12"), lambda rng: [scored(rng, 1, 4)]),
    **dict.fromkeys(("CE10", "CE13", "CE14"), small_scores),
    "MSE2": of_targets(F.mse_loss, (4, 1)),
    "MSE4": lambda rng: [(rng.random((1, 1)), rng.random((1, 1)))],
    "MSE6": of_targets(F.half_squared_error, (1, 4)),
    "BCE2": of_targets(F.binary_cross_entropy_with_logits, (4,), ones=True),
    "BCE3": of_targets(F.binary_cross_entropy_with_logits, (1,)),
    "BCE4": lambda rng: [(rng.standard_normal(4), rng.random(4))],
    "SM1": lambda rng: [(rng.standard_normal((1, 4)),)],
    "SM6": then(F.softmax, lambda rng: [(rng.standard_normal((1, 4)),)]),
    **dict.fromkeys(("SM3", "SM4"), lambda rng: [(rng.standard_normal((3, 4)),)]),
    "SM9": lambda rng: [(np.full((3, 4), 0.25), F.log_softmax(rng.random((3, 4)))[1])],
    "SVM2": of_scores(F.multiclass_hinge_loss, c=2),
    "SVM4": of_scores(F.multiclass_hinge_loss, n=1),
    "SVM5": lambda rng: [(0.1 * rng.random((4, 3)), rng.integers(0, 3, 4))],
    **dict.fromkeys(
        ("REG1", "REG2"), lambda rng: [(0.7, F.l2_penalty(rng.random((3, 4)), 0.0)[1])]
    ),
    "REG6": lambda rng: [(0.7, F.l2_penalty(np.array([1.0, -1.0]), 0.4)[1])],
    **dict.fromkeys(("REG3", "REG7"), classifier(0.0)),
    "REG4": classifier(0.3, n=1),
    "REG5": classifier(0.3, bias=0.0),
    "RID1": regression(0.7, d=1),
    **dict.fromkeys(("RID2", "RID3"), regression(0.0)),
    **dict.fromkeys(("NET2", "NET3", "NET4"), units_on),
    "BN6": then(F.batch_norm, batch(5, 3, standard=True)),
    "BN8": then(F.batch_norm, batch(5, 1)),
    "BN9": then(F.batch_norm, batch(5, 3, gamma=1.0)),
    **dict.fromkeys(("BN16", "BN17"), then(F.batch_norm, batch(1, 3))),
    "BN14": batch(5, 3, standard=True),
    "BN18": batch(5, 1),
    "BN11": lambda rng: [
        (x := rng.random((5, 3)), np.ones(3), np.zeros(3), x.mean(axis=0), x.var(axis=0))
    ],
    "BN10": lambda rng: [(1.0, 3.0, 0.5)],
    "BN19": lambda rng: [(1.0, 3.0, 1.0)],
    "LN2": then(F.layer_norm, batch(5, 3, gamma=0.7)),
    "CV1": then(F.conv2d, pictures(symmetric=1)),
    "CV18": pictures(symmetric=1),
    "CV2": then(F.conv2d, pictures(stride=3)),
    **dict.fromkeys(("CV3", "CV4", "CV7"), then(F.conv2d, pictures())),
    "CV21": pictures(),
    "CV5": then(F.conv2d, pictures(padding=1)),
    **dict.fromkeys(("CV6", "CV12", "CV13"), then(F.conv2d, pictures(padding=1))),
    "CV17": then(F.conv2d, pictures(f=1)),
    "CV8": then(F.conv2d, pictures(size=3, kernel=(3, 3))),
    "CV10": then(F.conv2d, pictures(n=1, size=3, kernel=(3, 3))),
    **dict.fromkeys(("CV11", "CV16"), then(F.conv2d, pictures(n=1))),
    "CV15": then(F.conv2d, pictures(kernel=(1, 1))),
    "CV19": pictures(plain=1),
    "CV20": pictures(c=1),
    "CV14": lambda rng: [(7, 3, 2, 1, 1)],
    "CV23": lambda rng: [(8, 3, 2, 0, 1)],
    "PL4": then(F.max_pool2d, pool(2)),
    "PL5": then(F.max_pool2d, pool(6)),
    "PL3": pool_gradient(2),
    "PL6": pool_gradient(2, c=1),
    **dict.fromkeys(("PL7", "PL12"), then(F.avg_pool2d, pool(1))),
    "PL8": then(F.avg_pool2d, pool(3, 2, 1, True)),
    **dict.fromkeys(("PL15", "PL16"), pool(1)),
    "PL13": pool(2),
    "PL14": pool(2, 2),
    "PL9": then(F.lp_pool2d, lambda rng: [(0.25 * np.ones((2, 3, 4, 4)), 2)]),
    "PL10": then(F.lp_pool2d, pool(2)),
    **dict.fromkeys(("DO1", "DO2", "DO6"), then(F.dropout, drop(0.0))),
    **dict.fromkeys(("DO7", "DO4", "DO5"), drop(0.0)),
    "DO8": drop(0.5),
    "OP14": lambda rng: [(1.0, 3.0, None, 1.0)],
    **dict.fromkeys(("OP17", "OP7"), first_step(0.0)),
    "OP4G": lambda rng: [(rng.random(3), np.ones(3), None, 0.1)],
    **dict.fromkeys(("OP8G", "OP8"), zeros_and_ones),
    **dict.fromkeys(("OP16", "OP22"), first_step()),
    "OP4R": lambda rng: [(rng.random(3), np.ones(3), RMSPropState(np.ones(3)), 0.1)],
    **dict.fromkeys(("OP3", "OP3R"), first_step(scale=1e6)),
    "OP1": much_later,
    **dict.fromkeys(("OP19", "OP20"), decay_free),
    "OP11": lambda rng: [((1.0,), (2.0,), (3.0,), 0.1)],
    **dict.fromkeys(("GR1", "GR2"), lambda rng: [CHAIN]),
    "GR11": lambda rng: [([[], [(0, 2.0), (0, 3.0)], [(1, 2.0)]],)],
    "GR16": lambda rng: [LINE],
    "GR4": lambda rng: backward(F.multiply, [one_each(rng, equal=True)], rng),
    "GR7": lambda rng: backward(F.add, [one_each(rng)], rng),
    "GR10": lambda rng: backward(F.divide, [(rng.random(3), np.ones(3))], rng),
    "GR12": with_ones(F.exp),
    "GR13": then(F.log, lambda rng: [(np.ones(3),)]),
    "GR14": then(F.power, lambda rng: [(np.ones(3), 3.0)]),
    "GR17": then(F.power, lambda rng: [(rng.random(3), 1.0)]),
    "TEN1": lambda rng: [(rng.random((3, 4)), (3, 1))],
    "TEN2": lambda rng: [(rng.random((3, 4)), (4,))],
    "TEN3": lambda rng: [(rng.random((3, 4)), (3, 4))],
    "TEN6": then(F.sum, lambda rng: [(rng.random((3, 1)), 1, True)]),
    "TEN7": then(F.reshape, lambda rng: [(rng.random((3, 4)), (3, 4))]),
    "TEN8": then(F.transpose, lambda rng: [(rng.random((3, 4)), (1, 0))]),
    "TEN9": then(F.sum, lambda rng: [(rng.random((3, 1)), 1)]),
    "PC1": point(1, wrong=True),
    "PC2": point(-1, wrong=False),
    "PC3": point(1, wrong=True),
    "PC4": point(1, wrong=True),
    "PC5": point(1, wrong=False),
    "PC6": point(1, wrong=True),
    "PC12": lambda rng: [(np.array([-1.0, 2.0]),)],
    "PC9": lambda rng: [(np.array([[1.0, 2.0]]), np.array([1]))],
    "PC10": lambda rng: [(0.5, 0.5)],
    "GC1": lambda rng: [(lambda x: 3 * x, rng.random(3))],
    "GC2": lambda rng: [(lambda x: 3 * x, rng.random(3))],
    "GEN1": lambda rng: [(np.sin, rng.random(3))],
    "GC6": lambda rng: [(np.sin, rng.random(3), np.ones(3))],
    **dict.fromkeys(("GC7", "GC9"), lambda rng: [(np.array([1.0]), np.array([1.5]))]),
    "GC8": lambda rng: [(np.array([0.3, 0.4]), np.array([0.0, 0.5]))],
    "TR1": lambda rng: [(8, 4, np.random.default_rng(1))],
    "TR4": lambda rng: [(8, 9, np.random.default_rng(1))],
    "IN2": lambda rng: [((3, 2), 20000, 2, 1)],
    "IN3": lambda rng: [((2, 5), 2, 5, 1)],
    "IN4": lambda rng: [((4, 4), 4, 4, 1)],
}
