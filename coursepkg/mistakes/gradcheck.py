"""Checking gradients: differences, and how to compare them."""

import numpy as np

from coursepkg.mistakes.registry import mistake


def _project(f, x, dout):
    """The number whose gradient is wanted."""
    return float(np.sum((1.0 if dout is None else dout) * f(x)))


@mistake(
    "GC1",
    of="numerical_gradient",
    symptom="The difference is taken on one side: its error is h times the curvature, not h**2.",
    question="If h becomes ten times smaller, how much smaller does your error become?",
    section="3.2",
    affects=("grad",),
    hidden_when="The function is linear.",
)
def forward_difference(f, x, dout=None, h=1e-5):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above = x.astype(float)
        above[index] += h
        grad[index] = (_project(f, above, dout) - _project(f, x, dout)) / h
    return grad


@mistake(
    "GC2",
    of="numerical_gradient",
    symptom="The entries stay moved, and later ones are measured at another point.",
    question="At which x is the second entry of the gradient measured?",
    section="3.3",
    affects=("grad",),
    hidden_when="Every entry of f depends on one entry of x.",
)
def not_restored(f, x, dout=None, h=1e-5):
    x, grad = x.astype(float), np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += h
        above = _project(f, x, dout)
        x[index] -= 2 * h
        grad[index] = (above - _project(f, x, dout)) / (2 * h)
    return grad


@mistake(
    "GEN1",
    of="numerical_gradient",
    symptom="The buffer has the dtype of x: for integers the gradient is cut to integers.",
    question="What is np.zeros_like of an array of integers?",
    section="3.3",
    affects=("grad",),
    hidden_when="x holds floats.",
)
def integer_buffer(f, x, dout=None, h=1e-5):
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        above, below = x.astype(float), x.astype(float)
        above[index] += h
        below[index] -= h
        grad[index] = (_project(f, above, dout) - _project(f, below, dout)) / (2 * h)
    return grad


@mistake(
    "GC4",
    of="numerical_gradient",
    symptom="The step is so small that rounding drowns the difference.",
    question="How many digits do f(x + h) and f(x - h) share, and how many are left?",
    section="3.2",
    affects=("grad",),
)
def step_too_small(f, x, dout=None, h=1e-5):
    grad, h = np.zeros(x.shape), 1e-14
    for index in np.ndindex(x.shape):
        above, below = x.astype(float), x.astype(float)
        above[index] += h
        below[index] -= h
        grad[index] = (_project(f, above, dout) - _project(f, below, dout)) / (2 * h)
    return grad


@mistake(
    "GC5",
    of="numerical_gradient",
    symptom="The difference over 2 h is divided by h: the gradient is twice too large.",
    question="How far apart are the two points?",
    section="3.2",
    affects=("grad",),
)
def divided_by_h(f, x, dout=None, h=1e-5):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above, below = x.astype(float), x.astype(float)
        above[index] += h
        below[index] -= h
        grad[index] = (_project(f, above, dout) - _project(f, below, dout)) / h
    return grad


@mistake(
    "GC6",
    of="numerical_gradient",
    symptom="The outputs are added up without their weights: dout is ignored.",
    question="Of which number is this the gradient?",
    section="3.2",
    affects=("grad",),
    hidden_when="dout is 1 everywhere, or not given.",
)
def dout_ignored(f, x, dout=None, h=1e-5):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above, below = x.astype(float), x.astype(float)
        above[index] += h
        below[index] -= h
        grad[index] = (_project(f, above, None) - _project(f, below, None)) / (2 * h)
    return grad


@mistake(
    "GC7",
    of="relative_error",
    symptom="The quotient is taken entry by entry: one tiny entry fails a gradient that is right.",
    question="If an entry is 1e-12 next to others of 1, how exactly can it be known?",
    section="3.3",
    affects=("out",),
    hidden_when="Both arrays have one entry.",
)
def entry_by_entry(a, b):
    return float(np.max(np.abs(a - b) / (np.abs(a) + np.abs(b))))


@mistake(
    "GC8",
    of="relative_error",
    symptom="The error is absolute: tiny gradients pass whatever they are, large ones fail.",
    question="Is an error of 1e-6 small, if the gradient is 1e-7?",
    section="3.3",
    affects=("out",),
    hidden_when="The lengths of a and b add up to 1.",
)
def absolute_only(a, b):
    return float(np.linalg.norm(a - b))


@mistake(
    "GC9",
    of="relative_error",
    symptom="Signed differences are added up, and cancel one another.",
    question="What is your error if one entry is too large and another as much too small?",
    section="3.3",
    affects=("out",),
    hidden_when="Both arrays have one entry.",
)
def differences_cancel(a, b):
    return float(abs(np.sum(a - b)) / (np.linalg.norm(a) + np.linalg.norm(b)))
