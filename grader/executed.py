"""The executed notebook: the assignment's cells, the student's sources and outputs, the reports."""

import re
from collections.abc import Sequence
from typing import Any

from grader.assignment import Assignment
from grader.remote import clean_text
from grader.transplant import Step
from qlib.checks import Report

TEXT_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")
IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif")
MAX_OUTPUTS = 200
MAX_TEXT = 120_000  # characters of one text
MAX_IMAGE = 4_000_000  # characters of one picture
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


def executed_notebook(
    assignment: Assignment,
    steps: Sequence[Step],
    outputs: dict[int, list[dict[str, Any]]],
    reports: dict[str, tuple[Report | None, Report | None]],
) -> dict[str, Any]:
    """An nbformat 4.5 notebook with outputs and without any hidden check's code.

    Args:
        assignment: what was asked.
        steps: what was executed, in order.
        outputs: index of a step -> its cleaned outputs.
        reports: exercise -> visible and hidden report, shown at its grade cell.
    """
    cells = []
    taken = {step.cell.id for step in steps if step.cell}
    for i, step in enumerate(steps):
        if step.role == "quiet":
            continue
        cell_id = step.cell.id if step.cell and step.cell.id else _free(f"extra-{i}", taken)
        cell = {
            "cell_type": step.kind,
            "id": cell_id,
            "metadata": dict(step.cell.data["metadata"]) if step.cell else {},
            "source": step.source,
        }
        if step.kind == "code":
            cell["execution_count"] = None
            shown = outputs.get(i, [])
            if step.role == "test" and step.name in reports:
                shown = grade_outputs(*reports[step.name])
            cell["outputs"] = shown
        elif step.attachments:
            cell["attachments"] = step.attachments
        cells.append(cell)
    return {
        "cells": cells,
        "metadata": dict(assignment.metadata),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def grade_outputs(visible: Report | None, hidden: Report | None) -> list[dict[str, Any]]:
    """The outputs of a grade cell; nbgrader reads the points from the last one."""
    shown = [_display(report) for report in (visible, hidden) if report is not None]
    if hidden is not None:
        text = repr(float(hidden.points))
        data = {"data": {"text/plain": text}, "execution_count": None, "metadata": {}}
        shown.append({"output_type": "execute_result", **data})
    return shown


def cleaned(given: Any) -> list[dict[str, Any]]:
    """Outputs from the student's side, rebuilt: known kinds, texts of bounded length, no more."""
    result = []
    for item in given[:MAX_OUTPUTS] if isinstance(given, list) else []:
        if not isinstance(item, dict):
            continue
        kind = item.get("output_type")
        if kind == "stream":
            name = "stderr" if item.get("name") == "stderr" else "stdout"
            result.append({"output_type": kind, "name": name, "text": _text(item.get("text"))})
        elif kind == "error":
            lines = item.get("traceback")
            result.append(
                {
                    "output_type": kind,
                    "ename": _text(item.get("ename"))[:200],
                    "evalue": _text(item.get("evalue"))[:2000],
                    "traceback": [
                        _text(line)[:2000]
                        for line in (lines if isinstance(lines, list) else [])[:60]
                    ],
                }
            )
        elif kind in ("display_data", "execute_result"):
            output = {"output_type": kind, "data": _data(item.get("data")), "metadata": {}}
            result.append(output | ({"execution_count": None} if kind == "execute_result" else {}))
    return result


def stopped(name: str, sentence: str) -> dict[str, Any]:
    """An error output in our own words."""
    return {"output_type": "error", "ename": name, "evalue": sentence, "traceback": [sentence]}


def _display(report: Report) -> dict[str, Any]:
    data = {"text/plain": report.text(), "text/html": report.html()}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _data(given: Any) -> dict[str, str]:
    kept = {}
    for mime, value in given.items() if isinstance(given, dict) else ():
        if not isinstance(value, str):
            continue
        if mime in TEXT_TYPES:
            kept[mime] = _text(value)
        elif mime in IMAGE_TYPES and len(value) <= MAX_IMAGE and _BASE64.fullmatch(value):
            kept[mime] = value
    return kept


def _text(value: Any) -> str:
    return clean_text(value, MAX_TEXT) if isinstance(value, str) else ""


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "x"
    taken.add(name)
    return name
