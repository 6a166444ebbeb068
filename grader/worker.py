"""What a worker process does: examine one submission and write its outcome."""

import contextlib
import hashlib
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import qlib
from grader.collect import Submission
from grader.merge import merged
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
    "child",
    "choose",
    "cluster",
    "cluster_sent",
    "cluster_worker",
    "console",
    "class_statistics",
    "classroom",
    "doctor",
    "expand",
    "export",
    "exports",
    "feedback",
    "formulas",
    "grade",
    "gradescope",
    "lms",
    "marks",
    "merge",
    "neutral",
    "pages",
    "pool",
    "record",
    "release",
    "replay",
    "report",
    "roster",
    "similarity",
    "run_log",
    "source",
    "stopping",
    "storage",
    "progress",
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
        only: names of the exercises to judge, all if empty; the verdicts on others stay as they
            are in the outcome that stands at `target`.
    """

    submission: Submission
    versions: dict[str, str]
    target: Path
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What else an outcome depends on, as given on the command line.

    Attributes:
        cell_seconds: time limit of one cell; the examiner's by default.
        unsandboxed: submissions run without a sandbox.
    """

    cell_seconds: float | None = None
    unsandboxed: bool = False

    def __str__(self) -> str:
        text = f"{self.cell_seconds!r} s a cell" if self.cell_seconds else "usual"
        return text + ", no sandbox" * self.unsandboxed

    @classmethod
    def read(cls, text: str) -> "Terms":
        """The inverse of `str`; the usual terms where the text is none."""
        seconds = text.split(" s a cell")[0] if " s a cell" in text else ""
        return cls(float(seconds) if seconds else None, text.endswith(", no sandbox"))

    def limits(self) -> Any:
        """As the examiner takes them."""
        from grader.warm import Limits

        usual = Limits()
        return usual if self.cell_seconds is None else replace(usual, cell=self.cell_seconds)


@contextlib.contextmanager
def examining(root: Path = ROOT, terms: Terms = Terms()) -> Iterator[Callable[[Job], str]]:
    """A function that does a `Job` and returns the outcome's status.

    Args:
        root: the course's folder.
        terms: limits, and whether there is a sandbox.
    """
    from grader.examine import Examiner

    with Examiner(unsandboxed=terms.unsandboxed, limits=terms.limits(), root=root) as examiner:
        yield lambda job: do(job, examiner.examine)


def do(job: Job, examine: Callable[..., Outcome]) -> str:
    """Examine a submission and write the outcome; its status.

    Args:
        job: what to examine.
        examine: `examine(path, student, assignment)`, with `only=names` for single exercises.
    """
    submission = job.submission
    names = {"student": submission.student, "assignment": submission.assignment}
    if submission.problem:
        outcome = Outcome(**names, status=submission.status, message=submission.problem)
    else:
        only = {"only": job.only} if job.only else {}
        place = (submission.path, submission.student, submission.assignment)
        try:
            outcome = examine(*place, **only)
            if outcome.status == "crashed":  # or somebody else has killed it: what crashes by
                outcome = examine(*place, **only)  # itself does so again
        except Exception as error:
            outcome = failed(submission, f"{error!r}\n{traceback.format_exc()}")
    versions = {**outcome.versions, **job.versions}
    return keep(job, replace(outcome, **names, versions=versions))


def keep(job: Job, outcome: Outcome) -> str:
    """Write an outcome, with earlier verdicts if single exercises were judged; its status."""
    if job.only:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            earlier = Outcome.from_json(job.target.read_text(encoding="utf-8"))
            outcome = merged(earlier, outcome, job.only)
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
