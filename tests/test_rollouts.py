"""Rollouts: flags and lengths on worlds without chance, frequencies against the model elsewhere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from qlib.alias import Draws, alias_tables
from qlib.closed_book import ClosedBookError, answering
from qlib.envs import chain, garnet, gridworld34, random_walk
from qlib.mdp import TabularMDP
from qlib.rollouts import LANES, STEPS, Sampler, estimate_return, rollout, rollouts
from qlib.solve import expected_return, policy_evaluation, state_distribution

RIGHT = [1, 1, 1, 0]  # in chain(3): always forward


def both(mdp, pi, rng, max_steps):
    """The same episode from the single and from the batched version."""
    yield rollout(mdp, pi, rng, max_steps)
    yield rollouts(mdp, pi, 3, rng, max_steps)[1]


def test_an_episode_without_chance():
    for episode in both(chain(3), RIGHT, np.random.default_rng(0), 10):
        assert episode.s.tolist() == [0, 1, 2, 3]
        assert episode.a.tolist() == [1, 1, 1]
        assert episode.r.tolist() == [0, 0, 1], "the reward of the last step is kept"
        assert (episode.terminated, episode.truncated) == (True, False)
        assert (episode.s.dtype.kind, episode.a.dtype.kind, episode.r.dtype) == ("i", "i", float)
        assert type(episode.terminated) is type(episode.truncated) is bool


@pytest.mark.parametrize(
    ("max_steps", "states", "terminated"),
    [(0, [0], False), (1, [0, 1], False), (2, [0, 1, 2], False), (3, [0, 1, 2, 3], True)],
)
def test_the_limit(max_steps, states, terminated):
    for episode in both(chain(3), RIGHT, np.random.default_rng(0), max_steps):
        assert episode.s.tolist() == states
        assert len(episode.a) == len(episode.r) == len(states) - 1
        assert (episode.terminated, episode.truncated) == (terminated, not terminated)


@pytest.mark.parametrize("max_steps", [0, 5])
def test_start_in_a_terminal_state(max_steps):
    world = chain(3)
    ended = TabularMDP(world.P, world.R, 0.9, world.terminal, [0, 0, 0, 1.0])
    for episode in both(ended, RIGHT, np.random.default_rng(0), max_steps):
        assert episode.s.tolist() == [3]
        assert len(episode.a) == len(episode.r) == 0
        assert (episode.terminated, episode.truncated) == (True, False)


def test_mixed_lengths_in_one_batch():
    n = LANES + 3
    starts = np.arange(n) % 4
    batch = rollouts(chain(3), RIGHT, n, np.random.default_rng(0), 2, s0=starts)
    assert batch.lengths.tolist() == [[2, 2, 1, 0][s] for s in starts]
    assert batch.terminated.tolist() == [s > 0 for s in starts]
    assert (batch.truncated == ~batch.terminated).all()
    for i in (0, 1, 2, 3, LANES - 1, LANES, n - 1):
        assert batch[i].s.tolist() == list(range(starts[i], min(starts[i] + 2, 3) + 1))
        assert batch[i].r.sum() == (starts[i] in (1, 2))
    s, a, r, s_next, terminated = batch.transitions()
    assert (s_next == s + 1).all()
    assert (terminated == (s_next == 3)).all()
    assert ((r == 1) == terminated).all()
    assert (a == 1).all()


def test_long_episodes_cross_the_looks_at_who_has_ended():
    n = 3 * STEPS + 2
    batch = rollouts(chain(n), np.ones(n + 1, int), 2, np.random.default_rng(0), 10 * n)
    assert batch.lengths.tolist() == [n, n]
    assert batch[1].s.tolist() == list(range(n + 1))
    endless = rollouts(chain(n), np.zeros(n + 1, int), 2, np.random.default_rng(0), n)
    assert endless[0].s.tolist() == [0] * (n + 1)
    assert endless.truncated.all()


class Last:
    """A generator whose every number is the last one below 1."""

    def random(self):
        return np.nextafter(1, 0)


def test_rounding_never_draws_an_action_of_probability_zero():
    pi = np.tile([0.5, 0.5 - 1e-10, 0.0], (2, 1))
    mdp = TabularMDP(np.tile([0.0, 1.0], (2, 3, 1)), np.zeros((2, 3)), 0.9)
    assert rollout(mdp, pi, Last(), 3).a.tolist() == [1, 1, 1]


def within_5_sigma(counts, n, p):
    return (np.abs(counts - n * p) <= 5 * np.sqrt(n * p * (1 - p)) + 1e-9).all()


@pytest.mark.parametrize("kind", ["dense", "sparse", "single", "sampler"])
def test_frequencies(kind):
    """Counts of (s, a, s') over many steps against pi and P, given the visits to s."""
    rng = np.random.default_rng(11)
    mdp = garnet(5, 3, 3, rng, n_terminal=1)
    pi = rng.dirichlet(np.ones(3), 5)
    pi[0] = [0.5, 0, 0.5]
    if kind == "sparse":
        P = sparse.csr_array(mdp.transition_matrix)
        mdp = TabularMDP(P, mdp.R, mdp.gamma, mdp.terminal)
    if kind == "single":
        episodes = [rollout(mdp, pi, rng, 40) for _ in range(2000)]
        s = np.concatenate([e.s[:-1] for e in episodes])
        a = np.concatenate([e.a for e in episodes])
        r = np.concatenate([e.r for e in episodes])
        s_next = np.concatenate([e.s[1:] for e in episodes])
    elif kind == "sampler":
        sampler = Sampler(mdp)
        s = sampler.reset(40_000, rng)
        a = (rng.random(40_000)[:, None] > np.cumsum(pi, 1)[s]).sum(1)
        s_next, r, terminated = sampler.step(s, a, rng)
        assert np.array_equal(terminated, mdp.terminal[s_next])
    else:
        batch = rollouts(mdp, pi, 5000, rng, 40)
        s, a, r, s_next, terminated = batch.transitions()
        assert np.array_equal(terminated, mdp.terminal[s_next])
    assert np.array_equal(r, mdp.R[s, a])
    assert not mdp.terminal[s].any()
    P = mdp.transition_matrix
    P = (P.toarray() if kind == "sparse" else P).reshape(5, 3, 5)
    counts = np.zeros((5, 3, 5))
    np.add.at(counts, (s, a, s_next), 1)
    visits = counts.sum((1, 2))
    assert (visits[:4] > 800).all()
    for state in range(4):
        joint = pi[state][:, None] * P[state]
        assert within_5_sigma(counts[state], visits[state], joint)
        assert counts[state][joint == 0].sum() == 0


def test_states_over_time():
    mdp = gridworld34()
    pi = np.full((12, 4), 0.25)
    n = 20_000
    s, _, _ = rollouts(mdp, pi, n, np.random.default_rng(5), 6).padded()
    for t in range(7):
        counts = np.bincount(s[:, t], minlength=12)
        assert within_5_sigma(counts, n, state_distribution(mdp, pi, t))


def test_first_states_follow_rho0():
    mdp = TabularMDP(np.eye(4)[:, None], np.zeros((4, 1)), 0.9, rho0=[0.1, 0, 0.6, 0.3])
    rng, n = np.random.default_rng(2), 20_000
    for first in (
        rollouts(mdp, np.zeros(4, int), n, rng, 0).s,
        Sampler(mdp).reset(n, rng),
        np.array([mdp.reset(rng) for _ in range(n)]),
    ):
        assert within_5_sigma(np.bincount(first, minlength=4), n, mdp.rho0)


def test_returns_agree_with_exact_values():
    mdp = random_walk(5)
    half = np.full((7, 2), 0.5)
    batch = rollouts(mdp, half, 10_000, np.random.default_rng(0), 10_000, s0=2)
    assert batch.terminated.all()
    exact = policy_evaluation(mdp, half).V[2]
    assert batch.returns(1.0).mean() == pytest.approx(exact, abs=5 * np.sqrt(exact / 1e4))


def test_estimate_return():
    mdp = gridworld34()
    pi = np.full((12, 4), 0.25)
    exact = expected_return(mdp, pi)
    runs = [estimate_return(mdp, pi, 2000, np.random.default_rng(k)) for k in range(30)]
    means, stderrs = np.array(runs).T
    assert np.abs(means - exact).max() <= 5 * stderrs.max()
    assert means.std(ddof=1) == pytest.approx(stderrs.mean(), rel=0.5)
    assert abs(means.mean() - exact) <= 5 * stderrs.mean() / np.sqrt(30)
    with pytest.raises(ValueError, match="n >= 2"):
        estimate_return(mdp, pi, 1, np.random.default_rng(0))
    with pytest.raises(ValueError, match="give max_steps"):
        estimate_return(random_walk(5), np.full((7, 2), 0.5), 10, np.random.default_rng(0))
    myopic = gridworld34(gamma=0.0)
    assert estimate_return(myopic, pi, 10, np.random.default_rng(0)) == (0.0, 0.0)


def test_same_seed_same_episodes_and_no_global_state():
    mdp, pi = gridworld34(), np.full((12, 4), 0.25)
    np.random.seed(0)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    one = rollouts(mdp, pi, 50, np.random.default_rng(3), 30)
    two = rollouts(mdp, pi, 50, np.random.default_rng(3), 30)
    assert all(x == y for x, y in zip(one, two, strict=True))
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002
    assert one[0] != one[1]


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 9), st.integers(1, 5), st.integers(0, 2**32 - 1), st.booleans())
def test_alias_tables_hold_the_distribution(k, n, seed, gaps):
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet(np.full(k, 0.5), n)
    if gaps:
        probs[rng.random((n, k)) < 0.4] = 0
        probs[:, 0] += probs.sum(1) == 0
        probs /= probs.sum(1, keepdims=True)
    split, other = alias_tables(probs)
    implied = split / k
    for row in range(n):
        np.add.at(implied[row], other[row], (1 - split[row]) / k)
    assert np.abs(implied - probs).max() <= 1e-14
    assert (implied[probs == 0] == 0).all()


class Numbers:
    """A generator that returns given numbers."""

    def __init__(self, u):
        self.u = np.asarray(u)

    def random(self, shape):
        return self.u.copy()


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_draws_cover_each_row_exactly(n, seed):
    """With u on a fine regular grid the drawn shares are the probabilities."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 7, n)
    row = np.repeat(np.arange(n), sizes)
    probs = np.concatenate([rng.dirichlet(np.ones(m)) for m in sizes])
    draws = Draws.of(row, probs, n)
    grid = (np.arange(20_000) + 0.5) / 20_000
    for k in range(n):
        slots = draws.draw(np.full(len(grid), k), Numbers(grid))
        outcome = draws.outcome[slots]
        assert (row[outcome] == k).all()
        share = np.bincount(outcome, minlength=len(row)) / len(grid)
        assert np.abs(share - np.where(row == k, probs, 0)).max() <= 20 / len(grid)
        extremes = draws.draw(np.full(2, k), Numbers([0.0, np.nextafter(1, 0)]))
        assert (row[draws.outcome[extremes]] == k).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, g: rollout(m, RIGHT, g, -1), "max_steps = -1"),
        (lambda m, g: rollouts(m, RIGHT, 5, g, -1), "max_steps = -1"),
        (lambda m, g: rollouts(m, RIGHT, 0, g, 5), "at least one"),
        (lambda m, g: rollouts(m, RIGHT, 2, g, 5, s0=4), "s0 must hold states 0..3"),
        (lambda m, g: rollouts(m, [1, 1, 1, 2], 2, g, 5), r"policy\[3\] = 2"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call(chain(3), np.random.default_rng(0))


def test_closed_book():
    mdp, rng = chain(3), np.random.default_rng(0)
    with answering("rollout"):
        for call in (rollout, lambda *args: rollouts(args[0], args[1], 2, *args[2:])):
            with pytest.raises(ClosedBookError, match="rollout"):
                call(mdp, RIGHT, rng, 5)
        estimate_return(mdp, RIGHT, 2, rng)  # its own simulation is not an answer to `rollout`
    with answering("J_mc"):
        assert len(rollouts(mdp, RIGHT, 4, rng, 5)) == 4
        with pytest.raises(ClosedBookError):
            estimate_return(mdp, RIGHT, 4, rng)
