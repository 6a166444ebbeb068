"""Grade a class: `python -m grader grade DIR --out OUT`.

DIR holds `<student>/<assignment>/<assignment>.ipynb`. Submissions are examined by several worker
processes at once, here or on a Dask cluster; one writer records the outcomes in nbgrader's
gradebook and writes the feedback pages. A submission that has not changed since the last run is not
examined again. A run that was stopped, by whatever, is completed by the next one.
"""

import argparse
import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

from grader.choose import UsageError, exercises, find, known_assignments
from grader.collect import LAYOUT, shown, student_id

__all__ = ["UsageError", "add_parser", "find", "known_assignments", "run"]

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("rich", "numpy", "msgpack", "nbformat", "nbgrader", "jinja2")


def missing_package() -> str:
    """The first package that grading needs and that is not installed, or an empty string."""
    for name in NEEDED:
        try:
            if importlib.util.find_spec(name) is None:
                return name
        except (ImportError, ValueError):
            return name
    return ""


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
        "--exercise",
        nargs="+",
        action="extend",
        metavar="ID",
        help="judge only these anew (<assignment>/<function>); other verdicts are kept",
    )
    parser.add_argument(
        "--jobs", type=int, default=0, metavar="N", help="worker processes; one a core by default"
    )
    parser.add_argument(
        "--dask", metavar="ADDRESS", help="examine on a Dask cluster: tcp://<scheduler>:8786"
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
    from grader.stopping import Stopped
    from grader.storage import StorageError
    from grader.store import StoreError

    out, err = console.consoles()
    try:
        return _grade(args, out, err)
    except (UsageError, StoreError) as error:
        err.print(str(error), markup=False, soft_wrap=True)
        return 2
    except StorageError as error:
        err.print(f"{error} What is done is kept: run again.", markup=False, soft_wrap=True)
        return 1
    except (KeyboardInterrupt, Stopped) as error:
        again = " Leave out --force to examine only the rest." if args.force else ""
        err.print(f"Stopped. What is done is kept; run the same command to go on.{again}")
        return getattr(error, "code", 130)


def _grade(args: argparse.Namespace, out: Any, err: Any) -> int:
    from grader import batch as batches
    from grader import console
    from grader.pool import PoolError
    from grader.progress import progress
    from grader.run_log import RunLog
    from grader.stopping import listening
    from grader.storage import storage
    from grader.store import Store
    from grader.worker import Terms

    root = args.root.resolve()
    _check_usage(args)
    known = known_assignments(root)
    look_in = [name for name in args.assignment or known if name in known]
    chosen = exercises(args.exercise, root, look_in) if args.exercise and look_in else {}
    args.assignment = list(chosen) or args.assignment
    submissions, notes = find(args, root)
    store = Store(args.out, args.directory, moved=args.moved)
    terms = Terms(args.cell_seconds, args.unsandboxed)
    command = ["python -m grader grade", *sys.argv[2:]]
    with listening() as stop, store.locked(), storage(store.out), RunLog(args.out, command) as log:
        batch = batches.plan(
            submissions,
            store,
            root,
            terms,
            force=args.force,
            exercises=chosen,
            check=stop.check,
        )
        log.begin(len(batch.todo), len(batch.kept))
        examined = _examined(args, batch.todo, {"root": root, "terms": terms}, stop.check)
        try:
            with examined, progress(err, len(batch.todo), quiet=args.quiet) as step:
                batches.run(batch, store, root, examined, step, log=log, check=stop.check)
        except PoolError as error:
            raise UsageError(f"Submissions cannot be examined here. {error}") from error
        if args.json:
            batches.write_json(args.json, batch, store, submissions)
        notes += _notes(args, batch, store, chosen) + getattr(examined, "notes", [])
        for note in notes:
            log.note(note)
    if not args.quiet:
        console.report(out, batch.results, notes, args.out, len(batch.kept))
    console.complain(err, batch.faults)
    return 1 if batch.faults else 0


def _check_usage(args: argparse.Namespace) -> None:
    """Refuse options that make no sense, before anything is touched.

    Raises:
        UsageError: with what to do.
    """
    if args.jobs < 0:
        raise UsageError("--jobs is the number of worker processes, at least 1.")
    if args.jobs and args.dask:
        raise UsageError("--jobs is for this machine; with --dask, the cluster decides. Give one.")
    if args.json and (args.json.is_dir() or not args.json.absolute().parent.is_dir()):
        raise UsageError(f"--json {args.json} must be a file in a folder that exists.")
    if args.cell_seconds is not None and not 0 < args.cell_seconds < float("inf"):
        raise UsageError("--cell-seconds is a time, more than 0.")
    inside, whole = args.out.resolve(), args.directory.resolve()
    if inside.is_relative_to(whole) or whole.is_relative_to(inside):
        raise UsageError("--out must not stand inside DIR, nor DIR inside --out.")


def _examined(args: argparse.Namespace, jobs: list, settings: dict[str, Any], check: Any) -> Any:
    """The workers: a context manager that yields each job with its result."""
    from grader.pool import Pool

    if args.dask:
        from grader.cluster import Cluster

        return Cluster(jobs, args.dask, args.examiner, settings, out=args.out, check=check)
    n = args.jobs or len(os.sched_getaffinity(0))
    return Pool(jobs, n, args.examiner, settings, check=check)


def _notes(args: argparse.Namespace, batch: Any, store: Any, chosen: dict[str, list[str]]) -> list:
    """What a person should know about this run that is in no table."""
    notes = []
    gone = sorted(store.students() - {student_id(name) for name in os.listdir(args.directory)})
    if gone:
        notes.append(f"Kept from earlier runs, no longer in DIR: {_names(gone)}.")
    if batch.whole:
        names = _names([submission.student for submission in batch.whole])
        notes.append(
            f"Examined whole, since there is no earlier verdict on this very notebook: {names}."
        )
    if chosen and len(batch.whole) < len(batch.todo):
        listed = ", ".join(f"{name}/{e}" for name, found in chosen.items() for e in found)
        notes.append(
            f"Only {listed} judged anew, other verdicts kept. If those come from another version "
            "of the grader, a run without --exercise examines them again."
        )
    return notes


def _names(names: list[str]) -> str:
    return ", ".join(shown(name) for name in names[:8]) + (", …" if len(names) > 8 else "")
