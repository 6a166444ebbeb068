"""Solvers against exact rational arithmetic, hand values and each other."""

import dataclasses
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from qlib.closed_book import ClosedBookError, answering
from qlib.envs import (
    a_split,
    chain,
    cliff,
    garnet,
    gridworld34,
    random_walk,
    slow_policy,
    tight_loss,
    tight_loss_q,
)
from qlib.mdp import TabularMDP
from qlib.solve import (
    _Model,
    _Stop,
    bellman_opt,
    bellman_pi,
    eps_greedy_probs,
    expected_return,
    modified_policy_iteration,
    policy_chain,
    policy_evaluation,
    policy_iteration,
    q_from_v,
    state_distribution,
    value_iteration,
)

SOLVERS = {
    "vi": value_iteration,
    "vi sup": lambda mdp, tol=1e-8: value_iteration(mdp, tol, stopping="sup"),
    "mpi": modified_policy_iteration,
    "pi": lambda mdp, tol=None: policy_iteration(mdp),
}


def two_states(gamma=0.5):
    """a0 ends with reward 1, a1 stays for 0."""
    P = np.zeros((2, 2, 2))
    P[0, 0, 1] = P[0, 1, 0] = P[1, :, 1] = 1
    return TabularMDP(P, [[1.0, 0.0], [0.0, 0.0]], gamma, [False, True])


def as_sparse(mdp):
    P = sparse.csr_array(mdp.transition_matrix)
    return TabularMDP(P, mdp.R, mdp.gamma, mdp.terminal, mdp.rho0)


def exact_values(mdp, policy):
    """V^policy in rational numbers, by Gauss-Jordan elimination on the very floats of `mdp`."""
    S, gamma = mdp.n_states, Fraction(mdp.gamma)
    rows = []
    for s in range(S):
        row = [-gamma * Fraction(float(p)) for p in mdp.P[s, policy[s]]]
        row[s] += 1
        rows.append([*row, Fraction(float(mdp.R[s, policy[s]]))])
    for s in range(S):
        pivot = next(i for i in range(s, S) if rows[i][s] != 0)
        rows[s], rows[pivot] = rows[pivot], rows[s]
        rows[s] = [x / rows[s][s] for x in rows[s]]
        for i in range(S):
            if i != s:
                rows[i] = [x - rows[i][s] * y for x, y in zip(rows[i], rows[s], strict=True)]
    return [row[S] for row in rows]


def exact_optimum(mdp):
    """V* in rational numbers: the best of all policies, in every state."""
    values = [exact_values(mdp, p) for p in product(range(mdp.n_actions), repeat=mdp.n_states)]
    return [max(column) for column in zip(*values, strict=True)]


def exact_q(mdp, V):
    gamma = Fraction(mdp.gamma)
    return [
        [
            Fraction(float(mdp.R[s, a]))
            + gamma * sum(Fraction(float(p)) * v for p, v in zip(mdp.P[s, a], V, strict=True))
            for a in range(mdp.n_actions)
        ]
        for s in range(mdp.n_states)
    ]


def distance(floats, fractions):
    flat = np.array(fractions, dtype=object).ravel()
    return max(abs(Fraction(float(x)) - y) for x, y in zip(np.ravel(floats), flat, strict=True))


@st.composite
def small_mdps(draw):
    """At most 3 states and 2 actions, any gamma, sparse rows, big rewards, imperfect row sums."""
    S, A = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    P = rng.dirichlet(np.full(S, 0.3), (S, A))
    P *= 1 + draw(st.sampled_from([0.0, 1e-12, 8e-10, -8e-10]))
    R = rng.normal(size=(S, A)) * draw(st.sampled_from([1.0, 1e6])) + draw(
        st.sampled_from([0.0, 100.0])
    )
    terminal = np.zeros(S, dtype=bool)
    if draw(st.booleans()):
        terminal[-1] = True
        P[-1], R[-1] = 0, 0
        P[-1, :, -1] = 1
    gamma = draw(st.sampled_from([0.0, 0.3, 0.9, 0.99, 0.9999]))
    return TabularMDP(P, R, gamma, terminal)


@settings(max_examples=250, deadline=None)
@given(
    small_mdps(),
    st.sampled_from(["vi", "vi sup", "mpi", "pi"]),
    st.booleans(),
    st.sampled_from([1, 5, 200]),
)
def test_error_bounds_hold_exactly(mdp, name, make_sparse, max_sweeps):
    world = as_sparse(mdp) if make_sparse else mdp
    if name == "pi":
        solution = policy_iteration(world)
    elif name == "mpi":
        solution = modified_policy_iteration(world, 1e-6, max_sweeps=max_sweeps)
    else:
        rule = "sup" if name == "vi sup" else "span"
        solution = value_iteration(world, 1e-6, stopping=rule, max_sweeps=max_sweeps)
    V = exact_optimum(mdp)
    assert distance(solution.V, V) <= solution.error_bound
    assert distance(solution.Q, exact_q(mdp, V)) <= solution.error_bound
    loss = max(v - w for v, w in zip(V, exact_values(mdp, solution.policy), strict=True))
    assert loss <= solution.loss_bound
    assert np.array_equal(solution.V, solution.Q.max(1))
    assert not solution.V[mdp.terminal].any()


@settings(max_examples=30, deadline=None)
@given(small_mdps(), st.booleans(), st.integers(0, 1))
def test_evaluation_bound_holds_exactly(mdp, make_sparse, a):
    policy = np.full(mdp.n_states, min(a, mdp.n_actions - 1))
    result = policy_evaluation(as_sparse(mdp) if make_sparse else mdp, policy)
    V = exact_values(mdp, policy)
    assert distance(result.V, V) <= result.error_bound
    assert distance(result.Q, exact_q(mdp, V)) <= result.error_bound
    assert result.error_bound <= 1e-2 * (1 + np.abs(result.V).max()), "a bound must say something"


def test_bounds_are_not_far_from_the_error():
    mdp = slow_policy(5)
    exact = policy_iteration(mdp).V
    for tol in (1e-2, 1e-4, 1e-6):
        solution = value_iteration(mdp, tol)
        assert np.abs(solution.V - exact).max() > 0.3 * solution.error_bound
        assert solution.error_bound <= tol


def test_row_sums_that_are_off_count():
    """One state that pays 1 for ever, gamma = .999 and P = 1 + 9e-10: V* moves by 1e-3."""
    mdp = TabularMDP([[[1 + 9e-10]]], [[1.0]], 0.999)
    solution = value_iteration(mdp, 1e-8)
    error = distance(solution.V, exact_optimum(mdp))
    assert error > 5e-4
    assert error <= solution.error_bound


def test_two_states_by_hand():
    mdp = two_states()
    uniform = np.full((2, 2), 0.5)
    result = policy_evaluation(mdp, uniform)
    assert pytest.approx([2 / 3, 0], abs=1e-15) == result.V
    assert pytest.approx(np.array([[1, 1 / 3], [0, 0]]), abs=1e-15) == result.Q
    Q0 = np.zeros((2, 2))
    assert bellman_opt(Q0, mdp).tolist() == [[1, 0], [0, 0]]
    assert bellman_opt(bellman_opt(Q0, mdp), mdp).tolist() == [[1, 0.5], [0, 0]]
    assert bellman_pi(np.array([[1.0, 0.0], [0, 0]]), mdp, uniform).tolist() == [[1, 0.25], [0, 0]]
    assert q_from_v(np.array([2.0, 0.0]), mdp).tolist() == [[1, 1], [0, 0]]
    for solve in SOLVERS.values():
        solution = solve(mdp, 1e-9)
        assert pytest.approx([1, 0], abs=1e-9) == solution.V
        assert pytest.approx(np.array([[1, 0.5], [0, 0]]), abs=1e-9) == solution.Q
        assert solution.policy[0] == 0


def test_worlds_with_known_values():
    n = 13  # the way along the cliff, from the start
    assert expected_return(cliff(), policy_iteration(cliff()).policy) == pytest.approx(
        -(1 - 0.99**n) / 0.01
    )
    for solve in SOLVERS.values():
        assert pytest.approx([0.9**5, 0.9**4, 0.9**3, 0.9**2, 0.9, 1, 0]) == solve(chain(6)).V
    assert value_iteration(gridworld34()).V[:4].round(2).tolist() == [0.64, 0.74, 0.85, 1]
    for world in (tight_loss(1, 0.9), tight_loss_q(1, 0.9)):
        loss = policy_iteration(world.mdp).V - policy_evaluation(world.mdp, world.policy).V
        assert loss.max() == pytest.approx(world.loss, abs=1e-12)


def test_loss_bound_is_attained():
    mdp = tight_loss(1, 0.9).mdp
    solution = value_iteration(mdp, max_sweeps=1)  # knows V = 0 only, and ties go to the worse
    loss = policy_iteration(mdp).V - policy_evaluation(mdp, solution.policy).V
    assert loss.max() == pytest.approx(18, abs=1e-12)
    assert solution.loss_bound == pytest.approx(18, abs=1e-10)
    assert solution.error_bound == pytest.approx(9, abs=1e-10)


def test_gamma_one():
    half = np.full((7, 2), 0.5)
    walk = policy_evaluation(random_walk(5), half)
    assert walk.V[1:6] == pytest.approx(np.arange(1, 6) / 6, abs=1e-15)
    assert np.abs(walk.V[1:6] - np.arange(1, 6) / 6).max() <= walk.error_bound < 1e-12
    walk = policy_evaluation(as_sparse(random_walk(19)), np.full((21, 2), 0.5))
    assert np.abs(walk.V[1:20] - (np.arange(1, 20) - 10) / 10).max() <= walk.error_bound < 1e-10
    long = random_walk(499)
    walk = policy_evaluation(long, np.full((501, 2), 0.5))
    error = np.abs(walk.V[1:500] - (np.arange(1, 500) - 250) / 250).max()
    assert 1e-14 < error <= walk.error_bound < 1e-8
    assert policy_evaluation(a_split().mdp, a_split().pi).V.tolist() == [0.5, 1, 0, 0]
    endless = dataclasses.replace(chain(3), gamma=1.0)
    assert policy_evaluation(endless, [1, 1, 1, 0]).V.tolist() == [1, 1, 1, 0]
    with pytest.raises(ValueError, match="no terminal state is reached from state 0"):
        policy_evaluation(endless, [0, 1, 1, 0])
    for solve in (value_iteration, policy_iteration, modified_policy_iteration):
        with pytest.raises(ValueError, match="gamma < 1"):
            solve(endless)


@pytest.mark.parametrize("n_terminal", [0, 2])
def test_solvers_agree_dense_and_sparse(n_terminal):
    mdp = garnet(60, 4, 3, np.random.default_rng(1), gamma=0.97, n_terminal=n_terminal)
    reference = policy_iteration(mdp)
    for world in (mdp, as_sparse(mdp)):
        for solve in SOLVERS.values():
            solution = solve(world, 1e-7)
            assert np.abs(solution.V - reference.V).max() <= 1.01e-7
            assert np.abs(solution.Q - reference.Q).max() <= 1.01e-7
            assert solution.error_bound <= 1e-7
            lost = reference.V - policy_evaluation(world, solution.policy).V
            assert lost.max() <= solution.loss_bound <= 2.1e-7
    pi = np.random.default_rng(2).dirichlet(np.ones(4), 60)
    one, other = policy_evaluation(mdp, pi), policy_evaluation(as_sparse(mdp), pi)
    assert np.abs(one.V - other.V).max() <= one.error_bound + other.error_bound < 1e-10


def test_large_sparse_worlds():
    mdp = garnet(4000, 3, 5, np.random.default_rng(0), gamma=0.99, sparse=True)
    fast, slow = modified_policy_iteration(mdp, 1e-6), policy_iteration(mdp)
    assert np.abs(fast.V - slow.V).max() <= fast.error_bound + slow.error_bound <= 1.1e-6
    long = chain(1500, gamma=0.999)
    line = sparse.csr_array(long.transition_matrix)
    far = TabularMDP(line, long.R, 0.999, long.terminal)
    result = policy_evaluation(far, np.ones(1501, dtype=int))
    assert result.V[:-1] == pytest.approx(0.999 ** np.arange(1499, -1, -1), abs=1e-9)
    assert result.error_bound < 1e-9


def test_span_rule_saves_sweeps_on_random_mdps_and_little_on_goal_grids():
    mdp = garnet(300, 4, 10, np.random.default_rng(0), gamma=0.99)
    span, sup = value_iteration(mdp, 1e-3), value_iteration(mdp, 1e-3, stopping="sup")
    assert 50 * span.sweeps <= sup.sweeps
    assert max(span.error_bound, sup.error_bound) <= 1e-3
    grid = gridworld34(living=-0.04, gamma=0.99)
    assert value_iteration(grid).sweeps > 0.8 * value_iteration(grid, stopping="sup").sweeps


def test_modified_policy_iteration_between_its_neighbours():
    mdp = garnet(50, 3, 4, np.random.default_rng(4), gamma=0.95, n_terminal=1)
    assert modified_policy_iteration(mdp, 1e-6, order=0).policy_sweeps == 0
    zero = modified_policy_iteration(mdp, 1e-6, V0=np.zeros(50), order=0)
    assert np.array_equal(zero.V, value_iteration(mdp, 1e-6).V)
    assert modified_policy_iteration(mdp, 1e-6).sweeps < zero.sweeps / 3


def test_slow_policy_changes_after_sweep_k():
    for k in (1, 7, 40):
        mdp = slow_policy(k)
        Q = np.zeros((3, 2))
        for sweep in range(1, k + 5):
            Q = bellman_opt(Q, mdp)
            gap = Q[0, 1] - Q[0, 0]
            assert (gap > 0) == (sweep > k)
            if sweep in (k, k + 1):
                assert abs(gap) == pytest.approx(0.9**k / 2, rel=1e-9)
        assert policy_iteration(mdp).policy[0] == 1


def test_limits_and_starts():
    mdp = garnet(20, 3, 4, np.random.default_rng(0), gamma=0.99)
    short = value_iteration(mdp, 1e-12, max_sweeps=3)
    exact = policy_iteration(mdp)
    assert short.sweeps == 3
    assert np.abs(short.V - exact.V).max() <= short.error_bound
    assert modified_policy_iteration(mdp, 1e-12, max_sweeps=2).sweeps == 2
    assert value_iteration(mdp, 1e-6, V0=exact.V).sweeps == 1
    assert policy_iteration(mdp, exact.policy).sweeps == 1
    limit = value_iteration(mdp, 0.0)
    assert np.abs(limit.V - exact.V).max() <= limit.error_bound + exact.error_bound < 1e-9
    start = np.full(6, 5.0)
    assert value_iteration(chain(5), 1e-9, V0=start).V[-1] == 0
    assert value_iteration(chain(5), V0=start, stopping="sup", max_sweeps=1).Q[4, 1] == 1
    assert start.tolist() == [5.0] * 6


def test_stops_where_rounding_takes_over():
    """Should the last bits take turns for ever, sweeps must end all the same."""
    model = _Model(two_states())
    V = np.array([1.0, 0.0])
    stop = _Stop(model, V, tol=0.0, centred=True)
    flicker = V + np.array([2.0**-52, 0])
    assert [stop.now(V, flicker), stop.now(flicker, V)] == [False, True]
    coarse = _Stop(model, V, tol=0.0, centred=True)
    moved = np.array([1.001, 0.0])
    assert [coarse.now(V, moved), coarse.now(V, moved)] == [False, False]


def test_equal_actions_do_not_take_turns():
    rng = np.random.default_rng(0)
    for _ in range(20):
        mdp = garnet(8, 3, 3, rng, gamma=0.99)
        same = TabularMDP(mdp.P, np.repeat(mdp.R[:, :1], 3, 1) * 0 + 1 / 3, 0.99)
        assert policy_iteration(same).sweeps == 1
        assert pytest.approx(np.full(8, 100 / 3)) == policy_iteration(same).V


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: value_iteration(m, -1), "tol = -1"),
        (lambda m: value_iteration(m, float("nan")), "tol = nan"),
        (lambda m: value_iteration(m, stopping="l2"), "stopping"),
        (lambda m: value_iteration(m, V0=[1.0]), "V0 must have shape"),
        (lambda m: modified_policy_iteration(m, order=-1), "order"),
        (lambda m: policy_evaluation(m, np.ones((2, 2))), "no distribution"),
        (lambda m: state_distribution(m, [0, 0], -1), "time starts at 0"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call(two_states())


def test_state_distribution_by_counting_paths():
    mdp = garnet(3, 2, 2, np.random.default_rng(0), n_terminal=1)
    pi = np.random.default_rng(1).dirichlet(np.ones(2), 3)
    counted = np.zeros(3)
    for path in product(range(3), repeat=4):  # s_0 .. s_3
        p = mdp.rho0[path[0]]
        for s, s_next in pairwise(path):
            p *= sum(pi[s, a] * mdp.P[s, a, s_next] for a in range(2))
        counted[path[-1]] += p
    assert state_distribution(mdp, pi, 3) == pytest.approx(counted, abs=1e-15)
    assert state_distribution(as_sparse(mdp), pi, 3) == pytest.approx(counted, abs=1e-15)
    assert np.array_equal(state_distribution(mdp, pi, 0), mdp.rho0)


def test_expected_return_is_the_sum_over_time():
    mdp = garnet(6, 2, 3, np.random.default_rng(3), n_terminal=1)
    pi = np.random.default_rng(4).dirichlet(np.ones(2), 6)
    P, r = policy_chain(mdp, pi)
    total = sum(0.9**t * state_distribution(mdp, pi, t) @ r for t in range(300))
    assert expected_return(mdp, pi) == pytest.approx(total, abs=1e-10)
    assert policy_chain(as_sparse(mdp), pi)[0].toarray() == pytest.approx(P, abs=1e-16)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 3))
def test_operators_by_loops(seed, S, A):
    rng = np.random.default_rng(seed)
    mdp = garnet(S, A, min(2, S), rng)
    Q, pi = rng.normal(size=(S, A)) * 1e3, rng.dirichlet(np.ones(A), S)
    for s in range(S):
        for a in range(A):
            best = mdp.R[s, a] + 0.9 * sum(mdp.P[s, a, t] * max(Q[t]) for t in range(S))
            mean = mdp.R[s, a] + 0.9 * sum(
                mdp.P[s, a, t] * pi[t, b] * Q[t, b] for t in range(S) for b in range(A)
            )
            assert bellman_opt(Q, mdp)[s, a] == pytest.approx(best, abs=1e-9)
            assert bellman_pi(Q, mdp, pi)[s, a] == pytest.approx(mean, abs=1e-9)


def test_eps_greedy_probs():
    Q = np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 1.0]])
    assert eps_greedy_probs(Q).tolist() == [[0.5, 0.5, 0], [0, 1, 0]]
    assert eps_greedy_probs(Q, 0.3) == pytest.approx(np.array([[0.45, 0.45, 0.1], [0.1, 0.8, 0.1]]))
    assert eps_greedy_probs(Q, 1.0) == pytest.approx(np.full((2, 3), 1 / 3))
    assert eps_greedy_probs(Q, tol=1.0).tolist() == [[1 / 3] * 3, [0, 0.5, 0.5]]


def test_closed_book_refuses_answers_only():
    mdp, pi, Q = two_states(), np.full((2, 2), 0.5), np.zeros((2, 2))
    refused = {
        "J_exact": [lambda: policy_evaluation(mdp, pi), lambda: expected_return(mdp, pi)],
        "solve_v": [lambda: policy_evaluation(mdp, pi), lambda: policy_chain(mdp, pi)],
        "state_dist": [lambda: state_distribution(mdp, pi, 1)],
        "bellman_pi": [lambda: bellman_pi(Q, mdp, pi)],
        "bellman_opt": [lambda: bellman_opt(Q, mdp)],
        "q_from_v": [lambda: q_from_v(Q[:, 0], mdp)],
        "q_iteration": [lambda: value_iteration(mdp), lambda: modified_policy_iteration(mdp)],
        "run_until": [lambda: policy_iteration(mdp)],
        "greedy": [lambda: eps_greedy_probs(Q)],
    }
    for exercise, calls in refused.items():
        with answering(exercise):
            for call in calls:
                with pytest.raises(ClosedBookError, match=exercise):
                    call()
    # Allowed functions may use refused ones inside.
    with answering("solve_v"):
        policy_iteration(mdp)
    with answering("q_from_v"):
        bellman_opt(Q, mdp)
        value_iteration(mdp)
    with answering("bellman_pi"):
        policy_evaluation(mdp, pi)
        state_distribution(mdp, pi, 2)
