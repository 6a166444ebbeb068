"""The process in which `python -m qlib check` runs a notebook's cells.

It reads one job (JSON) from stdin and writes events, one JSON object a line, to stdout:

- `{"event": "start", "cell": 3}` and `{"event": "end", "cell": 3}` around each cell,
- `{"event": "report", "cell": 3, "name": …, "status": …, "text": …}` for each `check(…)`,
- `{"event": "error", "cell": 3, "kind": …, "message": …, "where": …}` when a cell stops,
- `{"event": "done"}` at the end.

What the cells print goes nowhere, so it cannot be taken for an event.
"""

import _thread
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

MOST_TEXT = 20_000  # characters of one report or message


class CellTimeout(KeyboardInterrupt):
    """A cell ran longer than allowed. Like an interrupt, `except Exception` does not catch it."""


def main() -> None:
    """Run the job on stdin: `{"seconds": 60, "cells": [[number, source], …]}`."""
    job = json.load(sys.stdin)
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)

    current = 0

    def emit(event: str, **content: object) -> None:
        short = {k: v[:MOST_TEXT] if isinstance(v, str) else v for k, v in content.items()}
        events.write(json.dumps({"event": event, **short}) + "\n")
        events.flush()

    def on_report(report: Any) -> None:
        emit("report", cell=current, name=report.name, status=report.status, text=report.text())

    shell = _shell()
    _listen(on_report)
    sys.path.insert(0, "")  # as in a Jupyter kernel: modules beside the notebook can be imported
    for number, source in job["cells"]:
        current = number
        emit("start", cell=number)
        error = _run(shell, source, job["seconds"])
        if error is not None:
            emit("error", cell=number, **_describe(error))
        emit("end", cell=number)
    emit("done")
    events.flush()
    os._exit(0)  # threads a cell has left behind are not waited for


def _shell() -> Any:
    """An IPython shell without history, profile and windows."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(InteractiveShell):
        def enable_gui(self, gui: str | None = None) -> None:
            """Nothing to enable: figures are drawn and dropped."""

        def ask_exit(self) -> None:
            raise SystemExit("exit() was called")

    config = Config()
    config.HistoryManager.enabled = False
    shell = Shell.instance(config=config)
    shell.display_formatter.active_types = ["text/plain"]
    return shell


def _listen(on_report: Callable[[Any], None]) -> None:
    """Hand every report of `check(…)` over instead of showing it."""
    import qlib.checks

    def check(name: str, function: Callable | None = None) -> None:
        on_report(qlib.checks.run(name, function))

    qlib.checks.check = check


def _run(shell: Any, source: str, seconds: float) -> BaseException | None:
    """Run one cell; the exception that stopped it, if any."""
    running = True

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        if running:
            raise CellTimeout

    def interrupt() -> None:
        if hasattr(signal, "pthread_kill"):  # this one also ends a sleep
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        else:
            _thread.interrupt_main()

    signal.signal(signal.SIGINT, on_interrupt)
    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        result = shell.run_cell(source, store_history=False)
        return result.error_before_exec or result.error_in_exec
    except CellTimeout as error:
        return error
    finally:
        running = False
        timer.cancel()


def _describe(error: BaseException) -> dict[str, str]:
    """An exception as kind, one sentence, and the line it came from."""
    from qlib.checks.local import where

    kind = type(error).__name__
    if isinstance(error, SyntaxError):
        place = f"line {error.lineno}: {(error.text or '').strip()}"
        return {"kind": kind, "message": error.msg, "where": place[:200]}
    text = " ".join(str(error).split())
    lines = where(error, limit=1)
    return {
        "kind": kind,
        "message": text[:300],
        "where": lines[0].removeprefix("<module>, ") if lines else "",
    }


if __name__ == "__main__":
    main()
