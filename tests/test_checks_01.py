"""What the hidden checks of 01_mdp stand on: oracles, bounds on chance, evidence for causes."""

import numpy as np
import pytest

from grader.exams import load, nb01_mdp
from grader.exams.evidence import Evidence
from grader.exams.tabular import (
    FALSE_ALARM,
    expect_shares,
    random_mdp,
    random_policy,
    return_variance,
    slack,
    true_return,
)
from qlib.bellman import expected_return, state_distribution
from qlib.checks import Failed, LocalCaller, run_checks
from qlib.checks.nb01_mdp import RIGHT, always, corridor
from qlib.rollouts import rollouts


def test_the_exam_has_50_points():
    exam = load("01_mdp")
    assert {e.id.split("/")[1]: e.points for e in exam.values()} == {
        "is_valid_mdp": 6,
        "rollout": 10,
        "discounted_returns": 8,
        "state_dist": 6,
        "J_exact": 6,
        "J_mc": 6,
        "fix_1": 2,
        "fix_2": 2,
        "fix_3": 2,
        "fix_4": 2,
    }
    for exercise in exam.values():
        for check in exercise.checks:
            assert check.hint, check.title
            assert check.points > 0, check.title


def test_oracles_by_hand():
    mdp = corridor(gamma=0.5)
    assert true_return(mdp, always(RIGHT)) == pytest.approx(1 + 0.5 * 4)
    assert return_variance(mdp, always(RIGHT)) == pytest.approx(0)
    coin = np.full((3, 2), 0.5)
    assert nb01_mdp.dist_by_paths(mdp, coin, 2) == pytest.approx([0.25, 0.5, 0.25])
    assert nb01_mdp.direct_sum(np.array([1.0, 2.0, 3.0]), 0.5) == pytest.approx([2.75, 3.5, 3.0])
    assert nb01_mdp.two_rewards(mdp, coin, 0, RIGHT) == pytest.approx(1 + 0.5 * 2)


@pytest.mark.parametrize("seed", range(5))
def test_oracles_agree_with_qlib_and_with_simulation(seed):
    rng = np.random.default_rng(seed)
    mdp = random_mdp(rng, n_terminal=seed % 2, gamma=0.7)
    pi = random_policy(rng, mdp)
    assert true_return(mdp, pi) == pytest.approx(expected_return(mdp, pi), rel=1e-10)
    for t in (0, 1, 2):
        paths = nb01_mdp.dist_by_paths(mdp, pi, t)
        assert paths == pytest.approx(state_distribution(mdp, pi, t), abs=1e-12)
        assert paths == pytest.approx(nb01_mdp.dist_by_pairs(mdp, pi, t), abs=1e-12)
    returns = rollouts(mdp, pi, 20_000, rng, 60).returns(mdp.gamma)
    assert returns.mean() == pytest.approx(
        true_return(mdp, pi), abs=6 * returns.std() / 20_000**0.5
    )
    assert returns.var() == pytest.approx(return_variance(mdp, pi), rel=0.1)


def test_slack_is_about_6_sigma_and_holds_at_any_size():
    assert 5.5 < slack(1e6) / 1e3 < 6.0
    # The exact tail of a binomial is below the bound that the inequality promises.
    for n, p in ((20, 0.5), (300, 0.1), (1500, 0.6)):
        x = slack(n * p * (1 - p))
        k = np.arange(n + 1)
        log_tail = np.cumsum(np.log(np.r_[1.0, (n - k[:-1]) / k[1:]]))
        pmf = np.exp(log_tail + k * np.log(p) + (n - k) * np.log1p(-p))
        assert pmf.sum() == pytest.approx(1)
        assert pmf[np.abs(k - n * p) > x].sum() <= FALSE_ALARM


def test_shares():
    shares = np.array([0.6, 0.4, 0.0])
    names = ["a came", "b came", "c came"]
    expect_shares([600, 400, 0], shares, names, {})
    with pytest.raises(Failed, match="c came"):  # what cannot happen may not happen once
        expect_shares([600, 399, 1], shares, names, {})
    with pytest.raises(Failed) as failed:
        expect_shares([500, 500, 0], shares, names, {"A coin.": np.array([0.5, 0.5, 0])})
    assert failed.value.cause == "A coin."


def test_evidence_names_a_cause_only_if_it_explains_every_instance():
    both = {"Twice.": 4.0, "Square.": 4.0}
    evidence = Evidence("the number")
    evidence.see(3.0, 3.0, lambda: 1 / 0)  # mistakes are not computed for a right answer
    evidence.see(4.0, 2.0, lambda: both)
    evidence.see(9.0, 3.0, lambda: {"Twice.": 6.0, "Square.": 9.0})
    with pytest.raises(Failed) as failed:
        evidence.conclude()
    assert failed.value.cause == "Square."
    assert failed.value.expected == "2"

    evidence = Evidence()
    evidence.see(4.0, 2.0, lambda: both)
    evidence.see(8.0, 3.0, lambda: {"Twice.": 6.0, "Square.": 9.0})
    with pytest.raises(Failed) as failed:
        evidence.conclude()
    assert failed.value.cause == ""

    Evidence().conclude()
    with pytest.raises(Failed, match="None"):  # a missing return is said at once
        Evidence().see(None, 1.0)


def test_a_crash_costs_only_the_points_of_its_check():
    def crashes_when_empty(r, gamma, last_value=0.0):
        returns = np.zeros(len(r))
        returns[-1] = r[-1] + gamma * last_value
        for t in reversed(range(len(r) - 1)):
            returns[t] = r[t] + gamma * returns[t + 1]
        return returns

    exercise = load("01_mdp")["01_mdp/discounted_returns"]
    caller = LocalCaller({"discounted_returns": crashes_when_empty}, quiet=True)
    report = run_checks(exercise, caller, seed=3)
    assert report.points == 7
    assert [result.title for result in report.results if not result.passed] == [
        "an episode of 0 steps has 0 returns"
    ]
