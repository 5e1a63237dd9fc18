"""The file of weights is what the script makes; the pad makes digits that the network reads."""

import numpy as np
import pytest

from coursepkg import functional as F
from coursepkg.datasets import load_digits
from coursepkg.training import accuracy
from coursepkg.widgets import digit_reader
from coursepkg.widgets.digit_pad import ink_of, text_of
from coursepkg.widgets.digit_reader import RUNS, first_filters, reader, stored
from tests.unit.drawings import DRAWINGS, OTHER_FORMS, TEXTS, small


def read(text: str) -> tuple[int, float]:
    """The label the network reads, and its probability."""
    p = F.softmax(reader().forward(ink_of(text)[None, None]))[0][0]
    return int(p.argmax()), float(p.max())


@pytest.mark.parametrize("run", RUNS)
def test_the_first_epochs_are_those_of_the_file(run: str) -> None:
    kept, network = digit_reader.packed_run(run, epochs=1)
    assert kept["loss"] == stored()["runs"][run]["loss"][:2]
    assert kept["test"] == stored()["runs"][run]["test"][:2]
    first = network.state_dict()["0.w"]
    half_a_byte = stored()["runs"][run]["w"]["scale"] / 2
    np.testing.assert_allclose(first, first_filters(run, 1)[0], atol=1.01 * half_a_byte)


def test_the_file_starts_with_the_untrained_network_and_ends_with_the_trained_one() -> None:
    np.testing.assert_allclose(
        reader("untrained").state_dict()["3.w"],
        digit_reader.untrained().state_dict()["3.w"],
        atol=0.01,
    )
    np.testing.assert_allclose(
        reader("trained").state_dict()["0.w"],
        first_filters("learned", digit_reader.EPOCHS)[0],
        atol=0.03,
    )
    digits = load_digits()
    rounded = accuracy(reader(), digits.x_test, digits.y_test)
    assert abs(rounded - stored()["runs"]["learned"]["test"][-1]) <= 3 / 360


def test_the_frozen_layer_never_moves() -> None:
    for epoch in (1, 30):
        for then, now in zip(
            first_filters("frozen", 0), first_filters("frozen", epoch), strict=True
        ):
            np.testing.assert_array_equal(then, now)


@pytest.mark.parametrize(("label", "text"), TEXTS)
def test_drawn_digits_are_recognised(label: int, text: str) -> None:
    assert read(text)[0] == label


def test_place_and_size_on_the_pad_hardly_matter() -> None:
    right = [
        read(text_of(small(strokes)))[0] == label
        for label, every in DRAWINGS.items()
        for strokes in every
    ]
    assert np.mean(right) >= 0.8


def test_forms_that_the_writers_did_not_use_are_misread() -> None:
    assert all(read(text_of(strokes))[0] != label for label, strokes in OTHER_FORMS.items())


def test_the_pad_gives_the_ink_of_the_data_set() -> None:
    x = load_digits().x_train[:, 0]
    drawn = np.stack([ink_of(text) for _, text in TEXTS])
    assert abs(drawn.sum(axis=(1, 2)).mean() - x.sum(axis=(1, 2)).mean()) < 1
    assert (drawn[:, [0, -1]].max(axis=(1, 2)) > 0.1).all()  # full height
    assert drawn[:, :, 0].mean() < 0.02  # and paper on the left
    assert not ink_of("").any()
