"""Answer calls to the student's functions, in a copy of the student's process."""

import contextlib
import functools
import os
import resource
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from grader.student import channel, purity
from grader.student.shell import Shell, Stopwatch
from qlib import wire
from qlib.checks import AnswerError
from qlib.checks.local import call_function

REQUEST_LIMIT = 1 << 27


def serve_calls(
    sock: socket.socket, shell: Shell, memories: dict[str, purity.Memory], cpu_seconds: int
) -> None:
    """Answer calls until the trusted side hangs up.

    A reply says whether this process can serve another check. The first call of a check can be
    refused: by `CHANGED` if an earlier one has changed generators or defaults, by `ELSEWHERE` if
    the state of this function's grade cell is held by another process.

    Args:
        sock: the conversation.
        shell: where the student's names live.
        memories: functions that keep no state, and what to restore before they are called.
        cpu_seconds: CPU time for all calls; the kernel ends the process after it.
    """
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115 (as long as the process)
    with contextlib.suppress(ValueError, OSError):
        used = int(time.process_time()) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (used + cpu_seconds,) * 2)
    channel.send(sock, channel.READY)
    reader = channel.Reader(sock)
    served: str | None = None
    before: tuple = ()
    shelf: dict = {}
    while True:
        frame = reader.receive(limit=REQUEST_LIMIT)
        first, name, args, kwargs, repeat, probe = wire.loads(frame.payload, tensors=True)
        if first and served is not None:
            refusal = 0
            if name != served and name not in memories:
                refusal = channel.ELSEWHERE
            elif purity.ambient() != before:
                refusal = channel.CHANGED
            if refusal:
                channel.send(sock, refusal, request=frame.request)
                continue
        if name != served:
            if name in memories:
                memories[name].restore(shell.user_ns)
            served, before = name, purity.ambient()
        if first:
            shelf = {}
        call = functools.partial(call_function, repeat=repeat, probe=probe, shelf=shelf)
        end, results = _answer(shell, name, args, kwargs, call, name in memories)
        reply = channel.join([end, *results])
        channel.send(sock, channel.REPLY, reply, request=frame.request)


def _answer(
    shell: Shell,
    name: str,
    args: tuple,
    kwargs: dict[str, Any],
    call: Callable[..., list[bytes]],
    pure: bool,
) -> tuple[bytes, list[bytes]]:
    """The end of a reply, and the results."""
    clock, error, results = Stopwatch(), None, []
    try:
        if name not in shell.user_ns:
            raise AnswerError("undefined", f"`{name}` is not defined.")
        results = call(shell.user_ns[name], name, args, kwargs)
    except AnswerError as found:
        error = [found.kind, found.message, list(found.where)]
    pure = pure and len(sys._current_frames()) == 1
    return wire.dumps([clock.seconds(), pure, error]), results
