"""Formulas as graphs: values as Python computes them, slopes as they are measured."""

import math

import numpy as np
import pytest

from coursepkg.gradcheck import numerical_gradient, relative_error
from coursepkg.graph_expressions import graph_of

FORMULAS = {
    "-x**2 + y": lambda x, y: -(x**2) + y,
    "x**y / 2**x - 3/y": lambda x, y: x**y / 2**x - 3 / y,
    "q = x*y; q*q + q/x": lambda x, y: (x * y) ** 2 + y,
    "sin(x)*cos(y) - min(x, y)": lambda x, y: math.sin(x) * math.cos(y) - min(x, y),
    "sqrt(log(exp(x) + 1)) * tanh(y)": lambda x, y: (
        math.sqrt(math.log(math.exp(x) + 1)) * math.tanh(y)
    ),
    "max(relu(x), sigmoid(y)) + 2*3*y": lambda x, y: max(max(x, 0), 1 / (1 + math.exp(-y))) + 6 * y,
}


@pytest.mark.parametrize("text", FORMULAS)
def test_values_and_slopes(text):
    graph, at = graph_of(text), np.array([1.3, 0.7])
    assert math.isclose(graph.forward(x=at[0], y=at[1]), FORMULAS[text](*at))
    found = graph.backward()
    measured = numerical_gradient(lambda v: FORMULAS[text](*v), at)
    assert relative_error(np.array([found["x"], found["y"]]), measured) < 1e-8


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x +", "is no formula"),
        ("", "is empty"),
        ("3 * 4", "nothing to differentiate"),
        ("q = x; y", "q is never used"),
        ("q = q * x", "q would be made of itself"),
        ("x; y", "before the last formula"),
        ("x = y; x = y; x", "x has a meaning already"),
        ("exp = x; x", "exp has a meaning already"),
        ("exp * x", "exp is a function"),
        ("max(x)", "max takes 2 numbers, got 1"),
        ("__import__('os')", "may not stand in a formula"),
        ("x.real", "may not stand in a formula"),
        ("[x, y]", "may not stand in a formula"),
        ("True * x", "may not stand in a formula"),
        ("lambda: x", "may not stand in a formula"),
    ],
)
def test_what_is_no_formula_is_refused_with_words(text, words):
    with pytest.raises(ValueError, match=words):
        graph_of(text)
