"""Tests that need the jail are skipped where there is none to be had, and say so."""

import shutil

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if shutil.which("bwrap"):
        return
    for item in items:
        if item.get_closest_marker("jail"):
            item.add_marker(pytest.mark.skip(reason="bubblewrap, the jail, is not installed"))
