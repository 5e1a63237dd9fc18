"""Known wrong implementations of what the course teaches, with what each does to the numbers.

A test is good if it fails for every one of them; a quiz shows one and asks what is wrong; and
`diagnosis` finds the one that a student wrote, by running them all on the same data.
"""

# Each of these modules enters its mistakes when it is imported.
from coursepkg.mistakes import (  # noqa: F401
    activation,
    conv,
    conv_weights,
    dropout,
    gradcheck,
    graph,
    linear,
    linear_weights,
    loss,
    loss_values,
    models,
    network,
    norm,
    norm_values,
    optim,
    optim_adaptive,
    perceptron,
    pool,
    pool_values,
    sizes,
    softmax,
    squashing,
    tensor,
    training,
)
from coursepkg.mistakes.registry import MISTAKES, Mistake, of

__all__ = ["MISTAKES", "Mistake", "of"]
