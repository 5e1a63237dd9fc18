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
# # A7: optimizers
#
# A lecture slide trains with this line:
#
# ```python
# x += learning_rate * dx
# ```
#
# `dx` is the gradient of the loss. Before you read on: where does this lead on
# $f(x) = \frac12(x_1^2 + 10\,x_2^2)$, from $(1, 1)$, with learning rate 0.05, in 60 steps?
#
# To $f = 6.8\cdot10^{21}$. With a minus it leads to $0.0011$. The formula on the same slide has the
# minus; the listing lost it. One character, and nothing raises.
#
# In this assignment you write six rules that say where to go from a gradient. Each is two or three
# lines, and in each there is one thing that people get wrong and that still trains.
#
# | function | what it does | points |
# |---|---|---|
# | `sgd` | a step downhill | 2 |
# | `momentum` | steps along a decaying sum of gradients | 4 |
# | `nesterov` | momentum that looks ahead | 5 |
# | `adagrad` | steps divided by the size of all gradients so far | 3 |
# | `rmsprop` | steps divided by the size of recent gradients | 4 |
# | `adam` | both at once, corrected at the start | 7 |
#
# **The pattern.** A rule is a function without a memory. It gets the weights, their gradient and
# whatever it wanted to remember, and returns the new weights and what to remember next:
#
# ```python
# new_w, new_state = momentum(w, dw, state, lr)
# ```
#
# `w` and `dw` are arrays of the same shape, and every entry is treated by itself. `state` is `None`
# before the first step. From then on it is what you returned the last time *for these weights*. A
# network has many weight arrays, and each has a state of its own; you need not keep them apart, if
# you keep nothing in global variables.
#
# **House rules for all functions**
#
# - `w`, `dw` and the arrays in `state` stay as they are: `w -= lr * dw` writes into somebody else's
#   array. Return a new one.
# - `float32` in, `float32` out. `np.zeros(w.shape)` is `float64`; `np.zeros_like(w)` is what `w` is.
#   A Python number leaves `float32` alone; `np.sqrt` of a Python number is no Python number any more
#   and does not.
# - The learning rate may be another one in each step (a schedule). So the state remembers gradients,
#   not steps.

# %% [markdown]
# ## How you will know
#
# The `check` below each function walks with it, over three steps of the worked example and five of
# a random quadratic, and stops at the first step where your weights leave the right ones. It then
# looks at the first step's length, at your state, at two arrays of weights in turns, and at the
# house rules.
#
# What the check does **not** tell you: after submission the same is done with other quadratics,
# other options, a learning rate that changes, a state that was saved by somebody else, and gradients
# that are tiny or zero. Right means right to twelve digits. Each line of the report counts the same.
#
# The worked example is the same for all rules: $f(w) = w^2/2$ from $w = 1$. Its gradient is $w$
# itself, so you can follow it with a pocket calculator. The learning rate is 0.1.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from coursepkg.checks import check, grade

# %% [markdown]
# ## 1. Signs first
#
# Gradient descent goes against the gradient, $w \leftarrow w - \alpha\,\mathrm{dw}$, where $\alpha$
# is the learning rate. There is nothing to remember.
#
# | step | 1 | 2 | 3 |
# |---|---|---|---|
# | $w$ | 0.9 | 0.81 | 0.729 |


# %% nbgrader={"grade": false, "grade_id": "sgd_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd(w, dw, state, lr):
    """Step downhill.

    Parameters
    ----------
    w : array of any shape
    dw : array of the same shape, the gradient of the loss
    state : None: this rule remembers nothing
    lr : learning rate, a number

    Returns
    -------
    new_w : array with the shape of w
    new_state : None
    """
    ### BEGIN SOLUTION
    return w - lr * dw, None
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sgd", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("A7.sgd")
### BEGIN HIDDEN TESTS
grade("A7.sgd", points=2)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Momentum
#
# In a ravine the gradient points across, to and fro, and only a little along. Add gradients up, and
# what goes to and fro cancels, while the little along the ravine grows:
#
# $$v \leftarrow \rho\,v + \mathrm{dw},\qquad w \leftarrow w - \alpha\,v$$
#
# with $v = 0$ at the start and $\rho$ for `momentum`. The slide that has this formula calls $v$ "a
# running mean of gradients". Is it? Let the gradient be 1 in every step, and $\rho = 0.99$. Where
# does $v$ settle?
#
# At 100. It is a running *sum*; a mean would settle at 1. Write the sum: whoever turns it into a mean
# has to make the learning rate $1/(1-\rho)$ times as large.
#
# | step | 1 | 2 | 3 |
# |---|---|---|---|
# | $v$ | 1 | 1.8 | 2.34 |
# | $w$ | 0.9 | 0.72 | 0.486 |
#
# Where people get stuck: the state. Return `v`, not `lr * v`. With one learning rate for all steps
# you would not see the difference.


# %% nbgrader={"grade": false, "grade_id": "momentum_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def momentum(w, dw, state, lr, momentum=0.9):
    """Step along a decaying sum of gradients.

    Parameters
    ----------
    w : array of any shape
    dw : array of the same shape, the gradient of the loss
    state : None before the first step, then v, an array with the shape of w
    lr : learning rate, a number
    momentum : share of v that is kept, 0 <= momentum < 1

    Returns
    -------
    new_w : array with the shape of w
    new_state : v
    """
    ### BEGIN SOLUTION
    v = dw if state is None else momentum * state + dw
    return w - lr * v, v
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "momentum", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("A7.momentum")
### BEGIN HIDDEN TESTS
grade("A7.momentum", points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Nesterov's momentum
#
# Momentum walks on blindly: the part $-\alpha\rho v$ of the step is settled before the gradient is
# known. So go there first, and take the gradient at the place where that part leads. The slides
# show its path, but not its formula:
#
# $$v \leftarrow \rho\,v + \nabla f(\tilde w - \alpha\rho\,v),\qquad
# \tilde w \leftarrow \tilde w - \alpha\,v$$
#
# A training loop dislikes this: it has the gradient at the weights, not at some other point. The way
# out is to store the other point. Call $w = \tilde w - \alpha\rho\,v$ the weights. Then
# $\mathrm{dw}$ is the gradient that the formula wants, and what remains for you is to write down how
# $w$ changes. (After the update, the next look ahead is included in $w$ already.) Try it on paper; it
# is one line of algebra. You arrive at
#
# $$v \leftarrow \rho\,v + \mathrm{dw},\qquad w \leftarrow w - \alpha\,(\mathrm{dw} + \rho\,v)$$
#
# with the new $v$ in the second formula.
#
# | step | 1 | 2 | 3 |
# |---|---|---|---|
# | $v$ | 1 | 1.71 | 2.1141 |
# | $w$ | 0.81 | 0.5751 | 0.327321 |
#
# Where people get stuck: with the old $v$ in the second formula, this is plain momentum.


# %% nbgrader={"grade": false, "grade_id": "nesterov_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nesterov(w, dw, state, lr, momentum=0.9):
    """Step with momentum that looks ahead.

    Parameters
    ----------
    w : array of any shape
    dw : array of the same shape, the gradient of the loss
    state : None before the first step, then v, an array with the shape of w
    lr : learning rate, a number
    momentum : share of v that is kept, 0 <= momentum < 1

    Returns
    -------
    new_w : array with the shape of w
    new_state : v
    """
    ### BEGIN SOLUTION
    v = dw if state is None else momentum * state + dw
    return w - lr * (dw + momentum * v), v
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "nesterov", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("A7.nesterov")
### BEGIN HIDDEN TESTS
grade("A7.nesterov", points=5)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. AdaGrad
#
# One learning rate for all weights is a compromise: the weight of a rare feature sees a gradient
# once in a thousand steps. AdaGrad gives every entry a rate of its own. It adds up the *squares*
# of all its gradients and divides by the root:
#
# $$s \leftarrow s + \mathrm{dw}^2,\qquad
# w \leftarrow w - \alpha\,\frac{\mathrm{dw}}{\sqrt{s} + \varepsilon}$$
#
# with $s = 0$ at the start. Whatever the first gradient is, the first step is $\alpha$ long. What
# happens to the steps after that? $s$ can only grow.
#
# | step | 1 | 2 | 3 |
# |---|---|---|---|
# | $s$ | 1 | 1.81 | 2.504061 |
# | $w$ | 0.9 | 0.833104 | 0.780456 |
#
# Where people get stuck: $\varepsilon$ stands outside of the root. Inside, $\varepsilon = 10^{-8}$
# would count as $10^{-4}$, and small gradients would be called tiny ones.


# %% nbgrader={"grade": false, "grade_id": "adagrad_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adagrad(w, dw, state, lr, eps=1e-8):
    """Divide every step by the size of all gradients so far.

    Parameters
    ----------
    w : array of any shape
    dw : array of the same shape, the gradient of the loss
    state : None before the first step, then s, an array with the shape of w
    lr : learning rate, a number
    eps : keeps the quotient finite where all gradients were 0

    Returns
    -------
    new_w : array with the shape of w
    new_state : s
    """
    ### BEGIN SOLUTION
    s = dw**2 if state is None else state + dw**2
    return w - lr * dw / (s**0.5 + eps), s
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "adagrad", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A7.adagrad")
### BEGIN HIDDEN TESTS
grade("A7.adagrad", points=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. RMSProp
#
# AdaGrad never forgets: after a steep start its steps are short for ever. RMSProp forgets. It takes
# a running mean of the squares in place of their sum, and this one *is* a mean:
#
# $$s \leftarrow \delta\,s + (1-\delta)\,\mathrm{dw}^2,\qquad
# w \leftarrow w - \alpha\,\frac{\mathrm{dw}}{\sqrt{s} + \varepsilon}$$
#
# with $s = 0$ at the start and $\delta$ for `decay`. Guess before you look: how long is the first
# step, in learning rates, with $\delta = 0.9$?
#
# | step | 1 | 2 | 3 |
# |---|---|---|---|
# | $s$ | 0.1 | 0.136754 | 0.147966 |
# | $w$ | 0.683772 | 0.498871 | 0.369181 |
#
# It is 3.16 learning rates long: only a tenth of the first square has arrived in $s$, and
# $1/\sqrt{0.1} = 3.16$. With $\delta = 0.99$ it would be 10. Keep that in mind for the last rule.


# %% nbgrader={"grade": false, "grade_id": "rmsprop_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rmsprop(w, dw, state, lr, decay=0.9, eps=1e-8):
    """Divide every step by the size of recent gradients.

    Parameters
    ----------
    w : array of any shape
    dw : array of the same shape, the gradient of the loss
    state : None before the first step, then s, an array with the shape of w
    lr : learning rate, a number
    decay : share of s that is kept, 0 <= decay < 1
    eps : keeps the quotient finite where all gradients were 0

    Returns
    -------
    new_w : array with the shape of w
    new_state : s
    """
    ### BEGIN SOLUTION
    old = 0.0 if state is None else decay * state
    s = old + (1 - decay) * dw**2
    return w - lr * dw / (s**0.5 + eps), s
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "rmsprop", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("A7.rmsprop")
### BEGIN HIDDEN TESTS
grade("A7.rmsprop", points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Adam
#
# Momentum above, RMSProp below, both as running means:
#
# $$m \leftarrow \beta_1 m + (1-\beta_1)\,\mathrm{dw},\qquad
# v \leftarrow \beta_2 v + (1-\beta_2)\,\mathrm{dw}^2$$
#
# The slides first show "Adam (almost)", which divides $m$ by $\sqrt v + \varepsilon$, and ask what
# happens in the first step. With $\beta_1 = 0.9$ and $\beta_2 = 0.999$, a tenth of the gradient has
# arrived in $m$, and a thousandth of its square in $v$: the step is
# $0.1/\sqrt{0.001} = 3.16$ learning rates long. If the gradient stays the same, the steps get
# longer still, up to 6.57 learning rates in step 12. That is a bad moment for long steps.
#
# After $t$ steps the shares that have arrived add up to $1-\beta_1^t$ and $1-\beta_2^t$. So divide by
# them:
#
# $$t \leftarrow t + 1,\qquad \hat m = \frac{m}{1-\beta_1^t},\qquad
# \hat v = \frac{v}{1-\beta_2^t},\qquad
# w \leftarrow w - \alpha\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# Now the first step is one learning rate long, whatever the gradient is.
#
# | step | 1 | 2 | 3 |
# |---|---|---|---|
# | $m$ | 0.1 | 0.18 | 0.242041 |
# | $v$ | 0.001 | 0.001809 | 0.002448 |
# | $t$ | 1 | 2 | 3 |
# | $w$ | 0.9 | 0.800412 | 0.701586 |
#
# Where people get stuck:
#
# - *$t$ counts from 1.* In the first step it is 1; with 0 you divide by $1 - \beta^0 = 0$.
# - *What is remembered.* `m` and `v` as they are, not $\hat m$ and $\hat v$: the correction is for
#   this step only.
# - *$\varepsilon$* is added to the root of $\hat v$, as in RMSProp. Other places in the formula are
#   seen in the wild, and give other numbers.


# %% nbgrader={"grade": false, "grade_id": "adam_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adam(w, dw, state, lr, betas=(0.9, 0.999), eps=1e-8):
    """Step along the mean of recent gradients, divided by their size.

    Parameters
    ----------
    w : array of any shape
    dw : array of the same shape, the gradient of the loss
    state : None before the first step, then the tuple (m, v, t): two arrays with the shape
        of w, and the number of steps that were taken
    lr : learning rate, a number
    betas : (beta1, beta2), shares of m and v that are kept
    eps : keeps the quotient finite where all gradients were 0

    Returns
    -------
    new_w : array with the shape of w
    new_state : (m, v, t), t being 1 after the first step
    """
    ### BEGIN SOLUTION
    beta1, beta2 = betas
    m, v, t = (0.0, 0.0, 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * dw
    v = beta2 * v + (1 - beta2) * dw**2
    mean, mean_square = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * mean / (mean_square**0.5 + eps), (m, v, t)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "adam", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
check("A7.adam")
### BEGIN HIDDEN TESTS
grade("A7.adam", points=7)
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Who wins?
#
# Nothing here is graded. The ravine from the beginning, $f(x) = \frac12(x_1^2 + 10\,x_2^2)$ from
# $(1, 1)$, 60 steps: each rule with two learning rates. Before you run it, order the six by how low
# they get.
#
# Then look at AdaGrad in both columns, and at Nesterov. What is a comparison of optimizers worth in
# which all have the same learning rate?

# %% nbgrader={"grade": false, "grade_id": "race", "locked": true, "schema_version": 3, "solution": false, "task": false}
CURVATURE = np.array([1.0, 10.0])


def race(rule, lr, steps=60):
    """Return f after so many steps."""
    w, state = np.ones(2), None
    for _ in range(steps):
        w, state = rule(w, CURVATURE * w, state, lr)
    return np.sum(CURVATURE * w**2) / 2


for rule in (sgd, momentum, nesterov, adagrad, rmsprop, adam):
    try:
        print(f"{rule.__name__:<10}" + "".join(f"{race(rule, lr):12.1e}" for lr in (0.05, 0.5)))
    except NotImplementedError:
        print(f"{rule.__name__:<10} is not written yet")
