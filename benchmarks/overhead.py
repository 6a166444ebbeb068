"""What grading a submission costs: this grader, a cold Jupyter kernel, plain nbgrader.

    python -m benchmarks.overhead [--assignment 01_mdp] [--repeat 7]

All three grade the same notebook, the assignment's own solution, in one run and in turns. Figures
are CPU seconds of all processes, medians. The grader's are split into the student's code, the
checks' own computing and the rest, which is overhead: starting, transplanting, running cells, wire.
A kernel and nbgrader cannot be split: they run the checks in the student's process.

Writes `benchmarks/overhead.md`.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from grader.assignment import ROOT
from grader.examine import Examiner

TABLE = Path(__file__).with_suffix(".md")
KERNEL = """\
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, allow_errors=True, kernel_name="python3").execute()
"""
QUIET = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NBGRADER_EXECUTION": "autograde"}


def main() -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", default="01_mdp")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--no-peers", action="store_true", help="measure this grader only")
    args = parser.parse_args()
    source = ROOT / "solutions" / args.assignment / f"{args.assignment}.ipynb"
    with tempfile.TemporaryDirectory() as folder, Examiner() as examiner:
        ours = _Ours(examiner, source, args.assignment, Path(folder))
        rounds: dict[str, list[float]] = {}
        peers = {} if args.no_peers else _peers(source, args.assignment, Path(folder))
        ours()  # the first one meets cold caches
        for _ in range(args.repeat):
            for name, run in {"grader": ours, **peers}.items():
                for part, seconds in run().items():
                    rounds.setdefault(f"{name}{part}", []).append(seconds)
    rows = {name: statistics.median(seconds) for name, seconds in rounds.items()}
    text = _table(rows, args, examiner.level, ours)
    print(text)
    if not args.no_peers:
        TABLE.write_text(text)


class _Ours:
    """Examine the notebook; CPU seconds by part."""

    def __init__(self, examiner: Examiner, source: Path, assignment: str, folder: Path):
        self.examiner = examiner
        self.assignment = assignment
        self.path = folder / "ada" / assignment / f"{assignment}.ipynb"
        self.path.parent.mkdir(parents=True)
        self.path.write_bytes(source.read_bytes())
        self.seconds: list[float] = []
        self.checks = 0

    def __call__(self) -> dict[str, float]:
        outcome = self.examiner.examine(self.path, "ada", self.assignment)
        if outcome.score != outcome.max_score:
            raise SystemExit(f"the solution does not earn full points: {outcome}")
        self.seconds.append(outcome.seconds)
        self.checks = sum(len(e.visible.results + e.hidden.results) for e in outcome.exercises)
        parts = {f", {part}": seconds for part, seconds in outcome.cpu.items()}
        return {**parts, ", all": sum(outcome.cpu.values())}


def _peers(
    source: Path, assignment: str, folder: Path
) -> dict[str, Callable[[], dict[str, float]]]:
    """A kernel that runs every cell, and nbgrader with a gradebook of its own."""
    course = folder / "course"
    for place in (f"source/{assignment}", f"submitted/ada/{assignment}"):
        (course / place).mkdir(parents=True)
        (course / place / source.name).write_bytes(source.read_bytes())
    (course / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.course_id = "b"\n'
    )
    nbgrader = [sys.executable, "-m", "nbgrader"]
    _cpu([*nbgrader, "generate_assignment", assignment, "--force"], course)
    kernel = [sys.executable, "-c", KERNEL, str(source)]
    autograde = [*nbgrader, "autograde", assignment, "--force"]
    return {
        "a cold Jupyter kernel (nbclient)": lambda: {"": _cpu(kernel, course)},
        "nbgrader autograde": lambda: {"": _cpu(autograde, course)},
    }


def _cpu(command: list[str], folder: Path) -> float:
    """CPU seconds of a command and everything it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
    environment = {**os.environ, **QUIET, "PYTHONPATH": str(ROOT), "PATH": path}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _table(rows: dict[str, float], args: argparse.Namespace, level: str, ours: _Ours) -> str:
    exercises = json.loads((ROOT / "solutions" / args.assignment / ours.path.name).read_text())
    tests = sum("BEGIN HIDDEN" in "".join(cell["source"]) for cell in exercises["cells"])
    lines = [
        f"# What grading one submission of {args.assignment} costs",
        "",
        "| | CPU seconds, median |",
        "|---|---:|",
        *(f"| {name} | {seconds:.3f} |" for name, seconds in rows.items()),
        "",
        f"`python -m benchmarks.overhead --assignment {args.assignment} --repeat {args.repeat}`, "
        f"{time.strftime('%Y-%m-%d')}, sandbox level {level}, {os.cpu_count()} cores "
        f"({platform.machine()}), load {os.getloadavg()[0]:.1f}; {tests} graded exercises, "
        f"{ours.checks} checks, {statistics.median(ours.seconds):.2f} s of wall time for this "
        "grader. The same notebook (the solution), one after the other in turns.",
        "",
        "A load above the number of cores inflates all figures. The warm parent is started once "
        "for a batch and not counted; starting it costs about as much as one cold kernel.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
