"""Finite Markov decision processes: one frozen, validated container.

A `TabularMDP` that exists is valid. Every solver, world and check relies on that, so nothing behind
this module tests its input again.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlib.validation import PROBABILITY_TOL, validated

if TYPE_CHECKING:
    import gymnasium


@dataclass(frozen=True, eq=False, repr=False)
class TabularMDP:
    """The tuple (S, A, P, R, gamma, terminal, rho0) with states 0..S-1 and actions 0..A-1.

    The reward `R[s, a]` is the expected one and belongs to the step taken in `s` with `a`; a step
    that ends in a terminal state keeps its reward. Terminal states are absorbing with reward 0, so
    their value is 0 and every sum over an endless trajectory is the sum over the episode.

    Transitions of large problems can be sparse. `P` is then given in one of two forms, both with
    scipy.sparse matrices, and stored as one `csr_array` of shape (S*A, S) whose row `s * A + a`
    holds P[s, a, :]:

    - one sparse matrix of that shape, or
    - a list of A sparse matrices of shape (S, S), one for each action.

    `transition_matrix` has that shape for both storages. Arrays are copied, float64 and read-only.
    Two MDPs are equal if all numbers are; dense and sparse storage count as different.

    Sutton & Barto 2018, chapter 3; Puterman 1994, section 2.1.

    Attributes:
        P: transition probabilities, (S, A, S) array, or (S*A, S) `csr_array` if sparse.
        R: expected rewards, (S, A).
        gamma: discount in [0, 1]. With 1 only functions that say so accept the MDP.
        terminal: (S,) bool. `None` means that no state is terminal. Their rows are stored exactly
            absorbing even where the given ones are off by rounding.
        rho0: distribution of the first state, (S,). `None` means uniform over the states that are
            not terminal.

    Raises:
        ValueError: with the state and the action at fault and what to do.
    """

    P: Any
    R: NDArray[np.float64]
    gamma: float
    terminal: NDArray[np.bool_] | None = None
    rho0: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        fields = validated(self.P, self.R, self.gamma, self.terminal, self.rho0)
        for name, value in zip(("P", "R", "gamma", "terminal", "rho0"), fields, strict=True):
            object.__setattr__(self, name, value)

    @property
    def n_states(self) -> int:
        """S, the number of states, terminal ones included."""
        return self.R.shape[0]

    @property
    def n_actions(self) -> int:
        """A, the number of actions; every action exists in every state."""
        return self.R.shape[1]

    @property
    def is_sparse(self) -> bool:
        """Whether `P` is stored as a scipy `csr_array`."""
        return not isinstance(self.P, np.ndarray)

    @property
    def transition_matrix(self) -> Any:
        """P as (S*A, S) matrix with row `s * A + a`: `transition_matrix @ V` is E[V(s')]."""
        return self.P if self.is_sparse else self.P.reshape(-1, self.n_states)

    def successors(self, s: int, a: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """States that can follow (s, a), in increasing order, and their probabilities, both (k,).

        Raises:
            ValueError: if `s` or `a` does not exist.
        """
        if not 0 <= s < self.n_states:
            raise ValueError(f"there is no state {s}: states are 0..{self.n_states - 1}.")
        if not 0 <= a < self.n_actions:
            raise ValueError(f"there is no action {a}: actions are 0..{self.n_actions - 1}.")
        if self.is_sparse:
            row = slice(*self.P.indptr[s * self.n_actions + a : s * self.n_actions + a + 2])
            states, probs = self.P.indices[row].astype(np.intp), self.P.data[row]
        else:
            states, probs = np.arange(self.n_states), self.P[s, a]
        return states[probs > 0], probs[probs > 0]

    def reset(self, rng: np.random.Generator) -> int:
        """Draw the first state from `rho0`. It may be terminal: the episode then has no step."""
        cdf, states = self._start
        return states[bisect_right(cdf, rng.random())]

    def step(self, s: int, a: int, rng: np.random.Generator) -> tuple[int, float, bool]:
        """Take action `a` in state `s`: draw s' ~ P[s, a].

        A step in a terminal state stays there: `(s, 0.0, True)`.

        Returns:
            `(s_next, r, terminated)` with r = R[s, a] and `terminated` = whether s' is terminal.

        Raises:
            ValueError: if `s` or `a` does not exist.
        """
        row = self._drawn_rows.get((s, a))
        if row is None:
            states, probs = self.successors(s, a)
            row = (_inverse_cdf(probs), states.tolist(), float(self.R[s, a]))
            self._drawn_rows[int(s), int(a)] = row
        cdf, states, reward = row
        s_next = states[bisect_right(cdf, rng.random())]
        return s_next, reward, self._is_terminal[s_next]

    def to_env(self, time_limit: int | None = None) -> gymnasium.Env:
        """The same MDP as a gymnasium environment (`qlib.gym.MDPEnv`).

        Args:
            time_limit: steps after which an episode is truncated; `None` for no limit.
        """
        from qlib.gym import MDPEnv

        return MDPEnv(self, time_limit=time_limit)

    @cached_property
    def _drawn_rows(self) -> dict[tuple[int, int], tuple[list[float], list[int], float]]:
        return {}

    @cached_property
    def _action_rows(self) -> Any:
        # Sparse P with row a * S + s, the order in which solvers take maxima fastest. A second
        # copy of P, made at the first solve.
        order = np.arange(self.R.size).reshape(self.R.shape).T.ravel()
        return self.P[order]

    @cached_property
    def _row_facts(self) -> tuple[int, float]:
        # Most successors of a row, and the largest |sum - 1|: what rounding errors depend on.
        P = self.transition_matrix
        n_terms = np.diff(P.indptr) if self.is_sparse else np.count_nonzero(P, axis=1)
        return int(n_terms.max()), float(np.abs(P.sum(axis=1) - 1).max())

    @cached_property
    def _start(self) -> tuple[list[float], list[int]]:
        states = np.flatnonzero(self.rho0)
        return _inverse_cdf(self.rho0[states]), states.tolist()

    @cached_property
    def _is_terminal(self) -> list[bool]:
        return self.terminal.tolist()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TabularMDP):
            return NotImplemented
        if self.is_sparse != other.is_sparse or self.gamma != other.gamma:
            return False
        names = ("R", "terminal", "rho0") if self.is_sparse else ("P", "R", "terminal", "rho0")
        pairs = [(getattr(self, name), getattr(other, name)) for name in names]
        if self.is_sparse:
            pairs += [(getattr(self.P, k), getattr(other.P, k)) for k in ("indptr", "indices")]
            pairs += [(self.P.data, other.P.data)]
        return all(np.array_equal(mine, theirs) for mine, theirs in pairs)

    def __hash__(self) -> int:
        return hash((self.gamma, self.R.shape, tuple(self.R.flat), tuple(self.rho0.flat)))

    def __reduce__(self) -> tuple[Any, ...]:
        # NumPy forgets "read-only" when it pickles: building anew freezes the arrays again.
        return TabularMDP, (self.P, self.R, self.gamma, self.terminal, self.rho0)

    def __repr__(self) -> str:
        storage = "sparse" if self.is_sparse else "dense"
        return (
            f"TabularMDP({self.n_states} states, {self.n_actions} actions, gamma={self.gamma:g}, "
            f"{int(self.terminal.sum())} terminal, {storage})"
        )


def as_policy(mdp: TabularMDP, pi: ArrayLike) -> NDArray[np.float64]:
    """A policy as probabilities pi[s, a], (S, A), from probabilities or from one action a state.

    Args:
        mdp: gives S and A.
        pi: (S, A) probabilities, or (S,) integer actions.

    Raises:
        ValueError: if the shape is neither, or a row is no distribution, or an action is missing.
    """
    given = np.asarray(pi)
    n_states, n_actions = mdp.R.shape
    if given.shape == (n_states,) and given.dtype.kind in "iu":
        if given.min() < 0 or given.max() >= n_actions:
            s = int(np.flatnonzero((given < 0) | (given >= n_actions))[0])
            raise ValueError(f"policy[{s}] = {given[s]}: actions are 0..{n_actions - 1}.")
        return np.eye(n_actions)[given]
    if given.shape != (n_states, n_actions):
        raise ValueError(
            f"a policy has shape ({n_states}, {n_actions}) (probabilities) or ({n_states},) "
            f"(integer actions), not {given.shape} of {given.dtype}."
        )
    given = given.astype(np.float64)
    if not (given.min() >= 0 and np.abs(given.sum(1) - 1).max() <= PROBABILITY_TOL):
        wrong = ~((given >= 0).all(1) & (np.abs(given.sum(1) - 1) <= PROBABILITY_TOL))
        s = int(np.flatnonzero(wrong)[0])
        raise ValueError(f"pi[{s}] = {given[s]} is no distribution: entries >= 0 with sum 1.")
    return given


def _inverse_cdf(probs: NDArray[np.float64]) -> list[float]:
    """Cumulative sums for `bisect_right(cdf, u)`; the last is infinite, so rounding cannot pass."""
    cdf = np.cumsum(probs).tolist()
    cdf[-1] = math.inf
    return cdf
