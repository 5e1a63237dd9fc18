"""What the library offers is documented where it stands: types, a docstring, an example."""

import importlib
import inspect
import pkgutil

import pytest

import coursepkg
from coursepkg.mistakes import MISTAKES

SHOWN = {id(mistake.code) for mistake in MISTAKES.values()}  # a comment would give them away
COMMAND = ("coursepkg.__main__", "coursepkg.student.")  # its examples are typed: see the README
SKIPPED = ("coursepkg.checks", "coursepkg.widgets")  # they have readers and tests of their own


def public_things():
    """Functions and classes that a module defines itself, under a name without underscore."""
    for module in pkgutil.walk_packages(coursepkg.__path__, "coursepkg."):
        if module.name.startswith(SKIPPED):
            continue
        for name, thing in vars(importlib.import_module(module.name)).items():
            own = getattr(thing, "__module__", None) == module.name
            public = not name.startswith("_") and id(thing) not in SHOWN
            if own and public and (inspect.isroutine(thing) or is_class(thing)):
                yield pytest.param(thing, id=f"{module.name}.{name}")


def is_class(thing):
    """A class that does something; named tuples of arrays and errors explain themselves."""
    return inspect.isclass(thing) and not issubclass(thing, tuple | Exception)


THINGS = list(public_things())
FUNCTIONS = [case for case in THINGS if inspect.isfunction(case.values[0])]


@pytest.mark.parametrize("thing", THINGS)
def test_has_a_docstring(thing):
    assert inspect.getdoc(thing)


@pytest.mark.parametrize("thing", FUNCTIONS)
def test_is_typed(thing):
    signature = inspect.signature(thing)
    hints = [p.annotation for p in signature.parameters.values()] + [signature.return_annotation]
    assert inspect.Signature.empty not in hints


@pytest.mark.parametrize("thing", [case for case in FUNCTIONS if not case.id.startswith(COMMAND)])
def test_has_an_example(thing):
    assert ">>> " in (inspect.getdoc(thing) or "")
