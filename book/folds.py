"""What the page of a chapter folds: solutions, proofs, and what answers a prediction.

A fold is two cells of text, one that opens `<details>` and one that closes it, around other cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from nbformat.v4 import new_markdown_cell

from grader.source import Cell

ANSWER = "What happens, and why"
SHOWN = "What the cell shows"
_ANSWER = re.compile(rf"<details><summary>{ANSWER}</summary>\n+(.*?)\n+</details>\n*", re.S)
_ENDS = re.compile(rf"^#{{2,6}} |<summary>{ANSWER}</summary>", re.M)


def answers(cells: Sequence[Cell]) -> dict[int, tuple[int, str]]:
    """The folds that begin with a run: first cell -> last cell, and what is written on the fold.

    What is run right after a question shows its answer, so it is folded: with the notebook's own
    answer if that follows, else alone. Text and helpers in front of it stay in the open, and so
    does everything after the answer.
    """
    folds = {}
    for i, cell in enumerate(cells):
        if cell.kind != "predict":
            continue
        first = i + 1
        while first < len(cells) and (
            cells[first].kind == "helper"
            or (not cells[first].kind and not _ENDS.search(cells[first].source))
        ):
            first += 1
        end = first
        while end < len(cells) and cells[end].kind in ("experiment", "helper"):
            end += 1
        if end == first:
            continue
        answered = end < len(cells) and not cells[end].kind and _ANSWER.search(cells[end].source)
        while not answered and cells[end - 1].kind == "helper":
            end -= 1
        folds[first] = (end, ANSWER) if answered else (end - 1, SHOWN)
    return folds


def closed(made: list[Any]) -> list[Any]:
    """The last cells of a fold that began earlier: what follows the answer stands below it."""
    match = _ANSWER.search(made[-1].source) if made[-1].cell_type == "markdown" else None
    if not match:
        return [*made, finish()]
    before, after = made[-1].source[: match.start()], made[-1].source[match.end() :]
    rest = [new_markdown_cell(after)] if says(after) else []
    return [*made[:-1], new_markdown_cell(before + match[1]), finish(), *rest]


def folded(made: list[Any]) -> list[Any]:
    """The cells with an answer whose fold begins here, after an exercise perhaps, as a fold."""
    cells = []
    for cell in made:
        match = _ANSWER.search(cell.source) if cell.cell_type == "markdown" else None
        if not match:
            cells.append(cell)
            continue
        before, after = cell.source[: match.start()], cell.source[match.end() :]
        cells += [new_markdown_cell(before)] if says(before) else []
        cells += [begin("answer", ANSWER), new_markdown_cell(match[1]), finish()]
        cells += [new_markdown_cell(after)] if says(after) else []
    return cells


def says(text: str) -> bool:
    """Whether a text has anything but comments."""
    return bool(re.sub(r"<!--.*?-->", "", text, flags=re.S).strip())


def begin(kind: str, summary: str) -> Any:
    """The cell that opens a fold; `kind` is its CSS class: solution or answer."""
    return new_markdown_cell(f'<details class="fold {kind}"><summary>{summary}</summary>\n')


def finish() -> Any:
    """The cell that closes a fold."""
    return new_markdown_cell("</details>")
