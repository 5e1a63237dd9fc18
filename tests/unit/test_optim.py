"""Update rules step by step: by hand, against PyTorch, and through the optimizers."""

import numpy as np
import pytest

from coursepkg import optim
from coursepkg.layers import Parameter
from coursepkg.network import mlp
from coursepkg.optim import SGD, AdaGrad, Adam, AdamW, RMSProp


def path_of(rule, steps, **options):
    """x^2 / 2 from 1, with lr 0.1: exercise of chapter 8."""
    x, state, seen = 1.0, None, []
    for _ in range(steps):
        x, state = rule(x, x, state, lr=0.1, **options)
        seen.append(round(float(x), 4))
    return seen


def test_two_steps_by_hand():
    assert path_of(optim.sgd, 2) == [0.9, 0.81]
    assert path_of(optim.momentum, 3, momentum=0.9) == [0.9, 0.72, 0.486]
    assert path_of(optim.nesterov, 1, momentum=0.9) == [0.81]
    assert path_of(optim.adagrad, 2) == [0.9, 0.8331]
    assert path_of(optim.rmsprop, 1) == [0.0]  # 1 / sqrt(1 - 0.99) = 10 learning rates
    assert path_of(optim.adam, 2) == [0.9, 0.8004]


def test_states_built_by_hand():
    assert optim.momentum(1.0, 2.0, optim.MomentumState(10.0), 0.1, 0.5)[0] == pytest.approx(0.3)
    w, state = optim.adam(1.0, 2.0, optim.AdamState(m=1.0, v=4.0, t=9), lr=0.1, betas=(0.5, 0.5))
    assert state == (1.5, 4.0, 10)
    assert w == pytest.approx(1 - 0.1 * (1.5 / (1 - 0.5**10)) / np.sqrt(4 / (1 - 0.5**10)))
    assert optim.rmsprop(1.0, 2.0, optim.RMSPropState(4.0), 0.1)[0] == pytest.approx(0.9)
    assert optim.adagrad(1.0, 3.0, optim.AdaGradState(16.0), 0.1)[0] == pytest.approx(1 - 0.06)


RULES = [
    (optim.sgd, {}),
    (optim.momentum, {}),
    (optim.nesterov, {}),
    (optim.adagrad, {}),
    (optim.rmsprop, {}),
    (optim.adam, {}),
    (optim.adam, {"bias_correction": False}),
    (optim.adamw, {}),
]


@pytest.mark.parametrize(("rule", "options"), RULES)
def test_rules_change_nothing_and_keep_the_dtype(rule, options):
    w, dw = np.ones((3, 2), np.float32), np.full((3, 2), 0.5, np.float32)
    new, state = rule(w, dw, None, lr=0.1, **options)
    kept = [np.copy(a) for a in (state or ())]
    again, _ = rule(new, dw, state, lr=0.1, **options)
    assert new.dtype == again.dtype == np.float32
    assert (w == 1).all()
    assert (dw == 0.5).all()
    for before, after in zip(kept, state or (), strict=True):
        np.testing.assert_array_equal(before, after)
    np.testing.assert_array_equal(rule(w, dw, None, lr=0.1, **options)[0], new)


@pytest.mark.parametrize(("rule", "options"), RULES)
def test_rules_run_on_foreign_arrays(rule, options):
    xp = pytest.importorskip("array_api_strict")
    w, dw, state, foreign = np.ones(3), np.array([0.5, -1.0, 2.0]), None, None
    other = xp.asarray(w)
    for _ in range(3):
        w, state = rule(w, dw, state, lr=0.1, **options)
        other, foreign = rule(other, xp.asarray(dw), foreign, lr=0.1, **options)
    np.testing.assert_allclose(w, np.from_dlpack(other), rtol=1e-14)


def test_eps_stands_outside_the_root():
    # mistake OP3: seen with gradients as small as eps
    assert optim.adam(0.0, 1e-8, None, lr=1.0)[0] == pytest.approx(-0.5)


def test_weight_decay_does_not_go_through_the_division():
    w, _ = optim.adamw(np.array([1.0, 1.0]), np.array([1e-3, 1e3]), None, 0.1, weight_decay=0.5)
    np.testing.assert_allclose(w, 1 - 0.05 - 0.1, rtol=1e-4)


def grads_of(step, shapes):
    rng = np.random.default_rng(step)
    return [rng.standard_normal(shape) for shape in shapes]


OPTIMIZERS = [
    ("SGD", SGD, {"lr": 0.1}, {}),
    ("SGD", SGD, {"lr": 0.1, "momentum": 0.7}, {}),
    ("SGD", SGD, {"lr": 0.1, "momentum": 0.7, "nesterov": True}, {}),
    ("Adagrad", AdaGrad, {"lr": 0.1, "eps": 1e-6}, {}),
    ("RMSprop", RMSProp, {"lr": 0.1, "eps": 1e-4}, {"alpha": 0.99}),
    ("RMSprop", RMSProp, {"lr": 0.1, "decay": 0.8}, {"alpha": 0.8}),
    ("Adam", Adam, {"lr": 0.1}, {}),
    ("Adam", Adam, {"lr": 0.1, "betas": (0.7, 0.9), "eps": 1e-3}, {}),
    ("AdamW", AdamW, {"lr": 0.1}, {}),
    ("AdamW", AdamW, {"lr": 0.1, "betas": (0.7, 0.9), "eps": 1e-3, "weight_decay": 0.2}, {}),
]


@pytest.mark.parametrize(("name", "ours", "options", "theirs"), OPTIMIZERS)
def test_twenty_steps_agree_with_torch(name, ours, options, theirs):
    torch = pytest.importorskip("torch", reason="PyTorch (the extra `bench`) is not installed")
    shapes = [(3, 2), (2,), (4,)]
    parameters = [Parameter(w) for w in grads_of(99, shapes)]
    tensors = [torch.tensor(p.data, requires_grad=True) for p in parameters]
    optimizer = ours(parameters, **options)
    renamed = {k: v for k, v in options.items() if k != "decay"} | theirs
    reference = getattr(torch.optim, name)(tensors, **renamed)
    for step in range(20):
        for p, t, g in zip(parameters, tensors, grads_of(step, shapes), strict=True):
            p.grad, t.grad = g, torch.tensor(g)
        optimizer.step()
        reference.step()
        for p, t in zip(parameters, tensors, strict=True):
            np.testing.assert_allclose(p.data, t.detach().numpy(), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize(("name", "ours", "options", "theirs"), OPTIMIZERS)
def test_a_saved_optimizer_goes_on_with_the_same_numbers(name, ours, options, theirs):
    def run(parameters, optimizer, steps):
        for step in steps:
            for p, g in zip(parameters, grads_of(step, [(3, 2), (2,)]), strict=True):
                p.grad = g
            optimizer.step()

    straight = [Parameter(np.ones((3, 2))), Parameter(np.ones(2))]
    one = ours(straight, **options)
    run(straight, one, range(5))
    halfway, saved = [p.data for p in straight], one.state_dict()
    run(straight, one, range(5, 9))
    resumed = [Parameter(data) for data in halfway]
    other = ours(resumed, **options)
    other.load_state_dict(saved)
    run(resumed, other, range(5, 9))
    for p, q in zip(straight, resumed, strict=True):
        np.testing.assert_array_equal(p.data, q.data)
    assert other.t == 9


def test_a_state_of_another_kind_is_refused():
    parameters = [Parameter(np.ones(2))]
    for p in parameters:
        p.grad = np.ones(2)
    adam = Adam(parameters)
    adam.step()
    with pytest.raises(ValueError, match=r"not the state of a RMSProp over 1 parameters.*0\.m"):
        RMSProp(parameters, 0.1).load_state_dict(adam.state_dict())
    with pytest.raises(ValueError, match="over 2 parameters"):
        Adam(parameters * 2).load_state_dict(adam.state_dict())


def test_a_schedule_is_asked_for_every_step():
    parameter = Parameter(np.zeros(1))
    optimizer = SGD([parameter], lr=optim.step_decay(1.0, every=2, factor=0.1))
    for _ in range(4):
        parameter.grad = np.ones(1)
        optimizer.step()
    assert parameter.data == pytest.approx(-2.2)


def test_schedules():
    cosine = optim.cosine_decay(1.0, steps=4, final=0.2)
    assert [round(cosine(t), 6) for t in (0, 2, 4, 9)] == [1.0, 0.6, 0.2, 0.2]
    grown = optim.warmup(cosine, steps=2)
    assert [round(grown(t), 6) for t in (0, 1, 2, 4, 6)] == [0.5, 1.0, 1.0, 0.6, 0.2]


def test_zero_grad_forgets():
    network = mlp((2, 2))
    for p in network.parameters():
        p.grad = p.data
    SGD(network.parameters(), lr=1).zero_grad()
    assert all(p.grad is None for p in network.parameters())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: SGD(p, lr=0), "need lr > 0 or a schedule, got 0"),
        (lambda p: SGD(p, lr=float("nan")), "got nan"),
        (lambda p: SGD(p, lr=1, momentum=1), "0 <= momentum < 1, got 1"),
        (lambda p: SGD(p, lr=1, nesterov=True), "nesterov needs a momentum"),
        (lambda p: Adam(p, betas=(0.9, 1.0)), "0 <= beta2 < 1"),
        (lambda p: AdamW(p, betas=(-0.1, 0.9)), "0 <= beta1 < 1"),
        (lambda p: RMSProp(p, 1, decay=1), "0 <= decay < 1"),
        (lambda p: SGD([], lr=1), "needs parameters"),
        (lambda p: optim.cosine_decay(1, 0), "steps must be at least 1"),
        (lambda p: optim.warmup(1, 0), "steps must be at least 1"),
        (lambda p: optim.step_decay(1, 0), "every must be at least 1"),
    ],
)
def test_bad_settings_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call([Parameter(np.ones(2))])


def test_no_parameter_is_changed_when_one_has_no_gradient():
    first, second = Parameter(np.ones(2)), Parameter(np.ones(2))
    first.grad = np.ones(2)
    with pytest.raises(ValueError, match="call backward before step"):
        SGD([first, second], lr=1).step()
    assert (first.data == 1).all()


@pytest.mark.parametrize("kind", [SGD, AdaGrad, RMSProp, Adam, AdamW])
def test_numbers_of_numpy_do_not_widen_the_weights(kind):
    parameter = Parameter(np.ones(2, np.float32))
    parameter.grad = np.ones(2, np.float32)
    options = {"betas": (np.float64(0.9), np.float64(0.999))} if kind in (Adam, AdamW) else {}
    kind([parameter], lr=lambda t: np.float64(0.1), **options).step()
    assert parameter.data.dtype == np.float32


def test_a_gradient_of_another_shape_changes_nothing():
    first, second = Parameter(np.ones(2)), Parameter(np.ones((3, 1)))
    first.grad, second.grad = np.ones(2), np.ones((3, 2))
    with pytest.raises(ValueError, match=r"shape \(3, 1\) has the shape \(3, 2\)"):
        SGD([first, second], lr=1).step()
    assert (first.data == 1).all()


def test_a_state_of_other_shapes_changes_nothing():
    small, large = Parameter(np.ones(2)), Parameter(np.ones(3))
    small.grad, large.grad = np.ones(2), np.ones(3)
    optimizer, other = Adam([small]), Adam([large])
    optimizer.step()
    other.step()
    before = optimizer.state_dict()
    with pytest.raises(ValueError, match=r"0\.m must have the shape \(2,\), got \(3,\)"):
        optimizer.load_state_dict(other.state_dict())
    assert optimizer.state_dict() == before
