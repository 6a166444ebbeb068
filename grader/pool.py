"""Worker processes that outlive their accidents.

A worker that dies is replaced. Its job is tried once more, in a fresh worker; if that dies too, the
job is given back as failed. No other job is lost or done twice.
"""

import contextlib
import ctypes
import importlib
import multiprocessing
import os
import pickle
import queue
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection, wait
from typing import Any

ATTEMPTS = 2
_SPAWN = multiprocessing.get_context("spawn")


class PoolError(Exception):
    """No worker can be started; the text is the worker's own complaint."""


class Died(Exception):  # noqa: N818 (it is a result, not an error)
    """What is given back for a job that failed, or whose workers died; the text says why."""


class _Worker:
    """One process, and the job it works on."""

    def __init__(self, number: int, factory: str, settings: dict[str, Any]):
        self.number, self.ready, self.job, self.since = number, False, None, 0.0
        self.pipe, theirs = _SPAWN.Pipe()
        self.process = _SPAWN.Process(
            target=_main, args=(theirs, os.getpid(), factory, settings), daemon=True
        )
        self.process.start()
        theirs.close()

    def give(self, index: int, job: Any) -> None:
        self.job, self.since = index, time.monotonic()
        with contextlib.suppress(OSError):  # it has just died; the loop will see it
            self.pipe.send(job)

    def kill(self) -> None:
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Pool:
    """Do jobs in `n` processes; iterate over it for `(job, result)` pairs as they come.

    Args:
        jobs: what is to be done; each is sent to a worker.
        n: how many processes.
        factory: `module:function`. Called in each worker with `settings`, it gives a context
            manager whose value is the function that does a job.
        settings: keyword arguments of the factory.
        limit: seconds after which a job's worker is killed. A job that runs into it is not tried
            again.
    """

    def __init__(
        self,
        jobs: Sequence[Any],
        n: int,
        factory: str,
        settings: dict[str, Any],
        *,
        limit: float = 3600,
    ):
        self.jobs, self.limit = jobs, limit
        self._start = lambda number: _Worker(number, factory, settings)
        self._n = min(n, len(jobs))
        self._results: queue.SimpleQueue = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Pool":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        self._thread.join()

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        """The results. Where a job failed, the result is an `OSError` or `Died`, not raised here.

        Raises:
            PoolError: if workers do not start.
        """
        for _ in self.jobs:
            found = self._results.get()
            if isinstance(found, PoolError):
                raise found
            yield found

    def _run(self) -> None:
        """Hand out jobs, in a thread of its own: workers never wait for the reader."""
        workers: list[_Worker] = []
        try:
            workers += [self._start(number) for number in range(self._n)]
            self._loop(workers)
        except PoolError as error:
            self._results.put(error)
        except Exception as error:
            self._results.put(PoolError(f"{type(error).__name__}: {error}"))
        finally:
            for worker in workers:
                worker.kill()

    def _loop(self, workers: list[_Worker]) -> None:
        waiting, tries, left = deque(range(len(self.jobs))), Counter(), len(self.jobs)
        stillborn = 0
        while left and not self._stop.is_set():
            for worker in workers:
                if worker.ready and worker.job is None and waiting:
                    index = waiting.popleft()
                    worker.give(index, self.jobs[index])
            ready = wait([worker.pipe for worker in workers], timeout=0.2)
            for place, worker in enumerate(workers):
                over = worker.job is not None and time.monotonic() - worker.since > self.limit
                if worker.pipe not in ready and not over:
                    continue
                try:
                    kind, value = ("over", None) if over else worker.pipe.recv()
                except (EOFError, OSError):
                    kind, value = "died", None
                if kind == "ready":
                    worker.ready, stillborn = True, 0
                    continue
                if kind == "broken":
                    raise PoolError(value)
                index, worker.job = worker.job, None
                if kind == "done":
                    self._results.put((self.jobs[index], value))
                    left -= 1
                    continue
                stillborn += not worker.ready
                worker.kill()
                if stillborn > 2 * self._n:
                    raise PoolError("The worker processes die before they begin.")
                if index is not None:
                    tries[index] += 1
                    if kind == "over" or tries[index] >= ATTEMPTS:
                        why = f"ran for more than {self.limit:g} s" if over else "died twice"
                        self._results.put((self.jobs[index], Died(f"the worker {why}")))
                        left -= 1
                    else:
                        waiting.append(index)
                workers[place] = self._start(worker.number)


def _result(work: Callable[[Any], Any], job: Any) -> Any:
    """What the job gives, or why it gives nothing; something that can be sent in any case."""
    try:
        result = work(job)
        pickle.dumps(result)
    except OSError as error:
        return OSError(error.errno, error.strerror, error.filename)
    except Exception as error:
        return Died(f"{type(error).__name__}: {error}")
    return result


def _main(pipe: Connection, parent: int, factory: str, settings: dict[str, Any]) -> None:
    """What runs in a worker."""
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)  # Ctrl-C reaches the parent only, and a kill reaches all of this group
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        return
    module, _, name = factory.partition(":")
    try:
        make: Callable[..., AbstractContextManager] = getattr(importlib.import_module(module), name)
        with make(**settings) as work:
            pipe.send(("ready", None))
            while True:
                job = pipe.recv()
                pipe.send(("done", _result(work, job)))
    except (EOFError, BrokenPipeError):
        return  # the parent has gone, or needs no more
    except Exception as error:
        with contextlib.suppress(OSError):
            pipe.send(("broken", str(error) or repr(error)))
