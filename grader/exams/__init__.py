"""Hidden checks, one module a notebook, and the function that grade cells call.

A module `nb<assignment>` defines `Exercise` objects whose points add up to the points of the grade
cells. Modules here import `qlib` and the check framework only.
"""

import importlib
import os
import secrets
from collections.abc import Callable

from qlib.checks import Exercise, LocalCaller, exercises_in, run_checks

SEED_VARIABLE = "QCOURSE_SEED"


def load(assignment: str) -> dict[str, Exercise]:
    """The exam of a notebook: exercise id -> hidden checks, in order.

    Raises:
        ModuleNotFoundError: if the notebook has no exam.
    """
    return exercises_in(importlib.import_module(f"grader.exams.nb{assignment}"))


def fresh_seed() -> int:
    """A seed no submission can know in advance, or the one in `QCOURSE_SEED` to replay a run."""
    given = os.environ.get(SEED_VARIABLE)
    return int(given) if given else secrets.randbits(63)


def examine(exercise_id: str, function: Callable | None = None) -> float:
    """Grade a function of this process: what a grade cell does under stock nbgrader.

    The report is shown without code or inputs of a check. The result is a built-in `float`, which
    nbgrader reads as the points earned; it reads almost anything else as full marks.

    Args:
        exercise_id: `<assignment>/<function name>`.
        function: the student's function.

    Returns:
        Points earned.
    """
    assignment, name = exercise_id.split("/")
    exercise = load(assignment)[exercise_id]
    report = run_checks(exercise, LocalCaller({name: function}, quiet=True), fresh_seed())
    from IPython.display import display

    display(report)
    return float(report.points)
