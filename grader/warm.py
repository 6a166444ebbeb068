"""The trusted end of the warm parent: start it at a sandbox level, start submissions in it."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from grader import sandbox
from grader.cgroup import MemoryGroup
from grader.sandbox import SandboxError
from grader.student import channel, seccomp
from grader.student.channel import ChannelError
from grader.student.isolate import Bounds
from qlib import wire

PACKAGES = (
    "numpy",
    "matplotlib.pyplot",
    "scipy.sparse",
    "gymnasium",
    "qlib.checks",
    "qlib.data",
    "qlib.mdp",
)
DEEP = ("torch",)
START_SECONDS = 120.0
_REPORT_LIMIT = 1 << 16


@dataclass(frozen=True)
class Limits:
    """What a submission may use.

    Attributes:
        cell: seconds of wall time for one cell.
        total: seconds of wall time for all cells, and again for all checks.
        grace: seconds after which a cell that ignores its interruption is given up.
        memory: bytes for one process, and for all together where there is a memory cgroup.
        processes: at a time, threads included.
        disk: bytes of each writable file system.
        notebook: bytes of a submitted file.
    """

    cell: float = 60.0
    total: float = 300.0
    grace: float = 5.0
    memory: int = 3 << 30
    processes: int = 128
    disk: int = 128 << 20
    notebook: int = 20 << 20

    def bounds(self) -> Bounds:
        """As the student's process enforces them."""
        return Bounds(
            memory=self.memory,
            cpu=int(2 * self.total) + 1,
            processes=self.processes,
            file=min(self.disk, 64 << 20),
            files=256,
            disk=self.disk,
        )


@dataclass
class Ending:
    """How a submission's processes ended.

    Attributes:
        status: exit code of the student's process, negative or above 128 for a signal.
        cpu: CPU seconds of all its processes, as far as they were collected.
        out_of_memory: whether the kernel killed one of them for memory.
        problem: what the supervisor could not do; empty when all is well.
    """

    status: int = 0
    cpu: float = 0.0
    out_of_memory: bool = False
    problem: str = ""


class WarmParent:
    """A process that has imported the packages and forks submissions.

    Args:
        level: `full`, `reduced` or `none`.
        limits: for every submission.
        deep: import torch too.

    Raises:
        SandboxError: if the level does not work here.
    """

    def __init__(self, level: str, limits: Limits, *, deep: bool = False):
        self.level = level
        self.limits = limits
        self.nested = level == "full"
        self.cpu = 0.0
        self._resources = contextlib.ExitStack()
        self._group = self._resources.enter_context(MemoryGroup(limits.memory + (1 << 29)))
        self._errors = self._resources.enter_context(tempfile.TemporaryFile())
        self._uid = sandbox.unprivileged_uid() if os.geteuid() == 0 and level != "none" else None
        try:
            self._process, self._socket = self._spawn()
            self._resources.callback(self._end)
            config = {
                "uid": self._uid if self.nested else None,
                "own_proc": self.nested and os.geteuid() == 0,
                "sandboxed": self.nested,
                "folders": [],
                "packages": [*PACKAGES, *(DEEP if deep else ())],
            }
            deadline = time.monotonic() + START_SECONDS
            channel.send(self._socket, channel.START, wire.dumps(config), deadline=deadline)
            self._ready(deadline)
        except (ChannelError, OSError) as error:
            self._errors.seek(0)
            text = self._errors.read(1 << 16).decode("utf-8", "replace").strip()
            self.close()
            last = text.splitlines()[-1] if text else str(error)
            raise SandboxError(f"the warm parent did not start: {last}") from error
        except BaseException:
            self.close()
            raise

    def start(self, seed: int) -> "StudentProcess":
        """Start the processes of one submission.

        Args:
            seed: for generators that the student leaves unseeded.
        """
        home = sandbox.HOME
        if self.level != "full":
            home = tempfile.mkdtemp(prefix="submission-")
            if self._uid is not None:
                os.chown(home, self._uid, self._uid)
        start = {
            "nested": self.nested,
            "uid": None if self.nested else self._uid,
            "seccomp": self.level != "none",
            "home": home,
            "seed": seed,
            "bounds": asdict(self.limits.bounds()),
        }
        supervisor, theirs = channel.pair()
        control, student = channel.pair()
        with theirs, student:
            deadline = time.monotonic() + START_SECONDS
            channel.send(
                self._socket,
                channel.START,
                wire.dumps(start),
                sockets=(theirs.fileno(), student.fileno()),
                deadline=deadline,
            )
            spent = self._ready(deadline)
        kills = self._group.kills()
        folder = home if self.level != "full" else None
        return StudentProcess(supervisor, control, spent, folder, self._group, kills)

    def close(self) -> None:
        """End the warm parent and everything it started."""
        self._resources.close()

    def _ready(self, deadline: float) -> float:
        """Wait for the warm parent; the CPU seconds that it spent since the last time."""
        frame = channel.receive(self._socket, limit=_REPORT_LIMIT, deadline=deadline)
        total = wire.loads(frame.payload)
        spent, self.cpu = total - self.cpu, total
        return spent

    def _spawn(self) -> tuple[subprocess.Popen, socket.socket]:
        if self.level == "reduced":
            self._check_reduced()
        ours, theirs = channel.pair()
        with theirs, contextlib.ExitStack() as files:
            passed = [theirs.fileno()]
            command = self._group.launcher()
            if self.level == "full":
                arguments = files.enter_context(tempfile.TemporaryFile())
                arguments.write(sandbox.bubblewrap_arguments(self.limits.disk))
                arguments.seek(0)
                passed.append(arguments.fileno())
                command += sandbox.bubblewrap(arguments.fileno())
                command += sandbox.python_command(sandbox.COURSE, theirs.fileno())
                environment = sandbox.ENVIRONMENT
            else:
                command += sandbox.python_command(str(sandbox.course_root()), theirs.fileno())
                scratch = self._resources.enter_context(tempfile.TemporaryDirectory())
                environment = sandbox.ENVIRONMENT | {
                    "HOME": scratch,
                    "IPYTHONDIR": f"{scratch}/ipython",
                    "MPLCONFIGDIR": f"{scratch}/matplotlib",
                }
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                env=environment,
                cwd="/",
                pass_fds=passed,
                start_new_session=True,
            )
        return process, ours

    def _check_reduced(self) -> None:
        if not seccomp.supported():
            raise SandboxError("there is no system call filter for this processor.")
        if self._uid is not None:
            import numpy

            paths = [sandbox.course_root() / "qlib", sandbox.Path(numpy.__file__)]
            closed = sandbox.readable_by_others(paths)
            if closed:
                raise SandboxError(
                    f"other users cannot read {closed}, so a submission cannot run as one of them."
                )

    def _end(self) -> None:
        self._socket.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass
class StudentProcess:
    """One submission's processes.

    Attributes:
        supervisor: tells how it ended; closing it kills everything.
        control: to the process that runs the cells.
        start_cpu: CPU seconds that the warm parent spent on the fork.
    """

    supervisor: socket.socket
    control: socket.socket
    start_cpu: float
    folder: str | None
    group: MemoryGroup
    kills_before: int
    ending: Ending | None = field(default=None)

    @property
    def out_of_memory(self) -> bool:
        """Whether the kernel has killed one of the processes for memory."""
        return self.group.kills() > self.kills_before

    def end(self, grace: float) -> Ending:
        """Hang up, wait up to `grace` seconds for all processes to end, then kill them."""
        if self.ending is not None:
            return self.ending
        self.control.close()
        report: dict[str, Any] = {"problem": "the supervisor is gone", "status": 0, "cpu": 0.0}
        for seconds in (grace, 20.0):
            try:
                frame = channel.receive(
                    self.supervisor, limit=_REPORT_LIMIT, deadline=time.monotonic() + seconds
                )
                report = wire.loads(frame.payload)
                break
            except channel.DeadlinePassed:
                with contextlib.suppress(ChannelError):
                    channel.send(self.supervisor, channel.KILL)
            except ChannelError:
                break
        self.supervisor.close()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.ending = Ending(
            report["status"],
            report["cpu"] + self.start_cpu,
            self.out_of_memory,
            report["problem"],
        )
        return self.ending
