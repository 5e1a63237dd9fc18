"""The numbers in the text of assignment 9, and its points."""

import re

import numpy as np
import pytest

from coursepkg.datasets import load_digits
from tests.unit.assignments.solutions import cells, marks, solution


def text_with(words: str) -> str:
    return str(next(cell.source for cell in cells("A9") if words in cell.source))


def moved(x: np.ndarray, pixels: int) -> np.ndarray:
    result = np.roll(x, pixels, axis=3)
    if pixels > 0:
        result[..., :pixels] = 0
    elif pixels < 0:
        result[..., pixels:] = 0
    return result


def test_all_points_make_30() -> None:
    assert sum(marks(cell).get("points", 0) for cell in cells("A9")) == 30


def test_the_network_has_as_many_numbers_as_the_text_says() -> None:
    params = solution("A9")["SmallConvNet"](0, 8).params
    assert sum(array.size for array in params.values()) == 1370


def test_the_story_of_the_moved_digits_is_true() -> None:
    digits = load_digits()
    net = solution("A9")["train"](digits.x_train, digits.y_train, 8, 0)
    read = [
        100 * (net.predict(moved(digits.x_test, pixels)) == digits.y_test).mean()
        for pixels in (-2, -1, 0, 1, 2)
    ]
    story = text_with("One pixel to the right")
    told = [int(number) for number in re.findall(r"(\d+) %", story)]
    assert told == pytest.approx(read[2:], abs=1)
    table = [int(number) for number in re.findall(r"(\d+) %", text_with("*Measured (1 point).*"))]
    assert table == pytest.approx(read, abs=1)


def test_the_map_of_the_statement() -> None:
    names = solution("A9")
    net = names["SmallConvNet"](0, 1)
    net.params = {name: np.zeros_like(array) for name, array in net.params.items()}
    net.params["w1"][0, 0, 1, 1], net.params["w2"][:, 7] = 1, 1
    image = np.zeros((1, 8, 8))
    image[0, 2, 2:4] = 0.5, 1
    single, double = (names["occlusion_map"](net, image, 7, size) for size in (1, 2))
    assert dict(entries(single)) == {(2, 3): 0.5}
    assert dict(entries(double)) == {(1, 2): 1, (2, 2): 1, (1, 3): 0.5, (2, 3): 0.5}


def entries(matrix: np.ndarray) -> list[tuple[tuple[int, ...], float]]:
    return [((int(i), int(j)), float(matrix[i, j])) for i, j in np.argwhere(matrix)]
