"""Expand an assignment's cells to the notebook nbgrader reads.

The tags are described in `grader.source`. Everything nbgrader keeps in cell metadata is made here,
and these cells are generated: the head cell, which tells the course's `qlib` from other packages of
that name and imports what every notebook needs; the grade cells; the last cell, which shows where a
reader stands; and, if the course has an address, links that open the notebook on Colab and Binder.
"""

import hashlib
import re
from collections.abc import Container, Iterator
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
"""

# On Colab everything that qlib needs is there or small; its own torch stays.
HEAD_WITH_ADDRESS = """\
try:
    import qlib
except ModuleNotFoundError as missing:
    import subprocess
    import sys

    if missing.name != "qlib" or "google.colab" not in sys.modules:
        raise ImportError(
            f"The Python behind this notebook has no package {{missing.name}}. Choose the kernel "
            "of the course's environment; README.md says how to set it up."
        ) from None
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    subprocess.check_call([*pip, "gymnasium", "msgpack", "rich", "scipy"])
    subprocess.check_call([*pip, "--no-deps", "git+https://github.com/{repository}"])
    import qlib
"""

HEAD_END = """\
if not hasattr(qlib, "COURSE"):
    raise ImportError(
        f"Another package called qlib was imported, from {qlib.__file__}. Uninstall or rename it, "
        "or work in the course's own environment; README.md says how to set it up."
    )
from qlib import ToDo, check"""

LINKS = """\
Open this notebook in your browser, without an installation:
[on Colab](https://colab.research.google.com/github/{repository}/blob/main/{path}) ·
[on Binder](https://mybinder.org/v2/gh/{repository}/main?labpath={path})"""

STANDING = """\
# Where you stand: the checks of this notebook, as you ran them last.
from qlib.progress import progress

progress("{assignment}")"""


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


def head_cell(repository: str = "") -> str:
    """The source of the head cell.

    Args:
        repository: `owner/name` on GitHub; with it, the cell installs `qlib` on Colab.
    """
    if repository:
        return HEAD_WITH_ADDRESS.format(repository=repository) + HEAD_END
    return HEAD + HEAD_END


def to_notebook(
    assignment: str, cells: list[Cell], hidden: Container[str], repository: str = ""
) -> Any:
    """The nbgrader source notebook of an assignment, without outputs.

    Equal sources give equal notebooks: a cell's id is its grade id, else a hash of its content.

    Args:
        assignment: name of the assignment, for example "01_mdp".
        cells: what `read_source` returned.
        hidden: names of the exercises whose test cell gets a hidden part.
        repository: `owner/name` on GitHub, if the course is there.

    Returns:
        An nbformat 4.5 notebook.
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    nodes = []
    taken: set[str] = set()
    for cell in _with_generated(assignment, cells, repository):
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


def _with_generated(assignment: str, cells: list[Cell], repository: str) -> Iterator[Cell]:
    """The cells of a source, with those around them that every notebook has."""
    first_setup = next((cell for cell in cells if cell.kind == "setup"), None)
    for cell in cells:
        if cell is first_setup:
            if repository:
                path = f"notebooks/{assignment}/{assignment}.ipynb"
                links = LINKS.format(repository=repository, path=path)
                yield Cell(0, "markdown", "", "", None, links)
            yield Cell(0, "code", "setup", "qlib", None, head_cell(repository))
        yield cell
    standing = STANDING.format(assignment=assignment)
    yield Cell(0, "code", "experiment", "", None, standing)


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
