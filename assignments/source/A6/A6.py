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
# # A6: train it
#
# Ten layers, 256 units each, ReLU, weights from a normal distribution with standard deviation 0.01:
# that is what a lecture slide starts with. Feed it numbers of size 1. How large are the numbers that
# come out at the end?
#
# About 0.0000000003. Each layer multiplies the size by $0.01\sqrt{256/2} = 0.113$, and ten of those
# leave nothing. No exception, no warning; the loss stands at $\ln 10 = 2.3026$ and stays there.
#
# Right gradients are not enough, then. In this assignment you write what stands around them: the
# first weights, the batches, the step, and two layers that behave differently in training than
# afterwards.
#
# | function | what it does | points |
# |---|---|---|
# | `init_he` | first weights before a ReLU | 2 |
# | `init_xavier` | first weights before tanh | 2 |
# | `minibatches` | all samples once, in random order | 3 |
# | `train_step` | loss, gradients, new weights | 4 |
# | `dropout` | leaves entries out, in training | 3 |
# | `dropout_backward` | `dx` | 2 |
# | `batchnorm` | features with mean 0 and variance 1 | 3 |
# | `batchnorm_backward` | `dx`, `dgamma`, `dbeta` | 4 |
# | `running_statistics` | what evaluation will need | 1 |
# | `batchnorm_eval` | the same layer after training | 1 |
#
# **House rules for all functions**
#
# - The arrays you are given stay as they are.
# - `float32` in, `float32` out. (First weights are `float64`.)
# - Every function that draws random numbers gets a `seed`, an integer. Make a generator of it,
#   `rng = np.random.default_rng(seed)`, and draw from that one. The same seed gives the same numbers,
#   another seed gives others.

# %% [markdown]
# ## How you will know
#
# The `check` below each function tries it on the worked example and on random data. Where your answer
# is random, nobody expects particular numbers of you: the check looks at what must be true of all
# right answers, and measures spreads and shares on so many entries that a right one cannot miss.
#
# What the check does **not** tell you: after submission the same engine runs with other seeds, other
# sizes and edge cases. Its last line says which. If your `dropout` or `batchnorm` is wrong, the
# backward function is graded with the cache suggested in the docstring: one mistake costs you once.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from coursepkg.checks import check, grade
from coursepkg.datasets import load_digits

# %% [markdown]
# ## 1. First weights
#
# All zeros will not do: then all units of a layer compute the same, get the same gradient, and stay
# the same. So we draw. But how large?
#
# An output adds up `fan_in` products. If the inputs have size 1 (mean square 1) and the weights have
# standard deviation $s$, the sum has mean square $s^2\cdot\text{fan\_in}$. A ReLU then throws half of
# it away. To come out as large as we went in we need $\frac12 s^2\cdot\text{fan\_in} = 1$, so
#
# $$s = \sqrt{\frac{2}{\text{fan\_in}}}$$
#
# which is called He initialisation. With 256 inputs, $s = \sqrt{2/256} = 0.0884$.
#
# Draw from a normal distribution with mean 0 and this standard deviation. Where people get stuck:
# $2/\text{fan\_in}$ is the *variance*.


# %% nbgrader={"grade": false, "grade_id": "init_he_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def init_he(fan_in, fan_out, seed):
    """Draw the first weights of a linear layer that is followed by a ReLU.

    Parameters
    ----------
    fan_in : number of inputs of each output
    fan_out : number of outputs
    seed : integer for `np.random.default_rng`

    Returns
    -------
    w : array (fan_in, fan_out), with mean 0 and standard deviation sqrt(2 / fan_in)
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    return rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "init_he", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("A6.init_he")
### BEGIN HIDDEN TESTS
grade("A6.init_he", points=2)
### END HIDDEN TESTS

# %% [markdown]
# Before a tanh nothing is thrown away, and $1/\text{fan\_in}$ would be right. On the way back,
# though, each input collects from `fan_out` outputs, and there $1/\text{fan\_out}$ would be right.
# Glorot and Bengio took the middle:
#
# $$s = \sqrt{\frac{2}{\text{fan\_in} + \text{fan\_out}}}$$
#
# For 256 inputs and 256 outputs, $s = \sqrt{2/512} = 0.0625$.


# %% nbgrader={"grade": false, "grade_id": "init_xavier_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def init_xavier(fan_in, fan_out, seed):
    """Draw the first weights of a linear layer that is followed by tanh or a sigmoid.

    Parameters
    ----------
    fan_in : number of inputs of each output
    fan_out : number of outputs
    seed : integer for `np.random.default_rng`

    Returns
    -------
    w : array (fan_in, fan_out), with mean 0 and standard deviation sqrt(2 / (fan_in + fan_out))
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    return rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / (fan_in + fan_out))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "init_xavier", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("A6.init_xavier")
### BEGIN HIDDEN TESTS
grade("A6.init_xavier", points=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Mini-batches
#
# An epoch is one pass through the data, in batches of $B$ samples. Three promises make it one:
#
# - every sample is used once, none twice;
# - the order is random, and another one in the next epoch (which has another seed);
# - all batches have $B$ samples, except for the last one, which has what remains.
#
# Return the row numbers, not the rows: a list of integer arrays. Ten samples in batches of four
# could give
#
# ```python
# [array([7, 2, 0, 8]), array([1, 9, 4, 3]), array([6, 5])]
# ```
#
# Where people get stuck:
#
# - *Drawing for each batch anew*, as with `rng.integers(n, size=batch_size)`: then about a third of
#   the samples is never used in an epoch, and others are used twice.
# - *The remainder.* `n // batch_size` batches drop the last samples. And if $B$ divides $n$, there is
#   no remainder, so there must be no empty batch.


# %% nbgrader={"grade": false, "grade_id": "minibatches_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def minibatches(n, batch_size, seed):
    """Cut the numbers 0 .. n-1 into batches, in random order.

    Parameters
    ----------
    n : number of samples
    batch_size : samples in a batch; the last may have fewer
    seed : integer for `np.random.default_rng`

    Returns
    -------
    batches : list of integer arrays (batch_size,), the last one of shape (<= batch_size,)
    """
    ### BEGIN SOLUTION
    order = np.random.default_rng(seed).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "minibatches", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A6.minibatches")
### BEGIN HIDDEN TESTS
grade("A6.minibatches", points=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. One step
#
# Here is the network of A5: linear, ReLU, linear, softmax cross-entropy. It is given, so that you
# start with right gradients, whatever yours did.


# %% nbgrader={"grade": false, "grade_id": "network", "locked": true, "schema_version": 3, "solution": false, "task": false}
def loss_and_gradients(x, labels, w1, b1, w2, b2):
    """Return the loss of a network with one hidden layer, then dw1, db1, dw2, db2."""
    n, rows = len(x), np.arange(len(x))
    hidden = np.maximum(x @ w1 + b1, 0)
    scores = hidden @ w2 + b2
    scores = scores - scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean()
    dscores = np.exp(log_p)
    dscores[rows, labels] -= 1
    dscores /= n
    dz = dscores @ w2.T * (hidden > 0)
    return loss, x.T @ dz, dz.sum(axis=0), hidden.T @ dscores, dscores.sum(axis=0)


# %% [markdown]
# A step of gradient descent: every weight array gets smaller by `lr` times its own gradient. Return
# the loss as well; it is the loss of the weights *before* the step, because that is the one that the
# gradients belong to, and it costs nothing.
#
# The first loss is a test for free. A fresh network knows nothing, so each of $C$ classes should get
# about $1/C$: the loss is about $\ln C$, which is 2.303 for ten classes. (For this the last layer has
# to start small; here we take its weights times 0.01.) If yours starts at 7, look at the first
# weights; if at 0.2, look at who has seen the labels.
#
# For paper, with the numbers of A5 and $\text{lr} = 0.5$:
#
# $$X=\begin{pmatrix}1&2\\-2&1\end{pmatrix},\ \text{labels } (0, 1),\
# W_1=\begin{pmatrix}1&-1\\1&2\end{pmatrix},\ b_1=\begin{pmatrix}0&-1\end{pmatrix},\
# W_2=\begin{pmatrix}1&0\\0&1\end{pmatrix},\ b_2=\begin{pmatrix}0&1\end{pmatrix}$$
#
# The loss is $0.3556$, and afterwards
#
# $$W_1=\begin{pmatrix}1.1250&-1.1340\\1.2500&1.7545\end{pmatrix},\quad
# b_1=\begin{pmatrix}0.1250&-1.1205\end{pmatrix},\quad
# W_2=\begin{pmatrix}1.3750&-0.3750\\0.2365&0.7635\end{pmatrix},\quad
# b_2=\begin{pmatrix}0.1205&0.8795\end{pmatrix}.$$


# %% nbgrader={"grade": false, "grade_id": "train_step_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_step(x, labels, w1, b1, w2, b2, lr):
    """Take one step of gradient descent.

    Parameters
    ----------
    x : array (N, D)
    labels : array (N,) of integers in 0 .. C-1
    w1, b1 : arrays (D, H) and (H,)
    w2, b2 : arrays (H, C) and (C,)
    lr : learning rate, a number

    Returns
    -------
    loss : one number, before the step
    new_w1, new_b1, new_w2, new_b2 : arrays with the shapes of w1, b1, w2, b2
    """
    ### BEGIN SOLUTION
    loss, *grads = loss_and_gradients(x, labels, w1, b1, w2, b2)
    weights = w1, b1, w2, b2
    return loss, *(w - lr * dw for w, dw in zip(weights, grads, strict=True))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "train_step", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("A6.train_step")
### BEGIN HIDDEN TESTS
grade("A6.train_step", points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Dropout
#
# In training, every entry is replaced by 0 with probability $p$, each for itself. No unit can
# rely on one particular other any more. After training nothing is dropped.
#
# That alone would be a mistake. With $p = 0.5$, the next layer sees sums of half the size in
# training, and suddenly twice as much afterwards. So what is *kept* is divided by $1 - p$:
#
# $$\mathrm{out} = x\odot\mathrm{mask},\qquad
# \mathrm{mask} = \begin{cases}0&\text{with probability } p\\ 1/(1-p)&\text{else}\end{cases}$$
#
# The mean of an entry is then $p\cdot 0 + (1-p)\cdot\frac{x}{1-p} = x$, and in evaluation mode `out`
# is `x`, untouched. With $p = 0.5$, ones become
#
# $$\begin{pmatrix}1&1&1&1\\1&1&1&1\end{pmatrix}\ \to\
# \begin{pmatrix}2&0&0&2\\0&2&0&0\end{pmatrix}\quad\text{for example.}$$
#
# Where people get stuck: $p$ is the probability of being *dropped*. In other books it is the
# opposite, and with $p = 0.5$ you will not notice.


# %% nbgrader={"grade": false, "grade_id": "dropout_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout(x, p, training, seed):
    """Drop entries of x with probability p, in training.

    Parameters
    ----------
    x : array of any shape
    p : probability of being dropped, 0 <= p < 1
    training : True in training, False in evaluation
    seed : integer for `np.random.default_rng`

    Returns
    -------
    out : array with the shape of x
    cache : what `dropout_backward` needs; suggested: the mask, an array with the shape of x;
        in evaluation all ones
    """
    ### BEGIN SOLUTION
    mask = np.ones_like(x)
    if training:
        kept = np.random.default_rng(seed).random(x.shape) >= p
        mask = kept.astype(x.dtype) / (1 - p)
    return x * mask, mask
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dropout", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A6.dropout")
### BEGIN HIDDEN TESTS
grade("A6.dropout", points=3)
### END HIDDEN TESTS

# %% [markdown]
# Backwards: whatever was multiplied by the mask gets its gradient multiplied by the mask. The same
# one, which is why it is in the cache: a new one would blame entries that took no part.


# %% nbgrader={"grade": false, "grade_id": "dropout_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout_backward(dout, cache):
    """Send the gradient of the loss back through `dropout`.

    Parameters
    ----------
    dout : array with the shape of x
    cache : what `dropout` returned; suggested: the mask

    Returns
    -------
    dx : array with the shape of x
    """
    ### BEGIN SOLUTION
    return dout * cache
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "dropout_backward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("A6.dropout_backward")
### BEGIN HIDDEN TESTS
grade("A6.dropout_backward", points=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Batch normalisation
#
# Good first weights keep the numbers at size 1 for a while. Batch norm holds them there: it gives
# every feature (a column of $X$) mean 0 and variance 1 over the batch, and then lets the network
# choose another scale $\gamma$ and shift $\beta$, if it wants to:
#
# $$\mu_d = \frac1N\sum_n x_{nd},\quad
# \sigma_d^2 = \frac1N\sum_n (x_{nd}-\mu_d)^2,\quad
# \hat x_{nd} = \frac{x_{nd}-\mu_d}{\sqrt{\sigma_d^2+\varepsilon}},\quad
# \mathrm{out}_{nd} = \gamma_d\,\hat x_{nd} + \beta_d$$
#
# with $\varepsilon = 10^{-5}$ for features that do not vary. For paper, two features of four samples:
#
# $$X=\begin{pmatrix}1&0\\2&0\\3&2\\4&2\end{pmatrix},\quad
# \gamma=\begin{pmatrix}1&2\end{pmatrix},\quad\beta=\begin{pmatrix}0&1\end{pmatrix}$$
#
# The means are $2.5$ and $1$, the variances $1.25$ and $1$, and
#
# $$\mathrm{out}=\begin{pmatrix}-1.3416&-1\\-0.4472&-1\\0.4472&3\\1.3416&3\end{pmatrix}.$$
#
# Where people get stuck: the variance divides by $N$, not by $N-1$. And $\varepsilon$ is added to
# the variance, under the root.


# %% nbgrader={"grade": false, "grade_id": "batchnorm_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batchnorm(x, gamma, beta, eps):
    """Normalise every feature over the batch, then scale and shift it.

    Parameters
    ----------
    x : array (N, D)
    gamma, beta : arrays (D,)
    eps : number that is added to the variance

    Returns
    -------
    out : array (N, D)
    cache : what `batchnorm_backward` needs; suggested: (xhat, inv_std, gamma), where xhat (N, D) is
        the normalised x, and inv_std (1, D) is 1 / sqrt(variance + eps)
    """
    ### BEGIN SOLUTION
    centred = x - x.mean(axis=0)
    inv_std = 1 / np.sqrt((centred**2).mean(axis=0, keepdims=True) + eps)
    xhat = centred * inv_std
    return gamma * xhat + beta, (xhat, inv_std, gamma)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "batchnorm", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A6.batchnorm")
### BEGIN HIDDEN TESTS
grade("A6.batchnorm", points=3)
### END HIDDEN TESTS

# %% [markdown]
# Now the one that people fear. An entry $x_{nd}$ reaches the loss on three paths: directly through
# $\hat x_{nd}$, through the mean $\mu_d$, and through the variance $\sigma_d^2$; by the last two it
# moves every other sample's output as well. Leave out a path, and training still works, a little
# worse.
#
# With $g = \gamma\odot\mathrm{dout}$, the gradient with respect to $\hat x$, the three paths can be
# added up on paper. What remains is short, column by column:
#
# $$\mathrm{dx} = \frac{1}{\sqrt{\sigma^2+\varepsilon}}\Big(g - \overline{g} -
# \hat x\;\overline{g\,\hat x}\Big)$$
#
# where a bar is the mean over the $N$ rows. Read it: of the gradient, what all samples share is taken
# away ($\overline g$), and what points along $\hat x$. Could it be otherwise? Add 7 to a column: the
# output does not change, so the entries of `dx` in a column must add up to 0. Stretch a column: the
# output hardly changes either.
#
# You may also go step by step through the graph; it comes to the same. For the example above and
#
# $$\mathrm{dout}=\begin{pmatrix}1&1\\0&0\\0&0\\0&0\end{pmatrix}\ \text{you should arrive at}\
# \mathrm{dx}=\begin{pmatrix}0.2683&1\\-0.3578&-1\\-0.0894&0\\0.1789&0\end{pmatrix},\quad
# \mathrm{dgamma}=\begin{pmatrix}-1.3416&-1\end{pmatrix},\quad
# \mathrm{dbeta}=\begin{pmatrix}1&1\end{pmatrix}.$$
#
# Where people get stuck:
#
# - *`dgamma` and `dbeta`* have $D$ entries, `dout` has $N\cdot D$: every sample used the same
#   $\gamma$ and $\beta$.
# - *$\gamma$ multiplied*, so it is in `dx`. It starts at 1, so you will not miss it.


# %% nbgrader={"grade": false, "grade_id": "batchnorm_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batchnorm_backward(dout, cache):
    """Send the gradient of the loss back through `batchnorm`.

    Parameters
    ----------
    dout : array (N, D)
    cache : what `batchnorm` returned; suggested: (xhat, inv_std, gamma)

    Returns
    -------
    dx : array (N, D)
    dgamma, dbeta : arrays (D,)
    """
    ### BEGIN SOLUTION
    xhat, inv_std, gamma = cache
    g = gamma * dout
    dx = inv_std * (g - g.mean(axis=0) - xhat * (g * xhat).mean(axis=0))
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "batchnorm_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("A6.batchnorm_backward")
### BEGIN HIDDEN TESTS
grade("A6.batchnorm_backward", points=4)
### END HIDDEN TESTS

# %% [markdown]
# After training, somebody sends one single image. What is the variance of a batch of one? Nothing,
# and the answer for an image should not depend on who else is in the batch. So training keeps
# averages of the batches' statistics on the side:
#
# $$\text{mean} \leftarrow (1 - m)\,\text{mean} + m\,\mu,\qquad
# \text{var} \leftarrow (1 - m)\,\text{var} + m\,\frac{N}{N-1}\,\sigma^2$$
#
# Here $m$ is `momentum`, usually 0.1: the share of the *new* batch, as in PyTorch. (Other courses
# call the other share by this name.) The variance is multiplied by $N/(N-1)$, because it should be
# an estimate for data that were not in the batch, and there $1/N$ is a little too small.
#
# For the batch from above, from means $(0, 0)$ and variances $(1, 1)$, with $m = 0.1$: the new means
# are $(0.25, 0.1)$, the new variances $(1.0667, 1.0333)$.


# %% nbgrader={"grade": false, "grade_id": "running_statistics_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def running_statistics(x, running_mean, running_var, momentum):
    """Take a batch into the running mean and variance.

    Parameters
    ----------
    x : array (N, D), N >= 2
    running_mean, running_var : arrays (D,), before this batch
    momentum : share of the new batch, a number in [0, 1]

    Returns
    -------
    new_mean, new_var : arrays (D,)
    """
    ### BEGIN SOLUTION
    new_mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    new_var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return new_mean, new_var
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "running_statistics", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("A6.running_statistics")
### BEGIN HIDDEN TESTS
grade("A6.running_statistics", points=1)
### END HIDDEN TESTS

# %% [markdown]
# And this is the layer after training: the same formula, with the running statistics in place of the
# batch's own. The sample $\begin{pmatrix}3&1\end{pmatrix}$, with means $(1, 1)$, variances
# $(4, 0.25)$ and $\gamma$ and $\beta$ from above, gives
# $\begin{pmatrix}1\cdot\frac{3-1}{2}+0 & 2\cdot\frac{1-1}{0.5}+1\end{pmatrix} =
# \begin{pmatrix}1&1\end{pmatrix}$.


# %% nbgrader={"grade": false, "grade_id": "batchnorm_eval_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    """Normalise with the running statistics, then scale and shift.

    Parameters
    ----------
    x : array (N, D), also of a single sample
    gamma, beta : arrays (D,)
    running_mean, running_var : arrays (D,)
    eps : number that is added to the variance

    Returns
    -------
    out : array (N, D)
    """
    ### BEGIN SOLUTION
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "batchnorm_eval", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("A6.batchnorm_eval")
### BEGIN HIDDEN TESTS
grade("A6.batchnorm_eval", points=1)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Train it
#
# Nothing here is graded. Three of your functions and the digits of the book: 64 pixels, 32 hidden
# units, 10 classes. Before you run it: what will the first number be?
#
# Then change one thing at a time in a copy of the cell: standard deviation 0.01 for the first layer;
# no shuffling; a learning rate ten times as large. Which of them does the loss tell you about?


# %% nbgrader={"grade": false, "grade_id": "train", "locked": true, "schema_version": 3, "solution": false, "task": false}
def train(epochs=5, batch_size=32, lr=0.5):
    """Train on the digits and print the mean loss of each epoch."""
    digits = load_digits()
    x, labels = digits.x_train.reshape(len(digits.x_train), -1), digits.y_train
    w1, b1 = init_he(64, 32, seed=0), np.zeros(32)
    w2, b2 = 0.01 * init_he(32, 10, seed=1), np.zeros(10)
    for epoch in range(epochs):
        losses = []
        for rows in minibatches(len(x), batch_size, seed=epoch):
            loss, w1, b1, w2, b2 = train_step(x[rows], labels[rows], w1, b1, w2, b2, lr)
            losses.append(loss)
        print(f"epoch {epoch + 1}: first loss {losses[0]:.3f}, mean {np.mean(losses):.3f}")
    return w1, b1, w2, b2


try:
    train()
except NotImplementedError:
    print("init_he, minibatches or train_step is not written yet")
