"""Choose what to grade: submissions in a folder, assignments of the course, exercises in them."""

import argparse
import difflib
import json
from collections.abc import Sequence
from pathlib import Path

from grader.collect import LAYOUT, Submission, discover, shown


class UsageError(Exception):
    """The command cannot be carried out as it was given; the text says what to do."""


def known_assignments(root: Path) -> list[str]:
    """The assignments that have been built."""
    return sorted(
        path.parent.name
        for path in (root / "solutions").glob("*/*.ipynb")
        if path.stem == path.parent.name
    )


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


def exercises(wanted: Sequence[str], root: Path, known: Sequence[str]) -> dict[str, list[str]]:
    """Assignment -> names of the exercises that were asked for.

    Args:
        wanted: `<assignment>/<name>`, or a name alone.
        root: the course's folder.
        known: the assignments to look in.

    Raises:
        UsageError: if there is no such exercise.
    """
    all_of = {name: _graded(root, name) for name in known}
    ids = [f"{name}/{exercise}" for name, found in all_of.items() for exercise in found]
    chosen: dict[str, list[str]] = {}
    for text in wanted:
        found = [one for one in ids if text in (one, one.partition("/")[2])]
        if not found:
            names = [one.partition("/")[2] for one in ids]
            near = difflib.get_close_matches(text, [*ids, *names], 3, 0.5) or ids[:5]
            raise UsageError(
                f"No exercise is called {shown(text, 60)}. Give it as <assignment>/<function>, "
                f"for example {', '.join(near)}."
            )
        for one in found:
            assignment, _, exercise = one.partition("/")
            if exercise not in chosen.setdefault(assignment, []):
                chosen[assignment].append(exercise)
    return chosen


def _graded(root: Path, assignment: str) -> list[str]:
    """Names of the exercises that checks judge, in the order of the notebook."""
    path = root / "solutions" / assignment / f"{assignment}.ipynb"
    cells = json.loads(path.read_bytes())["cells"]
    ids = (cell["metadata"].get("nbgrader", {}).get("grade_id", "") for cell in cells)
    return [name.removeprefix("test-") for name in ids if name.startswith("test-")]
