"""What `grade` shows while it works and when it is done."""

import statistics
import sys
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.collect import Submission, shown
from grader.exports import relative
from grader.outcome import gist

# status -> (sign, words, style). Sign and words, never colour alone.
LOOKS = {
    "graded": ("✓", "graded", "green"),
    "tampered": ("✓", "graded, tampered", "yellow"),
    "timeout": ("✗", "timeout", "red"),
    "killed_memory": ("✗", "out of memory", "red"),
    "crashed": ("✗", "crashed", "red"),
    "unreadable": ("✗", "unreadable", "red"),
    "wrong_assignment": ("✗", "wrong notebook", "red"),
    "missing": ("–", "missing", "dim"),
    "grader_error": ("!", "GRADER FAULT", "bold white on red"),
}

NOT_EXAMINED = ("missing", "unreadable", "wrong_assignment", "grader_error")
WRITTEN = {
    "gradebook.db": "nbgrader's gradebook: the grades",
    "feedback/<student>/<assignment>.html": "a page for each student",
    "grades.csv": "one line a student",
    "exercises.csv": "one line an exercise",
    "outcomes/": "everything each check found",
    "logs/": "of each run: what to do, by student",
}

Result = Mapping[str, Any]


def consoles() -> tuple[Console, Console]:
    """For results on stdout, and for progress and complaints on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    return Console(highlight=False), Console(stderr=True, highlight=False)


def report(
    console: Console, results: Sequence[Result], notes: Sequence[str], out: Path, kept: int
) -> None:
    """The tables, the class in a line, what was left out, and where everything is.

    Args:
        console: for results.
        results: short entries, sorted; see `grader.batch.short`.
        notes: sentences about what was left out.
        out: the output folder.
        kept: how many submissions were unchanged.
    """
    for assignment in sorted({result["assignment"] for result in results}):
        chosen = [result for result in results if result["assignment"] == assignment]
        for part in tables(assignment, chosen, console.width):
            console.print(part)
        console.print(legend(chosen, console.width), markup=False, soft_wrap=True, style="dim")
        console.print(f"\n{summary(chosen)}", markup=False)
    if kept:
        console.print(f"{kept} unchanged since an earlier run, not examined again (--force does).")
    for note in notes:
        console.print(note, markup=False)
    examined = (result for result in results if result["status"] not in NOT_EXAMINED)
    if any(result["level"] == "none" for result in examined):
        console.print("Submissions ran without a sandbox.", style="yellow")
    console.print(f"\nWritten to {relative(out)}:", markup=False, soft_wrap=True)
    for name, what in WRITTEN.items():
        console.print(f"  {name:<37} {what}", markup=False, soft_wrap=True)


def complain(console: Console, faults: Sequence[tuple[Submission, str]]) -> None:
    """Faults of the grader itself, loud."""
    if not faults:
        return
    count = f"{len(faults)} submission{'s' * (len(faults) != 1)}"
    console.print(
        f"\nGRADER FAULT: {count} could not be graded, through no fault of the students. Nothing "
        "was recorded for them. Run the same command again; if it stays, report this:",
        style="bold red",
    )
    for submission, details in faults[:10]:
        line = f"{shown(submission.student)} {submission.assignment}: {shown(gist(details), 300)}"
        console.print(f"- {line}", markup=False, soft_wrap=True)
    if len(faults) > 10:
        console.print(f"- and {len(faults) - 10} more")
    console.print("Their files below outcomes/ hold the details.")


def tables(assignment: str, results: Sequence[Result], width: int) -> list[Table]:
    """Students x exercises of one assignment, with status and score.

    Args:
        assignment: the title.
        results: its entries.
        width: characters of a line; more exercises than fit go into further tables.
    """
    exercises = _exercises(results)
    longest = max((len(shown(result["student"])) for result in results), default=0)
    statuses = (LOOKS[result["status"]] for result in results)
    status = max((len(f"{sign} {words}") for sign, words, _ in statuses), default=0)
    left = width - min(max(longest, 8), 28) - max(status, 6) - 14  # 14: the score, and margins
    parts: list[dict[int, str]] = [{}]
    room = left
    for number, exercise in enumerate(exercises, start=1):
        cells = [f"{number}", f"/{exercises[exercise]:g}"]
        cells += [
            f"{found['points']:g}"
            for result in results
            for found in result["exercises"]
            if found["id"] == exercise
        ]
        wide = max(map(len, cells)) + 2
        if wide > room and parts[-1]:
            parts.append({})
            room = left
        parts[-1][number] = exercise
        room -= wide
    whole = max((result["max_score"] for result in results), default=0)
    found = []
    for k, part in enumerate(parts):
        score = whole if k == len(parts) - 1 else 0
        found.append(_table(assignment if k == 0 else "", results, part, exercises, score))
    return found


def _table(
    title: str,
    results: Sequence[Result],
    part: dict[int, str],
    exercises: dict[str, float],
    whole: float,
) -> Table:
    """One table; with a score if `whole`, the points to be earned, is not 0."""
    numbered = Table(
        title=Text(title, style="bold") if title else None,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    numbered.add_column("student", overflow="ellipsis", no_wrap=True, min_width=8, max_width=28)
    numbered.add_column("status", no_wrap=True)
    for number, exercise in part.items():
        worth = exercises[exercise]
        head = f"{number}\n/{worth:g}" if worth else f"{number}"
        numbered.add_column(head, justify="right", no_wrap=True)
    if whole:
        numbered.add_column(f"score\n/{whole:g}", justify="right", no_wrap=True)
    for result in results:
        sign, words, style = LOOKS[result["status"]]
        points = {exercise["id"]: exercise for exercise in result["exercises"]}
        failed = result["status"] == "grader_error"
        row = [Text(shown(result["student"])), Text(f"{sign} {words}", style=style)]
        row += [_points(None if failed else points.get(exercise)) for exercise in part.values()]
        if whole:
            row.append(Text("–" if failed else f"{result['score']:g}", style="bold"))
        numbered.add_row(*row)
    return numbered


def legend(results: Sequence[Result], width: int) -> str:
    """Which number is which exercise."""
    names = [exercise.split("/")[-1] for exercise in _exercises(results)]
    line = "  ".join(f"{n}\u00a0{name}" for n, name in enumerate(names, start=1))
    return textwrap.fill(line, width).replace("\u00a0", " ")


def summary(results: Sequence[Result]) -> str:
    """The class in one line."""
    counts = Counter(result["status"] for result in results)
    parts = [f"{counts[status]} {LOOKS[status][1]}" for status in LOOKS if counts[status]]
    scores = [r["score"] for r in results if r["status"] != "grader_error"]
    line = f"{len(results)} submission{'s' * (len(results) != 1)}: {', '.join(parts)}."
    whole = max((result["max_score"] for result in results), default=0)
    if not scores or not whole:
        return line
    return (
        f"{line} Mean {statistics.mean(scores):.1f}, median {statistics.median(scores):g} "
        f"of {whole:g} points."
    )


def _exercises(results: Sequence[Result]) -> dict[str, float]:
    """Exercise id -> points, from the most complete result."""
    fullest = max(results, key=lambda result: len(result["exercises"]), default=None)
    if fullest is None:
        return {}
    return {exercise["id"]: exercise["max_points"] for exercise in fullest["exercises"]}


def _points(exercise: Result | None) -> Text:
    if exercise is None:
        return Text("–", style="dim")
    points, worth = exercise["points"], exercise["max_points"]
    if not worth:  # an exercise for practice
        return Text("✓", style="green") if exercise["passed"] else Text("✗", style="red")
    style = "green" if points >= worth else "red" if points == 0 else "yellow"
    return Text(f"{points:g}", style=style)
