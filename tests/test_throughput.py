"""The arithmetic of the throughput page, by hand; the light notebook; what `Watch` sees."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks import light, processes
from benchmarks.throughput_table import _slope, table
from qlib.checks import LocalCaller, run_checks

ROWS = [
    {
        "examined": n,
        "recorded": n,
        "writer MiB": 150.0,
        "worker MiB": 60.0,
        "warm parent MiB": 90.0,
        "writer CPU s": 3.0 + 0.05 * n,
    }
    for n in (100, 200, 300, 1000)
]
COMMON = {"date": "2026-01-01", "machine": "2 cores (x86_64)", "load": [0.1, 2.0]}
FIGURES = {
    "overhead": COMMON
    | {
        "seconds": {
            "student": 0.015,
            "checks": 0.005,
            "overhead": 0.04,
            "recording": 0.06,
            "nbgrader": 1.02,
            "otter": 10.02,
        },
        "repeat": 3,
        "otter": "7.0.0",
    },
    "wall": COMMON
    | {
        "assignment": "03_fqi",
        "submissions": 200,
        "jobs": 2,
        "wall": 60.0,
        "writer": 14.0,
        "nbgrader": 7.0,
        "student": 40.0,
        "checks": 20.0,
        "overhead": 40.0,
        "bytes in": 50_000,
        "bytes out": 150_000,
    },
    "memory": COMMON
    | {"class": 1000, "jobs": 2, "rows": ROWS, "examiners": ROWS, "first and last": [0.05, 0.05]},
}


def test_the_slope_of_a_line():
    slope, start = _slope(ROWS)
    assert slope == pytest.approx(0.05)
    assert start == pytest.approx(3.0)


def test_the_page_says_what_was_measured():
    text = table(FIGURES)
    assert "| this grader, examined | 0.060 | 0.040 |" in text
    assert "| 1.02 | 1.00 | 25× | 10.0× |" in text
    assert "otter run (7.0.0) | 10.02 | 10.00 | 250× | 100.0× |" in text
    assert "| floor: the student's work ÷ cores | 20.0 | 0.100 |" in text
    assert "| wall time | 60.0 | 0.300 |" in text
    assert "one submission after the other | 1400.0 | 7.000 |" in text
    assert "95 % of the time" in text  # (40 + 20 + 40 + 14) / (60 * 2)
    assert "| 300 | 60.0 | 90.0 |" in text
    assert "| 300 | 150.0 | 18.0 |" in text
    assert "3.0 + 50.0 per 1,000 submissions" in text
    # 100,000 × 0.5 s = 13.9 core-hours; 100,000 × 0.05 s = 1.4 h; 100,000 × 200 kB = 20 GB
    assert "examining: 13.9 core-hours" in text
    assert "recording: 1.4 hours" in text
    assert "20.0 GB" in text
    assert "about 1.7 hours with 8 cores" in text
    assert "and 1.4 with 64" in text
    assert "Overhead" not in table({"memory": FIGURES["memory"]})


def test_the_light_notebook_is_worth_what_it_says(tmp_path):
    course = light.make_course(tmp_path)
    for right in (0, 0b101101, 63):
        cells = json.loads(light.submission(course, right, edition=3))["cells"]
        names: dict = {}
        for cell in cells:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            if grade_id.startswith("answer-"):
                exec("".join(cell["source"]), names)
        points = sum(
            run_checks(light._exercise(name), LocalCaller({name: names[name]}), 1).points
            for name in light.EXERCISES
        )
        assert points == light.score(right)


def test_processes_are_found_below_their_parent():
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as process:
        while len(found := processes.descendants(process.pid)) < 2:
            assert process.poll() is None
        assert found[0] == process.pid
        assert process.pid in processes.descendants(os.getpid())
        since = processes.started(found[1])
        assert since
        process.stdin.close()
        process.wait()
    assert processes.started(found[1]) == ""
