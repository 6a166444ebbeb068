"""Worker processes that outlive their accidents.

A worker that dies is replaced. Its job is tried once more, in a fresh worker; if that dies too, the
job is given back as failed. No other job is lost or done twice.
"""

import contextlib
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import wait
from typing import Any

from grader.child import ATTEMPTS, Child, Died

__all__ = ["Died", "Pool", "PoolError"]


class PoolError(Exception):
    """No worker can be started; the text is the worker's own complaint."""


class Pool:
    """Do jobs in `n` processes; iterate over it for `(job, result)` pairs as they come.

    Args:
        jobs: what is to be done; each is sent to a worker.
        n: how many processes.
        factory: what a worker does, see `Child`.
        settings: keyword arguments of the factory.
        limit: seconds after which a job's worker is killed. A job that runs into it is not tried
            again.
        check: called now and then while waiting for a result; may raise to stop the iteration.
    """

    def __init__(
        self,
        jobs: Sequence[Any],
        n: int,
        factory: str,
        settings: dict[str, Any],
        *,
        limit: float = 3600,
        check: Callable[[], None] = lambda: None,
    ):
        self.jobs, self.limit = jobs, limit
        self._start = lambda: Child(factory, settings)
        self._n = min(n, len(jobs))
        self._check = check
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
            found = None
            while found is None:
                self._check()
                with contextlib.suppress(queue.Empty):
                    found = self._results.get(timeout=0.2)
            if isinstance(found, PoolError):
                raise found
            yield found

    def _run(self) -> None:
        """Hand out jobs, in a thread of its own: workers never wait for the reader."""
        workers: list[Child] = []
        try:
            for _ in range(self._n):
                workers.append(self._start())
            self._loop(workers)
        except PoolError as error:
            self._results.put(error)
        except Exception as error:
            self._results.put(PoolError(f"{type(error).__name__}: {error}"))
        finally:
            for worker in workers:
                worker.dismiss()
            for worker in workers:
                worker.kill(grace=5.0)

    def _loop(self, workers: list[Child]) -> None:
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
                kind, value = ("over", None) if over else worker.hear()
                if kind == "ready":
                    stillborn = 0
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
                workers[place] = self._start()
