"""A syntax error in one cell; the other functions are right, but the network needs that one."""
# otherwise like: ada

# %% linear_backward_solution
def linear_backward(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db
