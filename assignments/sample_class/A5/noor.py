"""Everything right, but it prints 200 kB and fills stderr with warnings."""
# otherwise like: ada

# %% linear_solution
import sys
import warnings

print("training log " * 16_000)
print("warning: this line went to stderr", file=sys.stderr)


def linear(x, w, b):
    print("linear got", x, w, b)
    warnings.warn("the weights look small", stacklevel=1)
    return x.reshape(len(x), -1) @ w + b, (x, w, b)


# %% relu_solution
def relu(x):
    np.log(np.minimum(x, 0))  # divides by zero on the way, which is nobody's business
    print("relu" * 5_000, file=sys.stderr)
    return np.maximum(0, x), x
