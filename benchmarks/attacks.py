"""The corpus of `tests/attacks` against this grader and, as the control, plain nbgrader.

    python -m benchmarks.attacks [--jobs N] [PREFIX …]

The control shows that each attack is real: a small assignment of the same name and with the same
exercises, its hidden tests written as asserts with `np.allclose`, a reference library and one of
this course's own exams, is graded by a stock `nbgrader autograde`. Each attack has a course folder
and a container of its own, so none can harm this machine; an honest classmate is graded after it.

Writes `benchmarks/attacks.md`. Needs bubblewrap and takes about an hour with one job.
"""

import argparse
import contextlib
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.attacks import corpus, world
from tests.attacks.corpus import ASSIGNMENT, Attack

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "benchmarks/attacks.md"
COMMAND = "python -m benchmarks.attacks"
WALL = 100.0  # seconds after which a batch of three small notebooks counts as stopped
SLOW = 60.0  # seconds that it may take; without an attack it takes about 12
CELL_TIMEOUT = 15
_EXPECTED = r"/\.(cache|config)/|/\.ipython/.*(README|\.sqlite)|\.log$|left-behind\.txt$"
CONFIG = f"""\
c = get_config()
c.CourseDirectory.course_id = "control"
c.ExecutePreprocessor.timeout = {CELL_TIMEOUT}
c.ExecutePreprocessor.shutdown_kernel = "immediate"
"""
ORACLE = '''\
def total(r, gamma):
    """The reference library of the control."""
    return float(sum(gamma**t * x for t, x in enumerate(r)))
'''

SETUP = """\
import sys

import numpy as np
from numpy.testing import assert_allclose


class ToDo(NotImplementedError):
    pass


def check(name, function=None):
    return None
"""
SOLUTIONS = {
    "is_valid_mdp": "return bool(np.allclose(np.sum(P, axis=-1), 1)) and bool(np.min(P) >= 0)",
    "discounted_returns": "out, g = np.zeros(len(r)), last_value\n"
    "for t in reversed(range(len(r))):\n"
    "    g = r[t] + gamma * g\n"
    "    out[t] = g\n"
    "return out",
    "J_exact": "return float(sum(mdp['gamma'] ** t * x for t, x in enumerate(mdp['r'])))",
    "J_mc": "x = rng.normal(mdp['mean'], 1.0, n)\nreturn x.mean(), x.std() / np.sqrt(n)",
    "fix_1": "return float(sum(gamma**t * x for t, x in enumerate(r)))",
}
SIGNATURES = {
    "is_valid_mdp": "P, R, terminal",
    "discounted_returns": "r, gamma, last_value=0.0",
    "J_exact": "mdp, pi",
    "J_mc": "mdp, pi, n, rng",
    "fix_1": "r, gamma",
}
HIDDEN = {
    "is_valid_mdp": "assert not is_valid_mdp(np.ones((2, 1, 2)), np.zeros((2, 1)), [False, False])",
    "discounted_returns": """\
def _oracle(r, gamma):
    return np.array([sum(gamma**k * x for k, x in enumerate(r[t:])) for t in range(len(r))])

r = np.random.default_rng().normal(size=5)
expected = _oracle(r, 0.5)
assert np.allclose(discounted_returns(r, 0.5), _oracle(r, 0.5))""",
    "J_exact": """\
import oracle

r = list(np.random.default_rng().normal(size=6))
expected = oracle.total(r, 0.9)
got = J_exact({"r": r, "gamma": 0.9}, None)
assert not abs(got - oracle.total(r, 0.9)) > 1e-6""",
    "J_mc": """\
mean, stderr = J_mc({"mean": 5.0}, None, 1000, np.random.default_rng())
assert abs(mean - 5.0) <= 5 * stderr""",
    "fix_1": """\
from grader.exams import examine

examine("01_mdp/fix_1", fix_1)""",
}
POINTS = {name: 2 if name == "fix_1" else 10 for name in SOLUTIONS}


@dataclass
class Control:
    """How one attack went against plain nbgrader.

    Attributes:
        id: the attack.
        succeeded: what it achieved, in sentences.
        seconds: wall time of `nbgrader autograde`.
        log: the end of its log.
    """

    id: str
    succeeded: list[str] = field(default_factory=list)
    seconds: float = 0.0
    log: str = ""


# --- the control's course ------------------------------------------------------------------------


def source_notebook(secret: world.Secrets) -> dict:
    """The control's assignment, as its instructor wrote it."""
    cells = [
        _cell("markdown", "# The control"),
        _cell("code", SETUP, "setup-1", locked=True),
        _cell("code", "x = 1\nx", tags=["experiment"]),
    ]
    for name, solution in SOLUTIONS.items():
        body = "".join(f"    {line}\n" for line in solution.split("\n"))
        text = (
            f"def {name}({SIGNATURES[name]}):\n    ### BEGIN SOLUTION\n"
            f"    # {secret.canary['solution']}\n{body}    ### END SOLUTION"
        )
        cells.append(_cell("code", text, f"answer-{name}", solution=True))
        text = (
            f"{name}\n### BEGIN HIDDEN TESTS\n# {secret.canary['exam']}\n{HIDDEN[name]}\n"
            "### END HIDDEN TESTS"
        )
        graded = {"grade": True, "locked": True, "points": POINTS[name]}
        cells.append(_cell("code", text, f"test-{name}", **graded))
    return {
        "cells": cells,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(kind: str, source: str, grade_id: str = "", tags: list | None = None, **flags) -> dict:
    cell = {"cell_type": kind, "metadata": {}, "source": source}
    cell["id"] = grade_id or f"c{abs(hash(source)) % 10**8}"
    if kind == "code":
        cell |= {"outputs": [], "execution_count": None}
    if tags:
        cell["metadata"]["tags"] = tags
    if grade_id:
        given = {"grade": False, "locked": False, "solution": False, "task": False}
        given |= {"grade_id": grade_id, "schema_version": 3}
        cell["metadata"]["nbgrader"] = given | flags
    return cell


def template(work: Path, secret: world.Secrets) -> None:
    """Make a course folder with two honest students, for all attacks to be copied from."""
    course = work / "course"
    source = course / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    notebook = source_notebook(secret)
    (source / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook))
    (course / "nbgrader_config.py").write_text(CONFIG)
    for name in ("qlib", "grader"):
        shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__"))
    exam = course / f"grader/exams/nb{ASSIGNMENT}.py"
    exam.write_text(f'{exam.read_text()}\nCANARY = "{secret.canary["exam"]}"\n')
    for name in ("home", "site", "drop", "tmp"):
        (work / name).mkdir()
    (work / "site/oracle.py").write_text(ORACLE)
    log = _nbgrader(work, secret, "generate_assignment", ASSIGNMENT, "--create")
    release = json.loads((course / f"release/{ASSIGNMENT}/{ASSIGNMENT}.ipynb").read_text())
    if not release["cells"]:
        raise RuntimeError(log)
    full = json.loads(json.dumps(release))
    right = {cell["id"]: cell["source"] for cell in notebook["cells"]}
    for cell in full["cells"]:
        if corpus.answer_of(cell):
            text = right[cell["metadata"]["nbgrader"]["grade_id"]]
            cell["source"] = re.sub(r"^ *(###|# QCANARY).*\n?", "", text, flags=re.M)
    for name, nb in (("release", release), ("full", full)):
        (work / f"{name}.json").write_text(json.dumps(nb))
    for student in ("aa-honest", "zz-honest"):
        _nbgrader(
            work,
            secret,
            *("db", "student", "add", student, f"--first-name={secret.canary['gradebook']}"),
        )
        nb = json.loads(json.dumps(full))
        text = world.RESIDUE.replace("@SECRET@", secret.canary["classmate"])
        text = text.replace("@RESIDUE@", secret.canary["residue"])
        nb["cells"].insert(1, corpus.code_cell(text, "residue"))
        path = course / f"submitted/{student}/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(nb))
    (work / "canary.json").write_text(json.dumps(secret.canary))


def prepare(attack: Attack, work: Path, secret: world.Secrets) -> dict[str, str]:
    """Add the attacker to a copy of the template; the marks."""
    course = work / "course"
    marks = {
        "COURSE": str(course),
        "SOURCE": "source",
        "CLASS": str(course / "submitted"),
        "OUT": str(course),
        "HOME": str(work / "home"),
        "SITE": str(work / "site"),
        "DROP": str(work / "drop"),
        "CLASSMATE": str(course / f"submitted/zz-honest/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"),
        "NEIGHBOUR": "zz-honest",
        "NEIGHBOURFOLDER": str(course / "submitted/zz-honest"),
        "PORT": str(secret.port),
        "SOCKET": secret.run,
        "SHM": str(secret.key),
        "RUN": secret.run,
        "CANARY": corpus.CANARY,
        "MARK": "MARK" + secret.run[-8:],
        "HIDDEN": "HIDDENINPUT",
        "MEMORY": str(300 << 20),
    }
    release, full = (
        json.loads((work / f"{name}.json").read_text()) for name in ("release", "full")
    )
    corpus.hand_in(attack, course / "submitted", marks, release, full)
    return marks


def _nbgrader(work: Path, secret: world.Secrets, *words: str) -> str:
    """Run nbgrader in the control's course; its log."""
    with tempfile.TemporaryFile() as log:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "nbgrader", *words],
                cwd=work / "course",
                env=_environment(work, secret),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=WALL,
                start_new_session=True,
            )
            code = done.returncode
        except subprocess.TimeoutExpired:
            code = 124
        log.seek(0, os.SEEK_END)
        log.seek(max(log.tell() - 4000, 0))
        text = log.read().decode("utf-8", "replace")
    return f"{text}\nexit {code}"


def _environment(work: Path, secret: world.Secrets) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "HOME": str(work / "home"),
        "TMPDIR": str(work / "tmp"),
        "PYTHONPATH": f"{work / 'site'}:{work / 'course'}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "QCOURSE_SECRET": secret.canary["environment"],
    }


# --- one attack, inside a container --------------------------------------------------------------


def inside(attack: Attack, work: Path) -> Control:
    """Run one attack against plain nbgrader. Everything that it reaches is thrown away later."""
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    result = Control(attack.id)
    canary = json.loads((work / "canary.json").read_text())
    with world.Secrets(canary) as secret:
        marks = prepare(attack, work, secret)
        before = _fingerprint(work)
        secret.heard.clear()
        world._adopt_orphans(True)
        start = time.monotonic()
        result.log = _nbgrader(work, secret, "autograde", ASSIGNMENT, "--create")
        result.seconds = round(time.monotonic() - start, 1)
        found = world._left_running()
        found += [f"changed: {name}" for name, old in before.items() if _now(work, name) != old]
        found += [f"new: {name}" for name in sorted(set(_fingerprint(work)) - set(before))]
        found += [f"heard on a socket: {text!r}" for text in secret.heard]
        found += _grades(attack, attack.name(marks), work / "course")
        if result.seconds > SLOW:
            found.append(f"the batch took {result.seconds} s")
        with contextlib.suppress(RecursionError):  # folders that nobody can walk through
            found += _leaks(attack.name(marks), work, secret)
        if attack.kind in ("feedback", "files"):
            _nbgrader(work, secret, "generate_feedback", ASSIGNMENT)
            for path in (work / f"course/feedback/{attack.name(marks)}").rglob("*.html"):
                found += world.active(path.read_text(encoding="utf-8"), marks["MARK"])
    result.succeeded = found
    return result


def _fingerprint(work: Path) -> dict[str, str]:
    """What nobody should change: home, packages, course, classmates' submissions."""
    found = {}
    for top in (
        "home",
        "site",
        "course/qlib",
        "course/grader",
        "course/source",
        "course/submitted",
    ):
        for path in (work / top).rglob("*"):
            name = str(path.relative_to(work))
            if path.is_file() and not re.search(_EXPECTED, name):
                found[name] = world._digest(path)
    return found


def _now(work: Path, name: str) -> str:
    return world._digest(work / name)


def _grades(attack: Attack, student: str, course: Path) -> list[str]:
    """Points that the attacker did not earn or lost, and what happened to the classmate."""
    from nbgrader.api import Gradebook

    try:
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
            rows = {row["student"]: row for row in gradebook.submission_dicts(ASSIGNMENT)}
            cells = {
                grade.name.removeprefix("test-"): grade.score
                for submission in gradebook.assignment_submissions(ASSIGNMENT)
                if submission.student.id == student
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
    except Exception as error:
        return [f"the gradebook cannot be read: {type(error).__name__}"]
    found = []
    classmate = rows.get("zz-honest", {}).get("score")
    if classmate != sum(POINTS.values()):
        found.append(f"the classmate has {classmate} points")
    mine = rows.get(student, {}).get("score") or 0.0
    if attack.base == "release" and mine > 0:
        found.append(f"{mine} unearned points")
    if attack.base == "reference":
        for name, points in POINTS.items():
            if name not in attack.loses and cells.get(name, 0.0) != points:
                found.append(f"{name} lost points")
    return found


def _leaks(student: str, work: Path, secret: world.Secrets) -> list[str]:
    """Secrets in what the student's code showed or wrote, and in files handed back."""
    found = []
    folder = work / "course/autograded" / student / ASSIGNMENT
    for path in [*folder.rglob("*"), *(work / "drop").glob("*")]:
        if not path.is_file():
            continue
        content = path.read_bytes()
        if path.name == f"{ASSIGNMENT}.ipynb":
            try:
                cells = json.loads(content)["cells"]
            except ValueError:
                continue
            shown = [output for cell in cells for output in cell.get("outputs", ())]
            shown = [o for o in shown if o["output_type"] != "error"]  # tracebacks quote the tests
            content = json.dumps(shown).encode()
            if b"HIDDENINPUT (" in content:
                found.append("inputs of hidden calls in the outputs")
        found += [f"{kind} leaked into {path.name}" for kind in secret.found_in(content)]
    return found


def contained(attack: Attack, made: Path) -> Control:
    """`inside`, in a container of its own, on a copy of the template."""
    folder = tempfile.mkdtemp(prefix="control-")
    try:
        work = Path(folder)
        shutil.copytree(made, work, dirs_exist_ok=True)
        command = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
        command += ["--tmpfs", "/tmp", "--bind", folder, folder, "--tmpfs", "/dev/shm"]
        command += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
        command += ["--die-with-parent", "--new-session", "--chdir", str(ROOT)]
        command += [sys.executable, "-m", "benchmarks.attacks", "--inside", folder, attack.id]
        try:
            subprocess.run(command, timeout=3 * WALL, capture_output=True)
            return Control(**json.loads((work / "result.json").read_text()))
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return Control(attack.id, ["the whole container stopped"], log="no result")
    finally:  # Python's own clean-up fails at a thousand nested folders
        subprocess.run(["rm", "-rf", folder], check=False)


# --- the table -----------------------------------------------------------------------------------


def main() -> int:
    """Run both sides and write the table."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("prefix", nargs="*", help="only attacks whose id begins so; no table")
    parser.add_argument("--jobs", type=int, default=1, help="containers at a time")
    parser.add_argument("--keep", type=Path, help="file for results of the control, to go on from")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    attacks = [a for a in corpus.load() if not args.prefix or a.id.startswith(tuple(args.prefix))]
    if args.inside:
        result = inside(attacks[0], args.inside)
        (args.inside / "result.json").write_text(json.dumps(asdict(result)))
        return 0
    os.nice(10)
    done: dict[str, Control] = {}
    if args.keep and args.keep.exists():
        done = {id: Control(**entry) for id, entry in json.loads(args.keep.read_text()).items()}
    real = [attack for attack in attacks if not attack.control and attack.id not in done]
    with (
        tempfile.TemporaryDirectory(prefix="control-") as folder,
        ThreadPoolExecutor(args.jobs) as pool,
    ):
        template(Path(folder), world.Secrets())
        for result in pool.map(contained, real, [Path(folder)] * len(real)):
            done[result.id] = result
            sign = "succeeds" if result.succeeded else "fails"
            print(f"{result.id:44} {sign:9} {result.seconds:6.1f} s  {result.succeeded[:2]}")
            if args.keep:
                args.keep.write_text(json.dumps({k: asdict(v) for k, v in done.items()}))
    if args.prefix:
        return 0
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        ours = world.run(attacks, Path(folder))
    TABLE.write_text(table(attacks, done, ours))
    print(f"wrote {TABLE.relative_to(ROOT)}")
    return 0


def table(attacks: list[Attack], control: dict[str, Control], ours: world.World) -> str:
    """The results as markdown."""
    tried = Counter(attack.kind for attack in attacks)
    won = Counter(attack.kind for attack in attacks if ours.succeeded[attack.id])
    real = Counter(attack.kind for attack in attacks if attack.id in control)
    plain = Counter(a.kind for a in attacks if a.id in control and control[a.id].succeeded)
    lines = [
        "# Attacks",
        "",
        f"Made by `{COMMAND}` ({platform.system()}, Python {platform.python_version()}). The",
        "corpus is `tests/attacks/`. The control is a stock `nbgrader autograde` of a small",
        "assignment; the attacks that it was spared would only exhaust the machine, or speak this",
        "grader's own protocol.",
        "",
        "| class | tried | succeeded here | tried on nbgrader | succeeded there |",
        "|---|---:|---:|---:|---:|",
    ]
    for kind in tried:
        lines.append(f"| {kind} | {tried[kind]} | {won[kind]} | {real[kind]} | {plain[kind]} |")
    sums = [sum(counter.values()) for counter in (tried, won, real, plain)]
    lines.append("| **all** | " + " | ".join(f"**{n}**" for n in sums) + " |")
    lines += [
        "",
        f"Here: {len(ours.results)} submissions in {ours.seconds:.0f} s, "
        f"{'nothing' if not ours.trouble else '; '.join(ours.trouble[:5])} amiss with others.",
        "",
        "| attack | what it tries | here | plain nbgrader |",
        "|---|---|---|---|",
    ]
    for attack in attacks:
        if attack.id in control:
            there = _short(control[attack.id].succeeded)
        else:
            there = f"not run: {attack.control}"
        tries = attack.tries.replace("|", "\\|").replace("<", "&lt;")
        lines.append(f"| {attack.id} | {tries} | {_short(ours.succeeded[attack.id])} | {there} |")
    return "\n".join(lines) + "\n"


def _short(found: list[str]) -> str:
    """What was achieved, without paths of this machine."""
    texts = [re.sub(r"/[^\s;']*/", "…/", text)[:70] for text in found[:2]]
    return re.sub(r"[|<>`]", " ", "; ".join(texts)) or "fails"


if __name__ == "__main__":
    sys.exit(main())
