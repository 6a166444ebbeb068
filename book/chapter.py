"""Make the page of a chapter: the solved notebook, with everything folded that is to be found out.

| cell of the source        | on the page                                                     |
|---------------------------|-----------------------------------------------------------------|
| text, task                | as it is, hints folded; headings and exercises get a label      |
| setup, helper, experiment | code and output                                                 |
| answer                    | the stub that students get; the solution folded below it        |
| test                      | the visible check and its report; hidden checks are not built   |
| predict                   | the question; what is run to answer it, folded below            |
| text with an answer       | the answer folded as in the notebook, and the rest as it is     |
| manual                    | the model answer, folded                                        |
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from book import folds
from book.course import Chapter
from book.crossref import (
    chapter_label,
    exercise_label,
    figure_label,
    learned_label,
    linked,
    question_label,
    section_label,
)
from book.outputs import Pictures, for_page
from grader.build import ROOT, build
from grader.expand import to_notebook
from grader.source import Cell

_SOLUTION = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[ \t]*\n?", re.M)
_SECTION = re.compile(r"^## (\d+)\.(\d+) ", re.M)
_LEARNED = re.compile(r"^## What you have learned", re.M)
_FIGURE = re.compile(r"[\"']Figure (\d+)\b")
_ORDERED = re.compile(r"show_blocks\(\s*[\"']\w+[\"']\s*,")
_MARKING = re.compile(r"^\*\*For the person who marks\*\*.*", re.M | re.S)
_FORMAT = re.compile(r"[ \t]*# fmt: (?:skip|off|on)[ \t]*$", re.M)
_PROMPT = re.compile(r"\n*\*Your (?:prediction|answer):?\*:?\s*$")


def solved(chapter: Chapter) -> Any:
    """The notebook to run: with solutions, without hidden checks.

    Of the cells that the builder adds, only the one that imports `check` is kept: first in the
    list of cells before `setup`, with the id `setup-qlib`.
    """
    notebook = to_notebook(chapter.name, list(chapter.cells), hidden=())
    wanted = iter(chapter.cells)
    cell = next(wanted, None)
    kept = []
    for node in notebook.cells:
        if cell is not None and _is(node, cell):
            kept.append(node)
            cell = next(wanted, None)
        elif node.id == "setup-qlib":
            kept.append(node)
    if cell is not None:
        raise ValueError(f"{chapter.name}: the builder's notebook does not contain {cell}.")
    notebook.cells = kept
    return notebook


def _is(node: Any, cell: Cell) -> bool:
    """Whether a notebook's cell was made from this cell of the source."""
    if node.cell_type != cell.cell_type:
        return False
    if cell.kind == "test":
        return node.id == cell.grade_id
    return node.source.split("\n")[0] == cell.source.split("\n")[0]


def stubs(chapter: Chapter) -> dict[str, str]:
    """What students see in place of each answer: cell id -> source, as nbgrader releases it."""
    name = chapter.name
    release = json.loads(build([name], ROOT, exams=None)[f"notebooks/{name}/{name}.ipynb"])
    return {cell["id"]: "".join(cell["source"]) for cell in release["cells"]}


def labels(chapter: Chapter) -> set[str]:
    """Every place of the chapter that can be linked to."""
    found = {chapter_label(chapter.number)}
    for cell in chapter.cells:
        found |= set(_labels_before(cell, chapter))
    return found


def _labels_before(cell: Cell, chapter: Chapter) -> list[str]:
    """The labels that belong in front of a cell, those of its sections excepted."""
    number = chapter.number
    if cell.kind == "task":
        return [exercise_label(cell.name)]
    if cell.kind == "answer":  # several answers may follow one task, which has the name of one
        tasks = {other.name for other in chapter.cells if other.kind == "task"}
        return [] if cell.name in tasks else [exercise_label(cell.name)]
    if cell.kind == "predict":
        return [question_label(number, cell.name)]
    if cell.kind == "experiment":
        return [figure_label(number, int(n)) for n in dict.fromkeys(_FIGURE.findall(cell.source))]
    if not cell.kind:
        found = [section_label(int(a), int(b)) for a, b in _SECTION.findall(cell.source)]
        return found + [learned_label(number)] * bool(_LEARNED.search(cell.source))
    return []


def page(
    chapter: Chapter,
    outputs: list[list[Any]],
    released: Mapping[str, str],
    known: Collection[str],
    pictures: Pictures,
) -> Any:
    """The notebook that the site shows.

    Args:
        chapter: the chapter.
        outputs: of each cell of `solved(chapter)`.
        released: what `stubs` returned.
        known: labels of all chapters.
        pictures: takes pictures out of outputs.

    Returns:
        An nbformat notebook with outputs, to be rendered by myst-nb as it is.
    """
    whole = solved(chapter)
    # `to_notebook` adds one cell, in front of the first `setup`: nothing to read in it.
    shown = [
        (node, found)
        for node, found in zip(whole.cells, outputs, strict=True)
        if node.id != "setup-qlib"
    ]
    answers = folds.answers(chapter.cells)
    ends = {end for end, _ in answers.values()}
    cells: list[Any] = []
    for i, (cell, (node, found)) in enumerate(zip(chapter.cells, shown, strict=True)):
        marks = "\n".join(f"({label})=" for label in _labels_before(cell, chapter))
        made = _shown(cell, node, for_page(found, pictures), released, chapter, known, marks)
        if i in answers:
            cells.append(folds.begin("answer", answers[i][1]))
        cells += folds.closed(made) if i in ends else folds.folded(made)
    cells[0].source = f"({chapter_label(chapter.number)})=\n{cells[0].source}"
    return new_notebook(cells=cells, metadata=whole.metadata)


def _shown(
    cell: Cell,
    node: Any,
    found: list[Any],
    released: Mapping[str, str],
    chapter: Chapter,
    known: Collection[str],
    marks: str,
) -> list[Any]:
    """The cells of the page for one cell of the source."""
    if cell.kind == "manual":
        proof = _MARKING.sub("", _SOLUTION.sub("", node.source)).strip()
        proof = linked(proof, chapter.number, known)
        proof = re.sub(r"^#{1,6} (.+)$", r"**\1**", proof, flags=re.M)  # a fold holds no section
        return [
            new_markdown_cell("> *(your answer)*"),
            folds.begin("solution", "Model answer"),
            new_markdown_cell(proof),
            folds.finish(),
        ]
    if cell.cell_type == "markdown":
        text = _PROMPT.sub("", node.source) if cell.kind == "predict" else node.source
        text = linked(text, chapter.number, known)
        if cell.kind == "predict":
            return [new_markdown_cell(f"{marks}\n:::{{admonition}} {_question(text, cell)}\n:::")]
        if cell.kind:
            return [new_markdown_cell(f"{marks}\n{text}")]
        text = _SECTION.sub(
            lambda m: f"({section_label(int(m[1]), int(m[2]))})=\n{m[0]}", text
        )  # a label stands directly above its heading, which may not be the cell's first line
        text = _LEARNED.sub(lambda m: f"({learned_label(chapter.number)})=\n{m[0]}", text)
        return [new_markdown_cell(text)]
    before = [new_markdown_cell(marks)] if marks else []
    if cell.kind == "answer":
        return [
            *before,
            _code(released[node.id], []),
            folds.begin("solution", "Solution"),
            _code(_SOLUTION.sub("", node.source).rstrip(), found),
            folds.finish(),
        ]
    if _ORDERED.search(node.source):  # shows the proof that was to be put in order
        return [
            *before,
            _code(node.source, []),
            folds.begin("solution", "The proof, in order"),
            _code(node.source, found, hidden=True),
            folds.finish(),
        ]
    return [*before, _code(node.source, found)]


def _question(text: str, cell: Cell) -> str:
    """A question as the body of a directive: its first words are the title.

    Raises:
        ValueError: if a heading stands in it, which would be lost in the box.
    """
    plain = re.sub(r"```.*?```", "", text, flags=re.S)
    heading = re.search(r"^#{1,6} .*$", plain, re.M)
    if heading:
        raise ValueError(
            f"The cell predict:{cell.name} contains the heading {heading[0]!r}. The book puts a "
            "question into a box, and a box holds no section. Give the heading a text cell of its "
            "own in front of the question."
        )
    match = re.match(r"\*\*(Predict first[^*]*?)(?:\.\*\*|\*\*(\s+\([^)]*\))?\.?)\s*", text)
    if not match:
        return f"Predict first\n:class: predict\n\n{text}"
    title = " ".join((match[1] + (match[2] or "")).split())
    return f"{title}\n:class: predict\n\n{text[match.end() :]}"


def _code(source: str, outputs: list[Any], hidden: bool = False) -> Any:
    """A code cell; `hidden` shows its outputs only, since myst-nb drops a cell without source."""
    cell = new_code_cell(_FORMAT.sub("", source), outputs=outputs)
    if hidden:
        cell.metadata["tags"] = ["remove-input"]
    return cell
