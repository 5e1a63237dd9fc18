"""Softmax by itself, and the hinge loss."""

import numpy as np

from coursepkg import functional as F
from coursepkg.mistakes.registry import mistake


@mistake(
    "SM1",
    of="softmax",
    symptom="All entries of the batch together add up to 1.",
    question="What do the probabilities of one sample add up to?",
    section="2.5",
    affects=("out",),
    hidden_when="There is one row.",
)
def softmax_of_the_batch(x, axis=-1):
    e = np.exp(x - x.max())
    return e / e.sum(), F.softmax(x, axis)[1]


@mistake(
    "SM2",
    of="softmax",
    symptom="The columns add up to 1 instead of the rows.",
    question="Which axis of the scores runs over the classes?",
    section="2.5",
    affects=("out",),
)
def softmax_down_the_columns(x, axis=-1):
    e = np.exp(x - x.max(axis=0))
    return e / e.sum(axis=0), F.softmax(x, axis)[1]


@mistake(
    "SM3",
    of="softmax",
    symptom="Large scores overflow: inf / inf is nan.",
    question="What is exp(1000) in floating point?",
    section="2.5",
    affects=("out",),
    hidden_when="No score is larger than 700.",
)
def softmax_without_maximum(x, axis=-1):
    e = np.exp(x)
    return e / e.sum(axis=axis, keepdims=True), F.softmax(x, axis)[1]


@mistake(
    "SM4",
    of="softmax",
    symptom="A row far below the largest score of the batch underflows: 0 / 0 is nan.",
    question="Is the largest score of the batch the largest of each row?",
    section="2.5",
    affects=("out",),
    hidden_when="The rows lie close together.",
)
def softmax_with_one_maximum(x, axis=-1):
    e = np.exp(x - x.max())
    return e / e.sum(axis=axis, keepdims=True), F.softmax(x, axis)[1]


@mistake(
    "SM5",
    of="softmax_backward",
    symptom="Only the diagonal of the Jacobian is used, as if every output had its own input.",
    question="If one score grows, what happens to the probabilities of the others?",
    section="2.6",
    affects=("dx",),
)
def diagonal_of_the_jacobian(dout, cache):
    return dout * cache.out * (1 - cache.out)


@mistake(
    "SM6",
    of="softmax_backward",
    symptom="One number is subtracted in the whole batch instead of one in every row.",
    question="Do the rows of a softmax have anything to do with one another?",
    section="2.6",
    affects=("dx",),
    hidden_when="There is one row.",
)
def sum_over_everything(dout, cache):
    return cache.out * (dout - np.sum(dout * cache.out))


@mistake(
    "SM7",
    of="softmax_backward",
    symptom="The sum of dout is subtracted without weighing it by the probabilities.",
    question="Row i of the Jacobian is p_i (1[i = j] - p_j): where is your p_j?",
    section="2.6",
    affects=("dx",),
)
def unweighted_sum(dout, cache):
    out, axis = cache
    return out * (dout - dout.sum(axis=axis, keepdims=True))


@mistake(
    "SM8",
    of="log_softmax_backward",
    symptom="The logarithms are used where the probabilities belong.",
    question="Is what this cache holds positive, as a probability is?",
    section="2.6",
    affects=("dx",),
)
def logarithm_as_probability(dout, cache):
    out, axis = cache
    return dout - out * dout.sum(axis=axis, keepdims=True)


@mistake(
    "SM9",
    of="log_softmax_backward",
    symptom="The probabilities are subtracted as they are, right only where a row of dout adds "
    "up to 1.",
    question="By how much does the log of the sum change a row, if its dout is twice as large?",
    section="2.6",
    affects=("dx",),
    hidden_when="Every row of dout adds up to 1.",
)
def sum_of_dout_forgotten(dout, cache):
    return dout - np.exp(cache.out)


@mistake(
    "SVM1",
    of="multiclass_hinge_loss_backward",
    symptom="The column of the label stays 0: the right score is never pushed up.",
    question="Every violated margin contains the score of the label: with which sign?",
    section="2.7",
    affects=("dscores",),
)
def label_left_out(dout, cache):
    return dout * cache.violations / len(cache.violations)


@mistake(
    "SVM2",
    of="multiclass_hinge_loss_backward",
    symptom="The label gets -1, however many classes came too close.",
    question="In how many of the violated margins does the score of the label stand?",
    section="2.7",
    affects=("dscores",),
    hidden_when="There are two classes, or one violation in every row.",
)
def label_counted_once(dout, cache):
    violations, labels = cache
    one_hot = np.eye(violations.shape[1])[labels]
    once = violations.any(axis=1, keepdims=True)
    return dout * (violations - once * one_hot) / len(violations)


@mistake(
    "SVM4",
    of="multiclass_hinge_loss_backward",
    symptom="The gradient is N times too large: the mean over the samples is missing.",
    question="The loss was a mean over N rows: what does that do to its gradient?",
    section="2.7",
    affects=("dscores",),
    hidden_when="The batch has one sample.",
)
def hinge_not_divided(dout, cache):
    return F.multiclass_hinge_loss_backward(dout, cache) * len(cache.labels)


@mistake(
    "SVM3",
    of="multiclass_hinge_loss",
    symptom="The loss is too large by the margin: the right class is compared with itself.",
    question="What is the loss of a sample whose right class leads by far?",
    section="2.7",
    affects=("loss",),
    hidden_when="Only the gradient is looked at, in which the term cancels.",
)
def right_class_counted(scores, labels, margin=1.0):
    right = scores[np.arange(len(labels)), labels][:, None]
    loss = np.maximum(0, scores - right + margin).sum() / len(scores)
    return loss, F.multiclass_hinge_loss(scores, labels, margin)[1]


@mistake(
    "SVM5",
    of="multiclass_hinge_loss",
    symptom="Margins that are kept count as well, and make the loss smaller or even negative.",
    question="What should a class cost that is far behind the right one?",
    section="2.7",
    affects=("loss",),
    hidden_when="Every margin is violated.",
)
def no_hinge(scores, labels, margin=1.0):
    gaps = scores - scores[np.arange(len(labels)), labels][:, None] + margin
    gaps[np.arange(len(labels)), labels] = 0
    return gaps.sum() / len(scores), F.multiclass_hinge_loss(scores, labels, margin)[1]
