"""The notebooks keep their word: numbers in the text are those of their cells, cells stay short.

A text cell lists the numbers it states in a comment, which no reader sees:

    <!-- numbers: 0.349 = 0.9**10; 6 = first_c -->

On the left is the number as the text shows it, on the right an expression over what the cells above
define. This file runs the solved notebook, experiments included, and compares both.
"""

import os
import re
from functools import cache
from pathlib import Path

import pytest

from grader.source import read_source
from qlib.checks import EXERCISES
from qlib.checks.nb01_mdp import corridor

os.environ.setdefault("MPLBACKEND", "agg")
ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = [name for name in EXERCISES if (ROOT / f"solutions/{name}/{name}.py").exists()]
_COMMENT = re.compile(r"<!--\s*numbers:(.*?)-->", re.S)


@cache
def cells(name: str):
    return read_source(ROOT / f"solutions/{name}/{name}.py")


def visible(text: str) -> str:
    """A text as a reader sees it, with plain minus signs and without markup around numbers."""
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    return text.replace("{,}", "").replace("−", "-")


@cache
def solved(name: str) -> tuple[dict, list[tuple[str, str, str]]]:
    """What the solved notebook defines in the end, and (cell, stated, computed) for each number."""
    names: dict = {"__name__": "notebook", "display": lambda *values: None}
    claims = []
    for cell in cells(name):
        if cell.cell_type == "code" and cell.kind != "test":
            exec(compile(cell.source, str(cell), "exec"), names)
        for listed in _COMMENT.findall(cell.source):
            for claim in filter(None, map(str.strip, listed.split(";"))):
                stated, expression = (part.strip() for part in claim.split("=", 1))
                value = eval(" ".join(expression.split()), dict(names))
                assert stated in re.findall(r"-?\d+(?:\.\d+)?", visible(cell.source)), claim
                digits = len(stated.partition(".")[2])
                claims.append((str(cell), stated, f"{float(value) + 0.0:.{digits}f}"))
    return names, claims


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_stated_numbers_are_those_of_the_cells(name, capsys):
    for cell, stated, computed in solved(name)[1]:
        assert computed.replace("-0.000000", "0.000000") == stated, cell


def test_01_states_numbers():
    assert len(solved("01_mdp")[1]) >= 20


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_cells_are_short(name):
    for cell in cells(name):
        text = re.sub(r"<!--.*?-->|<details>.*?</details>", "", cell.source, flags=re.S)
        if cell.cell_type == "markdown":
            prose = [line for line in text.splitlines() if not re.match(r"(> )?\||#", line)]
            limit = 130 if cell.kind == "task" or "Further reading" in text else 120
            words = [word for word in " ".join(prose).split() if re.search(r"\w", word)]
            assert len(words) <= limit, cell
        elif cell.kind == "answer":
            solution = re.search(r"BEGIN SOLUTION\n(.*?)\n *### END", text, re.S)[1]
            assert len(solution.splitlines()) <= 15, cell
        else:
            assert len(text.splitlines()) <= 15, cell


def test_the_corridor_of_the_notebook_is_the_one_of_its_checks():
    mine = solved("01_mdp")[0]["corridor"]
    assert mine(0.5) == corridor(0.5)
    assert mine(0.9) == corridor(0.9)
