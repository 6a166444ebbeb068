"""IPython as in Jupyter, with everything a cell shows captured as plain data."""

import base64
import builtins
import io
import re
import subprocess
import sys
import time

# Bound here: a cell may replace what the module `signal` holds.
from signal import ITIMER_REAL, SIG_IGN, SIGALRM, setitimer
from signal import signal as set_handler
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

TEXT_LIMIT = 100_000  # characters that one cell may print
DATA_LIMIT = 4_000_000  # characters of figures and other displays of one cell
OUTPUTS_LIMIT = 200  # outputs of one cell
_OVERWRITTEN = re.compile(r"[^\n]*\r(?=[^\n])")


class CellTimeout(KeyboardInterrupt):
    """The cell ran longer than a cell may run while a notebook is graded."""


class Stopwatch:
    """CPU seconds from now on.

    Under a CPU limit Linux advances the clock of a process at its ticks only, some milliseconds
    apart. The clock of a thread is exact, but misses other threads.
    """

    def __init__(self) -> None:
        self._process, self._thread = time.process_time(), time.thread_time()

    def seconds(self) -> float:
        """The larger of what both clocks say."""
        return max(time.process_time() - self._process, time.thread_time() - self._thread)


class Outputs:
    """What one cell has shown so far, in nbformat's form and within limits."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.text_left = TEXT_LIMIT
        self.data_left = DATA_LIMIT
        self._clear_next = False

    def stream(self, name: str, text: str) -> None:
        """Text printed to stdout or stderr."""
        if not text or self.text_left < 0:
            return
        self._before()
        if len(text) > self.text_left:
            text = text[: self.text_left] + "\n[output cut]\n"
            self.text_left = -1
        else:
            self.text_left -= len(text)
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["parts"].append(text)
        else:
            self._add({"output_type": "stream", "name": name, "parts": [text]})

    def data(self, kind: str, data: dict[str, Any], transient: dict | None = None) -> None:
        """A displayed object or the value of the last line."""
        self._before()
        data = {mime: _text(value) for mime, value in data.items()}
        size = sum(map(len, data.values()))
        if size > self.data_left:
            data = {"text/plain": "[output left out: too large]"}
        else:
            self.data_left -= size
        item = {"output_type": kind, "data": data, "id": (transient or {}).get("display_id")}
        self._add(item)

    def update(self, data: dict[str, Any], transient: dict | None) -> None:
        """Replace the data of an earlier display with the same id."""
        wanted = (transient or {}).get("display_id")
        for item in self.items:
            if wanted is not None and item.get("id") == wanted:
                item["data"] = {mime: _text(value) for mime, value in data.items()}

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        """An exception that ended the cell."""
        lines = [str(line)[:2000] for line in traceback][-40:]
        self._add(
            {
                "output_type": "error",
                "ename": str(name)[:200],
                "evalue": str(value)[:2000],
                "traceback": lines,
            }
        )

    def clear(self, wait: bool) -> None:
        """Drop what was shown so far, now or before the next output."""
        self._clear_next = wait
        if not wait:
            self.items.clear()

    def finished(self) -> list[dict[str, Any]]:
        """The outputs, as nbformat has them."""
        result = []
        for item in self.items:
            item = {key: value for key, value in item.items() if key not in ("id", "parts")} | (
                {"text": _OVERWRITTEN.sub("", "".join(item["parts"]))} if "parts" in item else {}
            )
            result.append(item)
        return result

    def _before(self) -> None:
        if self._clear_next:
            self._clear_next = False
            self.items.clear()

    def _add(self, item: dict[str, Any]) -> None:
        if len(self.items) < OUTPUTS_LIMIT:
            self.items.append(item)


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a student's cells."""

    encoding = "utf-8"

    def __init__(self, name: str, shell: "Shell") -> None:
        self._name = name
        self._shell = shell

    def write(self, text: str) -> int:
        """Record the text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._shell.outputs.stream(self._name, text)
        return len(text)

    def writable(self) -> bool:
        """Yes."""
        return True


class _Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, *, transient=None, update=False, **_: Any) -> None:
        if update:
            self.shell.outputs.update(data, transient)
        else:
            self.shell.outputs.data("display_data", data, transient)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait)


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict, md_dict=None) -> None:
        self.shell.outputs.data("execute_result", format_dict)


class Shell(InteractiveShell):
    """IPython's shell; what cells show goes to `outputs`."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    outputs = None

    def init_io(self) -> None:
        """Leave the real streams alone: `run` replaces them."""

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no screen."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.outputs.error(etype.__name__, evalue, stb)

    def system(self, cmd: str) -> None:
        """`!command`: its output is shown below the cell."""
        done = subprocess.run(
            self.var_expand(cmd, depth=1),
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        sys.stdout.write(done.stdout.decode("utf-8", "replace"))
        self.user_ns["_exit_code"] = done.returncode

    def run(self, source: str, seconds: float) -> dict[str, Any]:
        """Run a cell.

        Args:
            source: the cell, with magics as in Jupyter.
            seconds: wall time after which it is interrupted, again and again.

        Returns:
            `outputs`, `failed`, `timed_out` and `cpu` (seconds of this process).
        """
        self.outputs = Outputs()
        timed_out = []

        def interrupt(*_: Any) -> None:
            timed_out.append(True)
            raise CellTimeout(f"This cell was stopped after {seconds:g} s.")

        set_handler(SIGALRM, interrupt)
        clock, streams = Stopwatch(), (sys.stdout, sys.stderr)
        sys.stdout, sys.stderr = Stream("stdout", self), Stream("stderr", self)
        failed = True
        try:
            setitimer(ITIMER_REAL, seconds, 1.0)
            failed = not self.run_cell(source, store_history=True).success
        except (Exception, KeyboardInterrupt, SystemExit) as error:  # IPython itself gave up
            self.outputs.error(type(error).__name__, error, [f"{type(error).__name__}: {error}"])
        finally:
            setitimer(ITIMER_REAL, 0)
            set_handler(SIGALRM, SIG_IGN)  # whatever a cell has done to its timers
            sys.stdout, sys.stderr = streams
        return {
            "outputs": self.outputs.finished(),
            "failed": failed,
            "timed_out": bool(timed_out),
            "cpu": clock.seconds(),
        }


def create() -> Shell:
    """The shell of this process. It starts no thread and opens no file."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.autoindent = False
    shell = Shell.instance(config=config)
    shell.outputs = Outputs()
    builtins.input = _no_input
    return shell


def _no_input(prompt: str = "") -> str:
    raise RuntimeError("input() cannot ask anybody while a notebook is graded.")


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, str):
        return value
    return repr(value)[:10_000]
