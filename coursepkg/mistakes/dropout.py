"""Dropout: the mask of the forward pass, and its factor."""

import numpy as np

from coursepkg import functional as F
from coursepkg.mistakes.registry import mistake


@mistake(
    "DO1",
    of="dropout_backward",
    symptom="The factor 1 / (1 - p) of the forward pass is missing: dx is too small.",
    question="By how much does an output grow when an input that was kept grows by 1?",
    section="7.5",
    affects=("dx",),
    hidden_when="Nothing is dropped.",
)
def factor_forgotten(dout, cache):
    return dout * (cache.mask > 0)


@mistake(
    "DO2",
    of="dropout_backward",
    symptom="A new mask is drawn: entries that were dropped get a gradient, others lose theirs.",
    question="Where the output is 0 by force, what must dx be?",
    section="7.5",
    affects=("dx",),
    hidden_when="Nothing is dropped.",
)
def another_mask(dout, cache):
    kept = np.random.default_rng().random(dout.shape) < (cache.mask > 0).mean()
    return dout * kept * cache.mask.max()


@mistake(
    "DO6",
    of="dropout_backward",
    symptom="The gradient passes everywhere, also to what was dropped.",
    question="An entry that was dropped does not reach the loss: what is its gradient?",
    section="7.5",
    affects=("dx",),
    hidden_when="Nothing is dropped.",
)
def mask_forgotten(dout, cache):
    return dout


@mistake(
    "DO3",
    of="dropout",
    symptom="Entries are kept with probability p instead of dropped: the share of zeros is wrong.",
    question="If p is 0.1, how many of a thousand entries should become 0?",
    section="7.5",
    affects=("out",),
    hidden_when="p is 1/2, on average.",
)
def keeps_with_probability_p(x, p, rng):
    mask = (rng.random(x.shape) < p) / p
    return x * mask, F.dropout(x, p, rng)[1]


@mistake(
    "DO7",
    of="dropout",
    symptom="What is kept is not made larger, so the layer behind sees smaller sums than at test "
    "time.",
    question="What is the mean of the output over many masks, and what should it be?",
    section="7.5",
    affects=("out",),
    hidden_when="Nothing is dropped.",
)
def not_rescaled(x, p, rng):
    kept = rng.random(x.shape) >= p
    return x * kept, F.dropout(x, p, rng)[1]


@mistake(
    "DO8",
    of="dropout",
    symptom="What is kept is divided by p instead of by 1 - p.",
    question="With which probability is an entry kept, and what restores its mean?",
    section="7.5",
    affects=("out",),
    hidden_when="p is 1/2.",
)
def divided_by_p(x, p, rng):
    kept = rng.random(x.shape) >= p
    return x * kept / p, F.dropout(x, p, rng)[1]


@mistake(
    "DO4",
    of="dropout_inference",
    symptom="At test time the outputs are made smaller, although training made them larger.",
    question="Inverted dropout keeps the mean in training: what is left to do at test time?",
    section="7.5",
    affects=("out",),
    hidden_when="Nothing is dropped.",
)
def scaled_at_test_time(x, p, rng):
    return x * (1 - p)


@mistake(
    "DO5",
    of="dropout_inference",
    symptom="Entries are dropped at test time too: the same sample gets another answer each time.",
    question="Should a trained network give two answers to one question?",
    section="7.5",
    affects=("out",),
    hidden_when="Nothing is dropped.",
)
def mask_at_test_time(x, p, rng):
    return F.dropout(x, p, rng)[0]
