"""A light notebook for measurements: six exercises, almost no work for the student's code.

What is left of the time is the grader's own. Its checks exist only while a benchmark runs; the
workers of `grade` find them by `--examiner benchmarks.light:examining`.
"""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader import worker
from qlib.checks import Exercise, close

NAME = "00_light"
POINTS = 2.0
# function -> (right answer, argument shapes)
EXERCISES: dict[str, tuple[str, tuple[int, ...]]] = {
    "plus": ("return a + b", (3, 3)),
    "scaled": ("return 2 * a", (4,)),
    "total": ("return float(a.sum())", (5,)),
    "largest": ("return float(a.max())", (5,)),
    "mean": ("return float(a.mean())", (6,)),
    "dot": ("return float(a @ b)", (4, 4)),
}
TRUTH: dict[str, Callable[..., Any]] = {
    "plus": lambda a, b: a + b,
    "scaled": lambda a: 2 * a,
    "total": lambda a: sum(a.tolist()),
    "largest": lambda a: max(a.tolist()),
    "mean": lambda a: sum(a.tolist()) / len(a),
    "dot": lambda a, b: sum(x * y for x, y in zip(a.tolist(), b.tolist(), strict=True)),
}
WRONG = "return None"


def register() -> None:
    """Let the examiner find the checks of the light notebook."""
    for place in (f"qlib.checks.nb{NAME}", f"grader.exams.nb{NAME}"):
        module = ModuleType(place)
        for name in EXERCISES:
            setattr(module, name, _exercise(name))
        sys.modules[place] = module


def _exercise(name: str) -> Exercise:
    exercise = Exercise(f"{NAME}/{name}")

    @exercise.check("random inputs", points=POINTS, seconds=5)
    def random_inputs(answer: Any, rng: np.random.Generator) -> None:
        for _ in range(3):
            args = [rng.normal(size=n) for n in EXERCISES[name][1]]
            close(answer(*args), TRUTH[name](*args))

    return exercise


@contextlib.contextmanager
def examining(**settings: Any) -> Iterator[Callable[[worker.Job], str]]:
    """The usual worker, with the checks of the light notebook."""
    register()
    with worker.examining(**settings) as work:
        yield work


def source() -> str:
    """The notebook as a py:percent source."""
    parts = ["# %% [markdown]\n# # Light\n", '# %% tags=["setup"]\nimport numpy as np\n']
    parts[1] += "\nfrom qlib import ToDo, check\n"
    for name in EXERCISES:
        parts.append(f'# %% [markdown] tags=["task:{name}"]\n# Write `{name}`.\n')
        body = f"    ### BEGIN SOLUTION\n    {EXERCISES[name][0]}\n    ### END SOLUTION\n"
        parts.append(f'# %% tags=["answer:{name}"]\n{head(name)}\n{body}')
        parts.append(f'# %% tags=["test:{name}:{POINTS:g}"]\n')
    parts.append('# %% [markdown] tags=["task:why"]\n# Why?\n')
    parts.append(
        '# %% [markdown] tags=["manual:why:3"]\n# ### BEGIN SOLUTION\n# So.\n# ### END SOLUTION\n'
    )
    return "\n".join(parts)


def make_course(root: Path) -> Path:
    """A course folder with the light notebook as its only assignment."""
    from grader.build import ROOT, build, write

    register()
    (root / "solutions" / NAME).mkdir(parents=True)
    (root / "solutions" / NAME / f"{NAME}.py").write_text(source())
    (root / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    write(build(root=root, exams=None), root)
    return root


def submission(course: Path, right: int = 63, edition: int = 0) -> bytes:
    """A student's notebook.

    Args:
        course: what `make_course` made.
        right: which answers are right, one bit an exercise.
        edition: changes the file, and nothing else.
    """
    notebook = json.loads((course / "notebooks" / NAME / f"{NAME}.ipynb").read_bytes())
    answers = {f"answer-{name}": k for k, name in enumerate(EXERCISES)}
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if grade_id in answers:
            name = grade_id.removeprefix("answer-")
            body = EXERCISES[name][0] if right >> answers[grade_id] & 1 else WRONG
            cell["source"] = f"{head(name)}\n    {body}  # edition {edition}\n"
        if grade_id == "manual-why":
            cell["source"] = "Because."
    return json.dumps(notebook).encode()


def score(right: int) -> float:
    """The points that `submission(right=right)` is worth."""
    return POINTS * bin(right).count("1")


def hand_in(folder: Path, student: str, content: bytes) -> Path:
    """Write a submission in nbgrader's layout; its path."""
    path = folder / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def head(name: str) -> str:
    """The first lines of an answer."""
    arguments = ", ".join("ab"[: len(EXERCISES[name][1])])
    return f'def {name}({arguments}):\n    """Of vectors."""'
