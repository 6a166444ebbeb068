"""The named worlds: their published numbers, and every promise of their docstrings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qlib.envs import (
    MOVES,
    a_split,
    baird,
    chain,
    cliff,
    garnet,
    gridworld34,
    max_bias,
    random_walk,
    slow_policy,
    tight_loss,
    tight_loss_q,
    unreachable,
    w2w,
)
from qlib.solve import bellman_opt, policy_chain, policy_evaluation, policy_iteration


def sweeps(mdp, n):
    """V_n of value iteration from 0."""
    V = np.zeros(mdp.n_states)
    for _ in range(n):
        V = (mdp.R + mdp.gamma * mdp.P @ V).max(1)
    return V


def test_gridworld34_values():
    mdp = gridworld34()
    assert np.flatnonzero(sweeps(mdp, 2) > 0).tolist() == [2, 3], "only .72 next to the exit"
    assert sweeps(mdp, 2)[2] == pytest.approx(0.72)
    assert sweeps(mdp, 3)[:4].round(2).tolist() == [0, 0.52, 0.78, 1]
    assert sweeps(mdp, 4)[:4].round(2).tolist() == [0.37, 0.66, 0.83, 1]
    assert sweeps(mdp, 100).round(2).tolist() == [
        *[0.64, 0.74, 0.85, 1],
        *[0.57, 0.57, -1],
        *[0.49, 0.43, 0.48, 0.28],
        0,
    ]


def test_gridworld34_moves():
    still = gridworld34(noise=0, living=-0.04)
    assert [int(still.P[7, a].argmax()) for a in range(4)] == [4, 8, 7, 7]
    assert [int(still.P[8, a].argmax()) for a in range(4)] == [8, 9, 8, 7], "the wall is above 8"
    assert still.R[8].tolist() == [-0.04] * 4
    assert still.R[3].tolist() == [1] * 4
    assert still.R[6].tolist() == [-1] * 4
    assert np.flatnonzero(still.terminal).tolist() == [11]
    assert (still.P[3, :, 11] == 1).all()
    assert still.rho0.argmax() == 7
    slips = gridworld34(noise=0.4)
    assert slips.P[9, 0, [5, 8, 10]] == pytest.approx([0.6, 0.2, 0.2])
    with pytest.raises(ValueError, match="noise"):
        gridworld34(noise=1.5)


def test_cliff():
    mdp = cliff()
    up, right, down, left = range(4)
    assert MOVES[up] == (-1, 0)
    assert mdp.P[36, up, 24] == 1
    assert (mdp.P[36, right, 36], mdp.R[36, right]) == (1, -100)
    assert (mdp.P[30, down, 36], mdp.R[30, down]) == (1, -100)
    assert (mdp.P[35, down, 47], mdp.R[35, down]) == (1, -1)
    assert (mdp.P[0, left, 0], mdp.R[0, left]) == (1, -1)
    assert policy_iteration(mdp).V[36] == pytest.approx(-(1 - 0.99**13) / 0.01)


def test_chain():
    mdp = chain(4, gamma=0.5)
    assert policy_iteration(mdp).V.tolist() == [0.125, 0.25, 0.5, 1, 0]
    assert [sweeps(mdp, k)[0] > 0 for k in (3, 4)] == [False, True]
    assert mdp.P[0, 0, 0] == mdp.P[2, 0, 1] == mdp.P[3, 1, 4] == 1
    with pytest.raises(ValueError, match="at least one"):
        chain(0)


@pytest.mark.parametrize("n", [5, 19])
def test_random_walk(n):
    mdp = random_walk(n)
    values = policy_evaluation(mdp, np.full((n + 2, 2), 0.5)).V
    s = np.arange(1, n + 1)
    assert values[1:-1] == pytest.approx(s / 6 if n == 5 else (s - 10) / 10)
    assert mdp.rho0.argmax() == (n + 1) // 2
    assert mdp.gamma == 1
    with pytest.raises(ValueError, match="odd"):
        random_walk(4)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(1, 4), st.integers(0, 2**32 - 1), st.data())
def test_garnet(n_states, n_actions, seed, data):
    b = data.draw(st.integers(1, n_states))
    k = data.draw(st.integers(0, n_states - 1))
    mdp = garnet(n_states, n_actions, b, np.random.default_rng(seed), n_terminal=k)
    inner = mdp.P[: n_states - k]
    assert ((inner > 0).sum(2) == b).all()
    assert mdp.terminal.tolist() == [False] * (n_states - k) + [True] * k
    again = garnet(n_states, n_actions, b, np.random.default_rng(seed), n_terminal=k, sparse=True)
    assert np.array_equal(again.P.toarray(), mdp.transition_matrix)
    assert np.array_equal(again.R, mdp.R)


def test_garnet_draws_every_set_of_successors_alike():
    mdp = garnet(5, 2000, 2, np.random.default_rng(0))
    sets = (mdp.P.reshape(-1, 5) > 0) @ 2 ** np.arange(5)
    counts = np.unique(sets, return_counts=True)[1]
    n, p = 10_000, 1 / 10
    assert len(counts) == 10
    assert (np.abs(counts - n * p) < 5 * np.sqrt(n * p * (1 - p))).all()
    first = mdp.P[mdp.P > 0].reshape(-1, 2)[:, 0]
    assert first.mean() == pytest.approx(0.5, abs=5 * np.sqrt(1 / 12 / n)), "one uniform cut"
    assert first.var() == pytest.approx(1 / 12, rel=0.05)


def test_garnet_limits():
    rng = np.random.default_rng(0)
    for kwargs in ({"branching": 0}, {"branching": 4}, {"branching": 1, "n_terminal": 3}):
        with pytest.raises(ValueError, match=r"branching|n_terminal"):
            garnet(3, 2, rng=rng, **kwargs)
    large = garnet(20_000, 2, 3, rng, sparse=True)
    assert large.P.nnz == 120_000


def test_unreachable():
    mdp = unreachable()
    wrong_there = np.zeros(3, dtype=int)
    best = policy_iteration(mdp)
    assert mdp.rho0 @ policy_evaluation(mdp, wrong_there).V == mdp.rho0 @ best.V == 1
    assert best.Q[1, 1] - best.Q[1, 0] == pytest.approx(1)
    P, _ = policy_chain(mdp, np.full((3, 2), 0.5))
    assert P[:, 1].tolist() == [0, 0, 0], "nothing leads to X"


def test_slow_policy_refuses():
    for k, gamma in [(0, 0.9), (3, 0.0), (3, 1.0)]:
        with pytest.raises(ValueError, match="needs k >= 1"):
            slow_policy(k, gamma)


@pytest.mark.parametrize(("eps", "gamma"), [(1.0, 0.9), (0.3, 0.5), (2.0, 0.99)])
def test_tight_losses(eps, gamma):
    v = tight_loss(eps, gamma)
    residual = np.abs((v.mdp.R + gamma * v.mdp.P @ v.V).max(1) - v.V).max()
    assert residual == eps
    q = tight_loss_q(eps, gamma)
    assert np.abs(bellman_opt(q.Q, q.mdp) - q.Q).max() == eps
    for world, bound in [(v, 2 * gamma * eps / (1 - gamma)), (q, 2 * eps / (1 - gamma))]:
        loss = policy_iteration(world.mdp).V - policy_evaluation(world.mdp, world.policy).V
        assert loss.max() == pytest.approx(bound, rel=1e-12) == world.loss
    greedy = (v.mdp.R + gamma * v.mdp.P @ v.V).argmax(1)
    assert greedy.tolist() == v.policy.tolist()


def test_max_bias():
    world = max_bias(4, mu=-0.1, sigma=2.0)
    rng = np.random.default_rng(0)
    assert world.n_available.tolist() == [2, 4, 1]
    assert world.reset(rng) == 0
    assert world.step(0, 0, rng) == (1, 0.0, False)
    assert world.step(0, 1, rng) == (2, 0.0, True)
    rewards = np.array([world.step(1, 3, rng)[1] for _ in range(4000)])
    assert rewards.mean() == pytest.approx(-0.1, abs=5 * 2 / np.sqrt(4000))
    assert rewards.std() == pytest.approx(2, rel=0.06)
    with pytest.raises(ValueError, match=r"state 0 has actions 0\.\.1, not 2"):
        world.step(0, 2, rng)
    with pytest.raises(ValueError, match="at least two"):
        max_bias(1)


@pytest.mark.parametrize(
    ("gamma", "eps", "factor"),
    [(0.8, 0, 0.96), (5 / 6, 0, 1), (0.9, 0, 1.08), (0.9, 0.1, 1.008)],
)
def test_w2w_factor(gamma, eps, factor):
    world = w2w(eps, gamma)
    P, r = policy_chain(world.mdp, world.pi)
    target = r + gamma * P @ world.phi @ world.w0
    weight = np.sqrt(world.d)
    w = np.linalg.lstsq(weight[:, None] * world.phi, weight * target, rcond=None)[0]
    assert w[0] == pytest.approx(factor)
    with pytest.raises(ValueError, match="eps"):
        w2w(2)


def test_baird_diverges_as_published():
    world = baird()
    P, r = policy_chain(world.mdp, world.pi)
    assert np.linalg.matrix_rank(world.phi) == 7, "every value function is representable"
    visits = policy_chain(world.mdp, world.b)[0]
    assert world.d @ visits == pytest.approx(world.d), "the behaviour visits all states alike"
    w, norms = world.w0.copy(), []
    for _ in range(1000):
        delta = r + world.mdp.gamma * P @ world.phi @ w - world.phi @ w
        w += 0.01 * world.phi.T @ (world.d * delta)
        norms.append(np.linalg.norm(w))
    assert [round(norms[k - 1], 1) for k in (100, 500, 1000)] == [16.8, 101.2, 436.9]


def test_a_split_residual_gradient_is_wrong():
    world = a_split()
    assert policy_evaluation(world.mdp, world.pi).V.tolist() == [0.5, 1, 0, 0]
    s, _, s_next = np.nonzero(world.mdp.P)
    weight = world.d[s] * world.mdp.P[s, 0, s_next]
    # Minimise the mean of (r + V(s') - V(s))^2 over transitions: a least-squares problem.
    A = np.sqrt(weight)[:, None] * (world.phi[s] - world.phi[s_next])
    w = np.linalg.lstsq(A, np.sqrt(weight) * world.mdp.R[s, 0], rcond=None)[0]
    assert w == pytest.approx([0.5, 0.75, 0.25])
