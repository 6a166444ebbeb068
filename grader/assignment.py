"""An assignment as the examiner needs it: its notebook and its checks."""

import ast
import contextlib
import hashlib
import importlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from grader import exams
from qlib.checks import Exercise, exercises_in

ROOT = Path(__file__).resolve().parent.parent
STUB = "# your code here\nraise ToDo"

_SOLUTION = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION.*?^[ \t]*### END SOLUTION[^\n]*$", re.MULTILINE | re.DOTALL
)
_HIDDEN = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS.*?^[ \t]*### END HIDDEN TESTS[^\n]*\n?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Cell:
    """A cell of an assignment's source notebook.

    Attributes:
        data: as in the notebook, an nbformat 4 cell.
        role: `answer`, `manual`, `test`, `experiment`, `predict`, `given` (code that runs) or
            `text`.
        name: of the exercise, for answer and test cells.
    """

    data: Mapping[str, Any]
    role: str
    name: str

    @cached_property
    def released(self) -> str:
        """Its source as students received it: without solution and hidden checks."""
        source = self.data["source"]
        source = source if isinstance(source, str) else "".join(source)
        return _SOLUTION.sub(_stub, without_hidden(source))

    @property
    def id(self) -> str:
        """Its cell id."""
        return self.data.get("id", "")

    @property
    def nbgrader(self) -> dict[str, Any]:
        """Its nbgrader metadata."""
        return self.data["metadata"].get("nbgrader", {})


@dataclass(frozen=True)
class Assignment:
    """One notebook of the course.

    Attributes:
        name: for example `01_mdp`.
        cells: of the source notebook.
        metadata: of the source notebook.
        visible: name of the exercise -> visible checks.
        hidden: name of the exercise -> hidden checks.
        digest: hash of the source notebook.
    """

    name: str
    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any]
    visible: Mapping[str, Exercise]
    hidden: Mapping[str, Exercise]
    digest: str = ""

    @classmethod
    def load(cls, name: str, root: Path = ROOT) -> "Assignment":
        """Read the source notebook of an assignment and find its checks.

        Raises:
            FileNotFoundError: if it was not built.
            ModuleNotFoundError: if it has no checks.
        """
        data = (root / "solutions" / name / f"{name}.ipynb").read_bytes()
        visible = exercises_in(importlib.import_module(f"qlib.checks.nb{name}"))
        return cls.of(name, json.loads(data), visible, exams.load(name), data)

    @classmethod
    def of(
        cls,
        name: str,
        notebook: Mapping[str, Any],
        visible: Mapping[str, Exercise],
        hidden: Mapping[str, Exercise],
        data: bytes = b"",
    ) -> "Assignment":
        """An assignment from its parts; checks are given by exercise id."""
        return cls(
            name,
            tuple(_cell(cell) for cell in notebook["cells"]),
            notebook["metadata"],
            {exercise.name: exercise for exercise in visible.values()},
            {exercise.name: exercise for exercise in hidden.values()},
            hashlib.sha256(data).hexdigest(),
        )

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """The import statements of its given cells: what a warm parent can do beforehand."""
        found: dict[str, None] = {}
        for cell in self.cells:
            if cell.role == "given":
                with contextlib.suppress(SyntaxError):
                    for node in ast.walk(ast.parse(cell.data["source"])):
                        if isinstance(node, ast.Import | ast.ImportFrom):
                            found[ast.unparse(node)] = None
        if any("torch" in statement for statement in found):
            found["import torch._dynamo"] = None  # else the first optimiser imports it, for 1 CPU s
        return tuple(found)


def without_hidden(source: str) -> str:
    """A grade cell's source without its hidden part."""
    return _HIDDEN.sub("", source).rstrip("\n")


def same_text(one: str, other: str) -> bool:
    """Whether two sources are the same but for white space at the ends of lines."""
    return _trimmed(one) == _trimmed(other)


def _trimmed(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _stub(match: re.Match) -> str:
    return "\n".join(match[1] + line for line in STUB.splitlines())


def _cell(data: dict[str, Any]) -> Cell:
    if not isinstance(data["source"], str):
        data = {**data, "source": "".join(data["source"])}
    meta = data["metadata"].get("nbgrader", {})
    tags = data["metadata"].get("tags", [])
    grade_id = str(meta.get("grade_id", ""))
    kind, _, name = grade_id.partition("-")
    code = data["cell_type"] == "code"
    if meta.get("solution"):
        role = "answer" if code else "manual"
    elif meta.get("grade") and code:
        role = "test"
    elif code:
        role = "experiment" if "experiment" in tags else "given"
    else:
        role = "predict" if "predict" in tags else "text"
    if code and kind == "test" and role == "given":  # a grade cell of 0 points
        role = "test"
    return Cell(data, role, name if role in ("answer", "test", "manual") else "")
