"""Models that are linear: penalties and ridge."""

import numpy as np

from coursepkg.mistakes import right
from coursepkg.mistakes.registry import mistake


@mistake(
    "REG1",
    of="l2_penalty_backward",
    symptom="The penalty's gradient is half of what it should be.",
    question="What is left of the half when the square is differentiated?",
    section="2.7",
    affects=("dw",),
    hidden_when="lam is 0.",
)
def half_kept(dout, cache):
    return dout * 0.5 * cache.lam * cache.w


@mistake(
    "REG2",
    of="l2_penalty_backward",
    symptom="The penalty's gradient is twice what it should be: the half is forgotten.",
    question="What is left of the half when the square is differentiated?",
    section="2.7",
    affects=("dw",),
    hidden_when="lam is 0.",
)
def half_of_the_penalty_forgotten(dout, cache):
    return dout * 2 * cache.lam * cache.w


@mistake(
    "REG6",
    of="l2_penalty_backward",
    symptom="The penalty pushes every weight by the same length, as an L1 penalty does.",
    question="Should a large weight shrink faster than a small one?",
    section="2.7",
    affects=("dw",),
    hidden_when="Every weight is 1 or -1.",
)
def sign_of_the_weights(dout, cache):
    return dout * cache.lam * np.sign(cache.w)


@mistake(
    "REG3",
    of="softmax_regression",
    symptom="The penalty is in the loss but not in the gradient.",
    question="Which terms of the loss contain w?",
    section="2.7",
    affects=("dw",),
    hidden_when="lam is 0.",
)
def penalty_without_gradient(x, labels, w, b, lam):
    loss, dw, db = right.softmax_regression(x, labels, w, b, lam)
    return loss, dw - lam * w, db


@mistake(
    "REG4",
    of="softmax_regression",
    symptom="The penalty's gradient is divided by N together with that of the data.",
    question="Does the penalty stand inside the mean over the samples?",
    section="2.7",
    affects=("dw",),
    hidden_when="lam is 0, or the batch has one sample.",
)
def penalty_divided_by_n(x, labels, w, b, lam):
    loss, dw, db = right.softmax_regression(x, labels, w, b, lam)
    return loss, dw - lam * w + lam * w / len(x), db


@mistake(
    "REG5",
    of="softmax_regression",
    symptom="The bias is punished too.",
    question="Should shifting all the data cost anything?",
    section="2.7",
    affects=("loss", "db"),
    hidden_when="b is zero, as it is at first.",
)
def bias_penalised(x, labels, w, b, lam):
    loss, dw, db = right.softmax_regression(x, labels, w, b, lam)
    return loss + lam / 2 * np.sum(b * b), dw, db + lam * b


@mistake(
    "REG7",
    of="softmax_regression",
    symptom="There is no penalty at all.",
    question="Does your loss change with lam?",
    section="2.7",
    affects=("loss", "dw"),
    hidden_when="lam is 0.",
)
def no_penalty(x, labels, w, b, lam):
    return right.softmax_regression(x, labels, w, b, 0.0)


@mistake(
    "RID1",
    of="ridge_fit",
    symptom="lam is added to every entry of the matrix instead of to its diagonal.",
    question="Which matrix, times w, is lam * w?",
    section="2.2",
    affects=("w",),
    hidden_when="lam is 0, or there is one feature.",
)
def lam_everywhere(x, t, lam):
    return np.linalg.solve(x.T @ x + lam, x.T @ t)


@mistake(
    "RID2",
    of="ridge_fit",
    symptom="There is no penalty: this is plain least squares.",
    question="What does your fit do with lam?",
    section="2.2",
    affects=("w",),
    hidden_when="lam is 0.",
)
def no_lambda(x, t, lam):
    return np.linalg.solve(x.T @ x, x.T @ t)


@mistake(
    "RID3",
    of="ridge_fit",
    symptom="The penalty is subtracted: it makes the weights larger.",
    question="Should the weights become larger or smaller when lam grows?",
    section="2.2",
    affects=("w",),
    hidden_when="lam is 0.",
)
def lam_subtracted(x, t, lam):
    return np.linalg.solve(x.T @ x - lam * np.eye(x.shape[1]), x.T @ t)
