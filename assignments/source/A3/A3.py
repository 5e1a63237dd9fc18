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
# # A3: gradients you can trust
#
# Somebody hands you a gradient: five numbers, and the claim that the loss falls fastest the
# opposite way. Nothing in the five numbers says whether that is true. You train with them, the
# loss goes down. Does that prove it? No: a gradient divided by 32, with a forgotten penalty, or
# with a gate left open goes down as well, only worse.
#
# In this assignment you build the instrument that tells. Then your instrument is graded the way
# instruments are: we show it 12 gradients that are wrong and 6 that are right, and count how often
# it says so. A checker that objects to everything is as useless as one that objects to nothing.
#
# | function | what it does | points |
# |---|---|---|
# | `numeric_gradient` | the gradient by differences, entry by entry | 6 |
# | `relative_error` | how far apart two gradients are, as one number | 4 |
# | `check_gradient` | the verdict: `True` or `False` | 6 |
# | `directional_check` | a verdict from two calls of `f` a direction | 4 |
#
# **House rules.** The arrays you are given hold the same numbers afterwards. What you compute is
# computed in `float64`, whatever comes in. NumPy is all you need; `coursepkg.gradcheck` has a
# checker too, and handing that in would miss the point.

# %% [markdown]
# ## How you will know
#
# Below each function stands a `check`. After submission the same engine tries more; its last line
# names what. In each question every trial is worth the same.
#
# Your `check_gradient` is tried as a whole, with whatever of yours it calls. So get
# `numeric_gradient` and `relative_error` right first: an instrument with a bent scale reads wrong.
#
# **Where the functions come from.** The next cell holds six small functions to differentiate. The
# checks say which one they mean by name and give its parameters; the line `@takes_function` above
# each `def` makes a function of that. In your code `f` is always something that you can call:
# `f(x)` is one number. Leave these lines where they are. You can call everything with functions
# of your own as well: `numeric_gradient(lambda x: np.sum(x**2), np.ones(3))`.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import functools

import numpy as np

from coursepkg.checks import check, grade

FUNCTIONS = {
    "cubic": lambda x, a: np.sum(a * x**3),
    "squares": lambda x, a: np.sum(a * x**2) / 2,
    "absolute": lambda x, a: np.sum(a * np.abs(x)),
    "logistic": lambda w, rows, signs: np.mean(np.log1p(np.exp(-signs * (rows @ w)))),
    "ridge": lambda w, rows, targets, strength: (
        np.mean((rows @ w - targets) ** 2) / 2 + strength * np.sum(w**2) / 2
    ),
    "network": lambda w, rows, targets: (
        np.sum((np.maximum(rows @ w, 0) - targets) ** 2) / (2 * len(rows))
    ),
}


def takes_function(check):
    """Let the first argument of `check` be a function, or the name of one with its parameters."""

    @functools.wraps(check)
    def with_function(f, *args, **kwargs):
        return check(f if callable(f) else function_of(*f), *args, **kwargs)

    return with_function


def function_of(name, most_calls, *parameters):
    """Make a function of `x` that can be called so many times, and not more."""
    calls = 0

    def f(x):
        nonlocal calls
        calls += 1
        if calls > most_calls:
            raise RuntimeError(f"f was called more than {most_calls} times")
        return float(FUNCTIONS[name](x, *parameters))

    return f


# %% [markdown]
# ## 1. The gradient by differences
#
# What does the loss do if this one number grows a little? Let it grow a little, and look:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h\,e_i) - f(x - h\,e_i)}{2h},$$
#
# where $e_i$ is 1 at place $i$ and 0 elsewhere. Two calls of $f$ for each entry of $x$.
#
# Why not the simpler $(f(x + he_i) - f(x))/h$? For paper: $f(x) = x_1^3 + 2x_2^3$ at
# $x = (2, -1)$. The gradient is $(3x_1^2, 6x_2^2) = (12, 6)$. With $h = 0.1$, the difference on
# one side gives $(2.1^3 - 2^3)/0.1 = 12.61$ for the first entry. On both sides it is
#
# $$\frac{2.1^3 - 1.9^3}{0.2} = \frac{9.261 - 6.859}{0.2} = 12.01,$$
#
# and for the second entry $6.02$. The error was $0.61$ and is $0.01$. With a tenth of $h$ it is
# again a hundred times smaller: it goes like $h^2$.
#
# So why not $h = 10^{-12}$? Because `f(x + h)` and `f(x - h)` are then equal in nearly all their
# digits, and the difference is made of what rounding left. In `float64` the best place is near
# $h = 10^{-5}$, and there about ten digits are right. In `float32` there is no good place: a 1.0 in
# `float32` plus $10^{-5}$ is off by more than a thousandth of that step, and the function rounds as
# well.
#
# Where people get stuck:
#
# - *Putting back.* `x[i] += h`, then `x[i] -= 2 * h`, then `x[i] += h` does not always lead home:
#   each step rounds, and an entry of $10^{-7}$ loses its last digits on the way. Keep the old
#   value, and put that back. Or change a copy.
# - *The dtype.* If `x` holds whole numbers, `x[i] + 1e-5` put back into `x` is a whole number
#   again. Begin with a copy of `x` in `float64`.
# - *The shape.* `x` may be a vector, a matrix or anything else. `np.ndindex(x.shape)` runs over all
#   places. `x.ravel()` does too, but for some arrays it is a copy, and what you write into a copy,
#   `f` never sees.


# %% nbgrader={"grade": false, "grade_id": "numeric_gradient_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
@takes_function
def numeric_gradient(f, x, h=1e-5):
    """Differentiate `f` at `x` by differences on both sides, one entry after another.

    Parameters
    ----------
    f : function of an array with the shape of x; returns one number
    x : array of any shape, of any dtype; unchanged afterwards
    h : how far to go on either side

    Returns
    -------
    grad : array with the shape of x, float64
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=np.float64)
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        above = f(x)
        x[index] = old - h
        below = f(x)
        x[index] = old
        grad[index] = (above - below) / (2 * h)
    return grad
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "numeric_gradient", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("A3.numeric_gradient")
### BEGIN HIDDEN TESTS
grade("A3.numeric_gradient", points=6)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. How far apart?
#
# Two gradients of the same thing never agree in all digits. A difference of $10^{-7}$: is that
# much? If they are about 1, no. If they are about $10^{-7}$, it is everything. So we divide by the
# size. But by whose? Here is a right gradient beside its numerical one:
#
# | | claimed | numerical | $\lvert a - b\rvert / (\lvert a\rvert + \lvert b\rvert)$ |
# |---|---|---|---|
# | entry 1 | 1000 | 1000 | 0 |
# | entry 2 | 0.000000001 | 0.000000003 | 0.5 |
#
# Entry by entry, the second looks terrible. It is right: rounding of a function with a slope of
# 1000 leaves more than $10^{-9}$ anywhere. A checker that takes the worst entry fails right
# answers, and does so often. So take the *length* of the whole array, once above and once below:
#
# $$\text{error} = \frac{\lVert a - b\rVert}{\lVert a\rVert + \lVert b\rVert},\qquad
# \lVert a\rVert = \sqrt{\textstyle\sum_i a_i^2}.$$
#
# It is 0 for equal arrays and never more than 1. For paper: $a = (3, 0)$ and $b = (0, 4)$ give
# $5 / (3 + 4) = 0.7143$.
#
# Four cases that the formula leaves to you:
#
# - Both arrays are zero. Then it says 0/0; the error is 0.
# - The shapes differ. `(4,) - (4, 1)` is no error for NumPy: it makes a $4\times4$ array of it. For
#   us two gradients of different shapes are infinitely far apart: return `np.inf`.
# - A nan in one of them. Then return nan or infinity, whichever comes.
# - `float32`. The square of $10^{25}$ does not fit. Convert to `float64` first.


# %% nbgrader={"grade": false, "grade_id": "relative_error_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relative_error(a, b):
    """Return the length of ``a - b``, divided by the sum of the lengths of `a` and `b`.

    Parameters
    ----------
    a, b : arrays of any shape and dtype

    Returns
    -------
    error : one number between 0 and 1; 0 if both are zero, `np.inf` if the shapes differ
    """
    ### BEGIN SOLUTION
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.shape != b.shape:
        return np.inf
    total = np.sqrt(np.sum(a**2)) + np.sqrt(np.sum(b**2))
    return 0.0 if total == 0 else float(np.sqrt(np.sum((a - b) ** 2)) / total)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "relative_error", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("A3.relative_error")
### BEGIN HIDDEN TESTS
grade("A3.relative_error", points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. The verdict
#
# `check_gradient(f, x, grad)` says `True` if `grad` is the gradient of `f` at `x`, else `False`.
# Right means: a relative error of at most $10^{-6}$ against the numerical gradient. A right formula
# stays far below, and a wrong one far above.
#
# It is shown 12 wrong gradients and 6 right ones, 18 trials of the same worth. In a trial with a
# wrong gradient your checker also sees the right one at the same point, and in a trial with a right
# one also a spoilt one, in an order that you cannot know. The trial counts if *both* verdicts are
# right. So you cannot win by always saying the same.
#
# Among the wrong ones are gradients with another shape, with a nan, with a single wrong entry, and
# one that is off by a thousandth. None of these may raise an error: the verdict is `False`. Think
# about what `error > 1e-6` says if the error is nan, and what `error <= 1e-6` says.
#
# Among the right ones are a gradient in `float32`, one that is rightly zero, and one **at a kink**.
# Take $f(x) = \lvert x\rvert$ at $x = 3\cdot10^{-6}$. The slope is 1. But with $h = 10^{-5}$ one
# side lies beyond the kink, and the difference says
#
# $$\frac{\lvert 13\rvert - \lvert -7\rvert}{20} = 0.3.$$
#
# The claimed gradient was right, and the instrument was at fault. (In a layer of 512 ReLUs and a
# batch of 64 we counted five of the 32,768 inputs that close to 0.) What tells this case from a
# wrong gradient? A shorter step. With $h = 10^{-6}$ the difference is 1. A gradient that is wrong stays wrong for every step.
# So before you object, try again with a tenth and a hundredth of $h$, and object only if no step
# agrees. No kink here is nearer than $10^{-6}$.


# %% nbgrader={"grade": false, "grade_id": "check_gradient_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
@takes_function
def check_gradient(f, x, grad, tolerance=1e-6):
    """Say whether `grad` is the gradient of `f` at `x`.

    Parameters
    ----------
    f : function of an array with the shape of x; returns one number
    x : array of any shape; unchanged afterwards
    grad : array, the gradient that somebody claims
    tolerance : the largest relative error of a right gradient

    Returns
    -------
    verdict : True or False
    """
    ### BEGIN SOLUTION
    for h in (1e-5, 1e-6, 1e-7):
        if relative_error(grad, numeric_gradient(f, x, h)) <= tolerance:
            return True
    return False
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_gradient", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("A3.check_gradient")
### BEGIN HIDDEN TESTS
grade("A3.check_gradient", points=6)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Two calls instead of a million
#
# A network of 784 inputs, 512 hidden units and 10 outputs has 407,050 weights and biases. Entry by
# entry, its check needs 814,100 passes forward, which takes hours. Is there something cheaper?
#
# Go in one direction $v$, with all entries at once. If $g$ is the gradient, the slope along $v$
# is their inner product, and two calls of $f$ measure it:
#
# $$\langle g, v\rangle = \sum_i g_i v_i \;\approx\; \frac{f(x + hv) - f(x - hv)}{2h}.$$
#
# A gradient that is wrong anywhere nearly always says something wrong about a random direction. Not
# always: for paper, $f(x) = \tfrac12(x_1^2 + 3x_2^2)$ at $x = (1, 2)$ has the gradient $(1, 6)$.
# Somebody claims $(1, 5)$. Along $v = (1, 1)$ the function rises with slope 7 and the claim says 6:
# caught. Along $v = (1, 0)$ both say 1: nothing to see. So one takes a few directions at random,
# `np.random.default_rng().standard_normal((5, *x.shape))`, and accepts if all agree.
#
# When do two slopes agree? Dividing by the slopes themselves is a trap: a direction may lie at right
# angles to the gradient, where both are zero up to rounding. Divide by the largest slope that a
# direction of that length could have had:
#
# $$\bigl\lvert \langle g, v\rangle - \text{measured}\bigr\rvert \;\le\;
# 10^{-6}\,\lVert g\rVert\,\lVert v\rVert.$$
#
# Each direction may cost two calls of `f`; a few to spare are allowed, `numeric_gradient` is not. A
# `grad` with another shape than `x` or with a nan is wrong. Kinks do not come up here.


# %% nbgrader={"grade": false, "grade_id": "directional_check_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
@takes_function
def directional_check(f, x, grad, directions, tolerance=1e-6, h=1e-5):
    """Say whether `grad` agrees with the slope of `f` at `x` along each of some directions.

    Parameters
    ----------
    f : function of an array with the shape of x; returns one number
    x : array of any shape; unchanged afterwards
    grad : array, the gradient that somebody claims
    directions : array (K, *x.shape), one direction after another
    tolerance : the largest error of a slope, in lengths of the gradient times that of the direction
    h : how far to go on either side, in lengths of the direction

    Returns
    -------
    verdict : True if all K slopes agree, else False
    """
    ### BEGIN SOLUTION
    x, grad = np.asarray(x, dtype=np.float64), np.asarray(grad, dtype=np.float64)
    if grad.shape != x.shape:
        return False
    for v in directions:
        measured = (f(x + h * v) - f(x - h * v)) / (2 * h)
        largest = np.sqrt(np.sum(grad**2)) * np.sqrt(np.sum(v**2))
        if not abs(np.sum(grad * v) - measured) <= tolerance * largest:
            return False
    return True
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "directional_check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("A3.directional_check")
### BEGIN HIDDEN TESTS
grade("A3.directional_check", points=4)
### END HIDDEN TESTS

# %% [markdown]
# Keep this notebook open through the rest of the course. Every backward pass you write from here on
# can be put on this bench before anybody else sees it.
