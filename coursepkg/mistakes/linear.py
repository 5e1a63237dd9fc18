"""The fully connected layer, where most of the mistakes are made."""

import numpy as np

from coursepkg import functional as F
from coursepkg.functional.linear import LinearGrads
from coursepkg.mistakes.registry import mistake


@mistake(
    "LIN2",
    of="linear_backward",
    symptom="dx is multiplied by w instead of its transpose: an error, or wrong numbers "
    "where w is square.",
    question="Output m got w[d, m] * x[d]: along which index of w does dx[d] add up?",
    section="6.4",
    affects=("dx",),
    hidden_when="w is symmetric.",
)
def dx_without_transpose(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dx = (dout @ cache.w).reshape(cache.x.shape)
    return LinearGrads(dx, dw=rows.T @ dout, db=dout.sum(axis=0))


@mistake(
    "LIN9",
    of="linear_backward",
    symptom="dx is the same whatever dout is.",
    question="If the loss became twice as steep, would your dx notice?",
    section="6.4",
    affects=("dx",),
    hidden_when="dout is 1 everywhere.",
)
def dx_without_dout(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dx = (np.ones_like(dout) @ cache.w.T).reshape(cache.x.shape)
    return LinearGrads(dx, dw=rows.T @ dout, db=dout.sum(axis=0))


@mistake(
    "LIN10",
    of="linear_backward",
    symptom="dx stays flat, with the shape (N, D), where x has more than two axes.",
    question="The forward pass laid every sample out as one row: who lays it back?",
    section="6.4",
    affects=("dx",),
    hidden_when="x has two axes.",
)
def dx_stays_flat(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    return LinearGrads(dx=dout @ cache.w.T, dw=rows.T @ dout, db=dout.sum(axis=0))


@mistake(
    "LIN13",
    of="linear_backward",
    symptom="dx is N times too small.",
    question="Does a sample's own row of dx depend on how many others are in the batch?",
    section="6.4",
    affects=("dx",),
    hidden_when="The batch has one sample.",
)
def dx_divided_by_n(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dx = (dout @ cache.w.T).reshape(cache.x.shape) / len(rows)
    return LinearGrads(dx, dw=rows.T @ dout, db=dout.sum(axis=0))


@mistake(
    "GEN3",
    of="linear_backward",
    symptom="The gradients come back in another order than the inputs went in.",
    question="The inputs were x, w, b: which gradient does the caller take for dx?",
    section="5.7",
    affects=("dx", "dw"),
)
def in_another_order(dout, cache):
    rows = cache.x.reshape(len(cache.x), -1)
    dx = (dout @ cache.w.T).reshape(cache.x.shape)
    return rows.T @ dout, dx, dout.sum(axis=0)


@mistake(
    "LIN14",
    of="linear",
    symptom="The bias is missing: every output is off by its own constant.",
    question="What does your layer answer to a sample of zeros, and what should it?",
    section="4.3",
    affects=("out",),
    hidden_when="b is zero.",
)
def no_bias(x, w, b):
    out = x.reshape(len(x), -1) @ w
    return out, F.linear(x, w, b)[1]


@mistake(
    "LIN15",
    of="linear",
    symptom="A batch of images, (N, d1, d2), is not laid out as rows: an error, or matrices "
    "that were multiplied along the wrong axis.",
    question="What are the rows of x, if a sample is a picture?",
    section="4.3",
    affects=("out",),
    hidden_when="x has two axes.",
)
def no_flattening(x, w, b):
    return x @ w + b, F.linear(x, w, b)[1]


@mistake(
    "LIN16",
    of="linear",
    symptom="The bias is subtracted.",
    question="Does a larger bias make a score larger?",
    section="4.3",
    affects=("out",),
    hidden_when="b is zero.",
)
def bias_subtracted(x, w, b):
    out = x.reshape(len(x), -1) @ w - b
    return out, F.linear(x, w, b)[1]


@mistake(
    "FLAT1",
    of="flatten_backward",
    symptom="The gradient stays flat: the layer before gets another shape than it gave.",
    question="Which shape did x have before it was flattened?",
    section="5.7",
    affects=("dx",),
    hidden_when="x has two axes.",
)
def left_flat(dout, cache):
    return dout
