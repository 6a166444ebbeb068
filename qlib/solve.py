"""Exact solvers: policy evaluation, and value, policy and modified policy iteration.

Every result carries a bound of its own error that holds in floating point too (`qlib.bounds`).
All solvers take dense and sparse MDPs. They need gamma < 1, except `policy_evaluation`, which
takes gamma = 1 if the policy surely ends every episode.

The operators and everything about a given policy live in `qlib.bellman` and can be imported from
here as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlib.bellman import (
    Evaluation,
    bellman_opt,
    bellman_pi,
    eps_greedy_probs,
    evaluate,
    expected_return,
    policy_chain,
    policy_evaluation,
    q_from_v,
    state_distribution,
)
from qlib.bounds import Rounding, span_bounds
from qlib.closed_book import finished_version_of
from qlib.mdp import TabularMDP, as_policy

__all__ = [
    "Evaluation",
    "Solution",
    "bellman_opt",
    "bellman_pi",
    "eps_greedy_probs",
    "expected_return",
    "modified_policy_iteration",
    "policy_chain",
    "policy_evaluation",
    "policy_iteration",
    "q_from_v",
    "state_distribution",
    "value_iteration",
]


@dataclass(frozen=True, eq=False)
class Solution:
    """Optimal values and a greedy policy.

    Attributes:
        V: (S,), exactly 0 in terminal states.
        Q: (S, A); V is its maximum over actions.
        policy: greedy with respect to Q, (S,); the first of equal actions.
        sweeps: backups over all (s, a).
        policy_sweeps: backups over all s with the policy's action only; an A-th of the work.
        error_bound: max|V - V*| and max|Q - Q*| are at most this.
        loss_bound: max(V* - V^policy) is at most this.
    """

    V: NDArray[np.float64]
    Q: NDArray[np.float64]
    policy: NDArray[np.intp]
    sweeps: int
    policy_sweeps: int
    error_bound: float
    loss_bound: float


@finished_version_of("q_iteration", "run_until")
def value_iteration(
    mdp: TabularMDP,
    tol: float = 1e-8,
    V0: ArrayLike | None = None,
    stopping: Literal["span", "sup"] = "span",
    max_sweeps: int | None = None,
) -> Solution:
    """V <- max_a (R + gamma P V) until V is within `tol` of V*.

    The span rule stops when the *differences* between states have settled and adds the constant
    that is still missing (`qlib.bounds.span_bounds`). On well-mixing MDPs this takes a small
    fraction of the sweeps of the sup rule, max|TV - V| <= tol (1 - gamma) / gamma. On goal grids
    it gains little: their terminal states, which stay at 0, hold the span up.

    Puterman 1994, section 6.6.3.

    Args:
        mdp: the world, gamma < 1.
        tol: wanted `error_bound`; the policy then loses at most about 2 tol. Below what float64
            can attest, the solver stops when sweeps no longer help, and the bound says so.
        V0: first values, (S,); `None` starts at 0. Terminal states start at 0 anyway.
        stopping: "span" or "sup".
        max_sweeps: stop here whatever the bound is.

    Returns:
        The solution. With "sup" no constant is added and V is the last iterate.
    """
    if stopping not in ("span", "sup"):
        raise ValueError(f'stopping is "span" or "sup", not {stopping!r}.')
    model = _Model(mdp)
    V = model.start(V0)
    stop = _Stop(model, V, tol, centred=stopping == "span")
    sweeps = 0
    while True:
        Q, TV = model.backup(V)
        sweeps += 1
        if stop.now(V, TV) or sweeps == max_sweeps:
            return model.solution(Q, stop.bounds(V, TV), sweeps, 0)
        V = TV


@finished_version_of("q_iteration", "run_until")
def modified_policy_iteration(
    mdp: TabularMDP,
    tol: float = 1e-8,
    V0: ArrayLike | None = None,
    order: int = 50,
    max_sweeps: int | None = None,
) -> Solution:
    """Between two sweeps over all actions, up to `order` sweeps with the greedy policy only.

    These cost an A-th and bring V nearly as far. They end early once the differences between
    states change ten times less than in the last full sweep. The span rule stops the whole. The
    method of choice for large sparse MDPs.

    Puterman & Shin 1978; Puterman 1994, section 6.5.

    Args:
        mdp: the world, gamma < 1.
        tol: wanted `error_bound`, as in `value_iteration`.
        V0: first values, (S,); `None` starts at 0.
        order: most policy sweeps after each sweep. 0 is value iteration.
        max_sweeps: stop after so many sweeps over all actions whatever the bound is.
    """
    if order < 0:
        raise ValueError(f"order = {order}: it counts sweeps, so it is 0 or more.")
    model = _Model(mdp)
    # With V = 0 equal actions would all be "the first one", and on a grid news would travel in one
    # direction only: a trace of fixed noise breaks these ties in all directions.
    noise = np.arange(mdp.n_states) * 0.6180339887498949 % 1
    V = model.start(1e-6 * model.rounding.r_max * noise if V0 is None else V0)
    stop = _Stop(model, V, tol, centred=True)
    sweeps = policy_sweeps = 0
    policy = chain = None
    while True:
        Q, TV = model.backup(V)
        sweeps += 1
        if stop.now(V, TV) or sweeps == max_sweeps:
            return model.solution(Q, stop.bounds(V, TV), sweeps, policy_sweeps)
        greedy = model.greedy(Q)
        if policy is None or not np.array_equal(greedy, policy):
            policy, chain = greedy, model.chain(greedy)
        P, r = chain
        V = TV
        for j in range(order):
            following = P @ V
            following += r
            policy_sweeps += 1
            settled = j % 4 == 3 and np.ptp(following - V) <= max(stop.target, stop.span / 10)
            V = following
            if settled:
                break


@finished_version_of("q_iteration", "run_until")
def policy_iteration(mdp: TabularMDP, pi0: ArrayLike | None = None) -> Solution:
    """Evaluate the policy exactly, make it greedy, until it stays: V* up to rounding.

    An action is exchanged only if it is better by more than rounding; otherwise equal actions
    could take turns for ever.

    Howard 1960; Puterman 1994, section 6.4.

    Args:
        mdp: the world, gamma < 1.
        pi0: first policy, (S,) actions; `None` is greedy for the rewards.
    """
    model = _Model(mdp)
    states = np.arange(mdp.n_states)
    policy = mdp.R.argmax(1) if pi0 is None else np.array(pi0)
    sweeps = 0
    while True:
        V, error = evaluate(mdp, as_policy(mdp, policy))
        Q, TV = model.backup(V)
        sweeps += 1
        by_state = model.by_state(Q)
        gain = by_state.max(1) - by_state[states, policy]
        doubt = 2 * (error + model.rounding.backup(np.abs(V).max()))
        if (gain <= doubt).all():
            stop = _Stop(model, V, 0.0, centred=True)
            stop.now(V, TV)
            return model.solution(Q, stop.bounds(V, TV), sweeps, 0)
        policy = np.where(gain > doubt, by_state.argmax(1), policy)


class _Model:
    """The Bellman backup of one MDP in the layout that is fastest for it.

    Sparse rows are stored action by action, so that the maximum over actions runs along contiguous
    memory; dense ones stay as they are, since no copy is cheaper than the best copy.
    """

    def __init__(self, mdp: TabularMDP) -> None:
        if mdp.gamma >= 1:
            raise ValueError(
                "this solver needs gamma < 1: with gamma = 1 the backup is no contraction. "
                "`dataclasses.replace(mdp, gamma=0.99)` makes a discounted copy."
            )
        self.mdp = mdp
        self.rounding = Rounding(mdp.gamma, *mdp._row_facts, float(np.abs(mdp.R).max()))
        self.matrix = mdp._action_rows if mdp.is_sparse else mdp.transition_matrix
        self.R = np.ascontiguousarray(mdp.R.T) if mdp.is_sparse else mdp.R
        self.action_axis = 0 if mdp.is_sparse else 1

    def start(self, V0: ArrayLike | None) -> NDArray[np.float64]:
        if V0 is None:
            return np.zeros(self.mdp.n_states)
        V = np.array(V0, dtype=np.float64)
        if V.shape != (self.mdp.n_states,):
            raise ValueError(f"V0 must have shape ({self.mdp.n_states},), not {V.shape}.")
        V[self.mdp.terminal] = 0
        return V

    def backup(self, V: NDArray[np.float64]) -> tuple[NDArray, NDArray[np.float64]]:
        """`(Q, max Q)` for one sweep; Q is (A, S) if sparse, else (S, A)."""
        Q = (self.matrix @ V).reshape(self.R.shape)
        Q *= self.mdp.gamma
        Q += self.R
        return Q, Q.max(self.action_axis)

    def greedy(self, Q: NDArray) -> NDArray[np.intp]:
        return Q.argmax(self.action_axis)

    def by_state(self, Q: NDArray) -> NDArray[np.float64]:
        return np.ascontiguousarray(Q.T) if self.mdp.is_sparse else Q

    def chain(self, policy: NDArray[np.intp]) -> tuple[Any, NDArray[np.float64]]:
        """P_pi, times gamma, and r_pi of a deterministic policy."""
        states = np.arange(self.mdp.n_states)
        if not self.mdp.is_sparse:
            return self.mdp.gamma * self.mdp.P[states, policy], self.R[states, policy]
        P = self.matrix[policy * self.mdp.n_states + states]
        P.data *= self.mdp.gamma
        return P, self.R[policy, states]

    def solution(
        self,
        Q: NDArray,
        bounds: tuple[float, float, float],
        sweeps: int,
        policy_sweeps: int,
    ) -> Solution:
        shift, error, loss = bounds
        Q = self.by_state(Q) + shift
        Q[self.mdp.terminal] = 0
        return Solution(Q.max(1), Q, Q.argmax(1), sweeps, policy_sweeps, error, loss)


class _Stop:
    """Decides when values are good enough; `span` is that of the last sweep, hi - lo."""

    def __init__(self, model: _Model, V: NDArray[np.float64], tol: float, centred: bool) -> None:
        if not tol >= 0:
            raise ValueError(f"tol = {tol}: an error bound is 0 or more.")
        self.rounding, self.tol, self.centred = model.rounding, tol, centred
        gamma = model.mdp.gamma
        self.target = np.inf if gamma == 0 else 2 * tol * (1 - gamma) / gamma
        v_max = max(np.abs(V).max(), self.rounding.r_max / (1 - gamma))
        self.floor = 4 * self.rounding.backup(v_max) / (1 - gamma)  # where rounding takes over
        self.span = self.best = np.inf

    def now(self, V: NDArray[np.float64], TV: NDArray[np.float64]) -> bool:
        """Whether TV is within `tol`, or no sweep can improve it any more."""
        change = TV - V
        lo, hi = float(change.min()), float(change.max())
        if not self.centred:
            lo, hi = -max(-lo, hi), max(-lo, hi)
        self.lo, self.hi, self.span = lo, hi, hi - lo
        exhausted = self.span <= self.floor and self.span >= self.best
        self.best = min(self.best, self.span)
        if exhausted or self.span == 0:
            return True
        return self.span <= self.target and self.bounds(V, TV)[1] <= self.tol

    def bounds(self, V: NDArray[np.float64], TV: NDArray[np.float64]) -> tuple[float, float, float]:
        """`(shift, error, loss)` after the last sweep; see `span_bounds`."""
        v_max = float(max(np.abs(V).max(), np.abs(TV).max()))
        return span_bounds(self.lo, self.hi, v_max, self.rounding)
