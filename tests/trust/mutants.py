"""Grade every small mistake in the reference answers: `python -m tests.trust.mutants 03_fqi`.

A mutant is killed if it loses points. It is graded up to the first check that fails, with a seed of
its own; then once more with another seed, since a mistake that only some seeds find is found by
luck ("sometimes"). One that keeps all points is graded with three seeds.

Mutants that raise an exception, and those stopped because they take ten times the CPU time of the
reference, are counted apart: any test would notice them.

A mutant that is no mistake stands in `tests/trust/equivalent/<assignment>.json` with the reason:

    {"03_fqi/greedy_probs": [{"mutant": "<was> → <now>", "why": "ties are broken the same way"}]}
"""

import argparse
import json
import os
import sys
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

from tests.trust.course import (
    ASSIGNMENTS,
    TRAINS,
    Reference,
    exam_of,
    first_failure,
    notebook,
    references,
    warm,
)
from tests.trust.forks import cores, forked
from tests.trust.kept import RESULTS, Kept, exam_digest, short, write_json
from tests.trust.mutate import Mutant, mutants

EQUIVALENT = Path(__file__).parent / "equivalent"
SLACK, TIMES = 1.0, 10.0  # a mutant may use 1 s and ten times the CPU seconds of the reference


_VERDICTS = {
    "not yet": "killed",
    "error": "raises",
    "to do": "raises",
    "died": "raises",
    "timeout": "stopped",
    "sometimes": "sometimes",
    "passed": "survivor",
}
VERDICTS = ("killed", "raises", "stopped", "equivalent", "sometimes", "survivor")


def mutants_of(reference: Reference) -> list[Mutant]:
    """The mutants of a reference answer: mistakes within its solution."""
    return mutants(reference.source, reference.first, reference.last)


def equivalents(assignment: str) -> dict[str, dict[str, str]]:
    """Exercise -> id of a mutant that is no mistake -> why."""
    path = EQUIVALENT / f"{assignment}.json"
    content = json.loads(path.read_text()) if path.exists() else {}
    return {
        exercise: {row["mutant"]: row["why"] for row in rows}
        for exercise, rows in content.items()
        if exercise != "pairs"
    }


def seeds_of(name: str, number: int) -> list[int]:
    """Seeds that belong to a name."""
    return [zlib.crc32(f"{name} {k}".encode()) for k in range(number)]


def function_in(reference: Reference, source: str) -> Any:
    """The function that a cell defines, beside the notebook's other definitions."""
    names = dict(notebook(reference.exercise.split("/")[0]))
    exec(compile(source, "mutant", "exec"), names)
    return names[reference.exercise.split("/")[1]]


def outcome(job: tuple[Reference, str, str]) -> dict[str, Any]:
    """Grade one mutant; runs in a process of its own."""
    reference, name, source = job
    exam = exam_of(reference.exercise)
    try:
        function = function_in(reference, source)
    except Exception as error:
        return {"status": "error", "message": type(error).__name__}
    seeds = seeds_of(reference.exercise + name, 3)
    found = None
    for k, seed in enumerate(seeds[:1] if reference.exercise in TRAINS else seeds):
        failed = first_failure(exam, function, seed)
        if failed is None and found is None:
            continue
        if k and (failed is None) != (found is None):
            return {"status": "sometimes", **_said(found or failed)}
        if found is not None:
            break
        found = failed
    return {"status": found.status, **_said(found)} if found else {"status": "passed"}


def _said(result: Any) -> dict[str, str]:
    return {"check": result.title, "message": (result.cause or result.symptom)[:200]}


def run(assignment: str, only: str = "", workers: int = 0) -> dict[str, list[dict]]:
    """Grade all mutants of an assignment; exercise -> one row a mutant."""
    warm(assignment)
    kept = Kept(f"mutants-{assignment}")
    todo, rows = [], {}
    for exercise, reference in references(assignment).items():
        if only and not exercise.endswith(f"/{only}"):
            continue
        digest = short(exam_digest(exercise) + reference.source)
        rows[exercise] = []
        for mutant in mutants_of(reference):
            row = {"id": mutant.id, "operator": mutant.operator}
            rows[exercise].append(row)
            name = f"{exercise} {mutant.operator} {mutant.id}"
            known = kept.get(name, digest)
            if known:
                row |= known
            else:
                todo.append((row, name, digest, (reference, mutant.id, mutant.source)))
    limits = limits_of({job[0].exercise: job[0] for *_, job in todo}, kept, workers)
    if todo:
        print(f"{assignment}: {len(todo)} mutants to grade", file=sys.stderr, flush=True)
    by_job = {id(job): rest for *rest, job in todo}
    jobs = [job for *_, job in todo]
    ended = forked(outcome, jobs, lambda job: limits[job[0].exercise], workers or cores())
    for number, (job, how, result, _) in enumerate(ended, start=1):
        row, name, digest = by_job[id(job)]
        row |= result if how == "done" else {"status": how}
        kept.put(name, digest, {k: v for k, v in row.items() if k not in ("id", "operator")})
        if number % 200 == 0:
            print(f"  {number} of {len(jobs)}", file=sys.stderr, flush=True)
    return rows


def limits_of(wanted: dict[str, Reference], kept: Kept, workers: int) -> dict[str, float]:
    """CPU seconds for a mutant of each exercise; the reference is graded to find out.

    Args:
        wanted: exercise -> its reference.
        kept: where the seconds of the references are, or will be.
        workers: processes at a time.
    """
    limits, todo = {}, []
    for exercise, reference in wanted.items():
        known = kept.get(f"{exercise} seconds", exam_digest(exercise) + short(reference.source))
        if known:
            limits[exercise] = SLACK + TIMES * known
        else:
            todo.append((reference, "reference", reference.source))
    for job, how, result, spent in forked(outcome, todo, lambda _: 600.0, workers or cores()):
        exercise = job[0].exercise
        if how != "done" or result["status"] != "passed":
            raise SystemExit(f"the reference of {exercise} loses points: {how} {result}")
        limits[exercise] = SLACK + TIMES * spent
        digest = exam_digest(exercise) + short(job[0].source)
        kept.put(f"{exercise} seconds", digest, round(spent, 3))
    return limits


def verdict(row: dict, equivalent: dict[str, str]) -> str:
    """One of `VERDICTS`."""
    if row["status"] in ("passed", "sometimes") and row["id"] in equivalent:
        return "equivalent"
    return _VERDICTS[row["status"]]


def summary(assignment: str, rows: dict[str, list[dict]]) -> dict[str, Any]:
    """What is committed: counts by exercise and operator, and everything that is not killed."""
    known = equivalents(assignment)
    exercises, operators, left, unused = {}, {}, [], []
    for exercise, found in rows.items():
        verdicts = [verdict(row, known.get(exercise, {})) for row in found]
        exercises[exercise] = dict(sorted(Counter(verdicts).items()))
        for row, what in zip(found, verdicts, strict=True):
            operators.setdefault(row["operator"], Counter())[what] += 1
            if what in ("survivor", "sometimes"):
                left.append({"exercise": exercise, "mutant": row["id"], "verdict": what})
        spared = {r["id"] for r in found if r["status"] in ("passed", "sometimes")}
        unused += [f"{exercise}: {name}" for name in known.get(exercise, {}) if name not in spared]
    return {
        "exercises": exercises,
        "operators": {name: dict(sorted(c.items())) for name, c in sorted(operators.items())},
        "left": left,
        "named but killed": unused,
        "references": {e: short(references(assignment)[e].source) for e in rows},
    }


def score(counts: dict[str, int]) -> float:
    """Killed mutants, of those that are mistakes and run to an end."""
    right = counts.get("killed", 0)
    total = right + counts.get("survivor", 0) + counts.get("sometimes", 0)
    return right / total if total else 1.0


def show(assignment: str, content: dict[str, Any], rows: dict[str, list[dict]]) -> None:
    """Print the counts and what is left."""
    print(f"{'exercise':40}" + "".join(f"{c:>11}" for c in VERDICTS) + f"{'score':>9}")
    total: Counter = Counter()
    for exercise, counts in content["exercises"].items():
        total.update(counts)
        numbers = "".join(f"{counts.get(c, 0):11}" for c in VERDICTS)
        print(f"{exercise:40}{numbers}{score(counts):9.3f}")
    numbers = "".join(f"{total.get(c, 0):11}" for c in VERDICTS)
    print(f"{assignment:40}{numbers}{score(total):9.3f}")
    by_id = {(e, row["id"]): row for e, found in rows.items() for row in found}
    for row in content["left"]:
        more = by_id[row["exercise"], row["mutant"]]
        print(f"\n{row['verdict']} · {row['exercise']} · {more['operator']}")
        was, _, now = row["mutant"].partition(" → ")
        print(f"  - {was}\n  + {now}")
        if "check" in more:
            print(f"  found sometimes by “{more['check']}”: {more['message']}")
    for name in content["named but killed"]:
        print(f"\nnamed as equivalent, but it loses points or is not there: {name}")


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*", default=ASSIGNMENTS, metavar="ASSIGNMENT")
    parser.add_argument("--exercise", default="", help="only this one; nothing is written")
    parser.add_argument("--jobs", type=int, default=0, help="processes; one a core by default")
    args = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    bad = 0
    for assignment in args.assignments:
        rows = run(assignment, args.exercise, args.jobs)
        content = summary(assignment, rows)
        show(assignment, content, rows)
        bad += len(content["left"])
        if not args.exercise:
            write_json(RESULTS / f"mutants-{assignment}.json", content)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
