"""The light notebook under plain nbgrader and under otter-grader, and what a command costs."""

import hashlib
import json
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from benchmarks import light
from grader.assignment import ROOT

QUIET = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
CHECK = "import numpy as np\nrng = np.random.default_rng(7)\n"


def cpu(command: list[str], folder: Path, **environment: str) -> float:
    """CPU seconds of a command and everything it starts.

    Raises:
        SystemExit: if it fails.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    path = os.pathsep.join([os.path.dirname(command[0]), os.environ.get("PATH", "")])
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **QUIET, "PATH": path, **environment},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-500:]}{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Nbgrader:
    """A course of nbgrader's own, in which everybody hands in the solution.

    Args:
        folder: for the course.
        name: of the assignment.
        notebook: its source.
        students: how many have handed in.
    """

    def __init__(self, folder: Path, name: str, notebook: bytes, students: int):
        self.folder, self.name, self.students = folder, name, students
        places = [f"source/{name}", *(f"submitted/s{i}/{name}" for i in range(students))]
        for place in places:
            (folder / place).mkdir(parents=True)
            (folder / place / f"{name}.ipynb").write_bytes(notebook)
        (folder / "nbgrader_config.py").write_text(
            'c = get_config()\nc.CourseDirectory.course_id = "b"\n'
        )
        self._run("generate_assignment", name, "--force")

    def grade(self, everybody: bool) -> float:
        """CPU seconds of one `nbgrader autograde`, for everybody or for one student."""
        return self._run("autograde", self.name, "--force", f"--student=s{'*' if everybody else 0}")

    def _run(self, *words: str) -> float:
        words = ("-m", "nbgrader", *words)
        return cpu([sys.executable, *words], self.folder, PYTHONPATH=str(ROOT))


def plain_light(course: Path) -> bytes:
    """The light notebook with asserts in its grade cells, and without `qlib`.

    Args:
        course: what `light.make_course` made.
    """
    source = course / "solutions" / light.NAME / f"{light.NAME}.ipynb"
    notebook = json.loads(source.read_bytes())
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if grade_id.startswith("test-"):
            cell["source"] = _asserts(grade_id.removeprefix("test-"))
        cell["source"] = "".join(cell["source"]).replace("from qlib import ToDo, check", "")
    return json.dumps(notebook).encode()


class Otter:
    """An otter-grader autograder, and a submission to it.

    Args:
        python: a Python that has otter-grader.
        folder: for both.
    """

    def __init__(self, python: str, folder: Path):
        self.python, self.folder = python, folder
        folder.mkdir(parents=True)
        with zipfile.ZipFile(folder / "autograder.zip", "w") as file:
            file.writestr("otter_config.json", json.dumps({"lang": "python"}))
            for name in light.EXERCISES:
                file.writestr(f"tests/{name}.py", _otter_test(name))
        cells: list[dict[str, Any]] = [
            _code('import otter\ngrader = otter.Notebook("light.ipynb")'),
            _code("import numpy as np"),
        ]
        for name, (body, _) in light.EXERCISES.items():
            cells.append(_code(f"{light.head(name)}\n    {body}"))
            cells.append(_code(f'grader.check("{name}")'))
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = {"cells": cells, "metadata": {"kernelspec": kernel}}
        notebook |= {"nbformat": 4, "nbformat_minor": 5}
        (folder / "light.ipynb").write_text(json.dumps(notebook))

    def grade(self) -> float:
        """CPU seconds of one `otter run`: what its container does for one submission."""
        words = ["run", "light.ipynb", "-a", "autograder.zip", "-o", "results", "--no-logo"]
        (self.folder / "results").mkdir(exist_ok=True)
        spent = cpu([self.python, "-m", "otter", *words], self.folder)
        found = json.loads((self.folder / "results" / "results.json").read_text())
        points = sum(test["score"] for test in found["tests"] if "score" in test)
        if points != light.POINTS * len(light.EXERCISES):
            raise SystemExit(f"otter gives {points} points: {json.dumps(found)[:2000]}")
        return spent

    def version(self) -> str:
        """Its version, or an empty string if this Python has none."""
        code = "import importlib.metadata as m; print(m.version('otter-grader'))"
        done = subprocess.run([self.python, "-c", code], capture_output=True, text=True)
        return done.stdout.strip()


def _code(source: str) -> dict[str, Any]:
    name = hashlib.sha256(source.encode()).hexdigest()[:8]
    cell = {"cell_type": "code", "id": name, "metadata": {}, "source": source}
    return cell | {"outputs": [], "execution_count": None}


def _truth(name: str) -> str:
    return f"{light.EXERCISES[name][0].removeprefix('return ')}"


def _calls(name: str) -> list[str]:
    """Lines that compare an answer with the truth on three random inputs."""
    shapes = light.EXERCISES[name][1]
    lines = []
    for _ in range(3):
        lines += [f"{v} = rng.normal(size={n})" for v, n in zip("ab", shapes, strict=False)]
        arguments = ", ".join("ab"[: len(shapes)])
        lines.append(f"assert np.allclose({name}({arguments}), {_truth(name)})")
    return lines


def _asserts(name: str) -> str:
    hidden = "\n".join(_calls(name))
    return f"{CHECK}### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"


def _otter_test(name: str) -> str:
    code = "\n".join(f">>> {line}" for line in [*CHECK.splitlines(), *_calls(name)])
    case = {"code": code, "hidden": True, "locked": False, "points": light.POINTS}
    suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": name, "points": None, "suites": [suite]}
    return f"OK_FORMAT = True\ntest = {test!r}\n"
