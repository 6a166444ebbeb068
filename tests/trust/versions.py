"""The oldest and newest packages that `pyproject.toml` allows: `python -m tests.trust.versions`.

For each of the two an environment of its own is made in `out/trust/versions/`, installed by pip:
for `oldest` every requirement at its lower bound, for `newest` nothing pinned but torch. In it the
notebooks are built and compared with the committed ones, all references and recorded answers are
graded (right ones with 3 seeds), and the tests of the examiner, the gradebook and `qlib` run. What
happened goes into `tests/trust/results/versions.json`.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from tests.trust.course import ROOT
from tests.trust.kept import FOLDER, RESULTS, write_json

EXTRAS = ("grader", "cluster", "test")
TESTS = {
    "notebooks build as committed": ["-m", "grader", "build", "--check"],
    "references and recorded answers": ["-m", "pytest", "tests/test_answers.py"],
    "build, examine, record": [
        "-m",
        "pytest",
        *(f"tests/test_{name}.py" for name in ("build", "examine", "grade", "record", "replay")),
        *(f"tests/test_{name}.py" for name in ("nbgrader_stock", "feedback", "demo")),
    ],
    "qlib": [
        "-m",
        "pytest",
        *(f"tests/test_{name}.py" for name in ("mdp", "solve", "envs", "gym", "rollouts", "plot")),
        *(f"tests/test_{name}.py" for name in ("deep_envs", "nets", "replay_buffer", "train")),
    ],
}
_REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)(?:\[[a-z]+\])?(?P<range>.*)$")


def requirements() -> dict[str, str]:
    """Package -> the range that `pyproject.toml` allows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"]]
    for extra in EXTRAS:
        lines += project["optional-dependencies"][extra]
    matches = [_REQUIREMENT.match(line) for line in lines]
    return {match["name"]: match["range"] for match in matches}


def lower_bounds(ranges: dict[str, str]) -> list[str]:
    """The constraints that pin every package to the lowest version in its range."""
    pins = []
    for name, allowed in ranges.items():
        found = re.search(r"(?:>=|==)\s*([0-9][0-9a-z.]*)", allowed)
        if not found:
            raise ValueError(f"pyproject.toml gives no lower bound for {name}: {allowed!r}")
        pins.append(f"{name}=={found[1]}")
    return pins


def environment(which: str, folder: Path) -> Path:
    """Make the environment; the path of its Python."""
    python = folder / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    allowed = requirements()
    pins = lower_bounds(allowed) if which == "oldest" else [f"torch{allowed['torch']}"]
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(pins) + "\n")
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--constraint", str(constraints), "--editable", f".[{','.join(EXTRAS)}]"]
    subprocess.run(command, check=True, cwd=ROOT)
    return python


def installed(python: Path) -> dict[str, str]:
    """The versions of the packages that `pyproject.toml` names, as installed."""
    listed = subprocess.run(
        [str(python), "-m", "pip", "list", "--format", "json", "--disable-pip-version-check"],
        check=True,
        capture_output=True,
        text=True,
    )
    versions = {_plain(row["name"]): row["version"] for row in json.loads(listed.stdout)}
    return {name: versions[_plain(name)] for name in sorted(requirements(), key=str.lower)}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def measure(which: str, workers: int, parts: Collection[str], known: dict) -> dict[str, Any]:
    """Install, run the parts that are asked for, and say what passed; the rest is as it was."""
    python = environment(which, FOLDER / "versions" / which)
    results = dict(known)
    for title in parts:
        words = TESTS[title]
        more = ["-n", str(workers), "--dist", "loadgroup"] if "pytest" in words else []
        done = subprocess.run(
            [str(python), *words, *more],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env=os.environ | {"OMP_NUM_THREADS": "1", "ANSWER_SEEDS": "3"},
        )
        counts = re.findall(r"(\d+) (passed|failed|skipped|error)", done.stdout)
        results[title] = {"passed": done.returncode == 0} | {what: int(n) for n, what in counts}
        print(f"{which}, {title}: {results[title]}", flush=True)
        if done.returncode:
            print(done.stdout[-3000:], done.stderr[-3000:], flush=True)
    return {"python": platform.python_version(), "packages": installed(python), "results": results}


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("which", nargs="*", default=["oldest", "newest"], metavar="oldest|newest")
    parser.add_argument("--jobs", type=int, default=2, help="processes of pytest")
    parser.add_argument("--install", action="store_true", help="install only")
    parser.add_argument("--parts", nargs="+", choices=list(TESTS), default=list(TESTS))
    args = parser.parse_args()
    path = RESULTS / "versions.json"
    content = json.loads(path.read_text()) if path.exists() else {}
    for which in args.which:
        if args.install:
            environment(which, FOLDER / "versions" / which)
            continue
        known = content.get(which, {}).get("results", {})
        content[which] = measure(which, args.jobs, args.parts, known)
        write_json(path, content)
    found = [r["passed"] for one in content.values() for r in one["results"].values()]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main())
