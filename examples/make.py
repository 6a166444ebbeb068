"""Make the sample class that `make demo` grades: `python -m examples.make [--check]`.

Every notebook is the release of 01_mdp with answers written into it: the reference's, or recorded
ones from `tests/answers`. The students are invented. Making them twice gives the same bytes.
"""

import ast
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.assignment import ROOT
from grader.store import write_atomically

NAME = "01_mdp"
TARGET = ROOT / "examples" / "submitted"
ANSWERS = ROOT / "tests" / "answers" / NAME

MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")
LOOP = """\
# How long does an episode take on average?
rng = np.random.default_rng(0)
n_episodes, lengths = 0, []
while n_episodes < 1000:
    lengths.append(len(rollout(grid, pi, rng, 100).a))
print(np.mean(lengths))"""
QUIT = """\
import os

os._exit(0)  # the rest is not finished"""
PLOT = """\
import warnings

import matplotlib.pyplot as plt

lengths = [len(rollout(grid, pi, np.random.default_rng(i), 100).a) for i in range(200)]
warnings.warn("200 episodes only", stacklevel=1)
plt.figure(figsize=(5, 3))
plt.hist(lengths, bins=20)
plt.xlabel("steps")
plt.ylabel("episodes")
plt.show()"""


@dataclass(frozen=True)
class Student:
    """One student of the sample class.

    Attributes:
        answers: exercise -> recorded answer, or "solution".
        default: for all other exercises; empty leaves them unwritten.
        extra: the student's own cells: exercise -> source, put before its check.
        part: how much of the file arrived.
    """

    answers: dict[str, str] = field(default_factory=dict)
    default: str = "solution"
    extra: dict[str, str] = field(default_factory=dict)
    part: float = 1.0


CLASS = {
    # all right, in own ways, with a figure and a warning on stderr
    "ada": Student(
        {
            "is_valid_mdp": "alt_early_returns",
            "rollout": "alt_inverse_cdf",
            "discounted_returns": "alt_recursion",
            "J_exact": "alt_occupancy",
            "fix_3": "alt_loops",
        },
        extra={"rollout": PLOT},
    ),
    # discounts like the lecture, everywhere
    "bruno": Student(
        {
            "discounted_returns": "wrong_first_reward_discounted",
            "J_exact": "wrong_first_reward_discounted",
            "J_mc": "wrong_first_reward_discounted",
            "fix_1": "wrong_lecture",
            "fix_2": "wrong_first_discounted",
            "fix_3": "wrong_first_discounted",
        }
    ),
    # the typical slips
    "chen": Student(
        {
            "is_valid_mdp": "wrong_nan_passes",
            "rollout": "wrong_truncated_wins",
            "discounted_returns": "wrong_last_value_not_discounted",
            "J_mc": "wrong_stderr_by_n",
            "fix_4": "wrong_best_action",
        }
    ),
    # got half way
    "dilnoza": Student(
        {
            "is_valid_mdp": "alt_loops",
            "rollout": "wrong_both_flags",
            "discounted_returns": "solution",
            "state_dist": "wrong_transposed",
        },
        default="",
    ),
    "emeka": Student(default=""),  # blank
    "freja": Student(  # crashes on an empty episode, and a cell of hers ends the process
        {"discounted_returns": "wrong_crashes_when_empty", "rollout": "wrong_argmax_action"},
        extra={"J_mc": QUIT},
    ),
    "gita": Student({"is_valid_mdp": "wrong_axis"}, extra={"rollout": LOOP}),  # endless loop
    "hugo": Student(part=0.6),  # not JSON: the upload broke off
}


def sample(students: Mapping[str, Student], root: Path = ROOT) -> dict[str, bytes]:
    """Submissions: path in nbgrader's layout -> content.

    Args:
        students: name -> what was handed in.
        root: the course's folder.
    """
    release = _read(root / "notebooks" / NAME / f"{NAME}.ipynb")
    solved = _answers(_read(root / "solutions" / NAME / f"{NAME}.ipynb"))
    files = {}
    for name, student in students.items():
        content = _submission(student, release, solved)
        files[f"{name}/{NAME}/{NAME}.ipynb"] = content[: int(len(content) * student.part)]
    return files


def _submission(student: Student, release: dict[str, Any], solved: dict[str, str]) -> bytes:
    cells = []
    for cell in release["cells"]:
        kind, _, exercise = _grade_id(cell).partition("-")
        if kind == "answer":
            answer = student.answers.get(exercise, student.default)
            source = solved[exercise] if answer == "solution" else _recorded(exercise, answer)
            cell = {**cell, "source": _lines(source)} if answer else cell
        elif kind == "test" and exercise in student.extra:
            own = {
                "cell_type": "code",
                "execution_count": None,
                "id": f"own-{exercise}",
                "metadata": {},
                "outputs": [],
                "source": _lines(student.extra[exercise]),
            }
            cells.append(own)
        cells.append(cell)
    return (json.dumps({**release, "cells": cells}, indent=1) + "\n").encode()


def _answers(notebook: dict[str, Any]) -> dict[str, str]:
    """Exercise -> the reference's answer."""
    found = {}
    for cell in notebook["cells"]:
        kind, _, exercise = _grade_id(cell).partition("-")
        if kind == "answer":
            lines = "".join(cell["source"]).splitlines()
            found[exercise] = "\n".join(line for line in lines if line.strip() not in MARKERS)
    return found


def _recorded(exercise: str, answer: str) -> str:
    """A recorded answer without the docstring that explains it."""
    if not answer:
        return ""
    text = (ANSWERS / exercise / f"{answer}.py").read_text(encoding="utf-8")
    docstring = ast.parse(text).body[0]
    return "\n".join(text.splitlines()[docstring.end_lineno :]).strip("\n")


def _grade_id(cell: dict[str, Any]) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def main(arguments: list[str]) -> int:
    """Write the class, or with `--check` say what is out of date; the exit code."""
    files = sample(CLASS)
    stale = [
        name
        for name, content in files.items()
        if not (TARGET / name).is_file() or (TARGET / name).read_bytes() != content
    ]
    if "--check" in arguments:
        for name in stale:
            print(f"examples/submitted/{name} is out of date. Run: python -m examples.make")
        return 1 if stale else 0
    for name in stale:
        write_atomically(TARGET / name, files[name])
    print(f"{len(stale)} of {len(files)} submissions written to examples/submitted.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
