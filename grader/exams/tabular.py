"""Random MDPs, oracles and bounds on chance for the exams of the tabular notebooks.

The oracles work on pairs (s, a), where answers work on states: they are no copy of a solution.
"""

import math

import numpy as np

from qlib.checks import Failed
from qlib.mdp import TabularMDP

FALSE_ALARM = 1e-7
"""Probability with which chance alone makes one statistical comparison fail."""


def slack(variance: float, largest: float = 1.0) -> float:
    """How far a sum of random terms may be from its expectation.

    Let X_1 ... X_n be random, p_k the expectation of X_k given the past, v the sum of the variances
    given the past, and |X_k - p_k| <= b. Freedman's inequality (Bernstein's, for martingales) says
    that |sum (X_k - p_k)| exceeds b L / 3 + sqrt((b L / 3)^2 + 2 v L) with probability at most
    2 exp(-L). With L = log(2 / FALSE_ALARM) that is 5.8 sigma, plus a term that fades with n; it
    holds for every n, without a normal approximation.

    Args:
        variance: v.
        largest: b.
    """
    odds = math.log(2 / FALSE_ALARM)
    linear = largest * odds / 3
    return linear + math.sqrt(linear**2 + 2 * variance * odds)


def expect_shares(
    counts: np.ndarray, shares: np.ndarray, event: str, mistakes: dict[str, np.ndarray]
) -> None:
    """Compare relative frequencies with probabilities.

    Args:
        counts: how often each outcome came, (k,).
        shares: the probability of each, (k,). Given the past, in every case.
        event: the message says "... {event} number 2".
        mistakes: cause -> the probabilities that it would lead to.

    Raises:
        Failed: if chance does not explain the difference, or an impossible outcome came.
    """
    counts, shares = np.asarray(counts, dtype=float), np.asarray(shares, dtype=float)
    n = counts.sum()
    off = np.abs(counts - n * shares)
    allowed = np.array([slack(n * p * (1 - p)) if 0 < p < 1 else 0.5 for p in shares])
    if (off <= allowed).all():
        return
    worst = int((off / allowed).argmax())
    cause = ""
    for text, other in mistakes.items():
        spread = 4 * np.sqrt(n * np.asarray(other) * (1 - np.asarray(other))) + 1e-9
        if (np.abs(counts - n * np.asarray(other)) <= spread).all():
            cause = text
            break
    p, share = shares[worst], counts[worst] / n
    raise Failed(
        f"In {share:.0%} of {n:.0f} cases {event[worst]}, instead of {p:.0%}.",
        cause,
        expected=f"{p:.3g} ± {allowed[worst] / n:.2g}",
        given=f"{share:.3g}",
    )


def random_mdp(
    rng: np.random.Generator,
    n_states: int | None = None,
    n_actions: int | None = None,
    *,
    n_terminal: int = 0,
    gamma: float | None = None,
    reach: int | None = None,
) -> TabularMDP:
    """A random MDP.

    Args:
        rng: source of randomness.
        n_states: S; 3 to 6 if None.
        n_actions: A; 2 or 3 if None.
        n_terminal: how many of the states are terminal; they get the highest numbers, and nothing
            starts there.
        gamma: discount; between 0.3 and 0.9 if None.
        reach: number of states that can follow a pair (s, a); all if None.
    """
    n_states = n_states or int(rng.integers(3, 7))
    n_actions = n_actions or int(rng.integers(2, 4))
    P = rng.dirichlet(np.ones(n_states), (n_states, n_actions))
    if reach is not None and reach < n_states:
        for s, a in np.ndindex(n_states, n_actions):
            P[s, a, rng.permutation(n_states)[reach:]] = 0.0
        P /= P.sum(axis=2, keepdims=True)
    R = rng.normal(size=(n_states, n_actions)) + 0.5
    terminal = np.arange(n_states) >= n_states - n_terminal
    P[terminal], R[terminal] = 0.0, 0.0
    for s in np.flatnonzero(terminal):
        P[s, :, s] = 1.0
    rho0 = np.where(terminal, 0.0, rng.random(n_states) + 0.1)
    gamma = float(rng.uniform(0.3, 0.9)) if gamma is None else gamma
    return TabularMDP(P, R, gamma, terminal, rho0 / rho0.sum())


def random_policy(rng: np.random.Generator, mdp: TabularMDP) -> np.ndarray:
    """Random probabilities pi[s, a]."""
    return rng.dirichlet(np.ones(mdp.n_actions), mdp.n_states)


def pair_chain(mdp: TabularMDP, pi: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The Markov chain on pairs (s, a) under a policy: start (S*A,), matrix, rewards (S*A,)."""
    n = mdp.n_states * mdp.n_actions
    start = (mdp.rho0[:, None] * pi).reshape(n)
    matrix = (mdp.P[:, :, :, None] * pi[None, None]).reshape(n, n)
    return start, matrix, mdp.R.reshape(n)


def true_return(mdp: TabularMDP, pi: np.ndarray, rho0: np.ndarray | None = None) -> float:
    """J(pi), from a linear system on pairs (s, a); `rho0` replaces the MDP's own."""
    start, matrix, rewards = pair_chain(mdp, pi)
    if rho0 is not None:
        start = (rho0[:, None] * pi).reshape(-1)
    return float(start @ np.linalg.solve(np.eye(len(start)) - mdp.gamma * matrix, rewards))


def return_variance(mdp: TabularMDP, pi: np.ndarray) -> float:
    """Variance of the discounted return G: E[G^2] by the recursion of second moments."""
    start, matrix, rewards = pair_chain(mdp, pi)
    eye, gamma = np.eye(len(start)), mdp.gamma
    first = np.linalg.solve(eye - gamma * matrix, rewards)
    second = np.linalg.solve(
        eye - gamma**2 * matrix, rewards**2 + 2 * gamma * rewards * (matrix @ first)
    )
    return float(start @ second - (start @ first) ** 2)
