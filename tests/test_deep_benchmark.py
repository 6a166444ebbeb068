"""The committed table says what was measured."""

import json
from pathlib import Path

import numpy as np
import pytest

HOME = Path(__file__).parents[1] / "benchmarks"


def test_the_table_is_written_from_the_measurements():
    pytest.importorskip("stable_baselines3")
    from benchmarks.deep import report

    text, _ = report(json.loads((HOME / "deep.json").read_text()))
    lines = (HOME / "deep.md").read_text().splitlines()
    assert text.splitlines()[3:] == lines[3:]  # above them is the machine


def test_who_falls_back():
    pytest.importorskip("stable_baselines3")
    from benchmarks.deep import _fall_back, _solved

    late = np.array([[500.0] * 4, [300.0] * 4, [300, 480, 500, 500], [480, 470, 500, 500]])
    part = {"returns": np.tile(late, 5)}
    assert _solved(part).shape == (4, 5, 4)
    assert _fall_back(_solved(part)[:, -1]) == 1
