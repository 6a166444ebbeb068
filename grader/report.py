"""The class at a glance: `python -m grader report OUT`.

Writes `OUT/report/<assignment>.html` for each graded assignment: how the points are spread, which
exercises are hard and which tell students apart, the mistakes that most probably cost the points,
time used, statuses, and answers that are alike. Grades are those of the gradebook. A page is one
file, loads nothing, runs no script, and shows nobody's name but ids.
"""

import argparse
import json
import statistics
import sys
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import escape

from grader import pages
from grader.build import ROOT
from grader.class_statistics import Class, answers_of
from grader.outcome import Outcome
from grader.similarity import Pair, pairs

MOST_PAIRS = 30
MOST_MISTAKES = 6


def add_parser(subparsers: Any) -> None:
    """Add the command `report` to the grader's command line."""
    parser = subparsers.add_parser(
        "report", help="a page about the whole class", description=__doc__
    )
    parser.add_argument("out", type=Path, metavar="OUT", help="folder that `grade` wrote")
    parser.add_argument("--assignment", nargs="+", default=(), metavar="NAME", help="only these")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the command; its exit code."""
    from nbgrader.api import Gradebook

    from grader.store import write_atomically

    database = args.out / "gradebook.db"
    if not database.is_file():
        print(f"{database} does not exist. Name the folder that `grade` wrote.", file=sys.stderr)
        return 2
    with Gradebook(f"sqlite:///{database.resolve()}") as gradebook:
        known = sorted(assignment.name for assignment in gradebook.assignments)
        if unknown := sorted(set(args.assignment) - set(known)):
            print(
                f"The gradebook has no assignment {', '.join(unknown)}; it has "
                f"{', '.join(known) or 'none'}.",
                file=sys.stderr,
            )
            return 2
        for name in args.assignment or known:
            found, notes = collect(args.out, gradebook, name)
            for note in notes:
                print(note, file=sys.stderr)
            path = args.out / "report" / f"{name}.html"
            path.parent.mkdir(exist_ok=True)
            alike = pairs(found.answers, common_code(args.root, name))
            write_atomically(path, page(found, alike).encode("utf-8", "replace"))
            print(f"wrote {path}")
    return 0


def collect(out: Path, gradebook: Any, assignment: str) -> tuple[Class, list[str]]:
    """A class from the outcomes and the gradebook, and sentences about what could not be read."""
    from grader.marks import all_marks, total, waiting

    points: dict[str, dict[str, float]] = defaultdict(dict)
    for student, name, mark in all_marks(gradebook):
        if name == assignment:
            points[student][mark.name] = mark.score
    record = gradebook.find_assignment(assignment)
    totals = {each.student.id: total(each) for each in record.submissions}
    found = Class(assignment, max_score=float(record.max_score))
    found.waiting = {cell: n for name, cell, n in waiting(gradebook) if name == assignment}
    notes = []
    for path in sorted((out / "outcomes" / assignment).glob("*.json")):
        try:
            outcome = Outcome.from_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError):
            notes.append(f"{path} cannot be read and is left out. Run `grade` again.")
            continue
        student = path.stem
        if student in totals:
            found.add(outcome, points[student], totals[student])
    return found, notes


def common_code(root: Path, assignment: str) -> list[dict[str, str]]:
    """What every student may have: the stubs of the release, and the model solution."""
    found = []
    for folder in ("notebooks", "solutions"):
        try:
            text = (root / folder / assignment / f"{assignment}.ipynb").read_text("utf-8")
        except OSError:
            continue
        found.append(answers_of(Outcome("", assignment, "graded", notebook=json.loads(text))))
    return found


def page(found: Class, alike: list[Pair]) -> str:
    """The report as HTML."""
    totals = sorted(found.totals.values())
    cpu = sorted(found.cpu.values())
    distribution = found.distribution()
    return pages.template("class").render(
        assignment=found.assignment,
        students=len(totals),
        max_score=f"{found.max_score:g}",
        median=f"{statistics.median(totals):.3g}" if totals else "–",
        mean=f"{statistics.fmean(totals):.3g}" if totals else "–",
        quartiles=_quartiles(totals),
        distribution=distribution,
        tallest=max((count for _, count in distribution), default=0) or 1,
        items=found.items(),
        most_mistakes=MOST_MISTAKES,
        statuses={k: sorted(v) for k, v in sorted(found.statuses.items()) if k != "graded"},
        waiting=found.waiting,
        graded=len(found.statuses.get("graded", ())),
        cpu_median=f"{statistics.median(cpu):.2g}" if cpu else "–",
        cpu_most=[
            (student, f"{seconds:.3g}")
            for student, seconds in sorted(found.cpu.items(), key=lambda pair: -pair[1])[:5]
            if seconds > 0
        ],
        alike=alike[:MOST_PAIRS],
        more_alike=max(0, len(alike) - MOST_PAIRS),
        ticks=partial(pages.ticks, escape),
        **pages.styled("feedback", "class"),
    )


def _quartiles(totals: list[float]) -> str:
    if len(totals) < 4:
        return ""
    low, _, high = statistics.quantiles(totals, n=4, method="inclusive")
    return f"{low:.3g} to {high:.3g}"
