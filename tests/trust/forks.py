"""Work in processes forked from this one: what it imported is warm, what one breaks stays in it."""

import contextlib
import math
import os
import pickle
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any

MEMORY = 6 << 30  # bytes of address space for one piece of work
WAITING = 20.0  # wall seconds a CPU second may take on a busy machine, before a sleeper is ended


def forked(
    work: Callable[[Any], Any],
    jobs: Iterable[Any],
    seconds: Callable[[Any], float],
    workers: int,
) -> Iterator[tuple[Any, str, Any, float]]:
    """Do each job in a process of its own.

    Args:
        work: what to do with a job; its result must be picklable.
        jobs: the jobs; taken one by one, as processes become free.
        seconds: CPU seconds that a job may use.
        workers: processes at a time.

    Yields:
        (job, "done", result, CPU seconds), or (job, "timeout" or "died", None, CPU seconds), in the
        order in which they end.
    """
    waiting, running = iter(jobs), {}
    try:
        while True:
            while len(running) < workers and (job := next(waiting, None)) is not None:
                pid, pipe = _start(work, job, seconds(job))
                running[pipe] = (pid, job, bytearray(), time.monotonic() + WAITING * seconds(job))
            if not running:
                return
            for pipe in select.select(list(running), [], [], 1.0)[0]:
                pid, job, data, _ = running[pipe]
                if chunk := os.read(pipe, 1 << 16):
                    data += chunk
                    continue
                del running[pipe]
                yield job, *_end(pid, pipe, bytes(data))
            for pid, _, _, until in running.values():
                if time.monotonic() > until:
                    os.kill(pid, signal.SIGXCPU)
    finally:
        for pipe, (pid, *_) in running.items():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(pipe)


def _start(work: Callable[[Any], Any], job: Any, seconds: float) -> tuple[int, int]:
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return pid, read
    try:
        os.close(read)
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        limit = math.ceil(seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 2))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with os.fdopen(write, "wb") as pipe:
            pipe.write(pickle.dumps(work(job)))
        os._exit(0)
    except BaseException as error:
        if not isinstance(error, SystemExit | MemoryError):
            traceback.print_exc()
        os._exit(1)


def _end(pid: int, pipe: int, data: bytes) -> tuple[str, Any, float]:
    os.close(pipe)
    _, status, usage = os.wait4(pid, 0)
    spent = usage.ru_utime + usage.ru_stime
    with contextlib.suppress(Exception):
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
            return "done", pickle.loads(data), spent
    stopped = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
    return ("timeout" if stopped else "died"), None, spent


def cores() -> int:
    """Processes to run at a time."""
    return os.cpu_count() or 1
