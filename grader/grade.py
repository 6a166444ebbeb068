"""Grade a class: `python -m grader grade DIR --out OUT`.

DIR holds `<student>/<assignment>/<assignment>.ipynb`. Submissions are examined by several worker
processes at once; one writer records the outcomes in nbgrader's gradebook and writes the feedback
pages. A submission that has not changed since the last run is not examined again. A run that was
stopped, by whatever, is completed by the next one.
"""

import argparse
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

import qlib
from grader.collect import LAYOUT, Submission, discover, shown, student_id

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("rich", "numpy", "msgpack", "nbformat", "nbgrader", "jinja2")


class UsageError(Exception):
    """The command cannot be carried out as it was given; the text says what to do."""


def known_assignments(root: Path) -> list[str]:
    """The assignments that have been built."""
    return sorted(
        path.parent.name
        for path in (root / "solutions").glob("*/*.ipynb")
        if path.stem == path.parent.name
    )


def missing_package() -> str:
    """The first package that grading needs and that is not installed, or an empty string."""
    for name in NEEDED:
        try:
            if importlib.util.find_spec(name) is None:
                return name
        except (ImportError, ValueError):
            return name
    return ""


def find(args: argparse.Namespace, root: Path) -> tuple[list[Submission], list[str]]:
    """The submissions to grade, and notes on what was left out.

    Raises:
        UsageError: if there is nothing to grade.
    """
    known = known_assignments(root)
    if not known:
        raise UsageError("There is no assignment to grade yet. Run: python -m grader build")
    for name in args.assignment or ():
        if name not in known:
            raise UsageError(
                f"No assignment is called {shown(name)}. There are: {', '.join(known)}."
            )
    directory = args.directory
    if not directory.is_dir():
        what = "is a file, not a folder" if directory.exists() else "does not exist"
        raise UsageError(f"DIR {shown(str(directory), 200)} {what}. It must hold {LAYOUT}.")
    try:
        found = discover(directory, known)
    except OSError as error:
        raise UsageError(f"DIR {directory} cannot be opened: {error.strerror}.") from error
    notes = found.notes
    if found.unknown:
        names = ", ".join(shown(name) for name in sorted(found.unknown)[:5])
        notes.append(f"Left out, no assignment of this course: {names}.")
    if not found.submissions:
        near = next((name for name in found.students if name in known), None)
        raise UsageError(
            f"DIR {directory} holds no submission. The layout is {LAYOUT}, and the assignments "
            f"are {', '.join(known)}."
            + (f" DIR looks like one student's folder: give {directory}/.." if near else "")
        )
    for name in args.student or ():
        if name not in found.students:
            raise UsageError(
                f"No student's folder in DIR is called {shown(name)}. There are "
                f"{len(found.students)}, among them {shown(found.students[0])}."
            )
    chosen = [
        submission
        for submission in found.submissions
        if (not args.assignment or submission.assignment in args.assignment)
        and (not args.student or submission.student in args.student)
    ]
    if not chosen:
        raise UsageError("Nobody in DIR has handed in what --assignment and --student ask for.")
    for name in sorted({submission.assignment for submission in chosen}):
        having = {s.student for s in found.submissions if s.assignment == name}
        absent = [s for s in args.student or found.students if s not in having]
        if absent:
            names = ", ".join(shown(s) for s in absent[:8]) + (", …" if len(absent) > 8 else "")
            notes.append(f"No {name} from {len(absent)}: {names}.")
    return chosen, notes


def add_parser(subparsers: Any) -> None:
    """Add the command `grade` to the grader's command line."""
    parser = subparsers.add_parser(
        "grade", help="examine submissions and record the grades", description=__doc__
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help=f"holds {LAYOUT[4:]}")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="OUT", help="folder for everything written"
    )
    parser.add_argument(
        "--assignment", nargs="+", action="extend", metavar="NAME", help="only these"
    )
    parser.add_argument(
        "--student", nargs="+", action="extend", metavar="S", help="only these students"
    )
    parser.add_argument(
        "--jobs", type=int, default=0, metavar="N", help="worker processes; one a core by default"
    )
    parser.add_argument(
        "--cell-seconds", type=float, metavar="S", help="time limit of one cell (usually 60)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results to FILE")
    parser.add_argument("--force", action="store_true", help="examine unchanged submissions too")
    parser.add_argument("--quiet", action="store_true", help="print complaints only")
    parser.add_argument(
        "--moved", action="store_true", help="OUT holds this class, and DIR was moved since"
    )
    parser.add_argument(
        "--unsandboxed",
        action="store_true",
        help="run submissions without a sandbox: only work that you trust",
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument(
        "--examiner", default="grader.worker:examining", help=argparse.SUPPRESS
    )  # for tests
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the command; its exit code."""
    name = missing_package()
    if name:
        print(
            f"The package {name} is not installed, and grading needs it. "
            "Run: pip install -e '.[grader]'",
            file=sys.stderr,
        )
        return 2
    from grader import console
    from grader.store import StoreError

    out, err = console.consoles()
    try:
        return _grade(args, out, err)
    except (UsageError, StoreError) as error:
        err.print(str(error), markup=False, soft_wrap=True)
        return 2
    except KeyboardInterrupt:
        err.print("Stopped. What is done is kept; run the same command to go on.")
        return 130


def _grade(args: argparse.Namespace, out: Any, err: Any) -> int:
    from grader import batch as batches
    from grader import console
    from grader.pool import Pool, PoolError
    from grader.record import StorageError
    from grader.store import Store, write_atomically

    if args.jobs < 0:
        raise UsageError("--jobs is the number of worker processes, at least 1.")
    if args.json and (args.json.is_dir() or not args.json.absolute().parent.is_dir()):
        raise UsageError(f"--json {args.json} must be a file in a folder that exists.")
    if args.cell_seconds is not None and args.cell_seconds <= 0:
        raise UsageError("--cell-seconds is a time, more than 0.")
    root = args.root.resolve()
    submissions, notes = find(args, root)
    inside, whole = args.out.resolve(), args.directory.resolve()
    if inside.is_relative_to(whole) or whole.is_relative_to(inside):
        raise UsageError("--out must not stand inside DIR, nor DIR inside --out.")
    store = Store(args.out, args.directory, moved=args.moved)
    limits = f"{args.cell_seconds:g} s a cell" if args.cell_seconds else "usual"
    limits += ", no sandbox" if args.unsandboxed else ""
    with store.locked():
        batch = batches.plan(submissions, store, root, limits, args.force)
        pool = Pool(
            batch.todo,
            args.jobs or len(os.sched_getaffinity(0)),
            args.examiner,
            {name: getattr(args, name) for name in ("unsandboxed", "cell_seconds")}
            | {"root": root},
        )
        try:
            with pool, console.progress(err, len(batch.todo), quiet=args.quiet) as step:
                batches.run(batch, store, root, pool, step)
        except PoolError as error:
            raise UsageError(f"Submissions cannot be examined here. {error}") from error
        except StorageError as error:
            err.print(f"{error} What is done is kept: run again.", markup=False, soft_wrap=True)
            return 1
    if args.json:
        content = {"grader": qlib.__version__, "results": batch.results}
        write_atomically(args.json, json.dumps(content, indent=1).encode() + b"\n")
    gone = sorted(store.students() - {student_id(name) for name in os.listdir(args.directory)})
    if gone:
        names = ", ".join(shown(name) for name in gone[:8]) + (", …" if len(gone) > 8 else "")
        notes.append(f"Kept from earlier runs, no longer in DIR: {names}.")
    if not args.quiet:
        console.report(out, batch.results, notes, args.out, len(batch.kept))
    console.complain(err, batch.faults)
    return 1 if batch.faults else 0
