"""The worked example of the instructor's guide, carried out on a copy of the course."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "book" / "pages" / "instructors.md"
STEP = re.compile(
    r"<!-- file: (?P<file>\S+)(?: before: (?P<line>.*?)(?: (?P<offset>-\d))?)? -->\n"
    r"```(?:python|text)\n(?P<code>.*?)```",
    re.DOTALL,
)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of what an author edits, after the guide's steps."""
    course = tmp_path_factory.mktemp("guide") / "course"
    skip = shutil.ignore_patterns("__pycache__", "*.ipynb")
    for name in ("qlib", "grader", "solutions/01_mdp", "tests/answers/01_mdp", "tests/trust"):
        shutil.copytree(ROOT / name, course / name, ignore=skip)
    for name in (
        "tests/test_answers.py",
        "nbgrader_config.py",
        "pyproject.toml",
        "constraints.txt",
    ):
        shutil.copy(ROOT / name, course / name)
    steps = list(STEP.finditer(GUIDE.read_text(encoding="utf-8")))
    assert len(steps) == 6
    for step in steps:
        path, code = course / step["file"], step["code"]
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = path.read_text().splitlines() if path.exists() else []
        if step["line"]:
            (at,) = [i for i, line in enumerate(lines) if line == step["line"]]
            at += int(step["offset"] or 0)
            path.write_text("\n".join([*lines[:at], *code.splitlines(), "", *lines[at:]]) + "\n")
        else:
            path.write_text("\n".join([*lines, "", "", *code.splitlines()]).strip() + "\n")
    return course


def run(course, *line):
    return subprocess.run([sys.executable, "-m", *line], cwd=course, capture_output=True, text=True)


def test_the_new_exercise_is_in_the_release_without_its_solution(course):
    built = run(course, "grader", "build", "01_mdp")
    assert built.returncode == 0, built.stderr
    release = (course / "notebooks/01_mdp/01_mdp.ipynb").read_text()
    assert "def effective_horizon(gamma: float)" in release
    assert "1.0 / (1.0 - gamma)" not in release


def test_the_recorded_answers_are_judged_as_the_guide_says(course):
    pytest_here = ["pytest", "-c", "/dev/null", "--rootdir", ".", "-q", "-p", "no:cacheprovider"]
    done = run(course, *pytest_here, "tests/test_answers.py", "-k", "effective_horizon")
    assert done.returncode == 0, done.stdout
    assert re.search(r"\b4 passed", done.stdout), done.stdout
    every = "recorded_for_every_exercise and 01_mdp"
    count = run(course, *pytest_here, "tests/test_answers.py", "-k", every)
    assert count.returncode == 1
    assert "effective_horizon" in count.stdout
