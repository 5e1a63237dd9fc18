"""The digits that come with the package are the real ones."""

import numpy as np

from coursepkg.datasets import load_digits


def test_digits_are_the_real_ones():
    digits = load_digits()
    images = np.concatenate([digits.x_train, digits.x_test])
    labels = np.concatenate([digits.y_train, digits.y_test])
    assert images.shape == (1797, 1, 8, 8)
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (images.min(), images.max()) == (0, 1)
    assert (images * 16).sum() == 561718  # of the original file


def test_digits_do_not_depend_on_the_call():
    first, second = load_digits(), load_digits()
    np.testing.assert_array_equal(first.x_test, second.x_test)
    assert np.unique(first.y_test).size == 10
