"""What a class costs: CPU seconds a submission, wall time, memory, and what 100,000 would cost.

    python -m benchmarks.throughput [--parts overhead wall memory] [--otter PYTHON]

- overhead: the light notebook (`benchmarks/light.py`) with this grader, without and with recording,
  with plain nbgrader and with otter-grader, in one run. The peers' notebooks have the same answers
  and as many checks, and import numpy only. nbgrader and this grader are given a class in one
  command, and what an additional submission costs is stated: their start is not counted. `otter
  run` is what otter's container runs for each submission, so it is counted whole.
- wall: a class that handed in the solution of `--assignment`, in one `grade --jobs`.
- memory: the light notebook for a large class; resident memory of every process, once a second.

otter-grader is taken from this Python, or from another environment: `python -m venv v &&
v/bin/pip install otter-grader==7.0.0 numpy ipykernel`, then `--otter v/bin/python`.

Each part replaces its figures in `benchmarks/throughput.json`, from which `throughput.md` is made.
"""

import argparse
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import light, peers
from benchmarks.processes import Watch
from benchmarks.throughput_table import table
from grader import batch as batches
from grader import worker
from grader.assignment import ROOT
from grader.collect import Submission
from grader.examine import Examiner
from grader.outcome import Outcome
from grader.run_log import RunLog
from grader.store import Store

TABLE = Path(__file__).with_suffix(".md")
FIGURES = Path(__file__).with_suffix(".json")


def main() -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parts: dict[str, Callable] = {"overhead": overhead, "wall": wall, "memory": memory}
    parser.add_argument("--parts", nargs="+", choices=parts, default=list(parts))
    parser.add_argument("--otter", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--assignment", default="03_fqi")
    parser.add_argument("--submissions", type=int, default=200, help="of part wall")
    parser.add_argument("--class-size", type=int, default=1000, help="of part memory")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    args = parser.parse_args()
    figures = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    for name in args.parts:
        with tempfile.TemporaryDirectory(prefix="throughput-") as folder:
            began = os.getloadavg()[0]
            found = parts[name](args, Path(folder))
        figures[name] = found | {
            "date": time.strftime("%Y-%m-%d"),
            "machine": f"{os.cpu_count()} cores ({platform.machine()})",
            "load": [round(began, 1), round(os.getloadavg()[0], 1)],
        }
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
        TABLE.write_text(table(figures))
    print(table(figures))


def overhead(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """CPU seconds that one more submission of the light notebook costs."""
    course = light.make_course(folder / "course")
    plain = peers.Nbgrader(folder / "nbgrader", light.NAME, peers.plain_light(course), 4)
    otter = peers.Otter(args.otter, folder / "otter")
    version = otter.version()
    rounds: dict[str, list[float]] = {}
    for number in range(args.repeat):
        one, all_of_them = plain.grade(everybody=False), plain.grade(everybody=True)
        outcome, found = _examined(course, folder / f"examined{number}", 60)
        found |= {
            "recording": _recorded(course, folder / f"recorded{number}", outcome, 60),
            "nbgrader": (all_of_them - one) / (plain.students - 1),
            "nbgrader, a command each": one,
        }
        if version:
            found["otter"] = otter.grade()
        for name, seconds in found.items():
            rounds.setdefault(name, []).append(seconds)
        print(found, flush=True)
    medians = {name: round(statistics.median(values), 4) for name, values in rounds.items()}
    return {"seconds": medians, "repeat": args.repeat, "otter": version}


def _examined(course: Path, folder: Path, n: int) -> tuple[Outcome, dict[str, float]]:
    """An outcome, and the CPU seconds of all that one takes, by part; medians."""
    light.register()
    path = light.hand_in(folder, "ada", light.submission(course))
    with Examiner(root=course) as examiner:
        examiner.examine(path, "ada", light.NAME)  # the first one meets cold caches
        outcomes = [examiner.examine(path, "ada", light.NAME) for _ in range(n)]
    if {outcome.score for outcome in outcomes} != {light.score(63)}:
        raise SystemExit(f"the solution does not earn full points: {outcomes[0]}")
    parts = outcomes[0].cpu
    return outcomes[0], {p: statistics.median(o.cpu[p] for o in outcomes) for p in parts}


def _recorded(course: Path, folder: Path, outcome: Outcome, n: int) -> float:
    """CPU seconds of recording one more submission and writing its page; median."""
    store = Store(folder / "out", folder / "in")
    jobs, moments = [], []
    for i in range(n):
        path = light.hand_in(folder / "in", f"s{i:04d}", light.submission(course))
        submission = Submission(f"s{i:04d}", light.NAME, path)
        store.save(replace(outcome, student=submission.id), submission.id)
        jobs.append(worker.Job(submission, {}, store.path(light.NAME, submission.id)))
    batch = batches.Batch(todo=jobs)
    with RunLog(folder / "out", ["benchmark"]) as log:
        examined = ((job, "graded") for job in jobs)
        tell = lambda status: moments.append(time.process_time())  # noqa: E731
        batches.run(batch, store, course, examined, tell, log=log)
    if batch.faults:
        raise SystemExit(f"recording failed: {batch.faults[0]}")
    return statistics.median(b - a for a, b in itertools.pairwise(moments))


def _command(course: Path, folder: Path, jobs: int) -> list[str]:
    words = [sys.executable, "-m", "grader", "grade", str(folder / "in"), "--quiet"]
    words += ["--out", str(folder / "out"), "--jobs", str(jobs)]
    if course != ROOT:
        words += ["--root", str(course), "--examiner", "benchmarks.light:examining"]
    return words


def wall(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Wall time of a class that handed in the solution."""
    name = args.assignment
    content = (ROOT / "solutions" / name / f"{name}.ipynb").read_bytes()
    for i in range(args.submissions):
        path = folder / "in" / f"s{i:04d}" / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    plain = peers.Nbgrader(folder / "nbgrader", name, content, 2)
    theirs = -plain.grade(everybody=False) + plain.grade(everybody=True)
    command = _command(ROOT, folder, args.jobs)
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **peers.QUIET})
    with Watch(process.pid, folder / "out", every=0.5) as watch:
        if process.wait():
            raise SystemExit("grade failed")
    seconds = time.monotonic() - began
    sums = {"student": 0.0, "checks": 0.0, "overhead": 0.0}
    size = 0
    for path in (folder / "out" / "outcomes" / name).glob("*.json"):
        outcome = Outcome.from_json(path.read_text())
        size += path.stat().st_size
        if outcome.score != outcome.max_score:
            raise SystemExit(f"the solution does not earn full points: {path}")
        for part in sums:
            sums[part] += outcome.cpu[part]
    writer = watch.rows[-1]["writer CPU s"] if watch.rows else 0.0
    return {
        "assignment": name,
        "submissions": args.submissions,
        "jobs": args.jobs,
        "wall": round(seconds, 2),
        "writer": round(writer, 2),
        "nbgrader": round(theirs, 2),
        "bytes in": len(content),
        "bytes out": size // args.submissions,
        **{part: round(value, 2) for part, value in sums.items()},
    }


def memory(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Resident memory and CPU seconds of the processes while a large class is graded."""
    course = light.make_course(folder / "course")
    for i in range(args.class_size):
        light.hand_in(folder / "in", f"s{i:05d}", light.submission(course, right=i % 64))
    process = subprocess.Popen(
        _command(course, folder, args.jobs), cwd=ROOT, env={**os.environ, **peers.QUIET}
    )
    with Watch(process.pid, folder / "out", every=1.0) as watch:
        if process.wait():
            raise SystemExit("grade failed")
    paths = sorted((folder / "out" / "outcomes" / light.NAME).glob("*.json"))
    spent = [sum(Outcome.from_json(path.read_text()).cpu.values()) for path in paths]
    tenth = max(len(spent) // 10, 1)
    return {
        "class": args.class_size,
        "jobs": args.jobs,
        "rows": watch.at(tenth, "recorded"),
        "examiners": [row for row in watch.at(tenth, "examined") if row["worker MiB"]],
        "first and last": [
            round(statistics.mean(part), 4) for part in (spent[:tenth], spent[-tenth:])
        ],
    }


if __name__ == "__main__":
    main()
