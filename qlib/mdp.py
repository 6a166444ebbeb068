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

from qlib.closed_book import finished_version_of

if TYPE_CHECKING:
    import gymnasium

PROBABILITY_TOL = 1e-9
"""How far the sum of a probability row may be from 1: far above rounding, far below a mistake."""


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


@finished_version_of("is_valid_mdp")
def validated(
    P: Any, R: ArrayLike, gamma: float, terminal: ArrayLike | None, rho0: ArrayLike | None
) -> tuple[Any, NDArray[np.float64], float, NDArray[np.bool_], NDArray[np.float64]]:
    """Copy, convert, check and freeze the parts of a `TabularMDP`; see there.

    Raises:
        ValueError: at the first fault, naming state and action.
    """
    sparse = hasattr(P, "tocsr") or (
        isinstance(P, list | tuple) and len(P) > 0 and all(hasattr(p, "tocsr") for p in P)
    )
    R = _floats(R, "R")
    if R.ndim != 2 or R.size == 0:
        raise ValueError(
            f"R must have shape (S, A) with S, A >= 1, not {R.shape}. Rewards R[s, a, s'] enter as "
            "their expectation, `(P * R).sum(axis=2)`; rewards R[s] as `R[:, None]`, repeated."
        )
    P = _sparse_rows(P, R.shape) if sparse else _floats(P, "P")
    n_states, n_actions = R.shape
    shape = (n_states * n_actions, n_states) if sparse else (n_states, n_actions, n_states)
    if P.shape != shape:
        raise ValueError(
            f"P must have shape {shape} to fit R of shape {R.shape}, not {P.shape}. "
            "Axes are P[s, a, s'], or rows s * A + a if sparse."
        )
    entries = P.data if sparse else P
    totals = P.sum(axis=-1).reshape(n_states, n_actions)
    # NaN fails both comparisons, and infinity the second: the fast path needs no third look.
    if not (entries.min(initial=0.0) >= 0 and np.abs(totals - 1).max() <= PROBABILITY_TOL):
        raise ValueError(_transition_fault(P, totals))
    if not np.isfinite(R).all():
        s, a = np.argwhere(~np.isfinite(R))[0]
        raise ValueError(f"R[{s}, {a}] = {R[s, a]}: rewards must be finite numbers.")

    if isinstance(gamma, bool | np.bool_) or not np.isscalar(gamma) or not np.isreal(gamma):
        raise ValueError(f"gamma must be a number in [0, 1], not {gamma!r}.")
    gamma = float(gamma)
    if not 0 <= gamma <= 1:
        raise ValueError(f"gamma = {gamma} is outside [0, 1].")

    if terminal is None:
        terminal = np.zeros(n_states, dtype=bool)
    else:
        terminal = np.array(terminal)
        if terminal.shape != (n_states,) or terminal.dtype != bool:
            raise ValueError(
                f"terminal must be a bool array of shape ({n_states},), one entry a state, not "
                f"{terminal.dtype} of shape {terminal.shape}."
            )
        if terminal.any():
            P = _absorbing(P, R, terminal)

    if rho0 is None:
        starts = ~terminal if not terminal.all() else np.ones(n_states, dtype=bool)
        rho0 = starts / starts.sum()
    else:
        rho0 = _floats(rho0, "rho0")
        if rho0.shape != (n_states,):
            raise ValueError(f"rho0 must have shape ({n_states},), not {rho0.shape}.")
        if not (rho0.min() >= 0 and abs(rho0.sum() - 1) <= PROBABILITY_TOL):
            raise ValueError(
                f"rho0 must be a distribution over states: its smallest entry is {rho0.min()}, its "
                f"sum {rho0.sum()}; no entry may be negative and the sum must be 1."
            )

    frozen = (P.data, P.indices, P.indptr) if sparse else (P,)
    for array in (*frozen, R, terminal, rho0):
        array.flags.writeable = False
    return P, R, gamma, terminal, rho0


def _floats(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """A fresh float64 array, C-ordered, or a ValueError that names the argument."""
    if isinstance(values, np.ndarray) and np.iscomplexobj(values):
        raise ValueError(f"{name} must be real, not complex.")
    try:
        return np.array(values, dtype=np.float64, order="C")
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be a rectangular array of numbers: {error}.") from error


def _sparse_rows(P: Any, shape: tuple[int, int]) -> Any:
    """The canonical csr_array of shape (S*A, S) from either sparse form."""
    from scipy import sparse

    n_states, n_actions = shape
    if isinstance(P, list | tuple):
        if len(P) != n_actions or any(p.shape != (n_states, n_states) for p in P):
            raise ValueError(
                f"a list of sparse matrices must hold {n_actions} of shape ({n_states}, "
                f"{n_states}), one for each action, not {[p.shape for p in P]}."
            )
        by_action = np.arange(n_states * n_actions).reshape(n_actions, n_states)
        P = sparse.vstack([sparse.csr_array(p) for p in P], format="csr")[by_action.T.ravel()]
    rows = sparse.csr_array(P, dtype=np.float64, copy=True)
    rows.sum_duplicates()
    return rows


def _transition_fault(P: Any, totals: NDArray[np.float64]) -> str:
    """What is wrong with P, in one sentence about one entry."""
    if isinstance(P, np.ndarray):
        values, where = P.ravel(), np.unravel_index
    else:
        coordinates = P.tocoo()
        values = coordinates.data

        def where(k: int, shape: tuple[int, ...]) -> tuple[int, ...]:
            return *divmod(coordinates.row[k], totals.shape[1]), coordinates.col[k]

    for wrong, advice in (
        (~np.isfinite(values), "probabilities must be finite numbers."),
        (values < 0, "a probability cannot be negative; `np.clip(P, 0, None)` repairs rounding."),
    ):
        if wrong.any():
            k = int(np.flatnonzero(wrong)[0])
            s, a, s_next = where(k, P.shape)
            return f"P[{s}, {a}, {s_next}] = {values[k]}: {advice}"
    s, a = np.unravel_index(int(np.abs(totals - 1).argmax()), totals.shape)
    return (
        f"P[{s}, {a}] sums to {totals[s, a]:.12g}, not 1. Whatever action {a} does in state {s}, "
        "some state follows: a forbidden move usually stays where it is."
    )


def _absorbing(P: Any, R: NDArray[np.float64], terminal: NDArray[np.bool_]) -> Any:
    """P with terminal rows exactly absorbing, so that their values are exactly 0.

    Raises:
        ValueError: if a terminal state is left (beyond rounding) or pays.
    """
    n_states, n_actions = R.shape
    ends = np.flatnonzero(terminal)
    if isinstance(P, np.ndarray):
        stay = P[ends, :, ends]  # [number of terminal states, A]
    else:
        row = np.repeat(np.arange(n_states * n_actions), np.diff(P.indptr))
        own = row // n_actions == P.indices
        stay = np.bincount(row[own], P.data[own], n_states * n_actions)
        stay = stay.reshape(n_states, n_actions)[terminal]
    if (np.abs(stay - 1) > PROBABILITY_TOL).any():
        k, a = np.argwhere(np.abs(stay - 1) > PROBABILITY_TOL)[0]
        s = ends[k]
        raise ValueError(
            f"terminal state {s} is left by action {a}: P[{s}, {a}, {s}] = {stay[k, a]:.12g}. "
            "A terminal state is absorbing: set it to 1 and the rest of the row to 0."
        )
    if R[terminal].any():
        k, a = np.argwhere(R[terminal] != 0)[0]
        s = ends[k]
        raise ValueError(
            f"terminal state {s} pays R[{s}, {a}] = {R[s, a]}, but nothing is paid after the end. "
            "Put the reward on the step that enters it."
        )
    if isinstance(P, np.ndarray):
        P[terminal] = 0
        P[ends, :, ends] = 1
    else:
        ended = terminal[row // n_actions]
        P.data[ended] = own[ended]
        P.eliminate_zeros()
    return P


def _inverse_cdf(probs: NDArray[np.float64]) -> list[float]:
    """Cumulative sums for `bisect_right(cdf, u)`; the last is infinite, so rounding cannot pass."""
    cdf = np.cumsum(probs).tolist()
    cdf[-1] = math.inf
    return cdf
