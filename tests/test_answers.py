"""The recorded answers of every exercise, right ones and wrong ones, against its checks.

`tests/answers/<assignment>/<exercise>/` holds one file an answer:

- `wrong_<mistake>.py`: a typical mistake. Its docstring names it and ends with a line
  `expects: <words>`; the first hidden check that fails must say these words.
- `alt_<idea>.py`: another right way, which must earn full points whatever the seed.

Answers from the sources (`solutions/`) earn full points, the release earns none and reads "To do".
"""

import os
import re

import pytest

from qlib.checks import EXERCISES, LocalCaller, Report, run_checks, visible_exercise
from tests.trust import diagnosis
from tests.trust.course import (
    ANSWERS,
    ASSIGNMENTS,
    TRAINS,
    docstring,
    exam_of,
    exercise_of,
    first_failure,
    function_of,
    grade,
    notebook,
    recorded,
    title,
)

WRONG = recorded("wrong")
ALTERNATIVES = recorded("alt")
TASKS = [(name, exercise) for name in ASSIGNMENTS for exercise in EXERCISES[name]]

MINIMUM = (3, 5)  # wrong and alternative answers an exercise
# A right answer passes with every one of them; tests.trust.versions takes fewer.
SEEDS = range(int(os.environ.get("ANSWER_SEEDS", "20")))
SOME = (1, 2, 3)  # for the reference, and for wrong answers


def look(name: str, function) -> Report:
    return run_checks(visible_exercise(name), LocalCaller({name: function}, quiet=True), 0)


def test_answers_belong_to_an_exercise():
    known = {f"{assignment}/{name}" for assignment in EXERCISES for name in EXERCISES[assignment]}
    assert {exercise_of(path) for path in WRONG + ALTERNATIVES} <= known
    assert not [p for p in ANSWERS.glob("*/*/*.py") if not p.name.startswith(("wrong_", "alt_"))]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
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
    exercise, function = exam_of(exercise_of(path)), function_of(path)
    judged = {row["answer"]: row["message"] for row in diagnosis.read(path.parts[-3])}
    for seed in SOME[: TRAINS.get(exercise.id)]:
        first = first_failure(exercise, function, seed)
        assert first is not None
        assert words[0] in first.message, first
        if seed == diagnosis.SEED and title(path) in judged:
            same = diagnosis.without_numbers(judged[title(path)])
            assert diagnosis.without_numbers(first.message) == same, (
                "nobody has judged this message: run python -m tests.trust.diagnosis"
            )
        assert "def " not in first.message
        assert "np." not in first.message


@pytest.mark.parametrize("path", ALTERNATIVES, ids=title)
def test_another_right_way_earns_full_points(path):
    exercise, function = exam_of(exercise_of(path)), function_of(path)
    seen = look(exercise.name, function)
    assert seen.passed, seen.text()
    for seed in range(TRAINS.get(exercise.id, len(SEEDS))):
        report = grade(exercise, function, seed)
        assert report.passed, report.text()
        assert report.points == report.max_points


@pytest.mark.parametrize(("assignment", "name"), TASKS)
def test_the_reference_earns_full_points(assignment, name):
    exercise = exam_of(f"{assignment}/{name}")
    function = notebook(assignment, solved=True)[name]
    seen = look(name, function)
    assert seen.passed, seen.text()
    for seed in SOME[: TRAINS.get(exercise.id)]:
        report = grade(exercise, function, seed)
        assert report.passed, report.text()
        assert report.points == exercise.points


@pytest.mark.parametrize(("assignment", "name"), TASKS)
def test_the_release_earns_nothing_and_reads_to_do(assignment, name):
    exercise = exam_of(f"{assignment}/{name}")
    function = notebook(assignment, solved=False)[name]
    for report in (look(name, function), grade(exercise, function, 1)):
        assert report.status == "to do"
        assert report.points == 0
        assert all(result.status == "to do" for result in report.results)
