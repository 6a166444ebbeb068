"""What examining one submission yields: plain data that can be stored, recorded and replayed."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from qlib.checks import CheckResult, Report

STATUSES = (
    "graded",  # examined to the end
    "tampered",  # graded all the same; something in the notebook was ignored
    "timeout",  # a cell of the student's did not end; everything up to it was graded
    "killed_memory",  # used more memory than allowed
    "crashed",  # the student's process died
    "unreadable",  # not a notebook
    "wrong_assignment",  # a notebook, but not this one
    "missing",  # nothing was handed in
    "grader_error",  # our fault: never a zero, graded again on the next run
)


def gist(details: str) -> str:
    """What `details` say in one line: of a traceback the exception, else the first line."""
    lines = details.strip().splitlines() or [""]
    if lines[0].startswith("Traceback"):
        last = max((k for k, line in enumerate(lines) if line.startswith("  ")), default=0)
        return lines[min(last + 1, len(lines) - 1)]
    return lines[0]


@dataclass(frozen=True)
class ExerciseOutcome:
    """One exercise of one submission.

    Attributes:
        id: `<assignment>/<function name>`.
        visible: what the visible checks found.
        hidden: what the exam found; its points are the grade.
        seconds: wall time of the checks.
        versions: what this verdict depends on, where that differs from the outcome's `versions`:
            exercises can be examined again one by one.
    """

    id: str
    visible: Report
    hidden: Report
    seconds: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """Points earned."""
        return self.hidden.points

    @property
    def max_points(self) -> float:
        """Points to be earned."""
        return self.hidden.max_points


@dataclass(frozen=True)
class Outcome:
    """One submission, examined.

    Attributes:
        student: the student's id.
        assignment: the notebook's name.
        status: one of `STATUSES`.
        message: one sentence for the student; empty when graded.
        details: for the instructor.
        seed: of the last examination. Each report has the seed that replays it.
        seconds: wall time of the last examination.
        level: sandbox level, `full`, `reduced` or `none`.
        exercises: in the order of the notebook.
        notebook: the executed notebook (nbformat 4 as a dict) with outputs of the student's cells
            and reports at the grade cells, or None if there was nothing to execute.
        ignored: what in the submission was not used (moved cells, changed metadata, ...).
        cpu: CPU seconds by part: `student`, `checks`, `overhead`.
        versions: `submission`, `assignment` (hashes) and `grader` (version); decides about reuse.
    """

    student: str
    assignment: str
    status: str
    message: str = ""
    details: str = ""
    seed: int = 0
    seconds: float = 0.0
    level: str = "none"
    exercises: tuple[ExerciseOutcome, ...] = ()
    notebook: dict[str, Any] | None = None
    ignored: tuple[str, ...] = ()
    cpu: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """Points earned."""
        return round(sum(exercise.points for exercise in self.exercises), 6)

    @property
    def max_score(self) -> float:
        """Points to be earned."""
        return round(sum(exercise.max_points for exercise in self.exercises), 6)

    def to_json(self) -> str:
        """As JSON; `from_json` reads it back."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Outcome":
        """The inverse of `to_json`."""
        data = json.loads(text)
        exercises = tuple(
            ExerciseOutcome(
                e["id"],
                _report(e["visible"]),
                _report(e["hidden"]),
                e.get("seconds", 0.0),
                e.get("versions", {}),
            )
            for e in data.pop("exercises")
        )
        data["ignored"] = tuple(data["ignored"])
        return cls(exercises=exercises, **data)

    def result(self) -> dict[str, Any]:
        """The entry of this outcome in the JSON that `grade --json` writes (a contract)."""
        return {
            "student": self.student,
            "assignment": self.assignment,
            "status": self.status,
            "message": self.message,
            "score": self.score,
            "max_score": self.max_score,
            "seed": self.seed,
            "seconds": round(self.seconds, 3),
            "level": self.level,
            "exercises": [
                {
                    "id": exercise.id,
                    "points": exercise.points,
                    "max_points": exercise.max_points,
                    "checks": [
                        {
                            "title": result.title,
                            "passed": result.passed,
                            "points": result.points,
                            "max_points": result.max_points,
                            "message": result.message,
                        }
                        for result in exercise.hidden.results
                    ],
                }
                for exercise in self.exercises
            ],
        }


def _report(data: dict[str, Any]) -> Report:
    results = tuple(
        CheckResult(**{**result, "where": tuple(result["where"])}) for result in data["results"]
    )
    return Report(data["id"], results, data["seed"])
