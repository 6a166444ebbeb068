"""One check's calls to a student's functions, on the trusted side: asked, counted and explained."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from grader.remote import claimed_seconds, clean_text
from grader.student import channel
from grader.student.channel import ChannelClosed, ChannelError, DeadlinePassed
from qlib import wire
from qlib.checks import AnswerError

if TYPE_CHECKING:
    from grader.calls import Idle, Link, Snapshot

_KINDS = ("todo", "undefined", "raised", "closed_book", "unreadable")
_ERROR_LIMITS = wire.Limits(structure_bytes=1 << 14, buffer_bytes=0, depth=3, items=20)
_TOGETHER = 1 << 16  # bytes of results that are decoded at a time
_MOST_FAILED = 2  # copies of the state that did not start, before no more are asked for
_STUCK = "`{name}` could not be called: the notebook's process stopped answering after its cells."


class NotStartedError(ChannelError):
    """A copy of the state did not start."""


class Conversation:
    """Calls of one check to one copy of the state; implements `checks.exercise.Call`."""

    def __init__(self, snapshot: "Snapshot", link: "Link | None", seconds: float, idle: "Idle"):
        self.broken: AnswerError | None = None
        self.link = link
        self._snapshot = snapshot
        self._idle = idle
        self._first = True
        self._seconds = self._left = seconds
        self._start = 0.0

    def __call__(self, name: str, args: tuple, kwargs: dict, repeat: int, probe: str = "") -> list:
        """The results of `repeat` calls in a row with the same argument objects."""
        cpu = time.thread_time()
        message = wire.dumps((self._first, name, tuple(args), dict(kwargs), repeat, probe))
        with self._working(name, cpu):
            values, error = self._ask(name, message, repeat)
            if error is not None:
                raise error
            return [wire.loads(value) for value in values]

    def many(self, name: str, calls: Sequence[tuple]) -> Iterator[Any]:
        """The results of many calls, each once, asked for in one message."""
        cpu = time.thread_time()
        message = wire.dumps((self._first, name, tuple(calls), {}, 0, ""))
        with self._working(name, cpu):
            values, error = self._ask(name, message, len(calls))
        while values:
            with self._working(name, time.thread_time()):
                results, size = [], 0
                while values and size < _TOGETHER:
                    size += len(values[0])
                    results.append(wire.loads(values.pop(0)))
            yield from results
        if error is not None:
            raise error

    @contextlib.contextmanager
    def _working(self, name: str, cpu: float) -> Iterator[None]:
        """Count what is done inside, and say in the student's terms what goes wrong.

        Args:
            name: of the student's function.
            cpu: this thread's CPU seconds when the work began.
        """
        if self.broken is not None:
            raise self.broken
        self._start = time.monotonic()
        try:
            yield
        except NotStartedError:
            self._idle.failed += 1
            self._fail("timeout", _STUCK.format(name=name))
        except DeadlinePassed:
            self._snapshot.hung = True
            self._kill()
            text = f"`{name}` did not finish within {self._seconds:.3g} s."
            if self._seconds <= 0:
                text = "There was no time left: earlier checks took too long."
            self._fail("timeout", text)
        except ChannelClosed:
            if self._snapshot.process.out_of_memory:
                self._fail("memory", f"`{name}` used more memory than is allowed.")
            self._fail("died", f"`{name}` ended the whole Python process.")
        except (ChannelError, wire.WireError) as error:
            self._kill()
            self._fail("unreadable", f"`{name}` returned something unreadable: {error}")
        finally:
            spent = time.monotonic() - self._start
            self._left -= spent
            self._snapshot.meter.seconds_left -= spent
            self._snapshot.meter.wire += time.thread_time() - cpu

    def _ask(
        self, name: str, message: bytes, count: int
    ) -> tuple[list[memoryview], AnswerError | None]:
        """The results of the calls up to the first that fails, encoded, and its error."""
        if self._left <= 0:
            raise DeadlinePassed("no time left")
        link = self._open()
        reply = self._ask_first(link, message) if self._first else None
        if reply is None:
            link = self._open()
            reply = link.ask(message, self._start + self._left)
        self._first, link.used = False, True
        return self._read(name, link, reply, count)

    def _open(self) -> "Link":
        """The link, with a fresh copy of the state if there is none.

        The check's time runs from then on; what the copy took to start counts for all checks.
        """
        if self.link is None:
            if self._idle.failed >= _MOST_FAILED:
                raise NotStartedError("earlier ones did not start")
            self.link = self._snapshot.open()
        began = time.monotonic()
        self.link.await_start()
        self._start = time.monotonic()
        self._snapshot.meter.seconds_left -= self._start - began
        return self.link

    def _ask_first(self, link: "Link", message: bytes) -> channel.Frame | None:
        """The answer to the first call of a check, or None if a fresh link has to be asked.

        A link that has served other checks may have suffered from them, or may not hold this
        exercise's state.
        """
        try:
            reply = link.ask(message, self._start + self._left)
            if reply.kind not in (channel.CHANGED, channel.ELSEWHERE):
                return reply
        except DeadlinePassed:
            raise
        except ChannelError:
            if not link.used:
                raise
            reply = None
        if not link.used:
            raise ChannelError("an answer that nobody asked for")
        self.link = None
        if reply is not None and reply.kind == channel.ELSEWHERE:
            self._idle.put(link)
        else:
            link.close()
        return None

    def _read(
        self, name: str, link: "Link", reply: channel.Frame, count: int
    ) -> tuple[list[memoryview], AnswerError | None]:
        """What the student's side says. It is believed as far as it is harmless."""
        if reply.kind != channel.REPLY:
            raise ChannelError("an answer that nobody asked for")
        end, *values = channel.split(reply.payload, count + 1) or [b""]
        said = wire.loads(end, _ERROR_LIMITS)
        if not isinstance(said, list) or len(said) != 3:
            raise ChannelError("a malformed end")
        cpu, pure, error = said
        self._snapshot.meter.student += claimed_seconds(cpu, self._seconds)
        link.pure = pure is True
        link.reusable = link.reusable and link.pure
        if error is None:
            if len(values) != count:
                raise ChannelError("fewer answers than questions")
            return values, None
        if len(values) >= count:
            raise ChannelError("an error beside all the answers")
        kind, message, where = error if isinstance(error, list) and len(error) == 3 else [None] * 3
        if kind not in _KINDS or not isinstance(message, str) or not isinstance(where, list):
            raise ChannelError("a malformed error")
        if kind == "raised" and "MemoryError" in message[:200]:
            self._snapshot.meter.trouble("memory", f"`{name}` used more memory than is allowed.")
        lines = [clean_text(line, 200) for line in where[:3] if isinstance(line, str)]
        return values, AnswerError(kind, clean_text(message, 500), lines)

    def _kill(self) -> None:
        if self.link is not None:
            self.link.kill()

    def _fail(self, kind: str, sentence: str) -> None:
        if self.link is not None:
            self.link.reusable = False
        self.broken = AnswerError("died" if kind == "memory" else kind, sentence)
        if kind != "unreadable":
            self._snapshot.meter.trouble(kind, sentence)
        raise self.broken
