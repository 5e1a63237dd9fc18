"""Puts the assignments into the wheel as students get them: without solutions and hidden tests."""

import importlib.util
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

RELEASE = Path("coursepkg", "student", "release.py")


class Starters(BuildHookInterface):
    """Called by hatchling around every build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the starters aside, and name them as files of the wheel."""
        if version == "editable":  # there they are made from the sources, which may change
            return
        self.folder = tempfile.TemporaryDirectory()
        # Not imported as a part of coursepkg, which may need more than the standard library.
        spec = importlib.util.spec_from_file_location("release", Path(self.root, RELEASE))
        release = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(release)
        sources = Path(self.root, "assignments", "source")
        for path in release.write_starters(sources, Path(self.folder.name)):
            build_data["force_include"][str(path)] = f"coursepkg/student/starters/{path.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was written aside."""
        if version != "editable":
            self.folder.cleanup()
