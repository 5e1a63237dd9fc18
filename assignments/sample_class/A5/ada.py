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


# %% leaky_relu_solution
def leaky_relu(x, negative_slope):
    return np.where(x > 0, x, negative_slope * x), (x, negative_slope)


# %% leaky_relu_backward_solution
def leaky_relu_backward(dout, cache):
    x, negative_slope = cache
    return np.where(x > 0, dout, negative_slope * dout)


# %% sigmoid_solution
def sigmoid(x):
    out = np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))
    return out, out


# %% sigmoid_backward_solution
def sigmoid_backward(dout, cache):
    return dout * cache * (1 - cache)


# %% tanh_solution
def tanh(x):
    out = np.tanh(x)
    return out, out


# %% tanh_backward_solution
def tanh_backward(dout, cache):
    return dout * (1 - cache**2)


# %% elu_solution
def elu(x, alpha):
    return np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1)), (x, alpha)


# %% elu_backward_solution
def elu_backward(dout, cache):
    x, alpha = cache
    return np.where(x > 0, dout, dout * alpha * np.exp(np.minimum(x, 0)))


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


# %% two_layer_loss_solution
def two_layer_loss(x, labels, w1, b1, w2, b2, lam):
    z1, cache1 = linear(x, w1, b1)
    hidden, cache_relu = relu(z1)
    scores, cache2 = linear(hidden, w2, b2)
    loss, cache_loss = softmax_ce(scores, labels)
    loss += 0.5 * lam * (np.sum(w1**2) + np.sum(w2**2))
    dhidden, dw2, db2 = linear_backward(softmax_ce_backward(1.0, cache_loss), cache2)
    _, dw1, db1 = linear_backward(relu_backward(dhidden, cache_relu), cache1)
    return loss, dw1 + lam * w1, db1, dw2 + lam * w2, db2


# %% squared_output_solution
def squared_output(x, w1, w2):
    z1 = x @ w1
    hidden = np.maximum(z1, 0)
    out = hidden @ w2
    dhidden = 2 * out @ w2.T
    dhidden[z1 <= 0] = 0
    return np.sum(out**2), x.T @ dhidden, hidden.T @ (2 * out)


# %% explain_bug
It divides by the batch size twice. softmax_ce_backward has already put the 1/N of the mean into
dout, so dw and db come out N times too small; dx is right. A gradient check of dw with three
samples shows a quotient of 3 everywhere. With one sample it would pass, and so would any test of
shapes. Plain gradient descent then takes steps that are N times too short, which a larger learning
rate makes up for, so it learns. With batches of 256 in place of 32 the steps get 8 times shorter
and the learning rate has to be tuned again.
