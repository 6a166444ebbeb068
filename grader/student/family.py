"""The descendants of a process, from /proc: to measure them, and to end them all."""

import contextlib
import os
import signal

ROUNDS = 200


def descendants(root: int, proc: int | None = None) -> set[int]:
    """Process ids of all descendants of `root`.

    Args:
        root: a process id.
        proc: a descriptor of the /proc to look into, by default the one that is mounted.
    """
    parents: dict[int, int] = {}
    for name in filter(str.isdigit, os.listdir("/proc" if proc is None else proc)):
        with contextlib.suppress(OSError, IndexError, ValueError):
            parents[int(name)] = int(_read(f"{name}/stat", proc).rpartition(")")[2].split()[1])
    family = {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in family} - family
        if not more:
            return family - {root}
        family |= more


def memory_of(root: int, proc: int | None = None) -> int:
    """Bytes that all descendants of `root` use together; shared pages count once."""
    total = 0
    for pid in descendants(root, proc):
        with contextlib.suppress(OSError, IndexError, ValueError):
            for line in _read(f"{pid}/smaps_rollup", proc).splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) << 10
    return total


def end_descendants() -> None:
    """Kill whatever descends from this process, which must adopt orphans, and collect it."""
    for _ in range(ROUNDS):
        found = descendants(os.getpid())
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not found:
            return


def _read(name: str, proc: int | None) -> str:
    fd = os.open(name if proc is not None else f"/proc/{name}", os.O_RDONLY, dir_fd=proc)
    with open(fd) as file:
        return file.read()
