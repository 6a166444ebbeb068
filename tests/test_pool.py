import contextlib
import os
import time

import pytest

from grader.pool import Died, Pool, PoolError


@contextlib.contextmanager
def obeying(folder):
    """A worker that does what the job says."""

    def work(job):
        with open(folder / "log", "a") as file:
            file.write(f"{job}\n")
        if job == "die" or (job == "die once" and not (folder / "died").exists()):
            if job == "die once":
                (folder / "died").touch()
            os._exit(1)
        if job.startswith("slow"):
            time.sleep(0.4)
            with open(folder / "log", "a") as file:
                file.write("end\n")
        if job == "hang":
            time.sleep(60)
        if job == "full":
            raise OSError(28, "No space left on device", "x")
        if job == "raise":
            raise ValueError("no")
        if job == "unsendable":
            return lambda: None
        return f"did {job}"

    yield work


@contextlib.contextmanager
def broken():
    raise RuntimeError("no sandbox here")
    yield


@contextlib.contextmanager
def stillborn():
    os._exit(1)
    yield


def run(jobs, n, factory="obeying", limit=60.0, **settings):
    with Pool(jobs, n, f"{__name__}:{factory}", settings, limit=limit) as pool:
        return dict(pool)


def test_every_job_is_done_once_whatever_happens_to_the_others(tmp_path):
    jobs = ["a", "die", "b", "die once", "raise", "unsendable", "full", "c", "hang"]
    found = run(jobs, 2, limit=3.0, folder=tmp_path)
    assert set(found) == set(jobs)
    assert [found[job] for job in ("a", "b", "c", "die once")] == [
        "did a",
        "did b",
        "did c",
        "did die once",
    ]
    assert isinstance(found["die"], Died)
    assert isinstance(found["unsendable"], Died)
    assert isinstance(found["raise"], Died)
    assert "ValueError: no" in str(found["raise"])
    assert found["full"].filename == "x"
    assert "3 s" in str(found["hang"])
    log = (tmp_path / "log").read_text().splitlines()
    assert sorted(log) == sorted([*jobs, "die", "die once"])


def test_a_worker_that_cannot_begin_says_why():
    with pytest.raises(PoolError, match="no sandbox here"):
        run(["a"], 2, "broken")


def test_workers_that_die_at_birth_end_the_run():
    with pytest.raises(PoolError, match="die before"):
        run(["a"], 1, "stillborn")


def test_no_jobs_need_no_worker():
    assert run([], 2) == {}


def test_no_worker_waits_while_there_is_work(tmp_path):
    found = run([f"slow{i}" for i in range(9)], 3, folder=tmp_path)
    assert len(found) == 9
    busy, most = 0, []
    for line in (tmp_path / "log").read_text().split():
        busy += -1 if line == "end" else 1
        most.append(busy)
    assert max(most) == 3


def test_what_raises_while_waiting_ends_the_workers(tmp_path):
    def check():
        if (tmp_path / "log").exists():
            raise KeyError("stop")

    with (
        pytest.raises(KeyError, match="stop"),
        Pool(["hang"], 1, f"{__name__}:obeying", {"folder": tmp_path}, check=check) as pool,
    ):
        list(pool)
    assert not pool._thread.is_alive()
