"""Assignment 2, losses: softmax, cross-entropy, the hinge with a penalty, ridge, logistic."""

import numpy as np

from coursepkg import functional as F
from coursepkg.checks import a2_data as data
from coursepkg.checks import worked
from coursepkg.checks.question import Case, Pair, Question, Single

PAPER_SCORES = np.array([[1.0, 2.0, 3.0], [102.0, 101.0, 101.0]])

SOFTMAX = Single(
    function="softmax",
    outputs=("p",),
    reference=lambda scores: F.softmax(scores)[0],
    example=Case("the worked example (N = 2, C = 3)", (PAPER_SCORES,)),
    sample=data.scores,
    edges=data.score_edges,
)

CROSS_ENTROPY = Pair(
    forward="cross_entropy",
    backward="cross_entropy_backward",
    output="loss",
    grads=("dscores",),
    reference=F.cross_entropy,
    reference_backward=F.cross_entropy_backward,
    suggested_cache=lambda scores, labels: (F.softmax(scores)[0], labels),
    example=Case("the worked example (N = 2, C = 3)", (PAPER_SCORES, np.array([0, 2])), 1.0),
    sample=data.loss_sample,
    edges=data.loss_edges,
)

SVM_LOSS = Pair(
    forward="svm_loss",
    backward="svm_loss_backward",
    output="loss",
    grads=("dw", "db"),
    reference=data.svm_loss,
    reference_backward=data.svm_loss_backward,
    suggested_cache=data.svm_cache,
    example=Case(
        "the worked example (N = 3, D = 2, C = 3)",
        (
            np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 1.0]]),
            np.array([0.0, 1.0, -0.5]),
            np.array([[1.0, 2.0], [0.0, 1.0], [2.0, 0.0]]),
            np.array([0, 1, 2]),
            0.5,
        ),
        1.0,
    ),
    sample=data.svm_sample,
    edges=data.svm_edges,
)

RIDGE_FIT = Single(
    function="ridge_fit",
    outputs=("w", "b"),
    reference=data.ridge,
    example=Case(
        "the worked example (N = 4, D = 2, C = 2)",
        (
            np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 4.0], [2.0, 4.0]]),
            np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0]]),
            4.0,
        ),
    ),
    sample=data.ridge_sample,
    edges=data.ridge_edges,
)

LOGISTIC = Pair(
    forward="logistic",
    backward="logistic_backward",
    output="loss",
    grads=("dw", "db"),
    reference=data.logistic,
    reference_backward=data.logistic_backward,
    suggested_cache=data.logistic_cache,
    example=Case(
        "the worked example (N = 3, D = 2)",
        (
            np.array([1.0, -1.0]),
            np.array(-1.0),
            np.array([[2.0, 1.0], [3.0, 0.0], [1.0, 1.0]]),
            np.array([1.0, 0.0, 0.0]),
        ),
        1.0,
    ),
    sample=data.logistic_sample,
    edges=data.logistic_edges,
)

QUESTIONS = (
    Question(
        "A2.softmax",
        SOFTMAX,
        backward=False,
        hints={"p": "each row adds up to 1; take its own largest score out of the exponentials"},
        section="section 2.5, softmax and log-sum-exp",
        sums={"p": worked.softmax},
    ),
    Question(
        "A2.cross_entropy",
        CROSS_ENTROPY,
        backward=False,
        hints={
            "loss": "log-sum-exp of a row minus its score at the label, averaged over the rows; "
            "a logarithm of a probability breaks where that has become 0"
        },
        section="section 2.5, softmax and log-sum-exp",
        sums={"loss": worked.cross_entropy},
    ),
    Question(
        "A2.cross_entropy_backward",
        CROSS_ENTROPY,
        backward=True,
        hints={
            "dscores": "p minus the one-hot label: the entries of a row add up to 0; and the loss "
            "was a mean over N rows, times `dout`"
        },
        section="section 2.6, the gradient of cross-entropy",
        operation="cross_entropy_backward",
        sums={"dscores": worked.cross_entropy_backward},
    ),
    Question(
        "A2.svm_loss",
        SVM_LOSS,
        backward=False,
        hints={
            "loss": "the right class is not compared with itself; the hinge is a mean over the "
            "samples, the penalty lam / 2 * sum(w**2) is added once, without the bias"
        },
        section="section 2.7, the hinge and the penalty",
    ),
    Question(
        "A2.svm_loss_backward",
        SVM_LOSS,
        backward=True,
        hints={
            "dw": "the gradient of the scores first: 1 at each violation, and at the label minus "
            "their number in that row; then x transposed times it, and the penalty's lam * w",
            "db": "the gradient of the scores, added up over the samples; no penalty",
        },
        section="section 2.7, the hinge and the penalty",
    ),
    Question(
        "A2.ridge_fit",
        RIDGE_FIT,
        hints={
            "w": "take the column means out of x and t, then solve (x'x + lam I) w = x't; lam "
            "stands against a sum, not a mean",
            "b": "the line goes through the means: mean(t) = mean(x) w + b",
        },
        section="section 2.2, ridge regression in closed form",
    ),
    Question(
        "A2.logistic",
        LOGISTIC,
        backward=False,
        hints={
            "loss": "a mean of -t log p - (1 - t) log(1 - p), both with a minus; written with the "
            "scores, max(s, 0) - s t + log(1 + exp(-|s|)), it survives any score"
        },
        section="section 2.4, logistic regression",
    ),
    Question(
        "A2.logistic_backward",
        LOGISTIC,
        backward=True,
        hints={
            "dw": "sigmoid and logarithm cancel to p - t for each score; x transposed sends that "
            "on, divided by N, times `dout`",
            "db": "the same p - t, added up and divided by N: one number",
        },
        section="section 2.4, logistic regression",
    ),
)
