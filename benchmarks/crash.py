"""Kill the grader at random moments, and look whether every student still gets the right grade.

    python -m benchmarks.crash [--kills 50] [--students 24] [--seed 0]

A class hands in the light notebook (`benchmarks/light.py`); a person gives grades and comments by
hand. Then, again and again: some students hand in something new, `grade` is started and killed with
SIGKILL at a random moment: the grader itself, one worker, one of the sandboxed processes, or
everything at once. Nothing may be left running after the grader is dead. One more run must complete
the class. Looked at then: exactly one submission and one grade a cell and student, with the right
points, in nbgrader's gradebook; the same in the tables; a page, an executed notebook and an outcome
for everybody; manual grades and comments as they were; SQLite's own check; no half-written file.

Every kill before which the run had ended is made up for by another one. The grader is started as a
fork of this process, which has imported everything: so more of the moments lie in its work. Writes
`benchmarks/crash.md`.
"""

import argparse
import contextlib
import csv
import json
import os
import random
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import light
from benchmarks.forked import Forked
from benchmarks.peers import QUIET
from benchmarks.processes import command_of, descendants, started
from grader.__main__ import main as grader

TABLE = Path(__file__).with_suffix(".md")
VICTIMS = ("grader", "worker", "sandboxed process", "everything")
BY_HAND = 5  # every so manyth student has a manual grade
GONE = 10.0  # seconds for everything to end after the grader was killed


@dataclass
class Class:
    """A class, its output folder and what is right.

    Attributes:
        folder: for everything.
        course: what `light.make_course` made.
        jobs: workers.
        right: student -> which answers are right, one bit an exercise.
        by_hand: student -> manual score of the written answer.
    """

    folder: Path
    course: Path
    jobs: int = 2
    right: dict[str, int] = field(default_factory=dict)
    by_hand: dict[str, float] = field(default_factory=dict)
    edition: int = 0

    def hand_in(self, student: str, rng: random.Random) -> None:
        """The student hands in something new."""
        self.edition += 1
        self.right[student] = rng.randrange(64)
        content = light.submission(self.course, self.right[student], self.edition)
        light.hand_in(self.folder / "in", student, content)

    def start(self) -> Forked:
        """Start grading."""
        words = ["grade", str(self.folder / "in"), "--out", str(self.out), "--quiet"]
        words += ["--jobs", str(self.jobs), "--json", str(self.folder / "out.json")]
        words += ["--root", str(self.course), "--examiner", "benchmarks.light:examining"]
        mark = {"QCOURSE_CRASH": str(self.folder)}
        return Forked(words, self.folder / "log", grader, **QUIET, **mark)

    @property
    def out(self) -> Path:
        """The output folder."""
        return self.folder / "out"

    def recorded(self) -> int:
        """How many submissions are recorded to the end."""
        return len(list(self.out.glob("outcomes/*/*.recorded")))

    def grade_by_hand(self) -> None:
        """What a person does in formgrader: scores and comments for some students."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.out / 'gradebook.db'}", "q-learning-course") as gradebook:
            for number, student in enumerate(sorted(self.right)):
                if number % BY_HAND == 0:
                    place = (light.NAME, light.NAME, student)
                    grade = gradebook.find_grade("manual-why", *place)
                    grade.manual_score = self.by_hand[student] = 0.5 * (number % 6)
                    grade.needs_manual_grade = False
                    comment = gradebook.find_comment("manual-why", *place)
                    comment.manual_comment = f"Dear {student}, fine."
            gradebook.db.commit()

    def problems(self) -> list[str]:
        """What is not as it must be; empty when all is well."""
        found = list(self._in_gradebook())
        wanted = {s: light.score(bits) + self.by_hand.get(s, 0) for s, bits in self.right.items()}
        with open(self.out / "grades.csv", newline="") as file:
            rows = [(row["student_id"], float(row["score"])) for row in csv.DictReader(file)]
        if sorted(rows) != sorted(wanted.items()):
            found.append(f"grades.csv: {sorted(set(rows) ^ set(wanted.items()))}")
        results = json.loads((self.folder / "out.json").read_text())["results"]
        if sorted((r["student"], r["score"]) for r in results) != sorted(
            (s, light.score(bits)) for s, bits in self.right.items()
        ):
            found.append("the JSON differs")
        for student in self.right:
            for path in (
                self.out / "feedback" / student / f"{light.NAME}.html",
                self.out / "autograded" / student / light.NAME / f"{light.NAME}.ipynb",
                self.out / "outcomes" / light.NAME / f"{student}.json",
            ):
                if not path.is_file() or not path.stat().st_size:
                    found.append(f"{path} is not there")
        found += [f"left over: {path}" for path in self.out.rglob("*.part")]
        return found

    def _in_gradebook(self):
        with contextlib.closing(sqlite3.connect(self.out / "gradebook.db")) as base:
            if base.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                yield "SQLite finds damage"
            submissions = Counter(
                name for (name,) in base.execute("SELECT student_id FROM submitted_assignment")
            )
            if submissions != Counter(dict.fromkeys(self.right, 1)):
                yield f"submissions: {submissions}"
            where = (
                "JOIN base_cell c ON c.id = x.cell_id "
                "JOIN submitted_notebook n ON n.id = x.notebook_id "
                "JOIN submitted_assignment s ON s.id = n.assignment_id"
            )
            comments = base.execute(
                f"SELECT s.student_id, c.name, x.manual_comment FROM comment x {where} "
                "WHERE x.manual_comment IS NOT NULL"
            ).fetchall()
            rows = base.execute(
                f"SELECT s.student_id, c.name, x.auto_score, x.manual_score FROM grade x {where}"
            ).fetchall()
        wanted = set()
        for student, bits in self.right.items():
            for k, name in enumerate(light.EXERCISES):
                points = light.POINTS if bits >> k & 1 else 0.0
                wanted.add((student, f"test-{name}", points, None))
            wanted.add((student, "manual-why", None, self.by_hand.get(student)))
        if len(rows) != len(wanted) or set(rows) != wanted:
            yield f"grades: {sorted(map(str, set(rows) ^ wanted))[:6]}"
        told = {(student, "manual-why", f"Dear {student}, fine.") for student in self.by_hand}
        if len(comments) != len(told) or set(comments) != told:
            yield f"comments: {sorted(map(str, set(comments) ^ told))[:6]}"


def main() -> None:
    """Kill, look, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--students", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    import nbgrader.converters
    import nbgrader.preprocessors  # noqa: F401 (what every run would import)

    with tempfile.TemporaryDirectory(prefix="crash-") as name:
        folder = Path(name)
        course = Class(folder, light.make_course(folder / "course"), args.jobs)
        for i in range(args.students):
            course.hand_in(f"s{i:02d}", rng)
        if course.start().wait():
            raise SystemExit((folder / "log").read_text())
        course.grade_by_hand()
        rows, usual = [], 8.0
        while len(rows) < args.kills:
            row, usual = trial(course, rng, VICTIMS[len(rows) % len(VICTIMS)], usual)
            if row:
                rows.append(row)
                print(len(rows), row, flush=True)
        said = (folder / "log").read_text()
        tracebacks = said.count("Traceback") + said.count("GRADER FAULT")
        if tracebacks:
            print(said[-6000:])
    text = table(rows, args, tracebacks)
    print(text)
    TABLE.write_text(text)


def trial(course: Class, rng: random.Random, victim: str, usual: float) -> tuple[dict, float]:
    """One kill and one more run.

    Args:
        course: the class.
        rng: decides.
        victim: what is killed.
        usual: seconds that a run takes.

    Returns:
        A row of the table, empty if the run had ended before; seconds that a run takes now.
    """
    for student in rng.sample(sorted(course.right), k=len(course.right) // 2):
        course.hand_in(student, rng)
    before = course.recorded()
    began = time.monotonic()
    process = course.start()
    moment = rng.uniform(0.0, 1.1 * usual)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(moment)
    below = {pid: started(pid) for pid in descendants(process.pid)[1:]}
    killed = kill(process, victim, rng)
    process.wait()
    left = wait_for_end(course.folder, below)
    stopped = time.monotonic() - began
    died = process.returncode == -signal.SIGKILL
    again = time.monotonic()
    code = course.start().wait()
    usual = 0.7 * usual + 0.3 * (time.monotonic() - again + (stopped if died else 0.0))
    problems = [*course.problems(), *left, *([f"exit code {code}"] if code else [])]
    if not killed and not problems:
        return {}, usual
    row = {"victim": victim, "moment": round(moment, 1), "run died": died}
    return row | {"recorded before": before, "problems": problems}, usual


def kill(process: Forked, victim: str, rng: random.Random) -> bool:
    """Kill with SIGKILL; whether there was something to kill."""
    if process.poll() is not None:
        return False
    below = descendants(process.pid)[1:]
    inside = [pid for pid in below if "grader.child" not in command_of(pid)]
    workers = [pid for pid in below if "grader.child" in command_of(pid)]
    chosen = {
        "grader": [process.pid],
        "worker": rng.sample(workers, 1) if workers else [],
        "sandboxed process": rng.sample(inside, 1) if inside else [],
        "everything": [*reversed(below), process.pid],
    }[victim] or [process.pid]
    for pid in chosen:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return True


def wait_for_end(folder: Path, below: dict[int, str]) -> list[str]:
    """Wait until no process of the run is left; those that stay.

    Args:
        folder: of the class; the grader's own processes have it in their environment.
        below: processes that were there at the moment of the kill, and when each was started.
    """
    deadline = time.monotonic() + GONE
    mark = f"QCOURSE_CRASH={folder}".encode()
    while True:
        left = [pid for pid, since in below.items() if since and started(pid) == since]
        for name in os.listdir("/proc"):
            with contextlib.suppress(OSError):
                if name.isdigit() and mark in Path(f"/proc/{name}/environ").read_bytes():
                    left.append(int(name))
        if not left or time.monotonic() > deadline:
            return [f"still running: {command_of(pid)[:80]!r}" for pid in set(left)]
        time.sleep(0.05)


def table(rows: list[dict], args: argparse.Namespace, tracebacks: int) -> str:
    """The page as markdown."""
    lines = [
        f"# {len(rows)} kills over a class of {args.students}\n",
        "| killed | times | of these, the run died | students lost, doubled or wrong afterwards |",
        "|---|---:|---:|---:|",
    ]
    for victim in VICTIMS:
        mine = [row for row in rows if row["victim"] == victim]
        died = sum(row["run died"] for row in mine)
        lines.append(
            f"| {victim} | {len(mine)} | {died} | {sum(len(row['problems']) for row in mine)} |"
        )
    problems = [problem for row in rows for problem in row["problems"]]
    moments = sorted(row["moment"] for row in rows)
    lines += [
        "",
        f"SIGKILL at a random moment, {moments[0]:.1f} to {moments[-1]:.1f} s after the start, "
        "half of the class having handed in something new each time; then one more run, after "
        "which everything named at the top of `benchmarks/crash.py` is looked at. Where no worker "
        "or sandboxed process was there yet, the grader was killed. A run survives the loss of a "
        "worker: it starts another. "
        f"{tracebacks} tracebacks or faults were printed by all runs together. "
        f"`python -m benchmarks.crash --kills {args.kills} --students {args.students} --seed "
        f"{args.seed}`, {time.strftime('%Y-%m-%d')}.",
        "",
        *(f"- {problem}" for problem in problems),
    ]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    main()
