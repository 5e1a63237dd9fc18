"""Gates of one input, shapes, and sums over what was broadcast."""

import numpy as np

from coursepkg import functional as F
from coursepkg.functional.arithmetic import BinaryGrads
from coursepkg.mistakes.registry import mistake


@mistake(
    "GR12",
    of="exp_backward",
    symptom="dx is the local derivative alone: the gradient from above is dropped.",
    question="If the loss became twice as steep, would your dx notice?",
    section="5.4",
    affects=("dx",),
    hidden_when="dout is 1 everywhere.",
)
def exp_without_dout(dout, cache):
    return cache.out


@mistake(
    "GR13",
    of="log_backward",
    symptom="dout is multiplied by x instead of divided by it.",
    question="How steep is the logarithm at 100?",
    section="5.4",
    affects=("dx",),
    hidden_when="x is 1.",
)
def times_instead_of_over(dout, cache):
    return dout * cache.x


@mistake(
    "GR14",
    of="power_backward",
    symptom="The exponent is not lowered by one.",
    question="What is the derivative of the square of x at 3?",
    section="5.4",
    affects=("dx",),
    hidden_when="x is 1.",
)
def exponent_not_lowered(dout, cache):
    return dout * cache.exponent * cache.x**cache.exponent


@mistake(
    "GR17",
    of="power_backward",
    symptom="The exponent is missing as a factor.",
    question="What is the derivative of the square of x at 3?",
    section="5.4",
    affects=("dx",),
    hidden_when="The exponent is 1.",
)
def exponent_not_a_factor(dout, cache):
    return dout * cache.x ** (cache.exponent - 1)


@mistake(
    "GR15",
    of="reciprocal_backward",
    symptom="The sign is missing.",
    question="If x grows, does 1 / x rise or fall?",
    section="5.4",
    affects=("dx",),
)
def reciprocal_rises(dout, cache):
    return dout * cache.out**2


@mistake(
    "TEN1",
    of="unbroadcast",
    symptom="The summed axes are kept: (5, 3) becomes (1, 3) where (3,) was asked for.",
    question="How many axes had the array before it was broadcast?",
    section="12.2",
    affects=("out",),
    hidden_when="No axis was added in front.",
)
def axes_kept(grad, shape):
    new = grad.ndim - len(shape)
    stretched = [new + i for i, size in enumerate(shape) if size == 1]
    return grad.sum(axis=(*range(new), *stretched), keepdims=True)


@mistake(
    "TEN2",
    of="unbroadcast",
    symptom="Axes of length 1 that were stretched are not summed.",
    question="What happened to an axis of length 1 on the way forward?",
    section="12.2",
    affects=("out",),
    hidden_when="No axis of length 1 was stretched.",
)
def only_the_new_axes(grad, shape):
    return grad.sum(axis=tuple(range(grad.ndim - len(shape))))


@mistake(
    "TEN3",
    of="unbroadcast",
    symptom="The copies are averaged instead of added.",
    question="What do gradients do where a value is copied?",
    section="12.2",
    affects=("out",),
    hidden_when="Nothing was broadcast.",
)
def averaged(grad, shape):
    return F.unbroadcast(grad, shape) * np.prod(shape) / grad.size


@mistake(
    "TEN4",
    of="matmul_backward",
    symptom="The two factors of dy stand in the other order: it comes out transposed.",
    question="Which shape must dy have, and which product of x and dout has it?",
    section="12.2",
    affects=("dy",),
)
def dy_transposed(dout, cache):
    return F.matmul_backward(dout, cache)._replace(dy=dout.T @ cache.x)


@mistake(
    "TEN5",
    of="matmul_backward",
    symptom="The gradients come back in the other order.",
    question="The inputs were x, y: which gradient does the caller take for dx?",
    section="12.2",
    affects=("dx", "dy"),
)
def gradients_swapped(dout, cache):
    dx, dy = F.matmul_backward(dout, cache)
    return BinaryGrads(dy, dx)


@mistake(
    "TEN6",
    of="sum_backward",
    symptom="The gradient is not spread over the entries that were added.",
    question="Which shape did x have before it was summed?",
    section="12.2",
    affects=("dx",),
    hidden_when="The axes that were summed have length 1 and were kept.",
)
def sum_not_expanded(dout, cache):
    return dout


@mistake(
    "TEN9",
    of="sum_backward",
    symptom="The gradient is shared out among the entries, as the backward pass of a mean does.",
    question="If one of five terms grows by 1, by how much does their sum grow?",
    section="12.2",
    affects=("dx",),
    hidden_when="One entry was summed.",
)
def backward_of_the_mean(dout, cache):
    dx = F.sum_backward(dout, cache)
    return dx * np.size(dout) / dx.size


@mistake(
    "TEN7",
    of="reshape_backward",
    symptom="The gradient keeps the new shape.",
    question="Which shape did x have?",
    section="12.2",
    affects=("dx",),
    hidden_when="Both shapes are the same.",
)
def left_in_the_new_shape(dout, cache):
    return dout


@mistake(
    "TEN8",
    of="transpose_backward",
    symptom="The same order of axes is applied a second time instead of its inverse.",
    question="If the axes went 0, 1, 2 to 1, 2, 0, how do they get back?",
    section="12.2",
    affects=("dx",),
    hidden_when="Done twice, the order of the axes is as before.",
)
def same_order_again(dout, cache):
    return dout.transpose(cache.axes)
