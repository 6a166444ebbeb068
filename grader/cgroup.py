"""A memory cgroup around the warm parent and its submissions, where one can be made."""

import contextlib
import os
from pathlib import Path

_MOUNT = Path("/sys/fs/cgroup")
_PREFIX = "qcourse-"


class MemoryGroup:
    """A context manager: inside it, processes started by `launcher` share a memory limit.

    Works with cgroup v1 and v2 and is silently absent where none is writable: then the limits of
    the single processes remain.

    Args:
        limit: bytes for all processes together, files in memory included.
    """

    def __init__(self, limit: int):
        self.limit = limit
        self.path: Path | None = None

    def __enter__(self) -> "MemoryGroup":
        with contextlib.suppress(OSError, StopIteration):
            parent, limit_file = _own_group()
            _remove_stale(parent)
            path = parent / f"{_PREFIX}{os.getpid()}-{os.urandom(4).hex()}"
            path.mkdir()
            self.path = path
            try:
                (path / limit_file).write_text(str(self.limit))
                for name in ("memory.memsw.limit_in_bytes", "memory.swap.max"):
                    with contextlib.suppress(OSError):
                        (path / name).write_text("0" if "swap" in name else str(self.limit))
            except OSError:
                self.__exit__()
        return self

    def __exit__(self, *_: object) -> None:
        if self.path is not None:
            with contextlib.suppress(OSError):
                self.path.rmdir()
            self.path = None

    def launcher(self) -> list[str]:
        """Arguments before a command that make its process a member from the start."""
        if self.path is None:
            return []
        script = 'echo $$ > "$0" && exec "$@"'
        return ["/bin/sh", "-c", script, str(self.path / "cgroup.procs")]

    def kills(self) -> int:
        """How many processes the kernel has killed for exceeding the limit."""
        for name in ("memory.events", "memory.oom_control"):
            with contextlib.suppress(OSError, AttributeError, TypeError):
                for line in (self.path / name).read_text().splitlines():
                    if line.startswith("oom_kill "):
                        return int(line.split()[1])
        return 0


def _own_group() -> tuple[Path, str]:
    """The memory cgroup of this process, and the name of its limit."""
    groups = dict(
        reversed(line.split(":", 2)[1:])
        if False
        else (line.split(":", 2)[1], line.split(":", 2)[2])
        for line in Path("/proc/self/cgroup").read_text().splitlines()
    )
    for controllers, group in groups.items():
        if "memory" in controllers.split(","):
            return _MOUNT / "memory" / group.lstrip("/"), "memory.limit_in_bytes"
    path = _MOUNT / groups[""].lstrip("/")
    if "memory" not in (path / "cgroup.subtree_control").read_text().split():
        raise OSError("no memory controller below this cgroup")
    return path, "memory.max"


def _remove_stale(parent: Path) -> None:
    """Remove the empty groups of graders that were killed."""
    for path in parent.glob(f"{_PREFIX}*"):
        pid = path.name.removeprefix(_PREFIX).split("-")[0]
        if not os.path.exists(f"/proc/{pid}"):
            with contextlib.suppress(OSError):
                path.rmdir()
