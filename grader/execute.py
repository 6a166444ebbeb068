"""Run a plan's cells on the student's side and keep a snapshot at each grade cell.

A cell that cannot be stopped, or that ends the process, is left out and the cells are run again
from the start without it: the other answers are judged as if the cell had not been there.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from grader.calls import Idle, Snapshot
from grader.executed import cleaned, stopped
from grader.remote import Meter, run_cell
from grader.student.channel import ChannelError, DeadlinePassed
from grader.transplant import Plan, Step
from grader.warm import Ending, Limits, StudentProcess

RESTARTS = 4


class GivenCellError(RuntimeError):
    """A cell of the assignment's own stopped before any cell of the student's had run."""


@dataclass
class Execution:
    """What running the cells gave.

    Attributes:
        process: the student's processes; the owner ends them.
        outputs: index of a step -> its cleaned outputs.
        snapshots: exercise -> state at its grade cell.
        reasons: exercise -> why its function may be undefined.
        left_out: index of a step -> why it was left out.
        spent: CPU seconds of earlier attempts.
        lost: whether the sandbox died under one of them.
        complete: whether the last attempt reached the end.
    """

    process: StudentProcess
    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    left_out: dict[int, str] = field(default_factory=dict)
    spent: float = 0.0
    lost: bool = False
    complete: bool = False

    def end(self, grace: float) -> Ending:
        """End all processes, after `grace` seconds by force."""
        for snapshot in self.snapshots.values():
            snapshot.close()
        return self.process.end(grace)


def execute(
    plan: Plan, start: Callable[[], StudentProcess], limits: Limits, meter: Meter
) -> Execution:
    """Run the cells, again without the worst of them where that is needed.

    Args:
        plan: what to run.
        start: starts the processes of a submission.
        limits: for cells.
        meter: counts; remembers troubles.
    """
    left_out: dict[int, str] = {}
    spent, lost = 0.0, False
    while True:
        execution = Execution(start(), left_out=left_out, spent=spent, lost=lost)
        try:
            _attempt(execution, plan, limits, meter)
        except BaseException:
            execution.end(0.0)
            raise
        if execution.complete or len(left_out) > RESTARTS or meter.cells_left <= 0:
            return execution
        ending = execution.end(0.0)
        spent, lost = spent + ending.cpu, lost or ending.lost


def _attempt(execution: Execution, plan: Plan, limits: Limits, meter: Meter) -> None:
    """Run the cells that are not left out; stop at the first that has to be."""
    process, idle = execution.process, Idle()
    for i, step in enumerate(plan.steps):
        if i in execution.left_out:
            execution.outputs[i] = [stopped("CellStopped", execution.left_out[i])]
            execution.reasons[step.name] = execution.left_out[i]
            continue
        try:
            if step.role == "test":
                execution.snapshots[step.name] = Snapshot(process, meter, step.name, idle)
            elif step.run is not None and step.run.strip():
                _run(execution, plan, i, limits, meter)
        except ChannelError as error:
            if step.role == "test":  # the cell before ended it, after it had answered
                i = max((k for k in execution.outputs if k not in execution.left_out), default=i)
            execution.left_out[i] = _why(execution, plan.steps[i], error, meter)
            execution.outputs[i] = [stopped("CellStopped", execution.left_out[i])]
            return
    execution.complete = True


def _run(execution: Execution, plan: Plan, i: int, limits: Limits, meter: Meter) -> None:
    """Run the cell of step `i`.

    Raises:
        GivenCellError: our fault, never the student's.
        ChannelError: if the cell has to be left out.
    """
    step = plan.steps[i]
    seconds = min(limits.cell, meter.cells_left)
    if seconds <= 0:
        text = "Not run: the cells before took all the time that there is."
        execution.outputs[i] = [stopped("CellStopped", text)]
        execution.reasons[step.name] = text
        meter.trouble("timeout", "The notebook's cells took more time than they may.")
        return
    # If it stops the process now, will the cells be run again, to the end?
    last = meter.cells_left <= limits.cell + limits.grace or bool(execution.left_out)
    start = time.monotonic()
    try:
        result = run_cell(
            execution.process, step.run or "", seconds, limits.grace, meter, dangerous=last
        )
    finally:
        meter.cells_left -= time.monotonic() - start
    outputs = execution.outputs[i] = cleaned(result.outputs)
    errors = [output for output in outputs if output["output_type"] == "error"]
    if result.timed_out:
        meter.trouble("timeout", f"{_capital(step.label)} was stopped after {seconds:.3g} s.")
    elif any(error["ename"] == "MemoryError" for error in errors):
        meter.trouble("memory", f"{_capital(step.label)} used more memory than is allowed.")
    if result.failed:
        if all(s.role == "given" for s in plan.steps[: i + 1] if s.run is not None):
            raise GivenCellError(f"{step.label} failed: {errors or 'it says nothing'}")
        what = f" with {errors[-1]['ename']}: {errors[-1]['evalue'][:200]}" if errors else ""
        execution.reasons[step.name] = f"`{step.name}` is not defined: its cell stopped{what}"


def _why(execution: Execution, step: Step, error: ChannelError, meter: Meter) -> str:
    """Say why a cell is left out, and remember it."""
    cell = _capital(step.label)
    if execution.process.out_of_memory:
        kind, text = "memory", f"{cell} used more memory than is allowed and was left out."
    elif isinstance(error, DeadlinePassed):
        kind, text = "timeout", f"{cell} did not stop and was left out."
    else:
        kind, text = "died", f"{cell} ended the whole Python process and was left out."
    meter.trouble(kind, text)
    return text


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
