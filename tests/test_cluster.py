"""A class on a Dask cluster over TCP: the same results as here, whatever happens to the workers."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import fakes
import pytest
from fakes import main

from grader import cluster, cluster_worker
from grader.outcome import Outcome
from grader.pool import PoolError
from grader.worker import Terms

pytest.importorskip("distributed")
ROUNDS = 0.2  # seconds of a slow submission


class Machines:
    """A scheduler and workers, each a process with a nanny, as the commands of Dask start them."""

    def __init__(self, folder, course):
        self.folder = folder
        self.environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(fakes.ROOT), str(Path(fakes.__file__).parent)]),
            "FAKE_COURSE": str(course),
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
        }
        self.processes = []
        found = self.start("scheduler", "scheduler", r"Scheduler at:\s+(tcp://\S+)", "--port", "0")
        self.address = found

    def start(self, name, kind, awaited, *options, **environment):
        """Start a process and wait until it says what is awaited."""
        log = self.folder / f"{name}.log"
        with open(log, "w") as file:
            line = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options]
            self.processes.append(
                subprocess.Popen(
                    [*line, "--host", "127.0.0.1", "--no-dashboard"],
                    env={**self.environment, **environment},
                    stdout=file,
                    stderr=subprocess.STDOUT,
                    cwd=self.folder,
                )
            )
        deadline = time.monotonic() + 120
        while not (found := re.search(awaited, log.read_text(), re.DOTALL)):
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        return found[1]

    def worker(self, name, address=None, **environment):
        """Start a worker with one thread; its address."""
        options = ["--nthreads", "1", "--nanny", "--preload", "fakes", "--local-directory", name]
        address = address or self.address
        awaited = r"Start worker at:\s+(tcp://\S+).*Registered to:"
        return self.start(name, "worker", awaited, address, *options, **environment)

    def stop(self, place):
        """End a process that was started."""
        process = self.processes.pop(place)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self):
        while self.processes:
            self.stop(-1)


@pytest.fixture(scope="module", autouse=True)
def _quick_gradebooks():
    with fakes.quick_gradebooks():
        yield


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return fakes.make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def machines(tmp_path_factory, course):
    found = Machines(tmp_path_factory.mktemp("machines"), course)
    try:
        found.worker("one")
        found.worker("two")
        yield found
    finally:
        found.close()


@pytest.fixture
def folder(tmp_path, course, monkeypatch):
    monkeypatch.setenv("FAKE_COURSE", str(course))
    return tmp_path


def a_class(folder, n, told=None):
    for i in range(n):
        fakes.hand_in(folder / "in", f"s{i:02d}", told, double=i % 7, half=i % 5)


def grade(folder, course, out, *more):
    line = ["grade", str(folder / "in"), "--out", str(folder / out), "--root", str(course)]
    line += ["--examiner", "fakes:examining", "--json", str(folder / f"{out}.json"), "--quiet"]
    return main([*line, *more])


def results(folder, out):
    found = json.loads((folder / f"{out}.json").read_text())["results"]
    return {result["student"]: result for result in found}


def pids(machines):
    """The process ids of the workers."""
    from distributed import Client

    with Client(machines.address, set_as_default=False) as client:
        return sorted(client.run(os.getpid).values())


def test_the_same_results_as_here(folder, course, machines):
    a_class(folder, 6)
    fakes.hand_in(folder / "in", "crash", "crashed", double=2)
    fakes.hand_in(folder / "in", "dead", "die")
    fakes.hand_in(folder / "in", "fault", "raise")
    fakes.hand_in(folder / "in", "junk", b"\x00\xff")
    (folder / "in" / "gone" / fakes.NAME).mkdir(parents=True)
    here = grade(folder, course, "here", "--jobs", "1")
    there = grade(folder, course, "there", "--dask", machines.address)
    assert (here, there) == (1, 1)  # faults of the grader, in both
    assert results(folder, "here") == results(folder, "there")
    assert results(folder, "there")["dead"]["status"] == "grader_error"
    for name in ("grades.csv", "exercises.csv"):
        assert (folder / "here" / name).read_text() == (folder / "there" / name).read_text()
    assert not (folder / "there" / cluster.FOLDER).exists()


def test_a_worker_that_is_killed_in_the_middle(folder, course, machines):
    a_class(folder, 14, f"sleep {ROUNDS}")
    victim = pids(machines)[0]

    def kill():
        outcomes = folder / "out" / "outcomes"
        while len(list(outcomes.rglob("*.json"))) < 3:
            time.sleep(0.02)
        os.kill(victim, signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    assert grade(folder, course, "out", "--dask", machines.address) == 0
    killer.join()
    assert victim not in pids(machines)
    found = results(folder, "out")
    assert {name: r["score"] for name, r in found.items()} == {
        f"s{i:02d}": min(i % 7, 6) + i % 5 for i in range(14)
    }


def test_a_poisonous_submission_harms_nobody_else(folder, course, machines, capfd):
    a_class(folder, 8)
    fakes.hand_in(folder / "in", "s00poison", "die upstairs")
    assert grade(folder, course, "out", "--dask", machines.address) == 1
    found = results(folder, "out")
    statuses = {name: result["status"] for name, result in found.items()}
    assert statuses == {f"s{i:02d}": "graded" for i in range(8)} | {"s00poison": "grader_error"}
    assert "KilledWorker" in capfd.readouterr().err
    (folder / "in" / "s00poison" / fakes.NAME / f"{fakes.NAME}.ipynb").unlink()
    fakes.hand_in(folder / "in", "s00poison", double=6)
    assert grade(folder, course, "out", "--dask", machines.address) == 0


def test_a_late_worker_and_one_of_another_version(folder, course, tmp_path):
    late = Machines(tmp_path, course)
    try:
        a_class(folder, 6)
        arrival = threading.Timer(1.0, late.worker, ("late",))
        arrival.start()
        assert grade(folder, course, "out", "--dask", late.address) == 0
        arrival.join()
        assert len(results(folder, "out")) == 6

        other = late.worker("other", FAKE_CODE="other")
        for i in range(4):
            fakes.hand_in(folder / "in", f"t{i}", double=3)
        assert grade(folder, course, "out", "--dask", late.address) == 0
        assert results(folder, "out")["t3"]["score"] == 3
        log = sorted((folder / "out" / "logs").iterdir())[-1].read_text()
        assert f"{other} was not used: it has another version of the grader" in log

        late.stop(1)
        with pytest.raises(PoolError, match="another version of the grader"):
            examine_all(folder, late)
    finally:
        late.close()


def examine_all(folder, machines):
    """Run a cluster until it complains."""
    versions = {"grader": "0+steady", "assignment": "x"}
    path = folder / "in" / "s00" / fakes.NAME / f"{fakes.NAME}.ipynb"
    job = cluster.worker.Job(
        cluster.worker.Submission("ada", fakes.NAME, path), versions, folder / "x.json"
    )
    settings = {"root": Path(os.environ["FAKE_COURSE"]), "terms": Terms()}
    with cluster.Cluster(
        [job], machines.address, "fakes:examining", settings, out=folder / "o"
    ) as found:
        return list(found)


def test_no_scheduler_and_no_workers_are_met_with_a_sentence(folder, course, capfd, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT", 1.0)
    a_class(folder, 1)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        assert grade(folder, course, "out", "--dask", address) == 2
        error = capfd.readouterr().err
        assert "No scheduler answers at" in error
        assert "Traceback" not in error
    assert grade(folder, course, "out", "--dask", "tcp://x", "--jobs", "2") == 2


@pytest.fixture
def order(folder, course, monkeypatch):
    """What a worker is sent."""
    monkeypatch.setenv("FAKE_LOG", str(folder / "log"))
    monkeypatch.setattr(cluster_worker.worker, "_code", lambda assignment: "steady")
    (folder / "shared").mkdir()
    (folder / "shared" / cluster_worker.TOKEN).write_text("t")
    path = fakes.hand_in(folder / "in", "ada", double=2)
    yield {
        "factory": "fakes:examining",
        "terms": str(Terms()),
        "root": str(course),
        "limit": 60,
        "token": "t",
        "folder": str(folder / "shared"),
        "name": "one",
        "student": "ada",
        "assignment": fakes.NAME,
        "content": path.read_bytes(),
        "versions": cluster_worker.worker.versions_of(fakes.NAME, course),
        "only": [],
    }
    cluster_worker.stop("t")
    cluster_worker._versions.cache_clear()


def test_an_outcome_outlives_its_worker(folder, order):
    first = cluster_worker.work(order)
    again = cluster_worker.work(order)  # as when the first worker died with the result in hand
    assert first == again
    assert (folder / "log").read_text().split() == ["ada"]
    assert Outcome.from_json(first["outcome"].decode()).score == 2
    hidden = order | {"token": "another run's"}
    assert cluster_worker.work(hidden) == first
    assert (folder / "log").read_text().split() == ["ada", "ada"]
    assert sorted(path.name for path in (folder / "shared").iterdir()) == ["one.json", "token"]


def test_the_first_writer_wins(tmp_path):
    cluster_worker.write_once(tmp_path / "x", b"one")
    cluster_worker.write_once(tmp_path / "x", b"two")
    assert (tmp_path / "x").read_bytes() == b"one"
    assert len(list(tmp_path.iterdir())) == 1


def test_stopping_a_run_leaves_no_process(order):
    assert "outcome" in cluster_worker.work(order)
    children = [child for _, _, child in cluster_worker._idle]
    assert len(children) == 1
    cluster_worker.stop("t")
    assert children[0].process.poll() is not None
    slow = order | {"name": "two", "content": json.dumps({"do": "sleep 60"}).encode()}
    answers = []
    thread = threading.Thread(target=lambda: answers.append(cluster_worker.work(slow)))
    thread.start()
    while not cluster_worker._busy:
        time.sleep(0.01)
    time.sleep(0.2)
    cluster_worker.stop("t")
    time.sleep(0.5)
    cluster_worker.stop("t")  # it is tried once more, in a new process
    thread.join(20)
    assert answers
    assert "died" in answers[0]


def test_a_worker_of_another_version_says_so(order):
    other = order | {"versions": order["versions"] | {"grader": "0.0.0+old"}}
    assert "install the same version" in cluster_worker.work(other)["refused"]
    gone = order | {"assignment": "99_none"}
    assert "99_none" in cluster_worker.work(gone)["refused"]
    broken = order | {"factory": "fakes:no_such"}
    assert "no_such" in cluster_worker.work(broken)["refused"]
