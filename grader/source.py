"""Read an assignment's text source and expand its cell tags to an nbgrader notebook.

An assignment `01_mdp` is written in `solutions/01_mdp/01_mdp.py`, in jupytext's py:percent form: a
cell starts at a line `# %%` (code) or `# %% [markdown]`, and the lines of a markdown cell start
with `# `. One tag on the cell line says what a cell is for:

| cell line                                     | what the cell is                                |
|-----------------------------------------------|-------------------------------------------------|
| `# %% [markdown]`                             | text to read                                    |
| `# %% tags=["setup"]`                         | imports: locked, runs at grading                |
| `# %% tags=["helper"]`                        | given code: locked, runs at grading             |
| `# %% tags=["experiment"]`                    | code to play with: editable, never run at       |
|                                               | grading, may fail without stopping "Run all"    |
| `# %% [markdown] tags=["task:rollout"]`       | locked text: the task, signature, shapes, hint  |
| `# %% tags=["answer:rollout"]`                | the student's cell; what stands between         |
|                                               | `### BEGIN SOLUTION` and `### END SOLUTION`     |
|                                               | becomes a stub                                  |
| `# %% tags=["test:rollout:8"]`                | locked grade cell worth 8 points; leave it      |
|                                               | empty, see below                                |
| `# %% [markdown] tags=["predict:dice"]`       | editable text for a prediction, not graded      |
| `# %% [markdown] tags=["manual:proof:6"]`     | a written answer graded by hand, 6 points, the  |
|                                               | model answer between the two solution markers;  |
|                                               | its question is a `task:proof` cell             |

Every code cell needs a tag: what runs at grading is a decision. `setup:NAME` and `helper:NAME` give
a locked cell a stable name; without one it is numbered. Exercise names are letters, digits and
underscores, and an exercise has exactly one answer cell and, after it, one test cell.

A test cell is generated. `test:rollout:8`, left empty, becomes

    check("rollout", rollout)
    ### BEGIN HIDDEN TESTS
    from grader.exams import examine

    examine("01_mdp/rollout", rollout)
    ### END HIDDEN TESTS

so the exercise has the name of the function it asks for. An exercise of 0 points gets a hidden part
only if it has a hidden check.

One cell is added before the first `setup` cell: it tells the course's `qlib` from other packages
that import by that name, and imports `ToDo` and `check`. The author's setup cell imports the rest.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

# kind of cell -> (cell type, is a name needed, are points needed)
_KINDS = {
    "setup": ("code", False, False),
    "helper": ("code", False, False),
    "experiment": ("code", False, False),
    "task": ("markdown", True, False),
    "answer": ("code", True, False),
    "test": ("code", True, True),
    "predict": ("markdown", True, False),
    "manual": ("markdown", True, True),
}
_FORMS = {
    kind: kind + ":NAME" * named + ":POINTS" * pointed
    for kind, (_, named, pointed) in _KINDS.items()
}
_LOCKED = ("setup", "helper", "task", "test")
_MARKER = re.compile(r"# %%( \[markdown\])?( tags=(?P<tags>\[.*\]))?$")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,49}$")
_POINTS = re.compile(r"\d+(\.\d+)?$")


class BuildError(Exception):
    """The sources cannot be built or released.

    Attributes:
        problems: one sentence each, naming the assignment and, where there is one, the cell.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Cell:
    """One cell of a text source.

    Attributes:
        number: its place in the source, from 1.
        kind: the first part of the tag, "" for plain text.
        name: the exercise (or other name) in the tag, "" if there is none.
        points: the points in the tag, None if there are none.
    """

    number: int
    cell_type: str
    kind: str
    name: str
    points: float | None
    source: str

    @property
    def grade_id(self) -> str | None:
        """The id nbgrader knows this cell by; None for a cell nbgrader leaves alone."""
        return f"{self.kind}-{self.name}" if self.kind in (*_LOCKED, "answer", "manual") else None

    def __str__(self) -> str:
        first = next((line for line in self.source.splitlines() if line.strip()), "empty")
        name = f"{self.grade_id}, " if self.grade_id else ""
        return f"cell {self.number} ({name}`{first.strip()[:60]}`)"


def read_source(path: Path) -> list[Cell]:
    """The cells of a text source, in order.

    Args:
        path: a py:percent file, as the module describes it.

    Raises:
        BuildError: naming every cell line and tag that is not in the form above.
    """
    try:
        import jupytext
    except ImportError:
        raise BuildError(
            ["jupytext is not installed. Install the grader's part: pip install -e '.[grader]'."]
        ) from None
    name, lines = path.stem, path.read_text(encoding="utf-8").splitlines()
    problems: list[str] = []
    tags: list[str] = []
    started = False
    for number, line in enumerate(lines, start=1):
        if re.match(r"#\s*%%", line):
            started = True
            try:
                tags.append(_tag(line.rstrip()))
            except ValueError as error:
                problems.append(f"{name}: line {number} (`{line.strip()}`) {error}")
        elif not started and line.strip() and not line.startswith("#"):
            problems.append(
                f"{name}: line {number} (`{line.strip()}`) stands before the first cell; start "
                'it with a cell line, for example `# %% tags=["setup"]`.'
            )
    if problems:
        raise BuildError(problems)
    notebook = jupytext.reads("\n".join(lines), fmt="py:percent")
    if len(notebook.cells) != len(tags):
        raise BuildError(
            [f"{name}: {len(tags)} cell lines, but jupytext reads {len(notebook.cells)} cells."]
        )

    cells: list[Cell] = []
    counts = {"setup": 0, "helper": 0}
    for number, (node, tag) in enumerate(zip(notebook.cells, tags, strict=True), start=1):
        kind, title, points = _parse(tag)
        if kind in counts and not title:
            counts[kind] += 1
            title = str(counts[kind])
        cell = Cell(number, node.cell_type, kind, title, points, node.source)
        wanted = _KINDS[kind][0] if kind else "markdown"
        if cell.cell_type != wanted and kind:
            problems.append(
                f"{name}: {cell} is a {cell.cell_type} cell, but `{kind}` belongs to a {wanted} "
                "cell."
            )
        elif cell.cell_type != wanted:
            problems.append(
                f"{name}: {cell} is a code cell without a tag. Give it `setup` or `helper` if it "
                "has to run at grading, `experiment` if not."
            )
        cells.append(cell)
    if problems:
        raise BuildError(problems)
    return cells


def _tag(line: str) -> str:
    """The one tag on a cell line, "" if there is none; ValueError for anything else."""
    match = _MARKER.match(line)
    try:
        tags = json.loads(match["tags"] or '[""]') if match else None
    except json.JSONDecodeError:
        tags = None
    if not isinstance(tags, list) or len(tags) != 1 or not isinstance(tags[0], str):
        raise ValueError('is not a cell line: write `# %%` or `# %% [markdown]`, then tags=["…"].')
    _parse(tags[0])
    return tags[0]


def _parse(tag: str) -> tuple[str, str, float | None]:
    """Kind, name and points of a tag; ValueError for an unknown one."""
    if not tag:
        return "", "", None
    kind, *rest = tag.split(":")
    if kind not in _KINDS:
        raise ValueError(f"has the unknown tag `{tag}`. Known tags: {', '.join(_FORMS.values())}.")
    _, named, pointed = _KINDS[kind]
    optional = kind in ("setup", "helper")
    if len(rest) != named + pointed and not (optional and len(rest) == 1):
        raise ValueError(f"has the tag `{tag}`, which must have the form `{_FORMS[kind]}`.")
    if rest and not _NAME.match(rest[0]):
        raise ValueError(
            f"has the tag `{tag}`: a name is a letter, then up to 49 letters, digits, underscores."
        )
    if pointed and not _POINTS.match(rest[1]):
        raise ValueError(f"has the tag `{tag}`: points are a number such as 8 or 2.5.")
    return kind, rest[0] if rest else "", float(rest[1]) if pointed else None
