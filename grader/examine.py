"""Examine a submission: from a submitted file to an `Outcome`. Touches no gradebook.

First all cells run on the student's side; at each grade cell a snapshot of the process is kept.
Then the checks run here and call the snapshots. So no hidden input exists before the last cell has
shown its output, and what a check breaks stays in its own copy of the state.

A cell that cannot be stopped, or that ends the process, is left out and the run is repeated
without it: the other answers are judged as if the cell had not been there.
"""

import contextlib
import hashlib
import secrets
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import qlib
from grader import submission as submissions
from grader.assignment import ROOT, Assignment
from grader.executed import cleaned, executed_notebook, stopped
from grader.outcome import ExerciseOutcome, Outcome
from grader.remote import Meter, NoState, Snapshot, run_cell
from grader.sandbox import LEVELS, SandboxError
from grader.student.channel import ChannelError, DeadlinePassed
from grader.transplant import Plan, Step, WrongAssignment, transplant
from grader.warm import Limits, StudentProcess, WarmParent
from qlib.checks import AnswerError, Exercise, Report, run_checks

RESTARTS = 4
OUR_FAULT = "The grader failed. This is not your fault, and your work will be graded again."


@dataclass
class _Run:
    """One pass over the cells, and what is known so far.

    Attributes:
        outputs: index of a step -> cleaned outputs.
        snapshots: exercise -> state at its grade cell.
        failed: exercises whose answer cell ended with an exception.
        end: why the pass ended early, or None.
    """

    process: StudentProcess
    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    unhealthy: bool = False


class Examiner:
    """Examines submissions one after the other; a context manager that owns the warm parents.

    Args:
        level: `full`, `reduced` or `none`; by default the best that works here, but never `none`.
        unsandboxed: the same as level `none`.
        limits: for each submission.
        root: the course, with `solutions/`.

    Raises:
        SandboxError: if there is no sandbox and none of these was chosen.
    """

    def __init__(
        self,
        level: str | None = None,
        *,
        unsandboxed: bool = False,
        limits: Limits | None = None,
        root: Path = ROOT,
    ):
        self.limits = limits or Limits()
        self.root = root
        self._warm: dict[bool, WarmParent] = {}
        self._assignments: dict[str, Assignment] = {}
        self._wanted = "none" if unsandboxed else level
        self.level = self._wanted or ""

    def __enter__(self) -> "Examiner":
        self._parent(deep=False)
        return self

    def __exit__(self, *_: object) -> None:
        for parent in self._warm.values():
            parent.close()
        self._warm.clear()

    def examine(
        self, path: Path, student: str, assignment: str | Assignment, seed: int | None = None
    ) -> Outcome:
        """Examine one submission. Whatever the submission does, this returns.

        Args:
            path: the submitted file.
            student: the student's id, for the outcome only.
            assignment: which one, or its name.
            seed: replays an earlier run; drawn afresh by default.
        """
        began, cpu = time.monotonic(), time.thread_time()
        seed = secrets.randbits(63) if seed is None else seed
        name = assignment if isinstance(assignment, str) else assignment.name
        known: dict[str, Any] = {"seed": seed, "level": self.level, "versions": {}}
        try:
            if isinstance(assignment, str):
                assignment = self._assignment(assignment)
            data = submissions.read_bytes(path, self.limits.notebook)
            known["versions"] = {
                "submission": hashlib.sha256(data).hexdigest(),
                "assignment": assignment.digest,
                "grader": qlib.__version__,
            }
            plan = transplant(assignment, submissions.parse(data))
            known |= self._examine(plan, assignment, seed, cpu)
        except submissions.Unreadable as error:
            known |= {"status": "unreadable", "message": str(error)}
        except WrongAssignment as error:
            known |= {"status": "wrong_assignment", "message": str(error)}
        except Exception:
            known |= {"status": "grader_error", "message": OUR_FAULT}
            known["details"] = traceback.format_exc()
        return Outcome(student, name, seconds=time.monotonic() - began, **known)

    def _examine(self, plan: Plan, assignment: Assignment, seed: int, cpu: float) -> dict[str, Any]:
        meter = Meter(self.limits.total, self.limits.total)
        left_out: dict[int, str] = {}
        sandbox_cpu = checks_cpu = 0.0
        fault = ""
        run = self._run(plan, assignment, seed, left_out, meter)
        while run.unhealthy and len(left_out) <= RESTARTS and meter.cells_left > 0:
            sandbox_cpu += run.process.end(0.0).cpu
            run = self._run(plan, assignment, seed, left_out, meter)
        exercises = []
        try:
            for step in plan.steps:
                if step.role == "test":
                    try:
                        outcome, spent = self._judge(
                            step.name, assignment, run, plan, left_out, seed
                        )
                    except Exception:
                        fault = fault or traceback.format_exc()
                        continue
                    exercises.append(outcome)
                    checks_cpu += spent
        finally:
            for snapshot in run.snapshots.values():
                snapshot.close()
            ending = run.process.end(0.05 if meter.troubles else 2.0)
        reports = {
            exercise.id.split("/")[1]: (exercise.visible, exercise.hidden) for exercise in exercises
        }
        sandbox_cpu += ending.cpu
        return {
            **_status(plan, meter, fault, left_out),
            "exercises": tuple(exercises),
            "ignored": tuple(plan.ignored),
            "notebook": executed_notebook(assignment, plan.steps, run.outputs, reports),
            "cpu": {
                "student": round(meter.student, 4),
                "checks": round(checks_cpu, 4),
                "overhead": round(
                    max(sandbox_cpu - meter.student, 0.0) + time.thread_time() - cpu - checks_cpu, 4
                ),
            },
        }

    def _run(
        self,
        plan: Plan,
        assignment: Assignment,
        seed: int,
        left_out: dict[int, str],
        meter: Meter,
    ) -> _Run:
        """Run the cells from the start, without those in `left_out`, to which it may add one."""
        digest = hashlib.sha256(f"student's side {seed}".encode()).digest()
        run = _Run(self._start(assignment.deep, int.from_bytes(digest[:8]) >> 2))
        for i, step in enumerate(plan.steps):
            if i in left_out:
                run.outputs[i] = [stopped("CellStopped", left_out[i])]
                continue
            try:
                if step.role == "test":
                    run.snapshots[step.name] = Snapshot(run.process, meter)
                elif step.run is not None and step.run.strip():
                    self._run_cell(run, i, step, meter)
            except ChannelError as error:
                if step.role == "test":  # ended after the last cell had answered
                    i = max((k for k in run.outputs if k < i), default=i)
                    step = plan.steps[i]
                left_out[i] = self._why(run, step, error, meter)
                run.unhealthy = True
                break
        return run

    def _run_cell(self, run: _Run, i: int, step: Step, meter: Meter) -> None:
        seconds = min(self.limits.cell, meter.cells_left)
        if seconds <= 0:
            text = "Not run: the cells before took all the time that there is."
            run.outputs[i] = [stopped("CellStopped", text)]
            return
        start = time.monotonic()
        try:
            result = run_cell(run.process, step.run, seconds, self.limits.grace, meter)
        finally:
            meter.cells_left -= time.monotonic() - start
        run.outputs[i] = cleaned(result.outputs)
        if result.timed_out:
            sentence = f"{step.label} was stopped after {seconds:.3g} s"
            meter.trouble("timeout", f"{sentence[0].upper()}{sentence[1:]}.")
        elif any(output.get("ename") == "MemoryError" for output in run.outputs[i]):
            meter.trouble("memory", f"{_capital(step.label)} used more memory than is allowed.")

    def _why(self, run: _Run, step: Step, error: ChannelError, meter: Meter) -> str:
        """Say why a cell is left out, and remember it."""
        cell = _capital(step.label)
        if run.process.out_of_memory:
            kind, text = "memory", f"{cell} used more memory than is allowed and was left out."
        elif isinstance(error, DeadlinePassed):
            kind, text = "timeout", f"{cell} did not stop and was left out."
        else:
            kind, text = "died", f"{cell} ended the whole Python process and was left out."
        meter.trouble(kind, text)
        return text

    def _judge(
        self,
        name: str,
        assignment: Assignment,
        run: _Run,
        plan: Plan,
        left_out: dict[int, str],
        seed: int,
    ) -> tuple[ExerciseOutcome, float]:
        """Visible, then hidden checks of one exercise; the outcome and CPU seconds of checking."""
        began = time.monotonic()
        snapshot = run.snapshots.get(name)
        reason = next((text for i, text in left_out.items() if plan.steps[i].name == name), "")
        if name in plan.missing:
            reason = f"The cell that answers `{name}` is missing from the notebook."
        visible = assignment.visible.get(name) or Exercise(f"{assignment.name}/{name}")
        hidden = assignment.hidden.get(name) or Exercise(f"{assignment.name}/{name}")
        spent = 0.0
        reports: list[Report] = []
        for exercise, shown in ((visible, True), (hidden, False)):
            if snapshot is None:
                text = reason or "An earlier cell ended the whole Python process."
                caller: Any = NoState(AnswerError("died", text))
            else:
                n = len(exercise.checks)
                caller = snapshot.caller(n, shared=shown, last=not shown)
                if reason:
                    caller = _Explained(caller, reason)
            meter = snapshot.meter if snapshot else Meter(0.0, 0.0)
            start, wire = time.thread_time(), meter.wire
            reports.append(run_checks(exercise, caller, seed, stop_early=shown))
            spent += time.thread_time() - start - (meter.wire - wire)
        seconds = time.monotonic() - began
        return ExerciseOutcome(hidden.id, *reports, round(seconds, 4)), spent

    def _start(self, deep: bool, seed: int) -> StudentProcess:
        try:
            return self._parent(deep).start(seed)
        except (ChannelError, OSError):  # the warm parent is gone: take a new one, once
            self._warm.pop(deep).close()
            return self._parent(deep).start(seed)

    def _parent(self, deep: bool) -> WarmParent:
        if deep not in self._warm:
            self.level, self._warm[deep] = _warm_parent(self._wanted, self.limits, deep)
        return self._warm[deep]

    def _assignment(self, name: str) -> Assignment:
        if name not in self._assignments:
            self._assignments[name] = Assignment.load(name, self.root)
        return self._assignments[name]


class _Explained:
    """A caller that says why a function is not defined."""

    def __init__(self, caller: Any, reason: str):
        self.caller = caller
        self.reason = reason

    @contextlib.contextmanager
    def session(self, exercise: str, seconds: float) -> Any:
        try:
            with self.caller.session(exercise, seconds) as call:
                yield call
        except AnswerError as error:
            if error.kind == "undefined":
                raise AnswerError("undefined", self.reason) from error
            raise


def _warm_parent(wanted: str | None, limits: Limits, deep: bool) -> tuple[str, WarmParent]:
    reasons = []
    for level in [wanted] if wanted else LEVELS[:-1]:
        try:
            return level, WarmParent(level, limits, deep=deep)
        except SandboxError as error:
            reasons.append(f"{level}: {error}")
    raise SandboxError(
        "No sandbox works on this machine, and submissions are not run without one.\n"
        + "\n".join(reasons)
        + "\nSee `python -m grader doctor`; with --unsandboxed, grade only work that you trust."
    )


def _status(plan: Plan, meter: Meter, fault: str, left_out: dict[int, str]) -> dict[str, str]:
    troubles = meter.troubles
    if fault:
        return {"status": "grader_error", "message": OUR_FAULT, "details": fault}
    for kind, status in (("memory", "killed_memory"), ("died", "crashed"), ("timeout", "timeout")):
        if kind in troubles:
            return {
                "status": status,
                "message": f"{troubles[kind]} Everything else was graded.",
                "details": "\n".join([*troubles.values(), *left_out.values()]),
            }
    if plan.tampered:
        return {
            "status": "tampered",
            "message": "Locked parts of the notebook had been changed; the originals were used.",
            "details": "\n".join(plan.ignored),
        }
    return {"status": "graded"}


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
