"""Examine a submission: from a submitted file to an `Outcome`. Touches no gradebook.

First all cells run on the student's side; at each grade cell a snapshot of the process is kept.
Then the checks run here and call the snapshots. So no hidden input exists before the last cell has
shown its output, and what a check breaks stays in its own copy of the state.
"""

import hashlib
import secrets
import time
import traceback
from collections.abc import Collection
from pathlib import Path
from typing import Any

import qlib
from grader import submission as submissions
from grader.assignment import ROOT, Assignment
from grader.execute import Execution, execute
from grader.executed import executed_notebook
from grader.judge import judge
from grader.outcome import ExerciseOutcome, Outcome
from grader.remote import Meter
from grader.sandbox import LEVELS, SandboxError
from grader.student.channel import ChannelError
from grader.transplant import Plan, WrongAssignment, transplant
from grader.warm import Limits, StudentProcess, WarmParent

MOST_WARM = 2  # warm parents at a time; an assignment has its own
OUR_FAULT = "The grader failed. This is not your fault, and your work will be graded again."
_STATUS_OF = {"memory": "killed_memory", "died": "crashed", "timeout": "timeout"}


class Examiner:
    """Examines submissions one after the other; a context manager that owns the warm parents.

    Use it in the thread that made it: the sandbox ends with that thread.

    Args:
        level: `full`, `reduced` or `none`; by default the best that works here, but never `none`.
        unsandboxed: the same as level `none`.
        limits: for each submission.
        root: the course, with `solutions/`.

    Attributes:
        level: the level in use, once entered.

    Raises:
        SandboxError: if the level does not work here; if none was chosen, no level does.
    """

    def __init__(
        self,
        level: str | None = None,
        *,
        unsandboxed: bool = False,
        limits: Limits | None = None,
        root: Path = ROOT,
    ):
        if level not in (None, *LEVELS):
            raise ValueError(f"level {level!r} is none of {', '.join(LEVELS)}")
        self.limits = limits or Limits()
        self.root = root
        self.level = "none" if unsandboxed else level or ""
        self._warm: dict[tuple[str, ...], WarmParent] = {}
        self._assignments: dict[str, Assignment] = {}

    def __enter__(self) -> "Examiner":
        self._parent(())
        return self

    def __exit__(self, *_: object) -> None:
        for parent in self._warm.values():
            parent.close()
        self._warm.clear()

    def examine(
        self,
        path: Path,
        student: str,
        assignment: str | Assignment,
        seed: int | None = None,
        only: Collection[str] = (),
    ) -> Outcome:
        """Examine one submission. Whatever the submission does, this returns.

        Args:
            path: the submitted file.
            student: the student's id, for the outcome only.
            assignment: which one, or its name.
            seed: replays an earlier run; drawn afresh by default.
            only: judge only these exercises, by the names of their functions; all by default.
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
            lost, found = self._examine(plan, assignment, seed, cpu, only)
            if lost:  # the sandbox died under it; if it does so again, the cells are blamed for it
                _, found = self._examine(plan, assignment, seed, cpu, only)
            known |= found
        except submissions.Unreadable as error:
            known |= {"status": "unreadable", "message": str(error)}
        except WrongAssignment as error:
            known |= {"status": "wrong_assignment", "message": str(error)}
        except Exception:
            known |= {"status": "grader_error", "message": OUR_FAULT}
            known["details"] = traceback.format_exc()
        return Outcome(student, name, seconds=time.monotonic() - began, **known)

    def _examine(
        self, plan: Plan, assignment: Assignment, seed: int, cpu: float, only: Collection[str]
    ) -> tuple[bool, dict[str, Any]]:
        """Whether the sandbox died under the submission, and what was found."""
        meter = Meter(self.limits.total, self.limits.total)
        execution = execute(plan, lambda: self._start(assignment.imports, seed), self.limits, meter)
        exercises: list[ExerciseOutcome] = []
        checks, fault = 0.0, ""
        try:
            for name in (step.name for step in plan.steps if step.role == "test"):
                if only and name not in only:
                    continue
                try:
                    outcome, computing = judge(name, assignment, plan, execution, meter, seed)
                except Exception:  # a fault in a check: the other exercises are judged all the same
                    fault = fault or traceback.format_exc()
                    continue
                exercises.append(outcome)
                checks += computing
        finally:
            ending = execution.end(0.05 if meter.troubles else 2.0)
        if ending.out_of_memory:
            meter.trouble("memory", "The notebook's processes used more memory than is allowed.")
        reports = {e.hidden.name: (e.visible, e.hidden) for e in exercises}
        notebook = executed_notebook(assignment, plan.steps, execution.outputs, reports)
        measured = execution.spent + ending.cpu  # from outside
        student = min(meter.student, measured)  # what its own process claims
        overhead = measured - student + time.thread_time() - cpu - checks
        return execution.lost or ending.lost, {
            **_status(plan, execution, meter, fault),
            "exercises": tuple(exercises),
            "ignored": tuple(plan.ignored),
            "notebook": notebook,
            "cpu": {
                "student": round(student, 4),
                "checks": round(checks, 4),
                "overhead": round(overhead, 4),
            },
        }

    def _start(self, imports: tuple[str, ...], seed: int) -> StudentProcess:
        # The student's side must not learn the seed of the checks from the seed of its generators.
        digest = hashlib.sha256(f"student's side {seed}".encode()).digest()
        theirs = int.from_bytes(digest[:8]) >> 2
        try:
            return self._parent(imports).start(theirs)
        except (ChannelError, OSError, SandboxError):  # it is gone: take a new one, once
            if gone := self._warm.pop(imports, None):
                gone.close()
            return self._parent(imports).start(theirs)

    def _parent(self, imports: tuple[str, ...]) -> WarmParent:
        """The warm parent that has these imports; the one not used for longest makes room."""
        parent = self._warm.pop(imports, None)
        if parent is not None and not parent.fresh:
            parent.close()
            parent = None
        if parent is None:
            while len(self._warm) >= MOST_WARM:
                self._warm.pop(next(iter(self._warm))).close()
            # What worked for the first is kept: one that dies is no reason for a weaker sandbox.
            self.level, parent = _warm_parent(self.level or None, self.limits, imports)
        self._warm[imports] = parent
        return parent

    def _assignment(self, name: str) -> Assignment:
        if name not in self._assignments:
            self._assignments[name] = Assignment.load(name, self.root)
        return self._assignments[name]


def _warm_parent(
    wanted: str | None, limits: Limits, imports: tuple[str, ...]
) -> tuple[str, WarmParent]:
    reasons = []
    for level in [wanted] if wanted else LEVELS[:-1]:
        try:
            return level, WarmParent(level, limits, imports=imports)
        except SandboxError as error:
            reasons.append(f"{level}: {error}")
    raise SandboxError(
        "No sandbox works on this machine, and submissions are not run without one.\n"
        + "\n".join(reasons)
        + "\nSee `python -m grader doctor`; with --unsandboxed, grade only work that you trust."
    )


def _status(plan: Plan, execution: Execution, meter: Meter, fault: str) -> dict[str, str]:
    if fault:
        return {"status": "grader_error", "message": OUR_FAULT, "details": fault}
    for kind, status in _STATUS_OF.items():
        if kind in meter.troubles:
            details = [*meter.troubles.values(), *execution.left_out.values()]
            return {
                "status": status,
                "message": f"{meter.troubles[kind]} Everything else was graded.",
                "details": "\n".join(dict.fromkeys(details)),
            }
    if plan.tampered:
        return {
            "status": "tampered",
            "message": "Locked parts of the notebook had been changed; the originals were used.",
            "details": "\n".join(plan.ignored),
        }
    return {"status": "graded"}
