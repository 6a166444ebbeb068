"""The processes around one submission.

    supervisor  outside the submission's namespaces; kills it when told or when the grader is gone
    init        the first process inside; collects orphans and ends with the last of them
    student     runs the cells

Only the student's process runs code of a submission. The supervisor is not visible from inside.
"""

import contextlib
import os
import random
import resource
import select
import signal
import socket
import sys
from typing import Any, NoReturn

from grader.student import channel, family, isolate, seccomp
from grader.student.serve import serve_cells
from grader.student.shell import Shell
from qlib import wire

PRIVATE = ("/tmp", "/dev/shm")  # writable inside, and the home folder; nothing else
WATCH_EVERY = 300  # milliseconds


def supervise(start: dict[str, Any], ours: socket.socket, control: int, shell: Shell) -> NoReturn:
    """Start a submission, watch over it, report how it ended. Runs in a fork of the warm parent.

    Args:
        start: `nested` (own namespaces), `uid` (to become, or None), `seccomp`, `sockets` (whether
            it may use them), `home`, `seed`, `bounds` (the fields of `isolate.Bounds`) and
            `watched` (bytes for all processes together where no cgroup counts them, else 0).
        ours: to the trusted side; anything it says, or its end, means "kill".
        control: the socket that the student's process will serve.
        shell: the warm parent's.
    """
    report: dict[str, Any] = {"problem": "", "status": 0, "cpu": 0.0, "out_of_memory": False}
    try:
        os.setsid()
        proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)  # it will be covered
        if start["nested"]:
            isolate.enter_namespaces()
        isolate.adopt_orphans()
        init = os.fork()
        if init == 0:
            os.close(proc)
            _init(start, ours, control, shell)
        os.close(control)
        report["out_of_memory"] = _watch(init, ours, start["watched"], proc)
        _, status, usage = os.wait4(init, 0)
        if not start["nested"]:
            family.end_descendants()
        own = resource.getrusage(resource.RUSAGE_SELF)
        report["status"] = os.waitstatus_to_exitcode(status)
        report["cpu"] = usage.ru_utime + usage.ru_stime + own.ru_utime + own.ru_stime
    except Exception as error:
        report["problem"] = f"{type(error).__name__}: {error}"
    with contextlib.suppress(Exception):
        channel.send(ours, channel.ENDED, wire.dumps(report))
    os._exit(0)


def _watch(init: int, ours: socket.socket, watched: int, proc: int) -> bool:
    """Wait for the end of `init` and hasten it when told; whether it had used too much memory."""
    pidfd = os.pidfd_open(init)
    poll = select.poll()
    poll.register(ours, select.POLLIN)
    poll.register(pidfd, select.POLLIN)
    while True:
        ready = [fd for fd, _ in poll.poll(WATCH_EVERY if watched else None)]
        if pidfd in ready:
            return False
        too_much = not ready and family.memory_of(os.getpid(), proc) > watched
        if ready or too_much:
            os.kill(init, signal.SIGKILL)
            return too_much


def _init(start: dict[str, Any], ours: socket.socket, control: int, shell: Shell) -> NoReturn:
    code = 1
    try:
        isolate.die_with_parent()
        isolate.adopt_orphans()
        if start["nested"]:
            isolate.mount_proc()
            for path in (*PRIVATE, start["home"]):
                isolate.mount_tmpfs(path, start["bounds"]["disk"], start["keep"])
        ours.close()
        student = os.fork()
        if student == 0:
            _student(start, control, shell)
        os.close(control)
        isolate.set_dumpable(False)
        while True:
            try:
                pid, status = os.wait()
            except ChildProcessError:
                break
            if pid == student:
                code = os.waitstatus_to_exitcode(status)
    finally:
        os._exit(code if code >= 0 else 128 - code)


def _student(start: dict[str, Any], control: int, shell: Shell) -> NoReturn:
    try:
        os.setsid()
        control = isolate.close_all_but(control)
        os.chdir(start["home"])
        os.umask(0o077)
        isolate.limit(isolate.Bounds(**start["bounds"]))
        if start["uid"] is not None:
            isolate.become(start["uid"])
        if start["seccomp"]:
            isolate.drop_capabilities()
            isolate.no_new_privileges()
            seccomp.install(allow_sockets=start["sockets"])
        _seed(start["seed"])
        serve_cells(socket.socket(fileno=control), shell)
    except BaseException as error:
        with contextlib.suppress(Exception):
            text = f"{type(error).__name__}: {error}"
            channel.send(socket.socket(fileno=control), channel.ERROR, text.encode())
    finally:
        os._exit(3)


def _seed(seed: int) -> None:
    """Unseeded generators start afresh for each submission, and alike when a run is replayed."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed % 2**63)
