# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from coursepkg.gradcheck import numerical_gradient, relative_error

rng = np.random.default_rng(0)


def agrees(grad, f, x, dout):
    return relative_error(grad, numerical_gradient(f, x, dout)) < 1e-6


# %% nbgrader={"grade": false, "grade_id": "linear_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linear_backward(dout, x, w):
    ### BEGIN SOLUTION
    return dout @ w.T, x.T @ dout
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "linear", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
x, w, dout = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=(4, 2))
dx, dw = linear_backward(dout, x, w)
assert agrees(dx, lambda x: x @ w, x, dout)
assert agrees(dw, lambda w: x @ w, w, dout)
2.0


# %% nbgrader={"grade": false, "grade_id": "sigmoid_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid_backward(dout, x):
    ### BEGIN SOLUTION
    s = 1 / (1 + np.exp(-x))
    return dout * s * (1 - s)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "sigmoid", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
x, dout = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
assert agrees(sigmoid_backward(dout, x), lambda x: 1 / (1 + np.exp(-x)), x, dout)
2.0


# %% nbgrader={"grade": false, "grade_id": "relu_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_backward(dout, x):
    ### BEGIN SOLUTION
    return dout * (x > 0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "relu", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
x, dout = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
assert agrees(relu_backward(dout, x), lambda x: np.maximum(x, 0), x, dout)
2.0


# %% nbgrader={"grade": false, "grade_id": "square_solution", "locked": false, "schema_version": 3, "solution": true, "task": false}
def square_backward(dout, x):
    ### BEGIN SOLUTION
    return dout * 2 * x
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "square", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
x, dout = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
assert agrees(square_backward(dout, x), lambda x: x**2, x, dout)
2.0
