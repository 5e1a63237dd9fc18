"""Losses whose value is wrong, and squared errors."""

import numpy as np

from coursepkg import functional as F
from coursepkg.mistakes.registry import mistake


@mistake(
    "CE13",
    of="cross_entropy",
    symptom="The maximum of the whole batch is taken out, and rows far below it underflow.",
    question="Is the largest score of the batch the largest of each row?",
    section="2.5",
    affects=("loss",),
    hidden_when="The rows lie close together.",
)
def maximum_of_the_batch(scores, labels):
    scores = scores - scores.max()
    at_label = scores[np.arange(len(labels)), labels]
    loss = np.mean(np.log(np.exp(scores).sum(axis=1)) - at_label)
    return loss, F.cross_entropy(scores, labels)[1]


@mistake(
    "CE14",
    of="cross_entropy",
    symptom="The logarithm is taken of a probability that may be 0 in floating point: inf.",
    question="What is log(softmax(s)) where the softmax underflows, and what should it be?",
    section="2.5",
    affects=("loss",),
    hidden_when="No probability underflows.",
)
def logarithm_of_softmax(scores, labels):
    p = F.softmax(scores)[0]
    return -np.log(p[np.arange(len(p)), labels]).mean(), F.cross_entropy(scores, labels)[1]


@mistake(
    "CE15",
    of="cross_entropy",
    symptom="The loss is negative, and falls when the prediction gets worse.",
    question="Is the logarithm of a probability positive or negative?",
    section="2.6",
    affects=("loss",),
)
def no_minus_sign(scores, labels):
    log_p = F.log_softmax(scores)[0]
    return log_p[np.arange(len(labels)), labels].mean(), F.cross_entropy(scores, labels)[1]


@mistake(
    "CE16",
    of="cross_entropy",
    symptom="The loss is a mean over all N * C entries: C times too small.",
    question="How many numbers of log p does a sample contribute to the loss?",
    section="2.6",
    affects=("loss",),
)
def mean_over_the_classes(scores, labels):
    one_hot = np.eye(scores.shape[1])[labels]
    return -np.mean(one_hot * F.log_softmax(scores)[0]), F.cross_entropy(scores, labels)[1]


@mistake(
    "MSE1",
    of="mse_loss_backward",
    symptom="The 2 of the square is missing: half of the gradient.",
    question="What is the derivative of the square of e?",
    section="2.8",
    affects=("dpredictions",),
)
def two_forgotten(dout, cache):
    return dout * cache.error / cache.error.size


@mistake(
    "MSE2",
    of="mse_loss_backward",
    symptom="Divided by N only, although the loss is a mean over all entries.",
    question="Over how many numbers did the loss take its mean?",
    section="2.8",
    affects=("dpredictions",),
    hidden_when="There is one output column.",
)
def divided_by_the_rows(dout, cache):
    return dout * 2 * cache.error / len(cache.error)


@mistake(
    "MSE3",
    of="mse_loss_backward",
    symptom="The sign is wrong: the gradient points from the prediction to the target.",
    question="If a prediction that is too large grows, does the loss rise or fall?",
    section="2.8",
    affects=("dpredictions",),
)
def targets_minus_predictions(dout, cache):
    return dout * 2 * (-cache.error) / cache.error.size


@mistake(
    "MSE4",
    of="mse_loss",
    symptom="The loss is a sum of squares, not their mean.",
    question="Should the loss double if every sample is given twice?",
    section="2.8",
    affects=("loss",),
    hidden_when="There is one entry.",
)
def sum_of_squares(predictions, targets):
    return np.sum((predictions - targets) ** 2), F.mse_loss(predictions, targets)[1]


@mistake(
    "MSE5",
    of="half_squared_error_backward",
    symptom="A 2 too many: the half of the loss took it away already.",
    question="What is the derivative of half a square?",
    section="6.7",
    affects=("dpredictions",),
)
def half_forgotten(dout, cache):
    return dout * 2 * cache.error / len(cache.error)


@mistake(
    "MSE6",
    of="half_squared_error_backward",
    symptom="The gradient is N times too large: the mean over the samples is missing.",
    question="The loss was a mean over N samples: what does that do to its gradient?",
    section="6.7",
    affects=("dpredictions",),
    hidden_when="The batch has one sample.",
)
def squared_error_not_divided(dout, cache):
    return dout * cache.error


@mistake(
    "BCE1",
    of="binary_cross_entropy_with_logits_backward",
    symptom="The derivative of the sigmoid is multiplied in twice: a quarter at most is left.",
    question="p - t is the gradient at the scores: what is there left to multiply by?",
    section="2.4",
    affects=("dscores",),
)
def sigmoid_derivative_too_many(dout, cache):
    p, _ = F.sigmoid(cache.scores)
    return dout * (p - cache.targets) / p.size * p * (1 - p)


@mistake(
    "BCE2",
    of="binary_cross_entropy_with_logits_backward",
    symptom="Samples of class 0 get no gradient: the part with 1 - t is missing.",
    question="What pushes the score of a sample down whose target is 0?",
    section="2.4",
    affects=("dscores",),
    hidden_when="Every target is 1.",
)
def only_the_positive_class(dout, cache):
    p, _ = F.sigmoid(cache.scores)
    return dout * cache.targets * (p - 1) / p.size


@mistake(
    "BCE3",
    of="binary_cross_entropy_with_logits_backward",
    symptom="The gradient is as many times too large as there are samples.",
    question="The loss was a mean: what does that do to its gradient?",
    section="2.4",
    affects=("dscores",),
    hidden_when="There is one sample.",
)
def logistic_not_divided(dout, cache):
    p, _ = F.sigmoid(cache.scores)
    return dout * (p - cache.targets)


@mistake(
    "BCE4",
    of="binary_cross_entropy_with_logits",
    symptom="Where the sigmoid rounds to 0 or 1 the loss is nan or infinite.",
    question="What is 1 - sigmoid(40) in floating point, and what is its logarithm?",
    section="2.4",
    affects=("loss",),
    hidden_when="No score is far from 0.",
)
def logarithm_of_sigmoid(scores, targets):
    p, _ = F.sigmoid(scores)
    losses = -targets * np.log(p) - (1 - targets) * np.log(1 - p)
    return losses.mean(), F.binary_cross_entropy_with_logits(scores, targets)[1]
