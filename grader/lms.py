"""Gradebook files that Canvas and Moodle import, from the gradebook.

What they accept is in their own code. Canvas (`lib/gradebook_importer.rb`): the first columns are
Student and ID, then the two SIS ids, and the last before the assignments is Section; a column is an
assignment by the number in its heading, else by its name; an empty cell takes a grade away. Moodle
(`grade/import/csv`): a column that identifies the student, then grade items; an empty cell takes a
grade away there, too. Moodle's offline grading worksheet (`mod/assign/feedback/offline`):
Identifier, Grade and Last modified (grade).
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.exports import cell
from grader.marks import all_marks, total
from grader.roster import WORKSHEET_ID, Roster, RosterError

CANVAS_IDS = ("SIS Login ID", "SIS User ID", "ID")
CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID")
CANVAS_OPTIONAL = ("Integration ID", "Root Account")
MOODLE_IDS = ("Username", "ID number", "Email address", WORKSHEET_ID)
WORKSHEET = (WORKSHEET_ID, "Full name", "Grade", "Last modified (grade)")
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
            found.setdefault(submission.student.id, {})[name] = total(submission)
    if exercises:
        of_cell = defaultdict(list)
        for student, name, mark in all_marks(gradebook):
            of_cell[name, mark.id].append((student, mark))
        for name in assignments or known:
            for grade_id in order.get(name, ()):
                for student, mark in of_cell[name, grade_id]:
                    title = f"{name}: {mark.name}"
                    columns[title] = mark.max_score
                    found[student][title] = mark.score
    return Grades(columns, found)


def canvas(found: Grades, roster: Roster, named: Mapping[str, str] = {}) -> bytes:
    """The file for Canvas's gradebook.

    A student who handed in nothing keeps the grade that the roster shows.

    Args:
        found: the grades.
        roster: Canvas's own export, or any table with one of its columns that identify.
        named: our title -> the assignment's name in Canvas.

    Raises:
        RosterError: if nothing in the roster tells Canvas who a student is.
    """
    if not set(CANVAS_COLUMNS) & set(roster.columns):
        raise RosterError(
            f"Canvas finds a student by one of {', '.join(CANVAS_COLUMNS)}; the roster has only "
            f"{', '.join(roster.columns)}. Use the file that Canvas's gradebook exports."
        )
    optional = [name for name in CANVAS_OPTIONAL if name in roster.columns]
    people = [*CANVAS_COLUMNS, *optional, "Section"]
    numbered = {m[1]: m[0] for name in roster.columns if (m := re.match(r"(.+) \(\d+\)$", name))}
    names = {title: named.get(title, title) for title in found.columns}
    titles = {title: numbered.get(name, name) for title, name in names.items()}
    possible = [f"    {POINTS_POSSIBLE}", *[""] * (len(people) - 1)]
    lines = [[*people, *titles.values()], [*possible, *map(_number, found.columns.values())]]
    for student, row in roster.rows.items():
        points = found.of.get(student, {})
        who = [cell(row.get(name, "")) for name in people]
        grades = [
            _number(points[title]) if title in points else cell(row.get(column, ""))
            for title, column in titles.items()
        ]
        lines.append([*who, *grades])
    return _table(lines)


def moodle(found: Grades, roster: Roster, named: Mapping[str, str] = {}) -> bytes:
    """The file for Moodle: for its grade import, or its grading worksheet, filled in.

    Whoever handed in nothing is left out, and "-" is no grade.

    Args:
        found: the grades.
        roster: the class list, or the worksheet.
        named: our title -> the heading; by default with the points possible.

    Raises:
        RosterError: if the worksheet cannot take these grades.
    """
    if roster.key == WORKSHEET_ID:
        return _worksheet(found, roster)
    titles = {t: named.get(t, f"{t} (of {points:g})") for t, points in found.columns.items()}
    lines = [[cell(roster.key), *titles.values()]]
    for student, row in roster.rows.items():
        if points := found.of.get(student):
            grades = [_number(points[title]) if title in points else "-" for title in titles]
            lines.append([cell(row[roster.key].strip()), *grades])
    return _table(lines)


def _worksheet(found: Grades, roster: Roster) -> bytes:
    """The worksheet of one Moodle assignment; a grade is filled in where there is one."""
    if missing := [name for name in (*WORKSHEET[:1], *WORKSHEET[2:]) if name not in roster.columns]:
        raise RosterError(
            f"The grading worksheet has no column {', '.join(missing)}. Download it from Moodle "
            "with the language set to English."
        )
    if len(found.columns) != 1:
        raise RosterError(
            "A grading worksheet belongs to one assignment and takes one grade a student. Name "
            "the assignment with --assignment, and leave out --exercises."
        )
    ((title, worth),) = found.columns.items()
    most = {row.get("Maximum grade", row.get("Maximum Grade", "")) for row in roster.rows.values()}
    for text in most - {"", "-"}:
        if re.fullmatch(r"\d+([.,]\d+)?", text) and float(text.replace(",", ".")) != worth:
            raise RosterError(
                f"{title} has {worth:g} points, the assignment in Moodle has {text}. Set its "
                f"maximum grade to {worth:g} and download the worksheet again."
            )
    columns = [name for name in WORKSHEET if name in roster.columns]
    lines = [columns]
    for student, row in roster.rows.items():
        points = found.of.get(student, {})
        grade = {"Grade": _number(points[title])} if title in points else {}
        kept = {name: row[name] if row[name] == "-" else cell(row[name]) for name in columns}
        lines.append([*(kept | grade).values()])
    return _table(lines)


def _number(points: float) -> str:
    return f"{points:.6g}"


def _table(lines: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue().encode("utf-8", "replace")
