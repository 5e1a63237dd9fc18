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
# # A8: convolution and pooling
#
# A photograph of 200 x 200 pixels and a hidden layer of 40,000 units, all joined: 1.6 billion
# weights. Slide one window of 10 x 10 weights over the same photograph instead, and there are 100.
# In this assignment you write that window, forwards and backwards, and the two kinds of pooling that
# usually follow it.
#
# Before you read on, guess: a pixel in the middle of an image lies under a 3 x 3 kernel nine times,
# a pixel in the corner once. What does that do to their gradients? Most wrong answers below are wrong
# exactly there.
#
# | function | what it does | points |
# |---|---|---|
# | `conv_out_size` | how many windows fit | 3 |
# | `conv2d` | filters slide over images | 8 |
# | `conv2d_backward` | `dx`, `dw`, `db` | 14 |
# | `im2col` | each window becomes a column | 3 |
# | `col2im` | the columns go back, and add up | 4 |
# | `max_pool` | the largest of each window | 3 |
# | `max_pool_backward` | `dx` | 4 |
# | `max_pool_ties` | `dx` once more, where two are largest | 1 |
# | `avg_pool` | the mean of each window | 2 |
# | `avg_pool_backward` | `dx` | 3 |
#
# Images are arrays of shape `(N, C, H, W)`: $N$ images with $C$ channels of $H$ rows and $W$ columns.
# Filters are `(F, C, KH, KW)`. No two of these sizes need be the same: images are not square, a
# kernel may be even, or wider than it is high.
#
# **House rules**, as before
#
# - A gradient has exactly the shape of what it belongs to.
# - The arrays you are given stay as they are.
# - `float32` in, `float32` out: `np.zeros(shape, x.dtype)`.
# - **No Python loop over windows or pixels.** An image of 200 x 200 pixels has 40,000 windows, and a
#   loop over them takes some 100 times as long as what you can do in NumPy. A loop over the *taps* of
#   the kernel is fine: a kernel of 3 x 3 has nine.

# %% [markdown]
# ## How you will know
#
# The cell below each function compares it with the worked example and with random numbers, and times
# it on an image of 101 x 101 pixels. After submission the same engine runs on other numbers: strides
# 1 to 3, padding 0 to 2, even kernels, rows that are left over, one image alone.
#
# A backward function earns 10 % of its points for shapes and dtypes, 15 % for the worked example,
# 40 % for the gradient check (each gradient counts by itself), 15 % for edge cases, 10 % for keeping
# the house rules and **10 % for speed**. For the other functions it is 10, 25, 30, 15, 10 and 10 %.
# Your function is fast enough if it takes less time than a Python loop that does no more than cut
# out every window and its place in the result; the best of several tries counts. `conv_out_size` and `max_pool_ties` are not timed.
#
# If your forward function is wrong, its backward function is graded with the cache suggested in the
# docstring. One mistake costs you once.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from coursepkg.checks import check, grade

# %% [markdown]
# ## 1. How many windows fit?
#
# An image has 7 columns. A kernel of width 3 starts at column 0, and moves by a stride of 2. It
# starts at 0, 2 and 4, and there it ends: 3 windows. With a stride of 3 it starts at 0 and 3; the next
# would begin at 6 and hang over the edge. That one is dropped, and the last column is left over: 2.
#
# Padding adds a border of $P$ zeros on *both* sides first. With size $I$, kernel $K$ and stride $S$
# write the formula yourself. Here is something to test it on:
#
# | size $I$ | kernel $K$ | stride $S$ | padding $P$ | windows |
# |---|---|---|---|---|
# | 7 | 3 | 1 | 0 | 5 |
# | 7 | 3 | 2 | 0 | 3 |
# | 7 | 3 | 3 | 0 | 2 |
# | 28 | 5 | 1 | 2 | 28 |
# | 227 | 11 | 4 | 0 | 55 |
#
# The last row is the first layer of AlexNet. The paper says that its images have 224 pixels; what
# does your formula say to that?
#
# You may assume that one window fits.


# %% nbgrader={"grade": false, "grade_id": "conv_out_size_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_out_size(size, kernel, stride, padding):
    """Count the windows that fit, in one direction.

    Parameters
    ----------
    size : whole number, rows (or columns) of the image
    kernel : whole number, rows (or columns) of the kernel
    stride : whole number, from one window to the next
    padding : whole number, zeros on each of the two sides

    Returns
    -------
    size : whole number
    """
    ### BEGIN SOLUTION
    return (size + 2 * padding - kernel) // stride + 1
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv_out_size", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A8.conv_out_size")
### BEGIN HIDDEN TESTS
grade("A8.conv_out_size", points=3)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Convolution
#
# One channel, one filter first. This is the example of a lecture; do two entries on paper.
#
# $$x=\begin{pmatrix}4&5&7&6&6\\3&2&8&0&7\\6&7&7&1&5\\3&0&1&1&1\\4&3&2&1&7\end{pmatrix},\quad
# w=\begin{pmatrix}0&0&0\\1&0&1\\0&0&0\end{pmatrix}\quad\Rightarrow\quad
# \mathrm{out}=\begin{pmatrix}11&2&15\\13&8&12\\4&1&2\end{pmatrix}$$
#
# The entry in the middle is the window around $x_{22}=7$ (counting from 0): its left neighbour 7 plus
# its right neighbour 1. The kernel stays as it is; nobody turns it around. What this field calls
# convolution is, strictly, a correlation, and this kernel is too symmetric to show the difference.
#
# Now all of it. With $C$ channels, the products of all channels are added. With $F$ filters there are
# $F$ results, one a filter, each with its own bias. With stride $s$ and padding $p$:
#
# $$\mathrm{out}_{nfij}=b_f+\sum_{c}\sum_{k,m}x_{n,c,\,si+k-p,\,sj+m-p}\;w_{fckm}$$
#
# where pixels outside the image are 0. Shapes: $x\,(N\times C\times H\times W)$,
# $w\,(F\times C\times K_H\times K_W)$, $b\,(F)$, out $(N\times F\times O_H\times O_W)$.
#
# **How to do without a loop over windows.** Turn the question around. Do not ask what a window sees;
# ask what one tap $(k, m)$ of the kernel sees, in all windows at once. That is a slice of the padded
# image: it starts at row $k$, takes every $s$-th row, and has $O_H$ of them.
#
# ```python
# seen = padded[:, :, k : k + stride * (oh - 1) + 1 : stride, m : m + stride * (ow - 1) + 1 : stride]
# ```
#
# `seen` has shape `(N, C, OH, OW)`, and `w[:, :, k, m]` has shape `(F, C)`. What remains is a sum over
# $C$, and you know what sums over one axis of two arrays: a matrix product, `np.tensordot` or
# `np.einsum`.


# %% nbgrader={"grade": false, "grade_id": "conv2d_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d(x, w, b, stride, padding):
    """Slide filters over images.

    Parameters
    ----------
    x : array (N, C, H, W)
    w : array (F, C, KH, KW)
    b : array (F,)
    stride : whole number, in both directions
    padding : whole number, zeros on each of the four sides

    Returns
    -------
    out : array (N, F, OH, OW)
    cache : what `conv2d_backward` needs; suggested: (x, w, b, stride, padding)
    """
    ### BEGIN SOLUTION
    oh = conv_out_size(x.shape[2], w.shape[2], stride, padding)
    ow = conv_out_size(x.shape[3], w.shape[3], stride, padding)
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.zeros((len(x), len(w), oh, ow), x.dtype) + b[:, None, None]
    for k in range(w.shape[2]):
        for m in range(w.shape[3]):
            rows = slice(k, k + stride * (oh - 1) + 1, stride)
            columns = slice(m, m + stride * (ow - 1) + 1, stride)
            out += np.einsum("nchw,fc->nfhw", padded[:, :, rows, columns], w[:, :, k, m])
    return out, (x, w, b, stride, padding)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv2d", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("A8.conv2d")
### BEGIN HIDDEN TESTS
grade("A8.conv2d", points=8)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. The way back
#
# Take
#
# $$x=\begin{pmatrix}1&2&3\\4&5&6\\7&8&9\end{pmatrix},\quad w=\begin{pmatrix}1&2\\3&4\end{pmatrix},\quad b=0
# \quad\Rightarrow\quad\mathrm{out}=\begin{pmatrix}37&47\\67&77\end{pmatrix}$$
#
# and let `dout` be all ones. Do these on paper before you write any code:
#
# - The weight $w_{00}$ met the pixels 1, 2, 4 and 5, one in each window. So
#   $\mathrm{dw}_{00}=1+2+4+5=12$.
# - The pixel in the middle was under all four taps, once each: $\mathrm{dx}_{11}=4+3+2+1=10$. The
#   pixel in the upper left corner was under $w_{00}$ only: $\mathrm{dx}_{00}=1$.
# - The bias was added four times.
#
# $$\mathrm{dx}=\begin{pmatrix}1&3&2\\4&10&6\\3&7&4\end{pmatrix},\quad
# \mathrm{dw}=\begin{pmatrix}12&16\\24&28\end{pmatrix},\quad\mathrm{db}=\begin{pmatrix}4\end{pmatrix}$$
#
# The loop is that of the forward pass. For each tap take the same slice; what it *saw*, times `dout`,
# summed over images and windows, is the gradient of that tap; and what it *owes*, `w` times `dout`, is
# **added** to the same slice of an empty padded image.
#
# Where people get stuck:
#
# - *`=` for `+=`.* Right as long as windows do not overlap. They nearly always do.
# - *The border.* `dx` belongs to the image, not to its padding: cut off $p$ rows on each side. And
#   `d[:, :, p:-p, p:-p]` is empty for $p=0$.
# - *A kernel that was turned around.* If you write `dx` as a convolution, it is one with the turned
#   kernel, and a border of $K-1$ (stride 1 only). If you add to slices, nothing is turned.
# - *The bias.* `db` has $F$ entries. Three axes of `dout` have to go.
# - *Rows that were left over* had no part in `out`. What is their gradient?


# %% nbgrader={"grade": false, "grade_id": "conv2d_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d_backward(dout, cache):
    """Send the gradient of the loss back through `conv2d`.

    Parameters
    ----------
    dout : array (N, F, OH, OW), gradient of the loss with respect to `out`
    cache : what `conv2d` returned; suggested: (x, w, b, stride, padding)

    Returns
    -------
    dx : array (N, C, H, W)
    dw : array (F, C, KH, KW)
    db : array (F,)
    """
    ### BEGIN SOLUTION
    x, w, _, stride, padding = cache
    oh, ow = dout.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for k in range(w.shape[2]):
        for m in range(w.shape[3]):
            rows = slice(k, k + stride * (oh - 1) + 1, stride)
            columns = slice(m, m + stride * (ow - 1) + 1, stride)
            seen = padded[:, :, rows, columns]
            dw[:, :, k, m] = np.tensordot(dout, seen, axes=((0, 2, 3), (0, 2, 3)))
            dpadded[:, :, rows, columns] += np.einsum("nfhw,fc->nchw", dout, w[:, :, k, m])
    dx = dpadded[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]
    return dx, dw, dout.sum(axis=(0, 2, 3))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "conv2d_backward", "locked": true, "points": 14, "schema_version": 3, "solution": false, "task": false}
check("A8.conv2d_backward")
### BEGIN HIDDEN TESTS
grade("A8.conv2d_backward", points=14)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Windows as columns
#
# Fast libraries turn a convolution into one large matrix product. They write every window into a
# column of its own, first. With windows of 2 x 2:
#
# $$x=\begin{pmatrix}1&2&3\\4&5&6\end{pmatrix}\quad\Rightarrow\quad
# \mathrm{cols}=\begin{pmatrix}1&2\\2&3\\4&5\\5&6\end{pmatrix}$$
#
# Two windows, two columns; four taps, four rows. The 2 and the 5 are there twice: that is what it
# costs, a kernel of $K\times K$ takes up to $K^2$ times the memory.
#
# `cols` has shape $(N\times C K_H K_W\times O_H O_W)$. Row $(c, k, m)$, in row-major order (channels
# first, then rows of the kernel, then its columns), holds what tap $(k, m)$ meets in channel $c$;
# columns are windows in row-major order. The reward: with `w.reshape(F, -1)`, a convolution is
# `w.reshape(F, -1) @ im2col(...)`, plus the bias.


# %% nbgrader={"grade": false, "grade_id": "im2col_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def im2col(x, kh, kw, stride, padding):
    """Write each window into a column.

    Parameters
    ----------
    x : array (N, C, H, W)
    kh, kw : whole numbers, rows and columns of the kernel
    stride : whole number, in both directions
    padding : whole number, zeros on each of the four sides

    Returns
    -------
    cols : array (N, C * KH * KW, OH * OW)
    """
    ### BEGIN SOLUTION
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    n, c, oh, ow = windows.shape[:4]
    return windows.transpose(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, oh * ow)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "im2col", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A8.im2col")
### BEGIN HIDDEN TESTS
grade("A8.im2col", points=3)
### END HIDDEN TESTS

# %% [markdown]
# And back: `col2im` gets numbers in the place of the columns and adds each of them to the pixel that
# `im2col` would have copied there.
#
# $$\mathrm{cols}=\begin{pmatrix}1&2\\3&4\\5&6\\7&8\end{pmatrix}\quad\Rightarrow\quad
# x=\begin{pmatrix}1&5&4\\5&13&8\end{pmatrix}$$
#
# The 5 in the first row is $2+3$: that pixel was tap $(0, 0)$ of the second window and tap $(0, 1)$ of
# the first. `col2im` is not the inverse of `im2col`. It is its *adjoint*: for any $x$ and any columns
# $c$, the sum of all entries of `im2col(x) * c` equals that of `x * col2im(c)`. That is exactly what a
# backward pass is to its forward pass, and a test you can write in one line.
#
# `x_shape` says which image it was; where rows were left over, it cannot be read off the columns.


# %% nbgrader={"grade": false, "grade_id": "col2im_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def col2im(cols, x_shape, kh, kw, stride, padding):
    """Add every entry of the columns to the pixel it belongs to.

    Parameters
    ----------
    cols : array (N, C * KH * KW, OH * OW)
    x_shape : tuple (N, C, H, W)
    kh, kw, stride, padding : as for `im2col`

    Returns
    -------
    x : array (N, C, H, W)
    """
    ### BEGIN SOLUTION
    n, c, h, w = x_shape
    oh, ow = conv_out_size(h, kh, stride, padding), conv_out_size(w, kw, stride, padding)
    padded = np.zeros((n, c, h + 2 * padding, w + 2 * padding), cols.dtype)
    taps = cols.reshape(n, c, kh, kw, oh, ow)
    for k in range(kh):
        for m in range(kw):
            rows = slice(k, k + stride * (oh - 1) + 1, stride)
            columns = slice(m, m + stride * (ow - 1) + 1, stride)
            padded[:, :, rows, columns] += taps[:, :, k, m]
    return padded[:, :, padding : padding + h, padding : padding + w]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "col2im", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("A8.col2im")
### BEGIN HIDDEN TESTS
grade("A8.col2im", points=4)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. The largest of each window
#
# Pooling makes images smaller. A window slides over each channel by itself, without weights and here
# without padding, and leaves one number. Max pooling leaves the largest. With windows of 2 x 2 and a
# stride of 2, from a lecture:
#
# $$x=\begin{pmatrix}1&1&2&4\\5&6&7&8\\3&2&1&0\\1&2&3&4\end{pmatrix}\quad\Rightarrow\quad
# \mathrm{out}=\begin{pmatrix}6&8\\3&4\end{pmatrix}$$
#
# Windows may overlap (a size of 3 with a stride of 2 is what AlexNet uses), and rows may be left
# over. So `x.reshape(n, c, h // 2, 2, w // 2, 2)`, which many start with, is not enough. And what is
# the largest of four negative numbers?


# %% nbgrader={"grade": false, "grade_id": "max_pool_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool(x, kernel_size, stride):
    """Keep the largest number of each window.

    Parameters
    ----------
    x : array (N, C, H, W)
    kernel_size : whole number, rows and columns of a window
    stride : whole number, in both directions

    Returns
    -------
    out : array (N, C, OH, OW)
    cache : what `max_pool_backward` needs; suggested: (x, kernel_size, stride)
    """
    ### BEGIN SOLUTION
    size = (kernel_size, kernel_size)
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(4, 5)), (x, kernel_size, stride)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "max_pool", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A8.max_pool")
### BEGIN HIDDEN TESTS
grade("A8.max_pool", points=3)
### END HIDDEN TESTS

# %% [markdown]
# Only the winner had a say in `out`, so it gets all of the gradient, and the others nothing. With
# $x$ from above:
#
# $$\mathrm{dout}=\begin{pmatrix}1&2\\3&4\end{pmatrix}\quad\Rightarrow\quad
# \mathrm{dx}=\begin{pmatrix}0&0&0&0\\0&1&0&2\\3&0&0&0\\0&0&0&4\end{pmatrix}$$
#
# A pixel that wins in two windows gets the sum of both.
#
# **Ties.** After a ReLU a window is often four zeros. Who has won? The maximum has no derivative there,
# and you may choose: the first of them in row-major order gets everything, or another one does, or
# they share it evenly. What you may not do is give each of them everything: `dx = dout * (x == out)`
# sends four times the gradient into a window of zeros. The check called `max_pool_ties` asks for this:
# **each window hands out exactly what it was sent, and only to pixels that are largest.** In all other
# checks there are no ties.


# %% nbgrader={"grade": false, "grade_id": "max_pool_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool_backward(dout, cache):
    """Send the gradient of the loss back through `max_pool`.

    Parameters
    ----------
    dout : array (N, C, OH, OW), gradient of the loss with respect to `out`
    cache : what `max_pool` returned; suggested: (x, kernel_size, stride)

    Returns
    -------
    dx : array (N, C, H, W)
    """
    ### BEGIN SOLUTION
    x, kernel_size, stride = cache
    oh, ow = dout.shape[2:]
    slices = [
        (
            ...,
            slice(k, k + stride * (oh - 1) + 1, stride),
            slice(m, m + stride * (ow - 1) + 1, stride),
        )
        for k in range(kernel_size)
        for m in range(kernel_size)
    ]
    winner = np.argmax([x[seen] for seen in slices], axis=0)
    dx = np.zeros_like(x)
    for number, seen in enumerate(slices):
        dx[seen] += dout * (winner == number)
    return dx
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "max_pool_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("A8.max_pool_backward")
### BEGIN HIDDEN TESTS
grade("A8.max_pool_backward", points=4)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "max_pool_ties", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("A8.max_pool_ties")
### BEGIN HIDDEN TESTS
grade("A8.max_pool_ties", points=1)
### END HIDDEN TESTS

# %% [markdown]
# ## 6. The mean of each window
#
# The same $x$, the same windows, and their mean; then the same `dout`, of which each pixel of a window
# gets the same share:
#
# $$\mathrm{out}=\begin{pmatrix}3.25&5.25\\2&2\end{pmatrix},\quad
# \mathrm{dx}=\begin{pmatrix}0.25&0.25&0.5&0.5\\0.25&0.25&0.5&0.5\\0.75&0.75&1&1\\0.75&0.75&1&1\end{pmatrix}$$
#
# A lecture writes the factor as $1/K$. Its $K$ is the number of pixels in the window: four here, not
# two.


# %% nbgrader={"grade": false, "grade_id": "avg_pool_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def avg_pool(x, kernel_size, stride):
    """Keep the mean of each window.

    Parameters
    ----------
    x : array (N, C, H, W)
    kernel_size : whole number, rows and columns of a window
    stride : whole number, in both directions

    Returns
    -------
    out : array (N, C, OH, OW)
    cache : what `avg_pool_backward` needs; suggested: (x, kernel_size, stride)
    """
    ### BEGIN SOLUTION
    size = (kernel_size, kernel_size)
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))
    return windows[:, :, ::stride, ::stride].mean(axis=(4, 5)), (x, kernel_size, stride)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "avg_pool", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("A8.avg_pool")
### BEGIN HIDDEN TESTS
grade("A8.avg_pool", points=2)
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "avg_pool_backward_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def avg_pool_backward(dout, cache):
    """Send the gradient of the loss back through `avg_pool`.

    Parameters
    ----------
    dout : array (N, C, OH, OW), gradient of the loss with respect to `out`
    cache : what `avg_pool` returned; suggested: (x, kernel_size, stride)

    Returns
    -------
    dx : array (N, C, H, W)
    """
    ### BEGIN SOLUTION
    x, kernel_size, stride = cache
    oh, ow = dout.shape[2:]
    dx = np.zeros_like(x)
    for k in range(kernel_size):
        for m in range(kernel_size):
            rows = slice(k, k + stride * (oh - 1) + 1, stride)
            columns = slice(m, m + stride * (ow - 1) + 1, stride)
            dx[:, :, rows, columns] += dout / kernel_size**2
    return dx
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "avg_pool_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("A8.avg_pool_backward")
### BEGIN HIDDEN TESTS
grade("A8.avg_pool_backward", points=3)
### END HIDDEN TESTS

# %% [markdown]
# You now have every layer of a network that reads digits. The next assignment puts them together.
