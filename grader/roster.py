"""The class list of an LMS: a CSV file with a column that holds the ids of the submissions."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WORKSHEET_ID = "Identifier"  # "Participant 4711", in Moodle's grading worksheet


class RosterError(Exception):
    """The roster cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Roster:
    """A class list.

    Attributes:
        columns: of the file, in order.
        rows: student id -> column -> text, in the order of the file.
        key: the column that holds the student ids.
    """

    columns: tuple[str, ...]
    rows: Mapping[str, Mapping[str, str]]
    key: str

    def unknown(self, students: Iterable[str]) -> list[str]:
        """Students who are not in it."""
        return sorted(set(students) - set(self.rows))

    def without_work(self, students: Iterable[str]) -> list[str]:
        """Students in it who handed in nothing."""
        handed_in = set(students)
        return [student for student in self.rows if student not in handed_in]


def read(
    path: Path,
    key: str | None,
    usual: Sequence[str],
    skip: str = "",
    students: Iterable[str] = (),
) -> Roster:
    """Read a roster.

    Args:
        path: a CSV file in UTF-8 with commas, semicolons or tabs; its first line names the columns.
        key: the column with the ids under which students handed in.
        usual: where to look for them if `key` is None: in that of these columns that knows most of
            the students, the first of them in case of doubt.
        skip: leave out rows whose first column, without white space, is this text.
        students: ids of those who handed in.

    Raises:
        RosterError: if there is no such file or column, or if an id comes twice.
    """
    columns, lines = _table(path)
    lines = [line for line in lines if not (skip and line[0].strip() == skip)]
    if key is None:
        handed_in = set(students)
        there = [name for name in usual if name in columns]
        known = {name: len(handed_in & set(_ids(columns, lines, name))) for name in there}
        key = max(there, key=known.__getitem__, default=None)
        wanted = f"any of {', '.join(usual)}"
    else:
        wanted = f"called {key!r}"
    if key not in columns:
        raise RosterError(
            f"{path} has no column {wanted}; its columns are {', '.join(columns)}. Name the one "
            "that holds your students' ids, those of the submission folders, with --id."
        )
    rows: dict[str, dict[str, str]] = {}
    for student, line in zip(_ids(columns, lines, key), lines, strict=True):
        if not student:
            continue
        if student in rows:
            raise RosterError(f"{path} names {student} twice in column {key!r}.")
        rows[student] = dict(zip(columns, line, strict=False))
    if not rows:
        raise RosterError(f"{path} has no student with an id in column {key!r}.")
    return Roster(columns, rows, key)


def _table(path: Path) -> tuple[tuple[str, ...], list[list[str]]]:
    """The names of the columns, and the lines, each as long."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RosterError(f"{path} cannot be read as a CSV file in UTF-8: {error}.") from error
    separator = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    head, *lines = [line for line in reader if any(line)] or [[]]
    if not head:
        raise RosterError(f"{path} is empty.")
    columns = tuple(name.strip() for name in head)
    return columns, [[*line, *[""] * (len(columns) - len(line))] for line in lines]


def _ids(columns: Sequence[str], lines: Iterable[Sequence[str]], key: str) -> list[str]:
    """The students' ids in a column; of Moodle's "Participant 4711" the number."""
    ids = [line[columns.index(key)].strip() for line in lines]
    return [re.sub(r"^\D+(?=\d+$)", "", text) for text in ids] if key == WORKSHEET_ID else ids
