"""Everything right, the way the statement suggests."""

# %% linear_solution
def linear(x, w, b):
    rows = x.reshape(x.shape[0], -1)
    return rows @ w + b, (x, w, b)


# %% linear_backward_solution
def linear_backward(dout, cache):
    x, w, b = cache
    rows = x.reshape(x.shape[0], -1)
    dx = (dout @ w.T).reshape(x.shape)
    dw = rows.T @ dout
    db = np.sum(dout, axis=0)
    return dx, dw, db


# %% relu_solution
def relu(x):
    return np.maximum(0, x), x


# %% relu_backward_solution
def relu_backward(dout, cache):
    dx = dout.copy()
    dx[cache <= 0] = 0
    return dx


# %% softmax_ce_solution
def softmax_ce(scores, labels):
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    exps = np.exp(shifted)
    sums = np.sum(exps, axis=1, keepdims=True)
    n = np.arange(scores.shape[0])
    loss = np.mean(np.log(sums[:, 0]) - shifted[n, labels])
    return loss, (exps / sums, labels)


# %% softmax_ce_backward_solution
def softmax_ce_backward(dout, cache):
    p, labels = cache
    n = p.shape[0]
    dscores = p.copy()
    dscores[np.arange(n), labels] -= 1
    return dout * dscores / n


# %% explain_bug
It divides by the batch size twice. softmax_ce_backward has already put the 1/N of the mean into
dout, so dw and db come out N times too small; dx is right. A gradient check of dw with three
samples shows a quotient of 3 everywhere. With one sample it would pass, and so would any test of
shapes. Plain gradient descent then takes steps that are N times too short, which a larger learning
rate makes up for, so it learns. With batches of 256 in place of 32 the steps get 8 times shorter
and the learning rate has to be tuned again.
