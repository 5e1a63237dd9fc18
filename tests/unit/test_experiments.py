"""An experiment raises when it does not come out as announced."""

import numpy as np
import pytest

from coursepkg.experiments import fails, passes


def test_a_form_that_was_to_fail_and_passes_is_an_error() -> None:
    with pytest.raises(AssertionError, match="was to fail"):
        fails(lambda: 2.0, expected=2)


def test_a_form_that_was_to_pass_and_fails_is_an_error() -> None:
    with pytest.raises(AssertionError, match="3 instead of 2"):
        passes(lambda: 3.0, expected=2)


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_what_is_no_number_never_passes(value: float, capsys: pytest.CaptureFixture[str]) -> None:
    fails(lambda: value, expected=1)
    assert f"{value:.4g} instead of 1" in capsys.readouterr().out
    with pytest.raises(AssertionError):
        passes(lambda: [1.0, value], expected=[1.0, value])


def test_another_shape_is_a_failure_even_if_it_broadcasts() -> None:
    fails(lambda: np.ones((1, 3)), expected=np.ones(3))


def test_only_the_announced_error_counts() -> None:
    fails(lambda: np.ones(2) @ np.ones(3), error=ValueError)
    with pytest.raises(AssertionError, match="to raise ValueError"):
        fails(lambda: 1, error=ValueError)
    with pytest.raises(NameError):
        fails(lambda: undefined, error=ValueError)  # type: ignore[name-defined]  # noqa: F821
    with pytest.raises(IndexError):
        fails(lambda: [][0], error=LookupError)


def test_truth_is_compared_as_truth(capsys: pytest.CaptureFixture[str]) -> None:
    passes(lambda: np.bool_(True), expected=True)
    fails(lambda: False, expected=True)
    assert capsys.readouterr().out == "passes: True\nfails:  False\n"


def test_numbers_that_look_alike_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    fails(lambda: 0.70111, expected=0.70112)
    assert capsys.readouterr().out == "fails:  0.70111 instead of 0.70112\n"
