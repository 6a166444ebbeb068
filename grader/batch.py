"""Examine and record a batch of submissions: the run behind `python -m grader grade`."""

import functools
import json
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import qlib
from grader import worker
from grader.child import Died
from grader.collect import Submission, digest
from grader.merge import can_keep
from grader.outcome import Outcome
from grader.run_log import RunLog
from grader.store import Store, write_atomically

Step = Callable[[str], None]
Check = Callable[[], None]
Examined = Iterable[tuple[worker.Job, Any]]


@dataclass
class Batch:
    """One run of the command. Holds little of each submission: a class may have thousands.

    Attributes:
        todo: what has to be examined.
        kept: what is unchanged since an earlier run.
        whole: what has to be examined to the end, though single exercises were asked for.
        results: what a person sees of each submission, sorted; see `short`.
        faults: what the grader itself could not do, with the submission.
    """

    todo: list[worker.Job] = field(default_factory=list)
    kept: list[Submission] = field(default_factory=list)
    whole: list[Submission] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)
    faults: list[tuple[Submission, str]] = field(default_factory=list)


def plan(
    submissions: Sequence[Submission],
    store: Store,
    root: Path,
    terms: worker.Terms,
    *,
    force: bool = False,
    exercises: Mapping[str, Sequence[str]] | None = None,
    check: Check = lambda: None,
) -> Batch:
    """What has to be examined, and what is unchanged.

    Args:
        submissions: all that were asked for.
        store: the output folder.
        root: the course's folder.
        terms: what else an outcome depends on.
        force: examine everything.
        exercises: assignment -> names of the exercises to judge anew; the verdicts on the others
            are kept where the submission is the same.
        check: called before each submission; may raise.
    """
    batch = Batch()
    code = {name: worker.versions_of(name, root) for name in {s.assignment for s in submissions}}
    for submission in submissions:
        check()
        versions = {
            "submission": digest(submission),
            "limits": str(terms),
            **code[submission.assignment],
        }
        target = store.path(submission.assignment, submission.id)
        earlier = store.load(submission.assignment, submission.id)
        only = tuple((exercises or {}).get(submission.assignment, ()))
        if only and not can_keep(earlier, versions):
            only = ()
            batch.whole.append(submission)
        unchanged = earlier is not None and versions.items() <= earlier.versions.items()
        if unchanged and earlier.status != "grader_error" and not force and not only:
            batch.kept.append(submission)
        else:
            batch.todo.append(worker.Job(submission, versions, target, only))
    return batch


def run(
    batch: Batch,
    store: Store,
    root: Path,
    examined: Examined,
    step: Step,
    *,
    log: RunLog,
    check: Check = lambda: None,
) -> None:
    """Record a batch: what is unchanged, then each outcome as it comes.

    Args:
        batch: gets the results and faults.
        store: the output folder.
        root: the course's folder.
        examined: pairs of a job of `batch.todo` and what its worker gave back.
        step: is told the status of each examined submission.
        log: is told what was found.
        check: called between two submissions; may raise to stop the run there.

    Raises:
        StorageError: if the output folder cannot be written.
    """
    from grader import exports
    from grader.marks import waiting
    from grader.record import Recorder
    from grader.storage import storage

    submissions = [*batch.kept, *(job.submission for job in batch.todo)]
    with storage(store.out), Recorder(store.out, root) as recorder:
        for name in sorted({submission.assignment for submission in submissions}):
            recorder.prepare(name)
        for submission in batch.kept:
            check()
            log.kept(_finish(batch, store, recorder, submission), submission)
        for job, result in examined:
            if isinstance(result, OSError):  # the outcome could not be written
                raise result
            if isinstance(result, Died):
                store.save(worker.failed(job.submission, str(result)), job.submission.id)
            outcome = _finish(batch, store, recorder, job.submission)
            log.examined(outcome, job.submission)
            step(outcome.status)
            check()
        exports.export_grades(recorder.gradebook, store.out / "grades.csv")
        exports.export_exercises(recorder.gradebook, recorder.order(), store.out / "exercises.csv")
        log.waiting(waiting(recorder.gradebook))
    batch.results.sort(key=lambda result: (result["student"], result["assignment"]))


def write_json(path: Path, batch: Batch, store: Store, submissions: Iterable[Submission]) -> None:
    """Write what `grade --json` promises, one submission after the other.

    Args:
        path: the file.
        batch: after its run.
        store: the output folder, which holds the outcomes.
        submissions: all of the batch.
    """
    worth = {
        result["assignment"]: {e["id"]: e["max_points"] for e in result["exercises"]}
        for result in batch.results
    }

    def pieces() -> Iterator[bytes]:
        yield f'{{\n "grader": {json.dumps(qlib.__version__)},\n "results": ['.encode()
        comma = "\n"
        for submission in sorted(submissions, key=lambda s: (s.student, s.assignment)):
            outcome = store.load(submission.assignment, submission.id)
            if outcome is None:
                raise OSError(f"{store.path(submission.assignment, submission.id)} cannot be read")
            result = complete(outcome.result(), worth[submission.assignment])
            yield f"{comma}  {json.dumps(result)}".encode()
            comma = ",\n"
        yield b"\n ]\n}\n"

    write_atomically(path, pieces())


def _finish(batch: Batch, store: Store, recorder: Any, submission: Submission) -> Outcome:
    """Record one outcome, unless that is done, and write its page; the outcome."""
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
    batch.results.append(short(complete(outcome.result(), recorder.worth(submission.assignment))))
    return outcome


def _record(store: Store, recorder: Any, outcome: Outcome, submission: Submission) -> None:
    """Record an outcome and write its page, as far as that is not done."""
    from grader import feedback

    place = (submission.assignment, submission.id)
    done, page = store.recorded(*place)
    if not (done and recorder.holds(*place)):
        page = ""
        recorder.record(outcome, submission)
    else:
        recorder.penalise(*place)  # the due date may have been set since
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


def short(result: Mapping[str, Any]) -> dict[str, Any]:
    """What a person sees of a result: of each exercise the points, and whether it passed."""
    kept = ("student", "assignment", "status", "score", "max_score", "level")
    exercises = [
        _exercise(
            exercise["id"],
            exercise["points"],
            exercise["max_points"],
            bool(exercise["checks"]) and all(check["passed"] for check in exercise["checks"]),
        )
        for exercise in result["exercises"]
    ]
    return {**{name: result[name] for name in kept}, "exercises": exercises}


@functools.lru_cache(maxsize=4096)
def _exercise(name: str, points: float, worth: float, passed: bool) -> dict[str, Any]:
    """An exercise with this result; students share it."""
    return {"id": name, "points": points, "max_points": worth, "passed": passed}
