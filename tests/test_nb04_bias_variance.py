"""04_bias_variance: what its checks and its text rely on."""

import numpy as np
import pytest
from scipy.stats import gamma, skew
from test_numbers import solved

from grader.exams import nb04_bias_variance as exam
from qlib.checks import Failed


def test_numbers_are_stated():
    assert len(solved("04_bias_variance")[1]) >= 45


def test_a_cause_that_would_have_spoilt_a_right_value_is_not_named():
    seen = exam.Comparison("the sum")
    seen.see([3.0], [3.0], lambda: {"twice": [6.0], "one more": [3.0]})
    seen.see([6.0], [3.0], lambda: {"twice": [6.0], "one more": [6.0]})
    with pytest.raises(Failed) as found:
        seen.conclude()
    assert found.value.cause == "one more"


def test_a_value_that_is_only_asked_for_tells_causes_apart():
    seen = exam.Comparison("the sum")
    seen.see([6.0], [3.0], lambda: {"twice": [6.0], "one more": [6.0]})
    seen.ask([8.0], lambda: {"twice": [8.0], "one more": [5.0]})
    with pytest.raises(Failed) as found:
        seen.conclude()
    assert found.value.cause == "twice"


def test_oracles_of_the_variance_agree():
    chain = exam.random_chain(np.random.default_rng(0), 3)
    for n in (1, 2, 4):
        paths = exam.variance_by_paths(chain, n)
        np.testing.assert_allclose(exam.variance_by_times(chain, n), paths, rtol=1e-9)
        np.testing.assert_allclose(exam.variance_by_steps(chain, n), paths, rtol=1e-9)


def test_the_simulation_of_one_walk_by_hand():
    # Three states, one walk, n beyond its end: a state that is visited k times ends at
    # 1 - 0.5^k of the outcome. Left at once: V = (-0.5, -0.5, 0), the truth is (-0.5, 0, 0.5).
    errors = exam.simulate(
        np.array([99]), np.array([0.5]), 100, np.random.default_rng(0), n_states=3, episodes=1
    ).ravel()
    straight = np.sqrt((0.0 + 0.25 + 0.25) / 3)
    assert 0.3 < np.isclose(errors, straight).mean() < 0.7


@pytest.mark.slow
def test_false_alarms_of_rms_curve():
    """The figures that `study_slack` and the module's docstring state."""
    rng, found = np.random.default_rng(0), []
    for _ in range(60):
        cases = [*exam.short_cases(rng), exam.book_case(rng)]
        cases += [(np.array([5, 20]), rng.uniform(0.2, 0.7, size=2), 9, 5)]
        cases += [(np.array([1, 3]), rng.uniform(0.2, 0.7, size=2), 7, 4)]
        errors = [exam.simulate(ns, alphas, 600, rng, *rest) for ns, alphas, *rest in cases]
        assert sum(len(e) * e.shape[1] for e in errors) == 30
        found += [x for e in errors for x in skew(e, axis=-1).ravel()]
    assert len(found) == 1800
    assert np.median(found) < 1.0
    assert max(found) < 2.6
    assert alarm(0.8, rng) < 2e-9
    assert alarm(1.0, rng) < 4e-9
    assert alarm(2.6, rng) < 9e-7


def alarm(skewness: float, rng: np.random.Generator) -> float:
    """Probability that one right cell is further off than its slack, for gamma variables."""
    k, probabilities = 4 / skewness**2, []
    for _ in range(40):
        ours = rng.gamma(k, size=(2500, exam.OUR_RUNS))
        mean = ours.mean(axis=1)
        slack = exam.study_slack(ours, exam.RUNS)
        theirs = gamma(exam.RUNS * k, scale=1 / exam.RUNS)
        probabilities.append(theirs.sf(mean + slack) + theirs.cdf(mean - slack))
    return float(np.mean(probabilities))
