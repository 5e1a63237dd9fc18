"""Four moments of the field, and what of a student's code each of them runs on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursepkg.student.checking import ask
from coursepkg.student.errors import CannotTryError
from coursepkg.student.notebook import Cell, Target, find, read
from coursepkg.student.running import Lost, plan

LAYERS = (
    "A5.linear",
    "A5.linear_backward",
    "A5.relu",
    "A5.relu_backward",
    "A5.softmax_ce",
    "A5.softmax_ce_backward",
)
CONVOLUTION = ("A8.conv2d", "A8.conv2d_backward", "A8.max_pool", "A8.max_pool_backward")
STEPS = "A7.momentum"
"""The one function that the library lends until the student's own is right."""


@dataclass(frozen=True)
class Milestone:
    """A moment of the field; `needs` are the questions whose functions it runs on."""

    year: int
    title: str
    story: str
    needs: tuple[str, ...]
    trains: bool = True
    """Whether a network is trained, so that `STEPS` has a part in it."""

    @property
    def questions(self) -> tuple[str, ...]:
        """All that is checked for it."""
        return (*self.needs, STEPS) if self.trains else self.needs


MILESTONES = {
    milestone.year: milestone
    for milestone in (
        Milestone(
            1958,
            "a perceptron tells a 3 from an 8",
            "Frank Rosenblatt's perceptron tells cards that are marked on the left from cards that "
            "are marked on the right.\nYours gets handwritten digits, 64 pixels each, and is told "
            "nothing but when it is wrong.",
            ("A1.predict", "A1.fit", "A1.mistake_bound"),
            trains=False,
        ),
        Milestone(
            1969,
            "exclusive or falls",
            "Marvin Minsky and Seymour Papert prove what one neuron cannot do; exclusive or is the "
            "smallest case.\nFirst your perceptron tries. Then your layers do, with eight hidden "
            "units.",
            ("A1.predict", "A1.fit", *LAYERS),
        ),
        Milestone(
            1986,
            "a hidden layer reads digits",
            "David Rumelhart, Geoffrey Hinton and Ronald Williams send errors backwards through "
            "hidden units.\nHere it is your backward functions that do: 64 pixels, 32 hidden "
            "units, 10 digits.",
            LAYERS,
        ),
        Milestone(
            1998,
            "convolutions read digits",
            "LeNet-5 of Yann LeCun, Leon Bottou, Yoshua Bengio and Patrick Haffner reads digits "
            "with convolutions.\nThis one is smaller, for 8 x 8 pixels. Convolution, pooling and "
            "everything behind them is yours.",
            (*CONVOLUTION, *LAYERS),
        ),
    )
}


@dataclass(frozen=True)
class Progress:
    """What was found in the notebooks here: which questions are right, and what to run of them."""

    right: frozenset[str]
    notebooks: dict[str, tuple[Path, list[Cell]]]

    def missing(self, milestone: Milestone) -> list[str]:
        """The questions that keep a milestone locked."""
        return [question for question in milestone.needs if question not in self.right]

    def used(self, milestone: Milestone) -> list[str]:
        """The questions whose functions a milestone runs on."""
        return [question for question in milestone.questions if question in self.right]

    def next_command(self, milestone: Milestone) -> str:
        """What to type about the first thing that is missing."""
        question = self.missing(milestone)[0]
        assignment = question.split(".")[0]
        if assignment in self.notebooks:
            return f"coursepkg check {question}"
        return f"coursepkg start {assignment}"


def milestone_of(year: int) -> Milestone:
    """Return the milestone of a year.

    Raises
    ------
    CannotTryError
        If there is none.

    Examples
    --------
    >>> milestone_of(1969).title
    'exclusive or falls'
    """
    if year not in MILESTONES:
        years = ", ".join(map(str, MILESTONES))
        raise CannotTryError(f"no milestone is of {year}; there are: {years}")
    return MILESTONES[year]


def look_at(milestones: list[Milestone], seconds: float) -> Progress:
    """Check the functions that these milestones need, each notebook in a fresh process.

    Raises
    ------
    CannotTryError
        If a notebook that is here cannot be read.
    """
    wanted = dict.fromkeys(q for milestone in milestones for q in milestone.questions)
    right: set[str] = set()
    notebooks = {}
    for target in _notebooks({question.split(".")[0] for question in wanted}):
        asked = [q for q in wanted if q.startswith(f"{target.assignment}.")]
        cells = read(target.path)
        outcome = ask(target, cells, asked, seconds)
        right |= {question for question in asked if outcome.answers[question]["ok"]}
        runs = [
            step
            for step in plan(cells, asked)
            if isinstance(step, Cell) and not isinstance(outcome.troubles.get(step), Lost)
        ]
        notebooks[target.assignment] = target.path.absolute().parent, runs
    return Progress(frozenset(right), notebooks)


def _notebooks(assignments: set[str]) -> Iterator[Target]:
    for assignment in sorted(assignments):
        try:
            yield find(assignment)
        except CannotTryError:
            continue  # it is not begun, which keeps nothing else locked
