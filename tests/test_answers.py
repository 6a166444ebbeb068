"""The recorded answers of every exercise, right ones and wrong ones, against its checks.

`tests/answers/<assignment>/<exercise>/` holds one file an answer:

- `wrong_<mistake>.py`: a typical mistake. Its docstring names it and ends with a line
  `expects: <words>`; the first hidden check that fails must say these words.
- `alt_<idea>.py`: another right way, which must earn full points whatever the seed.

Answers from the sources (`solutions/`) earn full points, the release earns none and reads "To do".
"""

import ast
import re
import runpy
from functools import cache
from pathlib import Path

import pytest

from grader.exams import load
from grader.source import read_source
from qlib.checks import (
    EXERCISES,
    CheckResult,
    Exercise,
    LocalCaller,
    Report,
    ToDo,
    check,
    run_checks,
    visible_exercise,
)

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = Path(__file__).resolve().parent / "answers"
WRONG = sorted(ANSWERS.glob("*/*/wrong_*.py"))
ALTERNATIVES = sorted(ANSWERS.glob("*/*/alt_*.py"))
WITH_SOURCE = [name for name in EXERCISES if (ROOT / f"solutions/{name}/{name}.py").exists()]
TASKS = [(name, exercise) for name in WITH_SOURCE for exercise in EXERCISES[name]]

MINIMUM = (3, 5)  # wrong and alternative answers an exercise
SEEDS = range(20)  # a right answer passes with every one of them
SOME = (1, 2, 3)  # for the reference, and for wrong answers
# Exercise -> seeds. These checks run or train networks: right answers see fewer seeds, and wrong
# ones run up to the first check that fails. benchmarks/calibration.py has many seeds of both.
TRAINS = {"07_dqn/train_dqn": 1, "08_sac/lecture_update": 5, "08_sac/sac_update": 1}
_SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION$.*?^ *### END SOLUTION$", re.M | re.S)


def title(path: Path) -> str:
    return "/".join([*path.parts[-3:-1], path.stem])


def exam_of(path: Path):
    assignment, exercise = path.parts[-3:-1]
    return load(assignment)[f"{assignment}/{exercise}"]


def grade(exercise, function, seed: int) -> Report:
    return run_checks(exercise, LocalCaller({exercise.name: function}, quiet=True), seed)


def first_failure(exercise, function, seed: int) -> CheckResult | None:
    """The first hidden check that does not pass; what comes after it is not run."""
    for one in exercise.checks:
        report = grade(Exercise(exercise.id, [one]), function, seed)
        if not report.passed:
            assert report.points < report.max_points or report.max_points == 0
            return report.results[0]
    return None


def look(name: str, function) -> Report:
    return run_checks(visible_exercise(name), LocalCaller({name: function}, quiet=True), 0)


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text())) or ""


@cache
def notebook(assignment: str, solved: bool) -> dict:
    """What an assignment's cells define, those of the reference or those of the release."""
    names: dict = {"__name__": "notebook", "ToDo": ToDo, "check": check}
    for cell in read_source(ROOT / f"solutions/{assignment}/{assignment}.py"):
        if cell.kind in ("setup", "helper", "answer"):
            source = cell.source
            if not solved:
                source = _SOLUTION.sub(r"\1raise ToDo", source)
            exec(compile(source, f"{assignment} {cell}", "exec"), names)
    return names


def test_answers_belong_to_an_exercise():
    known = {f"{assignment}/{name}" for assignment in EXERCISES for name in EXERCISES[assignment]}
    assert {"/".join(path.parts[-3:-1]) for path in WRONG + ALTERNATIVES} <= known
    assert not [p for p in ANSWERS.glob("*/*/*.py") if not p.name.startswith(("wrong_", "alt_"))]


@pytest.mark.parametrize("assignment", WITH_SOURCE)
def test_answers_are_recorded_for_every_exercise(assignment):
    wrong, right = MINIMUM
    for exercise in EXERCISES[assignment]:
        folder = ANSWERS / assignment / exercise
        assert len(list(folder.glob("wrong_*.py"))) >= wrong, folder
        assert len(list(folder.glob("alt_*.py"))) >= right, folder


@pytest.mark.parametrize("path", WRONG, ids=title)
def test_a_wrong_answer_loses_points_with_its_own_message(path):
    words = re.findall(r"^expects: (.+)$", docstring(path), re.M)
    assert len(words) == 1, "the docstring needs one line `expects: <words>`"
    exercise = exam_of(path)
    function = runpy.run_path(str(path))[exercise.name]
    for seed in SOME[: TRAINS.get(exercise.id)]:
        first = first_failure(exercise, function, seed)
        assert first is not None
        assert words[0] in first.message, first
        assert "def " not in first.message
        assert "np." not in first.message


@pytest.mark.parametrize("path", ALTERNATIVES, ids=title)
def test_another_right_way_earns_full_points(path):
    exercise = exam_of(path)
    function = runpy.run_path(str(path))[exercise.name]
    seen = look(exercise.name, function)
    assert seen.passed, seen.text()
    for seed in range(TRAINS.get(exercise.id, len(SEEDS))):
        report = grade(exercise, function, seed)
        assert report.passed, report.text()
        assert report.points == report.max_points


@pytest.mark.parametrize(("assignment", "name"), TASKS)
def test_the_reference_earns_full_points(assignment, name):
    exercise = load(assignment)[f"{assignment}/{name}"]
    function = notebook(assignment, solved=True)[name]
    seen = look(name, function)
    assert seen.passed, seen.text()
    for seed in SOME[: TRAINS.get(exercise.id)]:
        report = grade(exercise, function, seed)
        assert report.passed, report.text()
        assert report.points == exercise.points


@pytest.mark.parametrize(("assignment", "name"), TASKS)
def test_the_release_earns_nothing_and_reads_to_do(assignment, name):
    exercise = load(assignment)[f"{assignment}/{name}"]
    function = notebook(assignment, solved=False)[name]
    for report in (look(name, function), grade(exercise, function, 1)):
        assert report.status == "to do"
        assert report.points == 0
        assert all(result.status == "to do" for result in report.results)
