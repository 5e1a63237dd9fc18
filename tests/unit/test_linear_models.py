"""Linear classifiers against scikit-learn and SciPy, and as scikit-learn's users expect them."""

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn import linear_model

from coursepkg.linear_models import (
    LogisticRegression,
    MulticlassSVM,
    OneHotRidge,
    SoftmaxRegression,
)


def blobs(classes, seed=0, n=60, d=3):
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % classes
    return rng.standard_normal((n, d)) + rng.standard_normal((classes, d))[labels], labels


@pytest.mark.parametrize("lam", [1e-3, 1.0, 100.0])
def test_ridge_is_scikit_learns(lam):
    x, labels = blobs(4)
    ours = OneHotRidge(lam).fit(x, labels)
    theirs = linear_model.Ridge(alpha=lam).fit(x, np.eye(4)[labels])
    np.testing.assert_allclose(ours.coef_, theirs.coef_.T, atol=1e-10)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-10)


def test_ridge_without_a_penalty_takes_the_shortest_solution():
    x, labels = blobs(3, n=4, d=10)
    model = OneHotRidge(0).fit(x, labels)
    assert model.score(x, labels) == 1
    centred = x - x.mean(0)
    np.testing.assert_allclose(
        model.coef_, np.linalg.pinv(centred) @ (np.eye(3)[labels] - np.eye(3)[labels].mean(0))
    )


@pytest.mark.parametrize("lam", [1e-2, 0.1, 3.0])
def test_logistic_regression_is_scikit_learns(lam):
    x, labels = blobs(2, seed=1)
    ours = LogisticRegression(lam).fit(x, labels)
    theirs = linear_model.LogisticRegression(C=1 / (lam * len(x)), tol=1e-10, max_iter=10_000)
    theirs.fit(x, labels)
    assert ours.converged_
    np.testing.assert_allclose(ours.coef_[:, 0], theirs.coef_[0], atol=1e-6)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-6)
    np.testing.assert_allclose(ours.predict_proba(x), theirs.predict_proba(x), atol=1e-6)
    np.testing.assert_array_equal(ours.predict(x), theirs.predict(x))


@pytest.mark.parametrize("lam", [1e-2, 0.1])
def test_softmax_regression_is_scikit_learns(lam):
    x, labels = blobs(4, seed=2)
    ours = SoftmaxRegression(lam).fit(x, labels)
    theirs = linear_model.LogisticRegression(C=1 / (lam * len(x)), tol=1e-10, max_iter=10_000)
    theirs.fit(x, labels)
    np.testing.assert_allclose(ours.coef_, theirs.coef_.T, atol=1e-6)
    np.testing.assert_allclose(ours.predict_proba(x), theirs.predict_proba(x), atol=1e-6)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_svm_ends_near_the_minimum(seed):
    x, labels = blobs(3, seed, n=30, d=2)
    model = MulticlassSVM(lam=0.05).fit(x, labels)
    reached = np.vstack([model.coef_, model.intercept_])

    def objective(flat):
        return model.objective(x, labels, flat.reshape(3, 3))[0]

    settings = {"maxiter": 3000, "xatol": 1e-9, "fatol": 1e-12, "adaptive": True}
    best = minimize(objective, reached.ravel(), method="Nelder-Mead", options=settings).fun
    assert objective(reached) <= best * (1 + 2e-3)
    assert objective(reached) < 0.9 * objective(np.zeros(9))


MODELS = [
    OneHotRidge(0.1),
    SoftmaxRegression(1e-2),
    MulticlassSVM(1e-2, max_iter=300),
    LogisticRegression(1e-2),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_labels_of_any_kind_and_the_same_weights_twice(model):
    x, labels = blobs(2, seed=3)
    names = np.array(["ship", "cat"])[labels]
    assert model.fit(x, names) is model
    assert model.score(x, names) == np.mean(model.predict(x) == names) > 0.6
    assert model.classes_.tolist() == ["cat", "ship"]
    first = model.coef_
    np.testing.assert_array_equal(model.fit(x, names).coef_, first)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_bad_input_is_named(model):
    with pytest.raises(RuntimeError, match="call fit before"):
        type(model)().predict([[1.0]])
    with pytest.raises(ValueError, match="two classes or more, got only"):
        model.fit(np.ones((3, 2)), [7, 7, 7])
    with pytest.raises(ValueError, match="lam must not be negative"):
        type(model)(lam=-1)
    x, labels = blobs(2)
    with pytest.raises(ValueError, match="5 features a row"):
        model.fit(x, labels).predict(np.ones((2, 5)))


def test_three_classes_are_too_many_for_one_score():
    with pytest.raises(ValueError, match="got 3; SoftmaxRegression takes more"):
        LogisticRegression().fit(*blobs(3))


def test_a_fit_that_did_not_converge_says_so():
    x, labels = blobs(2)
    with pytest.warns(UserWarning, match="stopped after 3 steps"):
        model = LogisticRegression(1e-4, max_iter=3).fit(x, labels)
    assert not model.converged_
