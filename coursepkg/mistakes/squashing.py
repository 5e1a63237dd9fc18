"""Sigmoid and tanh: derivatives at the wrong place."""

import numpy as np

from coursepkg import functional as F
from coursepkg.mistakes.registry import mistake


@mistake(
    "ACT5",
    of="sigmoid_backward",
    symptom="The formula that belongs to the output is used with the input: numbers grow with x.",
    question="In s * (1 - s), what is s?",
    section="4.2",
    affects=("dx",),
)
def sigmoid_of_its_input(dout, cache):
    x = np.log(cache.out / (1 - cache.out))  # what went in
    return dout * x * (1 - x)


@mistake(
    "ACT12",
    of="sigmoid_backward",
    symptom="The factor 1 - out is missing, so a saturated unit still gets all of its gradient.",
    question="How steep is a sigmoid where its output is nearly 1?",
    section="4.2",
    affects=("dx",),
)
def half_a_derivative(dout, cache):
    return dout * cache.out


@mistake(
    "ACT13",
    of="sigmoid_backward",
    symptom="dx is the derivative alone: the gradient from above is dropped.",
    question="If the loss became twice as steep, would your dx notice?",
    section="4.2",
    affects=("dx",),
    hidden_when="dout is 1 everywhere.",
)
def sigmoid_without_dout(dout, cache):
    return cache.out * (1 - cache.out)


@mistake(
    "ACT14",
    of="sigmoid_backward",
    symptom="The sigmoid is applied a second time before it is differentiated.",
    question="What the cache holds has been through the sigmoid already: has it?",
    section="4.2",
    affects=("dx",),
)
def sigmoid_twice(dout, cache):
    s = 1 / (1 + np.exp(-cache.out))
    return dout * s * (1 - s)


@mistake(
    "ACT21",
    of="sigmoid",
    symptom="The curve falls instead of rising: every output is one minus the right one.",
    question="What should become of a large positive x?",
    section="2.4",
    affects=("out",),
    hidden_when="x is 0.",
)
def sigmoid_falls(x):
    out = 1 / (1 + np.exp(x))
    return out, F.sigmoid(x)[1]


@mistake(
    "ACT6",
    of="tanh_backward",
    symptom="The formula that belongs to the output is used with the input: right near 0 only.",
    question="In 1 - t * t, what is t?",
    section="4.2",
    affects=("dx",),
    hidden_when="x is close to 0.",
)
def tanh_of_its_input(dout, cache):
    x = np.arctanh(cache.out)  # what went in
    return dout * (1 - x**2)


@mistake(
    "ACT7",
    of="tanh_backward",
    symptom="The square is missing: every entry is divided by one plus the output.",
    question="The derivative of tanh at -2 and at 2 is the same: is yours?",
    section="4.2",
    affects=("dx",),
)
def square_forgotten(dout, cache):
    return dout * (1 - cache.out)


@mistake(
    "ACT15",
    of="tanh_backward",
    symptom="dx is the derivative alone: the gradient from above is dropped.",
    question="If the loss became twice as steep, would your dx notice?",
    section="4.2",
    affects=("dx",),
    hidden_when="dout is 1 everywhere.",
)
def tanh_without_dout(dout, cache):
    return 1 - cache.out**2


@mistake(
    "ACT16",
    of="tanh_backward",
    symptom="The derivative of the sigmoid is used, which is 0 at 0, where tanh is steepest.",
    question="How steep is tanh at 0?",
    section="4.2",
    affects=("dx",),
)
def derivative_of_the_sigmoid(dout, cache):
    return dout * cache.out * (1 - cache.out)
