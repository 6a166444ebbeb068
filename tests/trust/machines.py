"""Does a grade depend on the processor? `python -m tests.trust.machines 03_fqi`.

Libraries choose their arithmetic by what a processor can do, so that the last digits differ from
machine to machine. Every recorded answer and every reference is graded twice with the same seed:
as the libraries choose here, and with all that newer x86-64 processors have added switched off in
NumPy, OpenBLAS, torch and MKL. The verdict of each check must be the same; what is not is listed in
`tests/trust/results/machines-<assignment>.json`, with the fingerprint of some arithmetic that shows
whether the two differ at all.

Of the exercises whose checks train networks only right answers are compared.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from typing import Any

import numpy as np

from tests.trust.course import (
    ASSIGNMENTS,
    TRAINS,
    answer_of,
    exam_of,
    exercise_of,
    grade,
    recorded,
    references,
    title,
    warm,
)
from tests.trust.forks import cores, forked
from tests.trust.kept import FOLDER, RESULTS, write_json

SEED = 1
SECONDS = 300.0
KINDS = ("this", "plain")


def plain() -> dict[str, str]:
    """Environment variables that switch newer instructions off."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    features = [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]
    return {
        "NPY_DISABLE_CPU_FEATURES": " ".join(features),
        "OPENBLAS_CORETYPE": "Nehalem",
        "ATEN_CPU_CAPABILITY": "default",
        "MKL_CBWR": "COMPATIBLE",
    }


def fingerprint() -> dict[str, str]:
    """A hash of the same arithmetic in NumPy and in torch."""
    import torch

    rng = np.random.default_rng(0)
    a, b = rng.random((2, 200, 200))
    x, y = torch.tensor(a, dtype=torch.float32), torch.tensor(b, dtype=torch.float32)
    found = {
        "numpy": [a @ b, np.linalg.solve(a, b), np.exp(a).sum(axis=0)],
        "torch": [(x @ y).numpy(), torch.softmax(x, dim=1).numpy(), x.exp().sum(dim=0).numpy()],
    }
    return {
        name: hashlib.sha256(b"".join(map(np.ndarray.tobytes, arrays))).hexdigest()[:12]
        for name, arrays in found.items()
    }


def statuses(job: tuple[str, str]) -> list[str]:
    """Status of each hidden check; runs in a process of its own."""
    exercise, name = job
    report = grade(exam_of(exercise), answer_of(exercise, name), SEED)
    return [result.status for result in report.results]


def graded(assignment: str, workers: int) -> dict[str, Any]:
    """Every answer's statuses as this process calculates, and its fingerprint."""
    warm(assignment)
    jobs = [(exercise, "reference") for exercise in references(assignment)]
    jobs += [(exercise_of(p), title(p)) for p in recorded("alt", assignment)]
    wrong = [(exercise_of(p), title(p)) for p in recorded("wrong", assignment)]
    jobs += [job for job in wrong if job[0] not in TRAINS]
    found = {}
    for job, how, result, _ in forked(statuses, jobs, lambda _: SECONDS, workers):
        exercise, name = job
        found[f"{exercise} reference" if name == "reference" else name] = (
            result if how == "done" else [how]
        )
    return {"fingerprint": fingerprint(), "statuses": dict(sorted(found.items()))}


def measure(assignment: str, workers: int) -> dict[str, Any]:
    """Grade under both kinds of arithmetic and compare."""
    found = {}
    for kind in KINDS:
        command = [sys.executable, "-m", "tests.trust.machines", assignment]
        more = {"OMP_NUM_THREADS": "1"} | (plain() if kind == "plain" else {})
        subprocess.run(
            [*command, "--as", kind, "--jobs", str(workers)], check=True, env=os.environ | more
        )
        found[kind] = json.loads((FOLDER / f"machines-{assignment}-{kind}.json").read_text())
    here, there = (found[kind]["statuses"] for kind in KINDS)
    return {
        "answers": len(here),
        "checks": sum(map(len, here.values())),
        "arithmetic differs": {
            name: found["this"]["fingerprint"][name] != found["plain"]["fingerprint"][name]
            for name in found["this"]["fingerprint"]
        },
        "verdict differs": sorted(name for name in here if here[name] != there.get(name)),
    }


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*", default=ASSIGNMENTS, metavar="ASSIGNMENT")
    parser.add_argument("--jobs", type=int, default=0, help="processes; one a core by default")
    parser.add_argument("--as", dest="kind", choices=KINDS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    workers = args.jobs or cores()
    bad = 0
    for assignment in args.assignments:
        if args.kind:
            content = graded(assignment, workers)
            write_json(FOLDER / f"machines-{assignment}-{args.kind}.json", content)
            continue
        content = measure(assignment, workers)
        write_json(RESULTS / f"machines-{assignment}.json", content)
        bad += len(content["verdict differs"])
        print(f"{assignment}: {content}", flush=True)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
