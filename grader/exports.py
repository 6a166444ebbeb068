"""Tables for other programs: grades.csv and exercises.csv, both from the gradebook."""

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.marks import all_marks
from grader.store import write_atomically

EXERCISES = ("student", "assignment", "exercise", "points", "max")


def cell(value: object) -> str:
    """A value that no spreadsheet takes for a formula."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    dangerous = text.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    return f"'{text}" if dangerous and not isinstance(value, float) else text


def export_grades(gradebook: Any, path: Path) -> None:
    """Write grades.csv: one line a student and assignment, in nbgrader's own format."""
    from nbgrader.plugins import CsvExportPlugin

    part = path.with_name(f".{path.name}.part")
    CsvExportPlugin(to=str(part)).export(gradebook)
    # nbgrader quotes nothing. Ids are safe, but names may have been typed in formgrader.
    with open(part, encoding="utf-8", newline="") as file:
        lines = [line.split(",") for line in file.read().splitlines()]
    part.unlink()
    head, *rest = [[cell(text) for text in line] for line in lines]
    write_atomically(path, _table([head, *sorted(rest)]))


def export_exercises(gradebook: Any, order: Mapping[str, Sequence[str]], path: Path) -> None:
    """Write exercises.csv: one line a student and exercise.

    Args:
        gradebook: nbgrader's `Gradebook`.
        order: assignment -> grade ids in the order of the notebook.
        path: the file.
    """
    places = {
        (assignment, name): place
        for assignment, names in order.items()
        for place, name in enumerate(names)
    }
    rows = sorted(
        all_marks(gradebook), key=lambda row: (*row[:2], places.get((row[1], row[2].id), 0))
    )
    lines = [
        [cell(student), cell(assignment), cell(mark.name), cell(mark.score), cell(mark.max_score)]
        for student, assignment, mark in rows
    ]
    write_atomically(path, _table([list(EXERCISES), *lines]))


def _table(lines: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue().encode("utf-8", "replace")


def relative(path: Path) -> str:
    """A path as short as it can be said from here."""
    short = os.path.relpath(path)
    return str(path) if short.startswith("..") else short
