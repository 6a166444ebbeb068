"""The warm parent: imports the course's packages once and forks a process for each submission.

It never runs a student's code, computes nothing and has one thread. Started by `grader.warm`, which
speaks to it over file descriptor 3 (or the one named on the command line).
"""

import contextlib
import gc
import os
import socket
import sys
import time
from typing import Any

from grader.student import channel, isolate
from qlib import wire


def main() -> None:
    """Read the configuration, warm up, then fork a submission for each request until hung up on."""
    ours = socket.socket(fileno=int(sys.argv[1]))
    config = wire.loads(channel.receive(ours, limit=1 << 20).payload)
    if config["own_proc"]:
        isolate.mount_proc()
    if config["uid"] is not None:
        isolate.become(config["uid"])
    if config["sandboxed"]:
        isolate.drop_capabilities()
    shell = _warm_up(config["imports"])
    from grader.student.supervise import supervise

    gc.collect()
    gc.freeze()
    isolate.use_huge_pages()
    problem = _try_namespaces() if config["sandboxed"] else "not wanted"
    channel.send(ours, channel.READY, wire.dumps([time.process_time(), problem]))
    with contextlib.suppress(channel.ChannelClosed):
        while True:
            frame = channel.receive(ours, limit=1 << 20, max_sockets=2)
            supervisor, control = frame.sockets
            if os.fork() == 0:
                try:
                    ours.close()
                    start = wire.loads(frame.payload)
                    supervise(start, socket.socket(fileno=supervisor), control, shell)
                finally:
                    os._exit(1)
            os.close(supervisor)
            os.close(control)
            channel.send(ours, channel.READY, wire.dumps([time.process_time(), ""]))
            _reap()
    os._exit(0)


def _warm_up(imports: list[str]) -> Any:
    """Carry out import statements of the course's own and make IPython's shell."""
    from grader.student.shell import create

    for statement in imports:
        with contextlib.suppress(ImportError):
            exec(statement, {})
    shell = create()
    if "matplotlib" in sys.modules:
        shell.run_line_magic("matplotlib", "inline")
        shell.run_cell("", store_history=False)
    return shell


def _try_namespaces() -> str:
    """Why a fork cannot have namespaces of its own; an empty string if it can."""
    readable, writable = os.pipe()
    if os.fork() == 0:
        try:
            isolate.enter_namespaces()
            if os.fork() == 0:
                isolate.mount_proc()
                isolate.mount_tmpfs("/tmp", 1 << 16)
                os._exit(0)
            if os.wait()[1] != 0:
                raise OSError("no private /proc")
        except Exception as error:
            os.write(writable, str(error)[:300].encode())
        finally:
            os._exit(0)
    os.close(writable)
    with open(readable, "rb") as pipe:
        problem = pipe.read().decode("utf-8", "replace")
    _reap()
    return problem


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
