"""Assignment 1, the perceptron: decide, learn from a mistake, stop; gates; the mistake bound."""

import numpy as np

from coursepkg.checks import a1_data as data
from coursepkg.checks.a1_gates import CORNERS, GATE_TRIALS
from coursepkg.checks.question import Case, Question, Single

QUESTIONS = (
    Question(
        "A1.predict",
        Single(
            function="predict",
            outputs=("labels",),
            reference=data.sides,
            example=Case(
                "the worked example (N = 3, D = 2)",
                (np.array([1.0, -1.0]), 0.5, np.array([[2.0, 1.0], [0.0, 2.0], [0.5, 1.0]])),
            ),
            sample=data.predict_sample,
            edges=data.predict_edges,
            keeps_dtype=False,
        ),
        hints={"labels": "+1 or -1 for each row; a score of exactly 0 means +1"},
        section="section 1.2, sum, bias, threshold",
    ),
    Question(
        "A1.update",
        Single(
            function="update",
            outputs=("w", "b"),
            reference=data.update,
            example=Case(
                "the worked example (D = 2)",
                (np.array([1.0, -1.0]), 0.5, np.array([2.0, 1.0]), -1, 0.5),
            ),
            sample=data.update_sample,
            edges=data.update_edges,
            keeps_dtype=False,
        ),
        hints={
            "w": "only a mistake moves the line, y * score <= 0; then by lr * y * x",
            "b": "the bias is the weight of an input that is always 1",
        },
        section="section 1.4, the learning rule",
    ),
    Question(
        "A1.fit",
        Single(
            function="fit",
            outputs=("w", "b", "mistakes"),
            reference=data.fit,
            example=Case(
                "the worked example, OR (N = 4, D = 2)", (CORNERS, np.array([-1, 1, 1, 1]), 20)
            ),
            sample=data.fit_sample,
            edges=data.fit_edges,
            keeps_dtype=False,
        ),
        hints={
            "w": "from zeros, the rows in their order, w changed at once after each mistake",
            "b": "the bias learns as the weights do, with an input of 1",
            "mistakes": "one number for each epoch, the last of them 0 if there was an epoch "
            "without a mistake; then it ends, and at latest after max_epochs",
        },
        section="section 1.4, the learning rule",
    ),
    Question("A1.gate_weights", GATE_TRIALS, section="section 1.6, gates and XOR"),
    Question(
        "A1.mistake_bound",
        Single(
            function="mistake_bound",
            outputs=("bound",),
            reference=data.bound,
            example=Case(
                "the worked example (N = 4, D = 2)",
                (
                    np.array([1.0, 1.0]),
                    0.0,
                    np.array([[2.0, 1.0], [1.0, 2.0], [-1.0, -1.0], [-2.0, -1.0]]),
                    np.array([1, 1, -1, -1]),
                ),
            ),
            sample=data.bound_sample,
            edges=data.bound_edges,
        ),
        hints={
            "bound": "(R / gamma) squared; with the 1 that stands for the bias, R is a length of "
            "D + 1 numbers, and so is the (w, b) that gamma is divided by"
        },
        section="section 1.5, the convergence theorem",
    ),
)
