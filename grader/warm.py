"""The trusted end of the warm parent: start it at a sandbox level, start submissions in it."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from grader import sandbox
from grader.cgroup import MemoryGroup
from grader.sandbox import SandboxError
from grader.student import channel, seccomp
from grader.student.channel import ChannelError
from grader.student.isolate import Bounds
from qlib import wire

ALWAYS = ("import qlib.checks.local, qlib.data, qlib.mdp",)
START_SECONDS = 120.0
_REPORT_LIMIT = 1 << 16
_GONE = "the supervisor is gone"


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
    memory: int = 2 << 30
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

    @property
    def lost(self) -> bool:
        """Whether the sandbox died with all in it, which no submission can do to a full one."""
        return self.problem == _GONE and not self.out_of_memory


class WarmParent:
    """A process that has imported the packages and forks submissions.

    Args:
        level: `full`, `reduced` or `none`.
        limits: for every submission.
        imports: import statements of the course's own, carried out once.
        nested: give each submission namespaces of its own, if they can be had.

    Attributes:
        problem: why submissions cannot have namespaces of their own inside the sandbox. Such a
            warm parent is good for one submission (`fresh`).

    Raises:
        SandboxError: if the level does not work here.
    """

    def __init__(
        self,
        level: str,
        limits: Limits,
        *,
        imports: Sequence[str] = (),
        nested: bool = True,
    ):
        self.level = level
        self.limits = limits
        self.problem = ""
        self.cpu = 0.0
        self.started = 0
        self._resources = contextlib.ExitStack()
        self._group = self._resources.enter_context(MemoryGroup(limits.memory + (1 << 29)))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the resources)
        self._resources.callback(self._errors.close)
        self._uid = sandbox.unprivileged_uid() if os.geteuid() == 0 and level != "none" else None
        try:
            self._process, self._socket = self._spawn()
            self._resources.callback(self._end)
            config = {
                "uid": self._uid if level == "full" else None,
                "own_proc": level == "full" and os.geteuid() == 0,
                "sandboxed": level == "full",
                "imports": [*ALWAYS, *imports],
            }
            deadline = time.monotonic() + START_SECONDS
            channel.send(self._socket, channel.START, wire.dumps(config), deadline=deadline)
            _, self.problem = self._ready(deadline)
            self.nested = level == "full" and nested and not self.problem
        except (ChannelError, OSError) as error:
            self._errors.seek(0)
            text = self._errors.read(1 << 16).decode("utf-8", "replace").strip()
            self.close()
            last = text.splitlines()[-1] if text else str(error)
            raise SandboxError(f"the warm parent did not start: {last}") from error
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "WarmParent":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
            "uid": self._uid if self.level == "reduced" else None,
            "seccomp": self.level != "none",
            "sockets": self.level == "full",
            "watched": 0 if self._group.path else self.limits.memory,
            "home": home,
            "keep": sandbox.python_folders(),
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
            spent, _ = self._ready(deadline)
        self.started += 1
        kills = self._group.kills()
        folder = home if self.level != "full" else None
        return StudentProcess(supervisor, control, spent, folder, self._group, kills)

    def close(self) -> None:
        """End the warm parent and everything it started."""
        self._resources.close()

    @property
    def fresh(self) -> bool:
        """Whether another submission can be started in it without meeting an earlier one."""
        return self.nested or self.level != "full" or self.started == 0

    def _ready(self, deadline: float) -> tuple[float, str]:
        """Wait for the warm parent; CPU seconds that it spent since the last time, and a word."""
        frame = channel.receive(self._socket, limit=_REPORT_LIMIT, deadline=deadline)
        total, problem = wire.loads(frame.payload)
        spent, self.cpu = total - self.cpu, total
        return spent, problem

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
        closed = sandbox.closed_to_others() if self._uid is not None else ""
        if closed:
            raise SandboxError(
                f"other users cannot enter {closed}, so a submission cannot run as one of them."
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
        requests: how many cells have been sent.
    """

    supervisor: socket.socket
    control: socket.socket
    start_cpu: float
    folder: str | None
    group: MemoryGroup
    kills_before: int
    requests: int = 0
    report: dict[str, Any] = field(default_factory=dict)
    ending: Ending | None = None

    @property
    def out_of_memory(self) -> bool:
        """Whether the kernel or the supervisor has killed one of the processes for memory."""
        if self.group.path is None and self._wait(0.5):
            return bool(self.report.get("out_of_memory"))
        return self.group.kills() > self.kills_before

    def end(self, grace: float) -> Ending:
        """Hang up, wait up to `grace` seconds for all processes to end, then kill them."""
        if self.ending is not None:
            return self.ending
        self.control.close()
        if not self._wait(grace):
            with contextlib.suppress(ChannelError):
                channel.send(self.supervisor, channel.KILL)
            if not self._wait(20.0):
                self.report = {"problem": "the supervisor did not answer"}
        out_of_memory = self.out_of_memory
        self.supervisor.close()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.ending = Ending(
            self.report.get("status", 0),
            self.report.get("cpu", 0.0) + self.start_cpu,
            out_of_memory,
            self.report["problem"],
        )
        return self.ending

    def _wait(self, seconds: float) -> bool:
        """Whether the supervisor has reported, after waiting for it."""
        if not self.report:
            try:
                frame = channel.receive(
                    self.supervisor, limit=_REPORT_LIMIT, deadline=time.monotonic() + seconds
                )
                self.report = wire.loads(frame.payload)
            except channel.DeadlinePassed:
                return False
            except ChannelError:
                self.report = {"problem": _GONE}
        return True
