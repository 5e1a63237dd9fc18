"""One known mistake: the gradient of the cross-entropy is not divided by the batch size."""
# otherwise like: ada

# %% softmax_ce_backward_solution
def softmax_ce_backward(dout, cache):
    p, labels = cache
    dscores = p.copy()
    dscores[np.arange(len(p)), labels] -= 1
    return dout * dscores


# %% explain_bug
I see nothing wrong. If the loss falls, the gradient must be right.
