"""Two mistakes at once: `python -m tests.trust.pairs 03_fqi`.

From the mutants of an exercise that lose points, pairs at places that lie apart are drawn, the same
ones each time. All hidden checks grade either mistake and both together, with the same seed. Both
together must not earn more than either alone; then mending one of two mistakes never costs points.

Some pairs are no two mistakes: they cancel, and make another right answer; or one takes away what
the other was about (the question it breaks, the code it stands in), and only one is left. They
stand with the reason in `tests/trust/equivalent/<assignment>.json` under "pairs":

    {"pairs": {"03_fqi/greedy": [{"mutants": ["<id>", "<id>"], "why": "minus times minus"}]}}
"""

import argparse
import itertools
import json
import os
import random
import sys
from typing import Any

from tests.trust.course import ASSIGNMENTS, TRAINS, Reference, exam_of, grade, references
from tests.trust.forks import cores, forked
from tests.trust.kept import RESULTS, Kept, exam_digest, short, write_json
from tests.trust.mutants import EQUIVALENT, function_in, limits_of, mutants_of, run, seeds_of
from tests.trust.mutate import Mutant, apart, both

PAIRS = 60  # for an exercise
PAIRS_TRAINING = 6  # where checks train

Pair = tuple[Reference, Mutant, Mutant]


def points(job: Pair) -> dict[str, Any] | None:
    """Points of either mistake and of both; runs in a process of its own."""
    reference, one, other = job
    together = both(reference.source, one, other, reference.first, reference.last)
    if not together:
        return None
    exam = exam_of(reference.exercise)
    seed = seeds_of(f"{reference.exercise} {one.id} {other.id}", 1)[0]
    earned = []
    for source in (one.source, other.source, together):
        try:
            function = function_in(reference, source)
        except Exception:
            earned.append(0.0)
            continue
        earned.append(grade(exam, function, seed).points)
    return {"earned": earned, "of": exam.points}


def pairs_of(assignment: str, exercise: str, rows: list[dict]) -> list[Pair]:
    """The pairs drawn for an exercise."""
    reference = references(assignment)[exercise]
    lost = {(row["operator"], row["id"]) for row in rows if row["status"] == "not yet"}
    found = [m for m in mutants_of(reference) if (m.operator, m.id) in lost]
    pairs = [p for p in itertools.combinations(found, 2) if apart(*p)]
    random.Random(exercise).shuffle(pairs)
    return [(reference, *p) for p in pairs[: PAIRS_TRAINING if exercise in TRAINS else PAIRS]]


def listed_pairs(assignment: str) -> set[tuple[str, frozenset[str]]]:
    """(exercise, ids of two mutants) that are no two mistakes."""
    path = EQUIVALENT / f"{assignment}.json"
    content = json.loads(path.read_text()) if path.exists() else {}
    return {
        (exercise, frozenset(row["mutants"]))
        for exercise, rows in content.get("pairs", {}).items()
        for row in rows
    }


def measure(assignment: str, workers: int = 0) -> dict[str, Any]:
    """Grade the pairs of an assignment."""
    kept = Kept(f"pairs-{assignment}")
    listed = listed_pairs(assignment)
    result: dict[str, Any] = {"exercises": {}, "listed": 0, "left": []}
    todo, found = [], []
    for exercise, rows in run(assignment, workers=workers).items():
        for job in pairs_of(assignment, exercise, rows):
            digest = short(exam_digest(exercise) + job[0].source)
            known = kept.get(_name(job), digest)
            if known is None:
                todo.append(job)
            else:
                found.append((job, known))
    if todo:
        print(f"{assignment}: {len(todo)} pairs to grade", file=sys.stderr, flush=True)
    wanted = {job[0].exercise: job[0] for job in todo}
    limits = limits_of(wanted, Kept(f"mutants-{assignment}"), workers)
    ended = forked(points, todo, lambda job: 2 * limits[job[0].exercise], workers or cores())
    for job, how, value, _ in ended:
        value = (value or {}) if how == "done" else {"stopped": how}
        kept.put(_name(job), short(exam_digest(job[0].exercise) + job[0].source), value)
        found.append((job, value))
    for job, value in found:
        if "earned" not in value:
            continue
        exercise = job[0].exercise
        result["exercises"][exercise] = result["exercises"].get(exercise, 0) + 1
        one, other, together = value["earned"]
        if together > min(one, other) + 1e-9:
            mutants = [job[1].id, job[2].id]
            if (exercise, frozenset(mutants)) in listed:
                result["listed"] += 1
                continue
            row = {"exercise": exercise, "mutants": mutants, "earned": value["earned"]}
            result["left"].append(row | {"of": value["of"]})
    return result


def _name(job: Pair) -> str:
    return f"{job[0].exercise} {job[1].operator} {job[1].id} | {job[2].operator} {job[2].id}"


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*", default=ASSIGNMENTS, metavar="ASSIGNMENT")
    parser.add_argument("--jobs", type=int, default=0, help="processes; one a core by default")
    args = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    bad = 0
    for assignment in args.assignments:
        content = measure(assignment, args.jobs)
        write_json(RESULTS / f"pairs-{assignment}.json", content)
        total = sum(content["exercises"].values())
        print(
            f"{assignment}: {total} pairs, {content['listed']} listed, "
            f"{len(content['left'])} earn more together than alone"
        )
        for row in content["left"]:
            bad += 1
            one, other, together = row["earned"]
            of = f"together {together:g} of {row['of']:g}"
            print(f"\n{row['exercise']}: {one:g} and {other:g}, {of}")
            print("\n".join(f"  {name}" for name in row["mutants"]))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
