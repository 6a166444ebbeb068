"""Judge one exercise: run its visible, then its hidden checks against a snapshot."""

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from grader.assignment import Assignment
from grader.calls import Snapshot
from grader.execute import Execution
from grader.outcome import ExerciseOutcome
from grader.remote import Meter
from grader.transplant import Plan
from qlib.checks import AnswerError, Exercise, Report, run_checks
from qlib.checks.exercise import Call, Caller


def judge(
    name: str, assignment: Assignment, plan: Plan, execution: Execution, meter: Meter, seed: int
) -> tuple[ExerciseOutcome, float]:
    """Run the checks of one exercise.

    Returns:
        The outcome, and the CPU seconds that the checks themselves computed.

    Raises:
        Exception: whatever a check raises by a fault of its own.
    """
    began = time.monotonic()
    snapshot = execution.snapshots.get(name)
    reason = execution.reasons.get(name, "")
    if name in plan.missing:
        reason = f"The cell that answers `{name}` is missing from the notebook."
    reports: list[Report] = []
    computing = 0.0
    for checks, visible in ((assignment.visible, True), (assignment.hidden, False)):
        exercise = checks.get(name) or Exercise(f"{assignment.name}/{name}")
        caller = _caller(snapshot, reason)
        start, wire = time.thread_time(), meter.wire
        reports.append(run_checks(exercise, caller, seed, stop_early=visible))
        computing += time.thread_time() - start - (meter.wire - wire)
    seconds = round(time.monotonic() - began, 4)
    return ExerciseOutcome(reports[1].id, *reports, seconds), computing


def _caller(snapshot: Snapshot | None, reason: str) -> Caller:
    if snapshot is None:
        return _NoState(reason or "An earlier cell ended the whole Python process.")
    return _Explained(snapshot, reason) if reason else snapshot


class _NoState:
    """A caller where there is nothing to call; every session says why."""

    def __init__(self, reason: str):
        self.reason = reason

    @contextlib.contextmanager
    def session(self, exercise: str, seconds: float) -> Iterator[Call]:
        raise AnswerError("died", self.reason)
        yield


class _Explained:
    """A caller that says why a function is not defined."""

    def __init__(self, caller: Any, reason: str):
        self.caller = caller
        self.reason = reason

    @contextlib.contextmanager
    def session(self, exercise: str, seconds: float) -> Iterator[Call]:
        try:
            with self.caller.session(exercise, seconds) as call:
                yield call
        except AnswerError as error:
            if error.kind == "undefined":
                raise AnswerError("undefined", self.reason) from error
            raise
