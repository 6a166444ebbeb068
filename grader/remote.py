"""The trusted side's way to a student's functions: calls over a socket, plain data back."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from grader.student import channel
from grader.student.channel import ChannelClosed, ChannelError, DeadlinePassed
from grader.warm import StudentProcess
from qlib import wire
from qlib.checks import AnswerError
from qlib.checks.exercise import Call

_KINDS = ("todo", "undefined", "raised", "closed_book", "unreadable")
_ERROR_LIMITS = wire.Limits(structure_bytes=1 << 14, buffer_bytes=0, depth=3, items=20)
_OUTPUT_LIMITS = wire.Limits(structure_bytes=12 << 20, buffer_bytes=0, items=100_000)
_VALUE_LIMIT = wire.LIMITS.structure_bytes + wire.LIMITS.buffer_bytes + (1 << 16)
_AFTER_HANG = 3.0  # seconds for each further check of a function that has not finished once
_START_SECONDS = 20.0  # to fork, on a busy machine, before a check's own time counts


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
    process: StudentProcess, source: str, seconds: float, grace: float, meter: Meter
) -> CellResult:
    """Run one cell.

    Raises:
        DeadlinePassed: if it ignores its interruption.
        ChannelError: if the process is gone or talks nonsense.
    """
    deadline = time.monotonic() + seconds + grace
    request = wire.dumps({"source": source, "seconds": seconds}, _OUTPUT_LIMITS)
    channel.send(process.control, channel.CELL, request, deadline=deadline)
    limit = _OUTPUT_LIMITS.structure_bytes + 16
    frame = channel.receive(process.control, limit=limit, deadline=deadline)
    if frame.kind != channel.OUTPUTS:
        raise ChannelError(frame.payload[:500].decode("utf-8", "replace"))
    try:
        result = wire.loads(frame.payload, _OUTPUT_LIMITS)
        meter.student += _seconds(result.get("cpu"), seconds + grace)
        return CellResult(
            result.get("outputs"), bool(result.get("failed")), bool(result.get("timed_out"))
        )
    except (wire.WireError, AttributeError) as error:
        raise ChannelError(f"unreadable outputs: {error}") from error


class Snapshot:
    """The state of a student's process at one grade cell; implements `checks.exercise.Caller`.

    Args:
        process: the student's process, waiting between two cells.
        meter: counts.

    Attributes:
        hung: whether a call has not finished in time.
    """

    def __init__(self, process: StudentProcess, meter: Meter):
        self.process = process
        self.meter = meter
        self.hung = False
        self._socket, theirs = channel.pair()
        with theirs:
            _send(process.control, channel.SNAPSHOT, b"", theirs)

    def close(self) -> None:
        """Let it end."""
        self._socket.close()

    def caller(self, sessions: int, *, shared: bool = False, last: bool = False) -> "RemoteCaller":
        """A caller for one run of checks.

        Args:
            sessions: how many sessions will be opened.
            shared: answer all of them from one copy of the state, as long as it lives.
            last: the snapshot itself answers the last one and needs not be copied.
        """
        return RemoteCaller(self, sessions, shared, last)

    def open(self, seconds: float, last: bool) -> Any:
        """A socket to a fresh copy of the state."""
        ours, theirs = channel.pair()
        request = wire.dumps({"cpu": int(seconds) + 2, "last": last})
        with theirs, contextlib.suppress(ChannelError):
            _send(self._socket, channel.SESSION, request, theirs)
        return ours

    def kill(self) -> None:
        """End the copy that was opened last: it hangs."""
        with contextlib.suppress(ChannelError):
            channel.send(self._socket, channel.KILL, deadline=time.monotonic() + 1)


class RemoteCaller:
    """Calls functions of the student's process; one session for each check."""

    def __init__(self, snapshot: Snapshot, sessions: int, shared: bool, last: bool):
        self._snapshot = snapshot
        self._left = sessions
        self._shared = shared
        self._last = last
        self._socket: Any = None

    @contextlib.contextmanager
    def session(self, exercise: str, seconds: float) -> Iterator[Call]:
        """Calls of one check, `seconds` of wall time for all of them together."""
        meter, start = self._snapshot.meter, time.thread_time()
        self._left -= 1
        sock = self._socket
        if sock is None:
            last = self._last and self._left == 0
            sock = self._snapshot.open(seconds, last)
        meter.wire += time.thread_time() - start
        seconds = min(seconds, meter.seconds_left)
        if self._snapshot.hung:
            seconds = min(seconds, _AFTER_HANG)
        conversation = _Conversation(self._snapshot, sock, seconds, sock is not self._socket)
        try:
            yield conversation
        finally:
            start = time.thread_time()
            healthy = not conversation.broken
            self._socket = sock if self._shared and healthy and self._left > 0 else None
            if self._socket is None:
                sock.close()
            meter.wire += time.thread_time() - start


class _Conversation:
    """The calls of one session."""

    def __init__(self, snapshot: Snapshot, sock: Any, seconds: float, new: bool):
        self.broken: AnswerError | None = None
        self._new = new
        self._snapshot = snapshot
        self._socket = sock
        self._seconds = self._left = seconds
        self._requests = 0

    def __call__(self, name: str, args: tuple, kwargs: dict, repeat: int) -> list:
        if self.broken is not None:
            raise self.broken
        meter = self._snapshot.meter
        cpu = time.thread_time()
        message = wire.dumps((name, tuple(args), dict(kwargs), repeat))
        self._requests += 1
        start = time.monotonic()
        try:
            if self._left <= 0:
                raise DeadlinePassed("no time left")
            if self._new:
                self._await_start(start + _START_SECONDS)
                start = time.monotonic()
            deadline = start + self._left
            channel.send(
                self._socket, channel.CALL, message, request=self._requests, deadline=deadline
            )
            return self._results(name, repeat, deadline)
        except DeadlinePassed:
            self._snapshot.hung = True
            self._snapshot.kill()
            text = f"`{name}` did not finish within {self._seconds:.3g} s."
            if self._seconds <= 0:
                text = "There was no time left: earlier checks took too long."
            self._fail("timeout", text)
        except ChannelClosed:
            if self._snapshot.process.out_of_memory:
                self._fail("memory", f"`{name}` used more memory than is allowed.")
            self._fail("died", f"`{name}` ended the whole Python process.")
        except (ChannelError, wire.WireError) as error:
            self._snapshot.kill()
            self._fail("unreadable", f"`{name}` returned something unreadable: {error}")
        finally:
            spent = time.monotonic() - start
            self._left -= spent
            meter.seconds_left -= spent
            meter.wire += time.thread_time() - cpu

    def _await_start(self, deadline: float) -> None:
        """Wait for the copy of the state; what it needs to start is not the check's time."""
        frame = channel.receive(self._socket, limit=0, deadline=deadline)
        if frame.kind != channel.READY:
            raise ChannelError("an answer that nobody asked for")
        self._new = False

    def _results(self, name: str, repeat: int, deadline: float) -> list:
        values: list[Any] = []
        size = 0
        while True:
            frame = channel.receive(self._socket, limit=_VALUE_LIMIT - size, deadline=deadline)
            if frame.request != self._requests:
                raise ChannelError("an answer to another question")
            size += len(frame.payload)
            if frame.kind == channel.VALUE and len(values) < repeat:
                values.append(wire.loads(frame.payload))
            elif frame.kind == channel.ENDED and len(values) == repeat:
                spent = wire.loads(frame.payload, _ERROR_LIMITS)
                self._snapshot.meter.student += _seconds(spent, self._seconds)
                return values
            elif frame.kind == channel.ERROR:
                raise self._error(name, wire.loads(frame.payload, _ERROR_LIMITS))
            else:
                raise ChannelError("an answer that nobody asked for")

    def _error(self, name: str, said: Any) -> AnswerError:
        """The error that the student's side reports, believed as far as it is harmless."""
        kind, message, where, spent = (
            said if isinstance(said, list) and len(said) == 4 else [None] * 4
        )
        if kind not in _KINDS or not isinstance(message, str) or not isinstance(where, list):
            raise ChannelError("a malformed error")
        self._snapshot.meter.student += _seconds(spent, self._seconds)
        lines = [clean_text(line, 200) for line in where[:3] if isinstance(line, str)]
        if kind == "raised" and "MemoryError" in message[:200]:
            self._snapshot.meter.trouble("memory", f"`{name}` used more memory than is allowed.")
        return AnswerError(kind, clean_text(message, 500), lines)

    def _fail(self, kind: str, sentence: str) -> None:
        self.broken = AnswerError("died" if kind == "memory" else kind, sentence)
        if kind != "unreadable":
            self._snapshot.meter.trouble(kind, sentence)
        raise self.broken


def clean_text(text: str, limit: int) -> str:
    """Text from the student's side without control characters, cut to `limit` characters."""
    text = "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text[:limit])
    return text.encode("utf-8", "replace").decode("utf-8")


def _send(sock: Any, kind: int, payload: bytes, theirs: Any) -> None:
    deadline = time.monotonic() + _START_SECONDS
    channel.send(sock, kind, payload, sockets=(theirs.fileno(),), deadline=deadline)


def _seconds(value: Any, most: float) -> float:
    """A duration that the student's side claims."""
    return min(max(value, 0.0), most) if type(value) is float and value == value else 0.0
