"""Ctrl-C and SIGTERM: the run ends between two submissions, and the next one goes on."""

import csv
import os
import signal
import time
from pathlib import Path

import fakes
import pytest
from fakes import main

from benchmarks.forked import Forked
from grader.stopping import Stopped, listening


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    with fakes.quick_gradebooks():
        yield fakes.make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def line(tmp_path, course, monkeypatch):
    monkeypatch.setenv("FAKE_COURSE", str(course))
    monkeypatch.setenv("FAKE_LOG", str(tmp_path / "examined"))
    for i in range(8):
        fakes.hand_in(tmp_path / "in", f"s{i}", "sleep 1", double=i / 2)
    line = ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--root", str(course)]
    return [*line, "--examiner", "fakes:examining", "--jobs", "2"]


def running(mark):
    """Processes that have `mark` in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            found += [path] if mark.encode() in path.read_bytes() else []
        except OSError:
            continue
    return found


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_interrupted_ends_cleanly_and_goes_on(tmp_path, line, number, code):
    mark = f"STOPPED_HERE={tmp_path}"
    process = Forked(line, tmp_path / "log", main, STOPPED_HERE=str(tmp_path))
    outcomes = tmp_path / "out" / "outcomes"
    deadline = time.monotonic() + 120
    while len(list(outcomes.rglob("*.recorded"))) < 2:
        assert time.monotonic() < deadline
        assert process.poll() is None, (tmp_path / "log").read_text()
        time.sleep(0.01)
    assert running(mark)
    os.kill(process.pid, number)
    assert process.wait(30) == code
    assert running(mark) == []
    said = (tmp_path / "log").read_text()
    assert "Stopped. What is done is kept; run the same command to go on." in said
    assert "Traceback" not in said
    assert "KeyboardInterrupt" not in said
    (log,) = (tmp_path / "out" / "logs").iterdir()
    assert "of 8 examined" in log.read_text()
    assert "stopped before its end: SIG" in log.read_text()
    done = len(list(outcomes.rglob("*.recorded")))
    assert 2 <= done < 8

    assert main([*line, "--quiet"]) == 0
    with open(tmp_path / "out" / "grades.csv", newline="") as file:
        found = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert found == {f"s{i}": i / 2 for i in range(8)}
    examined = (tmp_path / "examined").read_text().split()
    assert len(examined) <= 8 + 2  # at most what was in the workers' hands


def test_the_second_signal_is_not_waited_for():
    with listening() as stop:
        stop.check()
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Stopped) as stopped:
            stop.check()
        assert stopped.value.code == 130
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
