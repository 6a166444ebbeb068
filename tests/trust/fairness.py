"""Does a right answer ever lose points? `python -m tests.trust.fairness 03_fqi`.

Every recorded alternative is graded with 50 seeds, the reference with many (`--reference`, by
default 2,000 for a tabular notebook, 200 for a deep one). Seeds are numbered, so a run goes on
where one has stopped (`--minutes` says when), and a check that has changed is measured anew from
the first seed. The results say how many seeds there were.
"""

import argparse
import itertools
import math
import os
import sys
import time
from typing import Any

from tests.trust.course import (
    ASSIGNMENTS,
    answer_of,
    exam_of,
    exercise_of,
    grade,
    path_of,
    recorded,
    references,
    title,
    warm,
)
from tests.trust.forks import cores, forked
from tests.trust.kept import RESULTS, Kept, exam_digest, short, write_json

SEEDS = 50
REFERENCE = {False: 2000, True: 200}  # is it a deep notebook?
DEEP = ("06_parametric_q", "07_dqn", "08_sac")
AT_ONCE = 10  # seeds in one process, before it is known how long one takes
BLOCK = 20.0  # CPU seconds of one process, about
SECONDS = 900.0

Job = tuple[str, str, int, int]  # exercise, "reference" or the recorded answer, first seed, end


def lost(job: Job) -> list[tuple[int, str]]:
    """(seed, message) for each grading that loses points; runs in a process of its own."""
    exercise, name, first, end = job
    exam, function, found = exam_of(exercise), answer_of(exercise, name), []
    for seed in range(first, end):
        report = grade(exam, function, seed)
        if not report.passed or report.points != report.max_points:
            message = next(r.message for r in report.results if r.status != "passed")
            found.append((seed, message[:300]))
    return found


def measure(
    assignment: str, number: int, workers: int = 0, minutes: float = math.inf
) -> dict[str, Any]:
    """Grade the right answers of an assignment.

    Args:
        assignment: which.
        number: seeds for the reference.
        workers: processes; one a core by default.
        minutes: after so many, no further block begins.
    """
    until = time.monotonic() + 60 * minutes
    warm(assignment)
    kept = Kept(f"fairness-{assignment}")
    wanted = [(exercise, "reference", number) for exercise in references(assignment)]
    wanted += [(exercise_of(p), title(p), SEEDS) for p in recorded("alt", assignment)]
    state: dict[tuple[str, str], dict] = {}
    for exercise, name, _ in wanted:
        known = kept.get(
            name if name != "reference" else f"{exercise} {name}", _digest(exercise, name)
        )
        state[exercise, name] = known or {"runs": 0, "lost": [], "seconds": 0.0}
    while True:
        jobs = []
        for exercise, name, end in wanted:
            known = state[exercise, name]
            if known["runs"] < end:
                some = AT_ONCE
                if known["runs"]:
                    some = int(BLOCK / max(known["seconds"] / known["runs"], 1e-4))
                first = known["runs"]
                jobs.append((exercise, name, first, min(end, first + max(1, min(some, 500)))))
        if not jobs or time.monotonic() > until:
            break
        print(f"{assignment}: {len(jobs)} blocks", file=sys.stderr, flush=True)
        in_time = itertools.takewhile(lambda _: time.monotonic() <= until, jobs)
        for job, how, found, spent in forked(lost, in_time, lambda _: SECONDS, workers or cores()):
            exercise, name, first, end = job
            if how != "done":
                found = [(first, how)]
            known = state[exercise, name]
            known["runs"] = end
            known["lost"] += found
            known["seconds"] = round(known["seconds"] + spent, 3)
            kept.put(_key(exercise, name), _digest(exercise, name), known)
    rows: dict[str, Any] = {}
    for exercise, name, end in wanted:
        known = state[exercise, name]
        row = rows.setdefault(exercise, {"reference": {}, "alternatives": 0, "runs": 0, "lost": []})
        if name == "reference":
            row["reference"] = {"runs": known["runs"], "lost": len(known["lost"])}
        else:
            row["alternatives"] += 1
            row["runs"] += min(known["runs"], end)
        row["lost"] += [{"answer": name, "seed": s, "message": m} for s, m in known["lost"]]
    return rows


def _key(exercise: str, name: str) -> str:
    return f"{exercise} reference" if name == "reference" else name


def _digest(exercise: str, name: str) -> str:
    if name == "reference":
        source = references(exercise.split("/")[0])[exercise].source
    else:
        source = path_of(name).read_text()
    return short(exam_digest(exercise) + source)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*", default=ASSIGNMENTS, metavar="ASSIGNMENT")
    parser.add_argument("--reference", type=int, default=0, help="seeds for the reference")
    parser.add_argument("--jobs", type=int, default=0, help="processes; one a core by default")
    parser.add_argument("--minutes", type=float, default=math.inf, help="for each notebook")
    args = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    bad = 0
    for assignment in args.assignments:
        number = args.reference or REFERENCE[assignment in DEEP]
        rows = measure(assignment, number, args.jobs, args.minutes)
        write_json(RESULTS / f"fairness-{assignment}.json", rows)
        lost_ = [row | {"exercise": e} for e, r in rows.items() for row in r["lost"]]
        runs = sum(r["reference"]["runs"] for r in rows.values())
        others = sum(r["runs"] for r in rows.values())
        different = sum(r["alternatives"] for r in rows.values())
        print(
            f"{assignment}: {runs} gradings of {len(rows)} references, {others} of {different} "
            f"alternatives, {len(lost_)} lost points"
        )
        for row in lost_:
            bad += 1
            print(f"  {row['exercise']} {row['answer']}, seed {row['seed']}: {row['message']}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
