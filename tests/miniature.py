"""A small assignment with its exam, and submissions to it, for tests of the examiner."""

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np

from grader.assignment import Assignment
from qlib.checks import Exercise, array, close, number

NAME = "mini"


def _exercises() -> tuple[list[Exercise], list[Exercise]]:
    double = Exercise(f"{NAME}/double")
    total = Exercise(f"{NAME}/total")

    @double.check("a hand value", seconds=2)
    def hand_value(answer, rng):
        close(answer(np.array([1.0, 2.0])), [2.0, 4.0])

    @total.check("a hand value", seconds=2)
    def total_hand_value(answer, rng):
        close(answer([1.0, 2.0]), 3.0)

    exam_double = Exercise(f"{NAME}/double")
    exam_total = Exercise(f"{NAME}/total")

    @exam_double.check("fresh numbers", points=2, seconds=2)
    def fresh(answer, rng):
        x = rng.normal(size=5)
        close(answer(x), 2 * x)

    @exam_double.check("the input is left alone", points=1, seconds=2)
    def untouched(answer, rng):
        x = rng.normal(size=3)
        first, second = answer.repeat(2, x)
        close(first, 2 * x)
        close(second, 2 * x)

    @exam_double.check("float64", points=1, seconds=2)
    def shape(answer, rng):
        array(answer(rng.normal(size=4)), (4,))

    @exam_total.check("fresh numbers", points=2.5, seconds=2)
    def fresh_total(answer, rng):
        x = rng.normal(size=7)
        close(answer(x), x.sum(), what="the sum")

    @exam_total.check("nothing to add", points=0.5, seconds=2)
    def empty(answer, rng):
        if number(answer(np.zeros(0))) != 0:
            raise AssertionError

    return [double, total], [exam_double, exam_total]


def _cell(kind: str, source: str, cell_id: str, **metadata: Any) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": cell_id, "metadata": metadata, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def _graded(grade_id: str, **fields: Any) -> dict[str, Any]:
    base = {"grade": False, "locked": False, "solution": False, "task": False}
    return {"nbgrader": base | {"grade_id": grade_id, "schema_version": 3} | fields}


def _test(name: str, points: float) -> dict[str, Any]:
    source = (
        f'check("{name}", {name})\n### BEGIN HIDDEN TESTS\nfrom grader.exams import examine\n\n'
        f'examine("{NAME}/{name}", {name})  # CANARY-HIDDEN\n### END HIDDEN TESTS'
    )
    return _cell(
        "code",
        source,
        f"test-{name}",
        **_graded(f"test-{name}", grade=True, locked=True, points=points),
    )


def _answer(name: str, solution: str) -> dict[str, Any]:
    source = (
        f'def {name}(x):\n    """Docstring."""\n    ### BEGIN SOLUTION\n'
        f"    {solution}  # CANARY-SOLUTION\n    ### END SOLUTION"
    )
    return _cell("code", source, f"answer-{name}", **_graded(f"answer-{name}", solution=True))


def source_notebook() -> dict[str, Any]:
    """The assignment's source notebook, with solutions and hidden tests."""
    cells = [
        _cell("markdown", "# A miniature", "title"),
        _cell(
            "code", "import numpy as np\n\nfrom qlib import ToDo", "setup-1",
            **_graded("setup-1", locked=True),
        ),
        _cell("markdown", "Predict: ", "predict-one", tags=["predict"]),
        _cell("markdown", "Double it.", "task-double", **_graded("task-double", locked=True)),
        _answer("double", "return 2 * np.asarray(x)"),
        _test("double", 4),
        _cell("code", "print('play')", "play", tags=["experiment", "raises-exception"]),
        _cell(
            "code", "FACTOR = 3", "helper-1", **_graded("helper-1", locked=True)
        ),
        _answer("total", "return float(np.sum(x))"),
        _test("total", 3),
        _cell("markdown", "The end.", "closing"),
    ]  # fmt: skip
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "q_learning_course": {"assignment": NAME},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def assignment() -> Assignment:
    """The assignment with its checks."""
    visible, hidden = _exercises()
    return Assignment.of(
        NAME,
        source_notebook(),
        {exercise.id: exercise for exercise in visible},
        {exercise.id: exercise for exercise in hidden},
        b"mini",
    )


def released() -> dict[str, Any]:
    """What a student receives."""
    notebook = copy.deepcopy(source_notebook())
    for cell, ours in zip(notebook["cells"], assignment().cells, strict=True):
        cell["source"] = ours.released
    return notebook


DOUBLE = "def double(x):\n    return 2 * np.asarray(x)"
TOTAL = "def total(x):\n    return float(np.sum(x))"


def solved(**answers: str) -> dict[str, Any]:
    """A submission with right answers, or those given as name=source."""
    notebook = released()
    for name, source in {"double": DOUBLE, "total": TOTAL, **answers}.items():
        cell_of(notebook, f"answer-{name}")["source"] = source
    return notebook


def cell_of(notebook: dict[str, Any], cell_id: str) -> dict[str, Any]:
    """The cell with this id."""
    return next(cell for cell in notebook["cells"] if cell.get("id") == cell_id)


def index_of(notebook: dict[str, Any], cell_id: str) -> int:
    """Where the cell with this id stands."""
    return next(i for i, cell in enumerate(notebook["cells"]) if cell.get("id") == cell_id)


def code(source: str, **metadata: Any) -> dict[str, Any]:
    """A cell of the student's own, as JupyterLab makes it."""
    own_id = f"own{abs(hash(source)) % 10**9:09d}"
    return _cell("code", source, own_id, **metadata)


def with_extra(notebook: dict[str, Any], before: str, *sources: str) -> dict[str, Any]:
    """The notebook with own code cells before the cell with the id `before`."""
    at = index_of(notebook, before)
    notebook["cells"][at:at] = [code(source) for source in sources]
    return notebook


def write(folder: Path, notebook: Any, student: str = "ada") -> Path:
    """Write a submission in nbgrader's layout; its path."""
    path = folder / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(notebook, bytes):
        path.write_bytes(notebook)
    else:
        path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook))
    return path
