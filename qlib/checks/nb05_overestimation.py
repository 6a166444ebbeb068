"""Visible checks of 05_overestimation: crashes, shapes and one value a person can check by hand."""

import math
from typing import Any

import numpy as np

from qlib.checks.compare import array, as_array, close, number, show
from qlib.checks.exercise import Exercise
from qlib.checks.failure import Failed


def pair_of(value: Any, first: str, second: str) -> tuple[Any, Any]:
    """An answer's two results.

    Raises:
        Failed: if it is not a pair.
    """
    if value is None:
        array(value, (), what="the result")
    pair = isinstance(value, tuple | list) or (isinstance(value, np.ndarray) and value.ndim > 0)
    if not pair or len(value) != 2:
        raise Failed(
            "The result is not a pair.",
            f"Two things have to be returned: {first} and {second}.",
            expected=f"({first}, {second})",
            given=show(value),
            stops=True,
        )
    return value[0], value[1]


def estimate_of(value: Any) -> tuple[float, float]:
    """An answer's `(est, stderr)`."""
    est, stderr = pair_of(value, "est", "stderr")
    return number(est, what="the estimate"), number(stderr, what="the standard error")


def tables_of(value: Any, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """An answer's `(QA, QB)`, each of this shape."""
    first, second = pair_of(value, "QA", "QB")
    return array(first, shape, what="the new QA"), array(second, shape, what="the new QB")


def curve_of(value: Any, episodes: int) -> np.ndarray:
    """An answer's shares, one an episode.

    Raises:
        Failed: if the shape is another one, or a number is no share.
    """
    found = as_array(value)
    if found.ndim == 2 and episodes in found.shape:
        raise Failed(
            "The result is a table, not a curve.",
            "Average over the runs: one share is asked for in each episode.",
            expected=f"an array of shape ({episodes},)",
            given=f"shape {found.shape}",
            stops=True,
        )
    curve = array(value, (episodes,), what="the result")
    if curve.min() < 0 or curve.max() > 1 + 1e-9:
        raise Failed(
            "The result contains numbers outside [0, 1].",
            "Divide the number of runs that went left by the number of runs: shares, no counts "
            "and no percentages.",
            given=show(curve),
        )
    return curve


max_bias_mc = Exercise("05_overestimation/max_bias_mc")


@max_bias_mc.check(
    "without noise there is no bias", hint="Every draw has the same maximum, the true one."
)
def _max_bias_mc(answer, rng):
    est, stderr = estimate_of(answer(np.array([1.0, 3.0, 2.0]), 0.0, 10, rng))
    close(est, 0.0, what="the bias without noise")
    close(stderr, 0.0, what="the standard error without noise")
    est, _ = estimate_of(answer(np.zeros(2), 1.0, 4000, rng))
    if not 0.46 < est < 0.67:
        raise Failed(
            "The bias for two equal actions with unit noise is far off.",
            expected="0.564, up to chance (4,000 draws)",
            given=show(est),
        )


gap_bias = Exercise("05_overestimation/gap_bias")


@gap_bias.check("two equal actions", hint="With d = 0 only the density at 0 is left.")
def _gap_bias(answer, rng):
    close(answer(0.0), 1 / math.sqrt(math.pi), rtol=1e-4, what="the bias for d = 0")


vh_errors = Exercise("05_overestimation/vh_errors")


@vh_errors.check("two actions, C = 4", hint="They cancel, and their squares have the mean 4.")
def _vh_errors(answer, rng):
    given = array(answer(2, 4.0), (2,), what="the error vector")
    close(np.sort(given), [-2.0, 2.0], what="the error vector, sorted")


vh_check = Exercise("05_overestimation/vh_check")


@vh_check.check("one vector that attains the bound, one that does not", hint="C is 2 in both.")
def _vh_check(answer, rng):
    if not number(answer(np.array([1.0, -2.0, 1.0])), kind="bool", what="the verdict"):
        raise Failed("[1, -2, 1] attains the bound: C = 2 and sqrt(2 / 2) = 1.", expected="True")
    if number(answer(np.array([-1.0, 2.0, -1.0])), kind="bool", what="the verdict"):
        raise Failed(
            "[-1, 2, -1] has C = 2 too, but its largest error is 2, above the bound 1.",
            expected="False",
            given="True",
        )


double_target = Exercise("05_overestimation/double_target")


@double_target.check("one transition", hint="Select: action 1. Evaluate: 3. Then 1 + 0.5 * 3.")
def _double_target(answer, rng):
    given = answer(
        np.array([1.0]), np.array([[1.0, 2.0]]), np.array([[5.0, 3.0]]), np.array([False]), 0.5
    )
    close(given, [2.5], what="the target vector")


double_q_update = Exercise("05_overestimation/double_q_update")


@double_q_update.check(
    "one update of QA", hint="QA selects action 1 in state 1, where QB says 4: target 1 + 0.5 * 4."
)
def _double_q_update(answer, rng):
    QA, QB = np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([[0.0, 0.0], [8.0, 4.0]])
    given = tables_of(answer(QA, QB, 0, 1, 1.0, 1, False, 0.5, 0.5, True), (2, 2))
    close(given[0], [[0.0, 1.5], [1.0, 2.0]], what="the new QA")
    close(given[1], QB, what="the new QB")


left_rate = Exercise("05_overestimation/left_rate")


@left_rate.check(
    "300 short runs: a coin toss at first, and Q-learning goes left more often",
    hint="Both tables begin with zeros, so the first choice is a tie.",
)
def _left_rate(answer, rng):
    q, double = (curve_of(answer(mode, 25, 300, rng), 25) for mode in ("q", "double"))
    for name, curve in (("q", q), ("double", double)):
        if not 0.3 < curve[0] < 0.7:
            raise Failed(
                f'In mode "{name}" the share in the first episode is not near one half.',
                "All values are 0 then: ties are broken at random.",
                expected="0.5, up to chance",
                given=show(float(curve[0])),
            )
    if q[-5:].mean() < double[-5:].mean() + 0.3:
        raise Failed(
            "After 25 episodes Q-learning does not go left clearly more often than double "
            "Q-learning.",
            expected="about 0.93 and 0.3 in the last five episodes",
            given=f"{q[-5:].mean():.2f} and {double[-5:].mean():.2f}",
        )


ensemble_target = Exercise("05_overestimation/ensemble_target")


@ensemble_target.check("two critics by hand", hint="Over the critics first, then over the actions.")
def _ensemble_target(answer, rng):
    r, Qs, term = np.zeros(1), np.array([[[1.0, 5.0]], [[4.0, 2.0]]]), np.array([False])
    close(answer(r, Qs, term, 0.5, "min"), [1.0], what='the target in mode "min"')
    close(answer(r, Qs, term, 0.5, "mean"), [1.75], what='the target in mode "mean"')


subset_min_bias = Exercise("05_overestimation/subset_min_bias")


@subset_min_bias.check(
    "one critic, two actions", hint="Then it is the bias of the maximum of two: section 5.1."
)
def _subset_min_bias(answer, rng):
    close(answer(2, 1, 1), 1 / math.sqrt(math.pi), rtol=0, atol=2e-3, what="the bias")
