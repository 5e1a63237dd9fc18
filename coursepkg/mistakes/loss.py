"""Softmax cross-entropy: the gradient p - t, and the ways to miss it."""

import numpy as np

from coursepkg import functional as F
from coursepkg.mistakes.registry import mistake


@mistake(
    "CE1",
    of="cross_entropy_backward",
    symptom="The gradient is N times too large: the mean of the loss is missing in it.",
    question="The loss was a mean over N rows: what does that do to its gradient?",
    section="6.6",
    affects=("dscores",),
    hidden_when="The batch has one sample.",
)
def not_divided_by_n(dout, cache):
    p, labels = cache
    return dout * (p - np.eye(p.shape[1])[labels])


@mistake(
    "CE2",
    of="cross_entropy_backward",
    symptom="The gradient is divided by the number of classes instead of that of the samples.",
    question="Over what did the loss take its mean, over samples or over classes?",
    section="6.6",
    affects=("dscores",),
    hidden_when="There are as many samples as classes.",
)
def divided_by_c(dout, cache):
    p, labels = cache
    return dout * (p - np.eye(p.shape[1])[labels]) / p.shape[1]


@mistake(
    "CE3",
    of="cross_entropy_backward",
    symptom="The sign is wrong: a step makes the right class less likely.",
    question="If the score of the right class grows, does the loss rise or fall?",
    section="2.6",
    affects=("dscores",),
)
def sign(dout, cache):
    p, labels = cache
    return dout * (np.eye(p.shape[1])[labels] - p) / len(p)


@mistake(
    "CE4",
    of="cross_entropy_backward",
    symptom="Nothing is subtracted at the label: every score is pushed down, the right one too.",
    question="What do the entries of one row of the gradient add up to, and what should they?",
    section="2.6",
    affects=("dscores",),
)
def no_minus_one(dout, cache):
    p, _ = cache
    return dout * p / len(p)


@mistake(
    "CE5",
    of="cross_entropy_backward",
    symptom="1 is subtracted in every row, in every column that is somebody's label.",
    question="In p[:, labels], which rows does the colon stand for?",
    section="6.6",
    affects=("dscores",),
    hidden_when="The batch has one sample.",
)
def every_row_and_column(dout, cache):
    p, labels = cache
    p = p.copy()
    p[:, labels] -= 1
    return dout * p / len(p)


@mistake(
    "CE6",
    of="cross_entropy_backward",
    symptom="A derivative p * (1 - p) too many makes every entry smaller, the wrongest most.",
    question="p - t is the gradient at the scores: what is there left to multiply by?",
    section="2.6",
    affects=("dscores",),
)
def derivative_too_many(dout, cache):
    p, labels = cache
    return dout * (p - np.eye(p.shape[1])[labels]) / len(p) * p * (1 - p)


@mistake(
    "CE7",
    of="cross_entropy_backward",
    symptom="Right at the label and 0 elsewhere: only the diagonal of the softmax was used.",
    question="If the score of a wrong class grows, what happens to the probability of the right?",
    section="2.6",
    affects=("dscores",),
)
def diagonal_only(dout, cache):
    p, labels = cache
    return -dout * np.eye(p.shape[1])[labels] * (1 - p) / len(p)


@mistake(
    "GEN4",
    of="cross_entropy_backward",
    symptom="The gradient does not depend on dout.",
    question="What if this loss were one of two that are added with different weights?",
    section="5.7",
    affects=("dscores",),
    hidden_when="dout is 1.",
)
def upstream_ignored(dout, cache):
    p, labels = cache
    return (p - np.eye(p.shape[1])[labels]) / len(p)


@mistake(
    "CE8",
    of="cross_entropy",
    symptom="The probabilities of the whole batch add up to 1, not those of each row.",
    question="What do the probabilities of one sample add up to?",
    section="2.5",
    affects=("loss",),
    hidden_when="The batch has one sample.",
)
def one_sum_for_the_batch(scores, labels):
    e = np.exp(scores - scores.max())
    p = e / e.sum()
    return -np.log(p[np.arange(len(p)), labels]).mean(), F.cross_entropy(scores, labels)[1]


@mistake(
    "CE9",
    of="cross_entropy",
    symptom="The probabilities of a class add up to 1 over the batch, not those of a sample.",
    question="Which axis of the scores runs over the classes?",
    section="2.5",
    affects=("loss",),
)
def sum_down_the_batch(scores, labels):
    e = np.exp(scores - scores.max())
    p = e / e.sum(axis=0)
    return -np.log(p[np.arange(len(p)), labels]).mean(), F.cross_entropy(scores, labels)[1]


@mistake(
    "CE10",
    of="cross_entropy",
    symptom="Without the maximum taken out, large scores overflow and the loss is inf or nan.",
    question="What is exp(1000) in floating point?",
    section="2.5",
    affects=("loss",),
    hidden_when="No score is larger than 700.",
)
def no_maximum_subtracted(scores, labels):
    at_label = scores[np.arange(len(labels)), labels]
    loss = np.mean(np.log(np.exp(scores).sum(axis=1)) - at_label)
    return loss, F.cross_entropy(scores, labels)[1]


@mistake(
    "CE12",
    of="cross_entropy",
    symptom="The loss is a sum over the batch: N times too large.",
    question="Should the loss double if every sample is given twice?",
    section="2.6",
    affects=("loss",),
    hidden_when="The batch has one sample.",
)
def sum_instead_of_mean(scores, labels):
    log_p = F.log_softmax(scores)[0]
    return -log_p[np.arange(len(labels)), labels].sum(), F.cross_entropy(scores, labels)[1]
