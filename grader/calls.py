"""The trusted side's way to a student's functions: calls over a socket, plain data back."""

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from grader.conversation import Conversation, NotStartedError
from grader.remote import Meter
from grader.student import channel
from grader.student.channel import ChannelError, DeadlinePassed
from grader.warm import StudentProcess
from qlib import wire
from qlib.checks.exercise import Call

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

    def open(self) -> "Link":
        """A link to a fresh copy of the state."""
        return Link(self)

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
        conversation = Conversation(self, link, seconds, self._idle)
        meter.wire += time.thread_time() - start
        try:
            yield conversation
        finally:
            start = time.thread_time()
            link = conversation.link
            if link is None:
                pass
            elif link.reusable:
                self._idle.put(link)
            else:
                self._alone = self._alone or link.pure is False
                link.close()
            meter.wire += time.thread_time() - start


class Link:
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

    def await_start(self) -> None:
        """Wait for the copy of the state; what it needs to start is not the check's time."""
        if self._new:
            deadline = time.monotonic() + _START_SECONDS
            try:
                frame = self._reader.receive(limit=0, deadline=deadline)
            except DeadlinePassed as error:
                raise NotStartedError("it did not start") from error
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
    """Keeps the link that may serve another check; there is at most one.

    Attributes:
        failed: how many copies of the state did not start.
    """

    def __init__(self) -> None:
        self.failed = 0
        self._link: Link | None = None

    def take(self) -> Link | None:
        """The link, which then belongs to the caller."""
        link, self._link = self._link, None
        return link

    def put(self, link: Link | None) -> None:
        """Keep a link instead of the one that is here."""
        if self._link is not None:
            self._link.close()
        self._link = link


def _send(sock: Any, kind: int, payload: bytes, theirs: Any) -> None:
    deadline = time.monotonic() + _START_SECONDS
    channel.send(sock, kind, payload, sockets=(theirs.fileno(),), deadline=deadline)
