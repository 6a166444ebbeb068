"""Visible checks of 00_tools."""

import numpy as np

from qlib.checks.compare import close
from qlib.checks.exercise import Exercise

errors = Exercise("00_tools/td_errors")


@errors.check("one error for each row", hint="Look at the two shapes before you subtract.")
def _td_errors(answer, rng):
    q, target = np.array([[1.0], [2.0], [3.0]]), np.array([1.5, 2.0, 0.0])
    close(answer(q, target), [0.5, 0.0, -3.0], what="the error vector")


scaled = Exercise("00_tools/scaled_rewards")


@scaled.check("two rewards, ten times as large", hint="A new array, not the old one.")
def _scaled_rewards(answer, rng):
    close(answer(np.array([1.0, -0.5]), 10.0), [10.0, -5.0], what="the reward array")


mean = Exercise("00_tools/mean_return")


@mean.check("three returns", hint="In which type is the sum held?")
def _mean_return(answer, rng):
    close(answer(np.array([1.0, 2.0, 6.0], dtype=np.float32)), 3.0, what="the mean")
