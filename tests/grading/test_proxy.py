"""Tests name functions, classes and variables; what they get behaves as if it were here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from autograder.proxy import Student, StudentError, StudentObject
from autograder.sandbox import Jail
from autograder.wire import DTYPES

pytestmark = pytest.mark.jail

CODE = """
import numpy as np
from collections import namedtuple

rate = 0.5
table = np.arange(6.0).reshape(2, 3)
Grads = namedtuple("Grads", "dx dw")

class Number:
    def __init__(self, x):
        self.x = x

    def __add__(self, other):
        return Number(self.x + getattr(other, "x", other))

    __radd__ = __add__

    def __rsub__(self, other):
        return Number(other - self.x)

    def __mul__(self, other):
        return Number(self.x * getattr(other, "x", other))

    __rmul__ = __mul__

    def __pow__(self, power):
        return Number(self.x ** power)


class Momentum:
    def __init__(self, lr, decay=0.9):
        self.lr, self.decay, self.v = lr, decay, 0.0
    def step(self, w, dw):
        self.v = self.decay * self.v + dw
        return w - self.lr * self.v

def double(x): return 2 * x
def keyword(x, *, scale=3, shift=0): return scale * x + shift
def overwrite(x, y=None):
    x[...] = 0
    return x
def batches(n):
    for i in range(n):
        yield np.full(2, i)
def many(x): return [x, x + 1, 2 * x]
def named(x): return {"dx": x, "db": x.sum(axis=0)}
def grads(x): return Grads(x, -x)
def history(x): return x, [1, 2.5, np.float64(3)], [x, x]
def pair(x): return x, {"x": x, "list": [1, 2]}
def back(dout, cache): return dout * cache["x"]
def nothing(x): pass
def identity(x): return x
def scalar(x): return np.float32(x.sum())
def fail(x): raise ValueError("no such thing")
def returned(x): return ValueError("as a value")
def half(x): return x.astype(np.longdouble)
def numbers(): return {1: "a"}
def layers(): return [Momentum(0.1), Momentum(0.2)]
def apply(f, x): return f(x)
def slope(f, x): return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
def double_backward(dout): return np.array([(double(1.0) - double(0.0)) * d for d in dout])
"""


@contextmanager
def _student(jail: Jail, code: str = CODE) -> Iterator[Student]:
    with jail.worker(20) as worker:
        student = Student(worker)
        told = student.run([{"name": "cell", "source": code}])
        assert not told[0].error, told
        yield student


@pytest.fixture(scope="module")
def names(open_jail: Jail) -> Iterator[Callable[[str], Any]]:
    with _student(open_jail) as student:
        known: dict[str, Any] = {}

        def get(name: str) -> Any:
            if name not in known:
                known.update(student.names([name]))
            return known[name]

        yield get


def test_a_list_of_numbers_beside_an_array_is_copied(names: Callable[[str], Any]) -> None:
    _, losses, caches = names("history")(np.ones(2))
    assert losses == [1, 2.5, 3]
    assert isinstance(caches, StudentObject)


def test_a_class_that_calculates(names: Callable[[str], Any]) -> None:
    two, three = names("Number")(2.0), names("Number")(3.0)
    assert (two * three + 1).x == 7
    assert (1 - two * two).x == -3
    assert (np.float64(2) * three**2).x == 18
    with pytest.raises(StudentError, match="TypeError"):
        two / three


X = np.arange(6.0).reshape(2, 3)


def test_variables_are_values(names: Callable[[str], Any]) -> None:
    assert names("rate") == 0.5
    np.testing.assert_array_equal(names("table"), X)


def test_arguments_by_position_keyword_and_default(names: Callable[[str], Any]) -> None:
    assert names("keyword")(2) == 6
    assert names("keyword")(2, scale=5, shift=1) == 11
    with pytest.raises(StudentError, match="TypeError"):
        names("keyword")(2, 5)


@pytest.mark.parametrize("dtype", sorted(DTYPES))
def test_arrays_of_every_dtype_come_back(names: Callable[[str], Any], dtype: str) -> None:
    got = names("apply")(names("identity"), np.ones((2, 3)).astype(dtype))
    expected = np.ones((2, 3)).astype(dtype)
    assert got.dtype == expected.dtype
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize(
    "x", [X.T, X[:, ::2], X[:0], np.float64(3), np.array(3.0), np.zeros((2, 0, 3))], ids=repr
)
def test_strides_zero_sizes_and_scalars(names: Callable[[str], Any], x: Any) -> None:
    got = names("double")(x)
    np.testing.assert_array_equal(got, 2 * x)
    assert np.shape(got) == np.shape(x)


def test_overwritten_arguments_are_seen(names: Callable[[str], Any]) -> None:
    x = X.copy()
    got = names("overwrite")(x, y=X)
    assert names("overwrite").last_mutated == [0]
    assert not got.any()
    np.testing.assert_array_equal(x, X)
    names("double")(x)
    assert names("double").last_mutated == []


def test_lists_dictionaries_and_named_tuples_come_back(names: Callable[[str], Any]) -> None:
    np.testing.assert_array_equal(names("many")(X), [X, X + 1, 2 * X])
    found = names("named")(X)
    assert list(found) == ["dx", "db"]
    np.testing.assert_array_equal(found["db"], X.sum(axis=0))
    np.testing.assert_array_equal(names("grads")(X)[1], -X)


def test_none_and_numpy_scalars_come_back(names: Callable[[str], Any]) -> None:
    assert names("nothing")(X) is None
    got = names("scalar")(X)
    assert (got, got.dtype) == (15, np.float32)


def test_a_cache_stays_there_and_can_be_looked_into(names: Callable[[str], Any]) -> None:
    out, cache = names("pair")(X)
    np.testing.assert_array_equal(out, X)
    assert isinstance(cache, StudentObject)
    assert repr(cache) == "<dict in the student's process>"
    np.testing.assert_array_equal(cache["x"], X)
    assert cache["list"] == [1, 2]
    assert sorted(cache) == ["list", "x"]
    np.testing.assert_array_equal(names("back")(2.0, cache), 2 * X)


def test_a_generator_is_iterated_there(names: Callable[[str], Any]) -> None:
    assert [batch.tolist() for batch in names("batches")(3)] == [[0, 0], [1, 1], [2, 2]]
    generator = names("batches")(1)
    next(generator)
    with pytest.raises(StopIteration):
        next(generator)


def test_instances_keep_their_state(names: Callable[[str], Any]) -> None:
    rule = names("Momentum")(0.1, decay=0.5)
    assert rule.step(1.0, 1.0) == pytest.approx(0.9)
    assert rule.step(1.0, 1.0) == pytest.approx(0.85)
    assert rule.v == 1.5
    rule.v = 0.0
    assert rule.v == 0.0
    assert [layer.lr for layer in names("layers")()] == [0.1, 0.2]
    with pytest.raises(StudentError, match="AttributeError"):
        _ = rule.missing


def test_what_fails_there_says_so_here(names: Callable[[str], Any]) -> None:
    with pytest.raises(StudentError, match=r"ValueError: no such thing \(line \d+ of your cell\)"):
        names("fail")(X)
    with pytest.raises(StudentError, match="forgotten is not defined in the notebook"):
        names("forgotten")(X)
    assert "ValueError" in repr(names("returned")(X))
    with pytest.raises(StudentError, match="no len"):
        len(names("returned")(X))


def test_what_is_no_array_says_what_it_is(names: Callable[[str], Any]) -> None:
    with pytest.raises(TypeError, match=r"ndarray of .* in the student's process"):
        np.asarray(names("half")(X))
    assert names("numbers")()[1] == "a"  # stays there: its keys are no texts


def test_functions_of_the_test_cannot_be_handed_over(names: Callable[[str], Any]) -> None:
    with pytest.raises(TypeError, match="cannot be handed to a student's code"):
        names("apply")(lambda x: x, X)
    assert names("double")(1) == 2  # the conversation goes on


def test_calls_on_the_way_are_counted(open_jail: Jail) -> None:
    with _student(open_jail) as student:
        found = student.names(["double", "double_backward"])
        found["double"](X)
        found["double_backward"](np.ones(7))
    assert [(use.name, use.calls) for use in student.uses] == [
        ("double", {}),
        ("double_backward", {"double": 14}),
    ]
    assert all(use.seconds > 0 for use in student.uses)
