"""One self-contained page a student: points, what each check saw, and the student's own cells.

Nothing of a student's reaches the page as markup: text is escaped, pictures are `data:` images,
formulas are set by `grader.formulas`, and a content security policy forbids scripts and everything
from outside. No code of a hidden check is in the page.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from grader import formulas, mathml, neutral, pages
from grader.collect import shown
from grader.marks import Mark, Marks
from grader.outcome import Outcome
from grader.store import write_atomically
from qlib.checks.report import WORDS, CheckResult

MAX_SOURCE = 30_000  # characters of one cell
MAX_CELLS = 100  # of a student's other cells
_STATUSES = {
    "tampered": "graded; something in the notebook was not used",
    "timeout": "stopped: a cell took too long",
    "killed_memory": "stopped: too much memory",
    "crashed": "stopped: the notebook's process died",
    "unreadable": "could not be read",
    "wrong_assignment": "another notebook was handed in",
    "missing": "nothing was handed in",
}


def made_from(marks: Marks) -> str:
    """What a page depends on besides the outcome: changes when the page has to be made anew."""
    return hashlib.sha256(f"{_version()}{marks.digest}".encode()).hexdigest()[:24]


@cache
def _version() -> str:
    modules = (__file__, *(part.__file__ for part in (formulas, mathml, neutral, pages)))
    files = [*map(Path, modules), *sorted(pages.TEMPLATES.glob("feedback.*"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def write(out: Path, outcome: Outcome, marks: Marks, student: str, given: Any = None) -> Path:
    """Write `feedback/<student>/<assignment>.html`; its path.

    Args:
        out: the output folder.
        outcome: what the examination found.
        marks: what the gradebook says.
        student: the student's id.
        given: the assignment's own notebook, to tell the student's cells from the course's.
    """
    path = out / "feedback" / student / f"{outcome.assignment}.html"
    write_atomically(path, page(outcome, marks, given).encode("utf-8", "replace"))
    return path


def page(outcome: Outcome, marks: Marks, given: Any = None) -> str:
    """The page as HTML."""
    cells = _cells(outcome.notebook)
    set_formulas = formulas.Formulas()
    return pages.template("feedback").render(
        title=_heading(_cells(given)) or outcome.assignment,
        assignment=outcome.assignment,
        student=shown(outcome.student, 80),
        status=_STATUSES.get(outcome.status, outcome.status),
        message=outcome.message,
        ignored=outcome.ignored if outcome.status == "tampered" else (),
        score=f"{marks.score:g}",
        max_score=f"{marks.max_score:g}",
        penalty=f"{marks.penalty:g}" if marks.penalty else "",
        exercises=list(_exercises(outcome, marks, cells, given)),
        others=list(_others(cells, given)),
        seed=outcome.seed,
        words=WORDS,
        prose=set_formulas,
        ticks=partial(pages.ticks, set_formulas),
        **pages.styled("feedback"),
    )


def _exercises(outcome: Outcome, marks: Marks, cells: list, given: Any) -> Iterator[dict[str, Any]]:
    """What the template needs of each graded cell."""
    reports = {exercise.id: exercise.hidden for exercise in outcome.exercises}
    by_id = {_grade_id(cell): cell for cell in cells}
    tasks = {_grade_id(cell): cell for cell in _cells(given)}
    for number, mark in enumerate(marks.cells, start=1):
        manual = mark.id.startswith("manual-")
        report = reports.get(f"{outcome.assignment}/{mark.name}")
        answer = mark.id if manual else f"answer-{mark.name}"
        results = report.results if report else ()
        yield {
            "number": number,
            "anchor": mark.id,
            "name": mark.name,
            "task": _heading([tasks[f"task-{mark.name}"]]) if f"task-{mark.name}" in tasks else "",
            "share": _share(mark, results),
            "points": _points(mark, results),
            "manual": mark.manual,
            "comment": marks.comments.get(answer, ""),
            "checks": list(_checks(results)),
            "passed": bool(results) and all(result.passed for result in results),
            "to_do": bool(results) and all(result.status == "to do" for result in results),
            **_cell(by_id.get(answer, {})),
        }


def _checks(results: Iterable[CheckResult]) -> Iterator[CheckResult]:
    """The same trouble is told in full only once."""
    told = set()
    for result in results:
        trouble = (result.symptom, result.cause, result.expected, result.given)
        if trouble in told:
            result = replace(result.shortened("The same as above."), expected="", given="")
        elif any(trouble):
            told.add(trouble)
        yield result


def _heading(cells: Iterable[dict[str, Any]]) -> str:
    """The first heading in text cells, without "Exercise 3" before and points behind."""
    for cell in cells:
        text = neutral.joined(cell.get("source"))
        found = re.search(r"^#+\s+(.+)$", text, re.MULTILINE)
        if cell.get("cell_type") == "markdown" and found:
            return re.sub(r"^Exercise [\w.]+\W+|\s*\([^()]*points?\)\s*$", "", found[1])
    return ""


def _points(mark: Mark, results: Sequence[CheckResult]) -> str:
    if mark.waits:
        return f"to be graded, of {mark.max_score:g}"
    if not mark.max_score:  # an exercise for practice
        return f"{sum(result.passed for result in results)} of {len(results)} checks"
    return f"{mark.score:g} of {mark.max_score:g}"


def _share(mark: Mark, results: Sequence[CheckResult]) -> str:
    """How much of an exercise is done, from 0 to 1."""
    if mark.max_score:
        return f"{min(mark.score / mark.max_score, 1):.3g}"
    return f"{sum(result.passed for result in results) / max(len(results), 1):.3g}"


def _others(cells: list, given: Any) -> Iterator[dict[str, Any]]:
    """The student's own cells: neither an answer nor the course's."""
    ours = {neutral.joined(cell.get("source")) for cell in _cells(given)}
    count = 0
    for cell in cells:
        grade_id = _grade_id(cell)
        tags = cell.get("metadata", {}).get("tags", [])
        source = neutral.joined(cell.get("source"))
        if grade_id or "experiment" in tags or source in ours or not source.strip():
            continue
        count += 1
        if count > MAX_CELLS:
            return
        yield _cell(cell)


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    """A student's cell: its code or text, and what it showed."""
    source = neutral.plain(neutral.joined(cell.get("source")), MAX_SOURCE)
    if cell.get("cell_type") == "code":
        code = highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
        return {"code": Markup(code), "outputs": list(neutral.outputs(cell)), "written": ""}
    return {"code": "", "outputs": [], "written": source}


def _cells(notebook: Any) -> list:
    return notebook["cells"] if notebook else []


def _grade_id(cell: dict[str, Any]) -> str:
    return cell.get("metadata", {}).get("nbgrader", {}).get("grade_id") or ""
