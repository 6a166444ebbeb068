"""Examine on a Dask cluster: the same jobs as in `grader.pool`, on other machines.

Only plain data travels, and one function that is sent with its code: a worker that lacks the
course, or has another version of it, says so instead of failing. Recording stays here.
"""

import contextlib
import hashlib
import queue
import secrets
import shutil
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader import submission as submissions
from grader import worker
from grader.cluster_sent import looking, stopping, working
from grader.cluster_worker import TOKEN
from grader.outcome import Outcome
from grader.pool import Died, PoolError
from grader.store import write_atomically

PATIENCE = 600.0  # seconds without any worker
CONNECT = 15.0  # seconds for the scheduler to answer
FOLDER = ".cluster"


class Cluster:
    """Do jobs on a cluster; iterate over it for `(job, result)` pairs as they come, as in `Pool`.

    Args:
        jobs: what is to be examined.
        address: of the scheduler.
        factory: what examines, see `grader.child.Child`; imported on the workers.
        settings: `root` and `terms` of the factory.
        out: the output folder.
        limit: seconds after which a job's process is killed.
        check: called now and then; may raise to stop the iteration.
        patience: seconds to wait for a first worker.

    Attributes:
        notes: sentences about workers that were not used.
    """

    def __init__(
        self,
        jobs: Sequence[worker.Job],
        address: str,
        factory: str,
        settings: dict[str, Any],
        *,
        out: Path,
        limit: float = 3600,
        check: Callable[[], None] = lambda: None,
        patience: float = PATIENCE,
    ):
        self.jobs, self.address, self.limit = jobs, address, limit
        self.notes: list[str] = []
        self._terms = settings["terms"]
        root = settings["root"].resolve()
        self._fixed = {
            "factory": factory,
            "terms": str(self._terms),
            "root": None if root == worker.ROOT else str(root),
            "limit": limit,
            "token": secrets.token_hex(8),
            "folder": str(out.resolve() / FOLDER),
        }
        self._check, self._patience = check, patience
        self._done: queue.SimpleQueue = queue.SimpleQueue()
        self._futures: dict[Any, int] = {}
        self._looked_at: set[str] = set()
        self._unfit: dict[str, str] = {}
        self._threads = 0
        self._last_look = -10.0
        self._here: deque[int] = deque()
        self._held = contextlib.ExitStack()

    def __enter__(self) -> "Cluster":
        with contextlib.ExitStack() as held:
            if self.jobs:
                folder = Path(self._fixed["folder"])
                shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
                held.callback(shutil.rmtree, folder, ignore_errors=True)
                write_atomically(folder / TOKEN, self._fixed["token"].encode())
                self._client = self._connect()
                held.callback(self._leave)
            self._held = held.pop_all()
        return self

    def __exit__(self, *exc: object) -> None:
        self._held.close()

    def __iter__(self) -> Iterator[tuple[worker.Job, Any]]:
        """The results. Where a job failed, the result is an `OSError` or `Died`, not raised here.

        Raises:
            PoolError: if no worker can be used.
        """
        waiting, left = deque(range(len(self.jobs))), len(self.jobs)
        suspects: deque[int] = deque()  # some worker died that had them; they are tried alone
        alone = -1
        seen = time.monotonic()
        while left:
            self._check()
            self._look()
            seen = time.monotonic() if self._threads else seen
            if time.monotonic() - seen > self._patience:
                raise PoolError(f"No worker has come to {self.address}.")
            while waiting and len(self._futures) < max(4, 2 * self._threads + 2):
                self._send(waiting.popleft())
            if suspects and not waiting and not self._futures:
                alone = suspects.popleft()
                self._send(alone)
            while self._here:
                left -= 1
                yield self._examine_here(self._here.popleft())
            try:
                future = self._done.get(timeout=0.2)
            except queue.Empty:
                continue
            index = self._futures.pop(future, None)
            if index is None:
                continue
            result = self._result(future, index)
            if result is None:
                waiting.append(index)
                continue
            if isinstance(result, _Lost) and index != alone:
                suspects.append(index)
                continue
            left -= 1
            yield self.jobs[index], result

    def _connect(self) -> Any:
        try:
            from distributed import Client
        except ImportError as error:
            raise PoolError(
                f"The package {error.name} is not installed. Run: pip install -e '.[cluster]'"
            ) from error
        warnings.filterwarnings("ignore", message="Sending large graph")
        try:
            return Client(self.address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise PoolError(
                f"No scheduler answers at {self.address}: {error}. Give the address that "
                "`dask scheduler` printed, tcp://<machine>:8786."
            ) from error

    def _leave(self) -> None:
        """Take back what has not been done, and end the processes on the workers."""
        with contextlib.suppress(Exception):
            self._client.cancel(list(self._futures), force=True)
            token = self._fixed["token"]
            self._client.run(stopping(), token, on_error="ignore")
        with contextlib.suppress(Exception):
            self._client.close(timeout=5)

    def _look(self) -> None:
        """Meet the workers that have come since; learn whether they will do."""
        if time.monotonic() - self._last_look < 1.0:
            return
        self._last_look = time.monotonic()
        if self._client.status in ("closed", "closing"):
            raise PoolError(f"The connection to {self.address} is lost. Run again to go on.")
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        new = sorted(set(workers) - self._looked_at)
        if new:
            versions = self._client.get_versions()["workers"]
            self._looked_at |= set(new)
            ours = f"{sys.version_info[0]}.{sys.version_info[1]}."
            for address in new:
                theirs = str(versions.get(address, {}).get("host", {}).get("python", ours))
                if not theirs.startswith(ours):
                    self._refuse(address, f"it runs Python {theirs}, and this machine {ours}x")
            new = [address for address in new if address not in self._unfit]
            wanted = {job.submission.assignment: job.versions for job in self.jobs}
            said = self._client.run(
                looking(), wanted, self._fixed["root"], workers=new, on_error="ignore"
            )
            for address, complaint in (said or {}).items():
                if complaint:
                    self._refuse(address, complaint)
        fit = {address: info for address, info in workers.items() if address not in self._unfit}
        self._threads = sum(info["nthreads"] for info in fit.values())
        if workers and not fit:
            address, complaint = next(iter(self._unfit.items()))
            raise PoolError(f"None of the workers will do. Worker {address}: {complaint}.")

    def _refuse(self, address: str, complaint: str) -> None:
        if address not in self._unfit:
            self._unfit[address] = complaint
            self.notes.append(f"The Dask worker {address} was not used: {complaint}.")

    def _send(self, index: int) -> None:
        """Hand a job to the cluster, or keep it here where there is nothing to examine."""
        job = self.jobs[index]
        given = job.submission
        try:
            if given.problem:
                raise submissions.Unreadable(given.problem)
            content = submissions.read_bytes(given.path, self._terms.limits().notebook)
        except submissions.Unreadable:
            self._here.append(index)
            return
        name = repr((given.id, given.assignment, job.only, sorted(job.versions.items())))
        order = self._fixed | {
            "name": hashlib.sha256(name.encode()).hexdigest()[:32],
            "student": given.student,
            "assignment": given.assignment,
            "content": content,
            "versions": job.versions,
            "only": list(job.only),
        }
        where: dict[str, Any] = {}
        if self._unfit:  # a preference: those may all be gone by then, and others have come
            known = self._client.scheduler_info(n_workers=-1)["workers"]
            where["workers"] = sorted(set(known) - set(self._unfit)) or None
            where["allow_other_workers"] = where["workers"] is not None
        key = f"examine-{self._fixed['token']}-{index}-{secrets.token_hex(4)}"
        future = self._client.submit(working(), order, key=key, pure=False, retries=0, **where)
        self._futures[future] = index
        future.add_done_callback(self._done.put)

    def _examine_here(self, index: int) -> tuple[worker.Job, Any]:
        """The outcome of something that cannot be opened; it runs nothing."""
        job = self.jobs[index]
        try:
            submissions.read_bytes(job.submission.path, self._terms.limits().notebook)
            problem = job.submission.problem
        except submissions.Unreadable as error:
            problem = job.submission.problem or str(error)
        submission = replace(job.submission, problem=problem)
        try:
            return job, worker.do(replace(job, submission=submission), _never)
        except OSError as error:
            return job, error

    def _result(self, future: Any, index: int) -> Any:
        """What a job gave, written where it belongs; None if it is to be sent to another worker."""
        job = self.jobs[index]
        answer: dict[str, Any] = {}
        try:
            answer = future.result(timeout=60)
        except Exception as error:  # its workers died, or the scheduler lost it
            return _Lost(f"Dask workers die of it: {type(error).__name__}: {error}")
        finally:
            future.release()
        if "refused" in answer:
            self._refuse(answer["worker"], answer["refused"])
            return None
        if "died" in answer:
            return Died(answer["died"])
        try:
            return worker.keep(job, Outcome.from_json(answer["outcome"].decode()))
        except OSError as error:
            return error


class _Lost(Died):
    """A job's workers died, perhaps not because of it."""


def _never(*_: Any) -> Outcome:
    raise AssertionError("nothing is examined here")
