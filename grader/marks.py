"""What the gradebook says: the grade of record, after a person may have changed it."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Mark:
    """One graded cell.

    Attributes:
        id: the cell's grade id, `test-<exercise>` or `manual-<name>`.
        score: what counts.
        max_score: what could be had.
        manual: the score was given by a person.
        waits: it waits for a person's grade.
    """

    id: str
    score: float
    max_score: float
    manual: bool = False
    waits: bool = False

    @property
    def name(self) -> str:
        """The name of the exercise."""
        return self.id.partition("-")[2]


@dataclass(frozen=True)
class Marks:
    """One submission.

    Attributes:
        cells: graded cells, in the order of the notebook.
        comments: a person's comments, by grade id of the answer.
        penalty: points taken off because it came late.
    """

    cells: tuple[Mark, ...] = ()
    comments: dict[str, str] = field(default_factory=dict)
    penalty: float = 0.0

    @property
    def score(self) -> float:
        """What counts in the end."""
        return max(0.0, round(sum(cell.score for cell in self.cells) - self.penalty, 6))

    @property
    def max_score(self) -> float:
        """What could be had."""
        return round(sum(cell.max_score for cell in self.cells), 6)

    @property
    def digest(self) -> str:
        """Changes when anything here does."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def marks_of(gradebook: Any, assignment: str, student: str, order: Sequence[str]) -> Marks:
    """One submission in the gradebook.

    Args:
        gradebook: nbgrader's `Gradebook`.
        assignment: its name, and its notebook's.
        student: the student's id.
        order: grade ids of the graded cells.
    """
    found = gradebook.find_submission_notebook(assignment, assignment, student)
    by_id = {grade.name: grade for grade in found.grades}
    cells = tuple(
        Mark(
            grade.name,
            float(grade.score),
            float(grade.max_score),
            grade.manual_score is not None or bool(grade.extra_credit),
            grade.auto_score is None and grade.manual_score is None,
        )
        for grade in (by_id[name] for name in order if name in by_id)
    )
    comments = {c.name: c.manual_comment for c in found.comments if c.manual_comment}
    return Marks(cells, dict(sorted(comments.items())), found.late_submission_penalty or 0.0)


def total(submission: Any) -> float:
    """What a submission in the gradebook counts in the end, after a late penalty."""
    penalty = float(submission.late_submission_penalty or 0.0)
    return max(0.0, round(float(submission.score) - penalty, 6))


def all_marks(gradebook: Any) -> Iterator[tuple[str, str, Mark]]:
    """Student, assignment and mark of every graded cell, sorted by student and assignment."""
    from nbgrader.api import (
        Assignment,
        BaseCell,
        Grade,
        Notebook,
        Student,
        SubmittedAssignment,
        SubmittedNotebook,
    )

    rows = (
        gradebook.db.query(Student.id, Assignment.name, BaseCell.name, Grade.score, Grade.max_score)
        .select_from(Grade)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(Student, Student.id == SubmittedAssignment.student_id)
    )
    for student, assignment, cell, score, worth in sorted(rows, key=lambda row: row[:2]):
        yield student, assignment, Mark(cell, float(score), float(worth))


def waiting(gradebook: Any) -> list[tuple[str, str, int]]:
    """Assignment, graded cell and number of students, where a person has to grade or look again."""
    from nbgrader.api import Assignment, BaseCell, Grade, Notebook, SubmittedNotebook

    rows = (
        gradebook.db.query(Assignment.name, BaseCell.name)
        .select_from(Grade)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Assignment, Assignment.id == Notebook.assignment_id)
        .filter(Grade.needs_manual_grade)
    )
    counts = Counter((assignment, cell) for assignment, cell in rows)
    return [
        (assignment, cell.partition("-")[2], number)
        for (assignment, cell), number in sorted(counts.items())
    ]
