"""Answer calls to the student's functions, in a copy of the student's process."""

import contextlib
import os
import resource
import socket
import sys
import time
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

    A request is `(first, name, args, kwargs, repeat, probe)`; with `repeat` 0, `args` holds the
    arguments of many calls, each to be made once. A reply holds the results up to the first call
    that fails, and says whether this process can serve another check.

    The first call of a check can be refused: by `CHANGED` if an earlier one has changed generators
    or defaults and they cannot be put back, by `ELSEWHERE` if the state of this function's grade
    cell is held by another process.

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
        message = wire.loads(frame.payload, tensors=True, trusted=True)
        first, name, args, kwargs, repeat, probe = message
        now: tuple = ()
        if first and served is not None:
            refusal = 0
            if name != served and name not in memories:
                refusal = channel.ELSEWHERE
            elif (now := purity.ambient()) != before:
                known = memories.get(name)
                before = known.restore(shell.user_ns, now) if known else ()
                if purity.ambient() == before:
                    served, now = name, before
                else:
                    refusal = channel.CHANGED
            if refusal:
                channel.send(sock, refusal, request=frame.request)
                continue
        if name != served:
            served, known = name, memories.get(name)
            before = known.restore(shell.user_ns, now) if known else purity.ambient()
        if first:
            shelf = {}
        calls = [(args, kwargs, repeat, probe)] if repeat else [(each, {}, 1, "") for each in args]
        end, results = _answer(shell, name, calls, shelf, name in memories)
        reply = channel.join([end, *results])
        channel.send(sock, channel.REPLY, reply, request=frame.request)


def _answer(
    shell: Shell, name: str, calls: list[tuple], shelf: dict[str, Any], pure: bool
) -> tuple[bytes, list[bytes]]:
    """The end of a reply, and the results of the calls up to the first that fails."""
    clock, error, results = Stopwatch(), None, []
    try:
        if name not in shell.user_ns:
            raise AnswerError("undefined", f"`{name}` is not defined.")
        for call in calls:
            results += call_function(shell.user_ns[name], name, *call, shelf)
    except AnswerError as found:
        error = [found.kind, found.message, list(found.where)]
    pure = pure and len(sys._current_frames()) == 1
    return wire.dumps([clock.seconds(), pure, error]), results
