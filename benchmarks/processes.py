"""Watch the processes of a run of `grade`: memory and CPU seconds by kind."""

import os
import threading
from collections import Counter
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Watch:
    """A context manager that looks at a process and its descendants now and then.

    Args:
        pid: of `grade`.
        out: its output folder; recorded submissions are counted there.
        every: seconds between two looks.

    Attributes:
        rows: one a look: `examined`, `recorded`, MiB of the largest process of each kind, and CPU
            seconds of the writer.
    """

    def __init__(self, pid: int, out: Path, every: float):
        self.rows: list[dict[str, Any]] = []
        self._pid, self._out, self._every = pid, out, every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        self._thread.join()

    def at(self, step: int, what: str) -> list[dict[str, Any]]:
        """The first row at or after each multiple of `step` submissions.

        Args:
            step: how many.
            what: `recorded` or `examined`.
        """
        chosen, wanted = [], step
        for row in self.rows:
            if row[what] >= wanted:
                chosen.append(row)
                wanted = (row[what] // step + 1) * step
        return chosen

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            look = self._look()
            if look:
                self.rows.append(look)

    def _look(self) -> dict[str, Any] | None:
        known = processes()
        if self._pid not in known:
            return None
        endings = Counter(path.suffix for path in self._out.glob("outcomes/*/[!.]*"))
        row: dict[str, Any] = {"examined": endings[".json"], "recorded": endings[".recorded"]}
        row |= {"writer MiB": 0.0, "worker MiB": 0.0, "warm parent MiB": 0.0}
        for pid in descendants(self._pid, known):
            kind = _kind(pid, self._pid, known)
            if kind:
                name = f"{kind} MiB"
                row[name] = max(row[name], round(_resident(pid) / 2**20, 1))
        row["writer CPU s"] = round(_cpu(self._pid), 2)
        return row if row["writer MiB"] else None


def processes() -> dict[int, int]:
    """Every process -> its parent."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            fields = _stat(int(name))
            if fields:
                found[int(name)] = int(fields[1])
    return found


def descendants(pid: int, known: dict[int, int] | None = None) -> list[int]:
    """A process and everything below it, the oldest first."""
    known = processes() if known is None else known
    found = [pid]
    for parent in found:
        found += [child for child, above in known.items() if above == parent]
    return found


def _kind(pid: int, root: int, known: dict[int, int]) -> str:
    """What a process is, by what it says it runs and where it hangs."""
    if pid == root:
        return "writer"
    line, above = command_of(pid), command_of(known.get(pid, 0))
    if "grader.child" in line:
        return "worker"
    started = "grader.child" in above or above.partition("\0")[0].endswith("bwrap")
    wrapper = line.partition("\0")[0].endswith("bwrap")
    return "warm parent" if "grader.student.zygote" in line and started and not wrapper else ""


def command_of(pid: int) -> str:
    """The command line of a process, its words separated by null characters."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def started(pid: int) -> str:
    """When a process was started, in ticks; empty if it is gone or dead."""
    fields = _stat(pid)
    return fields[19] if fields and fields[0] != "Z" else ""


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on, or none if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def _cpu(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / TICK if fields else 0.0
