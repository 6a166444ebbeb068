"""03_fqi: what its checks and its text rely on."""

import numpy as np
import pytest
from test_numbers import solved

from grader.exams import nb03_fqi as exam
from qlib import envs
from qlib.checks.nb02_bellman import door
from qlib.closed_book import ClosedBookError, answering
from qlib.plot.moves import tied_best
from qlib.solve import bellman_opt


def test_the_door_is_the_one_of_its_checks():
    mine = solved("03_fqi")[0]["door"]
    assert mine(0.5) == door(0.5)


def test_numbers_are_stated():
    assert len(solved("03_fqi")[1]) >= 60


def test_finished_versions_are_closed_while_an_answer_is_checked():
    with answering("hunt_late_switch"), pytest.raises(ClosedBookError):
        envs.slow_policy(5)
    with answering("q_iteration"), pytest.raises(ClosedBookError):
        bellman_opt(np.zeros((2, 2)), door())
    with answering("run_until"):
        bellman_opt(np.zeros((2, 2)), door())
    with answering("greedy"), pytest.raises(ClosedBookError):
        tied_best(np.zeros(2))


def test_the_best_plan_is_what_sweeps_find():
    rng = np.random.default_rng(0)
    mdp = exam.random_mdp(rng, 3, 2, n_terminal=1)
    for n in (1, 2, 3):
        np.testing.assert_allclose(exam.best_plans(mdp, n), exam.frames(mdp, n)[-1], atol=1e-12)


def test_two_steps_of_a_learner_by_hand():
    # One state, two actions with rewards 1 and 3, gamma 0.5, alpha 1 then 2^-1.
    mdp = exam.TabularMDP(np.ones((1, 2, 1)), np.array([[1.0, 3.0]]), 0.5)
    tables = exam.tables_within_reach(mdp, 2, 1.0, exam.Rules())
    found = {tuple(table[0].tolist()) for table in tables}
    assert found == {(1.25, 0.0), (1.0, 3.5), (2.5, 3.0), (0.0, 3.75)}


def test_readings_by_hand():
    Qs = np.array([[[-1.0, 0.0]], [[2.0, 0.5]], [[2.5, 3.5]], [[2.5, 4.0]]])
    assert exam.read_right(Qs, 0, 1.0) == (1, 2, 2)


def relative_errors(n_runs: int, omega: float, seed: int) -> np.ndarray:
    """Errors of the runs that `q_learning` is asked for in the exam, all at once."""
    rng = np.random.default_rng(seed)
    worlds = [exam._learning_world(rng) for _ in range(n_runs)]
    P, R = np.stack([w.P for w in worlds]), np.stack([w.R for w in worlds])
    right = np.zeros(R.shape)
    for _ in range(150):
        right = R + 0.8 * np.einsum("nsap,np->nsa", P, right.max(axis=2))
    cdf, lane = P.cumsum(axis=3)[..., :-1], np.arange(n_runs)
    Q, N, s = np.zeros(R.shape), np.zeros(R.shape), rng.integers(3, size=n_runs)
    for _ in range(4000):
        a = rng.integers(2, size=n_runs)
        s_next = (rng.random(n_runs)[:, None] >= cdf[lane, s, a]).sum(axis=1)
        N[lane, s, a] += 1
        target = R[lane, s, a] + 0.8 * Q[lane, s_next].max(axis=1)
        Q[lane, s, a] += N[lane, s, a] ** -omega * (target - Q[lane, s, a])
        s = s_next
    return np.abs(Q - right).max(axis=(1, 2)) / np.abs(right).max(axis=(1, 2))


def test_the_learning_check_is_far_from_its_limit():
    assert relative_errors(100, 0.7, 0).max() < 0.06
    assert np.median(relative_errors(100, 1.0, 0)) > 0.15
    assert np.median(relative_errors(100, 0.0, 0)) > 0.2  # step size 1


@pytest.mark.slow
def test_calibration_of_the_learning_check():
    right = relative_errors(10_000, 0.7, 1)
    assert np.median(right) < 0.02
    assert right.max() < 0.08  # none above 0.10: p <= 3 / 10,000 at 95 % confidence
    slow = relative_errors(10_000, 1.0, 2)
    assert np.median(slow) > 0.15
    assert np.mean(slow <= 0.10) < 0.05
    constant = relative_errors(3_000, 0.0, 3)  # step size 1
    assert np.median(constant) > 0.25
    assert np.mean(constant <= 0.10) < 0.05
