"""Examine and record a batch of submissions: the run behind `python -m grader grade`."""

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader import worker
from grader.collect import Submission, digest
from grader.outcome import Outcome
from grader.pool import Died
from grader.store import Store

Step = Callable[[str], None]
Examined = Iterable[tuple[worker.Job, Any]]


@dataclass
class Batch:
    """One run of the command.

    Attributes:
        todo: what has to be examined.
        kept: what is unchanged since an earlier run.
        results: entries of the JSON, one a submission.
        faults: what the grader itself could not do, with the submission.
    """

    todo: list[worker.Job] = field(default_factory=list)
    kept: list[Submission] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)
    faults: list[tuple[Submission, str]] = field(default_factory=list)


def plan(
    submissions: Sequence[Submission], store: Store, root: Path, limits: str, force: bool
) -> Batch:
    """What has to be examined, and what is unchanged.

    Args:
        submissions: all that were asked for.
        store: the output folder.
        root: the course's folder.
        limits: what else an outcome depends on.
        force: examine everything.
    """
    batch = Batch()
    code = {name: worker.versions_of(name, root) for name in {s.assignment for s in submissions}}
    for submission in submissions:
        versions = {
            "submission": digest(submission),
            "limits": limits,
            **code[submission.assignment],
        }
        earlier = store.load(submission.assignment, submission.id)
        unchanged = earlier is not None and versions.items() <= earlier.versions.items()
        if unchanged and earlier.status != "grader_error" and not force:
            batch.kept.append(submission)
        else:
            target = store.path(submission.assignment, submission.id)
            batch.todo.append(worker.Job(submission, versions, target))
    return batch


def run(batch: Batch, store: Store, root: Path, examined: Examined, step: Step) -> None:
    """Record a batch: what is unchanged, then each outcome as it comes.

    Args:
        batch: gets the results and faults.
        store: the output folder.
        root: the course's folder.
        examined: pairs of a job of `batch.todo` and what its worker gave back.
        step: is told the status of each examined submission.

    Raises:
        StorageError: if the output folder cannot be written.
    """
    from grader import exports
    from grader.record import Recorder, storage

    submissions = [*batch.kept, *(job.submission for job in batch.todo)]
    with storage(store.out), Recorder(store.out, root) as recorder:
        for name in sorted({submission.assignment for submission in submissions}):
            recorder.prepare(name)
        for submission in batch.kept:
            _finish(batch, store, recorder, submission)
        for job, result in examined:
            if isinstance(result, OSError):  # the outcome could not be written
                raise result
            if isinstance(result, Died):
                store.save(worker.failed(job.submission, str(result)), job.submission.id)
            step(_finish(batch, store, recorder, job.submission))
        exports.export_grades(recorder.gradebook, store.out / "grades.csv")
        exports.export_exercises(recorder.gradebook, recorder.order(), store.out / "exercises.csv")
    batch.results.sort(key=lambda result: (result["student"], result["assignment"]))


def _finish(batch: Batch, store: Store, recorder: Any, submission: Submission) -> str:
    """Record one outcome, unless that is done, and write its page; the outcome's status."""
    from sqlalchemy.exc import SQLAlchemyError

    outcome = store.load(submission.assignment, submission.id)
    if outcome is None:
        raise OSError(f"{store.path(submission.assignment, submission.id)} cannot be read")
    if outcome.status != "grader_error":
        try:
            _record(store, recorder, outcome, submission)
        except (OSError, SQLAlchemyError):
            raise  # the whole batch is in trouble, not this submission
        except Exception as error:
            recorder.gradebook.db.rollback()
            details = f"recording failed: {error!r}\n{traceback.format_exc()}"
            outcome = worker.failed(submission, details)
            store.save(outcome, submission.id)
    if outcome.status == "grader_error":
        batch.faults.append((submission, outcome.details))
    batch.results.append(complete(outcome.result(), recorder.worth(submission.assignment)))
    return outcome.status


def _record(store: Store, recorder: Any, outcome: Outcome, submission: Submission) -> None:
    """Record an outcome and write its page, as far as that is not done."""
    from grader import feedback

    place = (submission.assignment, submission.id)
    done, page = store.recorded(*place)
    if not (done and recorder.holds(*place)):
        page = ""
        recorder.record(outcome, submission)
    marks = recorder.marks(*place)
    made_from = feedback.made_from(marks)
    if page != made_from:
        feedback.write(store.out, outcome, marks, submission.id, recorder.given(place[0]))
        store.set_recorded(*place, made_from)


def complete(result: dict[str, Any], worth: Mapping[str, float]) -> dict[str, Any]:
    """A result with every exercise in it: 0 points for those that could not be examined.

    Args:
        result: an entry of the JSON.
        worth: exercise id -> points.
    """
    found = {exercise["id"]: exercise for exercise in result["exercises"]}
    exercises = [
        found.get(name, {"id": name, "points": 0.0, "max_points": points, "checks": []})
        for name, points in worth.items()
    ]
    whole = round(sum(exercise["max_points"] for exercise in exercises), 6)
    return {**result, "max_score": whole, "exercises": exercises}
