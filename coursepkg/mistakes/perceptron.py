"""The perceptron: labels, signs, and what happens exactly on the line."""

import numpy as np

from coursepkg.mistakes.registry import mistake


@mistake(
    "PC1",
    of="sign_update",
    symptom="Every sample moves the weights, also one that was right.",
    question="What should a sample do to the weights that is on the right side already?",
    section="1.4",
    affects=("w",),
    hidden_when="Every sample is on the wrong side.",
)
def updates_always(w, x, y, lr=1.0):
    return w + lr * y * x


@mistake(
    "PC2",
    of="sign_update",
    symptom="The line turns away from a mistake instead of towards it.",
    question="After the step, is y * (w @ x) larger or smaller than before?",
    section="1.4",
    affects=("w",),
    hidden_when="No sample is on the wrong side.",
)
def wrong_sign(w, x, y, lr=1.0):
    return w - lr * y * x if y * (w @ x) <= 0 else w


@mistake(
    "PC3",
    of="sign_update",
    symptom="A point on the line counts as right: from zero weights nothing is ever learned.",
    question="What does your rule do in its first step, when all weights are 0?",
    section="1.4",
    affects=("w",),
    hidden_when="No point is on the line.",
)
def zero_is_right(w, x, y, lr=1.0):
    return w + lr * y * x if y * (w @ x) < 0 else w


@mistake(
    "PC4",
    of="rosenblatt_update",
    symptom="The rule for -1 and +1 meets labels 0 and 1: a wrong negative adds 0 * x.",
    question="How far does a sample with label 0 move the weights in your rule?",
    section="1.4",
    affects=("w",),
    hidden_when="No sample of class 0 is on the wrong side.",
)
def rule_for_other_labels(w, x, d, lr=1.0):
    guess = float(w @ x > 0)
    return w + lr * d * x if guess != d else w


@mistake(
    "PC5",
    of="rosenblatt_update",
    symptom="The error has the wrong sign, and every mistake makes things worse.",
    question="A sample of class 1 gets the answer 0: should w @ x rise or fall?",
    section="1.4",
    affects=("w",),
    hidden_when="No sample is on the wrong side.",
)
def guess_minus_label(w, x, d, lr=1.0):
    guess = float(w @ x > 0)
    return w + lr * (guess - d) * x


@mistake(
    "PC6",
    of="rosenblatt_update",
    symptom="A score of exactly 0 counts as class 1, so the first steps from zero weights differ.",
    question="What does the neuron say to a sum of exactly 0?",
    section="1.2",
    affects=("w",),
    hidden_when="No point is on the line.",
)
def zero_fires(w, x, d, lr=1.0):
    guess = float(w @ x >= 0)
    return w + lr * (d - guess) * x


@mistake(
    "PC11",
    of="rosenblatt_update",
    symptom="The score is used without the threshold, so right samples move the weights too.",
    question="Which values can the output of the neuron have?",
    section="1.4",
    affects=("w",),
)
def no_threshold(w, x, d, lr=1.0):
    return w + lr * (d - w @ x) * x


@mistake(
    "PC12",
    of="step",
    symptom="The neuron fires at a sum of exactly 0.",
    question="What does the neuron say to a sum of exactly 0?",
    section="1.2",
    affects=("out",),
    hidden_when="No entry is 0.",
)
def fires_at_zero(x):
    return (np.asarray(x) >= 0).astype(float)


@mistake(
    "PC7",
    of="perceptron_fit",
    symptom="There is no bias: only lines through the origin can be learned.",
    question="What does your neuron say to a sample of zeros, whatever its weights?",
    section="1.2",
    affects=("w",),
)
def fit_without_bias(x, d, epochs=100):
    w = np.zeros(x.shape[1])
    for _ in range(epochs):
        mistakes = 0
        for row, label in zip(x, d, strict=True):
            error = label - float(w @ row > 0)
            w, mistakes = w + error * row, mistakes + abs(error)
        if mistakes == 0:
            break
    return w


@mistake(
    "PC8",
    of="perceptron_fit",
    symptom="Training ends at the first sample that is right, long before all of them are.",
    question="What do you know of the other samples when one of them is right?",
    section="1.5",
    affects=("w",),
)
def stops_early(x, d, epochs=100):
    rows = np.column_stack([x, np.ones(len(x))])
    w = np.zeros(rows.shape[1])
    for _ in range(epochs):
        for row, label in zip(rows, d, strict=True):
            error = label - float(w @ row > 0)
            if error == 0:
                return w
            w = w + error * row
    return w


@mistake(
    "PC9",
    of="perceptron_fit",
    symptom="One pass over the data is made, however many are allowed.",
    question="After a mistake on the last sample, is the first one still right?",
    section="1.5",
    affects=("w",),
    hidden_when="One pass is enough.",
)
def one_pass(x, d, epochs=100):
    rows = np.column_stack([x, np.ones(len(x))])
    w = np.zeros(rows.shape[1])
    for row, label in zip(rows, d, strict=True):
        w = w + (label - float(w @ row > 0)) * row
    return w


@mistake(
    "PC10",
    of="mistake_bound",
    symptom="The square is missing, and the bound is too low to be true.",
    question="The proof compares two bounds of the length of w: at which power of the number of "
    "mistakes do they meet?",
    section="1.5",
    affects=("out",),
    hidden_when="Radius and margin are equal.",
)
def bound_not_squared(radius, margin):
    return radius / margin
