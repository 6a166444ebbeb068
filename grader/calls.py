"""The trusted side's way to a student's functions: calls over a socket, plain data back."""

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from grader.remote import Meter, claimed_seconds, clean_text
from grader.student import channel
from grader.student.channel import ChannelClosed, ChannelError, DeadlinePassed
from grader.warm import StudentProcess
from qlib import wire
from qlib.checks import AnswerError
from qlib.checks.exercise import Call

_KINDS = ("todo", "undefined", "raised", "closed_book", "unreadable")
_ERROR_LIMITS = wire.Limits(structure_bytes=1 << 14, buffer_bytes=0, depth=3, items=20)
_REPLY_LIMIT = wire.LIMITS.structure_bytes + wire.LIMITS.buffer_bytes + (1 << 16)
_AFTER_HANG = 3.0  # seconds for each further check of a function that has not finished once
_START_SECONDS = 20.0  # to fork, on a busy machine, before a check's own time counts


class Snapshot:
    """The state of a student's process at one grade cell; implements `checks.exercise.Caller`.

    Args:
        process: the student's process, waiting between two cells.
        meter: counts.
        name: the function that will be called; if empty, the state is copied at once.
        idle: shared by the snapshots of a process.

    Attributes:
        hung: whether a call has not finished in time.
    """

    def __init__(
        self, process: StudentProcess, meter: Meter, name: str = "", idle: "Idle | None" = None
    ):
        self.process = process
        self.meter = meter
        self.hung = False
        self._idle = idle or Idle()
        self._alone = False
        self._socket, theirs = channel.pair()
        with theirs:
            _send(process.control, channel.SNAPSHOT, name.encode(), theirs)

    def close(self) -> None:
        """Let it end."""
        self._idle.put(None)
        self._socket.close()

    def connect(self) -> Any:
        """A socket to a fresh copy of the state."""
        ours, theirs = channel.pair()
        seconds = int(self.meter.seconds_left) + 2
        with theirs, contextlib.suppress(ChannelError):
            _send(self._socket, channel.SESSION, wire.dumps(seconds), theirs)
        return ours

    def kill(self) -> None:
        """End the copy that was opened last: it hangs."""
        with contextlib.suppress(ChannelError):
            channel.send(self._socket, channel.KILL, deadline=time.monotonic() + 1)

    @contextlib.contextmanager
    def session(self, exercise: str, seconds: float) -> Iterator[Call]:
        """Calls of one check, `seconds` of wall time for all of them together."""
        meter, start = self.meter, time.thread_time()
        link = None if self._alone else self._idle.take()
        seconds = min(seconds, meter.seconds_left, _AFTER_HANG if self.hung else seconds)
        conversation = _Conversation(self, link or _Link(self), seconds, self._idle)
        meter.wire += time.thread_time() - start
        try:
            yield conversation
        finally:
            start = time.thread_time()
            link = conversation.link
            if link.reusable:
                self._idle.put(link)
            else:
                self._alone = self._alone or link.pure is False
                link.close()
            meter.wire += time.thread_time() - start


class _Link:
    """A connection to one copy of the state.

    Attributes:
        used: whether it has answered a call.
        pure: what the student's side says: whether the copy can serve another check.
        reusable: whether it is asked to.
    """

    def __init__(self, snapshot: Snapshot):
        self.used = False
        self.pure: bool | None = None
        self.reusable = True
        self._snapshot = snapshot
        self._socket = snapshot.connect()
        self._reader = channel.Reader(self._socket)
        self._new = True
        self._requests = 0

    def close(self) -> None:
        """Let it end."""
        self._socket.close()

    def kill(self) -> None:
        """End it: it hangs."""
        self._snapshot.kill()

    def await_start(self, deadline: float) -> None:
        """Wait for the copy of the state; what it needs to start is not the check's time."""
        if self._new:
            frame = self._reader.receive(limit=0, deadline=deadline)
            if frame.kind != channel.READY:
                raise ChannelError("an answer that nobody asked for")
            self._new = False

    def ask(self, message: bytes, deadline: float) -> channel.Frame:
        """Send a call; the answer to it."""
        self._requests += 1
        channel.send(self._socket, channel.CALL, message, request=self._requests, deadline=deadline)
        frame = self._reader.receive(limit=_REPLY_LIMIT, deadline=deadline)
        if frame.request != self._requests:
            raise ChannelError("an answer to another question")
        return frame


class Idle:
    """Keeps the link that may serve another check; there is at most one."""

    def __init__(self) -> None:
        self._link: _Link | None = None

    def take(self) -> _Link | None:
        """The link, which then belongs to the caller."""
        link, self._link = self._link, None
        return link

    def put(self, link: _Link | None) -> None:
        """Keep a link instead of the one that is here."""
        if self._link is not None:
            self._link.close()
        self._link = link


class _Conversation:
    """Calls of one check to one copy of the state."""

    def __init__(self, snapshot: Snapshot, link: _Link, seconds: float, idle: Idle):
        self.broken: AnswerError | None = None
        self.link = link
        self._snapshot = snapshot
        self._idle = idle
        self._first = True
        self._seconds = self._left = seconds

    def __call__(self, name: str, args: tuple, kwargs: dict, repeat: int, probe: str = "") -> list:
        if self.broken is not None:
            raise self.broken
        meter = self._snapshot.meter
        cpu = time.thread_time()
        message = wire.dumps((self._first, name, tuple(args), dict(kwargs), repeat, probe))
        start = time.monotonic()
        try:
            if self._left <= 0:
                raise DeadlinePassed("no time left")
            self.link.await_start(start + _START_SECONDS)
            start = time.monotonic()
            reply = self._ask_first(message, start) if self._first else None
            if reply is None:
                start = time.monotonic()
                reply = self.link.ask(message, start + self._left)
            self._first, self.link.used = False, True
            return self._values(name, reply, repeat)
        except DeadlinePassed:
            self._snapshot.hung = True
            self.link.kill()
            text = f"`{name}` did not finish within {self._seconds:.3g} s."
            if self._seconds <= 0:
                text = "There was no time left: earlier checks took too long."
            self._fail("timeout", text)
        except ChannelClosed:
            if self._snapshot.process.out_of_memory:
                self._fail("memory", f"`{name}` used more memory than is allowed.")
            self._fail("died", f"`{name}` ended the whole Python process.")
        except (ChannelError, wire.WireError) as error:
            self.link.kill()
            self._fail("unreadable", f"`{name}` returned something unreadable: {error}")
        finally:
            spent = time.monotonic() - start
            self._left -= spent
            meter.seconds_left -= spent
            meter.wire += time.thread_time() - cpu

    def _ask_first(self, message: bytes, start: float) -> channel.Frame | None:
        """The answer to the first call of a check, or None with a fresh link to ask instead.

        A link that has served other checks may have suffered from them, or may not hold this
        exercise's state.
        """
        old = self.link
        try:
            reply = old.ask(message, start + self._left)
            if reply.kind not in (channel.CHANGED, channel.ELSEWHERE):
                return reply
        except DeadlinePassed:
            raise
        except ChannelError:
            if not old.used:
                raise
            reply = None
        if not old.used:
            raise ChannelError("an answer that nobody asked for")
        self.link = _Link(self._snapshot)
        if reply is not None and reply.kind == channel.ELSEWHERE:
            self._idle.put(old)
        else:
            old.close()
        self.link.await_start(start + _START_SECONDS)
        return None

    def _values(self, name: str, reply: channel.Frame, repeat: int) -> list:
        """What the calls returned, or the error that the student's side reports.

        It is believed as far as it is harmless.
        """
        if reply.kind != channel.REPLY:
            raise ChannelError("an answer that nobody asked for")
        end, *values = channel.split(reply.payload, repeat + 1) or [b""]
        said = wire.loads(end, _ERROR_LIMITS)
        if not isinstance(said, list) or len(said) != 3:
            raise ChannelError("a malformed end")
        cpu, pure, error = said
        self._snapshot.meter.student += claimed_seconds(cpu, self._seconds)
        self.link.pure = pure is True
        self.link.reusable = self.link.reusable and self.link.pure
        if error is None:
            if len(values) != repeat:
                raise ChannelError("fewer answers than questions")
            return [wire.loads(value) for value in values]
        kind, message, where = error if isinstance(error, list) and len(error) == 3 else [None] * 3
        if kind not in _KINDS or not isinstance(message, str) or not isinstance(where, list):
            raise ChannelError("a malformed error")
        if kind == "raised" and "MemoryError" in message[:200]:
            self._snapshot.meter.trouble("memory", f"`{name}` used more memory than is allowed.")
        lines = [clean_text(line, 200) for line in where[:3] if isinstance(line, str)]
        raise AnswerError(kind, clean_text(message, 500), lines)

    def _fail(self, kind: str, sentence: str) -> None:
        self.link.reusable = False
        self.broken = AnswerError("died" if kind == "memory" else kind, sentence)
        if kind != "unreadable":
            self._snapshot.meter.trouble(kind, sentence)
        raise self.broken


def _send(sock: Any, kind: int, payload: bytes, theirs: Any) -> None:
    deadline = time.monotonic() + _START_SECONDS
    channel.send(sock, kind, payload, sockets=(theirs.fileno(),), deadline=deadline)
