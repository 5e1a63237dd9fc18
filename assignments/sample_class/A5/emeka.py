"""One known mistake: the mask of ReLU is taken from dout instead of x."""
# otherwise like: ada

# %% relu_backward_solution
def relu_backward(dout, cache):
    x = cache
    dx = np.zeros_like(x)
    dx[dout > 0] = dout[dout > 0]
    return dx


# %% explain_bug
The batch size is divided out twice, in dw and in db.
