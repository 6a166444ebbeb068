"""The course as these tools see it: reference answers, recorded answers, and their grades."""

import ast
import re
import runpy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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
)

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = ROOT / "tests/answers"
ASSIGNMENTS = [name for name in EXERCISES if (ROOT / f"solutions/{name}/{name}.py").exists()]
# Exercise -> seeds. These checks run or train networks: right answers see fewer seeds in the tests,
# and wrong ones run up to the first check that fails. benchmarks/calibration.py has many seeds.
TRAINS = {"07_dqn/train_dqn": 1, "08_sac/lecture_update": 5, "08_sac/sac_update": 1}
_SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION$.*?^ *### END SOLUTION$", re.M | re.S)
_MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")


@dataclass(frozen=True)
class Reference:
    """The answer cell of an exercise.

    Attributes:
        exercise: `<assignment>/<function>`.
        source: the cell.
        first: the line (from 1) after the marker where the solution begins.
        last: the line before the marker where the last solution of the cell ends.
    """

    exercise: str
    source: str
    first: int
    last: int


def exam_of(exercise: str) -> Exercise:
    """The hidden checks of `<assignment>/<function>`."""
    return load(exercise.split("/")[0])[exercise]


@cache
def notebook(assignment: str, solved: bool = True) -> dict:
    """What an assignment's cells define, those of the reference or those of the release."""
    names: dict = {"__name__": "notebook", "ToDo": ToDo, "check": check}
    for cell in read_source(ROOT / f"solutions/{assignment}/{assignment}.py"):
        if cell.kind in ("setup", "helper", "answer"):
            source = cell.source
            if not solved:
                source = _SOLUTION.sub(r"\1raise ToDo", source)
            exec(compile(source, f"{assignment} {cell}", "exec"), names)
    return names


@cache
def references(assignment: str) -> dict[str, Reference]:
    """The answer cells of an assignment, by exercise."""
    found = {}
    for cell in read_source(ROOT / f"solutions/{assignment}/{assignment}.py"):
        if cell.kind == "answer":
            lines = cell.source.splitlines()
            marks = [k for k, line in enumerate(lines, 1) if line.strip() in _MARKERS]
            exercise = f"{assignment}/{cell.name}"
            found[exercise] = Reference(exercise, cell.source, marks[0] + 1, marks[-1] - 1)
    return found


def recorded(kind: str, assignment: str = "*") -> list[Path]:
    """The recorded answers: `wrong` or `alt`."""
    return sorted(ANSWERS.glob(f"{assignment}/*/{kind}_*.py"))


def warm(assignment: str) -> None:
    """Load all that grading needs, so that forked processes have it already."""
    notebook(assignment)
    load(assignment)


def title(path: Path) -> str:
    """`<assignment>/<function>/<file>` of a recorded answer."""
    return "/".join([*path.parts[-3:-1], path.stem])


def exercise_of(path: Path) -> str:
    """The exercise that a recorded answer belongs to."""
    return "/".join(path.parts[-3:-1])


def function_of(path: Path) -> object:
    """The function that a recorded answer defines."""
    return runpy.run_path(str(path))[exam_of(exercise_of(path)).name]


def answer_of(exercise: str, name: str) -> object:
    """The function of an answer: "reference", or the `title` of a recorded one."""
    if name == "reference":
        return notebook(exercise.split("/")[0])[exam_of(exercise).name]
    return function_of(path_of(name))


def path_of(name: str) -> Path:
    """The recorded answer with this `title`."""
    return ANSWERS / f"{name}.py"


def docstring(path: Path) -> str:
    """What a recorded answer says of itself."""
    return ast.get_docstring(ast.parse(path.read_text())) or ""


def grade(exercise: Exercise, function: object, seed: int) -> Report:
    """All hidden checks."""
    return run_checks(exercise, LocalCaller({exercise.name: function}, quiet=True), seed)


def first_failure(exercise: Exercise, function: object, seed: int) -> CheckResult | None:
    """The first hidden check that does not pass; what comes after it is not run."""
    for one in exercise.checks:
        report = grade(Exercise(exercise.id, [one]), function, seed)
        if not report.passed:
            assert report.points < report.max_points or report.max_points == 0
            return report.results[0]
    return None
