"""The groups of similar work that were found, for pages that link them."""

from __future__ import annotations

import json
from hashlib import blake2b

from autograder.course import Course
from autograder.files import read_json
from autograder.intake import Submission, submissions
from autograder.manifest import Manifest


def similar_groups(course: Course, manifest: Manifest) -> list[list[str]] | None:
    """The groups that were found in just this work; None if nobody has looked since."""
    path = course.private(manifest.assignment, "similarity.json")
    if not path.is_file():
        return None
    found = read_json(path, f"run `autograder similarity {manifest.assignment}` again")
    is_current = found.get("work") == digest(submissions(course, manifest))
    return found["groups"] if is_current else None


def digest(submissions: list[Submission]) -> str:
    """A name for exactly this work of a class."""
    text = json.dumps([(s.student, s.digest) for s in submissions])
    return blake2b(text.encode(), digest_size=8).hexdigest()
