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
# any framework, and put them together. At the end every gradient comes from a line that you wrote.
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
# | `leaky_relu` | `out = x` or `negative_slope * x` | 0.5 |
# | `leaky_relu_backward` | `dx` | 0.5 |
# | `sigmoid` | `out = 1 / (1 + exp(-x))` | 0.5 |
# | `sigmoid_backward` | `dx` | 1 |
# | `tanh` | `out = tanh(x)` | 0.5 |
# | `tanh_backward` | `dx` | 1 |
# | `elu` | `out = x` or `alpha * (exp(x) - 1)` | 0.5 |
# | `elu_backward` | `dx` | 0.5 |
# | `softmax_ce` | one number: how wrong the scores are | 2 |
# | `softmax_ce_backward` | `dscores` | 4 |
# | `two_layer_loss` | a network: loss and four gradients | 10 |
# | `squared_output` | the homework of a lecture: loss and two gradients | 4 |
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
# **House rules for all functions**
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
# ## 3. Four more, entry by entry
#
# ReLU was not the first choice and is not the last. Sigmoid and tanh squash what they get into a
# narrow band; leaky ReLU and ELU let something through on the negative side, so that no unit falls
# silent for good. All four work on arrays of any shape. One example serves them all:
#
# $$X=\begin{pmatrix}-2&0.5&1\\3&-0.5&-1\end{pmatrix},\quad\mathrm{dout}=\begin{pmatrix}1&-2&3\\4&5&-6\end{pmatrix}$$
#
# **Leaky ReLU** multiplies what is negative by a small slope. With slope 0.1:
#
# $$\mathrm{out}=\begin{pmatrix}-0.2&0.5&1\\3&-0.0500&-0.1\end{pmatrix},\quad
# \mathrm{dx}=\begin{pmatrix}0.1&-2&3\\4&0.5&-0.6\end{pmatrix}$$


# %% nbgrader={"grade": false, "grade_id": "leaky_relu_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leaky_relu(x, negative_slope):
    """Compute ``out = x`` where x > 0 and ``negative_slope * x`` elsewhere.

    Parameters
    ----------
    x : array of any shape
    negative_slope : number

    Returns
    -------
    out : array with the shape of x
    cache : what `leaky_relu_backward` needs; suggested: (x, negative_slope)
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, x, negative_slope * x), (x, negative_slope)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "leaky_relu", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
check("A5.leaky_relu")
### BEGIN HIDDEN TESTS
grade("A5.leaky_relu", points=0.5)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "leaky_relu_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leaky_relu_backward(dout, cache):
    """Send the gradient of the loss back through `leaky_relu`.

    Parameters
    ----------
    dout : array with the shape of x, gradient of the loss with respect to `out`
    cache : what `leaky_relu` returned; suggested: (x, negative_slope)

    Returns
    -------
    dx : array with the shape of x
    """
    ### BEGIN SOLUTION
    x, negative_slope = cache
    return np.where(x > 0, dout, negative_slope * dout)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "leaky_relu_backward", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
check("A5.leaky_relu_backward")
### BEGIN HIDDEN TESTS
grade("A5.leaky_relu_backward", points=0.5)
### END HIDDEN TESTS

# %% [markdown]
# **Sigmoid**, $\sigma(x) = 1/(1+e^{-x})$, has a derivative that needs nothing but its own output:
# $\sigma' = \sigma\,(1-\sigma)$. That is why the suggested cache is the output, and why two common
# mistakes are to put the input into that formula, and to forget the factor $1-\sigma$.
#
# $$\mathrm{out}=\begin{pmatrix}0.1192&0.6225&0.7311\\0.9526&0.3775&0.2689\end{pmatrix},\quad
# \mathrm{dx}=\begin{pmatrix}0.1050&-0.4700&0.5898\\0.1807&1.1750&-1.1797\end{pmatrix}$$
#
# What does $e^{-x}$ become at $x = -1000$? The answer there is 0, and it should come out without an
# infinity on the way. For negative $x$ the form $e^x/(1+e^x)$ is the same number.


# %% nbgrader={"grade": false, "grade_id": "sigmoid_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid(x):
    """Compute ``out = 1 / (1 + exp(-x))`` entry by entry, also for x = +-1000.

    Parameters
    ----------
    x : array of any shape

    Returns
    -------
    out : array with the shape of x
    cache : what `sigmoid_backward` needs; suggested: out
    """
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(x))
    out = np.where(x >= 0, 1 / (1 + small), small / (1 + small))
    return out, out
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sigmoid", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
check("A5.sigmoid")
### BEGIN HIDDEN TESTS
grade("A5.sigmoid", points=0.5)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "sigmoid_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid_backward(dout, cache):
    """Send the gradient of the loss back through `sigmoid`.

    Parameters
    ----------
    dout : array with the shape of x, gradient of the loss with respect to `out`
    cache : what `sigmoid` returned; suggested: out

    Returns
    -------
    dx : array with the shape of x
    """
    ### BEGIN SOLUTION
    return dout * cache * (1 - cache)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sigmoid_backward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("A5.sigmoid_backward")
### BEGIN HIDDEN TESTS
grade("A5.sigmoid_backward", points=1)
### END HIDDEN TESTS

# %% [markdown]
# **Tanh** is a sigmoid that was stretched to run from $-1$ to 1. Its derivative, too, needs only
# the output: $1 - \tanh^2 x$.
#
# $$\mathrm{out}=\begin{pmatrix}-0.9640&0.4621&0.7616\\0.9951&-0.4621&-0.7616\end{pmatrix},\quad
# \mathrm{dx}=\begin{pmatrix}0.0707&-1.5729&1.2599\\0.0395&3.9322&-2.5198\end{pmatrix}$$
#
# Compare the first entries of `dout` and `dx`: at $x = -2$ hardly a fourteenth of the gradient gets
# through. Ten such layers in a row, and nothing is left. That is what a saturated unit is.


# %% nbgrader={"grade": false, "grade_id": "tanh_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tanh(x):
    """Compute ``out = tanh(x)`` entry by entry.

    Parameters
    ----------
    x : array of any shape

    Returns
    -------
    out : array with the shape of x
    cache : what `tanh_backward` needs; suggested: out
    """
    ### BEGIN SOLUTION
    out = np.tanh(x)
    return out, out
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "tanh", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
check("A5.tanh")
### BEGIN HIDDEN TESTS
grade("A5.tanh", points=0.5)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "tanh_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tanh_backward(dout, cache):
    """Send the gradient of the loss back through `tanh`.

    Parameters
    ----------
    dout : array with the shape of x, gradient of the loss with respect to `out`
    cache : what `tanh` returned; suggested: out

    Returns
    -------
    dx : array with the shape of x
    """
    ### BEGIN SOLUTION
    return dout * (1 - cache**2)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "tanh_backward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("A5.tanh_backward")
### BEGIN HIDDEN TESTS
grade("A5.tanh_backward", points=1)
### END HIDDEN TESTS

# %% [markdown]
# **ELU** is $x$ for positive $x$ and $\alpha\,(e^x - 1)$ elsewhere: it bends smoothly towards
# $-\alpha$. With $\alpha = 1$:
#
# $$\mathrm{out}=\begin{pmatrix}-0.8647&0.5&1\\3&-0.3935&-0.6321\end{pmatrix},\quad
# \mathrm{dx}=\begin{pmatrix}0.1353&-2&3\\4&3.0327&-2.2073\end{pmatrix}$$
#
# `np.where` works out both of its branches for every entry. What does $e^x$ do at $x = 1000$, where
# nobody wants it?


# %% nbgrader={"grade": false, "grade_id": "elu_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elu(x, alpha):
    """Compute ``out = x`` where x > 0 and ``alpha * (exp(x) - 1)`` elsewhere.

    Parameters
    ----------
    x : array of any shape
    alpha : number

    Returns
    -------
    out : array with the shape of x
    cache : what `elu_backward` needs; suggested: (x, alpha)
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))), (x, alpha)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "elu", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
check("A5.elu")
### BEGIN HIDDEN TESTS
grade("A5.elu", points=0.5)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "elu_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elu_backward(dout, cache):
    """Send the gradient of the loss back through `elu`.

    Parameters
    ----------
    dout : array with the shape of x, gradient of the loss with respect to `out`
    cache : what `elu` returned; suggested: (x, alpha)

    Returns
    -------
    dx : array with the shape of x
    """
    ### BEGIN SOLUTION
    x, alpha = cache
    return dout * np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "elu_backward", "locked": true, "points": 0.5, "schema_version": 3, "solution": false, "task": false}
check("A5.elu_backward")
### BEGIN HIDDEN TESTS
grade("A5.elu_backward", points=0.5)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Softmax and cross-entropy, in one piece
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
# ## 5. A network
#
# Now there is nothing new to derive. Two linear layers with a ReLU between them, the softmax
# cross-entropy at the end, and a penalty on the weights (not on the biases):
#
# $$\text{loss} = \mathrm{CE}\big(\mathrm{ReLU}(XW_1+b_1)\,W_2+b_2\big)
# + \frac\lambda2\big(\lVert W_1\rVert^2+\lVert W_2\rVert^2\big)$$
#
# Call your functions forwards and keep each cache under a name of its own. Then call their backward
# functions in reverse order. Where people get stuck:
#
# - *The wrong cache.* There are two linear layers and two caches. Which one belongs to `dw2`?
# - *Old caches.* They belong to this call; a cache from the last batch fits as well, and lies.
# - *The penalty* adds to gradients that are there already. Add it, do not assign it.
#
# For paper:
#
# $$X=\begin{pmatrix}1&2\\-2&1\end{pmatrix},\ \text{labels } (0, 1),\
# W_1=\begin{pmatrix}1&-1\\1&2\end{pmatrix},\ b_1=\begin{pmatrix}0&-1\end{pmatrix},\
# W_2=\begin{pmatrix}1&0\\0&1\end{pmatrix},\ b_2=\begin{pmatrix}0&1\end{pmatrix},\ \lambda=0.1$$
#
# The hidden units come out as $\begin{pmatrix}3&2\\0&3\end{pmatrix}$, the scores as
# $\begin{pmatrix}3&3\\0&4\end{pmatrix}$, the loss as $0.8056$, and
#
# $$\mathrm{dw1}=\begin{pmatrix}-0.1500&0.1680\\-0.4&0.6910\end{pmatrix},\quad
# \mathrm{db1}=\begin{pmatrix}-0.2500&0.2410\end{pmatrix},\quad
# \mathrm{dw2}=\begin{pmatrix}-0.6500&0.7500\\-0.4730&0.5730\end{pmatrix},\quad
# \mathrm{db2}=\begin{pmatrix}-0.2410&0.2410\end{pmatrix}.$$
#
# The right column of `dw1` has an entry from both samples, the left one from the first only: why?


# %% nbgrader={"grade": false, "grade_id": "two_layer_loss_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_layer_loss(x, labels, w1, b1, w2, b2, lam):
    """Compute the loss of a network with one hidden layer, and all of its gradients.

    Parameters
    ----------
    x : array (N, D)
    labels : array (N,) of integers in 0 .. C-1
    w1, b1 : arrays (D, H) and (H,)
    w2, b2 : arrays (H, C) and (C,)
    lam : number, strength of the penalty ``lam / 2 * (sum(w1**2) + sum(w2**2))``

    Returns
    -------
    loss : one number, penalty included
    dw1, db1, dw2, db2 : arrays with the shapes of w1, b1, w2, b2
    """
    ### BEGIN SOLUTION
    z1, first = linear(x, w1, b1)
    hidden, gate = relu(z1)
    scores, second = linear(hidden, w2, b2)
    loss, last = softmax_ce(scores, labels)
    loss = loss + lam / 2 * (np.sum(w1**2) + np.sum(w2**2))
    dscores = softmax_ce_backward(1.0, last)
    dhidden, dw2, db2 = linear_backward(dscores, second)
    _, dw1, db1 = linear_backward(relu_backward(dhidden, gate), first)
    return loss, dw1 + lam * w1, db1, dw2 + lam * w2, db2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "two_layer_loss", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
check("A5.two_layer_loss")
### BEGIN HIDDEN TESTS
grade("A5.two_layer_loss", points=10)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. The homework of a lecture
#
# A lecture ends with this network, without biases, and leaves its gradients to the reader:
#
# $$\hat y = \mathrm{ReLU}(XW_1)\,W_2,\qquad L = \lVert\hat y\rVert_F^2,\qquad
# \frac{\partial L}{\partial W_1}=\,?\quad\frac{\partial L}{\partial W_2}=\,?$$
#
# $\lVert\hat y\rVert_F^2$ is the sum of the squares of all entries. Do not take a formula from
# somewhere: write $\partial L/\partial\hat y$ down, and send it back. For
#
# $$X=\begin{pmatrix}1&2\\-2&1\end{pmatrix},\quad W_1=\begin{pmatrix}1&-1\\1&1\end{pmatrix},\quad
# W_2=\begin{pmatrix}1\\2\end{pmatrix}$$
#
# the loss is $61$, and
#
# $$\mathrm{dw1}=\begin{pmatrix}10&-28\\20&64\end{pmatrix},\quad
# \mathrm{dw2}=\begin{pmatrix}30\\46\end{pmatrix}.$$


# %% nbgrader={"grade": false, "grade_id": "squared_output_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def squared_output(x, w1, w2):
    """Compute ``sum(out**2)`` of ``out = relu(x @ w1) @ w2``, and its gradients.

    Parameters
    ----------
    x : array (N, D)
    w1 : array (D, H)
    w2 : array (H, C)

    Returns
    -------
    loss : one number
    dw1, dw2 : arrays with the shapes of w1 and w2
    """
    ### BEGIN SOLUTION
    z1 = x @ w1
    hidden = np.maximum(z1, 0)
    out = hidden @ w2
    dout = 2 * out
    dw1 = x.T @ (dout @ w2.T * (z1 > 0))
    return np.sum(out**2), dw1, hidden.T @ dout
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "squared_output", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("A5.squared_output")
### BEGIN HIDDEN TESTS
grade("A5.squared_output", points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. It learns, and it is wrong
#
# A classmate trains a network on the digits of chapter 6: 64 inputs, 32 hidden units with ReLU,
# 10 classes. Forward pass, loss and `softmax_ce_backward` are right, the same numbers as yours;
# `linear_backward` is the one below. With batches of 32, plain gradient descent and a learning rate
# of 1.0, the loss falls from 2.3 to 0.27 in 20 passes through the data, 93 % of the test digits are
# read well, and nobody complains.
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
