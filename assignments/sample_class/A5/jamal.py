"""One function is renamed; the rest is right."""
# otherwise like: ada

# %% linear_backward_solution
def backward_linear(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape)
    return dx, x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)
