"""What `coursepkg milestone` prints."""

from collections.abc import Iterable
from pathlib import Path
from textwrap import fill
from typing import Any

from rich.text import Text

from coursepkg.student.milestones.characters import beside, first_difference, image, plot, regions
from coursepkg.student.milestones.page import write_page
from coursepkg.student.milestones.unlocking import MILESTONES, STEPS, Milestone, Progress
from coursepkg.student.show import coloured, plain_table, say


def overview(progress: Progress) -> None:
    """Show the four, which of them are unlocked, and what the first of the others waits for."""
    shown = plain_table("year", "", "", "to do")
    for milestone in MILESTONES.values():
        missing = progress.missing(milestone)
        command = progress.next_command(milestone) if missing else _command(milestone)
        shown.add_row(
            str(milestone.year),
            milestone.title,
            coloured(not missing, "locked" if missing else "unlocked"),
            command,
        )
    say(shown)
    waiting = [milestone for milestone in MILESTONES.values() if progress.missing(milestone)]
    if waiting:
        say("")
        locked(waiting[0], progress)


def locked(milestone: Milestone, progress: Progress) -> None:
    """Say which functions a milestone waits for, and what to check first."""
    missing = progress.missing(milestone)
    say(Text.assemble((f"{milestone.year} is locked", "bold red"), f": {milestone.title}"))
    for name in dict.fromkeys(question.split(".")[0] for question in missing):
        short = [q.split(".")[1] for q in missing if q.startswith(f"{name}.")]
        have = [q for q in milestone.needs if q.startswith(f"{name}.") and q not in missing]
        right = f" ({len(have)} of {len(have) + len(short)} are right)" if have else ""
        say(f"  needs {', '.join(short)} of {name}{right}")
    say(f"  next: {progress.next_command(milestone)}")


def replayed(milestone: Milestone, progress: Progress, lines: Iterable[dict[str, Any]]) -> bool:
    """Show a replay as it runs; return whether it came to its end."""
    say(Text(f"{milestone.year}: {milestone.title}", "bold"), milestone.story, "")
    if milestone.trains and STEPS in progress.right:
        say("The steps are yours too: momentum, from A7.", "")
    elif milestone.trains:
        say(f"The steps are the library's momentum, until yours is right: {STEPS}", "")
    for line in lines:
        if "stopped" in line:
            say("", Text(f"{milestone.year} stopped: {line['stopped']}", "bold red"))
            return False
        if "fact" in line:
            say(line["fact"], "")
        elif "seconds" in line:
            _slow(line)
        elif "epoch" in line:
            _epoch(line)
        else:
            _end(milestone, line["end"])
    return True


def _command(milestone: Milestone) -> str:
    return f"coursepkg milestone {milestone.year}"


def _slow(line: dict[str, Any]) -> None:
    say(f"Your functions take their time: this will be some {line['seconds']:.0f} s.")
    if line["samples"] < line["of"]:
        say(f"To stay there, both learn from {line['samples']} of {line['of']:,} samples.")
    say("")


def _epoch(line: dict[str, Any]) -> None:
    if line["epoch"] == 1:
        say(Text(f"{'epoch':>5}   {'loss':>7} {'test':>7}   {'reference':>9} {'test':>7}", "dim"))
    (loss, right), (other, other_right) = line["yours"], line["reference"]
    say(f"{line['epoch']:>5}   {loss:7.4f} {right:7.1%}   {other:9.4f} {other_right:7.1%}")


def _end(milestone: Milestone, end: dict[str, Any]) -> None:
    if milestone.trains:
        say("")
    say(f"{end['curve']}: yours (o) and the reference's (.)", plot(end["yours"], end["reference"]))
    said = _comparison(end)
    say(f"{'':>6} {said}", "")
    drawn = [(caption, image(pixels)) for caption, pixels in end["pictures"]]
    drawn += [(title, regions(labels)) for title, labels in end["maps"]]
    say(beside(drawn), "")
    say(*end["facts"])
    ran = ", ".join(f"{name}\xa0{count:,}" for name, count in end["calls"].items())
    say(fill(f"Calls of your functions: {ran}.", 80).replace("\xa0", " "))
    say(f"With the curves and the pictures, as a page: {write_page(milestone, end, said, Path())}")
    later = [other for other in MILESTONES.values() if other.year > milestone.year]
    if later:
        say(f"Next: {_command(later[0])}")


def _comparison(end: dict[str, Any]) -> str:
    what = "epoch" if end["curve"].endswith("epoch") else "step"
    yours, reference = end["yours"], end["reference"]
    place = first_difference(yours, reference)
    if place is None:
        return f"They are the same in all {len(yours)} {what}s."
    ends = min(len(yours), len(reference))
    if place == ends:
        return f"They are the same up to {what} {ends}, where one of them ends."
    return (
        f"They differ first in {what} {place + 1}: "
        f"yours {yours[place]:.7g}, the reference's {reference[place]:.7g}."
    )
