"""Replay a milestone in a fresh process, on the functions whose checks are right."""

from collections.abc import Iterator
from typing import Any

from coursepkg.student.errors import CannotTryError
from coursepkg.student.milestones.unlocking import Milestone, Progress
from coursepkg.student.running import Lost, conversation, told

SECONDS = 120.0
"""To wait for the next sign of life: an epoch takes a slow function that long."""


def play(milestone: Milestone, progress: Progress, seconds: float) -> Iterator[dict[str, Any]]:
    """Run the notebooks again, then the milestone; yield what the replay tells.

    Parameters
    ----------
    milestone : one for which nothing is missing
    progress : what was found in the notebooks
    seconds : for one cell

    Raises
    ------
    CannotTryError
        If a cell that just ran hangs, or ends the process.
    """
    questions = progress.used(milestone)
    steps: list[list[Any]] = []
    for name in dict.fromkeys(question.split(".")[0] for question in questions):
        folder, cells = progress.notebooks[name]
        steps += [["notebook", name, str(folder)], *map(told, cells)]
    cells_to_run = [step for step in steps if step[0] == "cell"]
    folder = progress.notebooks[questions[0].split(".")[0]][0]
    with conversation([*steps, ["replay", milestone.year, questions]], folder) as next_line:
        for _, title, _ in cells_to_run:
            if isinstance(trouble := next_line(seconds), Lost):
                raise CannotTryError(f"{title}, {trouble}")
        while True:
            line = next_line(SECONDS)
            yield {"stopped": str(line)} if isinstance(line, Lost) else line
            if isinstance(line, Lost) or line.keys() & {"end", "stopped"}:
                return
