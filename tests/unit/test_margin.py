"""The widest margin, against what is known in small cases and against another algorithm."""

import itertools

import numpy as np

from coursepkg.margin import nearest_of_hull, widest_margin
from coursepkg.perceptron import radius_and_margin


def by_trying(z: np.ndarray) -> np.ndarray:
    """The nearest point of the hull of rows in 3-D: of some corner, edge or triangle."""
    found = np.zeros(3)
    for size in (1, 2, 3):
        for rows in itertools.combinations(z, size):
            edges = np.array(rows[1:]).reshape(-1, 3) - rows[0]
            at = rows[0] - (np.linalg.pinv(edges) @ edges @ rows[0] if size > 1 else 0)
            if (z @ at).min() >= at @ at - 1e-9 and at @ at > found @ found:
                found = at
    return found


def test_two_points() -> None:
    w, margin = widest_margin(np.array([[3.0, 0.0], [-1.0, 0.0]]), np.array([1, -1]))
    np.testing.assert_allclose(w, [1, 0])
    assert margin == 1


def test_exclusive_or_has_none() -> None:
    rows = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    w, margin = widest_margin(rows, np.array([-1, 1, 1, -1]))
    assert margin == 0
    assert not w.any()


def test_no_other_plane_is_better() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        rows = np.column_stack([rng.normal(size=(30, 4)), np.ones(30)])
        y = np.where(rows @ rng.normal(size=5) >= 0, 1, -1)
        w, margin = widest_margin(rows, y)
        np.testing.assert_allclose(radius_and_margin(rows, y, w)[1], margin)
        others = w + 0.1 * rng.normal(size=(100, 5))
        assert max(radius_and_margin(rows, y, other)[1] for other in others) <= margin + 1e-12


def test_it_agrees_with_trying_every_corner_edge_and_triangle() -> None:
    rng = np.random.default_rng(1)
    for _ in range(60):
        z = rng.integers(-8, 9, (7, 3)) / 4 + rng.integers(0, 2, 3)
        np.testing.assert_allclose(nearest_of_hull(z), by_trying(z), atol=1e-9)


def test_repeated_rows_are_no_trouble() -> None:
    z = np.array([[1.0, 1.0], [1.0, 1.0], [1.0, -1.0], [1.0, -1.0], [2.0, 0.0]])
    np.testing.assert_allclose(nearest_of_hull(z), [1, 0], atol=1e-12)
