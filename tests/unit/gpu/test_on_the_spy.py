"""What can be said about training on a GPU without one: nothing comes back that need not."""

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.backend import made, namespace, on_device, to_device, to_numpy, use
from coursepkg.captured import CapturedStep
from coursepkg.datasets import load_digits, make_moons
from coursepkg.derivatives import relative_error
from coursepkg.gradcheck import check_gradients
from coursepkg.layers import Dropout, Linear
from coursepkg.network import Sequential, mlp
from coursepkg.optim import SGD, Adam
from coursepkg.training import accuracy, fit, scores_of
from tests.unit.functional.cases import CASES, drawing, in_tuple
from tests.unit.gpu.work import MAKERS, NAMES, NETWORKS, agree, batch, normed, plain_step


@pytest.mark.parametrize(
    "mix",
    [
        lambda xp: xp.ones(3) + np.ones(3),
        lambda xp: np.ones(3) * xp.ones(3),
        lambda xp: np.exp(xp.ones(3)),
        lambda xp: np.asarray(xp.ones(3)),
        lambda xp: xp.maximum(xp.ones(3), np.ones(3)),
    ],
)
def test_the_spy_refuses_what_cupy_refuses(spy, mix):
    with pytest.raises(TypeError):
        mix(spy)


def test_the_spy_counts(spy):
    x = spy.asarray([1.0, 2.0])
    assert (float(spy.sum(x)), to_numpy(x).tolist(), bool(x[0] > 0)) == (3.0, [1.0, 2.0], True)
    assert (spy.copies, spy.uploads) == (3, 1)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_pair_stays_on_the_device(spy, case):
    inputs = case.make(drawing(8))
    out, cache = case.forward(*inputs)
    dout = np.asarray(np.random.default_rng(8).standard_normal(np.shape(out)))
    grads = in_tuple(case.backward(dout, cache))
    there = [spy.asarray(x) if isinstance(x, np.ndarray) else x for x in inputs]
    there_out, there_cache = case.forward(*there)
    there_grads = in_tuple(case.backward(spy.asarray(dout), there_cache))
    assert spy.copies == 0
    for one, other in zip((out, *grads), (there_out, *there_grads), strict=True):
        assert on_device(other)
        assert relative_error(one, to_numpy(other)) < 1e-12


@pytest.mark.parametrize("make", MAKERS, ids=NAMES)
@pytest.mark.parametrize(
    ("build", "shape"), [n[1:] for n in NETWORKS], ids=[n[0] for n in NETWORKS]
)
def test_a_step_copies_nothing_and_gives_the_same_numbers(spy, build, shape, make):
    network, other = build(), build().to("gpu")
    optimizer, there = make(network.parameters()), make(other.parameters())
    x, labels = batch(shape)
    far_x, far_labels = spy.asarray(x), spy.asarray(labels)
    uploads = spy.uploads
    for _ in range(3):
        plain_step(network, optimizer, x, labels)
        plain_step(other, there, far_x, far_labels)
    assert spy.copies == 0
    assert spy.uploads == uploads
    agree(network, other)


@pytest.mark.parametrize("make", MAKERS, ids=NAMES)
def test_fit_brings_the_losses_home_once_an_epoch(spy, make):
    x, labels = batch((1, 8, 8), n=50)

    def run(epochs, **where):
        network = normed()
        before = spy.copies, spy.uploads
        history = fit(
            network, make(network.parameters()), x, labels, epochs=epochs, batch_size=16, **where
        )
        return network, history, spy.copies - before[0], spy.uploads - before[1]

    network, history, *none = run(4)
    assert none == [0, 0]
    there, far, copies, uploads = run(4, device="gpu")
    _, _, fewer_copies, fewer_uploads = run(1, device="gpu")
    assert copies - fewer_copies == 3
    assert uploads - fewer_uploads == 3  # the order of the samples
    assert not any(map(on_device, there.state_dict().values()))
    np.testing.assert_allclose(far.loss, history.loss, rtol=1e-9)
    assert all(type(loss) is float for loss in far.loss)
    agree(network, there)


def test_a_network_on_the_device_stays_there_and_gets_the_data(spy):
    digits = load_digits()
    network = mlp((64, 10)).to("gpu")
    test = digits.x_test, digits.y_test
    history = fit(network, Adam(network.parameters()), *digits[:2], epochs=2, test=test)
    assert all(map(on_device, network.state_dict().values()))
    assert history.test_accuracy[-1] == accuracy(network, to_device(test[0], "gpu"), test[1])
    home = fit(network, Adam(network.parameters()), *digits[:2], epochs=1, device="cpu")
    assert len(home.loss) == 45
    assert all(map(on_device, network.state_dict().values()))


def test_gradients_are_checked_on_the_device(spy):
    r = drawing(1)
    inputs = [spy.asarray(x) for x in (r(2, 3, 5, 4), r(4, 3, 3, 2), r(4))]
    report = check_gradients(F.conv2d, F.conv2d_backward, inputs)
    assert report.ok, report


def test_labels_are_looked_at_once(spy):
    x, labels = batch((64,))
    labels[2] = 10
    network = mlp((64, 10))
    with pytest.raises(ValueError, match=r"labels must lie in 0 .. 9 .* from \d to 10"):
        fit(network, SGD(network.parameters(), lr=0.1), x, labels, epochs=1, device="gpu")
    assert not any(map(on_device, network.state_dict().values()))


def test_a_diverging_run_on_the_device_says_why(spy):
    x, labels = batch((64,))
    network = mlp((64, 64, 10))
    with (
        np.errstate(all="ignore"),
        pytest.raises(FloatingPointError, match="the loss became nan; try a smaller"),
    ):
        fit(network, SGD(network.parameters(), lr=1e200), x, labels, epochs=9, device="gpu")


def test_checkpoints_lead_on_wherever_the_run_was(spy, tmp_path):
    x, labels = batch((1, 8, 8), n=50)

    def run(epochs, device, path):
        network = normed()
        optimizer = Adam(network.parameters())
        test = x[:20], labels[:20]
        history = fit(
            network, optimizer, x, labels, epochs=epochs, test=test, device=device,
            patience=5, checkpoint=path,
        )  # fmt: skip
        return network, history

    whole, history = run(4, None, tmp_path / "whole.npz")
    for first, then in (("gpu", "gpu"), ("gpu", "cpu"), ("cpu", "gpu")):
        path = tmp_path / f"{first}-{then}.npz"
        run(2, first, path)
        network, resumed = run(4, then, path)
        np.testing.assert_allclose(resumed.loss, history.loss, rtol=1e-9)
        np.testing.assert_allclose(resumed.test_loss, history.test_loss, rtol=1e-9)
        agree(whole, network)


def test_dropout_draws_the_same_mask_on_every_device(spy):
    x = drawing(0)(5, 3)
    layers = [Dropout(0.5, rng=3) for _ in range(2)]
    out, far = layers[0].forward(x), layers[1].forward(spy.asarray(x))
    np.testing.assert_array_equal(to_numpy(far), out)


def test_use_decides_what_is_made(spy):
    use("cupy", dtype="float32")
    network, (x, labels), digits = normed(), make_moons(20), load_digits()
    arrays = [*network.state_dict().values(), x, labels, *digits]
    assert all(map(on_device, arrays))
    assert {a.dtype.name for a in arrays} == {"float32", "int64"}
    assert on_device(scores_of(network, digits.x_test))
    use("numpy")
    assert namespace(normed().layers[0].w.data) is np
    assert made(3) == 3


def test_to_device_takes_what_is_there(spy):
    there = to_device([1, 2], "gpu", "float32")
    assert there.dtype == np.int64
    assert to_device(there, "gpu") is there
    assert to_device(there, "cpu").tolist() == [1, 2]
    with pytest.raises(ValueError, match='"cpu" or "gpu", got \'tpu\''):
        to_device([1], "tpu")
    with pytest.raises(ValueError, match='"numpy" or "cupy", got \'torch\''):
        use("torch")


@pytest.mark.parametrize("make", MAKERS, ids=NAMES)
@pytest.mark.parametrize(
    ("build", "shape"), [n[1:] for n in NETWORKS], ids=[n[0] for n in NETWORKS]
)
@pytest.mark.parametrize("device", ["cpu", "gpu"])
def test_a_captured_step_gives_the_numbers_of_the_plain_one(spy, device, build, shape, make):
    network, other = build(), build().to(device)
    optimizer, there = make(network.parameters()), make(other.parameters())
    step = CapturedStep(other, there)
    batches = [batch(shape, n=3 if i == 5 else 6, seed=i) for i in range(9)]
    far = [[to_device(a, device) for a in pair] for pair in batches]
    copies, losses = spy.copies, []
    for (x, labels), pair in zip(batches, far, strict=True):
        losses.append((plain_step(network, optimizer, x, labels), step(*pair)))
    assert spy.copies == copies
    assert spy.launched == (5 if device == "gpu" else 0)  # all but 3 first ones and the small batch
    for one, theirs in losses:
        assert float(theirs) == pytest.approx(float(one), rel=1e-9)
    agree(network, other)
    assert there.t == optimizer.t == 9
    for name, value in optimizer.state_dict().items():
        np.testing.assert_allclose(to_numpy(there.state_dict()[name]), value, rtol=1e-8, atol=1e-10)


def test_fit_takes_captured_steps(spy):
    x, labels = batch((1, 8, 8), n=50)

    def run(**how):
        network = normed()
        optimizer = Adam(network.parameters())
        test = x[:20], labels[:20]
        return fit(network, optimizer, x, labels, epochs=6, test=test, patience=6, **how), network

    plain, network = run()
    for device in ("cpu", "gpu"):
        history, other = run(device=device, captured=True)
        np.testing.assert_allclose(history.loss, plain.loss, rtol=1e-9)
        np.testing.assert_allclose(history.test_loss, plain.test_loss, rtol=1e-9)
        agree(network, other)
    assert spy.launched > 0


def test_the_best_weights_outlive_the_steps_that_write_over_them(spy):
    x, labels = batch((64,), n=40)
    other = batch((64,), n=40, seed=1)  # noise: what is learned does not help here

    def run(**how):
        network = mlp((64, 16, 10))
        optimizer = Adam(network.parameters(), lr=0.01)
        history = fit(network, optimizer, x, labels, epochs=9, test=other, patience=3, **how)
        return network, history

    network, history = run()
    assert len(history.test_loss) > np.argmin(history.test_loss) + 1
    for device in ("cpu", "gpu"):
        agree(network, run(device=device, captured=True)[0])


def test_dropout_cannot_be_captured():
    network = Sequential(Linear(3, 3), Sequential(Dropout(0.5)))
    with pytest.raises(ValueError, match="with dropout cannot be captured"):
        CapturedStep(network, SGD(network.parameters(), lr=0.1))


def test_a_step_that_cannot_be_recorded_leaves_no_capture_behind(spy):
    network = mlp((64, 10)).to("gpu")

    def looks(scores, labels):
        loss, cache = F.cross_entropy(scores, labels)
        float(loss)
        return loss, cache

    step = CapturedStep(
        network, SGD(network.parameters(), lr=0.1), (looks, F.cross_entropy_backward)
    )
    x, labels = (spy.asarray(a) for a in batch((64,)))
    for _ in range(3):
        step(x, labels)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="cudaErrorStreamCaptureUnsupported"):
            step(x, labels)
        assert spy.tape is None
    assert spy.launched == 0
