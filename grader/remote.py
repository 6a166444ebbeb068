"""The trusted side's way to a student's process: run a cell, and count what that costs."""

import time
from dataclasses import dataclass, field
from typing import Any

from grader.student import channel
from grader.student.channel import ChannelError
from grader.warm import StudentProcess
from qlib import wire

_OUTPUT_LIMITS = wire.Limits(structure_bytes=12 << 20, buffer_bytes=0, items=100_000)


@dataclass
class Meter:
    """What examining one submission has cost so far.

    Attributes:
        student: CPU seconds of the student's own code, as its process reports them.
        wire: CPU seconds of this thread for encoding, sending, receiving and decoding.
        seconds_left: wall time left for all calls of all checks.
        cells_left: wall time left for all cells.
        troubles: kinds of trouble met (`timeout`, `died`, `memory`), the first sentence for each.
    """

    seconds_left: float
    cells_left: float
    student: float = 0.0
    wire: float = 0.0
    troubles: dict[str, str] = field(default_factory=dict)

    def trouble(self, kind: str, sentence: str) -> None:
        """Remember the first trouble of a kind."""
        self.troubles.setdefault(kind, sentence)


@dataclass(frozen=True)
class CellResult:
    """What running one cell gave.

    Attributes:
        outputs: as the student's process says; not yet cleaned.
        failed: whether it ended with an exception.
        timed_out: whether it was interrupted.
    """

    outputs: Any
    failed: bool
    timed_out: bool


def run_cell(
    process: StudentProcess,
    source: str,
    seconds: float,
    grace: float,
    meter: Meter,
    *,
    dangerous: bool = False,
) -> CellResult:
    """Run one cell.

    Args:
        process: where.
        source: the cell.
        seconds: wall time after which it is interrupted.
        grace: wall time after which it is given up, from then on.
        meter: counts.
        dangerous: keep the states of all grade cells so far, even if this cell ends the process.

    Raises:
        DeadlinePassed: if it ignores its interruption.
        ChannelError: if the process is gone or talks nonsense.
    """
    deadline = time.monotonic() + seconds + grace
    process.requests += 1
    request = process.requests
    cell = {"source": source, "seconds": seconds, "dangerous": dangerous}
    message = wire.dumps(cell, _OUTPUT_LIMITS)
    channel.send(process.control, channel.CELL, message, request=request, deadline=deadline)
    limit = _OUTPUT_LIMITS.structure_bytes + 16
    frame = channel.receive(process.control, limit=limit, deadline=deadline)
    if frame.kind != channel.OUTPUTS:
        raise ChannelError(frame.payload[:500].decode("utf-8", "replace"))
    if frame.request != request:
        raise ChannelError("outputs of another cell")
    try:
        result = wire.loads(frame.payload, _OUTPUT_LIMITS)
        meter.student += claimed_seconds(result.get("cpu"), seconds + grace)
        return CellResult(
            result.get("outputs"), bool(result.get("failed")), bool(result.get("timed_out"))
        )
    except (wire.WireError, AttributeError) as error:
        raise ChannelError(f"unreadable outputs: {error}") from error


def clean_text(text: str, limit: int) -> str:
    """Text from the student's side without control characters, cut to `limit` characters."""
    text = "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text[:limit])
    return text.encode("utf-8", "replace").decode("utf-8")


def claimed_seconds(value: Any, most: float) -> float:
    """A duration that the student's side claims."""
    return min(max(value, 0.0), most) if type(value) is float and value == value else 0.0
