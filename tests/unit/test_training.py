"""The loop learns, says what happened, stops in time, and survives being killed."""

import json
import signal
import subprocess
import sys

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.datasets import load_digits
from coursepkg.gradcheck import check_gradient
from coursepkg.layers import (
    BatchNorm,
    Conv2d,
    Dropout,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sigmoid,
)
from coursepkg.network import Sequential, mlp
from coursepkg.optim import SGD, Adam
from coursepkg.training import accuracy, fit, minibatches, scores_of
from coursepkg.weights import save_weights


@pytest.fixture(scope="module")
def digits():
    return load_digits()


def convolutional(seed=0):
    rng = np.random.default_rng(seed)
    return Sequential(
        Conv2d(1, 8, 3, padding=1, rng=rng), BatchNorm(8), ReLU(),
        Conv2d(8, 16, 3, padding=1, rng=rng), ReLU(), MaxPool2d(2), Flatten(),
        Dropout(0.2, rng), Linear(256, 10, rng),
    )  # fmt: skip


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_an_mlp_learns_the_digits(digits, seed):
    network = mlp((64, 64, 10), seed)
    optimizer = SGD(network.parameters(), lr=0.1, momentum=0.9)
    test = (digits.x_test, digits.y_test)
    history = fit(
        network, optimizer, digits.x_train, digits.y_train, epochs=20, test=test, rng=seed
    )
    assert history.loss[0] == pytest.approx(np.log(10), abs=0.6)
    assert history.test_accuracy[-1] == accuracy(network, *test) >= 0.97
    assert len(history.test_loss) == 20
    assert history.test_loss[-1] < history.test_loss[0]


def test_a_convolutional_network_learns_the_digits(digits):
    network = convolutional()
    history = fit(
        network, Adam(network.parameters(), lr=3e-3), digits.x_train, digits.y_train, epochs=8,
        test=(digits.x_test, digits.y_test),
    )  # fmt: skip
    assert history.test_accuracy[-1] >= 0.97
    assert network.training


def test_a_regression(digits):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((200, 3))
    targets = x @ np.array([[1.0], [-2.0], [0.5]]) + 0.3
    linear = Linear(3, 1, rng=0)
    network = Sequential(linear)
    loss = (F.half_squared_error, F.half_squared_error_backward)
    history = fit(
        network, SGD(network.parameters(), lr=0.1), x, targets, epochs=40, loss=loss,
        test=(x, targets),
    )  # fmt: skip
    np.testing.assert_allclose(linear.w.data, [[1.0], [-2.0], [0.5]], atol=1e-3)
    assert history.test_loss[-1] < 1e-6
    assert history.test_accuracy == []


def test_same_seed_same_run(digits):
    def losses(seed):
        network = convolutional()
        optimizer = Adam(network.parameters())
        return fit(network, optimizer, *digits[:2], epochs=1, batch_size=100, rng=seed).loss

    assert losses(0) == losses(0) != losses(1)


def test_network_gradients():
    rng = np.random.default_rng(0)
    network = Sequential(Linear(4, 5, rng), Sigmoid(), Linear(5, 6, rng), ReLU(), Linear(6, 3, rng))
    x, labels = rng.standard_normal((7, 4)), rng.integers(3, size=7)

    def loss_of(x):
        return F.cross_entropy(network.forward(x), labels)[0]

    _, cache = F.cross_entropy(network.forward(x), labels)
    dx = network.backward(F.cross_entropy_backward(1.0, cache))
    assert check_gradient("dx", dx, loss_of, x).ok
    for parameter in network.parameters():

        def loss_at(data, parameter=parameter):
            kept, parameter.data = parameter.data, data
            loss = loss_of(x)
            parameter.data = kept
            return loss

        report = check_gradient("parameter", parameter.grad, loss_at, parameter.data)
        assert report.ok, report


def test_minibatches_meet_every_sample_once():
    rows = np.concatenate(list(minibatches(103, 10, np.random.default_rng(0))))
    assert sorted(rows) == list(range(103))


def test_scores_do_not_depend_on_batches_and_leave_the_mode(digits):
    network = convolutional()
    x = digits.x_test[:50]
    scores = scores_of(network, x)
    np.testing.assert_allclose(scores_of(network, x, batch_size=7), scores, rtol=1e-12)
    assert network.training
    network.eval()
    scores_of(network, x)
    assert not network.training
    assert scores_of(network, x[:0]).shape == (0, 10)


def test_early_stopping_gives_back_the_best_weights():
    rng = np.random.default_rng(0)
    x, labels = rng.standard_normal((30, 20)), rng.integers(2, size=30)  # nothing to learn
    test = (rng.standard_normal((200, 20)), rng.integers(2, size=200))
    network = mlp((20, 50, 2))
    optimizer = SGD(network.parameters(), lr=0.3)
    history = fit(network, optimizer, x, labels, epochs=200, test=test, patience=3)
    best = int(np.argmin(history.test_loss))
    assert len(history.test_loss) == best + 1 + 3 < 200
    assert F.cross_entropy(scores_of(network, test[0]), test[1])[0] == min(history.test_loss)


def test_progress_is_shown(digits, capsys):
    network = mlp((64, 10))
    x, y = digits.x_train[:64], digits.y_train[:64]
    fit(network, SGD(network.parameters(), lr=0.1), x, y, epochs=3, test=(x, y), progress=True)
    shown = capsys.readouterr().err
    assert "3/3" in shown
    assert "loss=" in shown
    assert "test=" in shown


def test_without_tqdm_there_is_advice(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    network = mlp((2, 2))
    with pytest.raises(ImportError, match=r"pip install 'coursepkg\[progress\]'"):
        fit(network, SGD(network.parameters(), lr=1), np.ones((3, 2)), np.ones(3, int), epochs=1,
            progress=True)  # fmt: skip


RUN = """
import json, os, signal, sys
import numpy as np
from coursepkg.datasets import load_digits
from coursepkg.layers import Dropout, Layer
from coursepkg.network import Sequential, mlp
from coursepkg.optim import Adam, warmup
from coursepkg.training import fit

path, fatal = sys.argv[1], int(sys.argv[2])

class Bomb(Layer):
    left = fatal
    def forward(self, x):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return x
    def backward(self, dout):
        return dout

digits = load_digits()
network = Sequential(Bomb(), *mlp((64, 16)), Dropout(0.3, rng=5), *mlp((16, 10)))
history = fit(network, Adam(network.parameters(), lr=warmup(0.01, 20)),
              digits.x_train[:300], digits.y_train[:300], epochs=4,
              test=(digits.x_test, digits.y_test), patience=3, checkpoint=path)
print(json.dumps([history.loss, history.test_loss,
                  {n: a.tolist() for n, a in network.state_dict().items()}]))
"""


def run_until(path, fatal):
    command = [sys.executable, "-c", RUN, str(path), str(fatal)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_killed_run_goes_on_and_ends_with_the_same_numbers(tmp_path):
    whole = run_until(tmp_path / "whole.npz", 10**9)
    assert whole.returncode == 0, whole.stderr
    for fatal in (15, 20):  # in the second epoch of this try, and in its third
        killed = run_until(tmp_path / "run.npz", fatal)
        assert killed.returncode == -signal.SIGKILL
    resumed = run_until(tmp_path / "run.npz", 10**9)
    assert json.loads(resumed.stdout) == json.loads(whole.stdout)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.npz", "whole.npz"]


def test_a_finished_run_can_be_made_longer(tmp_path, digits):
    x, y = digits.x_train[:200], digits.y_train[:200]

    def run(epochs, checkpoint):
        network = mlp((64, 10))
        optimizer = SGD(network.parameters(), lr=0.1, momentum=0.9)
        return fit(network, optimizer, x, y, epochs=epochs, checkpoint=checkpoint).loss

    assert len(run(1, tmp_path / "c.npz")) == 7
    assert run(3, tmp_path / "c.npz") == run(3, None)
    assert run(3, tmp_path / "c.npz") == run(3, None)  # nothing left to do


def test_the_checkpoint_of_another_run_is_refused(tmp_path, digits):
    x, y = digits.x_train[:64], digits.y_train[:64]

    def run(sizes=(64, 10), kind=SGD, lr=0.1, x=x, y=y, more=(), **options):
        network = Sequential(*mlp(sizes).layers, *more)
        fit(network, kind(network.parameters(), lr=lr), x, y, epochs=1, checkpoint=path, **options)

    path = tmp_path / "c.npz"
    run()
    with pytest.raises(ValueError, match="another run: optimizer was 'SGD', is 'Adam'"):
        run(kind=Adam)
    with pytest.raises(ValueError, match="batch_size was 32, is 16"):
        run(batch_size=16)
    with pytest.raises(ValueError, match=r"first lr was 0\.1, is 0\.2"):
        run(lr=0.2)
    with pytest.raises(ValueError, match="seed was 0, is 1"):
        run(rng=1)
    with pytest.raises(ValueError, match=r"x was .*float64.*, is "):
        run(x=x + 1)
    with pytest.raises(ValueError, match=r"labels was .*, is "):
        run(y=y[::-1])
    with pytest.raises(ValueError, match=r"layers was .*, is .*Sigmoid"):
        run(more=[Sigmoid()])
    with pytest.raises(ValueError, match=r"0\.w \(64, 10\) instead of \(64, 5\)"):
        run(sizes=(64, 5))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ValueError, match="is damaged"):
        run()
    save_weights(path, mlp((64, 10)).state_dict())
    with pytest.raises(ValueError, match="is no checkpoint"):
        run()


def test_mistakes_in_use_are_named():
    network = mlp((2, 2))
    x, labels = np.ones((3, 2)), np.ones(3, int)
    optimizer = SGD(network.parameters(), lr=1)
    with pytest.raises(RuntimeError, match=r"Linear\.backward needs a forward"):
        network.backward(np.ones((1, 2)))
    with pytest.raises(ValueError, match="two or more positive widths"):
        mlp((64,))
    with pytest.raises(ValueError, match="3 samples, labels 2"):
        fit(network, optimizer, x, labels[:2], epochs=1)
    with pytest.raises(ValueError, match="patience needs a test set"):
        fit(network, optimizer, x, labels, epochs=1, patience=2)
    with pytest.raises(ValueError, match="batch_size"):
        next(minibatches(3, 0, np.random.default_rng()))


def test_a_diverging_run_says_why():
    network = mlp((2, 2))
    x, labels = np.full((2, 2), 1e300), np.array([0, 1])
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match="learning rate"):
        fit(network, SGD(network.parameters(), lr=1e10), x, labels, epochs=3)


def test_generators_of_every_kind_go_into_a_checkpoint(tmp_path, digits):
    x, y = digits.x_train[:64], digits.y_train[:64]

    def run(bits, epochs, checkpoint):
        network = mlp((64, 10))
        optimizer = SGD(network.parameters(), lr=0.1)
        rng = np.random.Generator(bits(0))
        return fit(network, optimizer, x, y, epochs=epochs, rng=rng, checkpoint=checkpoint).loss

    for bits in (np.random.MT19937, np.random.Philox, np.random.SFC64):
        path = tmp_path / f"{bits.__name__}.npz"
        run(bits, 1, path)
        assert run(bits, 3, path) == run(bits, 3, None)


def test_a_network_is_left_alone_when_the_optimizer_does_not_fit(tmp_path, digits):
    x, y = digits.x_train[:64], digits.y_train[:64]
    network = mlp((64, 10))
    fit(network, SGD(network.parameters(), lr=0.1, momentum=0.9), x, y, epochs=1,
        checkpoint=tmp_path / "c.npz")  # fmt: skip
    fresh = mlp((64, 10), rng=1)
    before = fresh.state_dict()
    frozen = SGD(list(fresh.parameters())[:1], lr=0.1, momentum=0.9)
    with pytest.raises(ValueError, match="over 1 parameters"):
        fit(fresh, frozen, x, y, epochs=1, checkpoint=tmp_path / "c.npz")
    np.testing.assert_equal(fresh.state_dict(), before)


def test_a_column_of_labels_is_refused(digits):
    network = mlp((64, 10))
    with pytest.raises(ValueError, match=r"one integer for each of 7 samples, got shape \(7, 1\)"):
        accuracy(network, digits.x_test[:7], digits.y_test[:7, None])


def test_lists_and_foreign_arrays_are_trained_on(digits):
    x, y = digits.x_train[:64], digits.y_train[:64]

    def run(x, y, convert=np.asarray):
        network = mlp((64, 10))
        for parameter in network.parameters():
            parameter.data = convert(parameter.data)
        return fit(network, SGD(network.parameters(), lr=0.1), x, y, epochs=2, test=(x, y))

    whole = run(x, y)
    assert run(x.tolist(), y.tolist()) == whole
    xp = pytest.importorskip("array_api_strict")
    foreign = run(xp.asarray(x), xp.asarray(y), xp.asarray)
    np.testing.assert_allclose(foreign.loss, whole.loss, rtol=1e-12)
    assert foreign.test_accuracy == whole.test_accuracy
