"""What the commands say: in colour in a terminal, plain where the output goes elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from coursepkg.student.checking import Checked
    from coursepkg.student.doctor import Finding
    from coursepkg.student.history import History
    from coursepkg.student.pack import Packed

LABEL = 15
"""The width of the column of labels in a report."""


def say(*texts: str | Text | Table) -> None:
    """Print lines and tables."""
    console = Console(highlight=False)
    for text in texts:
        # Only a table has to know how wide the terminal is: lines break where it likes.
        console.print(text, markup=False, soft_wrap=not isinstance(text, Table))


def waiting(what: str) -> Status:
    """Show in a terminal that something takes its time, as long as the context lasts."""
    return Console(stderr=True).status(what)


def complain(text: str) -> None:
    """Say what could not be tried, where errors go."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(Text.assemble(("coursepkg: ", "bold red"), text))


def plain_table(*columns: str) -> Table:
    """A table without lines, to be filled."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def coloured(works: bool, words: str) -> Text:
    """Words in the colour of what works, or of what does not."""
    return Text(words, "green" if works else "bold red")


def machine(findings: list[Finding]) -> None:
    """Show what the doctor found."""
    table = plain_table("", "", "found", "to mend it")
    for finding in findings:
        remedy = "" if finding.works else finding.remedy
        mark = coloured(finding.works, "ok" if finding.works else "missing")
        table.add_row(finding.what, mark, Text(finding.found), Text(remedy))
    say(table)


def report(text: str, ok: bool) -> Text:
    """The text of a report, with its verdict in colour and its labels dimmed."""
    first, *lines = text.split("\n")
    shown = Text.assemble(coloured(ok, first))  # whose colour is not that of the rest
    for line in lines:
        labelled = not line.startswith(("  public checks", "  hidden checks"))
        cut = LABEL if labelled else 0
        shown.append("\n")
        shown.append(line[:cut], "dim")
        shown.append(line[cut:])
    return shown


def checked(result: Checked, alone: bool) -> None:
    """Show cells that stopped; then the one report that was asked for, or all of them in brief."""
    for cell, problem in result.outcome.troubles.items():
        say(Text.assemble((cell.title, "bold red"), f", {problem}"))
    answers = result.outcome.answers.values()
    if not alone:
        say(_overview(result))
    for answer in answers:
        if alone or not (answer["ok"] or answer["unanswered"]):
            say(*([] if alone else [""]), report(answer["text"], answer["ok"]))
    if not alone:
        say("", f"public checks {result.public};")
        say(f"hidden checks run after submission: {', '.join(result.kept_back)}")


def _overview(result: Checked) -> Table:
    table = plain_table("question", "points", "public checks", "")
    for cell in result.graded:
        if cell.question not in result.outcome.answers:
            table.add_row(cell.name, f"{cell.points:g}", "", "your instructor reads it")
            continue
        answer = result.outcome.answers[cell.question]
        passed = f"{answer['passed']} of {answer['of']}" if answer["of"] else "none"
        verdict = coloured(answer["ok"], answer["verdict"])
        table.add_row(cell.question, f"{cell.points:g}", passed, verdict)
    return table


def hints(answer: dict[str, Any], level: int) -> None:
    """Show a report's verdict, and the hints that are open."""
    known = answer["hints"]
    if level == 0:
        say(report(answer["text"], answer["ok"]))
        return
    say(report(answer["text"].split("\n")[0], answer["ok"]))
    for number, text in enumerate(known[:level], start=1):
        say(Text.assemble((f"  hint {number} of {len(known)}  ", "dim"), text))
    say(
        "The next one is a bit closer: ask again."
        if level < len(known)
        else "There is no closer one."
    )


def histories(found: list[History]) -> None:
    """Show for each assignment what is right so far and what is open."""
    if not found:
        say("Nothing was started or checked here: coursepkg start A5")
    for number, history in enumerate(found):
        points = history.questions
        right = f"{len(history.right)} of {len(points)} questions right so far"
        earned = sum(points[question] for question in history.right)
        worth = f"worth {earned:g} of {sum(points.values()):g} points"
        say(*([""] if number else []), Text(f"{history.assignment}: {right}, {worth}", "bold"))
        table = plain_table("  open", "points", "last check")
        for question in history.open:
            table.add_row(
                f"  {question}", f"{points[question]:g}", _last(history.last.get(question))
            )
        say(*([table] if history.open else []))


def _last(entry: dict[str, Any] | None) -> str:
    if entry is None:
        return "not checked yet"
    time = str(entry.get("time"))[:16].replace("T", " ")
    return f"{time} UTC, {entry.get('passed')} of {entry.get('of')}"


def packed(result: Packed) -> None:
    """Show the receipt and where the file is."""
    say(result.receipt.rstrip(), "", f"hand in {result.path}")
    if result.remarks:
        say("Look at the remarks first: what you hand in is what is graded.")
