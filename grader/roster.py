"""The class list of an LMS: a CSV file with a column that holds the ids of the submissions."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


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


def read(path: Path, key: str | None, usual: Iterable[str], skip: str = "") -> Roster:
    """Read a roster.

    Args:
        path: a CSV file, in UTF-8, its first line naming the columns.
        key: the column with the ids under which students handed in.
        usual: where to look for them if `key` is None: the first of these columns that exists.
        skip: leave out rows whose first column, without white space, is this text.

    Raises:
        RosterError: if there is no such file or column, or if an id comes twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RosterError(f"{path} cannot be read as a CSV file in UTF-8: {error}.") from error
    lines = [line for line in csv.reader(io.StringIO(text, newline="")) if any(line)]
    if not lines:
        raise RosterError(f"{path} is empty.")
    columns = tuple(name.strip() for name in lines[0])
    if key is None:
        key = next((name for name in usual if name in columns), None)
        wanted = f"any of {', '.join(usual)}"
    else:
        wanted = f"called {key!r}"
    if key not in columns:
        raise RosterError(
            f"{path} has no column {wanted}; its columns are {', '.join(columns)}. Name the one "
            "that holds your students' ids, those of the submission folders, with --id."
        )
    rows: dict[str, dict[str, str]] = {}
    for line in lines[1:]:
        row = dict(zip(columns, [*line, *[""] * len(columns)], strict=False))
        student = row[key].strip()
        if not student or (skip and line[0].strip() == skip):
            continue
        if student in rows:
            raise RosterError(f"{path} names {student} twice in column {key!r}.")
        rows[student] = row
    if not rows:
        raise RosterError(f"{path} has no student with an id in column {key!r}.")
    return Roster(columns, rows, key)
