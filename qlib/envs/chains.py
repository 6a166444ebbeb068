"""Chains, random walks and random MDPs: the workhorses of the experiments."""

import numpy as np
from numpy.typing import NDArray

from qlib.mdp import TabularMDP


def chain(n: int, gamma: float = 0.9) -> TabularMDP:
    """A corridor of n cells with the only reward behind its right end.

        0 - 1 - 2 - ... - (n-1) - [n]

    Action 0 goes left (in state 0 it stays), action 1 goes right. The step from n - 1 into the
    terminal state n pays 1, all others 0. Hence V*(s) = gamma^(n-1-s): value needs n sweeps to
    reach the start, and a rule that stops "when nothing changes where I look" stops too early.

    Args:
        n: cells that are not terminal, >= 1.
        gamma: discount.
    """
    if n < 1:
        raise ValueError(f"n = {n}: a chain has at least one cell.")
    P, R = np.zeros((n + 1, 2, n + 1)), np.zeros((n + 1, 2))
    cells = np.arange(n)
    P[cells, 0, np.maximum(cells - 1, 0)] = 1
    P[cells, 1, cells + 1] = 1
    P[n, :, n] = 1
    R[n - 1, 1] = 1
    return TabularMDP(P, R, gamma, np.arange(n + 1) == n, np.eye(n + 1)[0])


def random_walk(
    n: int = 5, left_reward: float | None = None, right_reward: float = 1.0, gamma: float = 1.0
) -> TabularMDP:
    """A walk to one of two ends; the policy tosses a coin.

        [0] - 1 - 2 - ... - n - [n+1]        start in the middle

    Action 0 goes left and action 1 right, without noise: the randomness is the uniform policy's,
    so that a reward belongs to its (s, a). Stepping into the left end pays `left_reward`, into the
    right end `right_reward`, all else 0. Both ends are terminal. With gamma = 1, the default and
    the book's, V of the uniform policy is linear between the two rewards: s / 6 for n = 5,
    (s - 10) / 10 for n = 19.

    Sutton & Barto 2018, example 6.2 (n = 5, rewards 0 and 1) and example 7.1 (n = 19, -1 and 1).

    Args:
        n: states between the ends, odd.
        left_reward: `None` means 0 if n = 5, else -1, as in the book.
        right_reward: reward at the right end.
        gamma: discount; 1 is fine here since every walk ends.
    """
    if n < 1 or n % 2 == 0:
        raise ValueError(f"n = {n}: a walk needs a middle, so n is odd and positive.")
    if left_reward is None:
        left_reward = 0.0 if n == 5 else -1.0
    P, R = np.zeros((n + 2, 2, n + 2)), np.zeros((n + 2, 2))
    inner, ends = np.arange(1, n + 1), np.array([0, n + 1])
    P[inner, 0, inner - 1] = 1
    P[inner, 1, inner + 1] = 1
    P[ends, :, ends] = 1
    R[1, 0], R[n, 1] = left_reward, right_reward
    return TabularMDP(P, R, gamma, np.isin(np.arange(n + 2), ends), np.eye(n + 2)[(n + 1) // 2])


def garnet(
    n_states: int,
    n_actions: int,
    branching: int,
    rng: np.random.Generator,
    gamma: float = 0.9,
    n_terminal: int = 0,
    sparse: bool = False,
) -> TabularMDP:
    """A random MDP with a chosen number of successors (GARNET: generic random test problems).

    Every (s, a) has `branching` different successors, drawn uniformly; their probabilities are the
    lengths into which branching - 1 random cuts divide [0, 1]. Rewards R[s, a] ~ N(0, 1).

    Bhatnagar, Sutton, Ghavamzadeh & Lee 2009, section 6.1 (there with rewards of their own).

    Args:
        n_states: S, >= 1.
        n_actions: A, >= 1.
        branching: successors of each (s, a), 1..S.
        rng: source of all randomness.
        gamma: discount.
        n_terminal: the last so many states are terminal, 0..S-1.
        sparse: store P as a sparse matrix; for more than about 1000 states.
    """
    if not 1 <= branching <= n_states:
        raise ValueError(f"branching = {branching}: each (s, a) has 1 to {n_states} successors.")
    if not 0 <= n_terminal < n_states:
        raise ValueError(f"n_terminal = {n_terminal}: 0 to {n_states - 1} states can be terminal.")
    n_rows = n_states * n_actions
    successors = _distinct(n_rows, branching, n_states, rng)
    lengths = rng.standard_exponential((n_rows, branching))
    probs = lengths / lengths.sum(1, keepdims=True)
    R = rng.standard_normal((n_states, n_actions))
    terminal = np.arange(n_states) >= n_states - n_terminal
    ended = np.repeat(terminal, n_actions)
    successors[ended] = np.repeat(np.arange(n_states), n_actions)[ended, None]
    probs[ended] = np.eye(branching)[0]
    R[terminal] = 0
    row = np.broadcast_to(np.arange(n_rows)[:, None], probs.shape)
    if sparse:
        from scipy.sparse import coo_array

        P = coo_array((probs.ravel(), (row.ravel(), successors.ravel())), (n_rows, n_states))
    else:
        P = np.zeros((n_rows, n_states))
        np.add.at(P, (row, successors), probs)
        P = P.reshape(n_states, n_actions, n_states)
    return TabularMDP(P, R, gamma, terminal)


def _distinct(n_rows: int, k: int, n: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """`k` different numbers of 0..n-1 in each of `n_rows` rows, every subset equally likely.

    Robert Floyd's algorithm (Bentley & Floyd 1987), all rows at once.
    """
    chosen = np.empty((n_rows, k), dtype=np.intp)
    for i, top in enumerate(range(n - k, n)):
        pick = rng.integers(0, top + 1, n_rows)
        taken = (chosen[:, :i] == pick[:, None]).any(1)
        chosen[:, i] = np.where(taken, top, pick)
    return chosen
