"""Grading on Gradescope: the zip that its autograder asks for, and what runs there.

Gradescope unpacks the zip to `/autograder/source`, runs `setup.sh` once, and then for each
submission `run_autograder`, which reads `/autograder/submission` and writes
`/autograder/results/results.json` (Gradescope's "Autograder specifications"). A fault of the
grader's writes no results, so that Gradescope reports a failure and no zero.
"""

import argparse
import io
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

from grader.build import ROOT
from grader.outcome import ExerciseOutcome, Outcome
from grader.source import BuildError
from grader.store import write_atomically

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
_SCRIPTS = Path(__file__).parent / "scripts"
_STATUS = {
    "timeout": "Some cell did not end in time; the rest was graded.",
    "killed_memory": "Some cell used more memory than is allowed; the rest was graded.",
    "crashed": "Some cell ended the whole Python process; the rest was graded.",
}


def autograder(
    assignment: str, visibility: str = "after_published", *, unsandboxed: bool = False
) -> bytes:
    """The zip to upload as the autograder of one assignment.

    Args:
        assignment: for example "01_mdp".
        visibility: when students see what the checks found, one of `VISIBILITIES`.
        unsandboxed: also run where no sandbox is possible.

    Raises:
        BuildError: if there is no such assignment, or the name of the visibility is another.
    """
    if visibility not in VISIBILITIES:
        raise BuildError([f"visibility is one of {', '.join(VISIBILITIES)}, not {visibility!r}."])
    notebook = ROOT / "solutions" / assignment / f"{assignment}.ipynb"
    if not notebook.is_file():
        known = sorted(path.stem for path in (ROOT / "solutions").glob("*/*.ipynb"))
        raise BuildError([f"There is no assignment {assignment!r}, only {', '.join(known)}."])
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    torch = next(line.split("==")[1] for line in pins if line.startswith("torch=="))
    flag = " \\\n  --unsandboxed" if unsandboxed else ""
    run = (_SCRIPTS / "gradescope_run.sh").read_text(encoding="utf-8")
    setup = (_SCRIPTS / "gradescope_setup.sh").read_text(encoding="utf-8")
    files: dict[str, tuple[bytes, int]] = {
        "run_autograder": (
            run.replace("{assignment}", assignment)
            .replace("{visibility}", visibility)
            .replace("{unsandboxed}", flag)
            .encode(),
            0o755,
        ),
        "setup.sh": (setup.replace("{torch}", torch).encode(), 0o755),
    }
    for name in ("constraints.txt", "nbgrader_config.py", "pyproject.toml", "README.md"):
        files[name] = ((ROOT / name).read_bytes(), 0o644)
    for folder in ("qlib", "grader"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                files[path.relative_to(ROOT).as_posix()] = (path.read_bytes(), 0o644)
    files[notebook.relative_to(ROOT).as_posix()] = (notebook.read_bytes(), 0o644)
    return _zip(files)


def _zip(files: dict[str, tuple[bytes, int]]) -> bytes:
    """The same files always give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (content, mode) in sorted(files.items()):
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o100000 | mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


def submitted(folder: Path, assignment: str) -> tuple[Path | None, str]:
    """The notebook among the files of a submission, or a sentence that says why there is none."""
    exact = folder / f"{assignment}.ipynb"
    if exact.exists():
        return exact, ""
    found = sorted(path for path in folder.glob("**/*.ipynb") if not path.name.startswith("."))
    found = [path for path in found if ".ipynb_checkpoints" not in path.parts]
    if len(found) == 1:
        return found[0], ""
    if not found:
        return None, f"There is no notebook in this submission. Hand in {assignment}.ipynb."
    names = ", ".join(path.name for path in found[:5])
    return None, f"There are several notebooks ({names}). Hand in {assignment}.ipynb alone."


def results(outcome: Outcome, visibility: str = "after_published") -> dict[str, Any]:
    """An outcome as Gradescope's results.json.

    Args:
        outcome: with any status but `grader_error`.
        visibility: of what the checks found.
    """
    lines = [outcome.message or _STATUS.get(outcome.status, "")]
    lines += [f"Not used: {text}" for text in outcome.ignored]
    found: dict[str, Any] = {
        "output": "\n".join(line for line in lines if line),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "execution_time": round(outcome.seconds),
        "extra_data": {"seed": outcome.seed, "level": outcome.level, "status": outcome.status},
        "tests": [
            _test(number, exercise, visibility)
            for number, exercise in enumerate(outcome.exercises, start=1)
        ],
    }
    if not outcome.exercises:  # Gradescope wants a score or a test
        found["score"] = 0.0
    return found


def _test(number: int, exercise: ExerciseOutcome, visibility: str) -> dict[str, Any]:
    return {
        "number": str(number),
        "name": exercise.id.split("/")[1],
        "name_format": "text",
        "score": exercise.points,
        "max_score": exercise.max_points,
        "status": "passed" if exercise.hidden.passed else "failed",
        "output": exercise.hidden.text(),
        "output_format": "text",
        "visibility": visibility,
    }


def add_parser(subparsers: Any) -> None:
    """Add the command `gradescope`, which the autograder runs for each submission."""
    parser = subparsers.add_parser(
        "gradescope", help="grade one submission inside Gradescope", description=__doc__
    )
    parser.add_argument("assignment", metavar="ASSIGNMENT")
    parser.add_argument("--base", type=Path, default=Path("/autograder"), metavar="DIR")
    parser.add_argument("--visibility", choices=VISIBILITIES, default="after_published")
    parser.add_argument("--unsandboxed", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Grade the submission in `args.base`; 0 if results were written."""
    from grader.sandbox import SandboxError

    target = args.base / "results" / "results.json"
    path, problem = submitted(args.base / "submission", args.assignment)
    if path is None:
        outcome = Outcome("", args.assignment, "missing", message=problem)
    else:
        try:
            outcome = _examine(path, args.assignment, args.unsandboxed)
        except SandboxError as error:
            print(
                f"No sandbox works here: {error} Students' code would run beside the hidden "
                "checks. If you accept that, export the autograder with --unsandboxed.",
                file=sys.stderr,
            )
            return 1
    if outcome.status == "grader_error":
        print(f"The grader failed; no grade was given.\n{outcome.details}", file=sys.stderr)
        return 1
    os.makedirs(target.parent, exist_ok=True)
    write_atomically(target, json.dumps(results(outcome, args.visibility), indent=1).encode())
    return 0


def _examine(path: Path, assignment: str, unsandboxed: bool) -> Outcome:
    """Examine at the best level; without a sandbox only if that was accepted.

    Raises:
        SandboxError: if there is no sandbox.
    """
    from grader.examine import Examiner
    from grader.sandbox import SandboxError

    try:
        with Examiner() as examiner:
            return examiner.examine(path, "", assignment)
    except SandboxError:
        if not unsandboxed:
            raise
    with Examiner(unsandboxed=True) as examiner:
        return examiner.examine(path, "", assignment)
