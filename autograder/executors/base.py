"""What all executors share: the job, and one submission graded so that it cannot end the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from autograder.errors import NoJailError
from autograder.examine import examine
from autograder.intake import Submission
from autograder.manifest import Manifest
from autograder.rubric import QuestionResult, Status, SubmissionResult
from autograder.sandbox import Jail


@dataclass(frozen=True)
class Job:
    """What all submissions of one grading run share."""

    manifest: Manifest
    secret: bytes = field(repr=False)  # a cluster writes the arguments of failed tasks to its log
    seconds: float
    jailed: bool = True


Executor = Callable[[Iterable[Submission], Job], Iterator[SubmissionResult]]


def attempt(submission: Submission, job: Job, jail: Jail) -> SubmissionResult:
    """Grade one submission; whatever goes wrong becomes its result, except a missing jail."""
    try:
        return examine(submission, job.manifest, jail, job.secret, job.seconds)
    except NoJailError:
        raise
    except Exception as error:  # a fault of ours or of a test cell must not cost the others
        text = f"Grading failed, look at this by hand ({type(error).__name__}: {error})."
        return crashed(submission, job, text)


def crashed(submission: Submission, job: Job, text: str) -> SubmissionResult:
    """The result of a submission whose grading broke down.

    No fault of the student's: without a fingerprint, the next run tries it again.
    """
    questions = [
        QuestionResult(cell.name, 0.0, cell.points, Status.CRASHED, text)
        for cell in job.manifest.tests
    ]
    return SubmissionResult(
        submission.student,
        job.manifest.assignment,
        "",
        questions,
        submission.answers or {},
        submission.remarks,
    )
