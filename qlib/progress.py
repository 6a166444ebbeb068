"""Where a reader stands: `python -m qlib progress`, and the last cell of every notebook.

Everything stays on this machine, in a file `.progress.json` beside the folders of the notebooks.
It says which visible checks passed when they were last run; the hidden checks of a grader look
further.
"""

import hashlib
import html
import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import qlib
from qlib.checks import latest
from qlib.checks.index import EXERCISES
from qlib.checks.report import WORDS
from qlib.notebook import Notebook, NotebookError, read_notebook

STATE = ".progress.json"
_CODE = re.compile(r"`(\w+)`")
_BYTES = 1 << 20  # a state file beyond this is not ours


@dataclass(frozen=True)
class Chapter:
    """What is known about one notebook.

    Attributes:
        name: of the assignment.
        status: exercise -> key of `qlib.checks.report.WORDS`, or empty if it has not been checked.
        points: exercise -> points, where they are known.
        digest: of the cells that gave this; empty if it is not known which.
        path: the notebook file, or empty.
    """

    name: str
    status: dict[str, str] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    digest: str = ""
    path: str = ""

    @property
    def passed(self) -> int:
        """How many exercises pass."""
        return sum(status == "passed" for status in self.status.values())

    @property
    def done(self) -> bool:
        """Whether all do."""
        return self.passed == len(self.status)

    @property
    def earned(self) -> float:
        """Points of the exercises that pass."""
        return sum(self.points.get(name, 0.0) for name in self.status if self._passes(name))

    @property
    def total(self) -> float:
        """Points of all exercises; 0 if they are not known."""
        return sum(self.points.values())

    @property
    def next_exercise(self) -> str:
        """The first exercise that does not pass; empty if there is none."""
        return next((name for name in self.status if not self._passes(name)), "")

    def line(self) -> str:
        """One line of plain text."""
        text = f"{self.passed} of {len(self.status)} exercises"
        if self.total:
            text += f", {self.earned:g} of {self.total:g} points"
        return text

    def _passes(self, name: str) -> bool:
        return self.status[name] == "passed"


def digest(notebook: Notebook) -> str:
    """A hash of what the checks of a notebook depend on: its cells, and the checks themselves."""
    checks = [
        path.read_text(encoding="utf-8")
        for path in sorted((Path(qlib.__file__).parent / "checks").rglob("*.py"))
        if path.stem in ("compare", "exercise", f"nb{notebook.path.stem}")
    ]
    data = json.dumps([qlib.__version__, checks, notebook.cells, notebook.checks], sort_keys=True)
    return hashlib.sha256(data.encode()).hexdigest()[:16]


def load(folder: Path) -> dict[str, Chapter]:
    """What the state file of a folder says; a damaged one says nothing."""
    with suppress(OSError, ValueError, TypeError, AttributeError, RecursionError):
        path = folder / STATE
        if path.stat().st_size <= _BYTES:
            found = json.loads(path.read_text(encoding="utf-8"))
            return {name: _chapter(name, found[name]) for name in EXERCISES if name in found}
    return {}


def save(folder: Path, chapters: Mapping[str, Chapter]) -> bool:
    """Write the state file; whether that was possible."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=folder, prefix=STATE, delete=False, encoding="utf-8"
        ) as part:
            json.dump({name: asdict(chapter) for name, chapter in chapters.items()}, part)
        os.replace(part.name, folder / STATE)
    except OSError:
        return False
    return True


def _chapter(name: str, data: Any) -> Chapter:
    status = {
        exercise: data["status"].get(exercise, "") if data["status"].get(exercise) in WORDS else ""
        for exercise in EXERCISES[name]
    }
    points = {str(key): float(value) for key, value in data["points"].items()}
    return Chapter(name, status, points, str(data["digest"]), str(data["path"]))


def unknown(name: str) -> Chapter:
    """A notebook of which nothing is known yet."""
    return Chapter(name, dict.fromkeys(EXERCISES[name], ""))


def notebooks_in(folder: Path) -> dict[str, Path]:
    """The course's notebooks below a folder: assignment -> file.

    Raises:
        NotebookError: if the folder holds none.
    """
    found = {}
    for name in EXERCISES:
        for path in (folder / name / f"{name}.ipynb", folder / f"{name}.ipynb"):
            if path.is_file():
                found[name] = path
                break
    if not found:
        raise NotebookError(
            f"{folder} holds none of the course's notebooks, such as 01_mdp/01_mdp.ipynb. Name "
            "the folder you work in, for example: python -m qlib progress lab"
        )
    return found


def what_next(chapters: Sequence[Chapter], here: str = "") -> str:
    """A sentence: which exercise comes next, from the notebook `here` on, else from the first."""
    names = [chapter.name for chapter in chapters]
    start = names.index(here) if here in names else 0
    for chapter in [*chapters[start:], *chapters[:start]]:
        if not chapter.done:
            where = "this notebook" if chapter.name == here else chapter.path or chapter.name
            return f"Next: `{chapter.next_exercise}` in {where}."
    return "Every visible check passes."


class Standing:
    """What the last cell of a notebook shows.

    Args:
        chapters: every notebook, in order.
        here: name of the one in which it is shown.
    """

    def __init__(self, chapters: list[Chapter], here: str):
        self.chapters = chapters
        self.here = here

    def _rows(self) -> list[tuple[str, str, str]]:
        """Sign, name and text of each line."""
        rows = []
        for chapter in self.chapters:
            mark = "✓" if chapter.done else "·"
            rows.append((mark, chapter.name, chapter.line()))
            if chapter.name == self.here:
                for name, status in chapter.status.items():
                    sign, word = WORDS.get(status, ("–", "not checked"))
                    if status != "passed":
                        rows.append(("", f"    {sign} {name}", word))
        return rows

    def __repr__(self) -> str:
        lines = [f"{mark:1} {name:24} {text}" for mark, name, text in self._rows()]
        return "\n".join([*lines, what_next(self.chapters, self.here)])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><td style="text-align:left">{mark}</td>'
            f'<td style="text-align:left;white-space:pre">{html.escape(name)}</td>'
            f'<td style="text-align:left">{html.escape(text)}</td></tr>'
            for mark, name, text in self._rows()
        )
        text = html.escape(what_next(self.chapters, self.here))
        text = _CODE.sub(r"<code>\1</code>", text)
        return (
            f'<div role="status"><table>{rows}</table>'
            f"<p>{text} Hidden checks look further.</p></div>"
        )


def progress(name: str) -> Standing:
    """Where you stand: what the checks of this notebook said when they were last run here.

    What other notebooks said is remembered in `.progress.json`, in the folder above.

    Args:
        name: of this notebook, for example `"01_mdp"`.

    Raises:
        ValueError: if there is no such notebook.
    """
    if name not in EXERCISES:
        raise ValueError(f"there is no notebook {name!r}; the course has {', '.join(EXERCISES)}")
    folder = Path.cwd().parent
    known = load(folder)
    status = {exercise: latest.get(f"{name}/{exercise}", "") for exercise in EXERCISES[name]}
    points = known[name].points if name in known else {}
    with suppress(NotebookError):
        points = read_notebook(Path(f"{name}.ipynb")).points
    known[name] = Chapter(name, status, points, "", f"{name}/{name}.ipynb")
    save(folder, known)
    return Standing([known.get(other) or unknown(other) for other in EXERCISES], name)
