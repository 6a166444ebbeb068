"""The notebook that nbgrader reads grades from and shows to the instructor."""

import copy
import re
from pathlib import Path
from typing import Any

from grader.neutral import neutralise, neutralise_markdown
from grader.outcome import ExerciseOutcome, Outcome


class RecordError(Exception):
    """An outcome does not fit its assignment, or may not be recorded: a fault of the grader."""


def autograded(outcome: Outcome, given: Any, release: Path) -> Any:
    """The executed notebook of an outcome, harmless, with reports and points in its grade cells.

    Args:
        outcome: what the examination found. If it has no notebook, the unanswered one is used,
            with the outcome's sentence on top.
        given: the assignment's own notebook: locked cells and points come from it.
        release: the unanswered notebook.

    Raises:
        RecordError: if the outcome does not fit the assignment.
    """
    import nbformat

    if outcome.notebook is None:
        notebook = nbformat.read(release, as_version=4)
        message = neutralise_markdown(outcome.message)
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(message))
    else:
        notebook = copy.deepcopy(outcome.notebook)
    for cell in notebook["cells"]:
        neutralise(cell)
    notebook = nbformat.from_dict(notebook)
    notebook.metadata = copy.deepcopy(given.metadata)
    _fill(notebook, outcome, given)
    return notebook


def graded_cells(given: Any) -> dict[str, float]:
    """Grade id -> points of an assignment's own notebook, in order."""
    metas = (cell.metadata.get("nbgrader", {}) for cell in given.cells)
    return {meta["grade_id"]: float(meta["points"]) for meta in metas if meta.get("grade")}


def _fill(notebook: Any, outcome: Outcome, given: Any) -> None:
    """Restore locked cells, and put reports and points into the grade cells."""
    from nbformat.v4 import new_output

    exercises = {exercise.id: exercise for exercise in outcome.exercises}
    left = graded_cells(given)
    metas = ((cell, cell.metadata.get("nbgrader", {})) for cell in given.cells)
    locked = {meta["grade_id"]: cell.source for cell, meta in metas if meta.get("locked")}
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        cell.source = locked.get(grade_id, cell.source)
        worth = left.pop(grade_id, None)
        if worth is None or not grade_id.startswith("test-"):
            continue
        name = grade_id.removeprefix("test-")
        exercise = exercises.get(f"{outcome.assignment}/{name}")
        points = _points(exercise, worth, outcome)
        cell.outputs = [new_output("execute_result", {"text/plain": repr(points)})]
        cell.outputs[0].execution_count = cell.execution_count = None
        for report in (exercise.hidden, exercise.visible) if exercise else ():
            if report.results:
                data = {"text/plain": report.text(), "text/html": _unfolded(report.html())}
                cell.outputs.insert(0, new_output("display_data", data))
    if left:
        raise RecordError(f"The executed notebook lacks {', '.join(left)}.")


def _unfolded(html: str) -> str:
    """A report without folds: formgrader shows their tags as text."""
    return re.sub(
        r"<details[^>]*><summary[^>]*>([^<]*)</summary><div>(.*?)</div></details>",
        r"<div><em>\1:</em> \2</div>",
        html,
        flags=re.DOTALL,
    )


def _points(exercise: ExerciseOutcome | None, worth: float, outcome: Outcome) -> float:
    """The points of one grade cell, as nbgrader must read them."""
    if exercise is None:
        if worth and outcome.status in ("graded", "tampered"):
            raise RecordError("An exercise is missing from the outcome.")
        return 0.0
    if abs(exercise.max_points - worth) > 1e-6:
        raise RecordError(
            f"{exercise.id} is worth {worth:g} points in the notebook and "
            f"{exercise.max_points:g} in the exam. Run: python -m grader build"
        )
    return float(min(max(exercise.points, 0.0), worth))
