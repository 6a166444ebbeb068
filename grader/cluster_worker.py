"""What a Dask worker does for `grade --dask`: examine one submission in a process of its own.

The submission arrives as bytes and the outcome leaves as bytes: scheduler and workers need no
folder in common with the grader. Where the output folder can be seen from here (the same machine,
or a network file system), the outcome is written there as well, by the first that has one: a worker
that dies afterwards takes nothing along.
"""

import contextlib
import functools
import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from grader import worker
from grader.child import ATTEMPTS, BrokenError, Child, Died
from grader.collect import Submission
from grader.store import write_atomically

IDLE = 120.0  # seconds after which a process that waits for a submission is ended
TOKEN = "token"

_lock = threading.Lock()
_idle: list[tuple[float, tuple, Child]] = []
_busy: dict[Child, str] = {}


def work(order: dict[str, Any]) -> dict[str, Any]:
    """Examine one submission.

    Args:
        order: what `grader.cluster` sends; plain data.

    Returns:
        `outcome` with the outcome's JSON as bytes, `died` with the reason why there is none, or
        `refused` with the reason why this worker cannot examine at all.
    """
    complaint = unfit(order["assignment"], order["versions"], order["root"])
    if complaint:
        return {"refused": complaint}
    kept = _kept(order)
    if kept is not None:
        with contextlib.suppress(OSError):
            return {"outcome": kept.read_bytes()}
    try:
        content = _examine(order)
    except BrokenError as error:
        return {"refused": str(error)}
    except OSError as error:
        return {"refused": f"{error.filename or 'its disk'}: {error.strerror or error}"}
    except Died as error:
        return {"died": str(error)}
    if kept is not None:
        with contextlib.suppress(OSError):
            write_once(kept, content)
            content = kept.read_bytes()
    return {"outcome": content}


def unfit(assignment: str, wanted: dict[str, str], root: str | None) -> str:
    """Why a submission to this assignment cannot be examined here, or an empty string.

    Args:
        assignment: its name.
        wanted: versions of notebook and grader that the instructor's machine has.
        root: the course's folder; where the packages are installed by default.
    """
    try:
        found = _versions(assignment, root)
    except OSError:
        return f"the course is installed, but not its assignment {assignment}"
    for name, what in (("grader", "grader"), ("assignment", f"notebook {assignment}")):
        if found[name] != wanted[name]:
            return (
                f"it has another version of the {what} ({found[name][:24]} in place of "
                f"{wanted[name][:24]}); install the same version of the course there"
            )
    return ""


def stop(token: str) -> None:
    """End the processes of a run: those that work for it, and all that wait."""
    with _lock:
        for child, run in _busy.items():
            if run == token:
                child.strike()
        idle = [child for _, _, child in _idle]
        _idle.clear()
    for child in idle:
        child.kill()


def write_once(path: Path, content: bytes) -> None:
    """Write a file, whole, unless it is there: the first writer wins."""
    part = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.once")
    try:
        write_atomically(part, content)
        with contextlib.suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink(missing_ok=True)


def _kept(order: dict[str, Any]) -> Path | None:
    """Where the outcome is to be kept, if the run's folder can be seen from here."""
    folder = Path(order["folder"])
    try:
        seen = (folder / TOKEN).read_text(encoding="utf-8") == order["token"]
    except OSError:
        return None
    return folder / f"{order['name']}.json" if seen else None


def _examine(order: dict[str, Any]) -> bytes:
    """The outcome's JSON.

    Raises:
        BrokenError: if nothing can be examined here.
        OSError: if the disk here is full.
        Died: if the examining processes died, or took too long.
    """
    with tempfile.TemporaryDirectory(prefix="examine-") as folder:
        notebook = Path(folder) / "submitted" / f"{order['assignment']}.ipynb"
        notebook.parent.mkdir()
        notebook.write_bytes(order["content"])
        submission = Submission(order["student"], order["assignment"], notebook)
        target = Path(folder) / "outcome.json"
        job = worker.Job(submission, order["versions"], target, tuple(order["only"]))
        result = _attempt(job, order)
        if isinstance(result, Exception):
            raise result
        return target.read_bytes()


def _attempt(job: worker.Job, order: dict[str, Any]) -> Any:
    """Do the job, once more if the process dies."""
    for attempt in range(ATTEMPTS):
        key = (order["factory"], order["root"], order["terms"])
        child = _take(key, order["token"])
        try:
            result = child.do(job, order["limit"])
        except Died as error:
            if attempt == ATTEMPTS - 1 or "more than" in str(error):
                raise
        else:
            _give_back(key, child)
            return result
        finally:
            with _lock:
                _busy.pop(child, None)
    raise AssertionError("unreachable")


def _take(key: tuple, token: str) -> Child:
    """A process for this work, one that waits or a new one."""
    with _lock:
        for place, (_, known, child) in enumerate(_idle):
            if known == key:
                del _idle[place]
                _busy[child] = token
                return child
    factory, root, terms = key
    settings: dict[str, Any] = {"terms": worker.Terms.read(terms)}
    if root:
        settings["root"] = Path(root)
    child = Child(factory, settings)
    with _lock:
        _busy[child] = token
    return child


def _give_back(key: tuple, child: Child) -> None:
    with _lock:
        _idle.append((time.monotonic(), key, child))
    timer = threading.Timer(IDLE + 1, _sweep)
    timer.daemon = True
    timer.start()


def _sweep() -> None:
    """End the processes that have waited for too long."""
    with _lock:
        old = [entry for entry in _idle if time.monotonic() - entry[0] > IDLE]
        _idle[:] = [entry for entry in _idle if entry not in old]
    for _, _, child in old:
        child.kill()


@functools.cache
def _versions(assignment: str, root: str | None) -> dict[str, str]:
    return worker.versions_of(assignment, Path(root) if root else worker.ROOT)
