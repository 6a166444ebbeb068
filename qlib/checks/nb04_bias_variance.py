"""Visible checks of 04_bias_variance: crashes, shapes and one value a person can check by hand."""

from typing import Any

import numpy as np

from qlib.checks.compare import array, close, number
from qlib.checks.exercise import Exercise
from qlib.checks.failure import Failed
from qlib.data import Episode

HAND_R = np.array([1.0, 2.0, 3.0])
HAND_V = np.array([0.0, 10.0, 20.0, 30.0])


def episode(s: Any, r: Any, *, terminated: bool = True) -> Episode:
    """An episode through the states `s` with the rewards `r`; all its actions are 0."""
    s, r = np.asarray(s, dtype=int), np.asarray(r, dtype=float)
    return Episode(s, np.zeros(len(r), dtype=int), r, terminated, not terminated)


def whole(value: Any, what: str = "n") -> int:
    """An answer that is one whole number."""
    return number(value, kind="int", what=what)


targets = Exercise("04_bias_variance/mc_targets")


@targets.check("three rewards by hand", hint="From the last step on, only the 3 is left.")
def _mc_targets(answer, rng):
    close(answer(episode([0, 1, 2, 3], HAND_R), 0.5), [2.75, 3.5, 3.0], what="the targets")


mc_update = Exercise("04_bias_variance/mc_update")


@mc_update.check("two steps, no state twice", hint="G_0 = 1 + 0.5 * 4 = 3 and G_1 = 4.")
def _mc_update(answer, rng):
    ep = episode([0, 1, 2], [1.0, 4.0])
    for first_visit in (True, False):
        given = answer(np.zeros(3), ep, 0.5, 0.5, first_visit)
        close(given, [1.5, 2.0, 0.0], what="V after the episode")


td0 = Exercise("04_bias_variance/td0_update")


@td0.check("one step by hand", hint="The target is 2 + 0.9 * 10 = 11.")
def _td0_update(answer, rng):
    V = np.array([0.0, 10.0])
    close(answer(V, 0, 2.0, 1, False, 0.5, 0.9), [5.5, 10.0], what="V after the step")
    close(answer(V, 0, 2.0, 1, True, 0.5, 0.9), [1.0, 10.0], what="V after a terminating step")


nstep = Exercise("04_bias_variance/nstep_targets")


@nstep.check("three rewards by hand", hint="G_0 = 1 + 0.5 * 2 + 0.25 * V(s_2).")
def _nstep_targets(answer, rng):
    close(answer(HAND_R, HAND_V, 0.5, 2, True), [7.0, 3.5, 3.0], what="the targets of an episode")
    close(
        answer(HAND_R, HAND_V, 0.5, 2, False),
        [7.0, 11.0, 18.0],
        what="the targets of a truncated episode",
    )


bias = Exercise("04_bias_variance/nstep_bias")


@bias.check("one room, V too high by 1", hint="V^pi = 1 / (1 - 0.5) = 2, and V = 3.")
def _nstep_bias(answer, rng):
    given = answer(np.ones((1, 1)), np.ones(1), np.array([3.0]), 0.5, 2)
    close(given, [0.25], what="the bias of the 2-step target")


variance = Exercise("04_bias_variance/nstep_variance")


@variance.check("one room, with and without noise", hint="The variances 4 and 0.5^2 * 4 add up.")
def _nstep_variance(answer, rng):
    room = np.ones((1, 1)), np.ones(1)
    given = answer(*room, np.zeros(1), np.array([3.0]), 0.5, 2)
    close(given, [0.0], what="the variance without noise")
    given = answer(*room, np.array([2.0]), np.array([3.0]), 0.5, 2)
    close(given, [5.0], what="the variance with noise")


choose = Exercise("04_bias_variance/choose_n")


@choose.check(
    "one room, two easy cases", hint="Without noise only the bias counts; without bias, the noise."
)
def _choose_n(answer, rng):
    room = np.ones((1, 1)), np.ones(1)
    for sigma, V, want, why in (
        (0.0, 3.0, 10, "V is wrong and nothing is random"),
        (1.0, 2.0, 1, "V is right and the rewards are noisy"),
    ):
        given = whole(answer(*room, np.array([sigma]), np.array([V]), 0.5, 10))
        if given != want:
            raise Failed(f"Where {why}, n is not right.", expected=str(want), given=str(given))


study = Exercise("04_bias_variance/rms_curve")


@study.check(
    "shape, and no error is repaired with step size 0",
    hint="With alpha = 0 nothing is learned: V stays 0, and the true values of the walk with 3 "
    "states are -0.5, 0 and 0.5.",
)
def _rms_curve(answer, rng):
    ns, alphas = np.array([1, 4]), np.array([0.0, 0.4, 0.8])
    given = array(answer(ns, alphas, 5, rng, 3, 2), (2, 3, 5), what="the error array")
    close(given[:, 0], np.full((2, 5), np.sqrt(1 / 6)), what="the error with step size 0")


lam = Exercise("04_bias_variance/lambda_returns")


@lam.check("three rewards by hand", hint="Begin at the end: G_2 is 3, or 3 + 0.5 * 30.")
def _lambda_returns(answer, rng):
    close(
        answer(HAND_R, HAND_V, 0.5, 0.5, True),
        [5.4375, 7.75, 3.0],
        what="the targets of an episode",
    )
    close(
        answer(HAND_R, HAND_V, 0.5, 0.5, False),
        [6.375, 11.5, 18.0],
        what="the targets of a truncated episode",
    )
