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
# # A10: tensors, and any kind of array (a bonus)
#
# In A4 you built an engine that went back through numbers, one at a time. Real engines go back
# through whole arrays, and between the two lies one question that A4 never had to ask. Here it is.
#
# `x` has shape $(5, 3)$, `b` has shape $(3)$. NumPy adds them without a word: `b` is used in each of
# the five rows. The loss sends back a gradient for `x + b`, of shape $(5, 3)$. What is the gradient
# of `b`, and what is it if `b` had the shape $(1, 3)$, or was a single number, shape $()$?
#
# | function | what it does | points |
# |---|---|---|
# | `unbroadcast` | a gradient back in the shape of what was broadcast | 5 |
# | `matmul_backward` | back through stacks of matrices | 4 |
# | `sum_backward` | back through a sum over some axes | 2 |
# | `reshape_backward` | back through a change of shape | 1 |
# | `max_backward` | back through the largest along an axis | 3 |
# | `layer_norm` | one layer, for arrays of any library | 5 |
#
# These points come on top; nobody needs them.

# %% [markdown]
# ## How you will know
#
# As before: a `check` below each function, and after submission the same engine on other numbers,
# on shapes that broadcast in other ways, and on the edges. The rules of the house hold: gradients
# have the shape of what they belong to, what you are given stays as it is, `float32` stays
# `float32`.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from coursepkg.checks import check, grade

# %% [markdown]
# ## 1. What was copied is summed
#
# Broadcasting copies. It lines shapes up at their *last* axis, puts axes of length 1 in front where
# one array has fewer, and then uses an axis of length 1 as often as it must. Where a value was used
# several times, its gradients add up; you have known that since the branches of A4. So the way back
# from $(5, 3)$ to
#
# - $(3)$ sums over the first axis, which `b` did not have,
# - $(1, 3)$ sums over the first axis too, but keeps it,
# - $()$ sums over everything.
#
# On paper: a gradient $\begin{pmatrix}1&2&3\\4&5&6\end{pmatrix}$ for something that had the shape
# $(2, 1)$. Each row was one number used three times: $\begin{pmatrix}6\\15\end{pmatrix}$.
#
# Where people get stuck:
#
# - *Two kinds of axes.* Those that were not there at all vanish; those of length 1 stay.
# - *Count before you sum.* After the first kind is gone, the axes that are left have the numbers they
#   have in `shape`.
# - *An axis of length 1 that was not stretched* needs no sum, and a sum does it no harm.


# %% nbgrader={"grade": false, "grade_id": "unbroadcast_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def unbroadcast(grad, shape):
    """Sum a gradient back to the shape that an array had before it was broadcast.

    Parameters
    ----------
    grad : array, the gradient of what the array was stretched to
    shape : tuple of integers, the shape of the array; it broadcasts to that of `grad`

    Returns
    -------
    out : array of shape `shape`
    """
    ### BEGIN SOLUTION
    grad = grad.sum(axis=tuple(range(grad.ndim - len(shape))))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return grad.sum(axis=stretched, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "unbroadcast", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("A10.unbroadcast")
### BEGIN HIDDEN TESTS
grade("A10.unbroadcast", points=5)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Four operations of a tape
#
# With a handful of operations whose backward pass you know, a tape can differentiate all that is
# built from them. The forward functions are given; each returns what it computed and a cache.


# %% nbgrader={"grade": false, "grade_id": "forwards", "locked": true, "schema_version": 3, "solution": false, "task": false}
def matmul(x, w):
    """Stacks of matrices x (..., N, D) times w (..., D, M): out (..., N, M); cache (x, w)."""
    return x @ w, (x, w)


def sum_over(x, axis, keepdims):
    """The sum over an axis, or over a tuple of axes; cache (shape of x, axis, keepdims)."""
    return np.asarray(x.sum(axis=axis, keepdims=keepdims)), (x.shape, axis, keepdims)


def reshape_to(x, shape):
    """The same numbers in another shape; cache the shape of x."""
    return x.reshape(shape), x.shape


def max_over(x, axis):
    """The largest along one axis, which vanishes; cache (x, axis)."""
    return np.asarray(x.max(axis=axis)), (x, axis)


# %% [markdown]
# **A stack of products.** `@` multiplies the matrices in the last two axes and broadcasts all axes
# before them: $(7, 4, 3)$ times $(3, 2)$ is seven products that share one right factor. For one
# product you know the answer from A5. For seven of them, who was used seven times?
#
# $$x=\begin{pmatrix}1&2\end{pmatrix}, \begin{pmatrix}3&4\end{pmatrix}\ (2\times1\times2),\quad
# w=\begin{pmatrix}1\\-1\end{pmatrix}\ (2\times1),\quad
# \mathrm{dout}=(1), (10)\ (2\times1\times1)$$
#
# gives $\mathrm{dx}=\begin{pmatrix}1&-1\end{pmatrix}, \begin{pmatrix}10&-10\end{pmatrix}$ and
# $\mathrm{dw}=\begin{pmatrix}1\\2\end{pmatrix}+10\begin{pmatrix}3\\4\end{pmatrix}
# =\begin{pmatrix}31\\42\end{pmatrix}$. `swapaxes(-1, -2)` turns each matrix of a stack over; `.T` turns
# over all axes.


# %% nbgrader={"grade": false, "grade_id": "matmul_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def matmul_backward(dout, cache):
    """Send the gradient of the loss back through `matmul`.

    Parameters
    ----------
    dout : array (..., N, M), gradient of the loss with respect to `out`
    cache : what `matmul` returned: (x, w), both with two axes or more

    Returns
    -------
    dx : array with the shape of x
    dw : array with the shape of w
    """
    ### BEGIN SOLUTION
    x, w = cache
    dx = unbroadcast(dout @ w.swapaxes(-1, -2), x.shape)
    dw = unbroadcast(x.swapaxes(-1, -2) @ dout, w.shape)
    return dx, dw
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "matmul_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("A10.matmul_backward")
### BEGIN HIDDEN TESTS
grade("A10.matmul_backward", points=4)
### END HIDDEN TESTS

# %% [markdown]
# **A sum.** Every number that went into a sum gets the same blame. The only work is to bring `dout`
# into a shape that broadcasts to that of `x`: an axis that the sum took away has to come back, with
# length 1, *at its place*.
#
# $x$ of shape $(2, 3)$, summed over axis 1 without `keepdims`, and $\mathrm{dout}=(5, 7)$:
# $\mathrm{dx}=\begin{pmatrix}5&5&5\\7&7&7\end{pmatrix}$. Left as it is, $(5, 7)$ does not broadcast to
# $(2, 3)$. To a square array it would, down the wrong axis, and nobody would tell you.


# %% nbgrader={"grade": false, "grade_id": "sum_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sum_backward(dout, cache):
    """Send the gradient of the loss back through `sum_over`.

    Parameters
    ----------
    dout : array with the shape of the sum
    cache : what `sum_over` returned: (shape of x, axis, keepdims); axis is an integer, which may be
        negative, or a tuple of them

    Returns
    -------
    dx : array with the shape of x
    """
    ### BEGIN SOLUTION
    shape, axis, keepdims = cache
    if not keepdims:
        dout = np.expand_dims(dout, axis)
    return np.broadcast_to(dout, shape).copy()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sum_backward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("A10.sum_backward")
### BEGIN HIDDEN TESTS
grade("A10.sum_backward", points=2)
### END HIDDEN TESTS

# %% [markdown]
# **A change of shape** moves no number. $x$ of shape $(2, 3)$ as $(3, 2)$ and
# $\mathrm{dout}=\begin{pmatrix}1&2\\3&4\\5&6\end{pmatrix}$ give
# $\mathrm{dx}=\begin{pmatrix}1&2&3\\4&5&6\end{pmatrix}$. (One line, and one tempting wrong one.)


# %% nbgrader={"grade": false, "grade_id": "reshape_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def reshape_backward(dout, cache):
    """Send the gradient of the loss back through `reshape_to`.

    Parameters
    ----------
    dout : array with the new shape
    cache : what `reshape_to` returned: the shape of x

    Returns
    -------
    dx : array with the shape of x
    """
    ### BEGIN SOLUTION
    return dout.reshape(cache)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "reshape_backward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("A10.reshape_backward")
### BEGIN HIDDEN TESTS
grade("A10.reshape_backward", points=1)
### END HIDDEN TESTS

# %% [markdown]
# **The largest.** Only the winner was heard, so only the winner is to blame. With the largest along
# axis 1,
#
# $$x=\begin{pmatrix}1&9&2\\8&3&4\end{pmatrix},\quad\mathrm{dout}=\begin{pmatrix}5&7\end{pmatrix}
# \quad\Rightarrow\quad\mathrm{dx}=\begin{pmatrix}0&5&0\\7&0&0\end{pmatrix}.$$
#
# Here, too, the axis that is gone has to come back before `dout` fits. No check asks about ties.


# %% nbgrader={"grade": false, "grade_id": "max_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_backward(dout, cache):
    """Send the gradient of the loss back through `max_over`.

    Parameters
    ----------
    dout : array with the shape of x without the axis
    cache : what `max_over` returned: (x, axis); axis is an integer, which may be negative

    Returns
    -------
    dx : array with the shape of x
    """
    ### BEGIN SOLUTION
    x, axis = cache
    winner = np.expand_dims(x.argmax(axis=axis), axis)
    dx = np.zeros_like(x)
    np.put_along_axis(dx, winner, np.expand_dims(dout, axis), axis)
    return dx
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "max_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A10.max_backward")
### BEGIN HIDDEN TESTS
grade("A10.max_backward", points=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. One layer for any kind of array
#
# Here is a layer that you have not seen in this course. It gives each *sample* mean 0 and variance 1
# over its features, then scales and shifts them. (BatchNorm does so for each feature over the
# samples.)
#
# ```python
# def layer_norm(x, gamma, beta, eps):
#     mean = np.mean(x, axis=-1, keepdims=True)
#     var = np.mean((x - mean) ** 2, axis=-1, keepdims=True)
#     return gamma * (x - mean) / np.sqrt(var + eps) + beta
# ```
#
# It works for NumPy. Give it an array that lives on a GPU and `np.mean` refuses, although CuPy has a
# `mean` with the very same arguments. The cure is to ask the array for *its* functions. Arrays of
# NumPy, CuPy and other libraries answer `x.__array_namespace__()` with a module that has `mean`,
# `sqrt`, `max`, `sum` and so on: the Python array API standard. Write `xp` for it, and the function
# above hardly changes.
#
# You need no GPU to try it. `Strict`, below your function, stands in for an array on one:
# it does arithmetic, hands out its namespace, and refuses to be touched by NumPy.


# %% nbgrader={"grade": false, "grade_id": "layer_norm_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def layer_norm(x, gamma, beta, eps):
    """Normalise each sample over its features, for arrays of any library.

    Parameters
    ----------
    x : array (N, D) of a library that follows the Python array API standard
    gamma, beta : arrays (D,) of the same library
    eps : number that is added to the variance

    Returns
    -------
    out : array (N, D) of the same library, with the dtype of x
    """
    ### BEGIN SOLUTION
    xp = x.__array_namespace__()
    mean = xp.mean(x, axis=-1, keepdims=True)
    var = xp.mean((x - mean) ** 2, axis=-1, keepdims=True)
    return gamma * (x - mean) / xp.sqrt(var + eps) + beta
    ### END SOLUTION


# What follows stands in for an array on a GPU. Leave it as it is: the checks use it.
class Strict:
    """An array of another library: arithmetic, a namespace, and nothing for NumPy."""

    __array_ufunc__ = None
    shape = property(lambda self: self.values.shape)
    ndim = property(lambda self: self.values.ndim)
    dtype = property(lambda self: self.values.dtype)

    def __init__(self, values):
        self.values = values

    def __array__(self, *args, **kwargs):
        raise TypeError("NumPy was given an array of another library")

    def __array_function__(self, function, *args):
        raise TypeError(f"np.{function.__name__} was given an array of another library")

    def __array_namespace__(self, api_version=None):
        return Namespace()


class Namespace:
    """The functions that a `Strict` array hands out."""

    float32, float64 = np.float32, np.float64

    def asarray(self, x, dtype=None):
        return Strict(np.asarray(inside(x), dtype=dtype))


def inside(x):
    """The numbers in a `Strict` array; an array of NumPy has no business beside it."""
    if isinstance(x, np.ndarray) and x.ndim:
        raise TypeError("an array of NumPy was mixed with an array of another library")
    return x.values if isinstance(x, Strict) else x


def lend(function):
    return lambda self, *args, **how: Strict(np.asarray(function(*map(inside, args), **how)))


for _name in [
    "mean",
    "var",
    "std",
    "sum",
    "max",
    "min",
    "sqrt",
    "exp",
    "log",
    "abs",
    "square",
    "reshape",
]:
    setattr(Namespace, _name, lend(getattr(np, _name)))
for _name in ["add", "sub", "mul", "truediv", "pow", "radd", "rsub", "rmul", "rtruediv", "neg"]:
    _operator = getattr(np.ndarray, f"__{_name}__")
    setattr(Strict, f"__{_name}__", lambda self, *x, _f=_operator: lend(_f)(None, self, *x))


def on_strict(*arrays):
    """Call `layer_norm` with `Strict` arrays; return the numbers it computed."""
    out = layer_norm(*(Strict(a) if isinstance(a, np.ndarray) else a for a in arrays))
    if not isinstance(out, Strict):
        raise TypeError(f"arrays of another library went in, and {type(out).__name__} came out")
    return out.values


# %% nbgrader={"grade": true, "grade_id": "layer_norm", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check("A10.layer_norm")
### BEGIN HIDDEN TESTS
grade("A10.layer_norm", points=5)
### END HIDDEN TESTS

# %% [markdown]
# ## Where this leads
#
# `coursepkg.autodiff` is a tape over operations like these, in some 400 lines that you can now read
# from the first to the last. Its arrays may be NumPy's or CuPy's, for the reason of part 3.
