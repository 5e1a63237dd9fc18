"""What the tests of A5's text and of its sample class share; CuPy for tests that need a GPU."""

from types import ModuleType

import pytest

from coursepkg.gpu import device


@pytest.fixture
def cupy() -> ModuleType:
    """CuPy, where there is a GPU."""
    try:
        return device.cupy()
    except (ImportError, RuntimeError) as error:
        pytest.skip(f"no GPU: {error}")


@pytest.fixture
def a5_points() -> dict[str, float]:
    """What each automatically graded question of A5 is worth."""
    return {
        "linear": 3,
        "linear_backward": 5,
        "relu": 1,
        "relu_backward": 2,
        "leaky_relu": 0.5,
        "leaky_relu_backward": 0.5,
        "sigmoid": 0.5,
        "sigmoid_backward": 1,
        "tanh": 0.5,
        "tanh_backward": 1,
        "elu": 0.5,
        "elu_backward": 0.5,
        "softmax_ce": 2,
        "softmax_ce_backward": 4,
        "two_layer_loss": 10,
        "squared_output": 4,
    }
