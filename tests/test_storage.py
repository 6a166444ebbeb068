"""Disks that fill up, folders that cannot be written, damaged databases: a sentence, no damage."""

import csv
import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import fakes
import pytest
from fakes import main

from benchmarks.forked import Forked

NAMES = ("ada", "bela", "cleo")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    with fakes.quick_gradebooks():
        yield fakes.make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def line(tmp_path, course, monkeypatch):
    monkeypatch.setenv("FAKE_COURSE", str(course))
    for number, name in enumerate(NAMES):
        fakes.hand_in(tmp_path / "in", name, double=number + 1)
    line = ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--root", str(course)]
    line += ["--examiner", "fakes:examining", "--jobs", "1", "--quiet"]
    return [*line, "--json", str(tmp_path / "out.json")]


def points(out):
    with open(out / "grades.csv", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


RIGHT = {"ada": 1, "bela": 2, "cleo": 3}


def test_a_disk_that_is_full_at_any_write(tmp_path, line, capfd, monkeypatch):
    usual = os.fsync
    for number in range(100):
        left = number

        def fsync(handle):
            nonlocal left
            if left == 0:
                left = -1
                raise OSError(errno.ENOSPC, "No space left on device")
            left -= left > 0
            return usual(handle)

        monkeypatch.setattr(os, "fsync", fsync)
        code = main(line)
        monkeypatch.setattr(os, "fsync", usual)
        error = capfd.readouterr().err
        if code == 0:
            assert left > 0  # it was never full
            break
        assert code in (1, 2)
        assert "cannot be written: No space left on device." in error
        assert "Traceback" not in error
    assert number >= 5
    assert points(tmp_path / "out") == RIGHT
    assert not list((tmp_path / "out").rglob("*.part"))


def on_a_small_disk(out, line, log):
    """Grade into a file system that is full, then read-only, then large; in a process of its own.

    One process that forks: to import everything three times takes long.
    """
    import nbgrader.converters
    import nbgrader.preprocessors  # noqa: F401

    def mount(*words):
        subprocess.run(["mount", *words, out], check=True)

    Path(out).mkdir()
    codes = []
    with fakes.quick_gradebooks():
        mount("-t", "tmpfs", "-o", "size=600k", "tmpfs")
        codes.append(Forked(line, log, main).wait())
        mount("-o", "remount,ro")
        codes.append(Forked(line, log, main).wait())
        mount("-o", "remount,rw,size=50m")
        codes.append(Forked(line, log, main).wait())
    shutil.copy(Path(out) / "grades.csv", f"{out}.csv")
    print(codes)


def namespace():
    """The start of a command in which a file system can be mounted, seen by nobody else."""
    tool = shutil.which("unshare")
    for options in (["--mount"], ["--user", "--map-root-user", "--mount"]):
        line = [tool, *options, "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
        if tool and subprocess.run(line, capture_output=True).returncode == 0:
            return line[:-3]
    return []


def test_a_small_disk_and_a_read_only_one(tmp_path, line):
    start = namespace()
    if not start:
        pytest.skip("no file system can be mounted here")
    for i in range(12):
        fakes.hand_in(tmp_path / "in", f"s{i:02d}", double=1)
    words = (str(tmp_path / "out"), line, str(tmp_path / "log"))
    done = subprocess.run(
        [*start, sys.executable, "-c", f"import test_storage as t; t.on_a_small_disk{words}"],
        env={**os.environ, "PYTHONPATH": f"{fakes.ROOT}:{Path(fakes.__file__).parent}"},
        cwd=fakes.ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.stdout == "[1, 2, 0]\n", (done, (tmp_path / "log").read_text())
    said = (tmp_path / "log").read_text()
    assert "No space left on device" in said or "disk is full" in said
    assert "Read-only file system" in said
    assert "Traceback" not in said
    with open(tmp_path / "out.csv", newline="") as file:
        found = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert found == {f"s{i:02d}": 1.0 for i in range(12)} | RIGHT


def test_a_damaged_gradebook_is_named_with_the_cure(tmp_path, line, capfd):
    assert main(line) == 0
    path = tmp_path / "out" / "gradebook.db"
    kept = path.read_bytes()
    path.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40)
    assert main(line) == 1
    error = capfd.readouterr().err
    assert "gradebook.db is damaged" in error
    assert "Traceback" not in error
    path.write_bytes(kept)
    assert main(line) == 0
    assert points(tmp_path / "out") == RIGHT
