"""What grading a submission costs: this grader, a cold Jupyter kernel, plain nbgrader.

    python -m benchmarks.overhead [--repeat 7] [--assignments 01_mdp 02_bellman] [--no-peers]

Every assignment's own solution is graded again and again by one warm examiner; figures are CPU
seconds of all processes, medians. They are split into the student's code, the checks' own computing
and the rest, which is overhead: starting, transplanting, running cells, wire. The first submission
of an assignment meets cold caches and is not counted.

A kernel and nbgrader grade the notebook `--peers` in the same run, in turns with this grader. They
cannot be split: they run the checks in the student's process.

Writes `benchmarks/overhead.md`.
"""

import argparse
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
from grader.outcome import Outcome

TABLE = Path(__file__).with_suffix(".md")
KERNEL = """\
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, allow_errors=True, kernel_name="python3").execute()
"""
QUIET = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NBGRADER_EXECUTION": "autograde"}


def main() -> None:
    """Measure, print and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignments", nargs="+", default=_all(), metavar="NAME")
    parser.add_argument("--peers", default="01_mdp", metavar="NAME", help="what the peers grade")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--no-peers", action="store_true", help="measure this grader only")
    args = parser.parse_args()
    lines, compared = [], {}
    with tempfile.TemporaryDirectory() as folder, Examiner() as examiner:
        for name in args.assignments:
            ours = _Ours(examiner, _solution(name), name, Path(folder))
            ours()  # the first one meets cold caches
            lines.append(ours.row([ours() for _ in range(args.repeat)]))
            print(lines[-1], flush=True)
        if not args.no_peers:
            compared = _compare(examiner, args, Path(folder) / "compared")
        level = examiner.level
    text = _tables(lines, compared, args, level)
    print(text)
    if not args.no_peers:
        TABLE.write_text(text)


def _all() -> list[str]:
    folders = (ROOT / "solutions").iterdir()
    return sorted(folder.name for folder in folders if _solution(folder.name).exists())


def _solution(name: str) -> Path:
    return ROOT / "solutions" / name / f"{name}.ipynb"


def _compare(examiner: Examiner, args: argparse.Namespace, folder: Path) -> dict[str, float]:
    """CPU seconds of this grader and its peers for one notebook, one after the other in turns."""
    ours = _Ours(examiner, _solution(args.peers), args.peers, folder)
    peers = _peers(_solution(args.peers), args.peers, folder)
    ours()
    rounds: dict[str, list[float]] = {}
    for _ in range(args.repeat):
        rounds.setdefault("this grader", []).append(sum(ours().cpu.values()))
        for name, run in peers.items():
            rounds.setdefault(name, []).append(run())
    return {name: statistics.median(seconds) for name, seconds in rounds.items()}


class _Ours:
    """Examine the notebook."""

    def __init__(self, examiner: Examiner, source: Path, assignment: str, folder: Path):
        self.examiner = examiner
        self.assignment = assignment
        self.path = folder / "ada" / assignment / f"{assignment}.ipynb"
        self.path.parent.mkdir(parents=True)
        self.path.write_bytes(source.read_bytes())

    def __call__(self) -> Outcome:
        outcome = self.examiner.examine(self.path, "ada", self.assignment)
        if outcome.score != outcome.max_score:
            raise SystemExit(f"the solution does not earn full points: {outcome}")
        return outcome

    def row(self, outcomes: list[Outcome]) -> str:
        """A line of the table."""
        parts = {part: [o.cpu[part] for o in outcomes] for part in outcomes[0].cpu}
        student, checks, overhead = (statistics.median(seconds) for seconds in parts.values())
        whole = statistics.median(sum(o.cpu.values()) for o in outcomes)
        wall = statistics.median(o.seconds for o in outcomes)
        exercises = outcomes[0].exercises
        count = sum(len(e.visible.results + e.hidden.results) for e in exercises)
        return (
            f"| {self.assignment} | {len(exercises)} | {count} | {student:.3f} | {checks:.3f} "
            f"| {overhead:.3f} | {max(parts['overhead']):.3f} | {whole:.3f} | {wall:.2f} |"
        )


def _peers(source: Path, assignment: str, folder: Path) -> dict[str, Callable[[], float]]:
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
        "a cold Jupyter kernel (nbclient)": lambda: _cpu(kernel, course),
        "nbgrader autograde": lambda: _cpu(autograde, course),
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


def _tables(
    lines: list[str], compared: dict[str, float], args: argparse.Namespace, level: str
) -> str:
    peers = [
        f"## Beside a kernel and nbgrader: {args.peers}",
        "",
        "| | CPU seconds, median |",
        "|---|---:|",
        *(f"| {name} | {seconds:.3f} |" for name, seconds in compared.items()),
        "",
        "The same notebook (the solution), one after the other in turns. The kernel only runs the "
        "cells; nbgrader also records.",
        "",
    ]
    text = [
        "# What grading one submission costs",
        "",
        "CPU seconds of all processes, medians; the last column is wall time.",
        "",
        "| assignment | graded exercises | checks | student's code | checks' computing | overhead "
        "| largest overhead | all | wall |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        *lines,
        "",
        "Overhead is everything else: starting, reading, transplanting, running cells, wire. The "
        "student's code is the model solution. The warm parent is started once for a batch and not "
        "counted; starting it costs about as much as one cold kernel.",
        "",
        *(peers if compared else []),
        f"`python -m benchmarks.overhead --repeat {args.repeat}`, {time.strftime('%Y-%m-%d')}, "
        f"sandbox level {level}, {os.cpu_count()} cores ({platform.machine()}), load "
        f"{os.getloadavg()[0]:.1f}. A load above the number of cores inflates all figures.",
        "",
    ]
    return "\n".join(text)


if __name__ == "__main__":
    main()
