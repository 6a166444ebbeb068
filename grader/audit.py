"""What must not reach a student: every reason for which a release is refused.

Each function returns problems, one sentence each, naming the assignment and the cell. An empty list
means that nothing was found.
"""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from grader.expand import grade_cell
from grader.source import Cell

_PHRASES = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
_MARKERS = tuple(f"### {phrase}" for phrase in _PHRASES)
_TRACE = re.compile(r"\b(BEGIN|END)\s+(SOLUTION|HIDDEN\s+TEST|MARK\s+SCHEME)", re.IGNORECASE)
GRADER = re.compile(
    r"^\s*(import|from)\s+([\w.]+\s*,\s*)*(grader|exams)\b|\bgrader[./]exams\b|\bexamine\s*\(",
    re.MULTILINE,
)


def check_cells(assignment: str, cells: list[Cell]) -> list[str]:
    """Cells that do not fit together, and solution markers in the wrong place.

    Args:
        assignment: name of the assignment.
        cells: its source, from `read_source`.
    """
    problems = [problem for cell in cells for problem in _check_markers(cell)]
    ids = {"setup-qlib"}  # the head cell that the builder adds
    for cell in cells:
        grade_id = cell.grade_id or f"predict-{cell.name}"
        if cell.name and grade_id in ids:
            problems.append(f"{cell}: the id {grade_id} is used twice. Every id must be unique.")
        ids.add(grade_id)
        if cell.kind == "test":
            full = grade_cell(assignment, cell.name, hidden=True)
            visible = grade_cell(assignment, cell.name, hidden=False)
            if cell.source.strip() not in ("", visible, full):
                problems.append(
                    f"{cell}: a test cell is generated. Leave it empty, or write `{visible}`; the "
                    f"hidden checks stand in grader/exams/nb{assignment}.py."
                )
    first = {(cell.kind, cell.name): cell for cell in reversed(cells)}
    for (kind, name), cell in sorted(first.items(), key=lambda item: item[1].number):
        test = first.get(("test", name))
        if kind == "answer" and test is None:
            problems.append(
                f'{cell}: there is no test cell for this answer. Add `# %% tags=["test:{name}:5"]`.'
            )
        elif kind == "answer" and test.number < cell.number:
            problems.append(f"{cell}: its test cell stands before it. Move the test below.")
        elif kind == "test" and ("answer", name) not in first:
            problems.append(
                f'{cell}: there is no answer cell for this test. Add `# %% tags=["answer:{name}"]`.'
            )
        elif kind == "manual" and ("task", name) not in first:
            problems.append(
                f"{cell}: nbgrader replaces this cell as a whole, so its question stands in a "
                f'locked cell of its own. Add `# %% [markdown] tags=["task:{name}"]`.'
            )
    if any(cell.kind == "test" for cell in cells) and not any(c.kind == "setup" for c in cells):
        problems.append('no cell has the tag "setup"; add one with the imports.')
    return [f"{assignment}: {problem}" for problem in problems]


def _check_markers(cell: Cell) -> list[str]:
    """Markers that are misspelt, out of place, or do not come in pairs."""
    problems = []
    inside: str | None = None
    regions = 0
    for line in cell.source.split("\n"):
        text = line.strip()
        if text not in _MARKERS:
            if _like_a_marker(text):
                problems.append(
                    f"{cell}: `{text}` reads like a marker but is none. The markers are "
                    f"{', '.join(f'`{marker}`' for marker in _MARKERS)}, each alone on its line."
                )
            continue
        _, edge, what = text.split(" ", 2)
        if what != "SOLUTION" and cell.kind == "test":
            continue  # compared as a whole
        if cell.kind not in ("answer", "manual") or what != "SOLUTION":
            problems.append(
                f"{cell}: `{text}` does not belong here. Solutions stand in `answer` and `manual` "
                "cells, hidden checks in grader/exams."
            )
            continue
        if (edge == "BEGIN") == (inside is not None):
            problems.append(f"{cell}: `{text}` without its other half before it.")
        inside = text if edge == "BEGIN" else None
        regions += edge == "BEGIN"
    if inside:
        problems.append(f"{cell}: `{inside}` is never closed by `### END SOLUTION`.")
    if cell.kind in ("answer", "manual") and not regions:
        problems.append(
            f"{cell}: nothing stands between `### BEGIN SOLUTION` and `### END SOLUTION`."
        )
    return problems


def _like_a_marker(line: str) -> bool:
    """Whether a line that is not a marker was probably meant as one, or works as one."""
    if _TRACE.search(line):
        return True
    words = line.lstrip("#").upper().split()
    if not line.startswith("#") or not 2 <= len(words) <= 4:
        return False
    edge, what = words[0], " ".join(words[1:])
    return max(_likeness(edge, e) for e in ("BEGIN", "START", "END")) > 0.65 and (
        max(_likeness(what, w) for w in ("SOLUTION", "HIDDEN TESTS", "HIDDEN TEST")) > 0.75
    )


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def check_exams(assignment: str, cells: list[Cell], exams: Mapping[str, Any]) -> list[str]:
    """Exercises without hidden checks, hidden checks without exercise, points that differ.

    Args:
        assignment: name of the assignment.
        cells: its source.
        exams: the hidden checks: "<assignment>/<exercise>" -> object with `points`.
    """
    problems = []
    tests = {f"{assignment}/{cell.name}": cell for cell in cells if cell.kind == "test"}
    for exercise, cell in tests.items():
        if exercise not in exams:
            if cell.points:
                problems.append(
                    f"{cell}: grader/exams/nb{assignment}.py has no hidden check for {exercise}."
                )
        elif abs(exams[exercise].points - cell.points) > 1e-9:
            problems.append(
                f"{cell}: the tag says {cell.points:g} points, the hidden checks of {exercise} sum "
                f"to {exams[exercise].points:g}."
            )
    problems += [
        f"grader/exams/nb{assignment}.py has hidden checks for {exercise}, but no cell asks for it."
        for exercise in exams
        if exercise not in tests
    ]
    return [f"{assignment}: {problem}" for problem in problems]


def check_release(assignment: str, notebook: Any) -> list[str]:
    """Traces of solutions, hidden checks or runs in a notebook made for students.

    Args:
        assignment: name of the assignment.
        notebook: the release, as an nbformat notebook.
    """
    problems = []
    for number, cell in enumerate(notebook.cells, start=1):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        first = cell.source.strip().split("\n")[0][:60]
        where = f"{assignment}: cell {number} of the release ({grade_id or cell.id}, `{first}`)"
        everything = f"{cell.source}\n{cell.metadata}\n{cell.get('attachments', '')}"
        if found := _TRACE.search(everything):
            problems.append(f"{where} still contains `{found[0]}`.")
        if found := GRADER.search(cell.source):
            problems.append(f"{where} refers to the grader: `{found[0].strip()}`.")
        if cell.get("outputs") or cell.get("execution_count") is not None:
            problems.append(f"{where} stores outputs of a run.")
    return problems


def check_files(source: Path, release: Path) -> list[str]:
    """Files that do not belong into an assignment's folder or its release.

    Args:
        source: the assignment's folder under solutions/.
        release: its folder under notebooks/, which need not exist.
    """
    name = source.name
    problems = []
    for path in sorted(source.rglob("*")):
        if path.is_symlink():
            problems.append(f"{path.relative_to(source)} is a link; put the file itself there.")
        elif (
            path.suffix == ".ipynb"
            and path != source / f"{name}.ipynb"
            and ".ipynb_checkpoints" not in path.parts
        ):
            problems.append(
                f"{path.relative_to(source)} is a second notebook; an assignment has one, "
                f"{name}.ipynb."
            )
    problems += [
        f"a source file stands in the release: {path.relative_to(release.parent.parent)}. Remove "
        "it; students would receive it."
        for path in sorted(release.rglob("*.py"))
    ]
    return [f"{name}: {problem}" for problem in problems]
