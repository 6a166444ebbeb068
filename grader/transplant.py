"""Put a student's answers into the assignment: don't trust a submission, transplant from it.

From a submission only these are used: the sources of the answer cells, and the student's own cells
at their place between the assignment's cells. Everything else (checks, given code, points, order,
metadata) comes from the assignment, so changing it in the submission changes nothing.

A submitted cell is recognised by its nbgrader id, else by its cell id, else by its source, and an
answer cell at last by the function that it defines (some tools throw ids away).

If an answer cell is there more than once, all copies run where they stand, as they would in
Jupyter, and the last copy before the exercise's grade cell is the answer. Copies that are still the
empty stub count for nothing as long as there is another.
"""

import ast
import re
from dataclasses import dataclass, field
from typing import Any

from grader.assignment import Assignment, Cell, same_text, without_hidden
from grader.submission import Submission, SubmittedCell

_META = ("grade", "locked", "points", "solution", "task")


class WrongAssignment(Exception):  # noqa: N818 (a finding, not an error)
    """A notebook, but not of this assignment; the text is a sentence for the student."""


@dataclass
class Step:
    """One cell of the notebook to execute.

    Attributes:
        role: as in `Cell`, or `extra` for a cell of the student's own, or `quiet` for definitions
            that run without being shown.
        kind: `code` or `markdown`.
        source: to show.
        run: to execute; None where nothing runs.
        cell: the assignment's cell, or None.
        name: the exercise of an answer or test cell.
        attachments: images of a text cell.
    """

    role: str
    kind: str
    source: str
    run: str | None = None
    cell: Cell | None = None
    name: str = ""
    attachments: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """How a sentence names the cell."""
        if self.role == "answer":
            return f"the answer cell of `{self.name}`"
        first = next((line.strip() for line in self.source.splitlines() if line.strip()), "")
        return f"the cell that begins with `{first[:50]}`" if first else "an empty cell"


@dataclass
class Plan:
    """What to execute, and what was not used.

    Attributes:
        steps: in order.
        ignored: sentences.
        missing: exercises without an answer cell.
        tampered: whether something that decides about points had been changed.
    """

    steps: list[Step] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    tampered: bool = False


def transplant(assignment: Assignment, submission: Submission) -> Plan:
    """The notebook to execute.

    Raises:
        WrongAssignment: if the submission holds none of this assignment's answer cells.
    """
    homes = _recognise(assignment, submission)
    plan = Plan()
    of_cell: dict[int, list[int]] = {}  # the assignment's cell -> the submitted ones
    for i, home in homes.items():
        of_cell.setdefault(home, []).append(i)
    answers = [k for k, cell in enumerate(assignment.cells) if cell.role == "answer"]
    other = submission.assignment not in ("", assignment.name)
    if answers and (other or not any(k in of_cell for k in answers)):
        named = f" It says that it is `{submission.assignment[:40]}`." if other else ""
        raise WrongAssignment(
            f"This is not the notebook `{assignment.name}`: none of its answer cells is in it."
            if not other
            else f"This is not the notebook `{assignment.name}`.{named}"
        )
    chosen = {k: _choose(assignment, submission, k, of_cell) for k in of_cell}
    extras = _extras(assignment, submission, homes, chosen, plan)
    plan.steps += extras.get(-1, [])
    for k, cell in enumerate(assignment.cells):
        submitted = submission.cells[chosen[k]] if k in chosen else None
        plan.steps += _steps(cell, submitted, plan)
        plan.steps += extras.get(k, [])
    return plan


def _recognise(assignment: Assignment, submission: Submission) -> dict[int, int]:
    """Index of a submitted cell -> index of the assignment's cell that it is a copy of."""
    cells = assignment.cells
    by_grade_id = {cell.nbgrader["grade_id"]: k for k, cell in enumerate(cells) if cell.nbgrader}
    by_id = {cell.id: k for k, cell in enumerate(cells) if cell.id}
    homes: dict[int, int] = {}
    for i, cell in enumerate(submission.cells):
        k = by_grade_id.get(cell.grade_id, by_id.get(cell.id))
        if k is not None:
            homes[i] = k
    found = set(homes.values())
    for k, cell in enumerate(cells):  # ids were lost: the same text is the same cell
        if k in found or not cell.released.strip():
            continue
        for i, submitted in enumerate(submission.cells):
            if i not in homes and same_text(submitted.source, cell.released):
                homes[i] = k
                found.add(k)
                break
    for k, cell in enumerate(cells):
        if cell.role == "answer" and k not in found:
            for i, submitted in enumerate(submission.cells):
                if i not in homes and submitted.kind == "code" and _defines(submitted, cell.name):
                    homes[i] = k
    return homes


def _choose(
    assignment: Assignment, submission: Submission, k: int, of_cell: dict[int, list[int]]
) -> int:
    """Which of the copies of the assignment's cell `k` takes its place."""
    copies, cell = of_cell[k], assignment.cells[k]
    if cell.role not in ("answer", "manual", "predict"):
        return copies[0]
    written = [i for i in copies if not same_text(submission.cells[i].source, cell.released)]
    copies = written or copies
    if cell.role == "answer":
        tests = [
            min(of_cell[t])
            for t, other in enumerate(assignment.cells)
            if other.role == "test" and other.name == cell.name and t in of_cell
        ]
        before = [i for i in copies if tests and i < tests[0]]
        copies = before or copies
    return copies[-1]


def _extras(
    assignment: Assignment,
    submission: Submission,
    homes: dict[int, int],
    chosen: dict[int, int],
    plan: Plan,
) -> dict[int, list[Step]]:
    """The student's own cells, by the assignment's cell that they follow (-1: before all)."""
    extras: dict[int, list[Step]] = {}
    anchor = -1
    for i, submitted in enumerate(submission.cells):
        k = homes.get(i)
        if k is not None and chosen[k] == i:
            anchor = k
            continue
        if k is not None:
            cell = assignment.cells[k]
            copy_of = f"A copy of {_name(cell)}"
            if cell.role != "answer" or same_text(submitted.source, cell.released):
                plan.ignored.append(f"{copy_of} was not used.")
                continue
            plan.ignored.append(
                f"{copy_of} was run where it stands; the last one before the check counts."
            )
        extras.setdefault(anchor, []).append(_own(submitted))
    return extras


def _own(submitted: SubmittedCell) -> Step:
    if submitted.kind == "code":
        return Step("extra", "code", submitted.source, run=submitted.source)
    source = submitted.source
    if submitted.kind == "raw":
        source = "\n".join("    " + line for line in source.splitlines())
    return Step("extra", "markdown", source, attachments=submitted.attachments)


def _steps(cell: Cell, submitted: SubmittedCell | None, plan: Plan) -> list[Step]:
    """The assignment's cell with what the student wrote into it."""
    kind = cell.data["cell_type"]
    if submitted is not None:
        _compare(cell, submitted, plan)
    changed = submitted is not None and not same_text(submitted.source, cell.released)
    if cell.role == "answer":
        if submitted is None:
            plan.missing.append(cell.name)
            plan.ignored.append(f"The answer cell of `{cell.name}` is missing.")
            return [Step("answer", kind, "# This cell was missing.", cell=cell, name=cell.name)]
        source = submitted.source
        return [Step("answer", kind, source, run=source, cell=cell, name=cell.name)]
    if cell.role in ("manual", "predict"):
        source = submitted.source if submitted else cell.released
        attachments = submitted.attachments if submitted else {}
        return [Step(cell.role, kind, source, cell=cell, attachments=attachments)]
    if cell.role == "experiment":
        source = submitted.source if changed else cell.released
        return [*_quiet(source if changed else ""), Step(cell.role, kind, source, cell=cell)]
    if cell.role == "given":
        before = _quiet(submitted.source) if changed else []
        return [*before, Step(cell.role, kind, cell.released, run=cell.released, cell=cell)]
    return [Step(cell.role, kind, cell.released, cell=cell, name=cell.name)]


def _quiet(source: str) -> list[Step]:
    definitions = definitions_in(source)
    return [Step("quiet", "code", definitions, run=definitions)] if definitions else []


def definitions_in(source: str) -> str:
    """The imports, functions and classes that a cell defines, without what it does.

    Students put helpers into cells that do not run at grading, or add an import to a given cell.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    parts, lines = [], source.splitlines()
    for node in tree.body:
        if isinstance(node, kinds):
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            parts.append("\n".join(lines[first - 1 : node.end_lineno]))
    return "\n".join(parts)


def _compare(cell: Cell, submitted: SubmittedCell, plan: Plan) -> None:
    """Note what the student changed in a cell and what is not used for it."""
    name = _name(cell)
    if submitted.kind != cell.data["cell_type"]:
        plan.ignored.append(f"{name[0].upper()}{name[1:]} had another type.")
        plan.tampered |= cell.role == "test"
    given = submitted.nbgrader or {}
    altered = [key for key in _META if key in given and given[key] != cell.nbgrader.get(key)]
    if altered and cell.nbgrader:
        plan.ignored.append(f"Changed nbgrader metadata ({', '.join(altered)}) of {name}.")
        plan.tampered = True
    if "skip-execution" in submitted.tags:
        plan.ignored.append(f"A tag of {name} that skips it.")
        plan.tampered = True
    locked = cell.nbgrader.get("locked") or cell.role in ("test", "given")
    if locked and not same_text(without_hidden(submitted.source), cell.released):
        plan.ignored.append(f"Changes to {name}, which is locked.")
        plan.tampered |= cell.role == "test"


def _name(cell: Cell) -> str:
    if cell.role in ("answer", "manual"):
        return f"the answer cell of `{cell.name}`"
    if cell.role == "test":
        return f"the grade cell of `{cell.name}`"
    first = next((line.strip() for line in cell.released.splitlines() if line.strip()), "")
    return f"the cell `{first[:50]}`"


def _defines(cell: SubmittedCell, name: str) -> bool:
    pattern = rf"^(?:(?:async[ \t]+)?def|class)[ \t]+{re.escape(name)}\b|^{re.escape(name)}[ \t]*="
    return re.search(pattern, cell.source, re.MULTILINE) is not None
