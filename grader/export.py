"""Grades for other systems: `python -m grader export FORMAT …`.

    csv OUT --to FOLDER                      nbgrader's grades.csv, and exercises.csv
    canvas OUT --roster FILE --to FILE       for the import of Canvas's gradebook
    moodle OUT --roster FILE --to FILE       for Moodle's grade import
    gradescope-autograder ASSIGNMENT --to Z  the zip that Gradescope's autograder asks for
    github-classroom ASSIGNMENT --to FILE    a workflow that runs the visible checks

OUT is the folder that `grade` wrote; the grades are those of its gradebook, manual scores and late
penalties included. A roster is the class list that the LMS exports.
"""

import argparse
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from grader.build import ROOT
from grader.source import BuildError


def add_parser(subparsers: Any) -> None:
    """Add the command `export` to the grader's command line."""
    parser = subparsers.add_parser(
        "export",
        help="grades for Canvas, Moodle, Gradescope …",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    formats = parser.add_subparsers(title="formats", dest="format", required=True, metavar="FORMAT")
    for name in ("csv", "canvas", "moodle"):
        form = formats.add_parser(name)
        form.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
        form.add_argument("out", type=Path, metavar="OUT", help="folder that `grade` wrote")
        form.add_argument("--to", type=Path, required=True, help="what to write")
        if name == "csv":
            continue
        form.add_argument("--roster", type=Path, required=True, help="class list, as CSV")
        form.add_argument("--id", metavar="COLUMN", help="column with the ids of the submissions")
        form.add_argument("--assignment", nargs="+", default=(), metavar="NAME", help="only these")
        form.add_argument("--exercises", action="store_true", help="a column an exercise, too")
        form.add_argument(
            "--title",
            nargs="+",
            action="extend",
            default=[],
            metavar="NAME=TITLE",
            help="what the LMS calls an assignment: 01_mdp='Homework 1'",
        )
    zipped = formats.add_parser("gradescope-autograder")
    zipped.add_argument("assignment", metavar="ASSIGNMENT")
    zipped.add_argument("--to", type=Path, required=True, help="the zip to write")
    zipped.add_argument(
        "--visibility",
        default="after_published",
        help="when students see what the checks found: visible, after_due_date, after_published "
        "(the default) or hidden",
    )
    zipped.add_argument(
        "--unsandboxed", action="store_true", help="also grade where no sandbox is possible"
    )
    classroom = formats.add_parser("github-classroom")
    classroom.add_argument("assignment", metavar="ASSIGNMENT")
    classroom.add_argument("--to", type=Path, required=True, help="the file to write")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the command; its exit code."""
    from grader.roster import RosterError

    try:
        if args.format == "gradescope-autograder":
            from grader.gradescope import autograder

            content = autograder(args.assignment, args.visibility, unsandboxed=args.unsandboxed)
            return _write(args.to, content)
        if args.format == "github-classroom":
            from grader.classroom import workflow

            if not (ROOT / "solutions" / args.assignment).is_dir():
                raise BuildError([f"There is no assignment {args.assignment!r}."])
            return _write(args.to, workflow(args.assignment))
        return _grades(args)
    except (BuildError, RosterError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def _write(path: Path, content: bytes) -> int:
    from grader.store import write_atomically

    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, content)
    print(f"wrote {path}")
    return 0


def _grades(args: argparse.Namespace) -> int:
    from nbgrader.api import Gradebook

    from grader import exports, lms, roster

    path = args.out / "gradebook.db"
    if not path.is_file():
        print(f"{path} does not exist. Name the folder that `grade` wrote.", file=sys.stderr)
        return 2
    with Gradebook(f"sqlite:///{path.resolve()}") as gradebook:
        names = sorted(assignment.name for assignment in gradebook.assignments)
        order = {name: _graded(name, args.root) for name in names}
        if args.format == "csv":
            args.to.mkdir(parents=True, exist_ok=True)
            exports.export_grades(gradebook, args.to / "grades.csv")
            exports.export_exercises(gradebook, order, args.to / "exercises.csv")
            print(f"wrote {args.to / 'grades.csv'} and {args.to / 'exercises.csv'}")
            return 0
        usual, skip = {
            "canvas": (lms.CANVAS_IDS, lms.POINTS_POSSIBLE),
            "moodle": (lms.MOODLE_IDS, ""),
        }[args.format]
        try:
            found = lms.grades(gradebook, order, args.assignment, exercises=args.exercises)
            named = _titles(args.title, found.columns)
        except KeyError as error:
            print(error.args[0], file=sys.stderr)
            return 2
        people = roster.read(args.roster, args.id, usual, skip, found.of)
    write = {"canvas": lms.canvas, "moodle": lms.moodle}[args.format]
    code = _write(args.to, write(found, people, named))
    if unknown := people.unknown(found.of):
        print(
            f"Not in the roster, so not exported: {', '.join(unknown)}. Is {people.key!r} the "
            "column with the names of the submission folders?",
            file=sys.stderr,
        )
        code = 1
    if absent := people.without_work(found.of):
        print(f"Handed in nothing, grade left alone: {', '.join(absent)}.", file=sys.stderr)
    return code


def _titles(given: Sequence[str], columns: Collection[str]) -> dict[str, str]:
    """NAME=TITLE as a dictionary.

    Raises:
        KeyError: with a sentence, if there is no such column.
    """
    named = {name: title for name, _, title in (text.partition("=") for text in given)}
    for name, title in named.items():
        if name not in columns or not title.strip():
            raise KeyError(f"--title takes NAME=TITLE, NAME one of {', '.join(columns)}.")
    return named


def _graded(assignment: str, root: Path) -> list[str]:
    """Grade ids of the graded cells of an assignment, in the order of its notebook."""
    import nbformat

    from grader.autograded import graded_cells

    try:
        path = root / "solutions" / assignment / f"{assignment}.ipynb"
        return list(graded_cells(nbformat.read(path, as_version=4)))
    except OSError:
        return []
