"""A command line in a fork of this process."""

import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path


class Forked:
    """The command line in a fork of this process: it need not import everything anew.

    It has a session of its own, like a program that was started in a terminal of its own. The
    interface is that of `subprocess.Popen`.

    Args:
        line: the command line.
        log: gets what it prints.
        entry: what carries it out; gives the exit code.
        environment: variables on top of those of this process.
    """

    def __init__(
        self,
        line: Sequence[str],
        log: Path,
        entry: Callable[[Sequence[str]], int],
        **environment: str,
    ):
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            code = 70
            try:
                os.setsid()
                signal.signal(signal.SIGINT, signal.default_int_handler)
                with open(log, "ab") as file:
                    os.dup2(file.fileno(), 1)
                    os.dup2(file.fileno(), 2)
                sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 (until the end)
                sys.stderr = open(2, "w", closefd=False, buffering=1)  # noqa: SIM115
                os.environ.update(environment)
                code = entry(line)
                sys.stdout.flush()
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        if self.returncode is None:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float = 600.0) -> int:
        """The exit code.

        Raises:
            subprocess.TimeoutExpired: if it is still running then.
        """
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("grade", timeout)
            time.sleep(0.01)
        return self.returncode
