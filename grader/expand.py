"""Expand an assignment's cells to the notebook nbgrader reads.

The tags are described in `grader.source`. Everything nbgrader keeps in cell metadata is made here,
and two kinds of cell are generated: the head cell, which tells the course's `qlib` from other
packages of that name and imports what every notebook needs, and the grade cells.
"""

import hashlib
import re
from collections.abc import Container
from dataclasses import replace
from typing import Any

from grader.source import Cell

# What a test compares with the prose (tests/test_numbers.py); of no use to a reader.
_NUMBERS = re.compile(r"\s*<!-- numbers:.*?-->", re.DOTALL)

HEAD = """\
try:
    import qlib
except ModuleNotFoundError as missing:
    raise ImportError(
        f"The Python behind this notebook has no package {missing.name}. Choose the kernel of the "
        "course's environment; README.md says how to set it up."
    ) from None
if not hasattr(qlib, "COURSE"):
    raise ImportError(
        f"Another package called qlib was imported, from {qlib.__file__}. Uninstall or rename it, "
        "or work in the course's own environment; README.md says how to set it up."
    )
from qlib import ToDo, check"""


def grade_cell(assignment: str, name: str, hidden: bool) -> str:
    """The source of a test cell.

    Args:
        assignment: name of the assignment.
        name: name of the exercise, and of the function that answers it.
        hidden: whether there is a hidden part.
    """
    visible = f'check("{name}", {name})'
    if not hidden:
        return visible
    return f"""\
{visible}
### BEGIN HIDDEN TESTS
from grader.exams import examine

examine("{assignment}/{name}", {name})
### END HIDDEN TESTS"""


def to_notebook(assignment: str, cells: list[Cell], hidden: Container[str]) -> Any:
    """The nbgrader source notebook of an assignment, without outputs.

    Equal sources give equal notebooks: a cell's id is its grade id, else a hash of its content.

    Args:
        assignment: name of the assignment, for example "01_mdp".
        cells: what `read_source` returned.
        hidden: names of the exercises whose test cell gets a hidden part.

    Returns:
        An nbformat 4.5 notebook.
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    first_setup = next((cell for cell in cells if cell.kind == "setup"), None)
    nodes = []
    taken: set[str] = set()
    for cell in cells:
        if cell is first_setup:
            nodes.append(_node(new_code_cell, Cell(0, "code", "setup", "qlib", None, HEAD), taken))
        if cell.kind == "test":
            cell = replace(cell, source=grade_cell(assignment, cell.name, cell.name in hidden))
        if cell.cell_type == "markdown":
            cell = replace(cell, source=_NUMBERS.sub("", cell.source))
        new = new_code_cell if cell.cell_type == "code" else new_markdown_cell
        nodes.append(_node(new, cell, taken))
    return new_notebook(
        cells=nodes,
        metadata={
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
            "q_learning_course": {"assignment": assignment},
        },
    )


def _node(new: Any, cell: Cell, taken: set[str]) -> Any:
    """One notebook cell with its metadata and an id not yet in `taken`."""
    metadata: dict[str, Any] = {}
    if cell.kind == "experiment":
        metadata["tags"] = ["experiment", "raises-exception"]
    elif cell.kind == "predict":
        metadata["tags"] = ["predict"]
    elif cell.grade_id:
        solution = cell.kind in ("answer", "manual")
        metadata["nbgrader"] = {
            "grade": cell.points is not None,
            "grade_id": cell.grade_id,
            "locked": not solution,
            "schema_version": 3,
            "solution": solution,
            "task": False,
        }
        if cell.points is not None:
            points = int(cell.points) if cell.points.is_integer() else cell.points
            metadata["nbgrader"]["points"] = points
    if cell.grade_id == "setup-qlib":  # nothing to learn from: folded in JupyterLab
        metadata["jupyter"] = {"source_hidden": True}
    digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
    stem = cell.grade_id or (f"predict-{cell.name}" if cell.kind == "predict" else digest)
    cell_id, copies = stem, 1
    while cell_id in taken:
        copies += 1
        cell_id = f"{stem}-{copies}"
    taken.add(cell_id)
    return new(cell.source, id=cell_id, metadata=metadata)
