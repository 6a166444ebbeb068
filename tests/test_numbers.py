"""The notebooks keep their word: the numbers in the text are those that their cells compute.

A text cell lists the numbers it states in a comment, which the build removes:

    <!-- numbers: 0.349 = 0.9**10; 6 = first_c -->

On the left stands the number as the text shows it, on the right an expression over what the cells
above define; it is rounded to the digits shown. This file runs the solved notebooks, experiments
included.
"""

import os
import re
from functools import cache
from pathlib import Path

import pytest

import qlib
from grader.source import Cell, read_source
from qlib.checks import EXERCISES
from qlib.checks.nb01_mdp import corridor

os.environ.setdefault("MPLBACKEND", "agg")
ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = [name for name in EXERCISES if (ROOT / f"solutions/{name}/{name}.py").exists()]
_LIST = re.compile(r"<!-- numbers:(.*?)-->", re.S)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@cache
def cells(name: str) -> list[Cell]:
    return read_source(ROOT / f"solutions/{name}/{name}.py")


@cache
def solved(name: str) -> tuple[dict, list[tuple[str, str, str]]]:
    """What the solved notebook defines in the end, and (place, stated, computed) of each number."""
    names: dict = {"__name__": "notebook", "ToDo": qlib.ToDo, "check": qlib.check}
    claims = []
    for cell in cells(name):
        if cell.cell_type == "code" and cell.kind != "test":
            exec(compile(cell.source, f"{name}, {cell}", "exec"), names)
        shown = _NUMBER.findall(_COMMENT.sub("", cell.source).replace("−", "-"))
        for claim in ";".join(_LIST.findall(cell.source)).split(";"):
            if claim.strip():
                stated, expression = (" ".join(part.split()) for part in claim.split("=", 1))
                assert stated in shown, f"{name}, {cell}: the text does not say {stated}"
                value = float(eval(expression, names))
                digits = len(stated.partition(".")[2])
                claims.append(
                    (f"{name}, {cell}", stated, f"{round(value, digits) + 0.0:.{digits}f}")
                )
    return names, claims


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_stated_numbers_are_those_of_the_cells(name):
    for place, stated, computed in solved(name)[1]:
        assert computed == stated, place


@pytest.mark.parametrize(("name", "least"), [("00_tools", 8), ("01_mdp", 20)])
def test_numbers_are_stated(name, least):
    assert len(solved(name)[1]) >= least


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_cells_are_short(name):
    for cell in cells(name):
        text = re.sub(r"<!--.*?-->|<details>.*?</details>", "", cell.source, flags=re.S)
        if cell.kind == "manual":
            continue  # a model answer and its rubric, for teachers
        if cell.cell_type == "markdown":
            prose = [line for line in text.splitlines() if not re.match(r"(> )?\||#", line)]
            words = [word for word in " ".join(prose).split() if re.search(r"\w", word)]
            limit = 130 if cell.kind == "task" or "Further reading" in text else 120
            assert len(words) <= limit, cell
        elif cell.kind == "answer":
            solution = re.search(r"BEGIN SOLUTION\n(.*?)\n *### END", text, re.S)[1]
            assert len(solution.splitlines()) <= 15, cell
        else:
            assert len(text.splitlines()) <= 15, cell


def test_the_corridor_of_01_is_the_one_of_its_checks():
    mine = solved("01_mdp")[0]["corridor"]
    assert mine(0.5) == corridor(0.5)
    assert mine(0.9) == corridor(0.9)
