"""The hint ladder in a terminal: a step further each time it is asked."""

from typing import Any

from coursepkg.student.checking import check_notebook
from coursepkg.student.errors import CannotTryError
from coursepkg.student.folder import Folder
from coursepkg.student.notebook import find


def next_hints(question: str, seconds: float) -> tuple[dict[str, Any], int]:
    """Check the question; return its answer, and how many of its hints are open now.

    Another mistake starts its own ladder at the first step.

    Raises
    ------
    CannotTryError
        If no question is named, or the notebook cannot be tried.
    """
    target = find(question)
    if target.question is None:
        raise CannotTryError(f"a hint is for one question, such as {target.assignment}.NAME")
    answer = check_notebook(target, seconds).outcome.answers[question]
    if not answer["hints"]:
        return answer, 0
    folder = Folder.of(target)
    about = answer["hints"][0]
    seen = [e for e in folder.entries() if e.get("kind") == "hint" and e["question"] == question]
    before = seen[-1]["level"] if seen and seen[-1].get("about") == about else 0
    level = min(before + 1, len(answer["hints"]))
    folder.note("hint", question, level=level, about=about)
    return answer, level
