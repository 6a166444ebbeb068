"""Does the first message name the actual cause? `python -m tests.trust.diagnosis 03_fqi`.

Grades every recorded wrong answer with seed 1 and writes `tests/trust/diagnosis/<assignment>.json`:
the mistake, what the first check that fails says, and a verdict on it:

- `cause`: it names the actual cause, or a symptom that leaves a student only this cause;
- `symptom`: it is true, and leaves the student searching;
- `wrong`: it points to something else.

A person gives the verdict, after reading the answer, and another one the `second`, without seeing
the first and without having written any message. When a message changes other than in its numbers,
both are dropped, and somebody has to judge again.
"""

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path

from tests.trust.course import (
    ASSIGNMENTS,
    docstring,
    exam_of,
    exercise_of,
    first_failure,
    function_of,
    recorded,
    title,
    warm,
)
from tests.trust.forks import cores, forked
from tests.trust.kept import Kept, exam_digest, short, write_json

FOLDER = Path(__file__).parent / "diagnosis"
VERDICTS = ("cause", "symptom", "wrong")
READERS = ("verdict", "second")
SECONDS = 120.0
SEED = 1


def message_of(path: Path) -> str:
    """What the first check that fails says; runs in a process of its own."""
    failed = first_failure(exam_of(exercise_of(path)), function_of(path), SEED)
    return "it loses no points" if failed is None else failed.message


def rows_of(assignment: str, workers: int = 0) -> list[dict[str, str]]:
    """One row a recorded wrong answer, with the verdicts that still hold."""
    warm(assignment)
    judged = {row["answer"]: row for row in read(assignment)}
    kept = Kept(f"diagnosis-{assignment}")
    messages, todo = {}, []
    for path in recorded("wrong", assignment):
        known = kept.get(title(path), _digest(path))
        if known is None:
            todo.append(path)
        else:
            messages[path] = known
    for path, how, message, _ in forked(message_of, todo, lambda _: SECONDS, workers or cores()):
        messages[path] = message if how == "done" else how
        kept.put(title(path), _digest(path), messages[path])
    rows = []
    for path in recorded("wrong", assignment):
        mistake = docstring(path).splitlines()[0]
        row = {"answer": title(path), "mistake": mistake, "message": messages[path]}
        before = judged.get(row["answer"], {})
        if without_numbers(before.get("message", "")) != without_numbers(row["message"]):
            before = {}
        row |= {reader: before.get(reader, "") for reader in READERS}
        rows.append(row)
    return rows


def read(assignment: str) -> list[dict[str, str]]:
    """The rows as committed."""
    path = FOLDER / f"{assignment}.json"
    return json.loads(path.read_text()) if path.exists() else []


def without_numbers(text: str) -> str:
    """A message without what differs from seed to seed."""
    return re.sub(r"[-−]?\d[\d.,e+-]*", "#", text)


def _digest(path: Path) -> str:
    return short(exam_digest(exercise_of(path)) + path.read_text())


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*", default=ASSIGNMENTS, metavar="ASSIGNMENT")
    parser.add_argument("--jobs", type=int, default=0, help="processes; one a core by default")
    args = parser.parse_args()
    unjudged = 0
    for assignment in args.assignments:
        rows = rows_of(assignment, args.jobs)
        write_json(FOLDER / f"{assignment}.json", rows)
        for reader in READERS:
            counts = Counter(row[reader] for row in rows)
            unjudged += counts[""]
            said = ", ".join(f"{counts[v]} {v}" for v in VERDICTS)
            print(f"{assignment}, {reader}: {said}, {counts['']} not judged, of {len(rows)}")
    return 1 if unjudged else 0


if __name__ == "__main__":
    sys.exit(main())
