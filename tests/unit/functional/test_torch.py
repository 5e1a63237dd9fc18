"""Values and gradients of every pair agree with PyTorch, over random shapes and options."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursepkg import functional as F
from coursepkg.derivatives import relative_error
from tests.unit.functional.cases import drawing, in_tuple

torch = pytest.importorskip("torch", reason="PyTorch (the extra `bench`) is not installed")
T = torch.nn.functional

sizes = st.integers(1, 5)
seeds = st.integers(0, 2**32 - 1)
shapes = st.lists(sizes, min_size=1, max_size=4)
pairs_of = st.tuples
thorough = settings(max_examples=40)


def agree(pair, theirs, inputs, seed=0):
    """Compare ``pair(*inputs)`` and all its gradients with PyTorch's own."""
    out, cache = pair[0](*inputs)
    dout = np.asarray(np.random.default_rng(seed).standard_normal(np.shape(out)))
    tensors = [torch.tensor(x, requires_grad=True) for x in inputs]
    their_out = theirs(*tensors)
    their_grads = torch.autograd.grad(their_out, tensors, torch.tensor(dout))
    grads = in_tuple(pair[1](dout[()], cache))
    for one, other in zip((out, *grads), (their_out, *their_grads), strict=True):
        assert np.shape(one) == tuple(other.shape)
        assert relative_error(one, other.detach().numpy()) < 1e-10


def bound(name, **options):
    """The pair of `F` of that name, options given to its forward."""
    return (lambda *inputs: getattr(F, name)(*inputs, **options), getattr(F, f"{name}_backward"))


@given(shape=shapes, seed=seeds)
@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh"])
@thorough
def test_activations(name, shape, seed):
    agree(bound(name), getattr(torch, name), (drawing(seed)(*shape),), seed)


@given(shape=shapes, slope=st.floats(0, 2), seed=seeds)
@thorough
def test_leaky_relu(shape, slope, seed):
    x = drawing(seed)(*shape)
    agree(bound("leaky_relu", negative_slope=slope), lambda t: T.leaky_relu(t, slope), (x,))


@given(shape=shapes, alpha=st.floats(0.01, 3), seed=seeds)
@thorough
def test_elu(shape, alpha, seed):
    agree(bound("elu", alpha=alpha), lambda t: T.elu(t, alpha), (drawing(seed)(*shape),))


@given(shape=shapes, seed=seeds, data=st.data())
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@thorough
def test_softmax(name, shape, seed, data):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    x = 3 * drawing(seed)(*shape)
    agree(bound(name, axis=axis), lambda t: getattr(T, name)(t, dim=axis), (x,), seed)


@given(n=sizes, d=sizes, m=sizes, seed=seeds)
@thorough
def test_linear(n, d, m, seed):
    r = drawing(seed)
    inputs = (r(n, d), r(d, m), r(m))
    agree(bound("linear"), lambda x, w, b: T.linear(x, w.T, b), inputs, seed)


@given(n=sizes, d=sizes, m=sizes, k=sizes, seed=seeds)
@thorough
def test_maxout(n, d, m, k, seed):
    r = drawing(seed)
    inputs = (r(n, d), r(k, d, m), r(k, m))

    def theirs(x, w, b):
        return (x @ w + b[:, None]).max(dim=0).values

    agree(bound("maxout"), theirs, inputs, seed)


features = st.sampled_from([(6, 3), (2, 3, 4, 5), (1, 2, 3, 2), (4, 1)])
small = st.floats(1e-6, 0.1)


@given(shape=features, eps=small, seed=seeds)
@thorough
def test_batch_norm(shape, eps, seed):
    r = drawing(seed)
    inputs = (r(*shape), r(shape[1]), r(shape[1]))

    def theirs(x, gamma, beta):
        return T.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)

    agree(bound("batch_norm", eps=eps), theirs, inputs, seed)


@given(shape=features, eps=small, seed=seeds)
@thorough
def test_batch_norm_inference(shape, eps, seed):
    r = drawing(seed)
    inputs, mean, var = (r(*shape), r(shape[1]), r(shape[1])), r(shape[1]), r(shape[1]) ** 2

    def theirs(x, gamma, beta):
        given_mean, given_var = torch.tensor(mean), torch.tensor(var)
        return T.batch_norm(x, given_mean, given_var, gamma, beta, training=False, eps=eps)

    agree(bound("batch_norm_inference", mean=mean, var=var, eps=eps), theirs, inputs, seed)


@given(
    shape=st.lists(st.integers(2, 5), min_size=2, max_size=4), eps=small, seed=seeds, data=st.data()
)
@thorough
def test_layer_norm(shape, eps, seed, data):
    r, trailing = drawing(seed), shape[data.draw(st.integers(1, len(shape) - 1)) :]
    inputs = (r(*shape), r(*trailing), r(*trailing))
    agree(
        bound("layer_norm", eps=eps), lambda x, g, b: T.layer_norm(x, trailing, g, b, eps), inputs
    )


@given(n=sizes, c=sizes, seed=seeds, scale=st.sampled_from([1, 30]))
@thorough
def test_cross_entropy(n, c, seed, scale):
    labels = np.random.default_rng(seed).integers(c, size=n)
    scores = scale * drawing(seed)(n, c)
    theirs = lambda t: T.cross_entropy(t, torch.tensor(labels))  # noqa: E731
    agree(bound("cross_entropy", labels=labels), theirs, (scores,), seed)


@given(n=sizes, c=sizes, seed=seeds, margin=st.floats(0.1, 3))
@thorough
def test_multiclass_hinge_loss(n, c, seed, margin):
    labels = np.random.default_rng(seed).integers(c, size=n)
    # PyTorch divides by the number of classes; the decks do not.
    theirs = lambda t: c * T.multi_margin_loss(t, torch.tensor(labels), margin=margin)  # noqa: E731
    agree(
        bound("multiclass_hinge_loss", labels=labels, margin=margin), theirs, (drawing(seed)(n, c),)
    )


@given(shape=shapes, seed=seeds)
@pytest.mark.parametrize("name", ["binary_cross_entropy_with_logits", "mse_loss"])
@thorough
def test_losses_with_targets(name, shape, seed):
    targets = np.random.default_rng(seed).random(shape)
    theirs = lambda t: getattr(T, name)(t, torch.tensor(targets))  # noqa: E731
    agree(bound(name, targets=targets), theirs, (5 * drawing(seed)(*shape),), seed)


@given(shape=shapes, seed=seeds, lam=st.floats(0, 3))
@thorough
def test_squares(shape, seed, lam):
    targets = drawing(seed + 1)(*shape)
    half = lambda t: ((t - torch.tensor(targets)) ** 2).sum() / (2 * shape[0])  # noqa: E731
    agree(bound("half_squared_error", targets=targets), half, (drawing(seed)(*shape),))
    agree(
        bound("l2_penalty", lam=lam), lambda t: lam / 2 * t.square().sum(), (drawing(seed)(*shape),)
    )


two = pairs_of(st.integers(1, 3), st.integers(1, 3))
none_or_two = pairs_of(st.integers(0, 2), st.integers(0, 2))


@given(
    n=st.integers(0, 3), groups=st.integers(1, 3), c=st.integers(1, 3), f=st.integers(1, 3),
    kernel=two, stride=two, padding=none_or_two, dilation=two, more=none_or_two, seed=seeds,
)  # fmt: skip
@settings(max_examples=150)
def test_conv2d(n, groups, c, f, kernel, stride, padding, dilation, more, seed):
    r = drawing(seed)
    size = [d * (k - 1) + 1 + m for d, k, m in zip(dilation, kernel, more, strict=True)]
    inputs = (r(n, groups * c, *size), r(groups * f, c, *kernel), r(groups * f))
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    agree(bound("conv2d", **options), lambda x, w, b: T.conv2d(x, w, b, **options), inputs, seed)


@given(n=sizes, c=sizes, f=sizes, kernel=two, stride=two, padding=none_or_two, seed=seeds)
@thorough
def test_locally_connected2d(n, c, f, kernel, stride, padding, seed):
    r, size = drawing(seed), (5, 6)
    out = [F.conv_output_size(*a) for a in zip(size, kernel, stride, padding, strict=True)]
    inputs = (r(n, c, *size), r(*out, f, c, *kernel), r(*out, f))

    def theirs(x, w, b):
        patches = T.unfold(x, kernel, stride=stride, padding=padding)  # (N, C * K * K, L)
        rows = w.reshape(out[0] * out[1], f, -1)
        return (torch.einsum("nkl,lfk->nfl", patches, rows) + b.reshape(-1, f).T).reshape(
            n, f, *out
        )

    agree(bound("locally_connected2d", stride=stride, padding=padding), theirs, inputs, seed)


def pool_options(kernel, stride, data):
    padding = tuple(data.draw(st.integers(0, k // 2)) for k in kernel)
    return {"kernel_size": kernel, "stride": stride, "padding": padding}


@given(n=sizes, c=sizes, kernel=two, stride=two, seed=seeds, data=st.data())
@thorough
def test_max_pool2d(n, c, kernel, stride, seed, data):
    options = pool_options(kernel, stride, data)
    x = drawing(seed)(n, c, 5, 6)
    agree(bound("max_pool2d", **options), lambda t: T.max_pool2d(t, **options), (x,), seed)


@given(n=sizes, c=sizes, kernel=two, stride=two, seed=seeds, include=st.booleans(), data=st.data())
@thorough
def test_avg_pool2d(n, c, kernel, stride, seed, include, data):
    options = pool_options(kernel, stride, data) | {"count_include_pad": include}
    x = drawing(seed)(n, c, 5, 6)
    agree(bound("avg_pool2d", **options), lambda t: T.avg_pool2d(t, **options), (x,), seed)


@given(n=sizes, c=sizes, kernel=two, stride=two, seed=seeds, p=st.sampled_from([1, 2, 3, 2.5]))
@thorough
def test_lp_pool2d(n, c, kernel, stride, seed, p):
    x = np.abs(drawing(seed)(n, c, 5, 6))  # PyTorch takes no absolute value
    theirs = lambda t: T.lp_pool2d(t, float(p), kernel, stride)  # noqa: E731
    pair = bound("lp_pool2d", kernel_size=kernel, stride=stride, norm_type=p)
    agree(pair, theirs, (x,), seed)


@given(n=sizes, c=st.integers(3, 6), k=st.integers(1, 3), stride=sizes, seed=seeds)
@thorough
def test_feature_lp_pool(n, c, k, stride, seed):
    theirs = lambda t: t.unfold(1, k, stride).square().sum(-1).sqrt()  # noqa: E731
    pair = bound("feature_lp_pool", kernel_size=k, stride=stride)
    agree(pair, theirs, (drawing(seed)(n, c, 2, 3),), seed)


@given(shape=shapes, p=st.floats(0, 0.9), seed=seeds)
@thorough
def test_dropout_with_the_same_mask(shape, p, seed):
    _, cache = F.dropout(np.ones(shape), p, np.random.default_rng(seed))
    mask = torch.tensor(cache.mask)
    pair = (lambda x: F.dropout(x, p, np.random.default_rng(seed)), F.dropout_backward)
    agree(pair, lambda t: t * mask, (drawing(seed)(*shape),), seed)
    kept = np.unique(cache.mask)
    assert np.isin(kept.round(12), np.round([0, 1 / (1 - p)], 12)).all()


@given(shape=st.lists(sizes, min_size=2, max_size=4), seed=seeds)
@thorough
def test_flatten(shape, seed):
    agree(bound("flatten"), lambda t: t.flatten(1), (drawing(seed)(*shape),), seed)
