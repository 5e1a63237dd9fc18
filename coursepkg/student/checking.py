"""Check an assignment or one of its questions, and say what was found."""

from dataclasses import dataclass

from coursepkg.student.errors import CannotTryError
from coursepkg.student.folder import Folder
from coursepkg.student.notebook import Cell, Target, read
from coursepkg.student.running import Outcome, plan, run


@dataclass(frozen=True)
class Checked:
    """What a notebook was asked, as graded cells in order, and what came of it."""

    graded: list[Cell]
    outcome: Outcome

    @property
    def ok(self) -> bool:
        answers = self.outcome.answers.values()
        return not self.outcome.troubles and all(answer["ok"] for answer in answers)

    @property
    def public(self) -> str:
        """How many public checks passed, in words that hide no question without an answer."""
        answers = self.outcome.answers.values()
        passed, of = (sum(answer[key] for answer in answers) for key in ("passed", "of"))
        silent = sum(answer["of"] == 0 for answer in answers)
        more = f", and {silent} without an answer" if silent else ""
        return f"{passed} of {of}{more}"

    @property
    def kept_back(self) -> list[str]:
        """What only grading tries, each once, those first that most questions have."""
        named = [title for answer in self.outcome.answers.values() for title in answer["kept_back"]]
        return sorted(dict.fromkeys(named), key=named.count, reverse=True)


def check_notebook(target: Target, seconds: float) -> Checked:
    """Run the notebook in a fresh process and try its questions, or the one that is asked for.

    Raises
    ------
    CannotTryError
        If it cannot be read, or has no such question.
    """
    cells = read(target.path)
    folder = Folder.of(target)
    graded = [cell for cell in folder.released() or cells if cell.points is not None]
    asked = [cell.question for cell in graded if cell.question]
    if target.question is not None:
        if target.question not in asked:
            raise CannotTryError(
                f"no question is called {target.question}; there are: {', '.join(asked)}"
            )
        asked = [target.question]
    if not asked:
        raise CannotTryError(f"{target.path} asks no question: no cell of it is a check")
    return Checked(graded, ask(target, cells, asked, seconds))


def ask(target: Target, cells: list[Cell], questions: list[str], seconds: float) -> Outcome:
    """Run these cells of a notebook in a fresh process, try questions, and note the answers."""
    outcome = run(plan(cells, questions), target.path.absolute().parent, seconds)
    folder = Folder.of(target)
    for question in questions:
        answer = outcome.answers[question]
        folder.note("check", question, passed=answer["passed"], of=answer["of"], ok=answer["ok"])
    return outcome
