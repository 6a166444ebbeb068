"""Read a notebook file as far as its checks need it, with plain JSON."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qlib.checks.index import EXERCISES

_CHECK = re.compile(r"^check\(\s*['\"](\w+)['\"]", re.MULTILINE)
_HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS$.*?^### END HIDDEN TESTS$", re.M | re.S)


class NotebookError(Exception):
    """The file is no notebook of this course; the message says why."""


@dataclass
class Notebook:
    """What a run of the visible checks needs of a notebook.

    Attributes:
        path: the file.
        cells: number (from 1, every cell counts) -> source of each code cell to run.
        checks: number of a check cell -> the exercise it checks.
        answers: number of an answer cell -> its exercise.
        points: exercise -> points of its check cell, where they are known.
        by_hand: points of the answers that a person reads.
        missing: exercises of this assignment without a check cell.
    """

    path: Path
    cells: dict[int, str] = field(default_factory=dict)
    checks: dict[int, str] = field(default_factory=dict)
    answers: dict[int, str] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    by_hand: float = 0.0
    missing: list[str] = field(default_factory=list)

    @property
    def exercises(self) -> list[str]:
        """All exercises, in order."""
        return [*dict.fromkeys(self.checks.values()), *self.missing]

    def title(self, number: int) -> str:
        """A cell as a person finds it: its number and its first line."""
        first = next((line for line in self.cells[number].splitlines() if line.strip()), "")
        return f"cell {number} (`{first.strip()[:50]}`)"


def read_notebook(path: Path) -> Notebook:
    """The code cells of a notebook without those tagged `experiment`, and its exercises.

    Raises:
        NotebookError: if the file cannot be read or is no notebook of this course.
    """
    data = _read_json(path)
    version = data.get("nbformat") if isinstance(data, dict) else None
    if version in (1, 2, 3):
        raise NotebookError(
            f"{path} has the old notebook format {version}. Open it in JupyterLab, save it, and "
            "try again."
        )
    if version != 4 or not isinstance(data.get("cells"), list):
        raise NotebookError(f"{path} is not a notebook: it has no list of cells.")
    notebook = Notebook(path)
    try:
        for number, cell in enumerate(data["cells"], start=1):
            _read_cell(notebook, number, cell)
        assignment = data.get("metadata", {}).get("q_learning_course", {}).get("assignment")
    except (AttributeError, KeyError, TypeError, ValueError):
        raise NotebookError(f"{path} is damaged: a cell is not as Jupyter writes it.") from None
    if assignment is None and not notebook.checks:
        raise NotebookError(f"{path} is not a notebook of this course: it has no `check(…)` cell.")
    known = notebook.checks.values()
    notebook.missing = [name for name in EXERCISES.get(assignment, ()) if name not in known]
    return notebook


def _read_json(path: Path) -> Any:
    if path.is_dir():
        raise NotebookError(f"{path} is a folder. Give the notebook in it, a file *.ipynb.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotebookError(f"{path} does not exist.") from None
    except OSError as error:
        raise NotebookError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise NotebookError(f"{path} is not a notebook: it is not a text file.") from None
    if not text.strip():
        raise NotebookError(f"{path} is empty.")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} is not valid JSON"
    except (ValueError, RecursionError):
        place = "it is not valid JSON"
    raise NotebookError(f"{path} is not a notebook, or it is damaged: {place}.")


def _read_cell(notebook: Notebook, number: int, cell: dict[str, Any]) -> None:
    nbgrader = cell["metadata"].get("nbgrader", {})
    if cell["cell_type"] == "markdown" and nbgrader.get("grade"):
        notebook.by_hand += float(nbgrader["points"])
    if cell["cell_type"] != "code" or "experiment" in cell["metadata"].get("tags", ()):
        return
    source = _HIDDEN.sub("", "".join(cell["source"]))
    notebook.cells[number] = source
    if nbgrader.get("solution"):
        notebook.answers[number] = str(nbgrader["grade_id"]).removeprefix("answer-")
    elif found := _CHECK.search(source):
        notebook.checks[number] = found[1]
        if nbgrader.get("grade"):
            notebook.points[found[1]] = float(nbgrader["points"])
