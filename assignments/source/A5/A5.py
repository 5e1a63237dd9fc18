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
# # A5: backpropagation with matrices
#
# A network that reads handwritten digits is two matrix products, a ReLU and a loss. In this
# assignment you write all three kinds of layer, forwards and backwards, with NumPy and without
# any framework. At the end every gradient comes from a line that you wrote.
#
# Why this is hard: a wrong backward pass rarely crashes. Nearly always it returns an array of
# some size, the loss still falls, and nobody notices. So you will lean on two things more than
# on the training curve: the **shape** of each gradient, and a **gradient check**.
#
# | function | what it does | points |
# |---|---|---|
# | `linear` | `out = x @ w + b` | 3 |
# | `linear_backward` | `dx`, `dw`, `db` | 5 |
# | `relu` | `out = max(x, 0)` | 1 |
# | `relu_backward` | `dx` | 2 |
# | `softmax_ce` | one number: how wrong the scores are | 2 |
# | `softmax_ce_backward` | `dscores` | 4 |
# | explain a bug | in words | 4 |
#
# **The pattern.** Each forward function returns two things: its output and a `cache`, which
# holds whatever the backward function will want to know. The backward function gets `dout`, the
# gradient of the loss with respect to the output, and that cache. It returns the gradient with
# respect to each input:
#
# ```python
# out, cache = linear(x, w, b)
# dx, dw, db = linear_backward(dout, cache)
# ```
#
# What goes into the cache is yours to decide. We suggest one in each docstring.
#
# **House rules for all six functions**
#
# - A gradient has exactly the shape of what it belongs to: `db` has the shape of `b`.
# - The arrays you are given stay as they are. `dout[x < 0] = 0` writes into somebody else's
#   array; make a new one.
# - `float32` in, `float32` out. `np.zeros(...)` and `np.eye(...)` make `float64` unless you pass
#   `dtype=`.
# - No loop over samples is needed anywhere.

# %% [markdown]
# ## How you will know
#
# Below each function stands a cell with a `check`. It compares your function with the worked
# example, then on random numbers with a numerical gradient, and says what differs first. Run it
# as often as you like; it costs nothing.
#
# What the check does **not** tell you: after submission the same engine runs on other random
# numbers and on edge cases, such as a batch of one sample, an image instead of a row, scores of
# ten thousand. Its last line always says so. A backward function earns 10 % of its points for
# shapes and dtypes, 15 % for the worked example, 50 % for the gradient check (each gradient
# counts by itself), 15 % for edge cases, and 10 % for keeping the house rules. For a forward
# function it is 10, 25, 40, 15 and 10 %, with right values in place of the gradient check.
#
# If your forward function is wrong, its backward function is graded with the cache suggested in
# the docstring. One mistake costs you once.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from coursepkg.checks import check, grade

# %% [markdown]
# ## 1. The linear layer
#
# $N$ samples with $D$ features each are the rows of $X\,(N\times D)$. With weights
# $W\,(D\times M)$ and a bias $b\,(M)$ the layer computes $Y = XW + b$, of shape $(N\times M)$.
# The same $b$ is added to every row.
#
# A sample may also be an image. If `x` has shape `(N, d1, ..., dk)`, each sample is flattened to
# $D = d_1\cdots d_k$ numbers first.
#
# Small enough for paper:
#
# $$X=\begin{pmatrix}1&2\\0&1\\2&0\end{pmatrix},\quad W=\begin{pmatrix}1&-1\\2&0\end{pmatrix},
# \quad b=\begin{pmatrix}1&-1\end{pmatrix}\quad\Rightarrow\quad
# Y=\begin{pmatrix}6&-2\\3&-1\\3&-3\end{pmatrix}$$


# %% nbgrader={"grade": false, "grade_id": "linear_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linear(x, w, b):
    """Compute ``out = x @ w + b``, one row per sample.

    Parameters
    ----------
    x : array (N, D), or (N, d1, ..., dk) with D = d1 * ... * dk
    w : array (D, M)
    b : array (M,)

    Returns
    -------
    out : array (N, M)
    cache : what `linear_backward` needs; suggested: (x, w, b)
    """
    ### BEGIN SOLUTION
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w, b)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "linear", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A5.linear")
### BEGIN HIDDEN TESTS
grade("A5.linear", points=3)
### END HIDDEN TESTS

# %% [markdown]
# Now the way back. `dout`, of shape $(N\times M)$, says how much the loss changes with each
# entry of `out`. Take the example from above and suppose
#
# $$\mathrm{dout}=\begin{pmatrix}1&0\\0&1\\1&1\end{pmatrix}.$$
#
# Do one entry on paper before you write any code. The weight $w_{11}$ multiplies $x_{n1}$ and
# lands in $y_{n1}$, for every sample $n$. So
# $\mathrm{dw}_{11} = \sum_n x_{n1}\,\mathrm{dout}_{n1} = 1\cdot1 + 0\cdot0 + 2\cdot1 = 3$. Find
# the other entries in the same way, and then the matrix product that does all of them at once.
# You should arrive at
#
# $$\mathrm{dx}=\begin{pmatrix}1&2\\-1&0\\0&2\end{pmatrix},\quad
# \mathrm{dw}=\begin{pmatrix}3&2\\2&1\end{pmatrix},\quad
# \mathrm{db}=\begin{pmatrix}2&2\end{pmatrix}.$$
#
# Where people get stuck:
#
# - *Which factor gets the transpose?* Write the three shapes below each other. Only one order
#   fits, as long as $N$, $D$ and $M$ differ. In the example $D = M = 2$, so it will not save you.
# - *The bias.* It has $M$ entries, `dout` has $N\cdot M$. Where did the other $N - 1$ rows go?
# - *Images.* `dx` has the shape of `x`, not of the flattened rows.


# %% nbgrader={"grade": false, "grade_id": "linear_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linear_backward(dout, cache):
    """Send the gradient of the loss back through `linear`.

    Parameters
    ----------
    dout : array (N, M), gradient of the loss with respect to `out`
    cache : what `linear` returned; suggested: (x, w, b)

    Returns
    -------
    dx : array with the shape of x
    dw : array (D, M)
    db : array (M,)
    """
    ### BEGIN SOLUTION
    x, w, _ = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "linear_backward", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("A5.linear_backward")
### BEGIN HIDDEN TESTS
grade("A5.linear_backward", points=5)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. ReLU
#
# Entry by entry: what is positive stays, the rest becomes 0. It has no weights, and it works on
# arrays of any shape.
#
# $$X=\begin{pmatrix}-2&3&0.5\\1&-1&-4\end{pmatrix}\quad\Rightarrow\quad
# \mathrm{out}=\begin{pmatrix}0&3&0.5\\1&0&0\end{pmatrix}$$


# %% nbgrader={"grade": false, "grade_id": "relu_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu(x):
    """Compute ``out = max(x, 0)`` entry by entry.

    Parameters
    ----------
    x : array of any shape

    Returns
    -------
    out : array with the shape of x
    cache : what `relu_backward` needs; suggested: x
    """
    ### BEGIN SOLUTION
    return np.maximum(x, 0), x
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "relu", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("A5.relu")
### BEGIN HIDDEN TESTS
grade("A5.relu", points=1)
### END HIDDEN TESTS

# %% [markdown]
# On the way back each entry is a gate that was opened or shut on the way forward. An open gate
# passes the gradient, whatever its sign; a shut one stops it. With the $X$ from above:
#
# $$\mathrm{dout}=\begin{pmatrix}5&-7&1\\2&4&-3\end{pmatrix}\quad\Rightarrow\quad
# \mathrm{dx}=\begin{pmatrix}0&-7&1\\2&0&0\end{pmatrix}$$
#
# Look at the $-7$: two of the common mistakes turn it into something else. Exactly at $x = 0$
# the function has a kink and no derivative. The book takes 0 there; no check asks.


# %% nbgrader={"grade": false, "grade_id": "relu_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_backward(dout, cache):
    """Send the gradient of the loss back through `relu`.

    Parameters
    ----------
    dout : array with the shape of x, gradient of the loss with respect to `out`
    cache : what `relu` returned; suggested: x

    Returns
    -------
    dx : array with the shape of x
    """
    ### BEGIN SOLUTION
    return dout * (cache > 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "relu_backward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("A5.relu_backward")
### BEGIN HIDDEN TESTS
grade("A5.relu_backward", points=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Softmax and cross-entropy, in one piece
#
# Row $n$ of `scores` $(N\times C)$ holds one number for each of $C$ classes; `labels[n]` is the
# right class, a whole number from 0 to $C - 1$. Softmax turns a row $s$ into probabilities
# $p_j = e^{s_j} / \sum_k e^{s_k}$. The loss of a row is $-\log p_y$ with $y$ its label, and the
# loss of the batch is the **mean** over its $N$ rows.
#
# Typed in like that, it breaks at a score of 710, where $e^s$ no longer fits into a number. Two
# steps make it safe:
#
# 1. subtract from each row its own largest entry, $z_j = s_j - \max_k s_k$. The probabilities
#    stay the same (why?), and no exponential exceeds 1;
# 2. do not take the logarithm of a probability that may have become 0. Since
#    $-\log p_y = \log\sum_k e^{z_k} - z_y$, you never need to.
#
# The largest entry of each *row*, not of the whole batch: otherwise a row far below the others
# becomes 0/0. The next cell shows what is at stake.

# %%
row = np.array([1000.0, 998.0])
with np.errstate(over="ignore", invalid="ignore"):
    print("as typed in: p =", np.exp(row) / np.exp(row).sum())
z = row - row.max()
print("row maximum subtracted: p =", (np.exp(z) / np.exp(z).sum()).round(4))

# %% [markdown]
# For paper: scores $(1, 2, 3)$ with label 0 give $p = (0.0900,\,0.2447,\,0.6652)$ and a loss of
# $2.4076$. Scores $(0, 0, 0)$ give three equal probabilities and $\log 3 = 1.0986$, whatever the
# label. As a batch of two, the loss is the mean, $1.7531$.


# %% nbgrader={"grade": false, "grade_id": "softmax_ce_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_ce(scores, labels):
    """Compute the softmax cross-entropy, averaged over the batch.

    Parameters
    ----------
    scores : array (N, C)
    labels : array (N,) of integers in 0 .. C-1

    Returns
    -------
    loss : one number
    cache : what `softmax_ce_backward` needs; suggested: (p, labels) with p of shape (N, C),
        the softmax of each row
    """
    ### BEGIN SOLUTION
    z = scores - scores.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(z).sum(axis=1, keepdims=True))
    loss = (log_sum[:, 0] - z[np.arange(len(z)), labels]).mean()
    return loss, (np.exp(z - log_sum), labels)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "softmax_ce", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("A5.softmax_ce")
### BEGIN HIDDEN TESTS
grade("A5.softmax_ce", points=2)
### END HIDDEN TESTS

# %% [markdown]
# This is the gradient that starts every backward pass, and it is short: in each row, the
# probabilities, minus 1 at the label. The Jacobian of the softmax and the derivative of the
# logarithm cancel to that; derive it once on paper, then use it.
#
# Two things stand between that sentence and a right answer:
#
# - What does the mean over the batch do to the gradient? A batch of one sample will not tell you.
# - `dout` is a number here, because the loss is one. It is 1.0 when the loss is the end of the
#   line, and something else when somebody adds a weighted penalty behind it. Multiply by it.
#
# For the batch of two from above, with labels 0 and 2 and `dout` = 1:
#
# $$\mathrm{dscores}=\begin{pmatrix}-0.4550&0.1224&0.3326\\0.1667&0.1667&-0.3333\end{pmatrix}$$
#
# Each row adds up to 0. Pushing all scores of a sample up by the same amount changes nothing, so
# the loss has no slope in that direction.


# %% nbgrader={"grade": false, "grade_id": "softmax_ce_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_ce_backward(dout, cache):
    """Send the gradient of the loss back to the scores.

    Parameters
    ----------
    dout : one number, gradient of what follows with respect to the loss; usually 1.0
    cache : what `softmax_ce` returned; suggested: (p, labels)

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


# %% nbgrader={"grade": true, "grade_id": "softmax_ce_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("A5.softmax_ce_backward")
### BEGIN HIDDEN TESTS
grade("A5.softmax_ce_backward", points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. It learns, and it is wrong
#
# A classmate trains a network on the digits of chapter 6: 64 inputs, 32 hidden units with ReLU,
# 10 classes. Forward pass and loss are right, the backward pass is the one below. With batches of
# 32, plain gradient descent and a learning rate of 1.0, the loss falls from 2.3 to 0.27 in 20
# passes through the data, 93 % of the test digits are read well, and nobody complains.
#
# Then somebody with a larger computer changes the batch size to 256 and nothing else. After 20
# passes the loss is 2.2, and 17 % of the digits are read well.
#
# ```python
# def linear_backward(dout, cache):
#     x, w, b = cache
#     n = len(x)
#     dx = dout @ w.T
#     dw = x.T @ dout / n
#     db = dout.sum(axis=0) / n
#     return dx, dw, db
#
# def softmax_ce_backward(dout, cache):
#     p, labels = cache
#     dscores = p.copy()
#     dscores[np.arange(len(p)), labels] -= 1
#     return dout * dscores / len(p)
# ```
#
# Answer in about ten sentences:
#
# 1. What is wrong, and by what factor, in which gradients? What was your classmate thinking?
# 2. Which test with small arrays would have shown it, and which tests would not?
# 3. What does the mistake do to training with plain gradient descent? Why does the network learn
#    all the same with batches of 32, and hardly with batches of 256?
#
# Points: 1 for naming the mistake with its factor and the gradients it reaches, 1 for a test that
# shows it, 1 for a test that it slips through, 1 for the effect on training.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_bug", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
#
# *Mistake (1 point).* The batch is divided by twice. The loss is a mean, and
# `softmax_ce_backward` has already put that 1/N into `dout`; `linear_backward` divides by N
# again. Every `dw` and `db` is N times too small. `dx` is right, so the error does not grow from
# layer to layer. The thought behind it, "a gradient is an average over the batch", is true of
# the loss, not of a layer: a layer adds up what its samples send.
#
# *A test that shows it (1 point).* Any gradient check of `dw` or `db` with two samples or more:
# a constant quotient of N between theirs and the numerical one. Putting the same sample into a
# batch twice with a `dout` of ones also does: `db` must double.
#
# *Tests it slips through (1 point).* A batch of one sample; all shape tests; a check of `dx`
# alone; "the loss falls"; any test that compares only the direction of the gradient.
#
# *Effect (1 point).* All parameters are reached by the same factor, so plain gradient descent
# goes in the right direction with a step N times shorter: it is the right program with learning
# rate 1/32 in place of 1. That happens to be a decent one, and it was tuned until it worked. With
# batches of 256 it is 1/256, and there are 8 times fewer steps in a pass: 64 times less way. A
# right gradient of a mean does not depend on the batch size in this way. (Adam divides by the
# size of the gradient and hides the mistake nearly completely. Weight decay, which is not
# divided, becomes N times as strong in comparison.)
#
# ### END SOLUTION
