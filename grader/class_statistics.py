"""What a class's grades say about the exercises: difficulty, discrimination, shared mistakes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from grader.outcome import Outcome

BINS = 10
_NO_MISTAKE = ("passed", "to do", "not run")


@dataclass(frozen=True)
class Mistake:
    """A mistake, and who probably made it.

    Attributes:
        text: the cause that the check names; where it names none, what it saw.
        named: whether the check names a cause.
        students: ids.
    """

    text: str
    named: bool
    students: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One exercise.

    Attributes:
        name: of the function.
        worth: points.
        mean: average part of the points earned, in [0, 1].
        full: students with all points.
        none: students with no point.
        to_do: students who have not written it.
        discrimination: correlation of its points with the points of all other exercises, in
            [-1, 1]; None where one of them does not vary.
        mistakes: the most frequent first.
    """

    name: str
    worth: float
    mean: float
    full: int
    none: int
    to_do: int
    discrimination: float | None
    mistakes: tuple[Mistake, ...] = ()


@dataclass
class Class:
    """Everything that a report shows; filled one outcome after the other.

    Attributes:
        assignment: its name.
        totals: student -> points of record.
        max_score: points to be had.
        statuses: status -> students.
        cpu: student -> CPU seconds of the student's own code.
        answers: student -> exercise -> source.
        waiting: graded cell -> how many wait for a person's grade.
    """

    assignment: str
    totals: dict[str, float] = field(default_factory=dict)
    max_score: float = 0.0
    statuses: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    cpu: dict[str, float] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    _points: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    _worth: dict[str, float] = field(default_factory=dict)
    _first: dict[str, dict[str, tuple[str, bool]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    _to_do: Counter = field(default_factory=Counter)

    def add(self, outcome: Outcome, points: Mapping[str, float], total: float) -> None:
        """Add one submission.

        Args:
            outcome: what the examination found.
            points: exercise -> points of record.
            total: points of record of the whole submission, after a late penalty.
        """
        student = outcome.student
        self.totals[student] = total
        self.statuses[outcome.status].append(student)
        self.cpu[student] = float(outcome.cpu.get("student", 0.0))
        self.answers[student] = answers_of(outcome)
        for exercise in outcome.exercises:
            name = exercise.id.split("/")[1]
            self._worth[name] = exercise.max_points
            self._points[student][name] = points.get(name, exercise.points)
            self._to_do[name] += exercise.hidden.status == "to do"
            mistake = _mistake(exercise.hidden.results)
            if mistake:
                self._first[name][student] = mistake

    def items(self) -> list[Item]:
        """The exercises, in the order of the notebook."""
        names = [name for name, worth in self._worth.items() if worth]
        students = list(self.totals)
        table = np.array(
            [
                [self._points.get(student, {}).get(name, 0.0) for name in names]
                for student in students
            ]
        ).reshape(len(students), len(names))
        found = []
        for column, name in enumerate(names):
            points, worth = table[:, column], self._worth[name]
            found.append(
                Item(
                    name,
                    worth,
                    float(points.mean() / worth) if len(points) else 0.0,
                    int((points >= worth - 1e-9).sum()),
                    int((points <= 1e-9).sum()),
                    self._to_do[name],
                    _correlation(points, table.sum(axis=1) - points),
                    self._mistakes(name),
                )
            )
        return found

    def _mistakes(self, name: str) -> tuple[Mistake, ...]:
        who: dict[tuple[str, bool], list[str]] = defaultdict(list)
        for student, mistake in self._first[name].items():
            who[mistake].append(student)
        ordered = sorted(who.items(), key=lambda pair: (-len(pair[1]), not pair[0][1], pair[0]))
        return tuple(Mistake(text, named, tuple(students)) for (text, named), students in ordered)

    def distribution(self) -> list[tuple[str, int]]:
        """How many students have how many points: label and number of each of ten bins."""
        most = self.max_score or 1.0
        edges = np.linspace(0, most, BINS + 1)
        counts, _ = np.histogram(list(self.totals.values()), bins=edges)
        above = sum(total > most for total in self.totals.values())  # extra credit
        counts[-1] += above
        labels = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
        return list(zip(labels, map(int, counts), strict=True))


def _mistake(results: Iterable) -> tuple[str, bool] | None:
    """The first mistake that a report names, else the first thing that it saw."""
    failed = [result for result in results if result.status not in _NO_MISTAKE]
    for result in failed:
        if result.cause:
            return result.cause, True
    if not failed:
        return None
    first = failed[0]
    return (first.symptom if first.status == "error" else f"not: {first.title}"), False


def answers_of(outcome: Outcome) -> dict[str, str]:
    """Exercise -> source of its answer cell, from an outcome's notebook."""
    found = {}
    for cell in (outcome.notebook or {}).get("cells", ()):
        grade_id = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")
        if isinstance(grade_id, str) and grade_id.startswith("answer-"):
            found[grade_id.removeprefix("answer-")] = "".join(cell.get("source", ""))
    return found


def _correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    if len(one) < 3 or np.std(one) < 1e-12 or np.std(other) < 1e-12:
        return None
    return float(np.corrcoef(one, other)[0, 1])
