"""Plain nbgrader, its real commands, on the course as it is: the same scores as `grader grade`.

Slow by nature (a kernel for each submission), so there are few submissions and one course for all
tests. Both sides draw fresh seeds.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from examples.make import Student, sample

ROOT = Path(__file__).resolve().parent.parent
NAME = "01_mdp"
STUDENTS = {
    "reference": Student(),
    "release": Student(default=""),
    "partial": Student(
        {"is_valid_mdp": "wrong_nan_passes", "rollout": "", "J_exact": "wrong_transposed"},
        extra={"state_dist": "import sys\nprint('a warning', file=sys.stderr)"},
    ),
}


def run(module, *line, cwd, ok=(0,)):
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    found = subprocess.run(
        [sys.executable, "-m", module, *line],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    output = found.stdout + found.stderr
    assert found.returncode in ok, f"{module} {line}\n{output[-3000:]}"
    return output


def exported(folder):
    run("nbgrader", "export", cwd=folder)
    with open(folder / "grades.csv", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course folder in which the stock commands have graded the class."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(ROOT / "solutions" / NAME, folder / "solutions" / NAME)
    for name, content in sample(STUDENTS).items():
        path = folder / "submitted" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    run("nbgrader", "generate_assignment", NAME, "--create", cwd=folder)
    run("nbgrader", "autograde", NAME, "--create", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def ours(course):
    """The same class, graded by `grader grade`."""
    line = ["grade", "submitted", "--out", "../ours", "--json", "ours.json", "--quiet"]
    run("grader", *line, cwd=course)
    return course.parent / "ours"


def test_the_release_of_nbgrader_is_the_committed_one(course):
    made = json.loads((course / "notebooks" / NAME / f"{NAME}.ipynb").read_text())
    committed = json.loads((ROOT / "notebooks" / NAME / f"{NAME}.ipynb").read_text())
    assert made == committed
    assert [path.name for path in (course / "notebooks" / NAME).iterdir()] == [f"{NAME}.ipynb"]


def test_both_give_the_same_scores(course, ours):
    stock = exported(course)
    assert stock["reference"] == 50
    assert stock["release"] == 0
    assert 0 < stock["partial"] < 50
    results = json.loads((course / "ours.json").read_text())["results"]
    assert {result["student"]: result["score"] for result in results} == stock
    assert {result["status"] for result in results} == {"graded"}


def test_nbgrader_works_on_the_folder_that_we_wrote(course, ours):
    assert exported(ours) == exported(course)
    run("nbgrader", "generate_feedback", NAME, cwd=ours)
    page = (ours / "feedback" / "partial" / NAME / f"{NAME}.html").read_text()
    assert "is_valid_mdp" in page
    assert (ours / "feedback" / "partial" / f"{NAME}.html").exists()  # ours stands beside it


def test_stock_feedback_works(course):
    run("nbgrader", "generate_feedback", NAME, cwd=course)
    assert len(list((course / "feedback").glob(f"*/{NAME}/{NAME}.html"))) == 3


def test_validate_praises_the_reference_only(course):
    def validated(student):
        path = course / "submitted" / student / NAME / f"{NAME}.ipynb"
        return run("nbgrader", "validate", str(path), cwd=course, ok=(0, 1))

    assert "Success" in validated("reference")
    assert "Success" not in validated("release")
