"""Examine again with the recorded seeds: `python -m grader replay OUT/outcomes/.../ada.json`.

The same submission, seed and grader give the same verdicts, bit for bit; what differs is printed. A
difference means that the grader or the notebook has changed since, which is said, or that the
student's code depends on something else than its inputs: the clock, other processes, memory left
over.
"""

import argparse
import contextlib
import hashlib
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grader import worker
from grader.collect import read_regular, shown
from grader.outcome import ExerciseOutcome, Outcome

_NOTHING = ("missing", "unreadable", "wrong_assignment")


class ReplayError(Exception):
    """An outcome cannot be replayed; the text says why and what to do."""


def add_parser(subparsers: Any) -> None:
    """Add the command `replay` to the grader's command line."""
    parser = subparsers.add_parser(
        "replay", help="examine again with the recorded seeds and compare", description=__doc__
    )
    parser.add_argument(
        "outcomes", nargs="+", type=Path, metavar="OUTCOME", help="OUT/outcomes/<assignment>/*.json"
    )
    parser.add_argument(
        "--submission",
        type=Path,
        metavar="FILE",
        help="what was handed in; OUT/submitted/ has a copy, which is taken by default",
    )
    parser.add_argument("--root", type=Path, default=worker.ROOT, help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the command: 0 if all is the same, 1 if something differs, 2 if it cannot be."""
    if args.submission and len(args.outcomes) > 1:
        print("--submission goes with one OUTCOME.", file=sys.stderr)
        return 2
    codes = []
    with contextlib.ExitStack() as examiners:
        known: dict[tuple, Any] = {}
        for path in args.outcomes:
            try:
                codes.append(_replay(path, args, known, examiners))
            except ReplayError as error:
                print(f"{path}: {error}", file=sys.stderr)
                codes.append(2)
    return max(codes)


def _replay(path: Path, args: argparse.Namespace, known: dict, held: contextlib.ExitStack) -> int:
    from grader.sandbox import SandboxError

    try:
        outcome = Outcome.from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReplayError(f"cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ReplayError(
            "is no outcome. Give a file below OUT/outcomes/ that `grade` has written."
        ) from error
    who = f"{shown(outcome.student)} {outcome.assignment}"
    if outcome.status in _NOTHING:
        print(f"{who}: nothing was examined ({outcome.status}), so there is no verdict to replay.")
        return 0
    submission = args.submission or _copy(path, outcome)
    _check_submission(submission, outcome)
    for note in _changes(outcome, args.root):
        print(f"{who}: {note}")
    key = (outcome.level, outcome.versions.get("limits", ""))
    try:
        if key not in known:
            known[key] = held.enter_context(_examiner(outcome, args.root))
        again = _examine(known[key], outcome, submission)
    except SandboxError as error:
        raise ReplayError(f"it ran at sandbox level {outcome.level}, and here: {error}") from error
    found = list(differences(outcome, again))
    checks = sum(len(e.visible.results) + len(e.hidden.results) for e in outcome.exercises)
    if not found:
        print(f"{who}: {checks} checks replayed, the same bit for bit.")
        return 0
    print(f"{who}: {checks} checks replayed, {len(found)} differences:")
    for line in found:
        print(f"  {line}")
    return 1


def differences(before: Outcome, after: Outcome) -> Iterator[str]:
    """What differs between two examinations in status and verdicts; times are not compared.

    Args:
        before: as recorded.
        after: as replayed.
    """
    if before.status != after.status:
        yield f"status: was {before.status}, is {after.status}"
    new = {exercise.id: exercise for exercise in after.exercises}
    for exercise in before.exercises:
        found = new.pop(exercise.id, None)
        if found is None:
            yield f"{exercise.id}: was judged, and is not now"
            continue
        yield from _exercise_differences(exercise, found)
    for name in new:
        yield f"{name}: was not judged, and is now"


def _exercise_differences(before: ExerciseOutcome, after: ExerciseOutcome) -> Iterator[str]:
    for kind in ("visible", "hidden"):
        old = {result.title: asdict(result) for result in getattr(before, kind).results}
        new = {result.title: asdict(result) for result in getattr(after, kind).results}
        for title in dict.fromkeys([*old, *new]):
            was, now = old.get(title), new.get(title)
            if was is None or now is None:
                what = "is new" if was is None else "is gone"
                yield f"{before.id}, {kind} check “{title}” {what}"
                continue
            for name in was:
                if was[name] != now[name]:
                    yield (
                        f"{before.id}, {kind} check “{title}”, {name}: was {was[name]!r}, "
                        f"is {now[name]!r}"
                    )


def _examine(examiner: Any, outcome: Outcome, submission: Path) -> Outcome:
    """Examine once for each seed; the verdicts together, as one outcome."""
    by_seed: dict[int, list[str]] = {}
    for exercise in outcome.exercises:
        by_seed.setdefault(exercise.hidden.seed, []).append(exercise.hidden.name)
    again, exercises = None, {}
    for seed, names in by_seed.items() or [(outcome.seed, [])]:
        only = names if len(by_seed) > 1 else ()
        found = examiner.examine(
            submission, outcome.student, outcome.assignment, seed=seed, only=only
        )
        exercises |= {exercise.id: exercise for exercise in found.exercises}
        again = found if again is None or seed == outcome.seed else again
    if again.status == "grader_error":
        raise ReplayError(f"the grader fails on it:\n{again.details}")
    status = outcome.status if len(by_seed) > 1 else again.status  # a mixed one has no single run
    fields = {**again.__dict__, "status": status, "exercises": tuple(exercises.values())}
    return Outcome(**fields)


def _examiner(outcome: Outcome, root: Path) -> Any:
    from grader.examine import Examiner
    from grader.sandbox import LEVELS

    terms = worker.Terms.read(outcome.versions.get("limits", ""))
    level = outcome.level if outcome.level in LEVELS else None
    return Examiner(level, limits=terms.limits(), root=root)


def _copy(path: Path, outcome: Outcome) -> Path:
    """What was handed in, as the output folder keeps it."""
    out = path.resolve().parent.parent.parent
    return out / "submitted" / path.stem / outcome.assignment / f"{outcome.assignment}.ipynb"


def _check_submission(path: Path, outcome: Outcome) -> None:
    content = read_regular(path)
    if content is None:
        raise ReplayError(f"{path} is not there. Name what was handed in with --submission.")
    if hashlib.sha256(content).hexdigest() != outcome.versions.get("submission"):
        raise ReplayError(
            f"{path} is not what this outcome was made from. Name that file with --submission."
        )


def _changes(outcome: Outcome, root: Path) -> Iterator[str]:
    """What is not as it was when the outcome was made."""
    try:
        now = worker.versions_of(outcome.assignment, root)
    except OSError as error:
        raise ReplayError(
            f"there is no assignment {shown(outcome.assignment)} in this course."
        ) from error
    mixed = {e.versions.get("grader") for e in outcome.exercises if e.versions}
    for name, what in (("assignment", "notebook"), ("grader", "grader")):
        was = {outcome.versions.get(name), *(mixed if name == "grader" else ())}
        if was != {now[name]}:
            yield f"the {what} has changed since this outcome was made; verdicts may differ."
