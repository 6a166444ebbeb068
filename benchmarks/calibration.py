"""What learning checks see over many seeds: `python -m benchmarks.calibration 08 [--seeds 32]`.

A learning check trains the answer and asks for a result. Its threshold has to separate right
answers from broken ones, with room for chance. Here the reference, recorded right answers and
recorded mistakes are trained as the check does, with many seeds each, and the table
`benchmarks/calibration_<notebook>.md` shows the results beside the thresholds, with the probability
that a right answer fails.

`benchmarks/calibration_<notebook>.py` is the notebook's part:

    CASES    name -> function: seeds -> one dict of numbers for each seed
    report   (rows of each case) -> the table as markdown

Every run is one line of JSON in `out/calibration_<notebook>.jsonl`; started again, the command goes
on where it stopped.
"""

import argparse
import importlib
import json
import sys
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Rows = dict[str, list[dict[str, float]]]


def recorded(path: Path) -> dict[tuple[str, int], dict[str, float]]:
    """The runs that are done: (case, seed) -> numbers. A line cut off by a kill is ignored."""
    done = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                run = json.loads(line)
            except json.JSONDecodeError:
                continue
            done[run["case"], run["seed"]] = run["numbers"]
    return done


def calibrate(notebook: str, n_seeds: int, only: str = "") -> Rows:
    """Train every case with every seed that is not recorded yet.

    Args:
        notebook: its number, for example "08".
        n_seeds: seeds 0 ... n_seeds - 1; what earlier calls recorded beyond is kept.
        only: part of the name of the cases to run; empty runs all.

    Returns:
        Case -> the numbers of each seed.
    """
    part = importlib.import_module(f"benchmarks.calibration_{notebook}")
    path = ROOT / "out" / f"calibration_{notebook}.jsonl"
    path.parent.mkdir(exist_ok=True)
    done = recorded(path)
    for case, train in part.CASES.items():
        missing = [seed for seed in range(n_seeds) if (case, seed) not in done]
        if not missing or only not in case:
            continue
        start = time.process_time()
        results = train(missing)
        spent = (time.process_time() - start) / len(missing)
        with path.open("a", encoding="utf-8") as file:
            for seed, numbers in zip(missing, results, strict=True):
                done[case, seed] = numbers
                file.write(json.dumps({"case": case, "seed": seed, "numbers": numbers}) + "\n")
        print(f"{case}: {len(missing)} runs, {spent:.2f} CPU s each", flush=True)
    rows: Rows = defaultdict(list)
    for (case, _seed), numbers in sorted(done.items()):
        rows[case].append(numbers)
    return {case: rows[case] for case in part.CASES if case in rows}


def main(arguments: list[str]) -> int:
    """Run, then write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", help="07 or 08")
    parser.add_argument("--seeds", type=int, default=32)
    parser.add_argument("--only", default="", help="part of the name of the cases to run")
    given = parser.parse_args(arguments)
    if not (Path(__file__).parent / f"calibration_{given.notebook}.py").exists():
        parser.error(f"there is no benchmarks/calibration_{given.notebook}.py")
    rows = calibrate(given.notebook, given.seeds, given.only)
    part = importlib.import_module(f"benchmarks.calibration_{given.notebook}")
    target = ROOT / "benchmarks" / f"calibration_{given.notebook}.md"
    target.write_text(part.report(rows).rstrip() + "\n", encoding="utf-8")
    print(f"{target.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
