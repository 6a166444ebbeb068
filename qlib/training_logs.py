"""Recorded training logs: what six broken agents, and a healthy one, said about themselves.

Made by `python -m benchmarks.training_logs`; which letter stands for which cause is the bug hunt of
notebook 07.
"""

import functools
import json
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("training_logs.json")

COLUMNS = {
    "step": "environment steps so far",
    "epsilon": "probability of a random action",
    "greedy_return": "mean return of 20 greedy episodes",
    "loss": "mean squared error of a batch",
    "q_max": "largest Q(s, a) in a batch",
    "q_spread": "standard deviation of Q(s, a) in a batch",
    "target_gap": "mean |Q(s, a) - Q'(s, a)| between network and target network in a batch",
    "q_start": "mean of max_a Q(s, a) where the ball is still in the first row",
}
"""What a log holds; the last five are means over the updates since the row before."""


@functools.cache
def _recorded() -> dict[str, list[dict[str, list[float]]]]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def _logs(name: str) -> list[dict[str, np.ndarray]]:
    return [{key: np.array(log[key]) for key in COLUMNS} for log in _recorded()[name]]


def mystery_logs() -> dict[str, list[dict[str, np.ndarray]]]:
    """Logs "A" … "F", each a list of three runs (seeds) with the same bug; columns as `COLUMNS`."""
    return {name: _logs(name) for name in "ABCDEF"}


def healthy_logs() -> list[dict[str, np.ndarray]]:
    """Three runs without a bug, with the same settings."""
    return _logs("healthy")
