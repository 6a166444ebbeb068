"""Bellman operators, and everything about a given policy: values, return, state distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlib.bounds import UNIT, Rounding
from qlib.closed_book import finished_version_of
from qlib.mdp import TabularMDP, as_policy


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Values of a policy.

    Attributes:
        V: V^pi, (S,).
        Q: Q^pi, (S, A).
        error_bound: max|V - V^pi| and max|Q - Q^pi| are at most this.
    """

    V: NDArray[np.float64]
    Q: NDArray[np.float64]
    error_bound: float


@finished_version_of("q_from_v")
def q_from_v(V: NDArray[np.float64], mdp: TabularMDP) -> NDArray[np.float64]:
    """Q[s, a] = R[s, a] + gamma E[V(s')], (S, A), from V, (S,)."""
    return _q(V, mdp)


@finished_version_of("bellman_pi")
def bellman_pi(Q: NDArray[np.float64], mdp: TabularMDP, pi: ArrayLike) -> NDArray[np.float64]:
    """T^pi Q = R + gamma E[sum_a' pi(a'|s') Q(s', a')], (S, A), from Q, (S, A)."""
    return _q((as_policy(mdp, pi) * Q).sum(1), mdp)


@finished_version_of("bellman_opt", "q_iteration")
def bellman_opt(Q: NDArray[np.float64], mdp: TabularMDP) -> NDArray[np.float64]:
    """T* Q = R + gamma E[max_a' Q(s', a')], (S, A), from Q, (S, A)."""
    return _q(np.max(Q, axis=1), mdp)


@finished_version_of("greedy", "greedy_probs", "eps_greedy_probs")
def eps_greedy_probs(
    Q: NDArray[np.float64], epsilon: float = 0.0, tol: float = 0.0
) -> NDArray[np.float64]:
    """Probabilities, (S, A): epsilon spread over all actions, the rest over the best ones.

    Args:
        Q: action values, (S, A).
        epsilon: probability of exploring, in [0, 1]; 0 is greedy.
        tol: actions within `tol` of the best count as best. Ties share their probability.
    """
    best = Q.max(1, keepdims=True) - Q <= tol
    return (1 - epsilon) * best / best.sum(1, keepdims=True) + epsilon / Q.shape[1]


@finished_version_of("state_dist", "J_exact", "solve_v", "bellman_pi")
def policy_chain(mdp: TabularMDP, pi: ArrayLike) -> tuple[Any, NDArray[np.float64]]:
    """The Markov chain of a policy: P_pi[s, s'], (S, S), sparse if the MDP is, and r_pi, (S,)."""
    return _chain(mdp, as_policy(mdp, pi))


@finished_version_of("state_dist")
def state_distribution(mdp: TabularMDP, pi: ArrayLike, t: int) -> NDArray[np.float64]:
    """Distribution of s_t under `pi` from rho0, (S,): rho0 P_pi^t."""
    if t < 0:
        raise ValueError(f"t = {t}: time starts at 0.")
    P, _ = _chain(mdp, as_policy(mdp, pi))
    d = mdp.rho0.copy()
    for _ in range(t):
        d = d @ P
    return d


@finished_version_of("J_exact")
def expected_return(mdp: TabularMDP, pi: ArrayLike) -> float:
    """J(pi) = E[sum of gamma^t r_t] = rho0 . V^pi."""
    return float(mdp.rho0 @ evaluate(mdp, as_policy(mdp, pi))[0])


@finished_version_of("J_exact", "solve_v", "q_from_v")
def policy_evaluation(mdp: TabularMDP, pi: ArrayLike) -> Evaluation:
    """V^pi from the linear system (I - gamma P_pi) V = r_pi.

    Dense MDPs are solved by LU; sparse ones by BiCGSTAB, and by sparse LU where that stalls.

    Args:
        mdp: the world. gamma = 1 is allowed if `pi` reaches a terminal state from everywhere.
        pi: policy, (S, A) probabilities or (S,) actions.

    Raises:
        ValueError: if gamma = 1 and some state never reaches the end.
    """
    V, error = evaluate(mdp, as_policy(mdp, pi))
    rounding = Rounding(mdp.gamma, *mdp._row_facts, np.abs(mdp.R).max())
    error_q = rounding.contraction * error + rounding.backup(np.abs(V).max())
    return Evaluation(V, _q(V, mdp), max(error, error_q))


def evaluate(mdp: TabularMDP, pi: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """V^pi and a bound of its error: `policy_evaluation` for the library's own use."""
    P, r = _chain(mdp, pi)
    inner = ~mdp.terminal
    V = np.zeros(mdp.n_states)
    if not inner.any():
        return V, 0.0
    if mdp.gamma == 1:
        _require_end(mdp, P)
    A = P[inner][:, inner] if not inner.all() else P
    V[inner] = _linear_solve(A, mdp.gamma, r[inner])
    n_terms = np.diff(P.indptr) if mdp.is_sparse else np.count_nonzero(P, axis=1)
    n_terms = int(n_terms.max()) + mdp.n_actions + 1
    row_error = float(np.abs(P.sum(axis=1) - 1).max())
    rounding = Rounding(mdp.gamma, n_terms, row_error, float(np.abs(r).max()))
    residual = float(np.abs(r + mdp.gamma * (P @ V) - V).max())
    residual += rounding.backup(np.abs(V).max()) + 2 * UNIT * np.abs(V).max()
    if mdp.gamma == 1:
        # (I - A)^-1 >= 0, so if (I - A) m >= least > 0, its rows sum to at most max(m) / least.
        steps = _linear_solve(A, 1.0, np.ones(len(r[inner])))
        longest = float(np.abs(steps).max())
        doubt = Rounding(1.0, n_terms, row_error, 1.0).backup(longest)
        least = float((steps - A @ steps).min()) - doubt
        amplified = longest / least if least > 0 and steps.min() > 0 else np.inf
    else:
        amplified = 1 / (1 - rounding.contraction) if rounding.contraction < 1 else np.inf
    return V, residual * amplified * (1 + 1e-12)


def _linear_solve(A: Any, gamma: float, b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve (I - gamma A) x = b."""
    if isinstance(A, np.ndarray):
        return np.linalg.solve(np.eye(len(b)) - gamma * A, b)
    from scipy import sparse

    system = (sparse.eye_array(len(b), format="csr") - gamma * A).tocsr()
    x = np.zeros(len(b))
    for _ in range(3):  # the method's own residual drifts, so the true one decides
        residual = b - system @ x
        if np.abs(residual).max() <= 4 * UNIT * (np.abs(b).max() + 2 * np.abs(x).max()):
            return x
        step, failed = sparse.linalg.bicgstab(system, residual, rtol=1e-8, atol=0.0, maxiter=500)
        if failed:
            return sparse.linalg.spsolve(system.tocsc(), b)
        x += step
    return x


def _require_end(mdp: TabularMDP, P: Any) -> None:
    """Raise if some state never reaches a terminal state under the chain P."""
    ends = mdp.terminal
    while True:
        more = ends | (P @ ends.astype(np.float64) > 0)
        if np.array_equal(more, ends):
            break
        ends = more
    if not ends.all():
        raise ValueError(
            f"gamma = 1, and under this policy no terminal state is reached from state "
            f"{int(np.flatnonzero(~ends)[0])}: its value is not defined. Use gamma < 1."
        )


def _chain(mdp: TabularMDP, pi: NDArray[np.float64]) -> tuple[Any, NDArray[np.float64]]:
    """P_pi, (S, S), and r_pi, (S,)."""
    r = (pi * mdp.R).sum(1)
    if not mdp.is_sparse:
        return (pi[:, None, :] @ mdp.P)[:, 0], r
    from scipy.sparse import csr_array

    n = mdp.n_states * mdp.n_actions
    first = np.arange(0, n + 1, mdp.n_actions)
    weights = csr_array((pi.ravel(), np.arange(n), first), (mdp.n_states, n))
    weights.eliminate_zeros()
    return weights @ mdp.P, r


def _q(V: NDArray[np.float64], mdp: TabularMDP) -> NDArray[np.float64]:
    """R + gamma P V, (S, A)."""
    return mdp.R + mdp.gamma * (mdp.transition_matrix @ V).reshape(mdp.R.shape)
