"""Checks: `check("rollout", rollout)` in a notebook says what is right and what is not yet."""

import importlib
import os
from collections.abc import Callable
from types import ModuleType

from qlib.checks.compare import array, as_array, close, matches, number, show, within_sigmas
from qlib.checks.exercise import Answer, Check, Exercise, run_checks
from qlib.checks.failure import AnswerError, Failed, ToDo
from qlib.checks.index import EXERCISES, assignment_of
from qlib.checks.local import LocalCaller
from qlib.checks.report import CheckResult, Report

__all__ = [
    "EXERCISES",
    "Answer",
    "AnswerError",
    "Check",
    "CheckFailed",
    "CheckResult",
    "Exercise",
    "Failed",
    "LocalCaller",
    "Report",
    "ToDo",
    "array",
    "as_array",
    "assignment_of",
    "check",
    "close",
    "exercises_in",
    "latest",
    "matches",
    "number",
    "run",
    "run_checks",
    "show",
    "visible_exercise",
    "within_sigmas",
]

VISIBLE_SEED = 0

latest: dict[str, str] = {}  # exercise id -> status of the last report that this process showed


class CheckFailed(AssertionError):  # noqa: N818 (the name a student reads)
    """A visible check did not pass while nbgrader validates the notebook."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


def exercises_in(module: ModuleType) -> dict[str, Exercise]:
    """The `Exercise` objects that a module defines: id -> exercise, in order."""
    found = (value for value in vars(module).values() if isinstance(value, Exercise))
    return {exercise.id: exercise for exercise in found}


def visible_exercise(name: str) -> Exercise:
    """The visible checks of the function `name`.

    Raises:
        KeyError: with a sentence, if there is no such exercise.
    """
    assignment = assignment_of(name)
    module = importlib.import_module(f"qlib.checks.nb{assignment}")
    return exercises_in(module)[f"{assignment}/{name}"]


def run(name: str, function: Callable | None) -> Report:
    """Run the visible checks of one exercise on a function of this process."""
    exercise = visible_exercise(name)
    return run_checks(exercise, LocalCaller({name: function}), VISIBLE_SEED, stop_early=True)


def check(name: str, function: Callable | None = None) -> None:
    """Run the visible checks of one exercise and show the report below the cell.

    They catch crashes, wrong shapes and one hand value. Hidden checks decide the grade.

    Args:
        name: the exercise, for example `"rollout"`.
        function: your function.

    Raises:
        CheckFailed: only while nbgrader validates the notebook, if a check does not pass.
    """
    report = run(name, function)
    latest[report.id] = report.status
    from IPython.display import display

    display(report)
    if os.environ.get("NBGRADER_EXECUTION") == "validate" and not report.passed:
        raise CheckFailed(report.text())
