"""A process that does jobs, one after the other, and may die of any of them.

It is a fresh Python, started without `multiprocessing`: so a Dask worker, which may have no such
children, can have one too. It never outlives whoever started it.
"""

import contextlib
import ctypes
import importlib
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ATTEMPTS = 2
_START = "import sys; sys.path.insert(0, sys.argv[3]); from grader.child import main; main()"


class Died(Exception):  # noqa: N818 (it is a result, not an error)
    """What is given back for a job that failed, or whose processes died; the text says why."""


class BrokenError(RuntimeError):
    """The process cannot begin; the text is its own complaint."""


class Child:
    """One process, and the job it works on.

    Args:
        factory: `module:function`. Called there with `settings`, it gives a context manager whose
            value is the function that does a job.
        settings: keyword arguments of the factory.

    Attributes:
        ready: whether it has begun.
        job: what it works on, as its owner names it; None when it waits.
        since: when it got that.
        pipe: has something to read when it has something to say.
    """

    def __init__(self, factory: str, settings: dict[str, Any]):
        self.ready, self.job, self.since = False, None, time.monotonic()
        self.pipe, theirs = Pipe()
        course = str(Path(__file__).resolve().parent.parent)
        fd = theirs.fileno()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START, str(fd), str(os.getpid()), course],
            stdin=subprocess.DEVNULL,
            pass_fds=[fd],
            process_group=0,  # Ctrl-C reaches the parent only, and a kill reaches all of the group
        )
        theirs.close()
        with contextlib.suppress(OSError):
            self.pipe.send((sys.path, factory, settings))

    def give(self, name: Any, job: Any) -> None:
        """Let it do a job."""
        self.job, self.since = name, time.monotonic()
        with contextlib.suppress(OSError):  # it has just died; its owner will see
            self.pipe.send(job)

    def hear(self) -> tuple[str, Any]:
        """What it says: `ready`, `done` with the result, `broken` with a complaint, or `died`."""
        try:
            kind, value = self.pipe.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            return "died", None
        self.ready = self.ready or kind == "ready"
        return kind, value

    def do(self, job: Any, limit: float) -> Any:
        """Do a job and wait for the result, at most `limit` seconds.

        Raises:
            BrokenError: if it cannot begin.
            Died: if it has died, or taken too long; it is dead then.
        """
        self.give(0, job)
        while True:
            left = self.since + limit - time.monotonic()
            over = not self.pipe.poll(max(left, 0.0))
            kind, value = ("over", None) if over else self.hear()
            if kind == "ready":
                self.since = time.monotonic()
                continue
            self.job = None
            if kind == "done":
                return value
            self.kill()
            if kind == "broken":
                raise BrokenError(value)
            raise Died(f"the worker ran for more than {limit:g} s" if over else "the worker died")

    def dismiss(self) -> None:
        """Let it clean up and end, if it waits for a job; `kill` afterwards."""
        if self.ready and self.job is None:
            self.pipe.close()

    def strike(self) -> None:
        """Kill it and its group, and leave the rest to the thread that waits for its answer."""
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()

    def kill(self, grace: float = 0.0) -> None:
        """End it and everything in its group, after `grace` seconds for one that was dismissed."""
        if self.pipe.closed:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(grace)
        self.strike()
        self.process.wait()
        self.pipe.close()


def main() -> None:
    """What runs in the process: its arguments are a descriptor and its parent's id."""
    fd, parent = int(sys.argv[1]), int(sys.argv[2])
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        return
    pipe = Connection(fd)
    os.set_inheritable(fd, False)
    try:
        path, factory, settings = pipe.recv()
        sys.path[:] = path
        module, _, name = factory.partition(":")
        make: Callable[..., AbstractContextManager] = getattr(importlib.import_module(module), name)
        with make(**settings) as work:
            pipe.send(("ready", None))
            while True:
                job = pipe.recv()
                pipe.send(("done", _result(work, job)))
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        return  # the parent has gone, or needs no more
    except Exception as error:
        with contextlib.suppress(OSError):
            pipe.send(("broken", str(error) or repr(error)))


def _result(work: Callable[[Any], Any], job: Any) -> Any:
    """What the job gives, or why it gives nothing; something that can be sent in any case."""
    try:
        result = work(job)
        pickle.dumps(result)
    except OSError as error:
        return OSError(error.errno, error.strerror, error.filename)
    except Exception as error:
        return Died(f"{type(error).__name__}: {error}")
    return result
