"""An endless loop in linear_backward, which swallows interrupts; the rest is right."""
# otherwise like: ada

# %% linear_backward_solution
def linear_backward(dout, cache):
    x, w, b = cache
    dw = np.zeros_like(w)
    n = 0
    while n < len(x):
        try:
            dw += np.outer(x[n], dout[n])
        except BaseException:
            n = n + 1
    return dout @ w.T, dw, dout.sum(axis=0)
