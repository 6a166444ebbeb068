"""Stop when asked to, and only between two submissions."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any


class Stopped(Exception):  # noqa: N818 (nothing went wrong)
    """Somebody pressed Ctrl-C, or the machine is shutting down.

    Attributes:
        code: the exit code that says so.
    """

    def __init__(self, number: int):
        super().__init__(signal.Signals(number).name)
        self.code = 128 + number


class Stop:
    """Remembers whether somebody has asked to stop."""

    def __init__(self) -> None:
        self.number = 0

    def check(self) -> None:
        """Do nothing, unless somebody has asked to stop.

        Raises:
            Stopped: then.
        """
        if self.number:
            raise Stopped(self.number)


@contextlib.contextmanager
def listening() -> Iterator[Stop]:
    """Take note of the first Ctrl-C (or SIGTERM); a second one interrupts at once."""
    stop, before = Stop(), {}

    def note(number: int, frame: Any) -> None:
        stop.number = number
        for known, handler in before.items():
            signal.signal(known, handler)

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.getsignal(number) or signal.SIG_DFL
            signal.signal(number, note)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
