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
# # A2: losses
#
# A linear model looks at a picture and says: cat 2.1, dog 5.3, ship -0.4. It was a cat. How wrong
# is that, as one number? And which way should each of the three scores move, and how far?
#
# A loss is an answer to both questions. In this assignment you write four of them: softmax with
# cross-entropy, the hinge of the support vector machine, squared errors with a penalty, and the
# logistic loss. Three of them you differentiate by hand. For the squared errors you need no steps
# downhill at all: the best weights come out of one linear system.
#
# Why this is hard: each loss is one line in a book, and typed in as it stands two of the four
# break on large scores. One of the ways to break returns minus infinity, which looks like the best
# loss that anybody has ever had.
#
# | function | what it does | points |
# |---|---|---|
# | `softmax` | scores become probabilities | 4 |
# | `cross_entropy` | minus the logarithm of the right class's probability | 3 |
# | `cross_entropy_backward` | `dscores` | 6 |
# | `svm_loss` | hinge of all wrong classes, and a penalty on the weights | 3 |
# | `svm_loss_backward` | `dw`, `db` | 4 |
# | `ridge_fit` | the weights and biases with the least squared error and penalty | 5 |
# | `logistic` | the loss of one score that says yes or no | 2 |
# | `logistic_backward` | `dw`, `db` | 3 |
#
# **The pattern.** A loss and its gradient are a pair of functions. The forward function returns
# the loss and a `cache` with what the backward function will want to know. The backward function
# gets `dout`, the gradient of whatever follows with respect to the loss, and that cache:
#
# ```python
# loss, cache = cross_entropy(scores, labels)
# dscores = cross_entropy_backward(1.0, cache)
# ```
#
# `dout` is 1.0 when the loss is what you minimise, and something else when somebody multiplies it.
# What goes into the cache is yours to decide. We suggest one in each docstring.
#
# **House rules**
#
# - A gradient has exactly the shape of what it belongs to.
# - The arrays you are given stay as they are: `scores -= scores.max()` writes into somebody else's
#   array.
# - `float32` in, `float32` out. `np.zeros(...)` and `np.eye(...)` make `float64` unless you pass
#   `dtype=`.
# - A loss of a batch is the **mean** over its samples, and a penalty is added once.

# %% [markdown]
# ## How you will know
#
# Below each function stands a cell with a `check`. It compares your function with the worked
# example and with random numbers (a gradient with a numerical one), and says what differs first.
# Run it as often as you like; it costs nothing.
#
# What the check does **not** tell you: after submission the same engine runs on other random
# numbers and on edge cases, such as a batch of one sample, scores of ten thousand, rows that lie a
# thousand apart. Its last line always says so. A backward function earns 10 % of its points for
# shapes and dtypes, 15 % for the worked example, 50 % for the gradient check (each gradient counts
# by itself), 15 % for edge cases, and 10 % for keeping the house rules. For the others it is 10,
# 25, 40, 15 and 10 %, with right values in place of the gradient check.
#
# If your forward function is wrong, its backward function is graded with the cache suggested in
# the docstring. One mistake costs you once.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from coursepkg.checks import check, grade

# %% [markdown]
# ## 1. Softmax
#
# Row $n$ of `scores` $(N\times C)$ holds one number for each of $C$ classes, any real numbers.
# Softmax turns a row $s$ into probabilities: $p_j = e^{s_j} / \sum_k e^{s_k}$, all positive, and
# together 1.
#
# For paper: the row $(1, 2, 3)$ becomes $(0.0900,\,0.2447,\,0.6652)$. Now the row $(102, 101,
# 101)$. Do you need $e^{102}$? Take 101 away from each score: numerator and denominator are both
# divided by $e^{101}$, and the quotient stays. So it is the row $(1, 0, 0)$, and $e/(e+2) =
# 0.5761$:
#
# $$\mathrm{scores}=\begin{pmatrix}1&2&3\\102&101&101\end{pmatrix}\quad\Rightarrow\quad
# p=\begin{pmatrix}0.0900&0.2447&0.6652\\0.5761&0.2119&0.2119\end{pmatrix}$$
#
# That is also what saves the program, which would otherwise fail at a score of 710, where $e^s$
# no longer fits into a number: subtract from each row its own largest entry, and no exponential
# exceeds 1.
#
# A lecture that is used in many places subtracts the largest entry of the whole batch. Predict
# before you run the next cell: what becomes of the second row?

# %%
batch = np.array([[0.0, 1.0], [-1000.0, -1001.0]])
exps = np.exp(batch - batch.max())
with np.errstate(invalid="ignore"):
    print("the batch's maximum subtracted:", (exps / exps.sum(axis=1, keepdims=True)).round(4))


# %% nbgrader={"grade": false, "grade_id": "softmax_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(scores):
    """Turn each row of scores into probabilities.

    Parameters
    ----------
    scores : array (N, C)

    Returns
    -------
    p : array (N, C), each row adds up to 1
    """
    ### BEGIN SOLUTION
    exps = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "softmax", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("A2.softmax")
### BEGIN HIDDEN TESTS
grade("A2.softmax", points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Cross-entropy
#
# `labels[n]` is the right class of row $n$, a whole number from 0 to $C - 1$. The loss of a row is
# $-\log p_y$ with $y$ its label: 0 if the model is sure and right, and the larger the surer it is
# of something else. The loss of the batch is the mean.
#
# (The minus matters. One of the lectures prints the sum without it. Whoever minimises that teaches
# the model to be wrong.)
#
# With the scores from above and labels 0 and 2: the first row loses $-\log 0.0900 = 2.4076$, the
# second $-\log 0.2119 = 1.5514$, the batch $1.9795$.
#
# Calling your `softmax` and taking the logarithm gives these numbers, and infinity on other days:
# a probability of $e^{-800}$ is stored as 0. But $-\log p_y = \log\sum_k e^{z_k} - z_y$ with $z =
# s - \max_k s_k$, and there you never take the logarithm of a small number: one of the
# exponentials is $e^0$. If you want the probabilities for the cache as well, they are $e^{z_j -
# \log\sum_k e^{z_k}}$.


# %% nbgrader={"grade": false, "grade_id": "cross_entropy_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy(scores, labels):
    """Compute the softmax cross-entropy, averaged over the batch.

    Parameters
    ----------
    scores : array (N, C)
    labels : array (N,) of integers in 0 .. C-1

    Returns
    -------
    loss : one number
    cache : what `cross_entropy_backward` needs; suggested: (p, labels) with p of shape (N, C),
        the softmax of each row
    """
    ### BEGIN SOLUTION
    z = scores - scores.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(len(z)), labels].mean()
    return loss, (np.exp(log_p), labels)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "cross_entropy", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A2.cross_entropy")
### BEGIN HIDDEN TESTS
grade("A2.cross_entropy", points=3)
### END HIDDEN TESTS

# %% [markdown]
# Now the question of the first line: which way should each score move? Write $t$ for the one-hot
# row of the label, 1 at $y$ and 0 elsewhere. Two factors meet in the chain rule.
#
# - From the loss to the probabilities: $-1/p_y$ at the label, 0 elsewhere.
# - From the probabilities to the scores: **every** probability depends on **every** score, since
#   all share the denominator. $\partial p_k/\partial s_j = p_k(\delta_{kj} - p_j)$, with
#   $\delta_{kj} = 1$ if $k = j$ and 0 if not.
#
# Multiply them on paper; one line suffices, and little is left of it. With only the diagonal of
# that matrix, $p_j(1 - p_j)$, which one lecture prints on its softmax slide, all wrong classes
# would get a gradient of 0: nobody would ever tell them to come down.
#
# The example again, with `dout` = 1:
#
# $$\mathrm{dscores}=\begin{pmatrix}-0.4550&0.1224&0.3326\\0.2881&0.1060&-0.3940\end{pmatrix}$$
#
# Each row adds up to 0. Why must it? And where did the mean over the batch go? A batch of one
# sample will not tell you.


# %% nbgrader={"grade": false, "grade_id": "cross_entropy_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy_backward(dout, cache):
    """Send the gradient of the loss back to the scores.

    Parameters
    ----------
    dout : one number, gradient of what follows with respect to the loss; usually 1.0
    cache : what `cross_entropy` returned; suggested: (p, labels)

    Returns
    -------
    dscores : array (N, C)
    """
    ### BEGIN SOLUTION
    p, labels = cache
    dscores = p.copy()
    dscores[np.arange(len(p)), labels] -= 1
    return dout * dscores / len(p)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "cross_entropy_backward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("A2.cross_entropy_backward")
### BEGIN HIDDEN TESTS
grade("A2.cross_entropy_backward", points=6)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. The support vector machine
#
# Cross-entropy is never content: even at $p_y = 0.999$ it asks for more. The hinge stops asking.
# It wants the right class to lead every other one by 1, and what is further ahead costs nothing.
#
# This time the function starts at the weights. $N$ samples with $D$ features are the rows of
# $X\,(N\times D)$; with $W\,(D\times C)$ and a bias $b\,(C)$ the scores are $S = XW + b$. A row
# with label $y$ loses
#
# $$\sum_{j\neq y}\max(0,\; s_j - s_y + 1),$$
#
# and the loss is the mean of that over the rows, plus a penalty on large weights,
#
# $$\mathrm{loss} = \frac1N\sum_n\sum_{j\neq y_n}\max(0,\; s_{nj} - s_{ny_n} + 1)
# \;+\;\frac\lambda2\sum_{d,c}W_{dc}^2.$$
#
# The penalty has its $\lambda$ and its half, is not divided by $N$, and leaves $b$ alone: moving
# all data to the side should not cost anything.
#
# For paper:
#
# $$W=\begin{pmatrix}1&0&-1\\0&1&1\end{pmatrix},\; b=\begin{pmatrix}0&1&-0.5\end{pmatrix},\;
# X=\begin{pmatrix}1&2\\0&1\\2&0\end{pmatrix},\;\mathrm{labels}=(0,1,2),\;\lambda=0.5
# \quad\Rightarrow\quad S=\begin{pmatrix}1&3&0.5\\0&2&0.5\\2&1&-2.5\end{pmatrix}$$
#
# Row 0, label 0: class 1 is 2 ahead where it should be 1 behind, which costs 3; class 2 is only
# 0.5 behind, 0.5. Row 1 leads by 2 and by 1.5, and costs nothing. Row 2 costs $5.5 + 4.5 = 10$.
# The mean is $13.5/3 = 4.5$; four weights are $\pm1$, so the penalty is $0.25\cdot4 = 1$. Loss:
# $5.5$.
#
# Where people get stuck: *the right class against itself* gives $s_y - s_y + 1 = 1$ in every row.
# The loss is then 1 too high, and no gradient check will ever notice. Why not?


# %% nbgrader={"grade": false, "grade_id": "svm_loss_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def svm_loss(w, b, x, labels, lam):
    """Compute the multiclass hinge loss of a linear model, with a penalty on its weights.

    Parameters
    ----------
    w : array (D, C)
    b : array (C,)
    x : array (N, D)
    labels : array (N,) of integers in 0 .. C-1
    lam : one number, weight of the penalty ``lam / 2 * sum(w**2)``

    Returns
    -------
    loss : one number
    cache : what `svm_loss_backward` needs; suggested: (w, x, labels, lam, active) with active of
        shape (N, C), True where a wrong class is less than 1 behind the right one
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(x))
    scores = x @ w + b
    gaps = np.maximum(scores - scores[rows, labels][:, None] + 1, 0)
    gaps[rows, labels] = 0
    loss = gaps.sum() / len(x) + lam / 2 * (w**2).sum()
    return loss, (w, x, labels, lam, gaps > 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "svm_loss", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A2.svm_loss")
### BEGIN HIDDEN TESTS
grade("A2.svm_loss", points=3)
### END HIDDEN TESTS

# %% [markdown]
# Back in two steps: first from the loss to the scores, an array $(N\times C)$, then from there to
# the weights.
#
# A wrong class $j$ that violates the margin pushes the loss up one for one with $s_j$, and down
# one for one with $s_y$. So a row has a 1 at each violation, and at the label minus the *number*
# of its violations; all of it over $N$. In the example the three rows are $(-2, 1, 1)$, $(0, 0,
# 0)$ and $(1, 1, -2)$, over 3.
#
# Then the linear model: $w_{dc}$ multiplies $x_{nd}$ and lands in $s_{nc}$, for every sample.
# Write the shapes of $X$ and of the gradient of $S$ below each other; one order, with one
# transpose, gives $(D\times C)$. A lecture prints the product the other way around, which gives
# the transposed gradient. Last the penalty: what is the derivative of $\frac\lambda2 w^2$?
#
# With `dout` = 1:
#
# $$\mathrm{dw}=\begin{pmatrix}0.5&1&-1.5\\-1.3333&1.1667&1.1667\end{pmatrix},\quad
# \mathrm{db}=\begin{pmatrix}-0.3333&0.6667&-0.3333\end{pmatrix}$$
#
# `dout` multiplies everything, the penalty too: that is part of the loss. Exactly on the margin
# there is a kink and no derivative; no check asks.


# %% nbgrader={"grade": false, "grade_id": "svm_loss_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def svm_loss_backward(dout, cache):
    """Send the gradient of the loss back to the weights and the bias.

    Parameters
    ----------
    dout : one number, gradient of what follows with respect to the loss; usually 1.0
    cache : what `svm_loss` returned; suggested: (w, x, labels, lam, active)

    Returns
    -------
    dw : array (D, C)
    db : array (C,)
    """
    ### BEGIN SOLUTION
    w, x, labels, lam, active = cache
    dscores = active.astype(x.dtype)
    dscores[np.arange(len(x)), labels] = -active.sum(axis=1)
    dscores /= len(x)
    return dout * (x.T @ dscores + lam * w), dout * dscores.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "svm_loss_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("A2.svm_loss_backward")
### BEGIN HIDDEN TESTS
grade("A2.svm_loss_backward", points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Ridge regression
#
# An older idea: ask the scores to *be* the one-hot targets. $T\,(N\times C)$ has a 1 at each
# label, and we look for weights and biases with the least
#
# $$\lVert XW + b - T\rVert^2 + \lambda\lVert W\rVert^2,$$
#
# sums of squares over all entries, nothing divided by $N$, and again no penalty on $b$. Both terms
# are quadratic, so the gradient is linear, and where it is 0 you find the answer without a single
# step downhill.
#
# The bias first. For any $W$ the best $b$ is the mean of what is left, $b = \bar t - \bar x W$,
# with $\bar x\,(D)$ and $\bar t\,(C)$ the means over the samples. Put that in: $b$ disappears, and
# $X$ and $T$ turn into $A = X - \bar x$ and $T - \bar t$. Now set the gradient in $W$ to zero:
#
# $$(A^\top A + \lambda I)\,W = A^\top(T - \bar t).$$
#
# Four points for paper, the first of class 0 and the others of class 1, with $\lambda = 4$:
#
# $$X=\begin{pmatrix}0&0\\2&0\\0&4\\2&4\end{pmatrix},\;
# T=\begin{pmatrix}1&0\\0&1\\0&1\\0&1\end{pmatrix}:\qquad
# A=\begin{pmatrix}-1&-2\\1&-2\\-1&2\\1&2\end{pmatrix},\;
# A^\top A+\lambda I=\begin{pmatrix}8&0\\0&20\end{pmatrix},\;
# A^\top(T-\bar t)=\begin{pmatrix}-1&1\\-2&2\end{pmatrix}$$
#
# $$W=\begin{pmatrix}-0.125&0.125\\-0.1&0.1\end{pmatrix},\quad
# b=\begin{pmatrix}0.575&0.425\end{pmatrix}$$
#
# Where people get stuck:
#
# - *A column of ones in place of centring* is fine, if the 1 that belongs to it in $\lambda I$
#   becomes 0.
# - *Fewer samples than features.* $A^\top A$ has no inverse then. Why is there an answer all the
#   same, as long as $\lambda > 0$?
# - `np.linalg.solve(a, b)` is shorter than an inverse, and more accurate. `np.eye` is `float64`.


# %% nbgrader={"grade": false, "grade_id": "ridge_fit_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ridge_fit(x, t, lam):
    """Find the w and b with the least ``|x @ w + b - t|^2 + lam * |w|^2``.

    Parameters
    ----------
    x : array (N, D)
    t : array (N, C), the targets; one-hot rows, as floats
    lam : one number, 0 or more; if it is 0, there are enough samples for one answer only

    Returns
    -------
    w : array (D, C)
    b : array (C,)
    """
    ### BEGIN SOLUTION
    centre, mean = x.mean(axis=0), t.mean(axis=0)
    a = x - centre
    w = np.linalg.solve(a.T @ a + lam * np.eye(a.shape[1], dtype=x.dtype), a.T @ (t - mean))
    return w, mean - centre @ w
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "ridge_fit", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("A2.ridge_fit")
### BEGIN HIDDEN TESTS
grade("A2.ridge_fit", points=5)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Logistic regression
#
# With two classes one score is enough: $s = x^\top w + b$ with $w\,(D)$ and one number $b$. The
# sigmoid $p = 1/(1 + e^{-s})$ is the probability of "yes". The target $t$ is 1 for yes and 0 for
# no, and a sample loses
#
# $$-t\log p - (1 - t)\log(1 - p),$$
#
# so only one of the two logarithms counts. The loss is again the mean. Check the signs twice: a
# lecture prints both terms with a plus, and a wrong sign in the derivative of the second one.
#
# Three samples for paper, with $w = (1, -1)$ and $b = -1$:
#
# | $x$ | $t$ | $s$ | $p$ | loss |
# |---|---|---|---|---|
# | $(2, 1)$ | 1 | 0 | 0.5 | 0.6931 |
# | $(3, 0)$ | 0 | 2 | 0.8808 | 2.1269 |
# | $(1, 1)$ | 0 | -1 | 0.2689 | 0.3133 |
#
# The mean is $1.0444$.
#
# At a score of 40 the sigmoid is stored as exactly 1, and $\log(1 - p)$ is $-\infty$; at $-800$
# even $e^{-s}$ breaks. Try to write the loss with $s$ alone. For $t = 0$ it is $\log(1 + e^s)$,
# for $t = 1$ the same minus $s$. And $\log(1 + e^s) = \max(s, 0) + \log(1 + e^{-|s|})$, where
# nothing can overflow. (`np.logaddexp(0, s)` is the same.)


# %% nbgrader={"grade": false, "grade_id": "logistic_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def logistic(w, b, x, targets):
    """Compute the logistic loss of a linear score, averaged over the batch.

    Parameters
    ----------
    w : array (D,)
    b : one number, an array of shape ()
    x : array (N, D)
    targets : array (N,) of 0.0 and 1.0

    Returns
    -------
    loss : one number
    cache : what `logistic_backward` needs; suggested: (x, targets, p) with p of shape (N,), the
        sigmoid of each score
    """
    ### BEGIN SOLUTION
    s = x @ w + b
    loss = (np.logaddexp(0, s) - targets * s).mean()
    return loss, (x, targets, np.exp(-np.logaddexp(0, -s)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "logistic", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("A2.logistic")
### BEGIN HIDDEN TESTS
grade("A2.logistic", points=2)
### END HIDDEN TESTS

# %% [markdown]
# The derivative of the loss of a sample in its score is one you have met. The derivative of the
# logarithm has a $p$, or a $1 - p$, in the denominator; that of the sigmoid, $p(1 - p)$, cancels
# it. What is left is $p - t$. Multiplying by $p(1 - p)$ once more is a classic: a model that is
# sure and wrong then learns nothing.
#
# With `dout` = 1:
#
# $$\mathrm{dw}=\begin{pmatrix}0.6371&-0.0770\end{pmatrix},\quad\mathrm{db}=0.2166$$


# %% nbgrader={"grade": false, "grade_id": "logistic_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def logistic_backward(dout, cache):
    """Send the gradient of the loss back to the weights and the bias.

    Parameters
    ----------
    dout : one number, gradient of what follows with respect to the loss; usually 1.0
    cache : what `logistic` returned; suggested: (x, targets, p)

    Returns
    -------
    dw : array (D,)
    db : one number
    """
    ### BEGIN SOLUTION
    x, targets, p = cache
    dscores = dout * (p - targets) / len(x)
    return x.T @ dscores, dscores.sum()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "logistic_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A2.logistic_backward")
### BEGIN HIDDEN TESTS
grade("A2.logistic_backward", points=3)
### END HIDDEN TESTS

# %% [markdown]
# ## One update, three models
#
# Look at what your backward functions send to the scores. Cross-entropy and the logistic loss send
# $p - t$; half the squared error sends $s - t$; the hinge sends whole numbers. The step $W
# \leftarrow W - \eta\,X^\top\mathrm{dS}$ that follows is one and the same line for all of them.
# The loss decides who is to blame, and by how much; the model underneath need not know which loss
# it was.
