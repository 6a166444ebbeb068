"""The committed table says what was measured."""

import json
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1] / "benchmarks"


def test_the_table_is_written_from_the_measurements():
    pytest.importorskip("stable_baselines3")
    from benchmarks.deep import report

    text, _ = report(json.loads((HOME / "deep.json").read_text()))
    lines = (HOME / "deep.md").read_text().splitlines()
    assert text.splitlines()[3:] == lines[3:]  # above them is the machine
