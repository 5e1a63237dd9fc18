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
# # A4: numbers that remember
#
# Ask Python for `(-2 + 5) * -4` and it says `-12`. Ask what happens to that $-12$ if the $-2$
# grows a little, and it cannot know: the sum and the product are long forgotten. In this
# assignment you write a number that does not forget. Every `+` and every `*` leaves a trace, and
# when you say `backward()`, one walk along the trace gives the derivative of the result by every
# number that took part, all at once. PyTorch is this, with arrays in place of single numbers.
#
# Before you start, a guess. Let $x = 3$ and $y = x\cdot x$. By the product, each of the two
# factors gets the other one as its derivative: 3. What is $\mathrm dy/\mathrm dx$, and what would
# a program answer that writes `x.grad = ...` where it should have written something else? You
# will meet both answers below.
#
# | question | what you write | points |
# |---|---|---|
# | `arithmetic` | `+`, `*` and `**` of a `Value` | 6 |
# | `functions` | `relu`, `exp`, `log`, `sigmoid` | 6 |
# | `backward` | one walk back through the graph | 8 |
# | `circuits` | three circuits of the lectures, built of your own parts | 5 |
#
# **The one idea.** A `Value` holds four things:
#
# - `data`, its number;
# - `inputs`, a tuple of the Values it was made of; `()` if it was not made of any (a *leaf*);
# - `local`, a tuple of plain numbers, one for each input: the derivative of this Value by that
#   input, as if nothing else existed. For $f = q\cdot z$ with $q = 3$ and $z = -4$ they are
#   $\partial f/\partial q = z = -4$ and $\partial f/\partial z = q = 3$;
# - `grad`, the derivative of the final result by this Value. It is 0 until somebody calls
#   `backward`.
#
# The first three are settled on the way forward. Only `grad` needs the way back.

# %% [markdown]
# ## How you will know
#
# Below each part stands a `check`. It builds small formulas from your Values, tells you which
# number differs and what it should be. After submission the same engine tries other formulas,
# random graphs, and a few things that graphs in real programs do; its last line lists them. The
# checks read `data`, `grad`, `inputs` and `local`, so keep these names and their meaning. What
# else you store is yours.
#
# Each check of a question is worth the same share of its points. `arithmetic` and `functions`
# are judged by `data` and `local` alone, so they do not need your `backward`; `backward` is
# judged on graphs that the check puts together with `Value(data, inputs, local)`, so it does not
# need your operations (but for one check of ten, which wants to see it all work together).
# `circuits` needs everything.
#
# You need `math`, and no array anywhere.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

from coursepkg.checks import check, grade

# %% [markdown]
# ## 1. Three operations, and four for nothing
#
# In Python `x + y` calls `x.__add__(y)`, `x * y` calls `x.__mul__(y)` and `x ** n` calls
# `x.__pow__(n)`. Write these three. Each makes a new `Value` from the number, the inputs and the
# local derivatives:
#
# | new value | inputs | local derivatives |
# |---|---|---|
# | $x + y$ | $x,\ y$ | $1,\ 1$ |
# | $x\cdot y$ | $x,\ y$ | ? |
# | $x^n$ | $x$ | ? |
#
# The exponent $n$ is a plain number such as 2, $-1$ or 0.5, not a Value: it has no derivative and
# is no input.
#
# Minus and division are written already, from your three: $x - y = x + (-1)\cdot y$ and
# $x / y = x\cdot y^{-1}$. The same goes for `2 * x`, where the number stands on the left and
# Python asks `x.__rmul__(2)`.
#
# For paper, with $x = -2,\ y = 5,\ z = -4$:
#
# $$q = x + y = 3,\qquad f = q\cdot z = -12,$$
#
# `q.inputs` is `(x, y)` with `q.local == (1, 1)`, and `f.inputs` is `(q, z)` with
# `f.local == (-4, 3)`. Note the order: the derivative by $q$ is the number that stands *opposite*.
#
# Where people get stuck: the local derivative is a plain number, computed from `.data`. If
# `local` holds Values, you have built a second graph without wanting to.


# %% nbgrader={"grade": false, "grade_id": "arithmetic_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Value:
    """A number that remembers what it was made of.

    Parameters
    ----------
    data : number
    inputs : tuple of Value, what it was made of; empty for a leaf
    local : tuple of numbers, its derivative by each of the inputs

    Attributes
    ----------
    data, inputs, local : as above
    grad : number, the derivative of the final result by this Value; 0 until `backward`
    """

    def __init__(self, data, inputs=(), local=()):
        self.data = data
        self.inputs = inputs
        self.local = local
        self.grad = 0.0

    def __add__(self, other):
        """Return the Value of ``self + other``."""
        other = as_value(other)
        ### BEGIN SOLUTION
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
        ### END SOLUTION

    def __mul__(self, other):
        """Return the Value of ``self * other``."""
        other = as_value(other)
        ### BEGIN SOLUTION
        return Value(self.data * other.data, (self, other), (other.data, self.data))
        ### END SOLUTION

    def __pow__(self, exponent):
        """Return the Value of ``self ** exponent``; the exponent is a plain number."""
        ### BEGIN SOLUTION
        slope = exponent * self.data ** (exponent - 1)
        return Value(self.data**exponent, (self,), (slope,))
        ### END SOLUTION

    # The rest is made of the three above.

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + as_value(other) * -1.0

    def __truediv__(self, other):
        return self * as_value(other) ** -1

    def __radd__(self, other):
        return as_value(other) + self

    def __rsub__(self, other):
        return as_value(other) - self

    def __rmul__(self, other):
        return as_value(other) * self

    def __rtruediv__(self, other):
        return as_value(other) / self

    def __repr__(self):
        return f"Value(data={self.data:.4g}, grad={self.grad:.4g})"


def as_value(x):
    """Return `x` itself if it is a Value, else a leaf that holds the number."""
    return x if isinstance(x, Value) else Value(x)


# %% nbgrader={"grade": true, "grade_id": "arithmetic", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("A4.arithmetic")
### BEGIN HIDDEN TESTS
grade("A4.arithmetic", points=6)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Four functions of one input
#
# They are methods too: `x.exp()` is a new Value with the one input `x`. To keep the cells short
# they are written as functions here, and hung into the class by the last line. (If you run the
# cell of part 1 again, run this one again as well, and that of part 3: a new class has lost them.)
#
# | | number | local derivative |
# |---|---|---|
# | `relu` | $\max(x, 0)$ | 1 if $x > 0$, else 0 |
# | `exp` | $e^x$ | ? |
# | `log` | $\ln x$, for $x > 0$ | ? |
# | `sigmoid` | $\sigma(x) = 1/(1 + e^{-x})$ | $\sigma(x)\,(1 - \sigma(x))$ |
#
# For paper: $\sigma(1) = 0.7311$, and its derivative there is $0.7311\cdot0.2689 = 0.1966$. At 0
# they are $\tfrac12$ and $\tfrac14$, and nowhere is the derivative larger.
#
# Two of the four derivatives are most easily said in terms of the *result*. You have it already;
# compute no exponential twice.
#
# Where people get stuck: `math.exp(800)` raises an `OverflowError`, since no float is that large.
# A neuron far from its threshold, at $x = -800$, is no error: $\sigma(-800)$ is 0 to all digits
# that a float has. Which of
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}} \qquad\text{and}\qquad \sigma(x) = \frac{e^{x}}{1 + e^{x}}$$
#
# do you want for $x \ge 0$, and which for $x < 0$?


# %% nbgrader={"grade": false, "grade_id": "functions_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu(self):
    """Return the Value of ``max(self, 0)``."""
    ### BEGIN SOLUTION
    return Value(max(self.data, 0.0), (self,), (1.0 if self.data > 0 else 0.0,))
    ### END SOLUTION


def exp(self):
    """Return the Value of e to the power of `self`."""
    ### BEGIN SOLUTION
    out = math.exp(self.data)
    return Value(out, (self,), (out,))
    ### END SOLUTION


def log(self):
    """Return the Value of the natural logarithm of `self`, which is positive."""
    ### BEGIN SOLUTION
    return Value(math.log(self.data), (self,), (1 / self.data,))
    ### END SOLUTION


def sigmoid(self):
    """Return the Value of the logistic function; `self` may be anything between -1000 and 1000."""
    ### BEGIN SOLUTION
    small = math.exp(-abs(self.data))  # at most 1, whatever the sign
    out = (1 if self.data >= 0 else small) / (1 + small)
    return Value(out, (self,), (out * (1 - out),))
    ### END SOLUTION


Value.relu, Value.exp, Value.log, Value.sigmoid = relu, exp, log, sigmoid

# %% nbgrader={"grade": true, "grade_id": "functions", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("A4.functions")
### BEGIN HIDDEN TESTS
grade("A4.functions", points=6)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. The way back
#
# Now the trace is there. `f.backward()` starts at the end, where the derivative of $f$ by itself
# is 1, and goes from every Value to its inputs. What arrives at a Value is the *upstream*
# gradient; what it sends to an input is upstream times local:
#
# $$\text{input.grad} \mathrel{+}= \text{self.grad}\cdot\text{local}.$$
#
# In the example, $f$ sends $1\cdot(-4) = -4$ to $q$ and $1\cdot3 = 3$ to $z$. Then $q$ sends
# $-4\cdot 1$ to both $x$ and $y$. So the gradients of $x, y, z, q, f$ are $-4, -4, 3, -4, 1$.
#
# Two things make this an assignment and not a line.
#
# **Gradients add up.** The $x$ in $y = x\cdot x$ is two inputs at once. At $x = 3$ it is sent 3
# and another 3, and $3 + 3 = 6$ is right. With `=` in place of `+=` you get 3. On formulas in which
# every number is used once, nobody would notice.
#
# **A Value may send only when everything has arrived.** Look at
#
# $$b = 3a,\qquad c = \tfrac12 b,\qquad d = 4c - 2b.$$
#
# Here $b$ is reached from $d$ in two ways, and one of them is longer. Directly it is sent $-2$,
# through $c$ it is sent $4\cdot\tfrac12 = 2$: together 0. Do it on paper: $d = 2b - 2b$ is 0 for
# every $a$, so the gradient of $a$ is 0. If $b$ sends as soon as the first of the two has arrived,
# $a$ gets $-6$ or $6$, and the other part comes too late.
#
# So the order matters: each Value after all those that were made of it. Such an order is the
# reverse of a **topological order**, in which each Value comes after its inputs. To find one, start
# at the end, go down through the inputs, and write a Value into a list once all its inputs are
# written, and never twice.
#
# What else `backward` promises:
#
# - *Once per Value.* In `y = y + y`, ten times in a row, there are $2^{10}$ paths but 11 Values.
#   With forty in a row, a program that follows paths does not come back.
# - *No leftovers.* Calling `backward` a second time gives the same answer, and so does calling it
#   on another result in which the same leaf is used. Before the walk, set `grad` to 0 in all
#   Values below. (PyTorch leaves that to you, `optimizer.zero_grad()`; many a training run has
#   suffered for it.)
# - *Long chains.* A graph of 1500 Values in a row is a small one, and Python lets functions call
#   each other only about 1000 deep. A function that calls itself for each input raises a
#   `RecursionError` there. Keep your own list of what is still to be done; a `while` loop never
#   runs out of depth. One trick that works: put pairs `(value, inputs_done)` on that list, and
#   when a pair with `False` comes off it, put the same Value back with `True` before its inputs.


# %% nbgrader={"grade": false, "grade_id": "backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward(self):
    """Set `grad` of this Value and of all Values below it.

    Afterwards ``x.grad`` is the derivative of `self` by `x`, and ``self.grad`` is 1. Returns
    nothing.
    """
    ### BEGIN SOLUTION
    order, seen, todo = [], set(), [(self, False)]
    while todo:
        value, inputs_done = todo.pop()
        if inputs_done:
            order.append(value)
        elif id(value) not in seen:
            seen.add(id(value))
            value.grad = 0.0
            todo.append((value, True))
            todo.extend((each, False) for each in value.inputs)
    self.grad = 1.0
    for value in reversed(order):
        for each, slope in zip(value.inputs, value.local, strict=True):
            each.grad += value.grad * slope
    ### END SOLUTION


Value.backward = backward

# %% nbgrader={"grade": true, "grade_id": "backward", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("A4.backward")
### BEGIN HIDDEN TESTS
grade("A4.backward", points=8)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Three circuits of the lectures
#
# Each function below is given Values and returns one Value, the end of a circuit. It does not call
# `backward`; who uses it does.
#
# **The first one**, $f = (x + y)\,z$. You know its numbers.
#
# **A neuron**, $f = \sigma(w_0x_0 + w_1x_1 + w_2)$. With $w = (2, -3, -3)$ and $x = (-1, -2)$ the
# products are $-2$ and 6, the sum is 1, and $f = 0.7311$. On the way back everything is multiplied
# by $0.1966$:
#
# | | $w_0$ | $x_0$ | $w_1$ | $x_1$ | $w_2$ |
# |---|---|---|---|---|---|
# | gradient | $-0.1966$ | $0.3932$ | $-0.3932$ | $-0.5898$ | $0.1966$ |
#
# You may take `sigmoid`, or build it from `exp` and a division: a graph is not unique, its
# gradients are.
#
# **A network with one hidden unit and its loss**, $h = \max(w_1x + b_1,\,0)$,
# $y = w_2h + b_2$, $L = (y - t)^2$. With $x = 1$, target $t = 1$ and
# $(w_1, b_1, w_2, b_2) = (3, 1, 2, -5)$ the unit is on, $h = 4$, the network answers $y = 3$, and
# $L = 4$. The gradient by the four weights is $(8, 8, 16, 4)$, by $x$ it is 24 and by $t$ it is
# $-4$.
#
# When yours works, take the step of the lecture slides, all four weights minus a quarter of their
# gradient, and compute $L$ again. Guess first: 4 was the error before it.


# %% nbgrader={"grade": false, "grade_id": "circuits_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def first_circuit(x, y, z):
    """Return the Value of ``(x + y) * z``.

    Parameters
    ----------
    x, y, z : Value
    """
    ### BEGIN SOLUTION
    return (x + y) * z
    ### END SOLUTION


def neuron(w0, x0, w1, x1, w2):
    """Return the Value of the logistic function of ``w0 x0 + w1 x1 + w2``.

    Parameters
    ----------
    w0, x0, w1, x1, w2 : Value
    """
    ### BEGIN SOLUTION
    return (w0 * x0 + w1 * x1 + w2).sigmoid()
    ### END SOLUTION


def network_loss(x, t, w1, b1, w2, b2):
    """Return the Value of the squared error of ``w2 * relu(w1 * x + b1) + b2`` for target `t`.

    Parameters
    ----------
    x, t, w1, b1, w2, b2 : Value
    """
    ### BEGIN SOLUTION
    hidden = (w1 * x + b1).relu()
    return (w2 * hidden + b2 - t) ** 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "circuits", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("A4.circuits")
### BEGIN HIDDEN TESTS
grade("A4.circuits", points=5)
### END HIDDEN TESTS

# %% [markdown]
# You now own an engine that differentiates whatever can be written with these operations. Chapter
# 6 does the same with matrices, where one Value holds a whole batch and `local` would be far too
# large to be stored.
