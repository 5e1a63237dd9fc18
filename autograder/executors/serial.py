"""Grade in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from autograder.executors.base import Job, attempt
from autograder.intake import Submission
from autograder.rubric import SubmissionResult
from autograder.sandbox import Jail


def one_by_one(submissions: Iterable[Submission], job: Job) -> Iterator[SubmissionResult]:
    """Grade one submission after the other, with one jail for all."""
    with Jail(job.jailed) as jail:
        for submission in submissions:
            yield attempt(submission, job, jail)
