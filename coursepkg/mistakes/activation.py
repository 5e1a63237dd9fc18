"""Functions of one number: masks from the wrong array, derivatives at the wrong place."""

import numpy as np

from coursepkg import functional as F
from coursepkg.mistakes.registry import mistake


@mistake(
    "ACT1",
    of="relu_backward",
    symptom="The gradient is stopped where dout is negative, not where x is.",
    question="The gate was set on the way forward: by the sign of which array?",
    section="6.5",
    affects=("dx",),
    hidden_when="x and dout have the same sign everywhere.",
)
def mask_from_dout(dout, cache):
    return dout * (dout > 0)


@mistake(
    "ACT2",
    of="relu_backward",
    symptom="dx is 0 or 1: the gradient from above is dropped.",
    question="If the loss became twice as steep, would your dx notice?",
    section="6.5",
    affects=("dx",),
    hidden_when="dout is 1 everywhere.",
)
def relu_without_dout(dout, cache):
    return (cache.x > 0).astype(cache.x.dtype)


@mistake(
    "ACT3",
    of="relu_backward",
    symptom="The ReLU is applied to the gradient: what is negative in dout is lost.",
    question="May a gradient be negative behind a ReLU?",
    section="6.5",
    affects=("dx",),
    hidden_when="x and dout have the same sign everywhere.",
)
def relu_of_dout(dout, cache):
    return np.maximum(0, dout)


@mistake(
    "ACT9",
    of="relu_backward",
    symptom="The mask is upside down: the gradient passes where x is negative.",
    question="Where x is negative the output stays 0 whatever x does: what is its derivative?",
    section="6.5",
    affects=("dx",),
)
def mask_upside_down(dout, cache):
    return dout * (cache.x < 0)


@mistake(
    "ACT10",
    of="relu_backward",
    symptom="The gradient passes everywhere, as if there were no ReLU.",
    question="What did the ReLU do to the negative entries on the way forward?",
    section="6.5",
    affects=("dx",),
    hidden_when="Every entry of x is positive.",
)
def no_mask(dout, cache):
    return dout


@mistake(
    "ACT11",
    of="relu_backward",
    symptom="The gradient is multiplied by the output instead of by the derivative.",
    question="For x > 0 the output is x itself: how fast does it grow with x?",
    section="6.5",
    affects=("dx",),
)
def times_the_output(dout, cache):
    return dout * np.maximum(cache.x, 0)


@mistake(
    "GEN2",
    of="relu_backward",
    symptom="dx is right, but dout was overwritten: whoever uses it next gets other numbers.",
    question="Whose array do you write into?",
    section="5.7",
    hidden_when="Nobody looks at dout again.",
)
def writes_into_dout(dout, cache):
    dout[cache.x <= 0] = 0
    return dout


@mistake(
    "RELU1",
    of="relu",
    symptom="Negative entries change their sign instead of becoming 0.",
    question="What should be left of -3?",
    section="4.2",
    affects=("out",),
    hidden_when="No entry is negative.",
)
def absolute_value(x):
    return abs(x), F.relu(x)[1]


@mistake(
    "RELU2",
    of="relu",
    symptom="Nothing happens: negative entries pass.",
    question="What should be left of -3?",
    section="4.2",
    affects=("out",),
    hidden_when="No entry is negative.",
)
def nothing_happens(x):
    return x, F.relu(x)[1]


@mistake(
    "RELU3",
    of="relu",
    symptom="The negative entries are kept and the positive ones become 0.",
    question="Which of the two, x or 0, should win when x is 2?",
    section="4.2",
    affects=("out",),
)
def minimum(x):
    return np.minimum(x, 0), F.relu(x)[1]


@mistake(
    "ACT8",
    of="leaky_relu_backward",
    symptom="Where x is negative nothing comes back, as in a plain ReLU.",
    question="How fast does the output change where x is negative?",
    section="4.2",
    affects=("dx",),
    hidden_when="No entry of x is negative.",
)
def slope_forgotten(dout, cache):
    return dout * (cache.x > 0)


@mistake(
    "ACT17",
    of="leaky_relu_backward",
    symptom="The sign of dout, not that of x, decides where the gradient is made smaller.",
    question="The gate was set on the way forward: by the sign of which array?",
    section="4.2",
    affects=("dx",),
    hidden_when="x and dout have the same sign everywhere.",
)
def leak_by_dout(dout, cache):
    return np.where(dout > 0, dout, cache.negative_slope * dout)


@mistake(
    "ACT18",
    of="leaky_relu_backward",
    symptom="Where x is negative dx is the slope itself: the gradient from above is dropped.",
    question="Upstream times local: where is the first factor on the negative side?",
    section="4.2",
    affects=("dx",),
    hidden_when="No entry of x is negative.",
)
def leak_without_dout(dout, cache):
    return np.where(cache.x > 0, dout, cache.negative_slope)


@mistake(
    "ACT19",
    of="elu_backward",
    symptom="On the negative side alpha is taken as 1.",
    question="The derivative is alpha * exp(x): what has to be added to out to get it?",
    section="4.2",
    affects=("dx",),
    hidden_when="alpha is 1.",
)
def alpha_taken_as_one(dout, cache):
    return np.where(cache.out > 0, dout, dout * (cache.out + 1))


@mistake(
    "ACT20",
    of="elu_backward",
    symptom="On the negative side the gradient is multiplied by the output, and changes its sign.",
    question="The output rises everywhere: can its derivative be negative?",
    section="4.2",
    affects=("dx",),
    hidden_when="No entry of x is negative.",
)
def output_as_derivative(dout, cache):
    return np.where(cache.out > 0, dout, dout * cache.out)
