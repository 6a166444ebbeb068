"""What a worker process does: examine one submission and write its outcome."""

import contextlib
import hashlib
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import qlib
from grader.collect import Submission
from grader.outcome import Outcome
from grader.store import write_atomically

ROOT = Path(__file__).resolve().parent.parent

# Modules that show, store or release, and so cannot change an outcome.
_ELSEWHERE = {
    "__main__",
    "audit",
    "autograded",
    "batch",
    "build",
    "bundle",
    "console",
    "doctor",
    "expand",
    "exports",
    "feedback",
    "grade",
    "marks",
    "neutral",
    "pool",
    "record",
    "release",
    "source",
    "store",
    "collect",
}


@dataclass(frozen=True)
class Job:
    """One submission to examine.

    Attributes:
        submission: what was handed in.
        versions: what the outcome will depend on; written into it.
        target: where the outcome is written.
    """

    submission: Submission
    versions: dict[str, str]
    target: Path


@contextlib.contextmanager
def examining(
    root: Path = ROOT, unsandboxed: bool = False, cell_seconds: float | None = None
) -> Iterator[Callable[[Job], str]]:
    """A function that does a `Job` and returns the outcome's status.

    Args:
        root: the course's folder.
        unsandboxed: run submissions without a sandbox.
        cell_seconds: time limit of one cell; the examiner's by default.
    """
    from grader.examine import Examiner
    from grader.warm import Limits

    limits = Limits() if cell_seconds is None else replace(Limits(), cell=cell_seconds)
    with Examiner(unsandboxed=unsandboxed, limits=limits, root=root) as examiner:
        yield lambda job: do(job, examiner.examine)


def do(job: Job, examine: Callable[..., Outcome]) -> str:
    """Examine a submission and write the outcome; its status.

    Args:
        job: what to examine.
        examine: `examine(path, student, assignment)`.
    """
    submission = job.submission
    names = {"student": submission.student, "assignment": submission.assignment}
    if submission.problem:
        outcome = Outcome(**names, status=submission.status, message=submission.problem)
    else:
        try:
            outcome = examine(submission.path, submission.student, submission.assignment)
        except Exception as error:
            outcome = failed(submission, f"{error!r}\n{traceback.format_exc()}")
    versions = {**outcome.versions, **job.versions}
    outcome = replace(outcome, **names, versions=versions)
    write_atomically(job.target, outcome.to_json().encode())
    return outcome.status


def failed(submission: Submission, details: str) -> Outcome:
    """The outcome of a submission that the grader could not examine."""
    return Outcome(
        submission.student,
        submission.assignment,
        "grader_error",
        message="The grader failed. This is not your fault, and your work will be graded again.",
        details=details,
    )


def versions_of(assignment: str, root: Path = ROOT) -> dict[str, str]:
    """What every outcome of an assignment depends on, besides the submission."""
    source = root / "solutions" / assignment / f"{assignment}.ipynb"
    return {
        "assignment": hashlib.sha256(source.read_bytes()).hexdigest(),
        "grader": f"{qlib.__version__}+{_code(assignment)}",
    }


def _code(assignment: str) -> str:
    """A hash of the code that decides about points: qlib, the examiner and this exam."""
    found = hashlib.sha256()
    for package in (ROOT / "grader", ROOT / "qlib"):
        for path in sorted(package.rglob("*.py")):
            elsewhere = path.parent == ROOT / "grader" and path.stem in _ELSEWHERE
            other_exam = path.stem.startswith("nb") and path.stem != f"nb{assignment}"
            if not elsewhere and not other_exam:
                found.update(f"{path.relative_to(ROOT)}\n".encode())
                found.update(path.read_bytes())
    return found.hexdigest()[:16]
