"""Layers and networks: gradients, modes, state; against torch.nn."""

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg import layers
from coursepkg.derivatives import relative_error
from coursepkg.gradcheck import check_gradient
from coursepkg.layers import BatchNorm, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU
from coursepkg.network import Sequential, lenet, mlp
from coursepkg.weights import load_weights, save_weights

EVERY = [
    (layers.Linear(6, 3, rng=0), (4, 6)),
    (layers.Linear(6, 3, rng=0, init="xavier"), (4, 2, 3)),
    (layers.Maxout(6, 3, pieces=3, rng=0), (4, 6)),
    (layers.ReLU(), (4, 6)),
    (layers.Sigmoid(), (4, 6)),
    (layers.Tanh(), (4, 6)),
    (layers.LeakyReLU(0.2), (4, 6)),
    (layers.ELU(0.5), (4, 6)),
    (layers.Flatten(), (4, 2, 3)),
    (layers.Conv2d(2, 4, (3, 2), stride=2, padding=1, groups=2, rng=0), (3, 2, 5, 6)),
    (layers.LocallyConnected2d(2, 3, (4, 5), 2, stride=2, rng=0), (3, 2, 4, 5)),
    (layers.MaxPool2d(2), (3, 2, 4, 6)),
    (layers.AvgPool2d(3, 1, 1, count_include_pad=False), (3, 2, 4, 6)),
    (layers.LpPool2d(2, norm_type=3), (3, 2, 4, 6)),
    (layers.FeatureLpPool(2), (3, 4, 2, 3)),
    (layers.BatchNorm(3), (5, 3, 2, 4)),
    (layers.LayerNorm((3, 2)), (5, 3, 2)),
]


def test_every_layer_is_tried():
    kinds = {name for name in layers.__all__ if name not in ("Layer", "Parameter", "Dropout")}
    assert {type(layer).__name__ for layer, _ in EVERY} == kinds


@pytest.mark.parametrize(("layer", "shape"), EVERY, ids=lambda value: type(value).__name__)
def test_gradients_of_input_and_parameters(layer, shape):
    rng = np.random.default_rng(1)
    x = rng.standard_normal(shape)
    x += 0.05 * np.sign(x)
    dout = rng.standard_normal(layer.forward(x).shape)
    dx = layer.backward(dout)
    grads = [p.grad for p in layer.parameters()]
    assert check_gradient("dx", dx, layer.forward, x, dout, rng).ok
    for parameter, grad in zip(layer.parameters(), grads, strict=True):

        def forward(data, parameter=parameter):
            kept, parameter.data = parameter.data, data
            out = layer.forward(x)
            parameter.data = kept
            return out

        report = check_gradient("dparameter", grad, forward, parameter.data, dout, rng)
        assert report.ok, report


@pytest.mark.parametrize(("layer", "shape"), EVERY, ids=lambda value: type(value).__name__)
def test_parameters_get_the_same_gradients_where_nobody_asks_for_that_of_the_input(layer, shape):
    rng = np.random.default_rng(1)
    dout = rng.standard_normal(layer.forward(rng.standard_normal(shape)).shape)
    layer.backward(dout)
    expected = [p.grad for p in layer.parameters()]
    for parameter in layer.parameters():
        parameter.grad = None
    assert layer.backward_parameters(dout) is None
    for parameter, grad in zip(layer.parameters(), expected, strict=True):
        np.testing.assert_array_equal(parameter.grad, grad)


def test_a_network_goes_back_no_further_than_to_its_first_parameters():
    class Input(ReLU):
        def backward(self, dout):
            raise AssertionError("nobody asked")

    class First(Linear):
        backward = Input.backward

    network = Sequential(Input(), First(6, 4, rng=0), ReLU(), Linear(4, 3, rng=1))
    x, dout = np.random.default_rng(0).standard_normal((5, 6)), np.ones((5, 3))
    network.forward(x)
    network.backward_parameters(dout)
    plain = Sequential(ReLU(), Linear(6, 4, rng=0), ReLU(), Linear(4, 3, rng=1))
    plain.forward(x)
    plain.backward(dout)
    for one, other in zip(network.parameters(), plain.parameters(), strict=True):
        np.testing.assert_array_equal(one.grad, other.grad)
    Sequential(Input()).backward_parameters(dout)


def test_linear_and_conv_start_with_the_right_spread():
    # He before a ReLU: 0.0884 for 256 inputs; Xavier 0.0625 for 256 in and out
    assert Linear(256, 2000, rng=0).w.data.std() == pytest.approx(0.0884, rel=0.01)
    assert Linear(256, 256, rng=0, init="xavier").w.data.std() == pytest.approx(0.0625, rel=0.01)
    assert Conv2d(16, 400, 4, rng=0).w.data.std() == pytest.approx(np.sqrt(2 / 256), rel=0.01)
    assert not Linear(3, 2).b.data.any()
    with pytest.raises(ValueError, match=r"one of \['he', 'xavier'\], got 'magic'"):
        Linear(2, 2, init="magic")


def test_a_signal_keeps_its_size_through_ten_layers():
    # errata E-U14: N(0, 0.01) lets 2.9e-10 of it through
    x = np.random.default_rng(0).standard_normal((100, 256))
    network = mlp((256,) * 11, rng=1)
    assert 0.5 < network.forward(x).std() < 2
    for p in network.parameters():
        p.data = 0.01 * np.random.default_rng(2).standard_normal(p.data.shape) * (p.data.ndim > 1)
    assert network.forward(x).std() < 1e-9


def test_dropout_only_in_training():
    layer, x = Dropout(0.5, rng=0), np.ones((50, 40))
    out = layer.forward(x)
    assert set(np.unique(out)) == {0.0, 2.0}
    np.testing.assert_array_equal(layer.backward(x), out)
    assert (layer.eval().forward(x) == x).all()
    np.testing.assert_array_equal(layer.backward(x), x)
    assert (layer.train().forward(x) != out).any()


def test_batch_norm_keeps_averages_and_uses_them():
    layer, rng = BatchNorm(3, momentum=0.5), np.random.default_rng(0)
    batches = [rng.standard_normal((6, 3)) * 2 + 1 for _ in range(20)]
    mean, var = np.zeros(3), np.ones(3)
    for x in batches:
        layer.forward(x)
        mean, var = 0.5 * mean + 0.5 * x.mean(0), 0.5 * var + 0.5 * x.var(0, ddof=1)
    np.testing.assert_allclose(layer.running_mean, mean)
    np.testing.assert_allclose(layer.running_var, var)
    layer.eval()
    x = batches[0]
    alone = np.concatenate([layer.forward(row[None]) for row in x])
    np.testing.assert_allclose(layer.forward(x), alone)  # mistake BN11
    np.testing.assert_allclose(alone, (x - mean) / np.sqrt(var + 1e-5))
    dx = layer.backward(np.ones_like(x))
    np.testing.assert_allclose(dx, np.ones_like(x) / np.sqrt(var + 1e-5))


def convolutional():
    return Sequential(
        Conv2d(1, 4, 3, padding=1, rng=0), BatchNorm(4), ReLU(), MaxPool2d(2), Flatten(),
        Dropout(0.2, rng=0), Linear(64, 10, rng=1),
    )  # fmt: skip


def test_names_of_a_state():
    names = ["0.w", "0.b", "1.gamma", "1.beta", "1.running_mean", "1.running_var", "6.w", "6.b"]
    network = convolutional()
    assert list(network.state_dict()) == names
    assert len(list(network.parameters())) == 6
    nested = Sequential(network, Linear(10, 2))
    assert list(nested.state_dict())[-3:] == ["0.6.b", "1.w", "1.b"]


def test_modes_reach_every_layer():
    inner = convolutional()
    network = Sequential(inner)
    network.eval()
    assert not any(layer.training for layer in inner)
    network.train()
    assert all(layer.training for layer in inner)


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_a_saved_network_says_the_same(tmp_path, suffix):
    x = np.random.default_rng(0).standard_normal((5, 1, 8, 8))
    network, other = convolutional(), convolutional()
    network.forward(x)
    for p in network.parameters():
        p.data = p.data + 0.5
    save_weights(tmp_path / f"w{suffix}", network.state_dict())
    other.load_state_dict(load_weights(tmp_path / f"w{suffix}"))
    network.eval()
    np.testing.assert_array_equal(network.forward(x), other.eval().forward(x))
    assert [path.name for path in tmp_path.iterdir()] == [f"w{suffix}"]


def test_a_loaded_state_is_a_copy():
    network, other = mlp((2, 2)), mlp((2, 2), rng=1)
    other.load_state_dict(network.state_dict())
    next(other.parameters()).data[0, 0] = 99
    assert next(network.parameters()).data[0, 0] != 99


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.pop("0.b"), r"missing \['0.b'\]"),
        (lambda s: s.update(extra=np.ones(1)), r"unexpected \['extra'\]"),
        (lambda s: s.update({"2.b": np.ones(7)}), r"2.b \(7,\) instead of \(2,\)"),
        (lambda s: s.update({"2.b": ["a", "b"]}), "2.b must"),
        (lambda s: s.update({"2.b": np.ones(2, complex)}), "2.b must"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(change, message):
    network = mlp((3, 4, 2))
    before = network.state_dict()
    wrong = {name: array + 1 for name, array in before.items()}
    change(wrong)
    with pytest.raises((ValueError, TypeError), match=message):
        network.load_state_dict(wrong)
    for name, array in network.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_summary_is_a_table_and_leaves_the_network_alone():
    network = convolutional()
    x = np.ones((2, 1, 8, 8))
    out = network.forward(x)
    text = network.summary((1, 8, 8))
    assert text.splitlines()[1].split() == ["Conv2d", "(N,", "4,", "8,", "8)", "40"]
    assert text.splitlines()[-1].split() == ["total", "698"]
    assert len({len(line) for line in text.splitlines()}) == 1
    assert network.training
    assert network.backward(np.ones_like(out)).shape == x.shape


def test_lenet():
    # exercise of chapter 11: 156 + 2416 + 48120 + 10164 + 850
    network = lenet()
    assert network.forward(np.zeros((2, 1, 28, 28))).shape == (2, 10)
    counts = [p.data.size for p in network.parameters()]
    assert [a + b for a, b in zip(counts[::2], counts[1::2], strict=True)] == [
        156, 2416, 48120, 10164, 850,
    ]  # fmt: skip


def test_layers_agree_with_torch_in_training_and_evaluation():
    torch = pytest.importorskip("torch", reason="PyTorch (the extra `bench`) is not installed")
    ours = Sequential(*[layer for layer in convolutional() if not isinstance(layer, Dropout)])
    theirs = torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3, padding=1), torch.nn.BatchNorm2d(4), torch.nn.ReLU(),
        torch.nn.MaxPool2d(2), torch.nn.Flatten(), torch.nn.Linear(64, 10),
    ).double()  # fmt: skip
    named = {"w": "weight", "b": "bias", "gamma": "weight", "beta": "bias"}
    state = theirs.state_dict()
    for path, array in ours.state_dict().items():
        place, name = path.split(".")
        tensor = torch.tensor(array)
        state[f"{place}.{named.get(name, name)}"] = tensor.T if path == "5.w" else tensor
    theirs.load_state_dict(state)
    x = np.random.default_rng(0).standard_normal((6, 1, 8, 8))
    labels = np.arange(6)
    for _ in range(2):
        loss, cache = F.cross_entropy(ours.forward(x), labels)
        ours.backward(F.cross_entropy_backward(1.0, cache))
        theirs.zero_grad()
        their_loss = torch.nn.functional.cross_entropy(
            theirs(torch.tensor(x)), torch.tensor(labels)
        )
        their_loss.backward()
        assert loss == pytest.approx(their_loss.item(), rel=1e-12)
        for p, t in zip(ours.parameters(), theirs.parameters(), strict=True):
            grad = t.grad.numpy()
            assert relative_error(p.grad, grad.T if p.data.shape == (64, 10) else grad) < 1e-10 or (
                np.abs(grad).max() < 1e-15  # the bias before a batch norm has gradient zero
            )
    ours.eval(), theirs.eval()
    out = theirs(torch.tensor(x)).detach().numpy()
    assert relative_error(ours.forward(x), out) < 1e-12
