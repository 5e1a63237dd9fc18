"""Everything right, but sys.exit stands at the end of a cell."""
# otherwise like: ada

# %% softmax_ce_backward_solution
def softmax_ce_backward(dout, cache):
    p, labels = cache
    n = p.shape[0]
    dscores = p.copy()
    dscores[np.arange(n), labels] -= 1
    return dout * dscores / n


import sys

sys.exit("done")
