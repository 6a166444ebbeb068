"""Run cells, keep a snapshot at each grade cell, answer calls: the student's process.

    main        runs the cells in order; at a grade cell it forks a snapshot and goes on at once
    snapshot    holds the state of that grade cell; forks sessions
    session     answers calls; what they break ends with it. It serves one check, or all checks of
                the exercise as long as they leave nothing behind (`purity`)

Each is on a socket of its own, which the trusted side made. Hidden checks call only after the last
cell has run, so nothing that they send can show up in a cell's output.
"""

import contextlib
import gc
import os
import resource
import signal
import socket
import sys
import time
from typing import Any, NoReturn

from grader.student import channel, purity
from grader.student.channel import ChannelClosed
from grader.student.shell import Shell
from qlib import wire
from qlib.checks import AnswerError
from qlib.checks.local import call_function

REQUEST_LIMIT = 1 << 27
CELL_LIMITS = wire.Limits(structure_bytes=12 << 20, buffer_bytes=0, items=100_000)


def serve_cells(control: socket.socket, shell: Shell) -> NoReturn:
    """The main loop of a student's process; ends when the trusted side hangs up."""
    with contextlib.suppress(ChannelClosed, OSError):
        while True:
            frame = channel.receive(control, limit=REQUEST_LIMIT, max_sockets=1)
            if frame.kind == channel.CELL:
                cell = wire.loads(frame.payload, CELL_LIMITS)
                result = wire.dumps(shell.run(cell["source"], cell["seconds"]), CELL_LIMITS)
                channel.send(control, channel.OUTPUTS, result, request=frame.request)
            elif frame.kind == channel.SNAPSHOT:
                _fork(frame.sockets[0], control, serve_snapshot, shell)
            _reap()
    _leave()


def serve_snapshot(sock: socket.socket, shell: Shell) -> None:
    """Fork a session for each request, and end one that hangs."""
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115 (as long as the process)
    session = 0
    while True:
        frame = channel.receive(sock, limit=REQUEST_LIMIT, max_sockets=1)
        if frame.kind == channel.SESSION:
            cpu_seconds = wire.loads(frame.payload)
            session = _fork(frame.sockets[0], sock, serve_calls, shell, cpu_seconds)
        elif frame.kind == channel.KILL and session:
            with contextlib.suppress(ProcessLookupError):
                os.kill(session, signal.SIGKILL)
        _reap()


def serve_calls(sock: socket.socket, shell: Shell, cpu_seconds: int) -> None:
    """Answer calls until the trusted side hangs up.

    A reply says whether the function keeps no state; then the process serves another check, unless
    generators or defaults have changed: the first call of a check is then answered by `CHANGED`.

    Args:
        sock: the conversation.
        shell: where the student's names live.
        cpu_seconds: CPU time for all its calls; the kernel ends the process after it.
    """
    with contextlib.suppress(ValueError, OSError):
        used = int(time.process_time()) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (used + cpu_seconds,) * 2)
    channel.send(sock, channel.READY)
    before = purity.ambient()
    function = name = None
    pure = False
    while True:
        frame = channel.receive(sock, limit=REQUEST_LIMIT)
        first, wanted, args, kwargs, repeat = wire.loads(frame.payload, tensors=True)
        if first and name is not None and purity.ambient() != before:
            channel.send(sock, channel.CHANGED, request=frame.request)
            continue
        if wanted != name:
            name, function = wanted, shell.user_ns.get(wanted)
            pure = purity.keeps_no_state(function)
        start, error, results = time.process_time(), None, []
        try:
            if name not in shell.user_ns:
                raise AnswerError("undefined", f"`{name}` is not defined.")
            results = call_function(function, name, args, kwargs, repeat)
        except AnswerError as found:
            error = [found.kind, found.message, list(found.where)]
        end = wire.dumps([time.process_time() - start, pure, error])
        reply = channel.join([end, *results])
        channel.send(sock, channel.REPLY, reply, request=frame.request)


def _fork(fd: int, mine: socket.socket, serve: Any, *args: Any) -> int:
    """Let a copy of this process serve on `fd`; failing to fork hangs up on the other side."""
    try:
        gc.freeze()
        pid = os.fork()
    except OSError:
        pid = -1
    if pid:
        os.close(fd)
        return max(pid, 0)
    try:
        mine.close()
        serve(socket.socket(fileno=fd), *args)
    except BaseException:
        pass
    finally:
        _leave()


def _reap() -> None:
    """Collect children that ended, so that their CPU time is counted."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _leave() -> NoReturn:
    """End without running anything that a student registered, after the children have ended."""
    with contextlib.suppress(BaseException):
        while True:
            os.waitpid(-1, 0)
    os._exit(0)
