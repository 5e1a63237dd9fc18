# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: nbgrader,tags,-all
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A1: the perceptron
#
# In 1958 a newspaper reported on a machine that would one day walk, talk and be conscious of its
# existence. What it could do that day was tell left from right, after fifty attempts. Nobody had
# told it how, only when it was wrong.
#
# Today you write that machine; it is about ten lines long. It decides with one straight line, it
# moves the line only after a mistake, and if any line is right it finds one after a number of
# mistakes that you can compute beforehand. If no line is right, it never ends. Guess now: which of
# AND, OR and exclusive or will do that?
#
# | function | what it does | points |
# |---|---|---|
# | `predict` | on which side of the line is each sample? | 3 |
# | `update` | one sample: move the line, if it was wrong | 5 |
# | `fit` | all samples, again and again, until no mistake is left | 6 |
# | `gate_weights` | lines for AND, OR, NAND, NOR and more | 3 |
# | `mistake_bound` | how many mistakes there can be at most | 3 |
#
# **The conventions, for all five functions**
#
# - A sample is a row $x$ with $D$ numbers, the samples are $X\,(N\times D)$. The line has weights
#   $w\,(D)$ and a bias $b$, one number. The score of a sample is $x^\top w + b$.
# - Labels are $-1$ and $+1$. (Some books take 0 and 1. Their rule looks different; mixed up with
#   this one, it learns nothing from samples that are labelled 0.)
# - The arrays you are given stay as they are: `w += y * x` writes into somebody else's array,
#   where `w = w + y * x` makes a new one.

# %% [markdown]
# ## How you will know
#
# Below each function stands a cell with a `check`. It compares your function with the worked
# example and with random numbers, and says what differs first. Run it as often as you like; it
# costs nothing.
#
# What the check does **not** tell you: after submission the same engine runs on other random
# numbers and on edge cases, such as a single sample, a sample exactly on the line, data that no
# line separates. Its last line always says so. The shape of what you return earns 10 % of the
# points, the worked example 25 %, random numbers 40 %, edge cases 15 %, and 10 % are for leaving
# the arrays you were given alone and giving the same answer twice. Each returned value counts by
# itself. For `gate_weights` each gate counts the same.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from coursepkg.checks import check, grade

# %% [markdown]
# ## 1. One neuron that decides
#
# A sample with a positive score is in class $+1$, with a negative score in class $-1$. And with a
# score of exactly 0? The decks disagree; we say $+1$. `np.sign` says 0, which is no class at all.
#
# For paper, with $w = (1, -1)$ and $b = 0.5$:
#
# | $x$ | score | label |
# |---|---|---|
# | $(2, 1)$ | 1.5 | $+1$ |
# | $(0, 2)$ | -1.5 | $-1$ |
# | $(0.5, 1)$ | 0 | $+1$ |


# %% nbgrader={"grade": false, "grade_id": "predict_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict(w, b, x):
    """Say on which side of the line each sample lies.

    Parameters
    ----------
    w : array (D,)
    b : one number
    x : array (N, D)

    Returns
    -------
    labels : array (N,) of -1 and +1; +1 where the score is exactly 0
    """
    ### BEGIN SOLUTION
    return np.where(x @ w + b >= 0, 1, -1)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "predict", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A1.predict")
### BEGIN HIDDEN TESTS
grade("A1.predict", points=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Learning from one mistake
#
# A sample $x$ with label $y$ is on its right side if $y$ and its score have the same sign, so if
# $y\,(x^\top w + b) > 0$. Then leave the line where it is. Otherwise move it:
#
# $$w \leftarrow w + \eta\,y\,x,\qquad b \leftarrow b + \eta\,y$$
#
# with a learning rate $\eta$. What does that do to the score of this very sample? It changes by
# $\eta\,y\,(\lvert x\rvert^2 + 1)$: in the direction of its label, always.
#
# A sample exactly on the line has to be called something by `predict`, but here it is on neither
# side, so it **counts as a mistake**, whatever its label. Otherwise learning, which starts with
# all weights 0 and every sample on the line, might never begin.
#
# For paper: the line from above, the sample $x = (2, 1)$, but now with label $-1$, and $\eta =
# 0.5$. The score is 1.5, so $y$ times the score is negative: a mistake. The new line has $w = (1,
# -1) - 0.5\,(2, 1) = (0, -1.5)$ and $b = 0.5 - 0.5 = 0$. The score of the sample is now $-1.5$; it
# fell by $0.5\cdot(5 + 1) = 3$.


# %% nbgrader={"grade": false, "grade_id": "update_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def update(w, b, x, y, lr):
    """Move the line if the sample is not on its right side; else return it as it was.

    Parameters
    ----------
    w : array (D,)
    b : one number
    x : array (D,), one sample
    y : its label, -1 or +1
    lr : learning rate, one positive number

    Returns
    -------
    w : array (D,), a new one if it changed
    b : one number
    """
    ### BEGIN SOLUTION
    if y * (x @ w + b) > 0:
        return w, b
    return w + lr * y * x, b + lr * y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "update", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("A1.update")
### BEGIN HIDDEN TESTS
grade("A1.update", points=5)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Again and again
#
# Start with $w = 0$ and $b = 0$, and with $\eta = 1$. One **epoch** is one pass through the
# samples, in the order of their rows; each is judged by the line as it is at that moment. Count
# the mistakes of each epoch. After an epoch without any, every sample is on its right side: stop.
# Stop in any case after `max_epochs` epochs.
#
# Why no other learning rate? Starting from 0, all that it changes is the length of $w$ and $b$.
#
# OR, for paper. The first epoch:
#
# | $x$ | $y$ | score | mistake | $w$ | $b$ |
# |---|---|---|---|---|---|
# | $(0, 0)$ | $-1$ | 0 | yes | $(0, 0)$ | $-1$ |
# | $(0, 1)$ | $+1$ | -1 | yes | $(0, 1)$ | $0$ |
# | $(1, 0)$ | $+1$ | 0 | yes | $(1, 1)$ | $1$ |
# | $(1, 1)$ | $+1$ | 3 | no | $(1, 1)$ | $1$ |
#
# Three mistakes. Go on, and you find 1, 2, 2, 1 and 0 in the next epochs, and at the end $w = (2,
# 2)$ and $b = -1$. The mistakes do not fall steadily, so "fewer than last time" is no sign to
# stop, and neither is a row of right answers before the epoch is over.
#
# When yours works, open a cell of your own and try exclusive or, labels $(-1, 1, 1, -1)$, with a
# `max_epochs` of 8. What happens to the line in the course of each epoch?


# %% nbgrader={"grade": false, "grade_id": "fit_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fit(x, y, max_epochs):
    """Learn a line from samples, met in their order, epoch by epoch.

    Parameters
    ----------
    x : array (N, D)
    y : array (N,) of -1 and +1
    max_epochs : number of epochs after which to give up, 1 or more

    Returns
    -------
    w : array (D,)
    b : one number
    mistakes : list with the number of mistakes in each epoch; it ends with 0 if an epoch went
        without any, else it has max_epochs entries
    """
    ### BEGIN SOLUTION
    w, b, mistakes = np.zeros(x.shape[1]), 0.0, []
    while len(mistakes) < max_epochs and (not mistakes or mistakes[-1] > 0):
        mistakes.append(0)
        for row, label in zip(x, y, strict=True):
            if label * (row @ w + b) <= 0:
                w, b = w + label * row, b + label
                mistakes[-1] += 1
    return w, b, mistakes
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "fit", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("A1.fit")
### BEGIN HIDDEN TESTS
grade("A1.fit", points=6)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Gates
#
# Now without learning, with your own eyes. Draw the four corners $(0,0)$, $(0,1)$, $(1,0)$,
# $(1,1)$ of a square. A gate with two inputs is a colouring of these corners: AND marks only
# $(1,1)$. A neuron computes it if a line has the marked corners on its positive side and the
# others on the negative one. For AND that is $x_1 + x_2 - 1.5$: the scores are $-1.5, -0.5, -0.5,
# 0.5$.
#
# Find lines for the others. No corner may lie exactly on the line; there is always room beside it.
# `AND NOT` is 1 where the first input is 1 and the second is not.
#
# For XOR there is no line. (Of the four scores, those of the two marked corners and those of the
# two others have the same sum. Why does that end the search?) Return `None`.


# %% nbgrader={"grade": false, "grade_id": "gate_weights_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gate_weights(name):
    """Return the line of a neuron that computes a Boolean function of two inputs, 0 or 1.

    Parameters
    ----------
    name : "AND", "OR", "NAND", "NOR", "AND NOT" or "XOR"

    Returns
    -------
    w : array (2,)
    b : one number; the score ``x @ w + b`` is positive where the gate is 1, negative where it is 0

    It is None in place of both where there is no such line.
    """
    ### BEGIN SOLUTION
    lines = {
        "AND": ([1.0, 1.0], -1.5),
        "OR": ([1.0, 1.0], -0.5),
        "NAND": ([-1.0, -1.0], 1.5),
        "NOR": ([-1.0, -1.0], 0.5),
        "AND NOT": ([1.0, -1.0], -0.5),
    }
    if name not in lines:
        return None
    w, b = lines[name]
    return np.array(w), b
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "gate_weights", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A1.gate_weights")
### BEGIN HIDDEN TESTS
grade("A1.gate_weights", points=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. It cannot go wrong for ever
#
# Suppose that somebody knows a line $(w, b)$ with every sample on its right side. Then your `fit`,
# which does not know it, makes at most $(R/\gamma)^2$ mistakes in all its epochs together,
# whatever the order of the samples. Each mistake turns the weights towards that line by a good
# bit, and lengthens them by little; section 1.5 has the proof.
#
# The bias is the weight of an input that is always 1. So write $\tilde x = (x, 1)$ and
# $\tilde w = (w, b)$, both with $D + 1$ numbers. $R$ is the largest length of an $\tilde x$, and
# $\gamma$ is the distance of the nearest one from the line:
#
# $$R = \max_n\lvert\tilde x_n\rvert,\qquad
# \gamma = \min_n\frac{y_n\,\tilde x_n^\top\tilde w}{\lvert\tilde w\rvert}$$
#
# For paper: $(2,1)$ and $(1,2)$ are in class $+1$, $(-1,-1)$ and $(-2,-1)$ in class $-1$, and the
# line is $w = (1, 1)$, $b = 0$. The longest $\tilde x$ is $(2, 1, 1)$, among others, so $R^2 = 6$.
# The scores times the labels are $3, 3, 2, 3$, and $\lvert\tilde w\rvert = \sqrt2$, so $\gamma =
# 2/\sqrt2 = \sqrt2$. The bound is $6/2 = 3$. (`fit` makes 1 mistake.)
#
# Whoever knows the line with the widest margin has the smallest bound. Make all weights and the
# bias ten times as large: what happens to the bound?


# %% nbgrader={"grade": false, "grade_id": "mistake_bound_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mistake_bound(w, b, x, y):
    """Return the largest number of mistakes that learning these samples can cost.

    Parameters
    ----------
    w : array (D,)
    b : one number; with w it is a line that has every sample on its right side
    x : array (N, D)
    y : array (N,) of -1 and +1

    Returns
    -------
    bound : one number, (R / gamma)^2, not rounded
    """
    ### BEGIN SOLUTION
    radius = np.sqrt((x**2).sum(axis=1) + 1).max()
    margin = (y * (x @ w + b)).min() / np.sqrt(w @ w + b**2)
    return (radius / margin) ** 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "mistake_bound", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A1.mistake_bound")
### BEGIN HIDDEN TESTS
grade("A1.mistake_bound", points=3)
### END HIDDEN TESTS
