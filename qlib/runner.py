"""Run a notebook's visible checks in a process of its own, without touching the file."""

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qlib.checks.report import WORDS
from qlib.notebook import Notebook

SECONDS = 120.0  # time limit of one cell
GRACE = 5.0  # how long a cell may ignore the interrupt before its process is ended
STARTUP = 60.0  # how long Python may take to start


@dataclass(frozen=True)
class Message:
    """Something to print.

    Attributes:
        status: a key of `qlib.checks.report.WORDS`.
        text: plain text; its first line starts with sign and word.
        exercise: the exercise it decides about; empty if it is about a cell alone.
    """

    status: str
    text: str
    exercise: str = ""


def run_notebook(notebook: Notebook, seconds: float = SECONDS) -> Iterator[Message]:
    """Run the cells in order and tell what there is to tell, as it happens.

    A cell that stops with an error, or takes too long, is named, and the rest goes on. There is at
    least one message for every exercise; the last one counts.

    Args:
        notebook: what `qlib.notebook.read_notebook` returned.
        seconds: time limit of one cell.
    """
    told: set[str] = set()
    unwritten: set[str] = set()
    ended = ""
    for event in _events(notebook, seconds):
        number = event.get("cell", 0)
        exercise = notebook.checks.get(number, "")
        if event["event"] == "report":
            told.add(event["name"])
            yield Message(event["status"], event["text"], event["name"])
        elif event["event"] == "error":
            if event["kind"] in ("ToDo", "NotImplementedError") and number in notebook.answers:
                unwritten.add(notebook.answers[number])
            elif exercise in unwritten:
                told.add(exercise)
                yield Message("to do", _head("to do", exercise), exercise)
            else:
                told.add(exercise)
                yield Message("error", _error(notebook, number, event, seconds), exercise)
        elif event["event"] == "killed":
            told.add(exercise)
            ended = f" The run had ended in cell {number}."
            yield Message("error", _killed(notebook, number, event, seconds), exercise)
    for exercise in notebook.exercises:
        if exercise not in told:
            why = ended or " Its check cell does not check it."
            if exercise in notebook.missing:
                why = " Its check cell is missing; take it from a fresh copy of the notebook."
            yield Message("error", f"{_head('error', exercise)}, not checked.{why}", exercise)


def _head(status: str, exercise: str) -> str:
    """The start of a message, as in a report: sign, exercise if there is one, word."""
    sign, word = WORDS[status]
    return f"{sign} {exercise}: {word}" if exercise else f"{sign} {word}"


def _error(notebook: Notebook, number: int, event: dict[str, Any], seconds: float) -> str:
    """The message for a cell that stopped."""
    head = f"{_head('error', notebook.checks.get(number, ''))}, {notebook.title(number)} "
    if event["kind"] == "CellTimeout":
        head += f"took longer than {seconds:g} s and was stopped; --seconds sets the limit."
    else:
        text = f": {event['message']}" if event["message"] else ""
        head += f"stopped with {event['kind']}{text}"
    return f"{head}\n      {event['where']}" if event["where"] else head


def _killed(notebook: Notebook, number: int, event: dict[str, Any], seconds: float) -> str:
    """The message for the end of the whole process."""
    if not number:
        return f"{_head('error', '')}, Python did not start; README.md says how to set it up."
    why = (
        f"took longer than {seconds:g} s and could not be interrupted"
        if event["timeout"]
        else "ended the whole Python process"
    )
    head = _head("error", notebook.checks.get(number, ""))
    return f"{head}, {notebook.title(number)} {why}. The cells after it were not run."


def _events(notebook: Notebook, seconds: float) -> Iterator[dict[str, Any]]:
    """The events of `qlib.shell`, and `killed` if it ends before its time."""
    job = json.dumps({"seconds": seconds, "cells": list(notebook.cells.items())})
    with _process(notebook.path.resolve().parent) as process:
        lines: queue.Queue[bytes] = queue.Queue()

        def read() -> None:
            for line in process.stdout:
                lines.put(line)
            lines.put(b"")

        threading.Thread(target=read, daemon=True).start()
        with suppress(OSError):
            process.stdin.write(job.encode())
            process.stdin.close()
        number, patience = 0, STARTUP
        while True:
            try:
                line = lines.get(timeout=patience)
            except queue.Empty:
                yield {"event": "killed", "cell": number, "timeout": True}
                return
            if not line:
                yield {"event": "killed", "cell": number, "timeout": False}
                return
            event = json.loads(line)
            if event["event"] == "done":
                return
            number, patience = event["cell"], seconds + GRACE
            yield event


@contextmanager
def _process(folder: Path) -> Iterator[subprocess.Popen]:
    """A Python process running `qlib.shell` in `folder`; it and its children end with the block."""
    course = str(Path(__file__).resolve().parent.parent)
    with tempfile.TemporaryDirectory() as scratch:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, [course, os.environ.get("PYTHONPATH")])),
            "MPLBACKEND": "Agg",
            "IPYTHONDIR": scratch,
        }
        environment.pop("NBGRADER_EXECUTION", None)
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "qlib.shell"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(OSError):
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
            process.wait()
            process.stdout.close()
