"""Cells end with SystemExit, KeyboardInterrupt, GeneratorExit and an exception of no kind."""

TRIES = "exceptions that are no Exception, at top level"
SUCCESS = "stall"
CELL = r"""
import signal


class Nothing(BaseException):
    def __str__(self):
        raise Nothing


def stop(*args):
    raise KeyboardInterrupt


signal.signal(signal.SIGALRM, stop)
signal.setitimer(signal.ITIMER_REAL, 0.5, 0.05)
raise Nothing
"""
