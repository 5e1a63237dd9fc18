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
# # A0: warm-up
#
# A function that is wrong and looks right: in this course you will write some of those, as
# everybody does. What helps is a second opinion that is quick, exact and never tired. Here you
# meet it, on three functions of one line each. When all three are right, your installation works,
# you know how to read a report, and you are ready for A1.
#
# | function | what it does | points |
# |---|---|---|
# | `relu` | what is positive stays, the rest becomes 0 | 1 |
# | `row_norms` | the length of each row | 1 |
# | `one_hot` | labels become rows of zeros with a single 1 | 1 |
#
# The three points are for practice: you see how points come about before they matter.
#
# **How an assignment works.** A cell with a function that is not written raises
# `NotImplementedError`. Put your lines in place of that one. Below it stands a cell with a
# `check`: run it as often as you like, it costs nothing. Then save the notebook and hand it in.
# Cells of your own are welcome anywhere; cells that are locked stay as they are.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from coursepkg.checks import check, grade

# %% [markdown]
# ## 1. ReLU
#
# Entry by entry: what is positive stays, the rest becomes 0. It works on arrays of any shape.
#
# $$X=\begin{pmatrix}-2&3&0.5\\1&-1&-4\end{pmatrix}\quad\Rightarrow\quad
# \mathrm{out}=\begin{pmatrix}0&3&0.5\\1&0&0\end{pmatrix}$$
#
# One house rule holds in all assignments: the arrays you are given stay as they are.
# `x[x < 0] = 0` writes into somebody else's array. Make a new one.
#
# Run the `check` once before you write anything, to see what "not written yet" looks like.


# %% nbgrader={"grade": false, "grade_id": "relu_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu(x):
    """Compute ``out = max(x, 0)`` entry by entry.

    Parameters
    ----------
    x : array of any shape

    Returns
    -------
    out : array with the shape of x
    """
    ### BEGIN SOLUTION
    return np.maximum(x, 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "relu", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("A0.relu")
### BEGIN HIDDEN TESTS
grade("A0.relu", points=1)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. The length of each row
#
# In this course samples are the rows of an array: $X\,(N\times D)$ holds $N$ samples with $D$
# features each. The length of row $n$ is $\sqrt{\sum_d x_{nd}^2}$, one number for each sample:
#
# $$X=\begin{pmatrix}3&4\\5&12\\0&-2\end{pmatrix}\quad\Rightarrow\quad
# \mathrm{norms}=\begin{pmatrix}5&13&2\end{pmatrix}$$
#
# **A cell that fails, on purpose.** Here is an answer with one mistake in it. Before you run the
# cell, find the mistake. How many numbers does this function return for an array with 5 rows and 7
# columns?


# %%
def row_norms(x):
    return np.sqrt((x**2).sum(axis=0))


check("A0.row_norms")

# %% [markdown]
# Read the report from the top.
#
# - The first line names the question and what is wrong: `norms`, the value that is returned.
# - `compared` says with which data, here an array of random numbers. Only the first failure is
#   shown, so you can look at one thing at a time.
# - `shape` says what came back and what was expected. There were $N = 5$ rows and $D = 7$ columns,
#   and the function returned seven numbers: it added down the columns. Where the shape is right, a
#   line `first wrong` follows, with the first number that differs, yours and the right one;
#   sometimes a line `pattern`, such as "got = 2 x expected everywhere", which often gives the
#   mistake away.
# - `hint` is a nudge, and `book` is where to read on.
# - `public checks` counts what was tried here. Then come the names of the hidden checks: after
#   submission your function meets other random numbers, and edge cases such as a single row. A
#   function that knows the example by heart passes here and fails there.
#
# Why was `axis=0` the wrong one? `sum(axis=0)` makes axis 0, the rows, disappear. Now write yours.
# The cell below defines `row_norms` anew, and the last definition that ran is the one that counts.


# %% nbgrader={"grade": false, "grade_id": "row_norms_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def row_norms(x):
    """Compute the length of each row.

    Parameters
    ----------
    x : array (N, D)

    Returns
    -------
    norms : array (N,)
    """
    ### BEGIN SOLUTION
    return np.sqrt((x**2).sum(axis=1))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "row_norms", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("A0.row_norms")
### BEGIN HIDDEN TESTS
grade("A0.row_norms", points=1)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. One-hot
#
# `y` holds the class of each of $N$ samples, a whole number from 0 to $C - 1$. Row $n$ of the
# result $T\,(N\times C)$ is all zeros but for a 1 in column $y_n$. With $C = 4$:
#
# $$y=(2, 0, 3)\quad\Rightarrow\quad
# T=\begin{pmatrix}0&0&1&0\\1&0&0&0\\0&0&0&1\end{pmatrix}$$
#
# Where people get stuck: $C$ is given for a reason. The largest label in `y` need not be $C - 1$;
# a batch may have no sample of the last class.


# %% nbgrader={"grade": false, "grade_id": "one_hot_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one_hot(y, c):
    """Turn labels into rows of zeros with a single 1.

    Parameters
    ----------
    y : array (N,) of integers in 0 .. c-1
    c : number of classes

    Returns
    -------
    t : array (N, c) of zeros and ones, of any numeric dtype
    """
    ### BEGIN SOLUTION
    return np.eye(c)[y]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "one_hot", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("A0.one_hot")
### BEGIN HIDDEN TESTS
grade("A0.one_hot", points=1)
### END HIDDEN TESTS

# %% [markdown]
# Three times "right so far"? Then choose *Restart kernel and run all cells* once more. A notebook
# remembers functions whose cells are long deleted; the grader starts from an empty memory, as this
# does. If everything is right after that, save, and hand in.
