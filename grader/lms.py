"""Gradebook files that Canvas and Moodle import, from the gradebook.

Canvas (instructors' guide, "How do I import grades in the Gradebook?"): the columns of its own
export, then one column an assignment; a row "Points Possible" under the heading. Moodle (docs,
"Grade import"): a CSV with a column that identifies the student and one a grade item.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.exports import cell
from grader.marks import all_marks
from grader.roster import Roster

CANVAS_IDS = ("SIS Login ID", "SIS User ID", "ID")
CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Root Account", "Section")
MOODLE_IDS = ("Username", "ID number", "Email address")
POINTS_POSSIBLE = "Points Possible"


@dataclass(frozen=True)
class Grades:
    """Everything that is exported.

    Attributes:
        columns: title -> points possible, in order.
        of: student -> title -> points.
    """

    columns: dict[str, float]
    of: dict[str, dict[str, float]]


def grades(
    gradebook: Any,
    order: dict[str, Sequence[str]],
    assignments: Sequence[str] = (),
    *,
    exercises: bool = False,
) -> Grades:
    """Totals, after late penalties, and if wanted the points of each exercise.

    Args:
        gradebook: nbgrader's `Gradebook`.
        order: assignment -> grade ids in the order of the notebook.
        assignments: which ones; all by default.
        exercises: a column an exercise, too.

    Raises:
        KeyError: with a sentence, for an assignment without a grade.
    """
    known = sorted(assignment.name for assignment in gradebook.assignments)
    for name in assignments:
        if name not in known:
            raise KeyError(
                f"The gradebook has no assignment {name!r}; it has {', '.join(known) or 'none'}."
            )
    columns: dict[str, float] = {}
    found: dict[str, dict[str, float]] = {}
    for name in assignments or known:
        assignment = gradebook.find_assignment(name)
        columns[name] = float(assignment.max_score)
        for submission in assignment.submissions:
            score = float(submission.score) - float(submission.late_submission_penalty or 0.0)
            found.setdefault(submission.student.id, {})[name] = round(max(0.0, score), 6)
    if exercises:
        marks = [m for m in all_marks(gradebook) if not assignments or m[1] in assignments]
        for name in assignments or known:
            for grade_id in order.get(name, ()):
                for student, assignment, mark in marks:
                    if (assignment, mark.id) == (name, grade_id):
                        title = f"{name}: {mark.name}"
                        columns[title] = mark.max_score
                        found[student][title] = mark.score
    return Grades(columns, found)


def canvas(found: Grades, roster: Roster) -> bytes:
    """The file for Canvas's gradebook: roster rows with our columns.

    A student who handed in nothing keeps empty cells, which leave Canvas's grade as it is.
    """
    kept = [name for name in CANVAS_COLUMNS if name in roster.columns]
    titles = _titles(found, roster)
    possible = ["", *[""] * (len(kept) - 1), *[f"{found.columns[t]:g}" for t in titles]]
    possible[0] = f"    {POINTS_POSSIBLE}"
    lines = [[*kept, *titles.values()], possible]
    for student, row in roster.rows.items():
        lines.append([*[row[name] for name in kept], *_points(found, student, titles)])
    return _table(lines)


def moodle(found: Grades, roster: Roster) -> bytes:
    """The file for Moodle's grade import: the identifying column, then one a grade item."""
    titles = {title: f"{title} (of {points:g})" for title, points in found.columns.items()}
    lines = [[roster.key, *titles.values()]]
    lines += [[student, *_points(found, student, titles)] for student in roster.rows]
    return _table(lines)


def _titles(found: Grades, roster: Roster) -> dict[str, str]:
    """Our title -> Canvas's: with its number, `01_mdp (4711)`, if the roster has that column."""
    with_number = {name.rpartition(" (")[0]: name for name in roster.columns if " (" in name}
    return {title: with_number.get(title, title) for title in found.columns}


def _points(found: Grades, student: str, titles: dict[str, str]) -> list[str]:
    points = found.of.get(student, {})
    return [f"{points[title]:g}" if title in points else "" for title in titles]


def _table(lines: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([[cell(value) for value in line] for line in lines])
    return text.getvalue().encode("utf-8", "replace")
